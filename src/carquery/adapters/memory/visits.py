"""Visits in the process: the embedded default."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from carquery.adapters.memory.failures import Failures
from carquery.adapters.stored.answer_json import UnreadableJson
from carquery.adapters.stored.visit_json import decode_visit, encode_visit
from carquery.application.ports.environment import Clock
from carquery.application.ports.visits import VisitChanged
from carquery.domain.ids import CustomerId, MessageToken
from carquery.domain.visit import Version, Visit

SWEEP_EVERY = 1000
"""Saves between two clean-ups of what has expired."""


@dataclass(slots=True)
class StoredVisit:
    version: Version
    body: bytes
    expires_at: datetime
    shown: MessageToken | None = None


class MemoryVisits(Failures):
    """Keeps visits in their serialised form, so that what Redis could not store fails here too."""

    def __init__(self, clock: Clock, *, lifetime: timedelta) -> None:
        super().__init__()
        self._clock = clock
        self._lifetime = lifetime
        self.stored: dict[CustomerId, StoredVisit] = {}
        self._saves = 0

    async def load(self, customer: CustomerId) -> Visit | None:
        self.check()
        stored = self._living(customer)
        if stored is None:
            return None
        try:
            return decode_visit(stored.body, version=stored.version, shown=stored.shown)
        except UnreadableJson:
            del self.stored[customer]
            return None

    async def save(self, visit: Visit) -> None:
        self.check()
        stored = self._living(visit.customer)
        if visit.version != (0 if stored is None else stored.version):
            raise VisitChanged
        self.stored[visit.customer] = StoredVisit(
            Version(visit.version + 1),
            encode_visit(visit),
            self._clock.now() + self._lifetime,
            None if stored is None else stored.shown,
        )
        self._sweep()

    async def note_shown(self, customer: CustomerId, shown: MessageToken) -> None:
        self.check()
        stored = self._living(customer)
        if stored is not None:
            stored.shown = shown

    def _living(self, customer: CustomerId) -> StoredVisit | None:
        stored = self.stored.get(customer)
        return None if stored is None or stored.expires_at <= self._clock.now() else stored

    def _sweep(self) -> None:
        self._saves += 1
        if self._saves % SWEEP_EVERY == 0:
            self.stored = {who: stored for who, stored in self.stored.items() if self._living(who) is not None}
