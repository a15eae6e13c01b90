"""Lists: order, filters, search and pages, as the query asks for them."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from operator import attrgetter
from typing import TypeVar
from urllib.parse import urlencode

from carquery_emulators.amocrm.requests.answers import hal, nothing, problem
from carquery_emulators.amocrm.requests.call import ApiCall
from carquery_emulators.kit.answers import Answer, Refused
from carquery_emulators.kit.json_types import Json

MOST_PER_PAGE = 250
USUAL_PER_PAGE = 50

_FILTER = re.compile(r"filter\[(\w+)\](?:\[(\w*)\])?")
_ORDER = re.compile(r"order\[(\w+)\]")

T = TypeVar("T")


def page(
    call: ApiCall,
    name: str,
    rows: Sequence[T],
    shown: Callable[[T], Json],
    *,
    most: int = MOST_PER_PAGE,
    **extra: object,
) -> Answer:
    """The page that is asked for; 204 if nothing is on it. Raises Refused: it is too big, or no number."""
    number, limit = _whole(call, "page", 1), _whole(call, "limit", USUAL_PER_PAGE)
    if limit > most:
        raise Refused(problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"Limit {most} per page"))
    here = rows[(number - 1) * limit : number * limit]
    if not here:
        return nothing()
    links = {"self": {"href": _address(call, number, limit)}}
    if len(rows) > number * limit:
        links["next"] = {"href": _address(call, number + 1, limit)}
    return hal({**extra, "_page": number, "_links": links, "_embedded": {name: [shown(row) for row in here]}})


def asked_with(call: ApiCall) -> set[str]:
    """What `with` asks for."""
    return set((call.asked("with") or "").split(","))


def ordered(call: ApiCall, rows: Iterable[T], *, by: Sequence[str], is_newest_first: bool = False) -> list[T]:
    """In the order that is asked for, or by age if none is; other keys than those of `by` are ignored."""
    for key, direction in call.query:
        found = _ORDER.fullmatch(key)
        if found is not None and found[1] in by:
            name = found[1]
            return sorted(rows, key=attrgetter(name, "id"), reverse=direction.lower() == "desc")
    return sorted(rows, key=attrgetter("id"), reverse=is_newest_first)


def filtered(call: ApiCall, rows: Iterable[T], names: Mapping[str, str]) -> list[T]:
    """Those that fit each filter. `names`: filters and the attributes they look at; other filters are ignored."""
    choices: dict[str, set[str]] = {}
    ranges: list[tuple[str, str, float]] = []
    for key, value in call.query:
        found = _FILTER.fullmatch(key)
        if found is None or found[1] not in names:
            continue
        if found[2] in {"from", "to"} and value.isdigit():
            ranges.append((names[found[1]], found[2], float(value)))
        else:
            choices.setdefault(names[found[1]], set()).update(value.split(","))
    return [
        row
        for row in rows
        if all(_written(getattr(row, name)) in wanted for name, wanted in choices.items())
        and all(_is_within(getattr(row, name), end, bound) for name, end, bound in ranges)
    ]


def _written(value: object) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


def _is_within(value: float, end: str, bound: float) -> bool:
    return value >= bound if end == "from" else value <= bound


def _whole(call: ApiCall, name: str, usual: int) -> int:
    given = call.asked(name)
    if given is None:
        return usual
    if not given.isdigit() or int(given) < 1:
        raise Refused(problem(HTTPStatus.BAD_REQUEST, f"{name} must be a positive number"))
    return int(given)


def _address(call: ApiCall, number: int, limit: int) -> str:
    """Search, order and the rest stay in it: amoCRM's own PHP client goes on by the address it is given."""
    kept = [(key, value) for key, value in call.query if key not in {"page", "limit"}]
    return f"{call.origin}{call.path}?{urlencode([*kept, ('page', number), ('limit', limit)])}"
