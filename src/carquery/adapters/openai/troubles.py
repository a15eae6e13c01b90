"""Why the API gave no answer, and what that may have cost.

A request that certainly was not worked on costs nothing. Where nobody knows, it is booked at the most it may cost.
Words are for operators, and hold no text of an error: OpenAI quotes keys in them, and a proxy anything.
"""

import re
from decimal import Decimal
from http import HTTPStatus
from typing import Final

import httpx2
from openai import APIConnectionError, APIStatusError

from carquery.adapters.openai.client import AnswerTooLarge
from carquery.application.ports.classifier import FREE, ClassifierFailed, Trouble, Usage

_NEVER_SENT: Final = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
_CANNOT_BE_SENT: Final = (httpx2.LocalProtocolError, httpx2.UnsupportedProtocol)


def key_unfit() -> ClassifierFailed:
    """A key that fits into no header."""
    return ClassifierFailed(Trouble.CLOSED, "ключ OpenAI содержит посторонние знаки: скопируйте его ещё раз")


def no_answer(error: APIConnectionError, dearest: Decimal) -> ClassifierFailed:
    """The connection failed. `dearest`: US dollars that the request may cost."""
    cause, booked = error.__cause__, Usage(cost=dearest)
    name = type(cause or error).__name__
    if isinstance(cause, _CANNOT_BE_SENT):
        return ClassifierFailed(Trouble.CLOSED, f"запрос невозможен ({name}): проверьте OPENAI_BASE_URL и ключ")
    if isinstance(cause, _NEVER_SENT):
        return ClassifierFailed(Trouble.UNAVAILABLE, f"нет связи с OpenAI ({name})")
    if isinstance(cause, httpx2.TimeoutException):
        return ClassifierFailed(Trouble.TIMED_OUT, f"OpenAI не отвечает ({name})", booked)
    if isinstance(cause, AnswerTooLarge):
        return ClassifierFailed(Trouble.UNUSABLE, "слишком большой ответ", booked)
    return ClassifierFailed(Trouble.UNAVAILABLE, f"связь с OpenAI оборвалась ({name})", booked)


def refused_request(error: APIStatusError, dearest: Decimal) -> ClassifierFailed:
    """An answer that is an error. `dearest`: US dollars that the request may cost."""
    # The library promises texts, and passes on whatever came.
    status, code, kind = error.status_code, str(error.code), str(error.type)
    usage = Usage(cost=dearest) if status in _GATEWAY_GAVE_UP else FREE
    return ClassifierFailed(_trouble(status, code, kind), _words(status, code), usage)


def refuses_schema(error: APIStatusError) -> bool:
    """Whether it is a server that speaks like OpenAI's, and does not know what only some of them do."""
    return error.status_code in _BAD_REQUEST and any(word in error.response.text for word in _OF_SCHEMAS)


_BAD_REQUEST: Final = frozenset({400, 415, 422, 500, 501})
_OF_SCHEMAS: Final = ("response_format", "json_schema", "max_completion_tokens", "'store'", '"store"')
_GATEWAY_GAVE_UP: Final = frozenset({408, 504, 524})
"""Waiting; behind it the request may have been worked on. 524 is Cloudflare's."""

_ACCOUNT_CLOSED: Final = frozenset(
    {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "account_deactivated", "invalid_api_key"}
)
"""Whatever their status: the first comes with 429, as too many requests do. Source: OpenAI's guide, "Error codes"."""

_CLOSED: Final = frozenset(
    {
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.PAYMENT_REQUIRED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.METHOD_NOT_ALLOWED,
        HTTPStatus.GONE,
        HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS,
    }
)


def _trouble(status: int, code: str, kind: str) -> Trouble:
    if status in _CLOSED or not _ACCOUNT_CLOSED.isdisjoint((code, kind)):
        return Trouble.CLOSED
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Trouble.BUSY
    if status in (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT) or not 400 <= status < 500:
        return Trouble.UNAVAILABLE
    return Trouble.REFUSED


def _words(status: int, code: str) -> str:
    """A code that looks like OpenAI's is said; nothing else of what came."""
    return f"OpenAI: HTTP {status}, {code}" if _CODE.fullmatch(code) else f"OpenAI: HTTP {status}"


_CODE: Final = re.compile(r"[a-z]+(?:_[a-z]+){1,7}")
