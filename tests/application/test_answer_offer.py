"""«Да» and «Нет» to an offered form."""

import pytest

from carquery.application.ports.stores import StoreUnavailable
from carquery.application.screens import FormOffer, FreeAnswer, Question, Stale
from carquery.domain.contact import PersonName
from carquery.domain.forms.form import Service
from carquery.domain.ids import MessageId
from carquery.domain.understanding import OTHER, Entities
from tests.application.in_memory import Dealership, dealership_that_hears, shown, write
from tests.application.understanding import CAMRY, said
from tests.builders import a_dialog, an_arrival


async def offered(entities: Entities = CAMRY) -> tuple[Dealership, MessageId]:
    """A dealership that has just offered to sell a car."""
    dealership = dealership_that_hears(said(Service.SELL, entities=entities))
    (reply,) = await write(dealership, "продаю камри")
    return dealership, shown(reply, FormOffer).offer.message


async def verdict(dealership: Dealership, message: MessageId) -> bool | None:
    (taken,) = (call for call in await dealership.chain.journal.entries(message) if call.offered is not None)
    return taken.accepted


async def test_yes_opens_the_form_with_what_was_stated() -> None:
    dealership, message = await offered()

    question = shown(await dealership.answer_offer(an_arrival(2), message, accepted=True), Question)

    assert (question.dialog.form.service, question.dialog.at) == (Service.SELL, "car_brand")
    assert question.dialog.keep_all().at == "photos"
    assert await verdict(dealership, message) is True


async def test_a_name_in_the_message_goes_before_the_profile_s() -> None:
    dealership, message = await offered(Entities(name="Пётр"))

    question = shown(await dealership.answer_offer(an_arrival(2), message, accepted=True), Question)

    assert question.dialog.suggestions["name"] == PersonName("Пётр")


async def test_no_leaves_the_form() -> None:
    dealership, message = await offered()

    reply = await dealership.answer_offer(an_arrival(2), message, accepted=False)

    visit = await dealership.visit()
    assert reply.screen == FreeAnswer(FreeAnswer.DECLINED)
    assert (visit.dialog, visit.offer, await verdict(dealership, message)) == (None, None, False)


@pytest.mark.parametrize(("word", "accepted"), [("Да!", True), ("давайте", True), ("нет", False), ("Не надо.", False)])
async def test_a_typed_word_answers_too(word: str, accepted: bool) -> None:  # noqa: FBT001  # of the table above
    dealership, message = await offered()

    await dealership.take_message(an_arrival(2), word)

    assert ((await dealership.dialog()) is not None) is accepted
    assert await verdict(dealership, message) is accepted


async def test_without_an_offer_yes_is_a_message_like_any_other() -> None:
    dealership = dealership_that_hears(said(OTHER, 0.9))

    (reply,) = await write(dealership, "да")

    assert reply.screen == FreeAnswer()


async def test_two_quick_taps_open_one_form() -> None:
    dealership, message = await offered()

    first = shown(await dealership.answer_offer(an_arrival(2), message, accepted=True), Question)
    second = await dealership.answer_offer(an_arrival(3), message, accepted=True)

    assert second.screen == Stale(Question(first.dialog))
    assert await dealership.dialog() == first.dialog


async def test_the_buttons_of_an_older_offer_do_nothing() -> None:
    dealership, older = await offered()
    await dealership.take_message(an_arrival(2), "продаю камри ещё раз")

    reply = await dealership.answer_offer(an_arrival(3), older, accepted=True)

    assert reply.screen == Stale()
    assert (await dealership.visit()).offer is not None


async def test_an_offer_is_past_once_another_form_is_open() -> None:
    dealership, message = await offered()
    visit = await dealership.visit()
    await dealership.visits.save(visit.with_dialog(a_dialog(service=Service.LEGAL)))

    reply = await dealership.answer_offer(an_arrival(3), message, accepted=True)

    assert isinstance(reply.screen, Stale)
    dialog = await dealership.dialog()
    assert dialog is not None
    assert dialog.form.service is Service.LEGAL


async def test_a_journal_that_is_away_holds_up_no_form() -> None:
    dealership, message = await offered()
    dealership.chain.journal.fail_next(StoreUnavailable())

    reply = await dealership.answer_offer(an_arrival(2), message, accepted=True)

    assert isinstance(reply.screen, Question)
