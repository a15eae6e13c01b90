"""The stored leads and the emulated amoCRM, as the page shows them."""

from dataclasses import dataclass

from carquery.adapters.amocrm.ports import CrmGate, CrmTokens
from carquery.application.ports.environment import Bell, Clock
from carquery.application.ports.leads import Leads
from carquery.domain.ids import Reference
from carquery.domain.lead import Lead, LeadStatus
from carquery.entrypoints.playground.chats import EmulatedChats, messenger_of
from carquery.entrypoints.playground.crm_account import log_in
from carquery.entrypoints.playground.free_text_monitor import FreeTextMonitor
from carquery.entrypoints.playground.lead_card_records import CrmRecords
from carquery.entrypoints.playground.lead_cards import (
    Closed,
    CrmRecord,
    FreeTextState,
    LeadCard,
    Place,
    SalonState,
    Showing,
    Switches,
)
from carquery.entrypoints.playground.salon import Salon
from carquery.entrypoints.providers.crm_words import REASONS
from carquery_emulators.amocrm import AmoCrmEmulator

MOST_CARDS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLeadBoard:
    """A `LeadBoard` over the real store and the account that the bot delivers to."""

    leads: Leads
    gate: CrmGate
    tokens: CrmTokens
    bell: Bell
    clock: Clock
    amocrm: AmoCrmEmulator
    monitor: FreeTextMonitor | None = None
    salon: Salon | None = None
    chats: EmulatedChats | None = None

    async def showing(self) -> Showing:
        records = CrmRecords.of(self.amocrm.world)
        stored = await self.leads.newest(limit=MOST_CARDS)
        return Showing(
            leads=tuple(self._card(lead, records.of_lead(lead)) for lead in stored),
            pipeline=records.pipeline(),
            closed=await self._closed(),
            switches=self._switches(),
            hearing=FreeTextState() if self.monitor is None else self.monitor.showing(),
            salon=SalonState() if self.salon is None else self.salon.showing(),
            max=None if self.chats is None else self.chats.max_switches(),
        )

    async def resubmit(self, reference: str) -> bool:
        lead = await self.leads.find(Reference(reference))
        if lead is None or not await self.leads.put_back([lead.id], at=self.clock.now()):
            return False
        self.bell.ring()
        return True

    async def log_in(self) -> None:
        await log_in(self.amocrm, self.tokens, self.gate, self.clock)
        self.bell.ring()

    def behave(self, mood: str) -> bool:
        return self.monitor is not None and self.monitor.behave(mood)

    async def move_clock(self, when: str) -> bool:
        return self.salon is not None and await self.salon.move_clock(when)

    def press(self, message: int, data: str) -> bool:
        return self.salon is not None and self.salon.press(message, data)

    async def _closed(self) -> Closed | None:
        closure = await self.gate.closure()
        if closure is None:
            return None
        # Whole seconds: each look would give another moment, and the page would be told of a change that is none.
        return Closed(REASONS.russian(closure.reason), (self.clock.now() + closure.reopens_in).replace(microsecond=0))

    def _switches(self) -> Switches:
        faults = self.amocrm.faults
        return Switches(
            down=self.amocrm.is_down,
            slow=faults.slow,
            blocked=faults.blocked,
            unpaid=faults.unpaid,
            search_lag=faults.search_lag,
        )

    def _card(self, lead: Lead, crm: CrmRecord) -> LeadCard:
        place = _place(lead, crm)
        return LeadCard(
            reference=lead.reference,
            service=lead.service.value,
            title=lead.title,
            status=lead.status.value,
            failure=None if lead.failure is None else REASONS.russian(lead.failure),
            name=None if lead.name is None else lead.name.shown,
            phone=None if lead.given_phone is None else lead.given_phone.shown,
            price=None if lead.price is None else lead.price.amount,
            source=lead.source,
            messenger=messenger_of(lead),
            lines=(*lead.lines, *(("Писал(а) раньше", said) for said in lead.conversation)),
            # The messengers of an earlier run are gone too, with their pictures.
            photos=() if place == "earlier" or self.chats is None else self.chats.photos_of(lead),
            created_at=lead.created_at,
            delivered_at=lead.delivered_at,
            next_attempt_at=lead.next_attempt_at,
            made=tuple(effect.value for effect in lead.made),
            calling=None if lead.intent is None else lead.intent.effect.value,
            place=place,
            crm=crm,
        )


def _place(lead: Lead, crm: CrmRecord) -> Place:
    if crm.deal is not None:
        return "stage"
    return "earlier" if lead.status is LeadStatus.DELIVERED else "way"
