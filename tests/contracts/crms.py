"""Every adapter of `Crm`, with the means to see what stands in it and to make it fail."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

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
from carquery.domain.dealership.dealership import Dealership
from carquery.domain.dealership.follow_up import FollowUp
from carquery.domain.dealership.routing import Route
from carquery.domain.effects import CrmId, Effect
from carquery.domain.ids import CrmPipelineId, CrmStatusId, CrmUserId
from carquery.domain.lead import Lead
from carquery.domain.reason import Reason
from carquery_emulators.amocrm import AmoCrmEmulator, Salesperson
from tests.adapters.amocrm.connecting import patient_http
from tests.builders import NOW, PERMIT
from tests.contracts.card_index import CardIndex


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a deal stands, and who has it."""

    pipeline: CrmPipelineId | None
    status: CrmStatusId | None
    responsible: CrmUserId | None
    tags: frozenset[str]


ROUTED: Final = Route(
    pipeline=CrmPipelineId(7001),
    status=CrmStatusId(7011),
    responsible=(CrmUserId(501), CrmUserId(502)),
    tags=("Авито",),
)


@dataclass(frozen=True, slots=True)
class CrmInHand:
    """A fresh CRM.

    Attributes:
        counts: how many contacts, deals, notes, tasks and files stand in it.
        names: what its contacts are called.
        refuse: let it refuse that effect for that lead.
        delete_contact: as a manager does, by merging it with another for example.
        lose_next_answer: let the next call that makes such a thing do it, and then lose its answer.
        open_deal: as a manager does, for that contact.
        close_deal: as a manager does.
        note: what it says now.
        away: nobody can reach it meanwhile.
        routed: a route of which everything stands there, with two people.
        placed: where a deal stands.
        dismiss: let one leave the CRM.
        drop_pipeline: let there be no pipeline of `routed` any more.
        deals_have_dates: whether it knows how old its deals are.
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
    open_deal: Callable[[CrmId], CrmId]
    close_deal: Callable[[CrmId], None]
    note: Callable[[CrmId], str]
    away: Callable[[], AbstractAsyncContextManager[None]]
    routed: Route
    placed: Callable[[CrmId], Placed]
    dismiss: Callable[[CrmUserId], None]
    drop_pipeline: Callable[[], None]
    deals_have_dates: bool = True


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

    def placed(number: CrmId) -> Placed:
        deal = crm.deals[number]
        person = deal.state.responsible
        return Placed(deal.pipeline, deal.status, None if person is None else CrmUserId(person), frozenset(deal.tags))

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
        open_deal=crm.open_deal,
        close_deal=crm.close_deal,
        note=lambda number: crm.notes[number].text,
        away=away,
        routed=ROUTED,
        placed=placed,
        dismiss=crm.people_gone.add,
        drop_pipeline=lambda: crm.pipelines_gone.add(CrmPipelineId(7001)),
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

    def placed(number: CrmId) -> Placed:
        route = deals[number].route
        return Placed(route.pipeline, route.status, next(iter(route.responsible), None), frozenset(route.tags))

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
        open_deal=crm.open_deal,
        close_deal=crm.close_deal,
        note=lambda number: crm.drawers[Effect.NOTE][number].text,
        away=away,
        routed=ROUTED,
        placed=placed,
        dismiss=crm.people_gone.add,
        drop_pipeline=lambda: crm.pipelines_gone.add(CrmPipelineId(7001)),
        deals_have_dates=False,
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
            dealership=lambda: Dealership(follow_up=FollowUp(join_open_deal_days=14)),
        )
        manager = Salesperson(emulator.world, emulator.world.admin)

        def counts() -> tuple[int, int, int, int, int]:
            seen = emulator.world.counts()
            return seen["contacts"], seen["leads"], seen["notes"], seen["tasks"], seen["files"]

        def refuse(lead: Lead, effect: Effect) -> None:
            emulator.faults.poison(lead.reference if effect is Effect.FILES else lead.id, "400 plain")

        def lose_next_answer(effect: Effect) -> None:
            emulator.faults.add("drop", method="PUT" if effect is Effect.FILES else "POST")

        world = emulator.world
        pipeline = world.add_pipeline("Выкуп", ["Оценка", "Осмотр"])
        _, _, second = (status for status in world.pipelines[pipeline].statuses[:3])
        people = tuple(CrmUserId(user.id) for user in world.users.values() if user.is_active)

        def placed(number: CrmId) -> Placed:
            deal = world.leads[number]
            return Placed(
                CrmPipelineId(deal.pipeline_id),
                CrmStatusId(deal.status_id),
                CrmUserId(deal.responsible_user_id),
                frozenset(deal.tags),
            )

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
            open_deal=lambda contact: CrmId(emulator.world.add_lead("Анна", contact)),
            close_deal=manager.close,
            note=lambda number: emulator.world.notes[number].text,
            away=away,
            routed=Route(
                pipeline=CrmPipelineId(pipeline),
                status=CrmStatusId(second.id),
                responsible=people,
                tags=("Авито",),
            ),
            placed=placed,
            dismiss=world.deactivate_user,
            drop_pipeline=lambda: world.delete_pipeline(pipeline),
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
