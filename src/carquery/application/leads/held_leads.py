"""The leads of one claim, for as long as they are ours."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from carquery.application.leads.lease_permit import LeasePermit
from carquery.application.ports.environment import Clock
from carquery.application.ports.leads import Claim, LeadChange, Leads
from carquery.application.ports.stores import StoreUnavailable
from carquery.domain.effects import Effect
from carquery.domain.ids import LeadId
from carquery.domain.lead import Lead


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryTimes:
    """How long leads are held, and how soon they are looked for. What a call takes, the CRM says (`Crm.limits`).

    Attributes:
        lease: how long a claim lasts unless it is renewed; a killed worker's leads are taken over after that.
        beat: how often it is renewed.
        patience: how long after its intent was recorded a call may begin; with others' turns before, that takes time.
        look: how often a worker looks for due leads when nothing wakes it: a ring may be lost, and retries, and the
            leads of a killed worker, become due without any.
    """

    lease: timedelta
    beat: timedelta
    look: timedelta = timedelta(seconds=10)
    patience: timedelta = timedelta(seconds=45)


REAL_TIMES: Final = DeliveryTimes(lease=timedelta(seconds=90), beat=timedelta(seconds=20))


class HeldLeads:
    """Each lead as it was recorded last. A `Permit`: it knows whether the leads will still be ours when a call ends.

    Args:
        call: the longest that a call to the CRM takes.
        held_from: the clock's monotonic time just before the claim was made; the lease runs no shorter than from then.
    """

    def __init__(
        self, claim: Claim, *, leads: Leads, clock: Clock, times: DeliveryTimes, call: timedelta, held_from: float
    ) -> None:
        self._held = {lead.id: lead for lead in claim.leads}
        self._lease = claim.lease
        self._leads = leads
        self._clock = clock
        self._times = times
        self._permit = LeasePermit(clock=clock, lease=times.lease, call=call, since=held_from)

    def __contains__(self, lead: Lead) -> bool:
        return lead.id in self._held

    def __getitem__(self, lead: LeadId) -> Lead:
        return self._held[lead]

    @property
    def all(self) -> tuple[Lead, ...]:
        """Those that are still held."""
        return tuple(self._held.values())

    @property
    def is_running(self) -> bool:
        """Whether the lease on them runs, as far as one can know here."""
        return self._permit.is_running

    def lacking(self, effect: Effect) -> tuple[Lead, ...]:
        """Those whose next effect is this one."""
        return tuple(lead for lead in self._held.values() if lead.next_effect is effect)

    def must_call_within(self, time: timedelta | None) -> None:
        """As `LeasePermit`."""
        self._permit.must_call_within(time)

    def check(self) -> None:
        self._permit.check()

    async def keep(self, changes: Sequence[LeadChange]) -> frozenset[LeadId]:
        """Record how far leads have come, and go on with them. Returns those that are still ours."""
        kept = await self._record(changes, release=False)
        self._held |= {change.lead.id: change.lead for change in changes if change.lead.id in kept}
        return kept

    async def release(self, changes: Sequence[LeadChange]) -> frozenset[LeadId]:
        """Record how far leads have come, and let go of them. Returns those that were ours until then."""
        return await self._record(changes, release=True)

    async def _record(self, changes: Sequence[LeadChange], *, release: bool) -> frozenset[LeadId]:
        if not changes:
            return frozenset()
        written = await self._leads.update(changes, self._lease, release=release)
        for change in changes:
            if release or change.lead.id not in written:
                del self._held[change.lead.id]
        return written

    @asynccontextmanager
    async def kept_alive(self) -> AsyncIterator[None]:
        """Renew the lease again and again meanwhile."""
        beating = asyncio.ensure_future(self._beat())
        try:
            yield
        finally:
            beating.cancel()
            await asyncio.wait((beating,))

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._times.beat.total_seconds())
            renewed_from = self._clock.monotonic()
            try:
                held = await self._leads.renew(self._lease, lease_for=self._times.lease)
            except StoreUnavailable:
                continue  # the permit ends by itself if this goes on
            if not held:
                self._permit.end()
                return
            self._permit.since = renewed_from


def in_portions(leads: Iterable[Lead], *, of_at_most: int) -> tuple[tuple[Lead, ...], ...]:
    """Leads for one call each.

    Whoever was in a call whose answer was lost goes into one half as big, and so on: one item that the CRM chokes on
    does not keep forty-nine others from being made.
    """
    by_size: dict[int, list[Lead]] = {}
    for lead in leads:
        by_size.setdefault(max(1, of_at_most >> min(lead.doubts, 16)), []).append(lead)
    return tuple(
        tuple(group[start : start + size])
        for size, group in sorted(by_size.items(), reverse=True)
        for start in range(0, len(group), size)
    )
