"""What each input that a channel brings leads to."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

import pytest

from carquery.application.conversation.reception import Reply
from carquery.application.inbound import Inbound
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.presses import DialogPress, DialogVerb, FreePress, FreeVerb, Press
from carquery.application.screens import (
    NOT_EDITED,
    AskFreely,
    Busy,
    Erased,
    EraseWarning,
    FieldList,
    FormOffer,
    FreeAnswer,
    Help,
    LeaveWarning,
    Menu,
    Notice,
    Place,
    Privacy,
    Question,
    Receipt,
    Screen,
    Stale,
    Summary,
)
from carquery.domain.answers import SharedContact
from carquery.domain.attachments import Parcel
from carquery.domain.dialog import Dialog
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.forms.form import Service
from carquery.domain.ids import DialogId, FileId, MessageId, Source
from carquery.domain.visit import Button, Offer
from tests.application.in_memory import Dealership, button_of, shown
from tests.builders import BORIS, TERMS, a_dialog, a_reviewed_dialog, an_arrival

Input: TypeAlias = Callable[[Inbound], Awaitable[Reply | None]]


@pytest.mark.parametrize(
    ("text", "screen"),
    [
        ("/start", Menu()),
        ("/menu", Menu()),
        ("/cancel", Menu(Notice.NOTHING_TO_CANCEL)),
        ("/help", Help()),
        ("/privacy", Privacy(None)),
        ("/settings", Menu(Notice.NO_SUCH_COMMAND)),
        ("меню", Menu()),
    ],
)
async def test_a_command_does_what_its_description_says(dealership: Dealership, text: str, screen: Screen) -> None:
    assert (await dealership.inbound.wrote(an_arrival(), text)).screen == screen


async def test_a_command_that_there_is_not_leaves_the_open_question(dealership: Dealership) -> None:
    await dealership.has_open(a_dialog(step="mileage"))

    question = shown(await dealership.inbound.wrote(an_arrival(), "/settings"), Question)

    assert (question.dialog.at, question.hint) == ("mileage", Notice.NO_SUCH_COMMAND.text)


async def test_the_privacy_command_links_the_policy(careful_dealership: Dealership) -> None:
    reply = await careful_dealership.inbound.wrote(an_arrival(), "/privacy")

    assert reply.screen == Privacy(TERMS.policy_url)


@pytest.mark.parametrize("service", list(FORMS))
async def test_a_deep_link_opens_its_form_however_the_messenger_brings_it(
    dealership: Dealership, service: Service
) -> None:
    typed = shown(await dealership.inbound.wrote(an_arrival(1), f"/start {service}__avito"), Question)
    await dealership.inbound.wrote(an_arrival(2), "/start")
    opened = shown(await dealership.inbound.started(an_arrival(3, BORIS), f"{service}__avito"), Question)

    assert (typed.dialog.form.service, opened.dialog.form.service) == (service, service)
    assert (typed.dialog.source, opened.dialog.source) == (Source("avito"), Source("avito"))


async def test_a_text_answers_the_open_question(dealership: Dealership) -> None:
    await dealership.has_open(a_dialog(step="mileage"))

    question = shown(await dealership.inbound.wrote(an_arrival(), "120 тыс"), Question)

    assert question.dialog.at == "price"


async def test_a_contact_answers_the_question_for_the_phone(dealership: Dealership) -> None:
    await dealership.has_open(a_dialog(step="phone"))

    question = shown(
        await dealership.inbound.shared_contact(an_arrival(), SharedContact("79161234567", own=True)), Question
    )

    assert question.dialog.at == "comment"


async def test_photos_go_into_the_question_for_photos(dealership: Dealership) -> None:
    await dealership.has_open(a_dialog(step="photos"))
    album = Parcel((FileId("p1"), FileId("p2")))

    question = shown(await dealership.inbound.sent(an_arrival(), album), Question)

    assert question.dialog.known is not None
    assert question.dialog.known.shown == "2 фото"


async def test_what_nobody_can_use_is_answered(dealership: Dealership) -> None:
    assert (await dealership.inbound.sent_something_else(an_arrival())).screen == Menu(Notice.UNEXPECTED)


async def test_an_edit_does_not_replace_an_answer(dealership: Dealership) -> None:
    await dealership.has_open(a_dialog(step="mileage"))

    reply = await dealership.inbound.edited(an_arrival(), "130 тыс")

    assert reply is not None
    assert shown(reply, Question).hint == NOT_EDITED


async def test_a_command_that_was_edited_does_nothing(dealership: Dealership) -> None:
    assert await dealership.inbound.edited(an_arrival(), "/cancel") is None
    assert dealership.watch.screens == []


async def test_new_words_under_a_picture_are_kept(dealership: Dealership) -> None:
    await dealership.has_open(a_dialog(step="mileage"))

    question = shown(await dealership.inbound.edited_caption(an_arrival(), "царапина слева"), Question)

    assert question.dialog.asides == ("царапина слева",)


IN_DIALOG = [
    (a_dialog(step="photos"), DialogVerb.SKIP, "", Question),
    (a_dialog(step="mileage"), DialogVerb.BACK, "", Question),
    (a_dialog(step="price"), DialogVerb.PICK, "appraise", Question),
    (a_dialog(step="mileage"), DialogVerb.LEAVE, "", LeaveWarning),
    (a_dialog(step="mileage"), DialogVerb.GO, Place.MENU, Menu),
    (a_dialog(step="mileage"), DialogVerb.STAY, "", Question),
    (a_reviewed_dialog(), DialogVerb.FIELDS, "", FieldList),
    (a_reviewed_dialog(), DialogVerb.EDIT, "name", Question),
    (a_reviewed_dialog(), DialogVerb.SEND, "", Receipt),
    (a_reviewed_dialog(), DialogVerb.STAY, "", Summary),
    (a_dialog(step="mileage"), DialogVerb.GO, "nowhere", Stale),
    (a_dialog(step="mileage"), DialogVerb.CHOOSE, "x", Stale),
    (a_dialog(step="mileage"), DialogVerb.CHOOSE, "7", Stale),
    (a_dialog(step="mileage"), DialogVerb.KEEP, "", Stale),
    (a_dialog(step="mileage"), DialogVerb.AGREE, "", Stale),
]


@pytest.mark.parametrize(("dialog", "verb", "argument", "screen"), IN_DIALOG, ids=lambda part: str(part)[:20])
async def test_a_press_in_a_dialog_does_what_its_verb_says(
    dealership: Dealership, dialog: Dialog, verb: DialogVerb, argument: str, screen: type[Screen]
) -> None:
    await dealership.has_open(dialog)

    reply = await dealership.inbound.pressed(an_arrival(), DialogPress(button_of(dialog), verb, argument))

    assert isinstance(reply.screen, screen)


FREE: list[tuple[Press | None, Screen]] = [
    (FreePress(FreeVerb.OPEN, Place.MENU), Menu()),
    (FreePress(FreeVerb.OPEN_BESIDE, Place.QUESTION), AskFreely()),
    (FreePress(FreeVerb.OPEN, "nowhere"), Stale()),
    (FreePress(FreeVerb.ASK_ERASE), EraseWarning()),
    (FreePress(FreeVerb.ERASE), Erased()),
    (FreePress(FreeVerb.STAY), Menu()),
    (FreePress(FreeVerb.ACCEPT, "0123456789ABC"), Stale()),
    (DialogPress(Button(DialogId("0123456789ABC"), a_dialog().revision), DialogVerb.SEND), Stale()),
    (None, Stale()),
]


@pytest.mark.parametrize(("press", "screen"), FREE, ids=lambda part: str(part)[:60])
async def test_a_press_outside_any_dialog(dealership: Dealership, press: Press | None, screen: Screen) -> None:
    assert (await dealership.inbound.pressed(an_arrival(), press)).screen == screen


@pytest.mark.parametrize(("verb", "screen"), [(FreeVerb.ACCEPT, Question), (FreeVerb.DECLINE, FreeAnswer)])
async def test_an_offer_is_answered_by_its_buttons(
    dealership: Dealership, verb: FreeVerb, screen: type[Screen]
) -> None:
    message = MessageId("0123456789ABC")
    await dealership.has_open(None, offer=Offer(message, Service.SELL, {}))

    assert isinstance((await dealership.inbound.pressed(an_arrival(), FreePress(verb, message))).screen, screen)


EVERY_INPUT: list[Input] = [
    lambda inbound: inbound.wrote(an_arrival(), "продаю камри"),
    lambda inbound: inbound.wrote(an_arrival(), "/menu"),
    lambda inbound: inbound.started(an_arrival(), "sell"),
    lambda inbound: inbound.pressed(an_arrival(), FreePress(FreeVerb.OPEN, Service.SELL)),
    lambda inbound: inbound.shared_contact(an_arrival(), SharedContact("79161234567", own=True)),
    lambda inbound: inbound.sent(an_arrival(), Parcel((FileId("p1"),))),
    lambda inbound: inbound.edited(an_arrival(), "продаю камри"),
    lambda inbound: inbound.edited_caption(an_arrival(), "продаю камри"),
    lambda inbound: inbound.sent_something_else(an_arrival()),
]


@pytest.mark.parametrize("given", EVERY_INPUT)
async def test_while_a_store_is_away_every_input_is_answered_so_and_counted(
    dealership: Dealership, given: Input
) -> None:
    dealership.visits.fail_next(StoreUnavailable())

    reply = await given(dealership.inbound)

    assert reply == Reply(Busy())
    assert (dealership.watch.screens, dealership.watch.away) == ([Busy()], 1)
    assert await dealership.visits.load(an_arrival().customer) is None


@pytest.mark.parametrize("given", EVERY_INPUT)
async def test_an_input_that_comes_again_changes_nothing(dealership: Dealership, given: Input) -> None:
    await given(dealership.inbound)
    before = await dealership.visit()

    await given(dealership.inbound)

    assert await dealership.visit() == before


async def test_the_offer_upon_a_free_text_is_counted_as_what_it_is(dealership: Dealership) -> None:
    reply = await dealership.inbound.wrote(an_arrival(), "продаю камри")

    assert dealership.watch.screens == [reply.screen]
    assert isinstance(reply.screen, FormOffer | FreeAnswer)
