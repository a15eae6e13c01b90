"""Answers as the OpenAI API and the proxy in front of it give them."""

import json
from collections.abc import Mapping
from http import HTTPStatus

from carquery_emulators.kit.answers import Answer, Refused
from carquery_emulators.kit.json_types import Json

_INVALID_REQUEST = "invalid_request_error"
_DOCS = "https://platform.openai.com/docs/guides/error-codes/api-errors"


def success(body: Json) -> Answer:
    return _json(HTTPStatus.OK, body)


def invalid(message: str, *, param: str | None = None, code: str | None = None) -> Refused:
    """A request that is wrong in itself."""
    return Refused(error(HTTPStatus.BAD_REQUEST, message, param=param, code=code))


def error(
    status: int,
    message: str,
    *,
    kind: str = _INVALID_REQUEST,
    param: str | None = None,
    code: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """The envelope of every error of the API itself."""
    return _json(status, {"error": {"message": message, "type": kind, "param": param, "code": code}}, headers)


def no_key() -> Answer:
    words = (
        "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth "
        "(i.e. Authorization: Bearer YOUR_KEY)."
    )
    return error(HTTPStatus.UNAUTHORIZED, words)


def wrong_key(key: str) -> Answer:
    """As the API does, the answer shows only the key's ends."""
    hidden = len(key) - 12
    shown = f"{key[:8]}{'*' * hidden}{key[-4:]}" if hidden > 0 else "*" * len(key)
    words = (
        f"Incorrect API key provided: {shown}. You can find your API key at "
        "https://platform.openai.com/account/api-keys."
    )
    return error(HTTPStatus.UNAUTHORIZED, words, code="invalid_api_key")


def unsupported_country() -> Answer:
    return error(
        HTTPStatus.FORBIDDEN,
        "Country, region, or territory not supported",
        kind="request_forbidden",
        code="unsupported_country_region_territory",
    )


def model_not_found(model: str) -> Answer:
    words = f"The model `{model}` does not exist or you do not have access to it."
    return error(HTTPStatus.NOT_FOUND, words, param="model", code="model_not_found")


def too_many(model: str, *, retry_after: float | None) -> Answer:
    """The rate is exceeded; the headers tell when to come back only if that is known."""
    headers = (
        {}
        if retry_after is None
        else {
            "retry-after": str(max(1, round(retry_after))),
            "retry-after-ms": str(round(retry_after * 1000)),
        }
    )
    words = (
        f"Rate limit reached for {model} in organization org-emulator on requests per min (RPM): "
        "Limit 500, Used 500, Requested 1. Please try again in 120ms."
    )
    return error(HTTPStatus.TOO_MANY_REQUESTS, words, kind="requests", code="rate_limit_exceeded", headers=headers)


def out_of_quota() -> Answer:
    words = f"You exceeded your current quota, please check your plan and billing details. For more, read: {_DOCS}."
    return error(HTTPStatus.TOO_MANY_REQUESTS, words, kind="insufficient_quota", code="insufficient_quota")


def server_error() -> Answer:
    words = "The server had an error while processing your request. Sorry about that!"
    return error(HTTPStatus.INTERNAL_SERVER_ERROR, words, kind="server_error")


def bad_gateway() -> Answer:
    """The proxy's page; it knows nothing of JSON."""
    page = (
        "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>"
        "\r\n<hr><center>cloudflare</center>\r\n</body>\r\n</html>\r\n"
    )
    return Answer(HTTPStatus.BAD_GATEWAY, page.encode(), "text/html", {"server": "cloudflare"})


def _json(status: int, body: Json, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer(status, json.dumps(body, ensure_ascii=False).encode(), "application/json", headers or {})
