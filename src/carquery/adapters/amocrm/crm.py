"""The CRM port on amoCRM (API v4)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.config import AmoCrmConfig
from carquery.adapters.amocrm.contacts import Contacts
from carquery.adapters.amocrm.deals import Deals
from carquery.adapters.amocrm.earlier_deals import EarlierDeals
from carquery.adapters.amocrm.files import Files
from carquery.adapters.amocrm.linked_deals import LinkedDeals
from carquery.adapters.amocrm.notes_and_tasks import Notes, Tasks
from carquery.adapters.amocrm.phone_search import PhoneSearch
from carquery.adapters.amocrm.pipelines import Pipelines
from carquery.adapters.amocrm.ports import CrmGate, KnownContacts
from carquery.adapters.amocrm.reasons import AMOCRM
from carquery.application.ports.chat_links import ChatLinks, no_chat_links
from carquery.application.ports.crm import Closure, CrmLimits, CrmOutcome, Permit, StandingDeal
from carquery.application.ports.crm_people import KnownToHaveLeft, nobody_left
from carquery.application.ports.dealership import ToldOfDealership, nothing_told
from carquery.application.ports.environment import Clock
from carquery.application.ports.sent_files import SentFiles
from carquery.domain.effects import CrmId, Effect
from carquery.domain.ids import LeadId
from carquery.domain.lead import Lead

LIMITS: Final = CrmLimits(
    batch=50,  # at most so many entities in a request. Source: amoCRM's recommendation
    contacts=25,  # two searches each; as many as `batch` where one is enough, which takes as long
    call=timedelta(seconds=15),  # DEADLINE_SECONDS, and something to spare
    lands_within=timedelta(minutes=2),
)


HANGING_ON_DEALS: Final = frozenset({Effect.NOTE, Effect.TASK, Effect.FILES})


class _Kind(Protocol):
    async def make(self, leads: Sequence[Lead], permit: Permit) -> Mapping[LeadId, CrmOutcome]: ...
    async def find(self, leads: Sequence[Lead]) -> Mapping[LeadId, CrmId]: ...


class AmoCrm:
    """Contacts, deals, notes, tasks and files in one account."""

    name: Final = AMOCRM.name

    def __init__(
        self,
        client: AmoCrmClient,
        gate: CrmGate,
        config: AmoCrmConfig,
        known: KnownContacts,
        sent_files: SentFiles,
        clock: Clock,
        limits: CrmLimits = LIMITS,
        dealership: ToldOfDealership = nothing_told,
        left: KnownToHaveLeft = nobody_left,
        chats: ChatLinks = no_chat_links,
    ) -> None:
        notes, linked = Notes(client, chats), LinkedDeals(clock, dealership)
        search = PhoneSearch(client, linked)
        self._limits = limits
        self._gate = gate
        self._notes, self._linked, self._search = notes, linked, search
        self._earlier = EarlierDeals(client, Pipelines(client, clock), linked)
        self._kinds: Mapping[Effect, _Kind] = {
            Effect.CONTACT: Contacts(client, search, known, config, linked, left),
            Effect.LEAD: Deals(client, config, left),
            Effect.NOTE: notes,
            Effect.TASK: Tasks(client, config, clock, dealership, left),
            Effect.FILES: Files(client, sent_files, notes),
        }

    @property
    def limits(self) -> CrmLimits:
        """More contacts at once, as soon as amoCRM's search is known to need one question for each."""
        return replace(self._limits, contacts=self._limits.batch) if self._search.compares_digits else self._limits

    async def closure(self) -> Closure | None:
        return await self._gate.closure()

    async def make(self, effect: Effect, leads: Sequence[Lead], permit: Permit) -> Mapping[LeadId, CrmOutcome]:
        if effect is Effect.LEAD:
            for lead in leads:
                self._linked.forget(lead.made[Effect.CONTACT])
        outcomes = await self._kinds[effect].make(leads, permit)
        return await self._earlier.with_gone(leads, outcomes) if effect in HANGING_ON_DEALS else outcomes

    async def find(self, effect: Effect, leads: Sequence[Lead]) -> Mapping[LeadId, CrmId]:
        return await self._kinds[effect].find(leads)

    async def earlier_deals(self, leads: Sequence[Lead], *, since: datetime) -> Mapping[LeadId, StandingDeal]:
        return await self._earlier.of(leads, since=since)

    async def still_open(self, leads: Sequence[Lead]) -> frozenset[LeadId]:
        return await self._earlier.still_open(leads)

    async def add_to_note(self, lead: Lead, line: str, permit: Permit) -> None:
        await self._notes.add(lead, line, permit)
