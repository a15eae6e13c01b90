"""Answers of the Bot API: their result may be more, less or other than is documented."""

import json

import pytest

from carquery.adapters.http.answer import HttpAnswer
from carquery.adapters.telegram.api.answers import result_of
from carquery.adapters.telegram.api.failures import (
    BadRequest,
    BotApiFailure,
    CallRefused,
    ChatMigrated,
    Conflict,
    Forbidden,
    NotBotApi,
    NotFound,
    ServerError,
    TooManyRequests,
    Unauthorized,
)
from carquery.adapters.telegram.api.methods import (
    AnswerCallbackQuery,
    BotUser,
    EditMessageText,
    FilePlace,
    GetFile,
    GetMe,
    GetUpdates,
    GetWebhookInfo,
    Method,
    SendMessage,
    WebhookInfo,
)

SEND = SendMessage(chat_id=7001, text="Здравствуйте")
EDIT = EditMessageText(chat_id=7001, message_id=5, text="Здравствуйте")
FILE = GetFile(file_id="f")


def answer(body: object, status: int = 200) -> HttpAnswer:
    return HttpAnswer(status, json.dumps(body).encode())


MORE: dict[str, object] = {
    "chat": {"id": 7001, "type": "hologram"},
    "from": None,
    "date": "вчера",
    "text": ["\ud83d"],
    "новое": {"x": []},
}


@pytest.mark.parametrize(
    ("call", "result", "read"),
    [
        (SEND, {"message_id": 9}, 9),
        (SEND, {"message_id": 9, **MORE}, 9),
        (EDIT, {"message_id": 9, **MORE}, None),
        (EDIT, True, None),
        (EDIT, False, None),
        (EDIT, {}, None),
        (EDIT, "готово", None),
        (EDIT, [[]], None),
        (AnswerCallbackQuery(callback_query_id="77"), {"новое": 1}, None),
        (GetMe(), {"id": 1, "is_bot": True, "first_name": "Bot", "username": "the_bot", **MORE}, BotUser("the_bot")),
        (GetMe(), {}, BotUser(None)),
        (GetWebhookInfo(), {"url": "https://x", "new": []}, WebhookInfo("https://x")),
        (GetWebhookInfo(), {}, WebhookInfo()),
        (FILE, {"file_id": "f", "file_path": "photos/1.jpg", "file_size": "большой"}, FilePlace("photos/1.jpg")),
        (FILE, {"file_id": "f"}, FilePlace(None)),
    ],
)
def test_of_a_result_what_is_used_is_read(call: Method[object], result: object, read: object) -> None:
    assert result_of(call, answer({"ok": True, "result": result, "новое": {"x": 1}})) == read


@pytest.mark.parametrize(
    ("call", "result"),
    [
        (SEND, {}),
        (SEND, {"message_id": "9"}),
        (SEND, {"message_id": None}),
        (SEND, True),
        (SEND, [{"message_id": 9}]),
        (SEND, None),
        (EDIT, None),
        (GetMe(), [1]),
        (GetMe(), {"username": 5}),
        (GetWebhookInfo(), "https://x"),
        (FILE, {"file_path": {}}),
        (GetUpdates(timeout=0, allowed_updates=()), {}),
    ],
)
def test_without_what_is_used_nobody_knows(call: Method[object], result: object) -> None:
    with pytest.raises(NotBotApi):
        result_of(call, answer({"ok": True, "result": result}))


def test_each_update_comes_as_it_is_however_odd_another_is() -> None:
    """A surrogate that stands alone spoils the whole for a strict reader; it is taken out."""
    body = b'{"ok": true, "result": [{"update_id": 1, "x": "\\ud83d!"}, [], {"update_id": "2"}, null]}'

    updates = result_of(GetUpdates(timeout=0, allowed_updates=()), HttpAnswer(200, body))

    assert [json.loads(bytes(update)) for update in updates] == [
        {"update_id": 1, "x": "!"},
        [],
        {"update_id": "2"},
        None,
    ]


def test_bytes_that_are_no_text_cost_only_their_update() -> None:
    body = b'{"ok": true, "result": [{"update_id": 1, "x": "\xff\xfe"}, {"update_id": 2}]}'

    updates = result_of(GetUpdates(timeout=0, allowed_updates=()), HttpAnswer(200, body))

    assert json.loads(bytes(updates[1])) == {"update_id": 2}


REFUSALS = [
    (400, {}, BadRequest),
    (401, {}, Unauthorized),
    (403, {}, Forbidden),
    (404, {}, NotFound),
    (409, {}, Conflict),
    (418, {}, CallRefused),
    (200, {"error_code": 418}, CallRefused),
    (500, {}, ServerError),
    (502, {"description": "restart"}, ServerError),
    (429, {"parameters": {"retry_after": 5}}, TooManyRequests),
    (400, {"parameters": {"migrate_to_chat_id": -100, "новое": []}}, ChatMigrated),
    (429, {"parameters": {"retry_after": "скоро"}}, CallRefused),
    (429, {"parameters": []}, CallRefused),
    (400, {"parameters": None, "description": None, "error_code": "?"}, BadRequest),
]


@pytest.mark.parametrize(("status", "more", "means"), REFUSALS)
def test_what_a_refusal_means(status: int, more: dict[str, object], means: type[BotApiFailure]) -> None:
    with pytest.raises(BotApiFailure) as raised:
        result_of(SEND, answer({"ok": False, "description": "Нет", **more}, status))

    assert type(raised.value) is means


@pytest.mark.parametrize(("said", "seconds"), [(-7, 1), (86_400, 86_400), (1_764_403_200_000, 86_400), (2**63, 86_400)])
def test_no_pause_is_longer_than_a_day(said: int, seconds: int) -> None:
    with pytest.raises(TooManyRequests) as flood:
        result_of(SEND, answer({"ok": False, "parameters": {"retry_after": said}}, 429))

    assert flood.value.retry_after == seconds


def test_a_refusal_carries_what_is_done_about_it() -> None:
    with pytest.raises(TooManyRequests) as flood:
        result_of(SEND, answer({"ok": False, "description": "Too Many", "parameters": {"retry_after": 7}}, 429))
    with pytest.raises(ChatMigrated) as moved:
        result_of(SEND, answer({"ok": False, "parameters": {"migrate_to_chat_id": -1001}}, 400))

    assert (flood.value.retry_after, flood.value.description, moved.value.migrate_to_chat_id) == (7, "Too Many", -1001)
