"""The control API, as the playground's page uses it."""

import json
from typing import Any

import pytest
from aiogram import Bot
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
)
from aiohttp import ClientResponse, ClientSession, FormData, web

from carquery_emulators.telegram import A_PHOTO, Customer, TelegramEmulator, control_routes
from emulators.tests.telegram.doubles import ManualClock

_YES = InlineKeyboardMarkup(
    inline_keyboard=[
        [InlineKeyboardButton(text="Да", callback_data="yes"), InlineKeyboardButton(text="Сайт", url="https://a.ru/")]
    ]
)


async def _get(http: ClientSession, address: str) -> Any:
    async with http.get(address) as answer:
        assert answer.status == 200
        return await answer.json()


async def _post(http: ClientSession, address: str, body: object) -> tuple[int, Any]:
    async with http.post(address, json=body) as answer:
        return answer.status, await answer.json()


async def _next_event(stream: ClientResponse) -> dict[str, object] | None:
    """The next event of a stream; comments and blank lines are passed over."""
    while line := await stream.content.readline():
        if line.startswith(b"data: "):
            event: dict[str, object] = json.loads(line.removeprefix(b"data: "))
            return event
    return None


async def test_customers_are_created_and_listed(http: ClientSession) -> None:
    status, created = await _post(
        http, "/control/customers", {"first_name": "Вера", "username": "vera", "phone": "+375291234567"}
    )

    assert status == 200
    assert created == {"id": 7000000001, "first_name": "Вера", "last_name": None, "username": "vera", "unread": 0}
    assert await _get(http, "/control/customers") == [created]


async def test_unread_counts_the_bots_messages_since_the_chat_was_read(
    http: ClientSession, bot: Bot, anna: Customer
) -> None:
    await bot.send_message(anna.id, "Раз")
    await bot.send_message(anna.id, "Два")
    assert [customer["unread"] for customer in await _get(http, "/control/customers")] == [2]

    await _get(http, f"/control/customers/{anna.id}/chat")

    assert [customer["unread"] for customer in await _get(http, "/control/customers")] == [0]


async def test_a_chat_is_shown_whole(http: ClientSession, bot: Bot, anna: Customer, clock: ManualClock) -> None:
    await bot.set_my_commands([BotCommand(command="menu", description="Меню")], scope=BotCommandScopeAllPrivateChats())
    await anna.share_contact()
    sent = await bot.send_message(
        anna.id, '<b>Да?</b> <a href="https://a.ru/">a</a>', parse_mode="HTML", reply_markup=_YES
    )
    await bot.send_message(
        anna.id,
        "Номер?",
        reply_markup=ReplyKeyboardMarkup(
            keyboard=[[KeyboardButton(text="Мой номер", request_contact=True)]], input_field_placeholder="+7"
        ),
    )
    await bot.send_chat_action(anna.id, "typing")

    chat = await _get(http, f"/control/customers/{anna.id}/chat")

    contact, question, _ = chat.pop("messages")
    assert chat == {
        "reply_keyboard": {"rows": [[{"text": "Мой номер", "request_contact": True}]], "placeholder": "+7"},
        "typing": True,
        "commands": [{"command": "menu", "description": "Меню"}],
    }
    assert (contact["from"], contact["contact"]) == ("customer", {"phone_number": "+79161234567", "first_name": "Анна"})
    assert question == {
        "id": sent.message_id,
        "from": "bot",
        "text": "Да? a",
        "entities": [
            {"type": "bold", "offset": 0, "length": 3},
            {"type": "text_link", "offset": 4, "length": 1, "url": "https://a.ru/"},
        ],
        "buttons": [[{"text": "Да", "data": "yes"}, {"text": "Сайт", "url": "https://a.ru/"}]],
        "edited": False,
        "date": int(clock()),
    }


