"""Leads in amoCRM's sense: a deal in a pipeline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final

from carquery.adapters.amocrm.batches import Batches, Outcomes
from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.config import AmoCrmConfig
from carquery.adapters.amocrm.drafts import lead_draft
from carquery.adapters.amocrm.listing import CLOCKS_DIFFER_BY, PAGE, marked_newest, newest, readable, rows_of
from carquery.adapters.amocrm.problems import Refusal
from carquery.adapters.amocrm.reasons import AmoReason
from carquery.adapters.amocrm.wire import ContactRow, LeadRow, UnreadableAnswer, read_as
from carquery.application.ports.crm import CrmBusy, CrmFailure, CrmGone, CrmRefused, Permit
from carquery.application.ports.crm_people import KnownToHaveLeft, nobody_left
from carquery.domain.effects import CrmId, Effect
from carquery.domain.ids import LeadId
from carquery.domain.lead import Lead

PATH: Final = "/api/v4/leads"

MOST_COUNTED_PAGES: Final = 400
"""A hundred thousand deals of a week."""

MOST_LINKED: Final = 20
"""Of a contact's leads, so many are looked at, newest first: the lost one is among the last."""


@dataclass(frozen=True, slots=True)
class Deals:
    """A deal is known by the reference in its name or fields: amoCRM has no idempotency key."""

    client: AmoCrmClient
    config: AmoCrmConfig
    left: KnownToHaveLeft = nobody_left

    async def make(self, leads: Sequence[Lead], permit: Permit) -> Outcomes:
        """Make them. Raises StoreUnavailable."""
        batches = Batches(self.client, PATH, "leads", look=self._newest)
        outcomes = await batches.make([lead_draft(lead, self.config, self.left()) for lead in leads], permit)
        for lead in leads:
            refused = outcomes[lead.id]
            if isinstance(refused, CrmRefused) and await self._is_contact_gone(lead):
                outcomes[lead.id] = CrmGone(Effect.CONTACT, refused.reason)
        return outcomes

    async def find(self, leads: Sequence[Lead]) -> Mapping[LeadId, CrmId]:
        """Those that stand there: among the newest, by search, and among the contact's own. Raises CrmFailure."""
        found = await self._newest(leads)
        for lead in leads:
            if lead.id not in found and (crm_id := await self._search(lead)) is not None:
                found[lead.id] = crm_id
        return found

    async def count_deals(self, leads: Sequence[Lead], *, since: datetime) -> Mapping[LeadId, int]:
        """As `DealCounts` promises.

        What is not among the deals of that time is asked for by its number: it may be older than the lead's delivery.
        """
        by_reference = {str(lead.reference): lead for lead in leads}
        by_number: dict[CrmId, list[Lead]] = {}
        for lead in leads:  # of those that have joined a deal, several stand with it
            by_number.setdefault(lead.made[Effect.LEAD], []).append(lead)
        deals: dict[LeadId, set[CrmId]] = {lead.id: set() for lead in leads}
        since -= CLOCKS_DIFFER_BY
        async for row in newest(self.client, LeadRow, PATH, "leads", since=since, most_pages=MOST_COUNTED_PAGES):
            named = [by_reference[found] for found in row.references if found in by_reference]
            if not row.is_deleted:
                for lead in (*named, *by_number.get(row.id, ())):
                    deals[lead.id].add(row.id)
        for number, theirs in by_number.items():
            unseen = [lead for lead in theirs if not deals[lead.id]]
            if unseen and await stands(self.client, number):
                for lead in unseen:
                    deals[lead.id].add(number)
        return {lead: len(found) for lead, found in deals.items()}

    async def _is_contact_gone(self, lead: Lead) -> bool:
        """Asked when a deal is refused for a reason that names no contact: nobody knows all words of amoCRM."""
        try:
            contact = await self.client.read(f"/api/v4/contacts/{lead.made[Effect.CONTACT]}")
            return contact is None or read_as(ContactRow, contact).is_deleted
        except Refusal as refusal:
            return refusal.status == HTTPStatus.NOT_FOUND
        except (CrmFailure, UnreadableAnswer):
            return False

    async def _newest(self, leads: Sequence[Lead]) -> dict[LeadId, CrmId]:
        return await marked_newest(self.client, LeadRow, PATH, "leads", leads)

    async def _search(self, lead: Lead) -> CrmId | None:
        params = {"query": lead.reference, "limit": str(PAGE)}
        rows = await rows_of(self.client, LeadRow, PATH, "leads", params)
        searched = next((row.id for row in rows if row.says(lead.reference)), None)
        return searched or await self._linked(lead)

    async def _linked(self, lead: Lead) -> CrmId | None:
        """Through the contact, which needs no search index."""
        contact = await readable(self.client, f"/api/v4/contacts/{lead.made[Effect.CONTACT]}", {"with": "leads"})
        try:
            linked = None if contact is None else read_as(ContactRow, contact).linked_leads
            for crm_id in sorted(linked or (), reverse=True)[:MOST_LINKED]:
                deal = await readable(self.client, f"{PATH}/{crm_id}")
                if deal is not None and read_as(LeadRow, deal).says(lead.reference):
                    return crm_id
        except UnreadableAnswer as unreadable:
            raise CrmBusy(AmoReason.ODD_ANSWER(path=PATH, found=unreadable)) from unreadable
        return None


async def stands(client: AmoCrmClient, deal: CrmId) -> bool:
    """Whether that deal is there. Raises CrmFailure: nobody knows."""
    try:
        body = await client.read(f"{PATH}/{deal}")
        return body is not None and not read_as(LeadRow, body).is_deleted
    except Refusal as refusal:
        if refusal.status == HTTPStatus.NOT_FOUND:
            return False
        raise CrmBusy(refusal.reason) from refusal
    except UnreadableAnswer as unreadable:
        raise CrmBusy(AmoReason.ODD_ANSWER(path=PATH, found=unreadable)) from unreadable
