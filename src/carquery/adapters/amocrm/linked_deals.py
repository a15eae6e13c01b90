"""Which deals contacts had when they were found: so a lead that comes next need not ask for the contact once more."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from carquery.application.ports.dealership import ToldOfDealership
from carquery.application.ports.environment import Clock
from carquery.domain.effects import CrmId

REMEMBERED_FOR: Final = timedelta(minutes=2)
"""A pass asks for deals right after contacts; what is older may be true no more."""

WITH_DEALS: Final[Mapping[str, str]] = {"with": "leads"}
"""Asks contacts for the numbers of their deals, one by one or in a list. Source: API v4, contacts."""


class LinkedDeals:
    """Remembered in this process, for one question each, if repeat requests are to join open deals at all."""

    def __init__(self, clock: Clock, dealership: ToldOfDealership) -> None:
        self._clock = clock
        self._dealership = dealership
        self._deals: dict[CrmId, tuple[float, tuple[CrmId, ...]]] = {}

    @property
    def asked_for(self) -> Mapping[str, str]:
        """What contacts that are looked for are to tell beside themselves."""
        return WITH_DEALS if self._dealership().follow_up.join_open_deal_days else {}

    def learn(self, contact: CrmId, deals: Sequence[CrmId] | None) -> None:
        """The contact has these just now (`None`: it does not say); what was learnt too long ago is forgotten."""
        if deals is None or not self.asked_for:
            return
        now = self._clock.monotonic()
        oldest = now - REMEMBERED_FOR.total_seconds()
        self._deals = {one: known for one, known in self._deals.items() if known[0] >= oldest}
        self._deals[contact] = now, tuple(deals)

    def take(self, contact: CrmId) -> tuple[CrmId, ...] | None:
        """What was learnt of the contact, once; None: nothing, or too long ago."""
        learnt_at, deals = self._deals.pop(contact, (-REMEMBERED_FOR.total_seconds(), None))
        is_fresh = self._clock.monotonic() - learnt_at < REMEMBERED_FOR.total_seconds()
        return deals if is_fresh else None

    def forget(self, contact: CrmId) -> None:
        """It is about to get another one."""
        self._deals.pop(contact, None)
