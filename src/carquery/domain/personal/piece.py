"""What a piece of personal data is."""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from carquery.domain.refusals import AnswerRefused
from carquery.domain.values import dataclass

V = TypeVar("V")


class PersonalKind(StrEnum):
    """What a piece of personal data is."""

    PHONE = "phone"
    VIN = "vin"
    ADDRESS = "address"
    """An e-mail address, a name or a page in a network, a street with a house."""
    NAME = "name"
    """The customer's own."""
    PERSON = "person"
    """The name of somebody else."""
    NUMBER = "number"
    """A plate, a frame, a document's or a card's number, a date of birth, or what was meant as a phone or VIN."""


@dataclass(frozen=True, slots=True)
class Personal:
    """A piece of personal data, at `start` … `end` of its text.

    Attributes:
        value: a phone in E.164, a VIN's 17 characters, a name with a capital letter; else as written.
    """

    kind: PersonalKind
    start: int
    end: int
    value: str


def read_or_none(read: Callable[[str], V], written: str) -> V | None:
    """What a reader of answers makes of a text; `None` if it refuses it."""
    try:
        return read(written)
    except AnswerRefused:
        return None
