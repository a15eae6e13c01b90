"""The stored leads and the in-memory CRM, as the page's cards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from carquery.adapters.memory.crm import CrmDeal as StoredDeal
from carquery.adapters.memory.crm import MemoryCrm
from carquery.application.ports.leads import Leads
from carquery.domain.ids import Reference
from carquery.domain.lead import Lead
from carquery.entrypoints.playground.page import CrmContact, CrmDeal, CrmNote, CrmRecord, CrmTask, LeadCard

MOST_CARDS = 50


@dataclass(frozen=True, slots=True)
class StoredLeads:
    """A `LeadBoard` over the real store; a lead's deal is known by its reference."""

    leads: Leads
    crm: MemoryCrm

    async def cards(self) -> Sequence[LeadCard]:
        deals = {deal.reference: deal for deal in self.crm.deals.values()}
        return tuple(self._card(lead, deals) for lead in await self.leads.newest(limit=MOST_CARDS))

    def _card(self, lead: Lead, deals: Mapping[Reference, StoredDeal]) -> LeadCard:
        return LeadCard(
            reference=lead.reference,
            service=lead.service.value,
            title=lead.title,
            status=lead.status.value,
            failure=lead.failure,
            name=None if lead.name is None else lead.name.shown,
            phone=None if lead.phone is None else lead.phone.shown,
            price=None if lead.price is None else lead.price.amount,
            source=lead.source,
            lines=(*lead.lines, *(("Писал(а) раньше", said) for said in lead.conversation)),
            photos=tuple(f"/control/files/{file}" for file in lead.photos),
            created_at=lead.created_at,
            delivered_at=lead.delivered_at,
            crm=self._record(deals.get(lead.reference)),
        )

    def _record(self, deal: StoredDeal | None) -> CrmRecord:
        if deal is None:
            return CrmRecord()
        contact = self.crm.contacts[deal.contact]
        phone = None if contact.phone is None else contact.phone.shown
        note = next((note for note in self.crm.notes.values() if note.deal == deal.id), None)
        task = next((task for task in self.crm.tasks.values() if task.deal == deal.id), None)
        return CrmRecord(
            contact=CrmContact(id=contact.id, name=contact.name, phone=phone),
            deal=CrmDeal(id=deal.id, title=deal.title, price=None if deal.price is None else deal.price.amount),
            note=None if note is None else CrmNote(note.text),
            task=None if task is None else CrmTask(task.text, task.due_at),
        )
