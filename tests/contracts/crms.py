"""Every adapter of `Crm`, with the means to see what stands in it and to make it fail."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from carquery.adapters.amocrm.access import LongLivedAccess
from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.config import AmoCrmConfig
from carquery.adapters.amocrm.crm import AmoCrm
from carquery.adapters.amocrm.deals import Deals
from carquery.adapters.amocrm.turns import Turns
from carquery.adapters.memory.crm import MemoryCrm
from carquery.adapters.memory.crm_gate import MemoryCrmGate
from carquery.adapters.memory.database import MemoryDatabase
from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.memory.leads import MemoryLeads
from carquery.adapters.memory.sent_files import MemorySentFiles
from carquery.adapters.system.clock import SystemClock
from carquery.application.ports.crm import Crm, CrmAmbiguous, CrmBusy, CrmMade
from carquery.application.ports.deal_counts import DealCounts
from carquery.application.ports.sent_files import FileContent
from carquery.domain.lead import CrmId, Effect, Lead
from carquery.domain.reason import Reason
from carquery_emulators.amocrm import AmoCrmEmulator
from tests.adapters.amocrm.connecting import patient_http
from tests.builders import NOW, PERMIT
from tests.contracts.card_index import CardIndex


@dataclass(frozen=True, slots=True)
class CrmInHand:
    """A fresh CRM.

    Attributes:
        counts: how many contacts, deals, notes, tasks and files stand in it.
        names: what its contacts are called.
        refuse: let it refuse that effect for that lead.
        delete_contact: as a manager does, by merging it with another for example.
        lose_next_answer: let the next call that makes such a thing do it, and then lose its answer.
        away: nobody can reach it meanwhile.
    """

    crm: Crm
    deals: DealCounts
    counts: Callable[[], tuple[int, int, int, int, int]]
    names: Callable[[], list[str]]
    refuse: Callable[[Lead, Effect], None]
    lose_next_answer: Callable[[Effect], None]
    delete_contact: Callable[[CrmId], None]
    delete_deal: Callable[[CrmId], None]
    rename_deal: Callable[[CrmId, str], None]
    away: Callable[[], AbstractAsyncContextManager[None]]


@asynccontextmanager
async def memory() -> AsyncIterator[CrmInHand]:
    crm = MemoryCrm(SettableClock(NOW))

    def counts() -> tuple[int, int, int, int, int]:
        files = sum(len(deal.files) for deal in crm.deals.values())
        return len(crm.contacts), len(crm.deals), len(crm.notes), len(crm.tasks), files

    @asynccontextmanager
    async def away() -> AsyncIterator[None]:
        crm.fail_next(CrmBusy("HTTP 503"))
        yield

    def rename_deal(number: CrmId, title: str) -> None:
        crm.deals[number] = replace(crm.deals[number], title=title)

    yield CrmInHand(
        crm,
        crm,
        counts,
        names=lambda: [contact.name for contact in crm.contacts.values()],
        refuse=lambda lead, effect: crm.refuse(lead.id, effect, Reason("нет такого поля")),
        lose_next_answer=lambda effect: crm.fail_next(CrmAmbiguous("timeout"), effect=effect, after_effect=True),
        delete_contact=crm.delete_contact,
        delete_deal=crm.delete_deal,
        rename_deal=rename_deal,
        away=away,
    )


@asynccontextmanager
async def card_index() -> AsyncIterator[CrmInHand]:
    crm = CardIndex()
    contacts, deals = crm.drawers[Effect.CONTACT], crm.drawers[Effect.LEAD]

    def counts() -> tuple[int, int, int, int, int]:
        files = sum(len(deal.files) for deal in deals.values())
        return len(contacts), len(deals), len(crm.drawers[Effect.NOTE]), len(crm.drawers[Effect.TASK]), files

    @asynccontextmanager
    async def away() -> AsyncIterator[None]:
        crm.is_away = True
        yield
        crm.is_away = False

    def rename_deal(number: CrmId, title: str) -> None:
        deals[number].text = title

    yield CrmInHand(
        crm,
        crm,
        counts,
        names=lambda: [contact.text for contact in contacts.values()],
        refuse=lambda lead, effect: crm.locked.add((lead.id, effect)),
        lose_next_answer=crm.silent.add,
        delete_contact=contacts.__delitem__,
        delete_deal=deals.__delitem__,
        rename_deal=rename_deal,
        away=away,
    )


@asynccontextmanager
async def amocrm() -> AsyncIterator[CrmInHand]:
    clock = SystemClock()
    gate = MemoryCrmGate(clock, spacing=timedelta())
    async with AmoCrmEmulator(requests_per_second=10_000) as emulator, patient_http() as http:
        access = LongLivedAccess(emulator.base_url, emulator.long_lived_token())
        client = AmoCrmClient(http, access, Turns(gate))
        crm = AmoCrm(
            client,
            gate,
            AmoCrmConfig(),
            MemoryLeads(MemoryDatabase(), clock),
            MemorySentFiles(lambda file: FileContent(b"\xff\xd8\xff" + file.encode(), "image/jpeg")),
            clock,
        )

        def counts() -> tuple[int, int, int, int, int]:
            seen = emulator.world.counts()
            return seen["contacts"], seen["leads"], seen["notes"], seen["tasks"], seen["files"]

        def refuse(lead: Lead, effect: Effect) -> None:
            emulator.faults.poison(lead.reference if effect is Effect.FILES else lead.id, "400 plain")

        def lose_next_answer(effect: Effect) -> None:
            emulator.faults.add("drop", method="PUT" if effect is Effect.FILES else "POST")

        @asynccontextmanager
        async def away() -> AsyncIterator[None]:
            await emulator.stop_listening()
            yield
            await emulator.start_listening()

        yield CrmInHand(
            crm,
            Deals(client, AmoCrmConfig()),
            counts,
            names=lambda: [contact.name for contact in emulator.world.contacts.values()],
            refuse=refuse,
            lose_next_answer=lose_next_answer,
            delete_contact=emulator.world.delete_contact,
            delete_deal=emulator.world.delete_lead,
            rename_deal=emulator.world.rename_lead,
            away=away,
        )


CRMS = [memory, card_index, amocrm]


async def made_up_to(effect: Effect, lead: Lead, crm: Crm) -> Lead:
    """The lead with all effects before this one."""
    for earlier in list(Effect)[: list(Effect).index(effect)]:
        lead = await made(earlier, lead, crm)
    return lead


async def made(effect: Effect, lead: Lead, crm: Crm) -> Lead:
    outcome = (await crm.make(effect, [lead.intends(effect, at=NOW)], PERMIT))[lead.id]
    assert isinstance(outcome, CrmMade), outcome
    return lead.with_made(effect, outcome.id)
