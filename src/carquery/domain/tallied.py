"""What is counted of customers' ways through the forms: of each day so many, and nothing of any customer."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

SUMMARY: Final = "summary"
"""The place behind the last step, called as if it were one."""
OTHERS: Final = "*"
"""What was too many different ones to tell apart."""

SECONDS: Final = (1, 2, 3, 5, 8, 12, 20, 30, 45, 60, 90, 120, 180, 300, 600, 900, 1800)
"""Up to so many each; what took longer is one more kind."""
LONGER: Final = "longer"


class Occurrence(StrEnum):
    """What can happen."""

    OPENED = "opened"
    """A form was opened."""
    REACHED = "reached"
    """It has come to that step, or past it, for the first time."""
    PASSED = "passed"
    """The step was passed for the first time; `detail`: after how many seconds."""
    REFUSED = "refused"
    """What was sent was no answer to the step; `detail`: its shape."""
    OFFERED = "offered"
    """A form was offered upon a free message."""
    ACCEPTED = "accepted"
    DECLINED = "declined"
    """The offer was answered with no, or with something else."""
    ASKED = "asked"
    """A question about the dealership; `detail`: its topic."""
    UNANSWERED = "unanswered"
    """One of these, to which it has told no answer."""


class Tallied(NamedTuple):
    """What is counted together, a key of counters; empty is what does not apply, or is not told apart.

    Attributes:
        day: by the dealership's calendar.
        source: where customers came from; nothing personal.
        step: its name, or `SUMMARY`.
        detail: as `Occurrence` says of each.
    """

    day: date
    what: Occurrence
    channel: str
    source: str = ""
    form: str = ""
    step: str = ""
    detail: str = ""


def seconds_told(seconds: float) -> str:
    """The `detail` for so many seconds."""
    place = bisect_left(SECONDS, seconds)
    return str(SECONDS[place]) if place < len(SECONDS) else LONGER


def median_seconds(counts: Mapping[str, int]) -> float | None:
    """Of times told by `seconds_told`, within the kind that the middle one is of; None: there is none."""
    kinds = [(0 if place == 0 else SECONDS[place - 1], most) for place, most in enumerate(SECONDS)]
    middle, passed = sum(counts.values()) / 2, 0
    if not middle:
        return None
    for least, most in kinds:
        of_kind = counts.get(str(most), 0)
        if of_kind and passed + of_kind >= middle:
            return least + (most - least) * (middle - passed) / of_kind
        passed += of_kind
    return float(SECONDS[-1])


def commonest(counts: Mapping[str, int], most: int) -> Iterable[tuple[str, int]]:
    """The commonest, the first by name among equals; what is not told apart comes last."""
    return sorted(counts.items(), key=lambda one: (one[0] == OTHERS, -one[1], one[0]))[:most]
