"""Leaving a dialog asks first where there is something to lose."""

import asyncio

import pytest

from carquery.application.conversation.leave_dialog import LeaveDialog
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.screens import LeaveWarning, Menu, Notice, Place, Question, Stale
from carquery.domain.forms.form import Service
from tests.application.in_memory import Dealership, button_of, shown
from tests.builders import a_dialog, a_reviewed_dialog, an_arrival


@pytest.fixture
def leave(dealership: Dealership) -> LeaveDialog:
    return LeaveDialog(reception=dealership.reception, navigator=dealership.navigator, begin_anew=dealership.begin_anew)


@pytest.mark.parametrize("by_button", [True, False], ids=["button", "command"])
async def test_leaving_warns_before_answers_are_lost(
    dealership: Dealership, leave: LeaveDialog, *, by_button: bool
) -> None:
    dialog = a_dialog(step="mileage")
    await dealership.has_open(dialog)

    reply = await leave.ask(an_arrival(), button_of(dialog) if by_button else None)

    assert reply.screen == LeaveWarning(dialog, Place.MENU)
    assert await dealership.dialog() == dialog


async def test_a_button_leaves_at_once_where_nothing_is_lost(dealership: Dealership, leave: LeaveDialog) -> None:
    dialog = a_dialog()
    await dealership.has_open(dialog)

    reply = await leave.ask(an_arrival(), button_of(dialog))

    assert reply.screen == Menu(Notice.DROPPED)
    assert await dealership.dialog() is None


async def test_the_command_warns_even_where_nothing_is_lost(dealership: Dealership, leave: LeaveDialog) -> None:
    dialog = a_dialog()
    await dealership.has_open(dialog)

    assert (await leave.ask(an_arrival())).screen == LeaveWarning(dialog, Place.MENU)
    assert await dealership.dialog() == dialog


async def test_there_may_be_nothing_to_cancel(leave: LeaveDialog) -> None:
    assert (await leave.ask(an_arrival())).screen == Menu(Notice.NOTHING_TO_CANCEL)


async def test_a_button_of_before_leaves_nothing(dealership: Dealership, leave: LeaveDialog) -> None:
    dialog = a_dialog(step="mileage")
    await dealership.has_open(dialog)
    old = button_of(a_dialog())

    asked = await leave.ask(an_arrival(1), old)
    confirmed = await leave.confirm(an_arrival(2), Place.MENU, old)

    assert isinstance(asked.screen, Stale)
    assert isinstance(confirmed.screen, Stale)
    assert await dealership.dialog() == dialog


async def test_yes_drops_the_dialog(dealership: Dealership, leave: LeaveDialog) -> None:
    dialog = a_reviewed_dialog()
    await dealership.has_open(dialog)

    reply = await leave.confirm(an_arrival(), Place.MENU, button_of(dialog))

    assert reply.screen == Menu(Notice.DROPPED)
    assert await dealership.dialog() is None


async def test_yes_leads_to_the_form_that_was_wanted(dealership: Dealership, leave: LeaveDialog) -> None:
    dialog = a_dialog(step="mileage")
    await dealership.has_open(dialog)

    question = shown(await leave.confirm(an_arrival(), Service.BUY, button_of(dialog)), Question)

    assert question.dialog.form.service is Service.BUY
    assert dict(question.dialog.answers) == {}
    assert await dealership.dialog() == question.dialog


async def test_a_call_accepted_in_a_dialog_takes_its_place(dealership: Dealership, leave: LeaveDialog) -> None:
    dialog = a_dialog(step="mileage")
    await dealership.has_open(dialog, conversation=("Есть вопрос",))

    question = shown(await leave.confirm(an_arrival(), Service.CALLBACK, button_of(dialog)), Question)

    visit = await dealership.visit()
    assert question.dialog.form.service is Service.CALLBACK
    assert (visit.dialog, visit.conversation) == (question.dialog, ("Есть вопрос",))


async def test_two_taps_on_yes_open_one_form(dealership: Dealership, leave: LeaveDialog) -> None:
    dialog = a_dialog(step="mileage")
    await dealership.has_open(dialog)

    first, second = await asyncio.gather(
        *(leave.confirm(an_arrival(number), Service.BUY, button_of(dialog)) for number in (1, 2))
    )

    assert isinstance(second.screen, Stale)
    assert await dealership.dialog() == shown(first, Question).dialog


async def test_nothing_is_dropped_while_the_store_is_away(dealership: Dealership, leave: LeaveDialog) -> None:
    dialog = a_dialog(step="mileage")
    before = await dealership.has_open(dialog)
    dealership.visits.fail_next(StoreUnavailable(), times=2)

    with pytest.raises(StoreUnavailable):
        await leave.ask(an_arrival(1))
    with pytest.raises(StoreUnavailable):
        await leave.confirm(an_arrival(2), Place.MENU, button_of(dialog))

    assert await dealership.visit() == before
