"""Visits in the process: the embedded default."""

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from carquery.adapters.memory.failures import Failures
from carquery.adapters.stored.answer_json import UnreadableJson
from carquery.adapters.stored.visit_json import decode_visit, encode_visit
from carquery.application.ports.environment import Clock
from carquery.application.ports.owed_replies import USUAL_TIMES, OwedTimes
from carquery.application.ports.visits import VisitChanged
from carquery.domain.ids import Channel, CustomerId, InputId, MessageToken
from carquery.domain.values import replace
from carquery.domain.visit import Owed, Version, Visit

SWEEP_EVERY = 1000
"""Saves between two clean-ups of what has expired."""
IN_USE = 1_000
"""Customers who go on from their last input are hardly more at a time; written, a visit takes a fifth of the memory."""


@dataclass(slots=True)
class StoredVisit:
    """`body`: as it would be stored elsewhere, or the visit itself while it is in use."""

    version: Version
    body: bytes | Visit
    expires_at: datetime
    shown: MessageToken | None
    owed: Owed | None

    def read(self) -> Visit:
        """Raises UnreadableJson."""
        if isinstance(self.body, Visit):
            return replace(self.body, version=self.version, shown=self.shown, owed=self.owed)
        return decode_visit(self.body, version=self.version, shown=self.shown, owed=self.owed)

    def write_down(self) -> None:
        """It is not in use."""
        if isinstance(self.body, Visit):
            self.body = encode_visit(self.body)


class MemoryVisits(Failures):
    """Keeps visits in their serialised form, so that what Redis could not store fails here too.

    What customers are owed is gone with the process, as their visits are.

    Args:
        in_use: so many of them, those saved last, are kept as they are, and serialised when others take their place.
    """

    def __init__(self, clock: Clock, *, lifetime: timedelta, times: OwedTimes = USUAL_TIMES, in_use: int = 0) -> None:
        super().__init__()
        self._clock = clock
        self._lifetime = lifetime
        self._grace = times.grace
        self.stored: dict[CustomerId, StoredVisit] = {}
        self.due: dict[CustomerId, datetime] = {}
        self.aside: dict[CustomerId, dict[InputId, bytes]] = {}
        self._most_in_use = in_use
        self._in_use: OrderedDict[CustomerId, StoredVisit] = OrderedDict()
        self._saves = 0

    async def load(self, customer: CustomerId) -> Visit | None:
        self.check()
        stored = self._living(customer)
        if stored is None:
            return None
        try:
            return stored.read()
        except UnreadableJson:
            del self.stored[customer]
            return None

    async def save(self, visit: Visit, *, of: Collection[InputId] = ()) -> None:
        self.check()
        now = self._clock.now()
        stored = self._living(visit.customer, now)
        if visit.version != (0 if stored is None else stored.version):
            raise VisitChanged
        shown = None if stored is None else stored.shown
        saved = StoredVisit(Version(visit.version + 1), visit, now + self._lifetime, shown, visit.owed)
        self._use(visit.customer, saved)
        self.stored[visit.customer] = saved
        self._forget_aside(visit.customer, of)
        if visit.owed is not None:
            self.due[visit.customer] = visit.owed.since + self._grace
        self._sweep()

    async def note_shown(self, customer: CustomerId, shown: MessageToken, *, owed_by: Version | None = None) -> None:
        self.check()
        stored = self._living(customer)
        if stored is not None:
            stored.shown = shown
        if owed_by is not None:
            self._settle(customer, owed_by)

    async def settle(self, replies: Collection[tuple[CustomerId, Version]]) -> None:
        self.check()
        for customer, version in replies:
            self._settle(customer, version)

    async def set_aside(self, customer: CustomerId, inputs: Mapping[InputId, bytes], *, due: datetime) -> None:
        self.check()
        self.aside.setdefault(customer, {}).update(inputs)
        self.due[customer] = due

    async def left_aside(self, customer: CustomerId) -> Sequence[bytes]:
        self.check()
        return tuple(self.aside.get(customer, {}).values())

    async def drop_aside(self, customer: CustomerId, inputs: Collection[InputId]) -> None:
        self.check()
        self._forget_aside(customer, inputs)

    async def claim(self, channel: Channel, *, at: datetime, until: datetime, limit: int) -> Sequence[CustomerId]:
        self.check()
        due = [(when, who) for who, when in self.due.items() if who.channel == channel and when <= at]
        claimed = [who for _, who in sorted(due, key=lambda one: one[0])[:limit]]
        self.due.update((who, until) for who in claimed)
        return claimed

    async def put_off(self, customers: Collection[CustomerId], *, until: datetime) -> None:
        self.check()
        self.due.update((who, until) for who in customers if who in self.due)

    def _settle(self, customer: CustomerId, version: Version) -> None:
        stored = self._living(customer)
        if (0 if stored is None else stored.version) != version:
            return
        if stored is not None:
            stored.owed = None
        if customer not in self.aside:
            self.due.pop(customer, None)

    def _forget_aside(self, customer: CustomerId, inputs: Collection[InputId]) -> None:
        aside = self.aside.get(customer)
        if aside is None:
            return
        for one in inputs:
            aside.pop(one, None)
        if not aside:
            del self.aside[customer]

    def _living(self, customer: CustomerId, now: datetime | None = None) -> StoredVisit | None:
        stored = self.stored.get(customer)
        return None if stored is None or stored.expires_at <= (now or self._clock.now()) else stored

    def _use(self, customer: CustomerId, saved: StoredVisit) -> None:
        self._in_use[customer] = saved
        self._in_use.move_to_end(customer)
        if len(self._in_use) > self._most_in_use:
            _, unused = self._in_use.popitem(last=False)
            unused.write_down()

    def _sweep(self) -> None:
        self._saves += 1
        if self._saves % SWEEP_EVERY == 0:
            now = self._clock.now()
            self.stored = {who: stored for who, stored in self.stored.items() if stored.expires_at > now}
            for who in [who for who, saved in self._in_use.items() if saved.expires_at <= now]:
                del self._in_use[who]
