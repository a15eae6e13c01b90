"""What an answer of MAX's gives, and which failure it says."""

import json

import pytest

from carquery.adapters.http.answer import HttpAnswer
from carquery.adapters.max.api.answers import USUAL_PAUSE, result_of
from carquery.adapters.max.api.failures import (
    MaxBadRequest,
    MaxFailure,
    MaxForbidden,
    MaxNotAllowed,
    MaxNotFound,
    MaxNotReady,
    MaxRefused,
    MaxServerError,
    MaxSuspended,
    MaxTokenRefused,
    MaxTooManyRequests,
    NotMaxApi,
    in_words,
)
from carquery.adapters.max.api.keyboards import NewMessage
from carquery.adapters.max.api.methods import (
    EditMessage,
    GetMyself,
    GetSubscriptions,
    MaxMethod,
    PollUpdates,
    SendToUser,
)

SEND = SendToUser(user_id=7, message=NewMessage("Здравствуйте"))
EDIT = EditMessage(user_id=7, message_id="mid.1", message=NewMessage("Здравствуйте"))
POLL = PollUpdates(marker=None, timeout=30, limit=100, types=("message_created",))
PAGE = "<html><head><title>502 Bad Gateway</title></head></html>"
SUSPENDED = '{"code": "chat.denied", "message": "Key: error.dialog.suspended, args: [7]"}'


@pytest.mark.parametrize(
    ("call", "status", "body", "failure"),
    [
        (SEND, 401, '{"code": "verify.token", "message": "Invalid access_token"}', MaxTokenRefused),
        (SEND, 403, '{"code": "verify.token", "message": "Invalid access_token"}', MaxTokenRefused),
        (SEND, 403, SUSPENDED, MaxSuspended),
        (SEND, 403, '{"code": "other", "message": "error.dialog.suspended"}', MaxForbidden),
        (SEND, 404, '{"code": "not.found", "message": null}', MaxNotFound),
        (SEND, 404, '{"message": "User not found"}', MaxNotFound),
        (SEND, 404, '{"detail": "Not Found"}', NotMaxApi),
        (SEND, 404, PAGE, NotMaxApi),
        (SEND, 405, '{"code": "method.not.allowed", "message": "no"}', MaxNotAllowed),
        (SEND, 400, '{"code": "proto.payload", "message": "text: size must be …"}', MaxBadRequest),
        (SEND, 400, '{"code": "attachment.not.ready", "message": "Key: errors…"}', MaxNotReady),
        (SEND, 400, '{"code": 5, "message": {"a": []}, "error": "odd"}', MaxBadRequest),
        (SEND, 418, '{"code": "teapot", "message": "no"}', MaxRefused),
        (SEND, 429, "", MaxTooManyRequests),
        (SEND, 429, PAGE, MaxTooManyRequests),
        (SEND, 500, '{"code": "internal.error", "message": "…"}', MaxServerError),
        (SEND, 502, PAGE, MaxServerError),
        (SEND, 503, "", MaxServerError),
        (SEND, 200, SUSPENDED.replace("{", '{"success": false, '), MaxSuspended),
        (SEND, 200, '{"success": true}', NotMaxApi),
        (SEND, 200, '{"message": {"body": null}}', NotMaxApi),
        (SEND, 200, "[" * 100_000, NotMaxApi),
        (SEND, 302, "", NotMaxApi),
        (EDIT, 200, '{"success": false, "message": "too old"}', MaxRefused),
        (EDIT, 200, '{"success": false, "code": "verify.token", "message": "…"}', MaxTokenRefused),
        (EDIT, 200, '{"success": "no"}', NotMaxApi),
        (EDIT, 200, "null", NotMaxApi),
        (EDIT, 200, PAGE, NotMaxApi),
        (GetMyself(), 200, "{}", NotMaxApi),
        (POLL, 200, '{"updates": null, "marker": 1}', NotMaxApi),
    ],
)
def test_an_answer_that_is_none_says_why(
    call: MaxMethod[object], status: int, body: str, failure: type[MaxFailure]
) -> None:
    with pytest.raises(MaxFailure) as raised:
        result_of(call, HttpAnswer(status, body.encode()))

    assert type(raised.value) is failure
    assert all(isinstance(words, str) for words in in_words(raised.value))


def test_of_a_result_only_what_we_need_is_read() -> None:
    sent = b'{"message": {"sender": 5, "body": {"mid": "mid.01", "text": null, "seq": "?"}, "new": []}}'
    updates = b'{"updates": [{"update_type": "new"}, null, 5], "marker": 12, "new": {}}'
    listed = b'{"subscriptions": [{"url": "https://a.ru/b", "time": "?", "update_types": null}]}'

    assert result_of(SEND, HttpAnswer(200, sent)) == "mid.01"
    assert result_of(EDIT, HttpAnswer(200, b'{"success": true, "message": 5}')) is None
    assert [bytes(one) for one in result_of(POLL, HttpAnswer(200, updates)).updates][1:] == [b"null", b"5"]
    assert [one.url for one in result_of(GetSubscriptions(), HttpAnswer(200, listed))] == ["https://a.ru/b"]


@pytest.mark.parametrize(
    ("head", "seconds"),
    [
        ((), USUAL_PAUSE),
        (((b"Retry-After", b"7"),), 7),
        (((b"retry-after", b"soon"),), USUAL_PAUSE),
        (((b"Retry-After", b"0"),), USUAL_PAUSE),
        (((b"Retry-After", b"1764403200000"),), 86_400),
        (((b"Retry-After", b"9" * 5_000),), USUAL_PAUSE),
        (((b"Retry-After", b"0" * 5_000 + b"7"),), USUAL_PAUSE),
    ],
)
def test_how_long_to_wait_is_read_where_it_stands(head: tuple[tuple[bytes, bytes], ...], seconds: float) -> None:
    with pytest.raises(MaxTooManyRequests) as flood:
        result_of(SEND, HttpAnswer(429, b"", head))

    assert flood.value.retry_after == seconds


def test_each_update_comes_as_it_is_however_odd_another_is() -> None:
    """A surrogate that stands alone spoils the whole for a strict reader; it is taken out."""
    body = b'{"updates": [{"update_type": "a", "x": "\\ud83d!"}, [], null], "marker": 7}'

    came = result_of(POLL, HttpAnswer(200, body))

    assert [json.loads(bytes(update)) for update in came.updates] == [{"update_type": "a", "x": "!"}, [], None]
    assert came.marker == 7
