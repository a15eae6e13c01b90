"""An answer of the Bot API: its result, as it came, or the failure that it says.

Of an answer only `ok`, `result`, `description` and two of the `parameters` are read, whatever else stands there.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from msgspec import Raw, Struct
from msgspec.json import Decoder

from carquery.adapters.http.answer import HttpAnswer
from carquery.adapters.messenger.asked_pauses import believed
from carquery.adapters.messenger.odd_json import mended
from carquery.adapters.telegram.api.failures import (
    BadRequest,
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
from carquery.adapters.telegram.api.methods import Method, Result_co

_NULL: Final = Raw(b"null")
_DONE: Final = range(HTTPStatus.OK, HTTPStatus.IM_USED + 1)
_REFUSALS: Final[dict[int, Callable[[str], CallRefused]]] = {
    HTTPStatus.BAD_REQUEST: BadRequest,
    HTTPStatus.UNAUTHORIZED: Unauthorized,
    HTTPStatus.FORBIDDEN: Forbidden,
    HTTPStatus.NOT_FOUND: NotFound,
    HTTPStatus.CONFLICT: Conflict,
}


class _Response(Struct, frozen=True):
    ok: bool
    result: Raw = _NULL
    description: str | None = None
    parameters: Raw = _NULL


class _ResponseParameters(Struct, frozen=True):
    retry_after: int | None = None
    migrate_to_chat_id: int | None = None


_ANSWERS: Final = Decoder(_Response)
_PARAMETERS: Final = Decoder(_ResponseParameters)


def result_of(call: Method[Result_co], answer: HttpAnswer) -> Result_co:
    """What a call's answer gives.

    Raises:
        ServerError: not done, by Telegram or by a server in front of it.
        NotBotApi: it is none of Telegram's; whether it was done, nobody knows.
        CallRefused: Telegram's answer is an error.
    """
    try:
        read = _read(answer.body)
    except (ValueError, RecursionError) as nonsense:  # a page, or half of an answer
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise ServerError(f"HTTP {answer.status}") from nonsense
        raise NotBotApi(f"HTTP {answer.status}, not an answer of Telegram's") from nonsense
    if not (read.ok and answer.status in _DONE):
        raise _failure(answer.status, read)
    if bytes(read.result) == bytes(_NULL):
        raise NotBotApi("no result")
    try:
        return call.read(read.result)
    except (ValueError, RecursionError) as nonsense:
        raise NotBotApi(f"the result is none of {call.method}") from nonsense


def _read(body: bytes) -> _Response:
    try:
        return _ANSWERS.decode(body)
    except (ValueError, RecursionError):
        whole = mended(body)
        if whole is None:
            raise
        return _ANSWERS.decode(whole)


def _failure(status: int, answer: _Response) -> ServerError | CallRefused:
    said = answer.description or ""
    try:
        parameters = _PARAMETERS.decode(answer.parameters)
    except ValueError:  # null, or anything that tells us nothing
        parameters = _ResponseParameters()
    if parameters.retry_after:
        return TooManyRequests(said, believed(parameters.retry_after))
    if parameters.migrate_to_chat_id:
        return ChatMigrated(said, parameters.migrate_to_chat_id)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return ServerError(f"HTTP {status}")
    return _REFUSALS.get(status, CallRefused)(said)
