"""Which of a contact's deals a repeat request may join, in accounts with filters and without, and what asking costs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from carquery.adapters.amocrm.listing import PAGE
from carquery.application.ports.crm import StandingDeal
from carquery.domain.effects import CrmId, Effect
from carquery.domain.ids import CrmUserId, Reference
from carquery.domain.lead import EarlierDeal, Lead
from carquery_emulators.amocrm import Salesperson
from carquery_emulators.amocrm.account.rows import INCOMING
from carquery_emulators.amocrm.faults import FrontAnswer
from tests.adapters.amocrm.account import AmoCrmAccount, an_account
from tests.builders import PERMIT, a_full_lead, a_phone

FILTERS = pytest.mark.parametrize("has_filters", [True, False], ids=["with filters", "without filters"])
DAYS = 14


@asynccontextmanager
async def an_account_to_join(*, has_filters: bool = True) -> AsyncIterator[AmoCrmAccount]:
    async with an_account(join_open_deal_days=DAYS) as account:
        account.emulator.world.has_filters = has_filters
        yield account


async def who_asks_again(account: AmoCrmAccount, number: int = 2, *, phone: int = 1) -> Lead:
    """A further lead of that phone, which has its contact."""
    return await account.made(Effect.CONTACT, a_full_lead(number, phone=a_phone(phone)))


async def a_customer(account: AmoCrmAccount, *, phone: int = 1) -> int:
    """A contact that people made."""
    return account.emulator.world.add_contact("Анна", [a_phone(phone).e164])


async def standing(account: AmoCrmAccount, *leads: Lead) -> dict[str, StandingDeal]:
    since = datetime.now(UTC) - timedelta(days=DAYS)
    found = await account.crm.earlier_deals(leads, since=since)
    return {lead.reference: found[lead.id] for lead in leads if lead.id in found}


def asked(account: AmoCrmAccount, since: int) -> list[str]:
    """The paths that were read, since so many requests."""
    requests = list(account.emulator.journal)[since:]
    return [request.path.removeprefix("/api/v4") for request in requests if request.method == "GET"]


@FILTERS
async def test_of_a_contact_s_deals_the_newest_open_one_is_found(*, has_filters: bool) -> None:
    async with an_account_to_join(has_filters=has_filters) as account:
        world, anna = account.emulator.world, await a_customer(account)
        deals = [world.add_lead(f"Продажа · CQ-00000{place}", anna) for place in range(4)]
        Salesperson(world, world.admin).close(deals[3])
        Salesperson(world, world.admin).close(deals[2], is_won=False)

        found = await standing(account, await who_asks_again(account))

    expected = EarlierDeal(CrmId(deals[1]), Reference("CQ-000001"), responsible=CrmUserId(world.admin))
    assert found == {"CQ-000002": StandingDeal(expected, is_open=True)}


@FILTERS
async def test_deals_beyond_the_newest_page_are_found_too(*, has_filters: bool) -> None:
    async with an_account_to_join(has_filters=has_filters) as account:
        world, anna = account.emulator.world, await a_customer(account)
        boris = await a_customer(account, phone=2)
        hers, his = [world.add_lead("Продажа", anna), world.add_lead("Ещё", anna)], world.add_lead("Покупка", boris)
        Salesperson(world, world.admin).close(hers[1])
        stranger = world.add_contact("Кто-то", [])
        for _ in range(PAGE + 1):
            world.add_lead("Чужая", stranger)

        found = await standing(account, await who_asks_again(account, 2), await who_asks_again(account, 3, phone=2))

    assert {reference: told.deal.id for reference, told in found.items()} == {"CQ-000002": hers[0], "CQ-000003": his}


async def test_a_filter_that_is_refused_is_done_without() -> None:
    async with an_account_to_join() as account:
        world, anna = account.emulator.world, await a_customer(account)
        deals = [world.add_lead("Продажа", anna) for _ in range(2)]
        lead = await who_asks_again(account)
        refusal = FrontAnswer(400, '{"title": "Bad Request", "status": 400}', "application/problem+json")
        account.emulator.faults.add("front", method="GET", path=r"/leads$", front=refusal)

        found = await standing(account, lead)

    assert found["CQ-000002"].deal.id == deals[1]


async def test_a_contact_that_does_not_say_its_deals_in_a_list_is_asked_by_itself() -> None:
    """A process that has just started knows nothing from the search, and asks the contact."""
    async with an_account_to_join() as account:
        anna = await a_customer(account)
        deal = account.emulator.world.add_lead("Продажа", anna)
        lead = await who_asks_again(account)

        found = [await standing(account, lead) for _ in range(2)]

    assert [told["CQ-000002"].deal.id for told in found] == [deal, deal]


@pytest.mark.parametrize("place", ["incoming", "archived", "gone"])
async def test_a_deal_that_people_do_not_work_on_is_not_joined(place: str) -> None:
    async with an_account_to_join() as account:
        world, anna = account.emulator.world, await a_customer(account)
        other = world.add_pipeline("Сервис", ["Запись"])
        deal, pipeline = world.add_lead("Продажа", anna), world.pipelines[other]
        manager = Salesperson(world, world.admin)
        if place == "incoming":
            stage = next(stage for stage in pipeline.statuses if stage.type == INCOMING)
            manager.move(deal, stage.id, other)
        else:
            manager.move(deal, pipeline.first_stage.id, other)
            goes = world.archive_pipeline if place == "archived" else world.delete_pipeline
            goes(other)

        found = await standing(account, await who_asks_again(account))

    assert (found["CQ-000002"].deal.id, found["CQ-000002"].is_open) == (deal, False)


async def test_a_stage_that_people_have_just_made_is_known() -> None:
    async with an_account_to_join() as account:
        world, anna = account.emulator.world, await a_customer(account)
        deal, lead = world.add_lead("Продажа", anna), await who_asks_again(account)
        before = await standing(account, lead)
        other = world.add_pipeline("Сервис", ["Запись"])
        Salesperson(world, world.admin).move(deal, world.pipelines[other].first_stage.id, other)

        after = await standing(account, lead)

    assert (before["CQ-000002"].is_open, after["CQ-000002"].is_open) == (True, True)


async def test_the_task_is_for_whoever_works_on_the_deal() -> None:
    async with an_account_to_join() as account:
        world, anna = account.emulator.world, await a_customer(account)
        oleg = next(user.id for user in world.users.values() if not user.is_admin and user.is_active)
        Salesperson(world, world.admin).hand_over(world.add_lead("Продажа", anna), oleg)
        lead = await who_asks_again(account)
        lead = lead.joins((await standing(account, lead))["CQ-000002"].deal)

        lead = await account.made(Effect.TASK, await account.made(Effect.NOTE, lead))

        assert world.tasks[lead.made[Effect.TASK]].responsible_user_id == oleg


async def test_what_people_have_added_to_a_note_stays() -> None:
    async with an_account_to_join() as account:
        world = account.emulator.world
        lead = await account.made_up_to(Effect.TASK, a_full_lead())
        note = lead.made[Effect.NOTE]
        before = world.notes[note].text
        world.notes[note] = replace(world.notes[note], params={"text": f"{before}\nПерезвонить в пятницу"})

        await account.crm.add_to_note(lead, "Возможен трейд-ин: CQ-000002", PERMIT)

        assert world.notes[note].text == f"{before}\nПерезвонить в пятницу\nВозможен трейд-ин: CQ-000002"


class TestWhatItCosts:
    """In requests beside those of every lead."""

    async def test_who_comes_for_the_first_time_costs_nothing(self) -> None:
        async with an_account_to_join() as account:
            lead = await who_asks_again(account)
            before = len(account.emulator.journal)

            assert await standing(account, lead) == {}
            assert asked(account, before) == []

    async def test_who_has_a_deal_costs_one_request_and_the_pipelines_once(self) -> None:
        async with an_account_to_join() as account:
            anna = await a_customer(account)
            account.emulator.world.add_lead("Продажа", anna)
            costs = []
            for number in (2, 3):
                lead = await who_asks_again(account, number)
                before = len(account.emulator.journal)
                await standing(account, lead)
                costs.append(asked(account, before))

        deal = costs[1][0]
        assert deal.startswith("/leads/")
        assert costs == [[deal, "/leads/pipelines"], [deal]]

    @FILTERS
    async def test_a_batch_of_regulars_costs_one_request(self, *, has_filters: bool) -> None:
        async with an_account_to_join(has_filters=has_filters) as account:
            leads = []
            for phone in range(1, 21):
                anna = await a_customer(account, phone=phone)
                account.emulator.world.add_lead("Продажа", anna)
                leads.append(await who_asks_again(account, phone + 100, phone=phone))
            before = len(account.emulator.journal)

            found = await standing(account, *leads)

            assert len(found) == 20
            assert asked(account, before) == ["/leads", "/leads/pipelines"]

    async def test_a_dealership_that_joins_nothing_asks_for_nothing_more(self) -> None:
        async with an_account() as account:
            await a_customer(account)
            await who_asks_again(account)

            assert not [request for request in account.emulator.journal if "with=" in request.query]
