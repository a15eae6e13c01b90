"""The deals that a lead's contact has already, and whether a repeat request may join one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from carquery.adapters.amocrm.batches import Outcomes
from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.deals import PATH, stands
from carquery.adapters.amocrm.linked_deals import WITH_DEALS, LinkedDeals
from carquery.adapters.amocrm.listing import PAGE, readable
from carquery.adapters.amocrm.phone_search import PATH as CONTACTS
from carquery.adapters.amocrm.pipelines import Pipelines
from carquery.adapters.amocrm.problems import Refusal
from carquery.adapters.amocrm.reasons import AmoReason
from carquery.adapters.amocrm.wire import ContactRow, LeadRow, UnreadableAnswer, read_as, rows_as
from carquery.application.ports.crm import CrmBusy, CrmFailure, CrmGone, CrmOutcome, CrmRefused, StandingDeal
from carquery.domain.effects import CrmId, Effect
from carquery.domain.ids import CrmUserId, LeadId
from carquery.domain.lead import EarlierDeal, Lead

MOST_PER_CONTACT: Final = 10
"""The newest of a contact's deals: an open one is among them, or it is a fleet, whose deals people keep apart."""

MOST_BY_NUMBER: Final = 100
"""In one request: more would make too long an address."""


@dataclass(frozen=True, slots=True)
class _Rows:
    """Deals by number. `is_all`: those that were asked for and are not here do not stand in amoCRM."""

    by_number: Mapping[CrmId, LeadRow]
    is_all: bool


@dataclass(frozen=True, slots=True)
class EarlierDeals:
    """Reads deals by their numbers, all of a batch in one request.

    `filter[id]` needs the account's filter package. Without it amoCRM ignores the filter and lists the newest deals,
    among which those that are sought may be; what is not is asked for by itself.
    """

    client: AmoCrmClient
    pipelines: Pipelines
    linked: LinkedDeals

    async def of(self, leads: Sequence[Lead], *, since: datetime) -> Mapping[LeadId, StandingDeal]:
        """As `Crm.earlier_deals` promises."""
        contacts = {lead.made[Effect.CONTACT]: lead.id for lead in leads}
        theirs = {contact: await self._linked_with(contact) for contact in contacts}
        rows = await self._rows({number for numbers in theirs.values() for number in numbers})
        found: dict[CrmId, StandingDeal] = {}
        for contact, numbers in theirs.items():
            if (standing := await self._newest(numbers, rows, since)) is not None:
                found[contact] = standing
        return {lead.id: found[contact] for lead in leads if (contact := lead.made[Effect.CONTACT]) in found}

    async def still_open(self, leads: Sequence[Lead]) -> frozenset[LeadId]:
        """As `Crm.still_open` promises."""
        numbers = {lead.made[Effect.LEAD] for lead in leads}
        rows = await self._rows(numbers)
        deals = [row for number in numbers if (row := await self._row(number, rows)) is not None]
        are_open = {row.id for row in deals if await self.pipelines.is_open(row)}
        return frozenset(lead.id for lead in leads if lead.made[Effect.LEAD] in are_open)

    async def with_gone(self, leads: Sequence[Lead], outcomes: Mapping[LeadId, CrmOutcome]) -> Outcomes:
        """Tell refusals of what was to hang on a joined deal from a deal that is gone: the words are not documented."""
        told = dict(outcomes)
        for lead in leads:
            refused = outcomes.get(lead.id)
            if isinstance(refused, CrmRefused) and lead.joined_to is not None and await self._is_gone(lead):
                told[lead.id] = CrmGone(Effect.LEAD, refused.reason)
        return told

    async def _is_gone(self, lead: Lead) -> bool:
        try:
            return not await stands(self.client, lead.made[Effect.LEAD])
        except CrmFailure:
            return False

    async def _linked_with(self, contact: CrmId) -> Sequence[CrmId]:
        """The numbers of its deals, newest first. Who is gone has none: its deal is refused next."""
        known = self.linked.take(contact)
        if known is None:
            body = await readable(self.client, f"{CONTACTS}/{contact}", WITH_DEALS)
            try:
                known = () if body is None else read_as(ContactRow, body).linked_leads or ()
            except UnreadableAnswer as unreadable:
                raise CrmBusy(AmoReason.ODD_ANSWER(path=CONTACTS, found=unreadable)) from unreadable
        return sorted(known, reverse=True)[:MOST_PER_CONTACT]

    async def _newest(self, numbers: Iterable[CrmId], rows: _Rows, since: datetime) -> StandingDeal | None:
        """The newest open one that was made since then, else the newest; older ones have smaller numbers."""
        newest: LeadRow | None = None
        for number in numbers:
            row = await self._row(number, rows)
            if row is None or row.is_deleted:
                continue
            newest = newest or row
            if row.created_at < since.timestamp():
                break
            if await self.pipelines.is_open(row):
                return StandingDeal(_earlier(row), is_open=True)
        return None if newest is None else StandingDeal(_earlier(newest), is_open=False)

    async def _rows(self, numbers: Iterable[CrmId]) -> _Rows:
        """Those of them that one question brings; a single deal is left to be asked for by itself."""
        sought = sorted(numbers, reverse=True)
        found: dict[CrmId, LeadRow] = {}
        is_filtered = len(sought) > 1
        for start in range(0, len(sought) if is_filtered else 0, MOST_BY_NUMBER):
            portion = sought[start : start + MOST_BY_NUMBER]
            params = {f"filter[id][{place}]": str(number) for place, number in enumerate(portion)}
            params |= {"order[id]": "desc", "limit": str(PAGE)}
            listed = await self._listed(params)
            found |= {row.id: row for row in listed or ()}
            if listed is None or not {row.id for row in listed} <= set(portion):
                is_filtered = False
                break  # the filter is not heard: the next portion would bring the same deals
        return _Rows(found, is_all=is_filtered)

    async def _listed(self, params: Mapping[str, str]) -> Sequence[LeadRow] | None:
        """None: amoCRM does not take the filter."""
        try:
            return rows_as(LeadRow, await self.client.read(PATH, params=params), "leads")
        except Refusal:
            return None
        except UnreadableAnswer as unreadable:
            raise CrmBusy(AmoReason.ODD_ANSWER(path=PATH, found=unreadable)) from unreadable

    async def _row(self, number: CrmId, rows: _Rows) -> LeadRow | None:
        if rows.is_all or number in rows.by_number:
            return rows.by_number.get(number)
        body = await readable(self.client, f"{PATH}/{number}")
        try:
            return None if body is None else read_as(LeadRow, body)
        except UnreadableAnswer as unreadable:
            raise CrmBusy(AmoReason.ODD_ANSWER(path=PATH, found=unreadable)) from unreadable


def _earlier(row: LeadRow) -> EarlierDeal:
    return EarlierDeal(row.id, row.reference, CrmUserId(row.responsible_user_id) if row.responsible_user_id else None)
