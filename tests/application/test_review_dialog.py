"""Looking at a dialog changes nothing."""

import pytest

from carquery.application.conversation.review_dialog import ReviewDialog
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.screens import FieldList, Question, Stale, Summary, screen_of
from tests.application.in_memory import Dealership, button_of
from tests.builders import a_dialog, a_reviewed_dialog, an_arrival


@pytest.fixture
def review(dealership: Dealership) -> ReviewDialog:
    return ReviewDialog(reception=dealership.reception)


async def test_the_fields_of_the_summary_are_listed(dealership: Dealership, review: ReviewDialog) -> None:
    dialog = a_reviewed_dialog()
    await dealership.has_open(dialog)

    assert (await review.fields(an_arrival(), button_of(dialog))).screen == FieldList(dialog)
    assert await dealership.dialog() == dialog


async def test_before_the_summary_there_are_no_fields_to_change(dealership: Dealership, review: ReviewDialog) -> None:
    dialog = a_dialog(step="mileage")
    await dealership.has_open(dialog)

    assert (await review.fields(an_arrival(), button_of(dialog))).screen == Stale(screen_of(dialog))


async def test_no_shows_the_question_the_customer_was_at(dealership: Dealership, review: ReviewDialog) -> None:
    dialog = a_dialog(step="mileage")
    await dealership.has_open(dialog)

    assert (await review.step(an_arrival(), button_of(dialog))).screen == Question(dialog)
    assert await dealership.dialog() == dialog


async def test_back_from_the_list_is_the_summary(dealership: Dealership, review: ReviewDialog) -> None:
    dialog = a_reviewed_dialog()
    await dealership.has_open(dialog)

    assert (await review.step(an_arrival(), button_of(dialog))).screen == Summary(dialog)


async def test_a_button_of_before_shows_nothing(dealership: Dealership, review: ReviewDialog) -> None:
    await dealership.has_open(a_reviewed_dialog())
    old = button_of(a_reviewed_dialog(number=2))

    assert (await review.fields(an_arrival(1), old)).screen == Stale()
    assert (await review.step(an_arrival(2), old)).screen == Stale()


async def test_nothing_is_shown_while_the_store_is_away(dealership: Dealership, review: ReviewDialog) -> None:
    dialog = a_reviewed_dialog()
    before = await dealership.has_open(dialog)
    dealership.visits.fail_next(StoreUnavailable(), times=2)

    with pytest.raises(StoreUnavailable):
        await review.fields(an_arrival(1), button_of(dialog))
    with pytest.raises(StoreUnavailable):
        await review.step(an_arrival(2), button_of(dialog))

    assert await dealership.visit() == before
