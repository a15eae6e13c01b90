"""What only the CRM in memory has: tables to read, and failures by order."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from carquery.adapters.memory.crm import MemoryCrm
from carquery.adapters.memory.environment import SettableClock
from carquery.application.ports.crm import CrmAmbiguous, CrmBusy, CrmMade, CrmRefused
from carquery.domain.dealership.dealership import Dealership
from carquery.domain.dealership.routing import Route
from carquery.domain.effects import NOTHING_TO_MAKE, CrmId, Effect
from carquery.domain.lead import Lead
from carquery.domain.reason import Reason
from tests.builders import NOW, Always, a_lead, business_hours

AT_DEAL = {Effect.CONTACT: CrmId(1), Effect.LEAD: CrmId(2)}


@pytest.fixture
def crm() -> MemoryCrm:
    return MemoryCrm(SettableClock(NOW), task_after=timedelta(minutes=45))


@pytest.fixture
def lead() -> Lead:
    return a_lead(made=AT_DEAL, conversation=("Позвоните вечером",), left_out=(Reason("Поле «VIN»: X"),))


async def test_the_note_says_all_that_is_known(crm: MemoryCrm, lead: Lead) -> None:
    await crm.make(Effect.NOTE, [lead], Always())

    (note,) = crm.notes.values()
    assert note.deal == AT_DEAL[Effect.LEAD]
    said = [lead.reference, "Позвоните вечером", "Поле «VIN»: X", *(answer for _, answer in lead.lines)]
    assert [words for words in said if words not in note.text] == []


async def test_the_task_is_due_when_it_should_be(crm: MemoryCrm, lead: Lead) -> None:
    await crm.make(Effect.TASK, [lead], Always())

    (task,) = crm.tasks.values()
    assert (task.due_at, lead.reference in task.text) == (NOW + timedelta(minutes=45), True)


async def test_at_night_the_task_is_due_when_the_dealership_has_been_open_for_so_long(lead: Lead) -> None:
    told = Dealership(hours=business_hours("вт 9:00-20:00"))
    crm = MemoryCrm(SettableClock(NOW), task_after=timedelta(minutes=45), dealership=lambda: told)
    hasty = replace(a_lead(2), made=AT_DEAL, route=Route(task_minutes=10))

    await crm.make(Effect.TASK, [lead, hasty], Always())

    opens = datetime(2026, 6, 16, 6, tzinfo=UTC)
    assert [task.due_at - opens for task in crm.tasks.values()] == [timedelta(minutes=45), timedelta(minutes=10)]


async def test_no_task_is_made_where_none_is_wanted(lead: Lead) -> None:
    crm = MemoryCrm(SettableClock(NOW), task_after=timedelta())

    assert await crm.make(Effect.TASK, [lead], Always()) == {lead.id: CrmMade(NOTHING_TO_MAKE)}
    assert crm.tasks == {}


async def test_a_failure_strikes_the_effect_it_was_ordered_for_once(crm: MemoryCrm, lead: Lead) -> None:
    crm.fail_next(CrmBusy("HTTP 503"), effect=Effect.TASK)

    await crm.make(Effect.NOTE, [lead], Always())
    assert isinstance((await crm.make(Effect.TASK, [lead], Always()))[lead.id], CrmBusy)
    await crm.make(Effect.TASK, [lead], Always())

    assert (len(crm.notes), len(crm.tasks)) == (1, 1)


async def test_failures_come_in_the_order_they_were_ordered(crm: MemoryCrm, lead: Lead) -> None:
    crm.fail_next(CrmBusy("HTTP 503"))
    crm.fail_next(CrmAmbiguous("timeout"), after_effect=True)

    assert isinstance((await crm.make(Effect.NOTE, [lead], Always()))[lead.id], CrmBusy)
    assert crm.notes == {}
    assert isinstance((await crm.make(Effect.NOTE, [lead], Always()))[lead.id], CrmAmbiguous)
    assert len(crm.notes) == 1


async def test_what_was_refused_is_accepted_again(crm: MemoryCrm, lead: Lead) -> None:
    crm.refuse(lead.id, Effect.NOTE, Reason("слишком длинно"))
    assert await crm.make(Effect.NOTE, [lead], Always()) == {lead.id: CrmRefused(Reason("слишком длинно"))}

    crm.accept_all()

    assert isinstance((await crm.make(Effect.NOTE, [lead], Always()))[lead.id], CrmMade)
