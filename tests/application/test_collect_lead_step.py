"""One input goes one step through the open dialog."""

import asyncio

import pytest

from carquery.application.conversation.collect_lead_step import (
    Back,
    Choose,
    Clear,
    CollectLeadStep,
    Edit,
    Keep,
    Move,
    Skip,
)
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.screens import ConsentRequest, Menu, Notice, Question, Stale, Summary
from carquery.domain.answers import Picked, Typed, Unexpected
from carquery.domain.attachments import Parcel
from carquery.domain.car import Kilometers, ModelYear
from carquery.domain.dialog import Dialog
from carquery.domain.forms.form import Service
from carquery.domain.ids import FileId
from carquery.domain.steps import UNEXPECTED
from carquery.domain.visit import Button
from tests.application.in_memory import Dealership, button_of, shown
from tests.builders import BORIS, TERMS, a_dialog, a_reviewed_dialog, an_arrival


@pytest.fixture
def collect(dealership: Dealership) -> CollectLeadStep:
    return CollectLeadStep(reception=dealership.reception)


async def test_an_answer_leads_to_the_next_question(dealership: Dealership, collect: CollectLeadStep) -> None:
    await dealership.has_open(a_dialog(step="year"))

    question = shown(await collect(an_arrival(), Typed("2018")), Question)

    assert (question.dialog.at, question.dialog.answers["year"], question.hint) == ("mileage", ModelYear(2018), "")
    assert await dealership.dialog() == question.dialog


async def test_the_last_answer_leads_to_the_summary(dealership: Dealership, collect: CollectLeadStep) -> None:
    await dealership.has_open(a_dialog(service=Service.CALLBACK, step="phone"))

    summary = shown(await collect(an_arrival(), Typed("+7 916 123-45-67")), Summary)

    assert await dealership.dialog() == summary.dialog


async def test_a_refused_answer_says_why_and_loses_nothing(dealership: Dealership, collect: CollectLeadStep) -> None:
    before = a_dialog(step="mileage")
    await dealership.has_open(before)

    question = shown(await collect(an_arrival(), Typed("не помню")), Question)

    assert question.dialog == before
    assert question.hint != ""
    assert await dealership.dialog() == before


async def test_a_sticker_is_asked_to_be_words(dealership: Dealership, collect: CollectLeadStep) -> None:
    before = a_dialog(step="mileage")
    await dealership.has_open(before)

    assert (await collect(an_arrival(), Unexpected())).screen == Question(before, UNEXPECTED)


async def test_at_the_summary_only_its_buttons_count(dealership: Dealership, collect: CollectLeadStep) -> None:
    before = a_reviewed_dialog()
    await dealership.has_open(before)

    summary = shown(await collect(an_arrival(), Unexpected()), Summary)

    assert summary.hint != ""
    assert await dealership.dialog() == before


async def test_before_consent_no_answer_is_taken(dealership: Dealership, collect: CollectLeadStep) -> None:
    before = a_dialog(service=Service.CALLBACK, terms=TERMS)
    await dealership.has_open(before)

    request = shown(await collect(an_arrival(), Unexpected()), ConsentRequest)

    assert (request.terms, await dealership.dialog()) == (TERMS, before)


MOVES: list[tuple[Dialog, Move, str | None]] = [
    (a_dialog(service=Service.CHECK), Picked("complete"), "car_brand"),
    (a_dialog(step="mileage").answer(Typed("120")), Choose(1), "price"),
    (a_dialog(step="photos").enclose(Parcel(photos=(FileId("one"),))), Keep(), "name"),
    (a_dialog(step="photos"), Skip(), "name"),
    (a_dialog(step="mileage"), Back(), "year"),
    (a_reviewed_dialog(), Edit("name"), "name"),
    (a_reviewed_dialog().edit("name"), Back(), None),
]


@pytest.mark.parametrize(("dialog", "move", "to"), MOVES, ids=lambda value: type(value).__name__)
async def test_a_button_moves_the_dialog(
    dealership: Dealership, collect: CollectLeadStep, dialog: Dialog, move: Move, to: str | None
) -> None:
    await dealership.has_open(dialog)

    await collect(an_arrival(), move, button_of(dialog))

    moved = await dealership.dialog()
    assert moved is not None
    assert moved.at == to


async def test_an_offered_reading_becomes_the_answer(dealership: Dealership, collect: CollectLeadStep) -> None:
    dialog = a_dialog(step="mileage").answer(Typed("120"))
    await dealership.has_open(dialog)

    question = shown(await collect(an_arrival(), Choose(1), button_of(dialog)), Question)

    assert question.dialog.answers["mileage"] == Kilometers(120_000)


