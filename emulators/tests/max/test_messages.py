"""What a bot writes, edits, deletes and answers, and what MAX refuses."""

from typing import Any

import pytest
from aiohttp import ClientSession, FormData

from carquery_emulators.max import A_PHOTO, MaxCustomer, MaxEmulator
from carquery_emulators.max.api.rates import Rates
from emulators.tests.max.doubles import Client, ManualClock, buttons, connected

OK = {"success": True}
GO = [("Дальше", "go")]


async def test_a_message_is_written_to_a_person_or_to_their_dialog(bot: Client, anna: MaxCustomer) -> None:
    by_user = await bot.done("POST /messages", {"text": "Здравствуйте"}, user_id=anna.id)
    by_chat = await bot.done("POST /messages", {"text": "Это мы"}, chat_id=anna.chat.id)

    assert anna.chat.id != anna.id
    assert [message.text for message in anna.chat.bot_messages] == ["Здравствуйте", "Это мы"]
    assert [answer["message"]["body"]["mid"] for answer in (by_user, by_chat)] == [
        message.id for message in anna.chat.bot_messages
    ]


@pytest.mark.parametrize(
    ("source", "how", "text", "shown"),
    [
        ("<b>Лада</b> &lt;Веста&gt;", "html", "Лада <Веста>", "<b>Лада</b> &lt;Веста&gt;"),
        ("🚗 <i>и <u>так</u></i>", "html", "🚗 и так", "🚗 <i>и <u>так</u></i>"),
        ("<span>без</span> тега<br>", "html", "без тега", "без тега"),
        ('<a href="https://example.org">тут</a>', "html", "тут", '<a href="https://example.org">тут</a>'),
        ('<a href="max://user/501">Анна</a>', "html", "Анна", '<a href="max://user/501">Анна</a>'),
        ("<h1>Итог</h1>", "html", "Итог", "<h1>Итог</h1>"),
        ("**Лада** и *Веста*", "markdown", "Лада и Веста", "<b>Лада</b> и <i>Веста</i>"),
        ("# Итог\n> да", "markdown", "Итог\nда", "<h1>Итог</h1>\n<blockquote>да</blockquote>"),
        ("`a*b*` [тут](https://example.org)", "markdown", "a*b* тут", None),
        ("<b>так</b>", None, "<b>так</b>", "&lt;b&gt;так&lt;/b&gt;"),
    ],
)
async def test_formatted_texts_are_read(
    source: str, how: str | None, text: str, shown: str | None, bot: Client, anna: MaxCustomer
) -> None:
    await bot.done("POST /messages", {"text": source, "format": how}, user_id=anna.id)

    assert anna.chat.last_message.text == text
    assert shown is None or anna.chat.last_message.html == shown


async def test_an_edit_keeps_what_it_does_not_name(bot: Client, anna: MaxCustomer) -> None:
    sent = await bot.done("POST /messages", {"text": "раз", "attachments": [buttons(GO)]}, user_id=anna.id)
    mid = sent["message"]["body"]["mid"]

    kept = await bot.done("PUT /messages", {"text": "два", "attachments": None}, message_id=mid)
    with_button = anna.chat.last_message
    taken_away = await bot.done("PUT /messages", {"text": "три", "attachments": []}, message_id=mid)

    assert (kept, taken_away) == (OK, OK)
    assert (with_button.text, with_button.labels, with_button.edited) == ("два", ["Дальше"], True)
    assert (anna.chat.last_message.text, anna.chat.last_message.labels) == ("три", [])


async def test_an_answer_edits_and_notifies_in_one_call(max_: MaxEmulator, bot: Client, anna: MaxCustomer) -> None:
    await bot.done("POST /messages", {"text": "Ну?", "attachments": [buttons(GO)]}, user_id=anna.id)
    await anna.press("Дальше")
    update = (await bot.done("GET /updates"))["updates"][0]

    answer = {"message": {"text": "Вот", "attachments": []}, "notification": "Готово"}
    await bot.done("POST /answers", answer, callback_id=update["callback"]["callback_id"])

    assert update["callback"]["payload"] == "go"
    assert update["callback"]["user"]["user_id"] == anna.id
    assert update["message"]["sender"]["is_bot"]
    assert anna.chat.last_message.text == "Вот"
    assert [alert.text for alert in anna.chat.alerts] == ["Готово"]


async def test_a_deleted_message_is_null_in_the_press(bot: Client, anna: MaxCustomer) -> None:
    sent = await bot.done("POST /messages", {"text": "Ну?", "attachments": [buttons(GO)]}, user_id=anna.id)
    mid = sent["message"]["body"]["mid"]
    await bot.done("DELETE /messages", message_id=mid)

    await anna.press_stale("go", mid)

    assert (await bot.done("GET /updates"))["updates"][0]["message"] is None
    assert anna.chat.bot_messages == []


async def test_a_message_can_be_read_again_and_its_files_have_new_addresses(
    max_: MaxEmulator, bot: Client, anna: MaxCustomer
) -> None:
    await anna.send_photo(caption="Вот она")
    body = (await bot.done("GET /updates"))["updates"][0]["message"]["body"]
    old = body["attachments"][0]["payload"]["url"]
    max_.state.files.expire_urls()

    one = await bot.done(f"GET /messages/{body['mid']}")
    some = await bot.done("GET /messages", message_ids=f"{body['mid']},mid.unknown")
    new = one["body"]["attachments"][0]["payload"]["url"]

    assert [message["body"]["mid"] for message in some["messages"]] == [body["mid"]]
    async with ClientSession() as http:
        assert (await http.get(old)).status == 403
        assert await (await http.get(new)).read() == A_PHOTO


