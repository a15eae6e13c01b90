"""Why amoCRM refuses, in its own words."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from carquery.adapters.amocrm.reasons import AmoReason
from carquery.adapters.amocrm.transport import Answer
from carquery.domain.reason import Reason

LONGEST_WORDS: Final = 500
"""Characters of one explanation."""
MOST_PLACES: Final = 20


@dataclass(frozen=True, slots=True)
class ItemError:
    """What is wrong with one item of a request.

    Attributes:
        request_id: ours, of the item; None: of the whole request.
        path: the place in the item, such as `custom_fields_values.0.field_id`; indexes count within the item.
    """

    request_id: str | None
    path: str
    code: str
    detail: str


class Refusal(Exception):
    """amoCRM will not do it, however often it is asked.

    Attributes:
        errors: item by item, if it says so.
        reasons: the same, or what it says of the whole.
        is_scope: the integration was not given the right to do such things.
        reason: all of that.
    """

    def __init__(
        self,
        status: int,
        says: str,
        *,
        errors: tuple[ItemError, ...] = (),
        is_scope: bool = False,
        reason: Reason | None = None,
    ) -> None:
        self.status = status
        self.errors = errors
        self.reasons = errors or (ItemError(None, "", "", says),)
        self.is_scope = is_scope
        self.reason = reason or _reason(status, says[:LONGEST_WORDS], errors)
        super().__init__(self.reason)


def refused(status: int, places: Iterable[Reason]) -> Reason:
    """amoCRM refused, and said what is wrong with each of these."""
    return AmoReason.REFUSED(*places, status=status)


def about(error: ItemError, place: Reason) -> Reason:
    """What is wrong with that place of an item."""
    return AmoReason.ABOUT(place, says=(error.detail or error.code)[:LONGEST_WORDS])


def _reason(status: int, says: str, errors: Iterable[ItemError]) -> Reason:
    places = [about(error, AmoReason.PLACE(path=error.path)) for error in errors]
    if places:
        return refused(status, places[:MOST_PLACES])
    return AmoReason.REFUSED_SAYING(status=status, says=says) if says else AmoReason.REFUSED_MUTELY(status=status)


FRONTS_OWN: Final = frozenset({408, 409, 425, 499})
"""What amoCRM is not known to answer, and servers in front of it do, also after they have passed a request on."""


_OWN_KINDS: Final = ("application/problem+json", "application/hal+json")


def is_amocrm_s_own(answer: Answer) -> bool:
    """Whether an answer 3xx or 4xx comes from amoCRM's application, which then did nothing.

    Everything else was made by a server in front of it. Source: errors are `application/problem+json`; a 429 with
    `retry_after` is Kommo's documented one.
    """
    body = answer.json_or_none()
    if not isinstance(body, dict) or answer.status in FRONTS_OWN or answer.status < HTTPStatus.BAD_REQUEST:
        return False
    if answer.headers.get("content-type", "").startswith(_OWN_KINDS):
        return True
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS and "retry_after" in body:
        return True
    return "validation-errors" in body or ("title" in body and ("status" in body or "detail" in body))


def refusal_in(answer: Answer) -> Refusal:
    """The refusal that an answer 4xx is, in whatever shape it comes."""
    body = answer.json_or_none()
    if not isinstance(body, dict):
        words = answer.text(LONGEST_WORDS) if answer.is_plain_text else ""
        return Refusal(answer.status, words, is_scope=answer.status in _SCOPE)
    says = ": ".join(str(body[key]) for key in ("title", "detail", "hint") if body.get(key))
    details = "; ".join(_odd_errors(body.get("errors")))
    is_scope = answer.status == HTTPStatus.FORBIDDEN and "scope" in says
    words = f"{says}: {details}" if details else says
    return Refusal(answer.status, words, errors=tuple(_validation_errors(body)), is_scope=is_scope)


_SCOPE: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
"""The drive says so in plain text where the scope «files» is missing. Source: Kommo, files API."""


def _validation_errors(body: dict[str, Any]) -> Iterator[ItemError]:
    for item in _listed(body.get("validation-errors")):
        request_id = item.get("request_id")
        for error in _listed(item.get("errors")):
            yield ItemError(
                None if request_id is None else str(request_id),
                str(error.get("path", "")),
                str(error.get("code", "")),
                str(error.get("detail", "")),
            )


def _odd_errors(errors: object) -> Iterator[str]:
    """Older parts of amoCRM answer `{"errors": {"<id>": "text"}}` or `{"errors": [{"title": …}]}`."""
    if isinstance(errors, dict):
        yield from (f"{key}: {value}" for key, value in errors.items())
    for error in _listed(errors):
        yield str(error.get("detail") or error.get("title") or json.dumps(error, ensure_ascii=False))


def _listed(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