async def test_an_answer_taken_away_is_asked_for_again(dealership: Dealership, collect: CollectLeadStep) -> None:
    dialog = a_dialog(step="photos").enclose(Parcel(photos=(FileId("one"),)))
    await dealership.has_open(dialog)

    question = shown(await collect(an_arrival(), Clear(), button_of(dialog)), Question)

    assert question.dialog.at == "photos"
    assert "photos" not in question.dialog.answers


NOT_OFFERED: list[tuple[Dialog, Move]] = [
    (a_dialog(), Skip()),
    (a_dialog(), Keep()),
    (a_dialog(), Back()),
    (a_dialog(), Choose(0)),
    (a_dialog(step="mileage").answer(Typed("120")), Choose(2)),
    (a_dialog(step="photos"), Clear()),
    (a_dialog(step="mileage"), Edit("year")),
    (a_reviewed_dialog(), Edit("mileage")),
    (a_dialog(service=Service.CHECK), Picked("no-such-option")),
]


@pytest.mark.parametrize(("dialog", "move"), NOT_OFFERED, ids=lambda value: type(value).__name__)
async def test_a_button_that_is_not_offered_does_nothing(
    dealership: Dealership, collect: CollectLeadStep, dialog: Dialog, move: Move
) -> None:
    await dealership.has_open(dialog)

    reply = await collect(an_arrival(), move, button_of(dialog))

    assert isinstance(reply.screen, Stale)
    assert await dealership.dialog() == dialog


@pytest.mark.parametrize("which", ["older question", "other dialog"])
async def test_a_button_of_before_does_nothing(dealership: Dealership, collect: CollectLeadStep, which: str) -> None:
    dialog = a_dialog(step="photos")
    await dealership.has_open(dialog)
    earlier = Button(dialog.id, a_dialog().revision)
    button = earlier if which == "older question" else Button(a_dialog(number=2).id, dialog.revision)

    reply = await collect(an_arrival(), Skip(), button)

    assert isinstance(reply.screen, Stale)
    assert await dealership.dialog() == dialog


async def test_a_button_of_an_expired_dialog_does_nothing(collect: CollectLeadStep) -> None:
    assert (await collect(an_arrival(), Skip(), button_of(a_dialog(step="photos")))).screen == Stale()


async def test_another_customer_s_button_does_nothing(dealership: Dealership, collect: CollectLeadStep) -> None:
    hers = a_dialog(step="photos")
    await dealership.has_open(hers)

    reply = await collect(an_arrival(customer=BORIS), Skip(), button_of(hers))

    assert isinstance(reply.screen, Stale)
    assert await dealership.dialog() == hers


async def test_an_answer_without_a_dialog_gets_the_menu(dealership: Dealership, collect: CollectLeadStep) -> None:
    reply = await collect(an_arrival(), Unexpected())

    assert reply.screen == Menu(Notice.UNEXPECTED)
    assert await dealership.dialog() is None


async def test_two_taps_on_one_button_act_once(dealership: Dealership, collect: CollectLeadStep) -> None:
    dialog = a_dialog(step="photos")
    await dealership.has_open(dialog)

    replies = await asyncio.gather(
        collect(an_arrival(1), Skip(), button_of(dialog)),
        collect(an_arrival(2), Skip(), button_of(dialog)),
    )

    moved = dialog.skip()
    assert [reply.screen for reply in replies] == [Question(moved), Stale(Question(moved))]
    assert await dealership.dialog() == moved


async def test_two_messages_at_once_answer_two_questions(dealership: Dealership, collect: CollectLeadStep) -> None:
    await dealership.has_open(a_dialog())

    await asyncio.gather(collect(an_arrival(1), Typed("Lada Vesta")), collect(an_arrival(2), Typed("2019")))

    dialog = await dealership.dialog()
    assert dialog is not None
    assert (dialog.at, dialog.answers["car_brand"].shown, dialog.answers["year"]) == (
        "mileage",
        "Lada Vesta",
        ModelYear(2019),
    )


async def test_a_repeated_answer_is_taken_once(dealership: Dealership, collect: CollectLeadStep) -> None:
    await dealership.has_open(a_dialog(step="mileage"))

    first = await collect(an_arrival(1), Typed("120 000"))
    again = await collect(an_arrival(1), Typed("120 000"))

    assert again.screen == first.screen
    assert await dealership.dialog() == shown(first, Question).dialog


async def test_an_answer_can_be_given_again_when_the_store_is_back(
    dealership: Dealership, collect: CollectLeadStep
) -> None:
    before = a_dialog(step="mileage")
    await dealership.has_open(before)
    dealership.visits.fail_next(StoreUnavailable())

    with pytest.raises(StoreUnavailable):
        await collect(an_arrival(1), Typed("120 000"))

    assert await dealership.dialog() == before
    assert shown(await collect(an_arrival(1), Typed("120 000")), Question).dialog.at == "price"
