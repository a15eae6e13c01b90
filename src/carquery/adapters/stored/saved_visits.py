"""The visits that this process has saved lately: who finds again what it wrote itself need not read it.

Nothing is believed of what a store has: it says first, and only the very same bytes are taken for what they were
written of.
"""

from collections import OrderedDict
from typing import Final

from carquery.adapters.stored.visit_json import decode_visit
from carquery.domain.ids import CustomerId, MessageToken
from carquery.domain.values import replace
from carquery.domain.visit import Owed, Version, Visit

MOST: Final = 1_000
"""Customers who go on from their last input are hardly more at a time; each is some kilobytes."""


class SavedVisits:
    """Of so many customers the last one each, whoever has touched theirs longest ago forgotten first."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: OrderedDict[CustomerId, tuple[bytes, Visit]] = OrderedDict()

    def keep(self, visit: Visit, body: bytes) -> None:
        """This visit was saved, as `encode_visit` wrote it."""
        self._kept[visit.customer] = (body, visit)
        self._kept.move_to_end(visit.customer)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def read(
        self, customer: CustomerId, body: bytes, *, version: Version, shown: MessageToken | None, owed: Owed | None
    ) -> Visit:
        """As `decode_visit`, of what the store has. Raises UnreadableJson."""
        kept_body, visit = self._kept.get(customer, (None, None))
        if visit is None or kept_body != body:
            return decode_visit(body, version=version, shown=shown, owed=owed)
        if owed is not None and visit.owed is not None:
            owed = replace(owed, receipt_by=visit.owed.receipt_by)
        return replace(visit, version=version, shown=shown, owed=owed)