async def test_texts_presses_and_contacts_become_updates(
    telegram: TelegramEmulator, http: ClientSession, bot: Bot, anna: Customer
) -> None:
    sent = await bot.send_message(anna.id, "Да?", reply_markup=_YES)
    path = f"/control/customers/{anna.id}"

    text = await _post(http, f"{path}/text", {"text": "/start"})
    press = await _post(http, f"{path}/press", {"message_id": sent.message_id, "data": "yes"})
    contact = await _post(http, f"{path}/contact", {})

    typed, pressed, shared = telegram.queue
    assert [status for status, _ in (text, press, contact)] == [200, 200, 200]
    assert typed["message"]["entities"][0]["type"] == "bot_command"
    assert press[1] == {"ok": True, "callback_query_id": pressed["callback_query"]["id"]}
    assert shared["message"]["contact"]["user_id"] == anna.id


async def test_one_picture_is_a_photo_and_several_are_an_album(
    telegram: TelegramEmulator, http: ClientSession, anna: Customer
) -> None:
    for count in (1, 2):
        form = FormData()
        for number in range(count):
            form.add_field("photos", A_PHOTO, filename=f"{number}.png", content_type="image/png")
        async with http.post(f"/control/customers/{anna.id}/photos", data=form) as answer:
            assert (answer.status, (await answer.json())["ok"]) == (200, True)

    chat = await _get(http, f"/control/customers/{anna.id}/chat")
    albums = [message.get("album") for message in chat["messages"]]
    async with http.get(chat["messages"][2]["photo"]) as picture:
        assert (picture.content_type, await picture.read()) == ("image/png", A_PHOTO)
    assert albums[0] is None
    assert albums[1] == albums[2] is not None
    assert len(telegram.queue) == 3


async def test_any_other_file_is_a_message_of_its_own(
    telegram: TelegramEmulator, http: ClientSession, anna: Customer
) -> None:
    form = FormData(quote_fields=False)  # as browsers do
    form.add_field("file", b"%PDF-1.7", filename="ПТС.pdf", content_type="application/pdf")
    form.add_field("file", b"\0", filename="IMG_1.MOV", content_type="video/quicktime")

    async with http.post(f"/control/customers/{anna.id}/files", data=form) as answer:
        assert answer.status == 200

    document, video = telegram.queue
    assert document["message"]["document"]["file_name"] == "ПТС.pdf"
    assert video["message"]["video"]["mime_type"] == "video/quicktime"
    chat = await _get(http, f"/control/customers/{anna.id}/chat")
    assert [message["file"] for message in chat["messages"]] == [{"name": "ПТС.pdf"}, {"name": "IMG_1.MOV"}]


@pytest.mark.parametrize(
    ("path", "body", "error"),
    [
        ("/control/customers/501/files", {}, "multipart/form-data with one or more files is expected"),
        ("/control/customers", {}, "first_name is missing"),
        ("/control/customers/501/text", {"text": " "}, "text is empty"),
        ("/control/customers/404/text", {"text": "x"}, "no such customer"),
        ("/control/customers/anna/text", {"text": "x"}, "'anna' is not a number"),
        ("/control/customers/501/press", {"message_id": 9, "data": "x"}, "no message 9 in this chat"),
        ("/control/customers/501/press", {"message_id": 1, "data": "no"}, "the message does not show 'no'; it shows"),
        ("/control/customers/501/photos", {}, "multipart/form-data with one or more pictures is expected"),
        ("/control/faults", {"method": "sendMessage", "how": "burn"}, "not a fault: how='burn' is unknown"),
        ("/control/faults", {"how": "500"}, "not a fault: 'method'"),
        ("/control/customers", [], "a JSON object is expected"),
    ],
)
async def test_what_cannot_be_done_is_refused_with_the_reason(
    path: str, body: object, error: str, telegram: TelegramEmulator, http: ClientSession, bot: Bot, anna: Customer
) -> None:
    await bot.send_message(anna.id, "Да?", reply_markup=_YES)

    status, answer = await _post(http, path, body)

    assert (status, answer["ok"]) == (400, False)
    assert answer["error"].startswith(error)
    assert telegram.queue == []


