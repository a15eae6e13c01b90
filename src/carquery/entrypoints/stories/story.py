"""Stories: conversations with what must come of them. docs/stories.md is the format."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

NONE: Final = "none"
"""No form: none is open, none was sent, none stands offered."""
HUMAN: Final = "human"
"""A person was brought in."""


@dataclass(frozen=True, slots=True)
class Say:
    """A text message."""

    text: str


@dataclass(frozen=True, slots=True)
class Press:
    """A button of the newest message that has buttons, by its label without emoji, or by a part of it."""

    label: str


@dataclass(frozen=True, slots=True)
class ShareContact:
    """The customer's own card."""


@dataclass(frozen=True, slots=True)
class SendPhotos:
    """So many in one album."""

    count: int
    caption: str = ""


class FileKind(StrEnum):
    """Files that are no photos."""

    VOICE = "voice"
    VIDEO = "video"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class SendFile:
    """`name`: of a document."""

    kind: FileKind
    name: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class SendSticker:
    """Nothing that anybody can use."""


@dataclass(frozen=True, slots=True)
class Rewrite:
    """The text of a turn, counted from 1, has other words now."""

    turn: int
    text: str


Turn: TypeAlias = Say | Press | ShareContact | SendPhotos | SendFile | SendSticker | Rewrite


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What must have come of a story at its end; `None`: not judged.

    Attributes:
        form: a service, or `NONE`.
        answers: by step name, the texts that are right.
        not_in_answers: what must stand in no answer.
        answered: topics of the dealership, and `HUMAN`.
    """

    form: str | None = None
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    not_in_answers: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()
    lead: bool | None = None
    keeps_form_open: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A conversation. `start`: the payload of the deep link that it begins with; empty: with the first turn."""

    id: str
    about: str = ""
    start: str = ""
    turns: tuple[Turn, ...]
    expected: Expected = Expected()
