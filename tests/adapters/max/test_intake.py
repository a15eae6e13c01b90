"""Each kind of update of MAX: which input it is, and where its answer is shown."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import TypeVar

import pytest

from carquery.adapters.max.channel import customer_of_user
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.screens import Busy, CallbackOffer, Menu, Notice, Question, Stale, Summary
from carquery_emulators.max import A_PHOTO, MaxCustomer
from tests.adapters.max.max_desk import MaxDesk, max_desk, running
from tests.builders import GREETING, NOW
from tests.patience import eventually

T = TypeVar("T")


@pytest.fixture
async def desk() -> AsyncIterator[MaxDesk]:
    async with max_desk() as desk, running(desk.polling()):
        yield desk


@pytest.fixture
def anna(desk: MaxDesk) -> MaxCustomer:
    return desk.max.customer(501, "Анна", phone="+79161234567")


def last(desk: MaxDesk, kind: type[T]) -> T:
    screen = desk.dealership.watch.screens[-1]
    assert isinstance(screen, kind)
    return screen


async def sent(anna: MaxCustomer, text: str) -> str:
    """The id of a message that was answered."""
    await anna.send_text(text)
    await anna.reply()
    return [message.id for message in anna.chat.messages if not message.from_bot][-1]


async def test_the_start_button_a_deep_link_and_a_text(desk: MaxDesk, anna: MaxCustomer) -> None:
    await anna.start()
    assert (await anna.reply()).text.startswith(GREETING)

    await anna.start("sell__avito")
    assert "Какой автомобиль вы продаёте?" in (await anna.reply()).text

    await sent(anna, "Toyota Camry")
    assert last(desk, Question).dialog.at == "year"
    assert desk.chats.chat_of(customer_of_user(501)) == anna.chat.id


async def test_a_press_edits_the_message_with_the_button(anna: MaxCustomer) -> None:
    await anna.start()
    menu = (await anna.reply()).message.id

    await anna.press("🚗 Продать авто")
    await anna.reply()

    assert "Какой автомобиль вы продаёте?" in anna.chat.message(menu).text


async def test_a_press_on_a_message_that_is_gone_is_answered_with_a_new_one(anna: MaxCustomer) -> None:
    await anna.start()
    menu = (await anna.reply()).message
    sell = menu.button("🚗 Продать авто")
    assert sell is not None

    anna.press_data("mid.gone", sell.data or "")
    reply = await anna.reply()

    assert reply.message.id != menu.id
    assert "Какой автомобиль вы продаёте?" in reply.text


async def test_forged_payloads_are_a_stale_button(desk: MaxDesk, anna: MaxCustomer) -> None:
    await anna.start()
    menu = (await anna.reply()).message.id

    await anna.press_stale("нет такой", menu)
    await anna.reply()

    assert desk.dealership.watch.screens[1:] == [Stale()]
    assert [alert.text for alert in anna.chat.alerts] == [Stale.TEXT]


async def test_a_card_gives_a_number_that_is_proved_or_as_good_as_typed_or_somebody_else_s(
    desk: MaxDesk, anna: MaxCustomer
) -> None:
    await anna.share_contact(other_user_id=7)
    await anna.reply()
    assert last(desk, Menu).notice is Notice.NOT_YOUR_CARD

    await anna.share_contact(proof="wrong")
    await anna.reply()
    assert (await desk.visit()).conversation == ("79161234567",)

    await anna.share_contact(literal_breaks=True)
    await anna.reply()
    assert last(desk, Summary).dialog.remark.endswith(CallbackOffer.WILL_CALL)


async def test_photos_of_one_message_are_one_input(desk: MaxDesk, anna: MaxCustomer) -> None:
    await anna.send_album([A_PHOTO] * 3, captions=("царапина",))
    await anna.reply()

    visit = await desk.visit()
    assert (len(visit.taken), len(visit.waiting.photos)) == (1, 3)
    assert len(anna.chat.bot_messages) == 1


async def test_a_voice_that_was_written_down_is_heard_and_kept(desk: MaxDesk, anna: MaxCustomer) -> None:
    await anna.start("sell")
    await anna.reply()

    await anna.send_voice("Toyota Camry")
    await anna.reply()

    dialog = last(desk, Question).dialog
    assert dialog.at == "year"
    assert [file.name for file in dialog.attachments.files] == ["голосовое сообщение, распознано «Toyota Camry».ogg"]


async def test_an_edited_text_is_read_again_and_an_edited_command_is_not(desk: MaxDesk, anna: MaxCustomer) -> None:
    await anna.start("sell")
    await anna.reply()
    written, command = await sent(anna, "Toyota"), await sent(anna, "/menu")
    before = len(desk.dealership.watch.screens)

    await anna.edit_text(command, "/help")
    await anna.edit_text(written, "Toyota Camry")
    await anna.reply()

    assert len(desk.dealership.watch.screens) == before + 1


async def test_what_nobody_can_use_is_answered_and_what_only_happened_is_not(desk: MaxDesk, anna: MaxCustomer) -> None:
    await anna.mute()
    await anna.clear_dialog()
    desk.max.inject({"update_type": "hologram_shown", "timestamp": 1})
    await anna.send_sticker()
    await anna.reply()

    assert desk.dealership.watch.screens == [Menu(Notice.UNEXPECTED)]
    assert desk.updates.failed == []


async def test_a_customer_who_stops_the_bot_is_not_reminded_until_they_are_back(
    desk: MaxDesk, anna: MaxCustomer
) -> None:
    unwanted = desk.dealership.database.unwanted_reminders
    await anna.remove_dialog()
    await eventually(lambda: customer_of_user(501) in unwanted)

    await anna.start()
    await anna.reply()
    assert unwanted == {}


@pytest.mark.parametrize(
    ("timestamp", "since"), [(1_000, datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)), (0, NOW), (10**17, NOW)]
)
async def test_that_a_customer_has_stopped_the_bot_counts_from_when_they_did(
    desk: MaxDesk, timestamp: int, since: datetime
) -> None:
    """MAX repeats what was not answered: it may come minutes late, when the customer is back."""
    desk.max.inject({"update_type": "bot_stopped", "timestamp": timestamp, "chat_id": 1, "user": {"user_id": 501}})

    unwanted = desk.dealership.database.unwanted_reminders
    await eventually(lambda: customer_of_user(501) in unwanted)
    assert unwanted[customer_of_user(501)].since == since


async def test_while_the_store_is_away_the_customer_is_told(desk: MaxDesk, anna: MaxCustomer) -> None:
    await anna.start()
    await anna.reply()
    desk.dealership.visits.fail_next(StoreUnavailable(), times=1_000)  # whoever looks for what is owed, meets some

    await anna.send_text("привет")

    assert (await anna.reply()).text == Busy.TEXT
    desk.dealership.visits.heal()
