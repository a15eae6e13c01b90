"""How fast customers are answered: from a request to the first touch, in time that the dealership is open."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta, tzinfo
from enum import StrEnum
from math import ceil
from typing import Final

from carquery.application.ports.first_touches import Answered
from carquery.application.reports.tally import impersonal
from carquery.domain.dealership.hours import BusinessHours
from carquery.domain.moscow import MOSCOW
from carquery.domain.values import dataclass

NO_SOURCE: Final = "-"


class SpeedBy(StrEnum):
    """What requests are told apart by. `hour`: that they came in, by the dealership's clock."""

    SERVICE = "service"
    SOURCE = "source"
    HOUR = "hour"


@dataclass(frozen=True, slots=True)
class Speed:
    """Of some requests. The times are None if none was touched.

    Attributes:
        leads: all of them.
        touched: those that were.
        median, p90: of those, by the nearest rank.
    """

    leads: int
    touched: int
    median: timedelta | None
    p90: timedelta | None


def speed_of(answered: Sequence[Answered], hours: BusinessHours | None) -> Speed:
    """All of them together."""
    times = sorted(_waited(one, hours) for one in answered if one.touched_at is not None)
    return Speed(len(answered), len(times), _rank(times, 0.5), _rank(times, 0.9))


def speeds(answered: Iterable[Answered], hours: BusinessHours | None, by: SpeedBy) -> Mapping[str, Speed]:
    """By what they are told apart by, in its order."""
    zone = MOSCOW if hours is None else hours.zone
    groups: dict[str, list[Answered]] = defaultdict(list)
    for one in answered:
        groups[_KEYS[by](one, zone)].append(one)
    return {key: speed_of(groups[key], hours) for key in sorted(groups)}


_KEYS: Final[Mapping[SpeedBy, Callable[[Answered, tzinfo], str]]] = {
    SpeedBy.SERVICE: lambda one, _: one.service.value,
    SpeedBy.SOURCE: lambda one, _: impersonal(one.source) or NO_SOURCE,
    SpeedBy.HOUR: lambda one, zone: f"{one.received_at.astimezone(zone):%H}",
}


def _waited(one: Answered, hours: BusinessHours | None) -> timedelta:
    if one.touched_at is None:
        raise AssertionError("only touched ones are asked for")
    waited = max(one.touched_at - one.received_at, timedelta())  # two clocks
    return waited if hours is None else hours.between(one.received_at, one.touched_at)


def _rank(times: Sequence[timedelta], share: float) -> timedelta | None:
    return times[ceil(share * len(times)) - 1] if times else None
