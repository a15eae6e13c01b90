"""Visits in the process: the embedded default."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from carquery.adapters.memory.failures import Failures
from carquery.adapters.stored.answer_json import UnreadableJson
from carquery.adapters.stored.owed_mark import mark_of, owed_from
from carquery.adapters.stored.saved_visits import MOST, SavedVisits
from carquery.adapters.stored.visit_json import encode_visit
from carquery.application.ports.environment import Clock
from carquery.application.ports.owed_replies import USUAL_TIMES, OwedTimes
from carquery.application.ports.visits import VisitChanged
from carquery.domain.ids import Channel, CustomerId, InputId, MessageToken
from carquery.domain.visit import Version, Visit

SWEEP_EVERY = 1000
"""Saves between two clean-ups of what has expired."""


@dataclass(slots=True)
class StoredVisit:
    version: Version
    body: bytes
    expires_at: datetime
    shown: MessageToken | None = None
    owed: str = ""


class MemoryVisits(Failures):
    """Keeps visits in their serialised form, so that what Redis could not store fails here too.

    What customers are owed is gone with the process, as their visits are.

    Args:
        saved: how many of them need not be read again.
    """

    def __init__(self, clock: Clock, *, lifetime: timedelta, times: OwedTimes = USUAL_TIMES, saved: int = MOST) -> None:
        super().__init__()
        self._clock = clock
        self._lifetime = lifetime
        self._grace = times.grace
        self.stored: dict[CustomerId, StoredVisit] = {}
        self.due: dict[CustomerId, datetime] = {}
        self.aside: dict[CustomerId, dict[InputId, bytes]] = {}
        self._saved = SavedVisits(saved)
        self._saves = 0

    async def load(self, customer: CustomerId) -> Visit | None:
        self.check()
        stored = self._living(customer)
        if stored is None:
            return None
        try:
            owed = owed_from(stored.owed)
            return self._saved.read(customer, stored.body, version=stored.version, shown=stored.shown, owed=owed)
        except UnreadableJson:
            del self.stored[customer]
            return None

    async def save(self, visit: Visit, *, of: Collection[InputId] = ()) -> None:
        self.check()
        stored = self._living(visit.customer)
        if visit.version != (0 if stored is None else stored.version):
            raise VisitChanged
        body = encode_visit(visit)
        self.stored[visit.customer] = StoredVisit(
            Version(visit.version + 1),
            body,
            self._clock.now() + self._lifetime,
            None if stored is None else stored.shown,
            mark_of(visit.owed),
        )
        self._saved.keep(visit, body)
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
            stored.owed = ""
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

    def _living(self, customer: CustomerId) -> StoredVisit | None:
        stored = self.stored.get(customer)
        return None if stored is None or stored.expires_at <= self._clock.now() else stored

    def _sweep(self) -> None:
        self._saves += 1
        if self._saves % SWEEP_EVERY == 0:
            self.stored = {who: stored for who, stored in self.stored.items() if self._living(who) is not None}
