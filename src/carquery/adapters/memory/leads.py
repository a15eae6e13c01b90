"""Leads in the process."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from operator import attrgetter

from carquery.adapters.memory.alert_outbox import MemoryAlertOutbox
from carquery.adapters.memory.database import MemoryDatabase, StoredLead, StoredTouch, as_stored
from carquery.application.ports.environment import Clock
from carquery.application.ports.leads import ALL, Chosen, Claim, LeadChange, Lease, ReferenceTaken, TooManyLeads
from carquery.application.ports.leads_maintenance import ON_THEIR_WAY, LeadFigures
from carquery.domain.claiming import Standing
from carquery.domain.contact import Phone
from carquery.domain.dealership.routing import Turn
from carquery.domain.effects import CrmId, Effect
from carquery.domain.forms.form import Service
from carquery.domain.ids import DialogId, LeadId, Reference
from carquery.domain.lead import Lead, LeadStatus
from carquery.domain.lead_history import Happening, HistoryEntry
from carquery.domain.lead_limits import COUNTED, LeadLimits


class MemoryLeads:
    """Keeps leads in a `MemoryDatabase`; time is the clock's."""

    def __init__(self, database: MemoryDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._outbox = MemoryAlertOutbox(database, clock)
        self._claims = 0

    async def add(self, lead: Lead, *, limits: LeadLimits | None = None, turn: Turn | None = None) -> Lead:
        self._database.check()
        rows = self._database.leads
        first = rows.get(lead.id)
        if first is None:
            if any(row.lead.reference == lead.reference for row in rows.values()):
                raise ReferenceTaken
            self._check_limits(lead, limits)
            rows[lead.id] = StoredLead(as_stored(lead if turn is None else self._given(lead, turn)))
        elif first.lead.is_untouched and not lead.is_unfinished:
            first.lead = first.lead.rewritten(as_stored(lead))
        else:
            return first.lead
        if lead.customer is not None:
            customer = self._database.customer(lead.customer)
            customer.name = lead.name
            customer.phone = None if lead.given_phone is None else lead.given_phone.without_remark
        if not lead.is_unfinished:
            self._database.end_draft(DialogId(lead.id), at=lead.created_at)
        return rows[lead.id].lead

    async def load(self, lead: LeadId) -> Lead | None:
        self._database.check()
        row = self._database.leads.get(lead)
        return None if row is None else row.lead

    async def find(self, reference: Reference) -> Lead | None:
        self._database.check()
        rows = self._database.leads.values()
        return next((row.lead for row in rows if row.lead.reference == reference), None)

    async def newest(self, *, limit: int, chosen: Chosen = ALL, before: Lead | None = None) -> tuple[Lead, ...]:
        self._database.check()
        found = (row.lead for row in self._database.leads.values() if _is_chosen(row.lead, chosen))
        in_order = sorted(found, key=attrgetter("created_at", "id"), reverse=True)
        if before is not None:
            in_order = [lead for lead in in_order if (lead.created_at, lead.id) < (before.created_at, before.id)]
        return tuple(in_order[:limit])

    async def of_phones(self, phones: Collection[Phone], *, since: datetime) -> tuple[Lead, ...]:
        self._database.check()
        found = (row.lead for row in self._database.leads.values() if row.lead.phone in phones)
        known = (lead for lead in found if lead.created_at >= since and lead.erased_at is None)
        return tuple(sorted(known, key=attrgetter("created_at", "id")))

    async def history(self, lead: LeadId) -> tuple[HistoryEntry, ...]:
        self._database.check()
        return tuple(self._database.history.get(lead, ()))

    async def claim(self, *, limit: int, lease_for: timedelta, only: Collection[LeadId] | None = None) -> Claim:
        self._database.check()
        now = self._clock.now()
        due = [
            row
            for row in self._database.leads.values()
            if (only is None or row.lead.id in only) and _standing(row).may_be_claimed(self._standings(), now=now)
        ]
        due.sort(key=lambda row: (row.lead.next_attempt_at, row.lead.id))
        self._claims += 1
        lease = Lease(str(self._claims))
        for row in due[:limit]:
            row.lead = row.lead.claimed()
            row.lease, row.lease_until = lease, now + lease_for
        return Claim(lease, tuple(row.lead for row in due[:limit]))

    async def renew(self, lease: Lease, *, lease_for: timedelta) -> int:
        self._database.check()
        now = self._clock.now()
        held = [row for row in self._held_by(lease) if row.lease_until is not None and row.lease_until > now]
        for row in held:
            row.lease_until = now + lease_for
        return len(held)

    async def update(self, changes: Sequence[LeadChange], lease: Lease, *, release: bool) -> frozenset[LeadId]:
        self._database.check()
        held = {row.lead.id: row for row in self._held_by(lease)}
        ours = [change for change in changes if change.lead.id in held]
        for change in ours:
            row = held[change.lead.id]
            row.lead = as_stored(row.lead.as_far_as(change.lead))
            self._database.history.setdefault(change.lead.id, []).extend(change.happened)
            delivered_at = change.lead.delivered_at
            if delivered_at is not None:
                self._database.touches.setdefault(change.lead.id, StoredTouch(delivered_at, look_at=delivered_at))
            for alert in change.told:
                self._outbox.keep(alert)
            if release:
                row.lease = row.lease_until = None
        return frozenset(change.lead.id for change in ours)

    async def put_back(self, leads: Collection[LeadId], *, at: datetime) -> frozenset[LeadId]:
        self._database.check()
        now = self._clock.now()
        rows = [row for lead in leads if (row := self._database.leads.get(lead)) is not None]
        put_back = [row for row in rows if _standing(row).may_be_put_back(now=now)]
        for row in put_back:
            row.lead = row.lead.resubmitted(at=at)
            row.lease = row.lease_until = None
            self._database.history.setdefault(row.lead.id, []).append(HistoryEntry(at, Happening.RESUBMITTED))
        return frozenset(row.lead.id for row in put_back)

    async def put_in_doubt(self, *, at: datetime) -> int:
        """As `LeadsMaintenance` promises."""
        self._database.check()
        count = 0
        for row in self._database.leads.values():
            before, row.lead = row.lead, row.lead.put_in_doubt(at=at)
            count += row.lead is not before
        return count

    async def undelivered(self) -> LeadFigures:
        """As `LeadsMaintenance` promises."""
        self._database.check()
        known = [row.lead for row in self._database.leads.values() if row.lead.is_undelivered]
        waiting = [lead.created_at for lead in known if lead.status in ON_THEIR_WAY]
        return LeadFigures(
            counts=Counter((lead.service, lead.status) for lead in known), oldest_waiting=min(waiting, default=None)
        )

    async def delivered(self) -> Mapping[Service, int]:
        """As `LeadsMaintenance` promises."""
        self._database.check()
        known = (row.lead for row in self._database.leads.values() if row.lead.erased_at is None)
        return Counter(lead.service for lead in known if lead.status is LeadStatus.DELIVERED)

    async def figures(self) -> LeadFigures:
        """As `LeadsMaintenance` promises."""
        return (await self.undelivered()).with_delivered(await self.delivered())

    async def contacts_of(self, phones: Collection[Phone]) -> Mapping[Phone, CrmId]:
        """As `KnownContacts` promises."""
        self._database.check()
        with_contact = [row.lead for row in self._database.leads.values() if Effect.CONTACT in row.lead.made]
        in_order = sorted(with_contact, key=attrgetter("created_at", "id"))
        return {
            phone: lead.made[Effect.CONTACT]
            for lead in in_order
            if (phone := lead.phone) is not None and phone in phones
        }

    def _check_limits(self, lead: Lead, limits: LeadLimits | None) -> None:
        since = lead.created_at - COUNTED
        theirs = [row.lead for row in self._database.leads.values() if row.lead.customer == lead.customer]
        received = [one.created_at for one in theirs if one.created_at > since]
        if limits is not None and (again_at := limits.next_at(received, at=lead.created_at)) > lead.created_at:
            raise TooManyLeads(again_at)

    def _given(self, lead: Lead, turn: Turn) -> Lead:
        self._database.turns[turn.key] += 1
        return lead.given_to(turn.person(self._database.turns[turn.key]))

    def _standings(self) -> Iterator[Standing]:
        return map(_standing, self._database.leads.values())

    def _held_by(self, lease: Lease) -> Iterator[StoredLead]:
        return (row for row in self._database.leads.values() if row.lease == lease and row.lead.erased_at is None)


def _is_chosen(lead: Lead, chosen: Chosen) -> bool:
    return (
        (chosen.statuses is None or lead.status in chosen.statuses)
        and (chosen.customer is None or lead.customer == chosen.customer)
        and (chosen.phone_ends is None or (lead.phone is not None and lead.phone.e164.endswith(chosen.phone_ends)))
        and (chosen.name is None or (lead.name is not None and _has_words(lead.name.name, chosen.name)))
        and (chosen.since is None or lead.created_at >= chosen.since)
        and (chosen.until is None or lead.created_at < chosen.until)
    )


def _has_words(name: str, words: str) -> bool:
    folded = name.casefold().replace("ё", "е")
    return all(word in folded for word in words.casefold().replace("ё", "е").split())


def _standing(row: StoredLead) -> Standing:
    return Standing(row.lead, row.lease_until)
