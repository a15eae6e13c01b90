"""Each kind of update: which input it is, and where its answer is shown."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from carquery.adapters.messenger.replies import LONGEST_LINE
from carquery.adapters.telegram.api.methods import GetMe
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.screens import Busy, FieldList, Menu, Notice, Question, Stale
from carquery_emulators.telegram import Customer
from tests.adapters.telegram.front_desk import ADMIN_CHAT, FrontDesk, front_desk
from tests.application.in_memory import Shown
from tests.builders import GREETING, a_dialog, a_reviewed_dialog


@pytest.fixture
async def desk() -> AsyncIterator[FrontDesk]:
    async with front_desk() as desk:
        yield desk


@pytest.fixture
def anna(desk: FrontDesk) -> Customer:
    """Anna, whose customer id is the one that tests use anyway."""
    return desk.telegram.customer(7_000_000_001, "Анна", phone="+79161234567")


def screens_of(desk: FrontDesk) -> list[str]:
    return [type(screen).__name__ for screen in desk.dealership.watch.screens]


async def test_a_text_is_answered_in_a_new_message(desk: FrontDesk, anna: Customer) -> None:
    await anna.send_text("/start")

    await desk.take()

    assert anna.chat.last_message.text.startswith(GREETING)
    assert desk.updates.ended == ["message"]


async def test_a_press_edits_the_message_with_the_button(desk: FrontDesk, anna: Customer) -> None:
    await anna.send_text("/start")
    await desk.take()
    menu = anna.chat.last_message.id

    await anna.press("🚗 Продать авто")
    await desk.take()

    assert "Какой автомобиль вы продаёте?" in anna.chat.message(menu).text
    assert desk.updates.ended == ["message", "callback_query"]


async def test_forged_callback_data_are_a_stale_button(desk: FrontDesk, anna: Customer) -> None:
    await anna.send_text("/start")
    await desk.take()

    await anna.press_stale("d:0123456789ABC:1:!:", anna.chat.last_message.id)
    await anna.press_stale("нет такой", anna.chat.last_message.id)
    await desk.take()

    assert desk.dealership.watch.screens[1:] == [Stale(), Stale()]
    assert [alert.text for alert in anna.chat.alerts] == [Stale.TEXT, Stale.TEXT]


async def test_a_press_on_a_message_from_elsewhere_only_stops_the_button(desk: FrontDesk, anna: Customer) -> None:
    await anna.send_text("/start")
    await desk.take()
    pressed = anna.press_data(anna.chat.last_message.id, "f:x:")
    desk.telegram.queue[-1]["callback_query"].pop("message")
    await desk.take()

    answered = desk.telegram.calls_of("answerCallbackQuery")
    assert [call.params["callback_query_id"] for call in answered] == [pressed.callback_query_id]
    assert screens_of(desk) == ["Menu"]


async def test_a_contact_is_the_number_of_its_sender_or_somebody_else_s(desk: FrontDesk, anna: Customer) -> None:
    await desk.dealership.has_open(a_dialog(step="phone"))

    await anna.share_contact("+79161234567", other_user_id=7)
    await desk.take()
    assert shown_last(desk, Question).hint != ""

    await anna.share_contact()
    await desk.take()
    assert shown_last(desk, Question).dialog.at == "comment"


async def test_photos_that_came_together_are_one_input(desk: FrontDesk, anna: Customer) -> None:
    await desk.dealership.has_open(a_dialog(step="photos"))

    ids = await anna.send_album(3, captions=("царапина",))
    await desk.take_as_one()

    visit = await desk.dealership.visit()
    assert [int(taken) for taken in visit.taken] == ids
    assert "Готово (3)" in anna.chat.visible_buttons
    assert len(anna.chat.bot_messages) == 1


async def test_photos_that_come_one_by_one_are_answered_once(desk: FrontDesk, anna: Customer) -> None:
    await desk.dealership.has_open(a_dialog(step="photos"))

    await anna.send_album(3)
    await desk.take()

    assert "Готово (3)" in anna.chat.visible_buttons
    assert len(anna.chat.bot_messages) == 1


async def test_an_edited_text_is_read_again_and_an_edited_command_is_not(desk: FrontDesk, anna: Customer) -> None:
    await desk.dealership.has_open(a_dialog(step="mileage"))
    written = await sent_message(anna, "120")
    command = await sent_message(anna, "/menu")
    await desk.take()
    before = len(desk.dealership.watch.screens)

    await anna.edit_text(written, "130")
    await anna.edit_text(command, "/help")
    await desk.take()

    assert len(desk.dealership.watch.screens) == before + 1
    assert desk.updates.ended[-2:] == ["edited_message", "edited_message"]


async def test_what_nobody_can_use_is_answered_and_what_only_happened_is_not(desk: FrontDesk, anna: Customer) -> None:
    await anna.send_other("location")
    await desk.take()
    assert desk.dealership.watch.screens == [Menu(Notice.UNEXPECTED)]

    happened = {**desk.telegram.queue[-1]["message"], "pinned_message": desk.telegram.queue[-1]["message"]}
    happened.pop("location")
    desk.telegram.inject({"message": happened})
    await desk.take()
    assert len(desk.dealership.watch.screens) == 1


async def test_an_update_that_nobody_can_read_is_answered_like_any_other(desk: FrontDesk, anna: Customer) -> None:
    await anna.send_text("здравствуйте")
    unreadable: dict[str, Any] = {**desk.telegram.queue[-1]["message"], "text": None, "chat": "тут"}
    await desk.take()

    desk.telegram.inject({"message": unreadable})
    desk.dealership.visits.fail_next(StoreUnavailable())
    await desk.take()

    assert desk.dealership.watch.screens[1:] == [Busy()]
    assert (desk.dealership.watch.away, desk.updates.ended[-1]) == (1, "unreadable")
    assert anna.chat.last_message.text == Busy.TEXT


async def test_groups_and_bots_are_left_in_silence(desk: FrontDesk, anna: Customer) -> None:
    await anna.send_in_group("/start")
    await anna.send_text("/start")
    from_a_bot = {**desk.telegram.queue[-1]["message"]}
    from_a_bot["from"] = {**from_a_bot["from"], "is_bot": True}
    await desk.take()

    desk.telegram.inject({"message": from_a_bot})
    await desk.take()

    assert screens_of(desk) == ["Menu"]


async def test_an_update_that_nobody_asked_for_is_passed_over(desk: FrontDesk, anna: Customer) -> None:
    await anna.block()

    await desk.take()

    assert (screens_of(desk), desk.updates.ended) == ([], ["other"])


async def test_the_staff_chat_s_commands_never_reach_the_customers_part(desk: FrontDesk, anna: Customer) -> None:
    group = desk.telegram.group(ADMIN_CHAT)

    await anna.send_in_group("/leads", group)
    await anna.send_in_group("/start", group)
    await desk.take()

    assert [message.text for message in group.chat.bot_messages] == ["Заявок пока нет."]
    assert screens_of(desk) == []


@pytest.mark.parametrize(
    ("typed", "answers"),
    [
        ("/leads", 1),
        ("/LEADS@{our_name}", 1),
        ("/leads\nсегодня", 1),
        ("/leads@another_bot", 0),
        ("/leadsx", 0),
        ("leads", 0),
    ],
)
async def test_a_command_of_the_staff_chat_is_the_whole_word_and_meant_for_us(
    desk: FrontDesk, anna: Customer, typed: str, answers: int
) -> None:
    group = desk.telegram.group(ADMIN_CHAT)
    us = await desk.api(GetMe())

    await anna.send_in_group(typed.format(our_name=us.username), group)
    await desk.take()

    assert len(group.chat.bot_messages) == answers


async def test_with_many_more_in_line_nobody_waits_for_the_reply(desk: FrontDesk, anna: Customer) -> None:
    await anna.send_text("/start")
    await desk.take(behind=LONGEST_LINE + 1)
    assert (screens_of(desk), anna.chat.bot_messages) == (["Menu"], [])

    await anna.send_text("/menu")
    await desk.take(behind=LONGEST_LINE)
    assert len(anna.chat.bot_messages) == 1


async def test_a_failure_of_ours_is_logged_and_told_and_ends_nothing(desk: FrontDesk, anna: Customer) -> None:
    desk.dealership.visits.fail_next(RuntimeError("a bug"))
    await anna.send_text("/start")
    with capture_logs() as logs:
        await desk.take()

    assert [line["event"] for line in logs if line["log_level"] == "error"] == ["update_failed"]
    assert (anna.chat.last_message.text, desk.updates.failed) == (Busy.TEXT, ["message"])

    await anna.send_text("/start")
    await desk.take()
    assert anna.chat.last_message.text.startswith(GREETING)


async def test_a_list_of_fields_leads_back_to_the_summary(desk: FrontDesk, anna: Customer) -> None:
    await desk.dealership.has_open(a_reviewed_dialog())
    await anna.send_text("не знаю")
    await desk.take()

    await anna.press("✏️ Изменить")
    await desk.take()
    assert shown_last(desk, FieldList) is not None

    await anna.press("⬅️ Назад")
    await desk.take()
    assert "✅ Отправить" in anna.chat.visible_buttons


async def sent_message(customer: Customer, text: str) -> int:
    await customer.send_text(text)
    return customer.chat.messages[-1].id


def shown_last(desk: FrontDesk, screen: type[Shown]) -> Shown:
    last = desk.dealership.watch.screens[-1]
    assert isinstance(last, screen), last
    return last


@pytest.mark.parametrize(("status", "said"), [("member", [-1_001_234]), ("left", [])])
async def test_whoever_adds_the_bot_to_a_group_reads_its_id_in_the_log(status: str, said: list[int]) -> None:
    joined = {
        "update_id": 1,
        "my_chat_member": {
            "chat": {"id": -1_001_234, "type": "supergroup", "title": "Салон"},
            "from": {"id": 1, "is_bot": False, "first_name": "Олег"},
            "new_chat_member": {"status": status},
        },
    }

    async with front_desk(admin_chat=None) as desk:
        with capture_logs() as lines:
            await desk.intake.take([desk.intake.parse(json.dumps(joined).encode())])

    assert [line["admin_chat"] for line in lines if line["event"] == "group_joined"] == said
