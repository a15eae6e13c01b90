"""An answer of MAX's: what we need of it, or the failure that it says.

Of an error only `code` and the words beside it are read, whatever else stands there. A code decides where it is known,
the status otherwise, the words never. Source: dev.max.ru, docs-api, errors and changelog-api (11.2026).
"""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from msgspec import Raw, Struct
from msgspec.json import Decoder

from carquery.adapters.http.answer import HttpAnswer
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
)
from carquery.adapters.max.api.methods import MaxMethod, Result_co
from carquery.adapters.messenger.asked_pauses import believed
from carquery.adapters.messenger.odd_json import mended

USUAL_PAUSE: Final = 1.0
"""Seconds after a 429 that does not say how long; MAX's limits are of one second."""

_BY_CODE: Final[dict[str, Callable[[str, str], MaxRefused]]] = {
    "verify.token": MaxTokenRefused,
    "chat.denied": MaxSuspended,
    "attachment.not.ready": MaxNotReady,
    "proto.payload": MaxBadRequest,
}
_BY_STATUS: Final[dict[int, Callable[[str, str], MaxRefused]]] = {
    HTTPStatus.BAD_REQUEST: MaxBadRequest,
    HTTPStatus.UNAUTHORIZED: MaxTokenRefused,
    HTTPStatus.FORBIDDEN: MaxForbidden,
    HTTPStatus.NOT_FOUND: MaxNotFound,
    HTTPStatus.METHOD_NOT_ALLOWED: MaxNotAllowed,
}
_SECONDS: Final = re.compile(rb"0{0,9}[1-9][0-9]{0,17}")
_ABSENT: Final = Raw()


class _Complaint(Struct, frozen=True):
    success: Raw = _ABSENT
    code: Raw = _ABSENT
    message: Raw = _ABSENT
    error: Raw = _ABSENT


_COMPLAINTS: Final = Decoder(_Complaint)
_TEXTS: Final = Decoder(str)


def result_of(call: MaxMethod[Result_co], answer: HttpAnswer) -> Result_co:
    """What a call's answer gives. Raises MaxFailure."""
    if HTTPStatus.OK <= answer.status <= HTTPStatus.IM_USED:
        try:
            return _read(call, answer.body)
        except (ValueError, RecursionError) as nonsense:
            raise _not_done(call, answer) from nonsense
    raise _failure(answer)


def _read(call: MaxMethod[Result_co], body: bytes) -> Result_co:
    """However odd one of the updates in it is, or the text of a message. Raises ValueError, RecursionError."""
    try:
        return call.read(body)
    except (ValueError, RecursionError):
        whole = mended(body)
        if whole is None:
            raise
        return call.read(whole)


def _not_done(call: MaxMethod[object], answer: HttpAnswer) -> MaxFailure:
    """Some calls are refused with 200 and `success: false`."""
    said = _complaint(answer.body)
    if said is None or bytes(said.success) != b"false":
        return NotMaxApi(f"the answer is none of {call.name}")
    return _refusal(answer.status, said)


def _failure(answer: HttpAnswer) -> MaxFailure:
    said = _complaint(answer.body)
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        code, description = ("", "") if said is None else _words(said)
        return MaxTooManyRequests(code, description, _retry_after(answer))
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        # 503 is said by who did not begin: MAX itself, or a server in front of it that did not get through.
        return MaxServerError(answer.status, is_done_perhaps=answer.status != HTTPStatus.SERVICE_UNAVAILABLE)
    if said is None or not any(_words(said)):
        return NotMaxApi(f"HTTP {answer.status}, not an answer of MAX's")
    return _refusal(answer.status, said)


def _refusal(status: int, said: _Complaint) -> MaxRefused:
    code, description = _words(said)
    known = _BY_CODE.get(code) or _BY_STATUS.get(status, MaxRefused)
    return known(code, description)


def _complaint(body: bytes) -> _Complaint | None:
    try:
        return _COMPLAINTS.decode(body)
    except (ValueError, RecursionError):  # a page, or half of an answer
        return None


def _words(said: _Complaint) -> tuple[str, str]:
    """Its code and description; empty where there is none that can be read."""
    return _text(said.code), _text(said.message) or _text(said.error)


def _text(value: Raw) -> str:
    try:
        return _TEXTS.decode(value)
    except ValueError:
        return ""


def _retry_after(answer: HttpAnswer) -> float:
    said = next((value for name, value in answer.head if name.lower() == b"retry-after"), b"")
    return float(believed(int(said))) if _SECONDS.fullmatch(said) else USUAL_PAUSE