async def test_a_picture_is_brought_and_then_sent(bot: Client, anna: MaxCustomer) -> None:
    slot = await bot.done("POST /uploads", type="image")
    async with ClientSession() as http:
        form = FormData()
        form.add_field("data", A_PHOTO, filename="car.png", content_type="image/png")
        async with http.post(slot["url"], data=form) as answer:
            uploaded = await answer.json()

    await bot.done("POST /messages", {"attachments": [{"type": "image", "payload": uploaded}]}, user_id=anna.id)

    assert anna.chat.last_message.photo is not None


def keyboard(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"text": "?", "attachments": [{"type": "inline_keyboard", "payload": {"buttons": list(rows)}}]}


def callback(text: str = "а", payload: str = "а") -> dict[str, Any]:
    return {"type": "callback", "text": text, "payload": payload}


CONTACT = {"type": "request_contact", "text": "Номер"}


@pytest.mark.parametrize(
    "body",
    [
        {"text": "я" * 4001},
        {"text": ""},
        {"text": None},
        {"text": 5},
        {"text": "а", "format": "bbcode"},
        keyboard([callback()] * 8),
        keyboard([CONTACT, callback(), callback(), callback()]),
        keyboard(*[[callback()]] * 31),
        keyboard([]),
        keyboard(),
        keyboard([callback(text="я" * 129)]),
        keyboard([callback(text="")]),
        keyboard([callback(payload="я" * 1025)]),
        keyboard([{"type": "hologram", "text": "а"}]),
        {"text": "а", "attachments": [buttons(GO), buttons(GO)]},
        {"text": "а", "attachments": [{"type": "image", "payload": {"token": "чужой"}}]},
        {"text": "а", "attachments": "нет"},
        {"text": "а", "link": {"type": "reply", "mid": "mid.unknown"}},
    ],
)
async def test_what_breaks_the_rules_is_refused(body: object, bot: Client, anna: MaxCustomer) -> None:
    answered = await bot("POST /messages", body, user_id=anna.id)

    assert (answered.status, answered.body["code"]) == (400, "proto.payload")
    assert anna.chat.messages == []


@pytest.mark.parametrize(
    "body",
    [
        {"text": "я" * 4000},
        keyboard([callback()] * 7),
        keyboard([CONTACT, callback(), callback()]),
        keyboard(*[[callback()] * 7] * 30),
        keyboard([callback(text="я" * 128, payload="я" * 1024)]),
    ],
)
async def test_what_just_keeps_them_is_sent(body: object, bot: Client, anna: MaxCustomer) -> None:
    assert (await bot("POST /messages", body, user_id=anna.id)).status == 200


@pytest.mark.parametrize("query", [{}, {"user_id": 501, "chat_id": 182_000_001}, {"user_id": "Анна"}])
async def test_exactly_one_addressee_is_expected(query: dict[str, object], bot: Client, anna: MaxCustomer) -> None:
    assert (await bot("POST /messages", {"text": "?"}, **query)).status == 400


async def test_a_bot_that_was_stopped_may_not_write(bot: Client, anna: MaxCustomer) -> None:
    sent = await bot.done("POST /messages", {"text": "?"}, user_id=anna.id)
    await anna.block()

    refused = [
        await bot("POST /messages", {"text": "?"}, user_id=anna.id),
        await bot("PUT /messages", {"text": "!"}, message_id=sent["message"]["body"]["mid"]),
        await bot(f"POST /chats/{anna.chat.id}/actions", {"action": "typing_on"}),
    ]
    await anna.unblock()

    assert {(answer.status, answer.body["code"]) for answer in refused} == {(403, "chat.denied")}
    assert "error.dialog.suspended" in refused[0].body["message"]
    assert (await bot("POST /messages", {"text": "?"}, user_id=anna.id)).status == 200


@pytest.mark.parametrize("token", ["", "Bearer emulated-token-of-a-max-bot", "другой"])
async def test_the_bare_token_is_expected(token: str, bot: Client) -> None:
    bot.headers = {"Authorization": token.encode().decode("latin-1")}

    for method in ("GET /me", "GET /nowhere"):
        answered = await bot(method)
        assert (answered.status, answered.body) == (401, {"code": "verify.token", "message": "Invalid access_token"})


async def test_commands_are_shown_and_typing_is_seen(max_: MaxEmulator, bot: Client, anna: MaxCustomer) -> None:
    commands = [{"name": "start", "description": "Начать"}]
    await bot.done("PATCH /me/commands", {"commands": commands})
    await bot.done(f"POST /chats/{anna.chat.id}/actions", {"action": "typing_on"})

    assert (await bot.done("GET /me"))["commands"] == commands
    assert anna.chat.typing
    assert (await bot("PATCH /me/commands", {"commands": [{"name": "x" * 65}]})).status == 400


async def test_too_many_calls_are_refused_until_a_second_has_passed(clock: ManualClock) -> None:
    async with MaxEmulator(clock=clock, rates=Rates(bot=4)) as max_, connected(max_) as bot:
        anna, boris = max_.customer(501, "Анна"), max_.customer(502, "Борис")

        async def write(to: MaxCustomer) -> int:
            return (await bot("POST /messages", {"text": "?"}, user_id=to.id)).status

        in_one_dialog = [await write(anna) for _ in range(3)]
        of_the_bot = [await write(boris), await write(boris)]
        clock.advance(1.0)

        assert in_one_dialog == [200, 200, 429]
        assert of_the_bot == [200, 429]
        assert await write(anna) == 200