async def test_events_tell_every_listener_what_changed(
    http: ClientSession, bot: Bot, anna: Customer, clock: ManualClock
) -> None:
    async with http.get("/control/events") as first, http.get("/control/events") as second:
        assert first.content_type == "text/event-stream"
        await first.content.readline()
        await second.content.readline()

        await bot.send_chat_action(anna.id, "typing")
        pressed = anna.press_data(1, "yes")
        await bot.answer_callback_query(pressed.callback_query_id, "Кнопка больше не активна", show_alert=True)
        await bot.send_message(anna.id, "Привет")

        for stream in (first, second):
            typing, answered, written = [await _next_event(stream) for _ in range(3)]
            assert typing == {"type": "typing", "customer": anna.id, "until": clock() + 5}
            assert answered == {
                "type": "callback_answer",
                "customer": anna.id,
                "callback_query_id": pressed.callback_query_id,
                "text": "Кнопка больше не активна",
                "show_alert": True,
            }
            assert written == {"type": "chat", "customer": anna.id}


@pytest.mark.parametrize("change", ["send", "edit", "delete", "customer"])
async def test_any_change_of_a_chat_is_an_event(change: str, http: ClientSession, bot: Bot, anna: Customer) -> None:
    sent = await bot.send_message(anna.id, "Раз")
    async with http.get("/control/events") as stream:
        await stream.content.readline()
        match change:
            case "send":
                await bot.send_message(anna.id, "Два")
            case "edit":
                await bot.edit_message_text("Два", chat_id=anna.id, message_id=sent.message_id)
            case "delete":
                await bot.delete_message(anna.id, sent.message_id)
            case _:
                await anna.send_text("Привет")

        assert await _next_event(stream) == {"type": "chat", "customer": anna.id}


async def test_event_streams_end_when_the_emulator_closes() -> None:
    async with (
        TelegramEmulator() as telegram,
        ClientSession(telegram.base_url) as http,
        http.get("/control/events") as stream,
    ):
        await stream.content.readline()
        await telegram.close()

        assert await _next_event(stream) is None


async def test_a_listener_that_leaves_disturbs_nobody(http: ClientSession, bot: Bot, anna: Customer) -> None:
    async with http.get("/control/events") as staying:
        await staying.content.readline()
        async with http.get("/control/events") as leaving:
            await leaving.content.readline()
        await bot.send_message(anna.id, "Раз")
        await bot.send_message(anna.id, "Два")

        assert [await _next_event(staying) for _ in range(2)] == [{"type": "chat", "customer": anna.id}] * 2


async def test_calls_are_read_from_where_one_stopped(http: ClientSession, bot: Bot, anna: Customer) -> None:
    await bot.get_me()
    before = await _get(http, "/control/calls")
    await bot.send_message(anna.id, "Привет")

    after = await _get(http, f"/control/calls?since={before['next']}")

    assert [call["method"] for call in before["calls"]] == ["getMe"]
    [call] = after["calls"]
    assert (call["number"], call["method"], call["ok"]) == (2, "sendMessage", True)
    assert call["params"]["text"] == "Привет"


async def test_faults_are_ordered_and_taken_back(
    telegram: TelegramEmulator, http: ClientSession, bot: Bot, anna: Customer
) -> None:
    status, _ = await _post(
        http, "/control/faults", {"method": "sendMessage", "times": None, "how": "429", "retry_after": 3}
    )
    assert status == 200
    async with http.post(f"/bot{telegram.token}/sendMessage", json={"chat_id": anna.id, "text": "x"}) as answer:
        assert (answer.status, (await answer.json())["parameters"]) == (429, {"retry_after": 3})

    async with http.delete("/control/faults") as healed:
        assert healed.status == 200

    await bot.send_message(anna.id, "Привет")
    assert anna.chat.last_message.text == "Привет"


async def test_another_application_can_serve_the_control_api(telegram: TelegramEmulator, anna: Customer) -> None:
    app = web.Application()
    app.add_routes(control_routes(telegram))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()

    async with ClientSession(f"http://127.0.0.1:{runner.addresses[0][1]}") as http:
        listed = await _get(http, "/control/customers")
    await runner.cleanup()

    assert [customer["id"] for customer in listed] == [anna.id]
