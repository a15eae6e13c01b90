"""Answers as amoCRM and the nginx in front of it give them."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from uuid import uuid4

from carquery_emulators.kit.answers import Answer
from carquery_emulators.kit.json_types import Json

_HAL = "application/hal+json"
_PROBLEM = "application/problem+json"
BLOCKED = 403
UNPAID = 402


def hal(body: object, status: int = HTTPStatus.OK) -> Answer:
    """A success."""
    return _from_application(status, body, _HAL)


def plain_json(body: object, status: int = HTTPStatus.OK) -> Answer:
    """A success of what is not the API v4: tokens, the drive."""
    return _from_application(status, body, "application/json")


def nothing(status: int = HTTPStatus.NO_CONTENT) -> Answer:
    """A success without a body: no such thing, an empty list."""
    return Answer(status, headers=_request_id())


def problem(status: int, detail: str, more: Mapping[str, object] | None = None) -> Answer:
    """An error of the application."""
    body: Json = {
        **(more or {}),
        "title": HTTPStatus(status).phrase,
        "type": f"https://httpstatus.es/{status}",
        "status": status,
        "detail": detail,
    }
    return _from_application(status, body, _PROBLEM)


def oauth_problem(status: int, hint: str | None) -> Answer:
    """An error of the token endpoint; only one about the client itself has no hint."""
    words = (
        ("Некорректный клиент", "Авторизация клиента не прошла")
        if hint is None
        else ("Некорректный запрос", "В запросе отсутствует ряд параметров или параметры невалидны")
    )
    body: Json = {} if hint is None else {"hint": hint}
    body |= {
        "title": words[0],
        "type": "https://developers.amocrm.ru/v3/errors/OAuthProblemJson",
        "status": status,
        "detail": words[1],
    }
    return _from_application(status, body, _PROBLEM)


def unauthorized() -> Answer:
    return problem(HTTPStatus.UNAUTHORIZED, "Неверный логин или пароль")


def payment_required() -> Answer:
    return problem(UNPAID, "Payment required")


def scope_missing(host: str) -> Answer:
    """The drive says it in plain text."""
    words = "Client doesn't have the required scope"
    if host == "drive":
        return Answer(HTTPStatus.FORBIDDEN, words.encode(), in_utf8("text/plain"), _request_id())
    return problem(HTTPStatus.FORBIDDEN, words)


def too_many(*, retry_after: int | None, in_header: bool = False) -> Answer:
    """HTML that says nothing more, JSON that says how many seconds, or HTML with a header that does."""
    if retry_after is None:
        return front_page(HTTPStatus.TOO_MANY_REQUESTS)
    if in_header:
        return front_page(HTTPStatus.TOO_MANY_REQUESTS, {"Retry-After": str(retry_after)})
    return problem(HTTPStatus.TOO_MANY_REQUESTS, "Too many requests", {"retry_after": retry_after})


def server_error() -> Answer:
    body = {"title": "ErrInternalServer", "status": 500, "detail": "Internal server error", "trace_id": uuid4().hex}
    return _from_application(HTTPStatus.INTERNAL_SERVER_ERROR, body, _PROBLEM)


def broken(status: int) -> Answer:
    """A 5xx: 500 is the application's, the others are the front's."""
    return server_error() if status == HTTPStatus.INTERNAL_SERVER_ERROR else front_page(status)


def front_page(status: int, headers: Mapping[str, str] | None = None) -> Answer:
    """An HTML page of nginx, which knows nothing of request ids."""
    phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Error"
    words = f"{status} {phrase}"
    page = (
        f"<html>\r\n<head><title>{words}</title></head>\r\n<body>\r\n<center><h1>{words}</h1></center>\r\n"
        "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    )
    return Answer(status, page.encode(), in_utf8("text/html"), headers or {})


def in_utf8(content_type: str) -> str:
    """Pages and plain texts say how they are encoded."""
    return f"{content_type}; charset=utf-8" if content_type.startswith("text/") else content_type


def _from_application(status: int, body: object, content_type: str) -> Answer:
    return Answer(status, json.dumps(body, ensure_ascii=False).encode(), content_type, _request_id())


def _request_id() -> dict[str, str]:
    return {"X-Request-Id": uuid4().hex}
