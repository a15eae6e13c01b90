"""What stands in a deal, its note and its task, and what is left out of them."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from carquery.adapters.amocrm.config import FieldName
from carquery.adapters.amocrm.reasons import AMOCRM
from carquery.application.ports.crm import CrmAmbiguous, CrmMade, CrmRefused
from carquery.domain.contact import Phone
from carquery.domain.dealership.dealership import Dealership
from carquery.domain.dealership.hours import BusinessHours
from carquery.domain.dealership.routing import Route
from carquery.domain.dealership.week import read_week
from carquery.domain.effects import NOTHING_TO_MAKE, CrmId, Effect
from carquery.domain.ids import Source
from carquery.domain.lead import Lead
from tests.adapters.amocrm.account import AmoCrmAccount, an_account
from tests.builders import ANNA_S_HANDLE, PERMIT, a_full_lead

LATER = Route(task_minutes=45)


async def a_deal(account: AmoCrmAccount, lead: Lead) -> Lead:
    return await account.made_up_to(Effect.NOTE, lead)


async def test_a_deal_has_reference_price_tags_fields_and_contact() -> None:
    async with an_account() as account:
        lead = await a_deal(account, replace(a_full_lead(), source=Source("avito")))

        deal = account.emulator.world.leads[lead.made[Effect.LEAD]]
        assert lead.reference in deal.name
        assert deal.price == 1_200_000
        assert set(deal.tags) == {"CarQuery", lead.title, "Telegram"}
        assert deal.contacts == (lead.made[Effect.CONTACT],)
        filled = {name: deal.field(field) for name, field in account.fields.items() if name is not FieldName.TELEGRAM}
        assert filled == {
            FieldName.SERVICE: lead.title,
            FieldName.BRAND: "Toyota Camry <b>&\n«Ёж» 🚗",
            FieldName.YEAR: 2018,
            FieldName.MILEAGE: 120_000,
            FieldName.PRICE: 1_200_000,
            FieldName.VIN: None,
            FieldName.SOURCE: "avito",
            FieldName.REFERENCE: lead.reference,
        }


async def test_the_note_holds_every_answer_and_the_task_says_whom_to_call() -> None:
    async with an_account() as account:
        lead = await account.made_up_to(Effect.FILES, replace(a_full_lead(), handle=ANNA_S_HANDLE))

        note = account.emulator.world.notes[lead.made[Effect.NOTE]]
        assert all(line in note.text for _, answer in lead.lines for line in answer.splitlines())
        assert "@anna_k" in note.text
        task = account.emulator.world.tasks[lead.made[Effect.TASK]]
        assert task.text.startswith("Позвонить клиенту: Анна, +7 916 123-45-67 – Продажа авто, Toyota Camry")
        assert task.text.endswith(f" ({lead.reference})")
        assert abs(task.complete_till - datetime.now(UTC).timestamp() - 1800) < 60


async def test_while_the_dealership_is_closed_the_task_is_due_after_it_has_opened() -> None:
    today = datetime.now(UTC).date()
    holidays = frozenset(today + timedelta(days=ahead) for ahead in range(-1, 10))
    closed = Dealership(hours=BusinessHours("", read_week("ежедневно 9:00-20:00"), UTC, holidays))
    async with an_account() as account:
        lead = await account.made_up_to(Effect.TASK, a_full_lead())
        crm = account.again(account.config, lambda: closed)

        await crm.make(Effect.TASK, [lead, replace(a_full_lead(2), made=lead.made, route=LATER)], PERMIT)

        opens = datetime.combine(today + timedelta(days=10), time(9), UTC).timestamp()
        due_in = [task.complete_till - opens for task in account.emulator.world.tasks.values()]
        assert due_in == [30 * 60, 45 * 60]


async def test_no_task_is_made_where_none_is_wanted() -> None:
    async with an_account(task_after=timedelta()) as account:
        lead = await account.made_up_to(Effect.TASK, a_full_lead())

        assert await account.make(Effect.TASK, lead) == [CrmMade(NOTHING_TO_MAKE)]
        assert account.emulator.world.tasks == {}


async def test_a_field_that_is_gone_costs_itself_alone_and_its_value_stands_in_the_note() -> None:
    async with an_account() as account:
        account.emulator.world.delete_field("leads", account.fields[FieldName.MILEAGE])
        lead = await account.made_up_to(Effect.TASK, a_full_lead())

        deal = account.emulator.world.leads[lead.made[Effect.LEAD]]
        assert deal.field(account.fields[FieldName.YEAR]) == 2018
        assert len(lead.left_out) == 1
        words = AMOCRM.reasons.russian(lead.left_out[0])
        assert f"«Пробег, км» (№ {account.fields[FieldName.MILEAGE]})" in words
        note = account.emulator.world.notes[lead.made[Effect.NOTE]].text
        assert "120 000 км" in note.replace("\N{NO-BREAK SPACE}", " ")
        assert words in note


async def test_a_responsible_user_who_has_left_costs_himself_alone() -> None:
    async with an_account() as probe:
        user = next(user.id for user in probe.emulator.world.users.values())
    async with an_account(responsible_user_id=user) as account:
        account.emulator.world.deactivate_user(user)

        lead = await account.made_up_to(Effect.FILES, a_full_lead())

        assert any("ответственный" in AMOCRM.reasons.russian(reason) for reason in lead.left_out)
        assert len(account.emulator.world.leads) == 1


async def test_a_field_that_is_gone_costs_a_batch_one_more_request_and_a_look() -> None:
    async with an_account() as account:
        account.emulator.world.delete_field("leads", account.fields[FieldName.YEAR])
        people = [a_full_lead(number, phone=Phone(f"+7916000{number:04}")) for number in range(1, 51)]
        outcomes = await account.make(Effect.CONTACT, *people)
        leads = [
            lead.with_made(Effect.CONTACT, outcome.id)
            for lead, outcome in zip(people, outcomes, strict=True)
            if isinstance(outcome, CrmMade)
        ]
        before = len(account.emulator.journal)

        await account.make(Effect.LEAD, *leads)

        assert len(account.emulator.world.leads) == 50
        assert len(account.emulator.journal) - before == 3


@pytest.mark.parametrize("how", ["400 plain", "400 validation"])
@pytest.mark.parametrize("partial", [False, True])
async def test_one_refused_item_of_a_batch_costs_itself_alone(how: str, *, partial: bool) -> None:
    async with an_account() as account:
        leads = [await account.made_up_to(Effect.LEAD, a_full_lead(number)) for number in range(1, 6)]
        account.emulator.faults.partial_batches = partial
        account.emulator.faults.poison(leads[2].reference, how)

        outcomes = await account.make(Effect.LEAD, *leads)

        assert isinstance(outcomes[2], CrmRefused)
        assert sum(isinstance(outcome, CrmMade) for outcome in outcomes) == 4
        assert len(account.emulator.world.leads) == 4


async def test_a_batch_that_the_server_chokes_on_is_in_doubt_as_a_whole() -> None:
    async with an_account() as account:
        leads = [await account.made_up_to(Effect.LEAD, a_full_lead(number)) for number in (1, 2)]
        account.emulator.faults.poison(leads[0].reference, "504")

        outcomes = await account.make(Effect.LEAD, *leads)

        assert all(isinstance(outcome, CrmAmbiguous) for outcome in outcomes)


@pytest.mark.parametrize("lag", [0, 3600])
async def test_a_lost_deal_is_found_even_if_a_manager_renamed_it(lag: float) -> None:
    async with an_account() as account:
        account.emulator.faults.search_lag = lag
        lead = await account.made_up_to(Effect.LEAD, a_full_lead())
        account.emulator.faults.add("drop", method="POST", path="/leads$")
        await account.make(Effect.LEAD, lead)
        (deal,) = account.emulator.world.leads
        account.emulator.world.rename_lead(deal, "Анна, Камри")

        assert await account.crm.find(Effect.LEAD, [lead]) == {lead.id: CrmId(deal)}


async def test_a_note_for_a_deal_that_was_deleted_is_refused_and_the_deal_not_made_anew() -> None:
    async with an_account() as account:
        lead = await account.made_up_to(Effect.NOTE, a_full_lead())
        account.emulator.world.delete_lead(lead.made[Effect.LEAD])

        (outcome,) = await account.make(Effect.NOTE, lead)

        assert isinstance(outcome, CrmRefused)
        assert account.emulator.world.counts()["leads"] == 0
