"""The corpora under `tests/data/typed_answers`: what customers type, and what is made of it.

One JSON object a line: `typed` (`times` over, if given) and what is expected: `reads` (the value), `as_typed` (the text
itself is the value), `offers` (readings to choose from), or `refused` (a piece of the hint, perhaps empty). Beside a
phone, `extension` and `remark` are what belongs to it; a line without them says nothing of them.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias, TypeVar

from carquery.domain.refusals import AnswerRefused
from carquery.domain.unsure import Unsure

_FOLDER = Path(__file__).parents[1] / "data" / "typed_answers"

Plain: TypeAlias = str | int
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Reads:
    value: Plain


@dataclass(frozen=True, slots=True)
class Offers:
    values: tuple[Plain, ...]


@dataclass(frozen=True, slots=True)
class Refuses:
    hint: str


Expected: TypeAlias = Reads | Offers | Refuses


@dataclass(frozen=True, slots=True)
class Case:
    """One line of a corpus."""

    typed: str
    expected: Expected
    beside: Mapping[str, str] = field(default_factory=dict)


def corpus(name: str) -> list[Case]:
    """All cases of one field, in the order of the file."""
    lines = (_FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [_with_what_stands_beside(json.loads(line)) for line in lines]


def label(case: Case) -> str:
    """A short name for a test's report: what was typed, in ASCII."""
    return ascii(case.typed[:40])


def outcome(read: Callable[[str], V | Unsure[V]], typed: str, plain: Callable[[V], Plain]) -> Expected:
    """What a parser makes of a text, in the corpora's terms."""
    try:
        value = read(typed)
    except AnswerRefused as refused:
        return Refuses(refused.hint)
    if isinstance(value, Unsure):
        return Offers(tuple(plain(reading) for reading in value.readings))
    return Reads(plain(value))


def fits(actual: Expected, expected: Expected) -> bool:
    """Whether an outcome is the expected one; of a hint, a piece is enough."""
    match actual, expected:
        case Refuses(hint), Refuses(piece):
            return hint != "" and piece in hint
        case _:
            return actual == expected


def _with_what_stands_beside(line: dict[str, object]) -> Case:
    beside: dict[str, str] = {name: str(line[name]) for name in ("extension", "remark") if name in line}
    return replace(_case(line), beside=beside)


def _case(line: dict[str, object]) -> Case:
    typed = str(line["typed"]) * int(str(line.get("times", 1)))
    match line:
        case {"as_typed": True}:
            return Case(typed, Reads(typed))
        case {"reads": str() | int() as value}:
            return Case(typed, Reads(value))
        case {"offers": list(values)}:
            return Case(typed, Offers(tuple(values)))
        case {"refused": str(hint)}:
            return Case(typed, Refuses(hint))
        case _:
            raise ValueError(f"a case without an expectation: {line}")
