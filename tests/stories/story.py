"""Stories: conversations with what must come of them. The head of data/stories/conversations.yaml is the format."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

import yaml

FOLDER: Final = Path(__file__).parents[1] / "data" / "stories"


@dataclass(frozen=True, slots=True)
class Say:
    text: str


@dataclass(frozen=True, slots=True)
class Press:
    label: str


@dataclass(frozen=True, slots=True)
class ShareContact:
    pass


@dataclass(frozen=True, slots=True)
class SendPhotos:
    count: int
    caption: str


@dataclass(frozen=True, slots=True)
class SendFile:
    """`kind`: voice, video or file."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class SendSticker:
    pass


@dataclass(frozen=True, slots=True)
class Rewrite:
    """The text of a turn, counted from 1, has other words now."""

    turn: int
    text: str


Turn: TypeAlias = Say | Press | ShareContact | SendPhotos | SendFile | SendSticker | Rewrite


@dataclass(frozen=True, slots=True)
class Story:
    """A conversation. `expect`: as the format says; what is left out is not judged."""

    id: str
    about: str
    start: str | None
    turns: tuple[Turn, ...]
    expect: Mapping[str, Any]


def read_stories(file: Path) -> Sequence[Story]:
    """The stories of a file."""
    return [_story(entry) for entry in yaml.safe_load(file.read_text("utf-8"))]


def _story(entry: Mapping[str, Any]) -> Story:
    turns = tuple(map(_turn, entry["turns"]))
    return Story(entry["id"], entry.get("about", ""), entry.get("start"), turns, entry["expect"])


def _turn(turn: Mapping[str, Any]) -> Turn:
    match turn:
        case {"say": str(text)}:
            return Say(text)
        case {"press": str(label)}:
            return Press(label)
        case {"contact": True}:
            return ShareContact()
        case {"photo": int(count), **others}:
            return SendPhotos(count, str(others.get("caption", "")))
        case {"sticker": True}:
            return SendSticker()
        case {"edit": {"turn": int(number), "say": str(text)}}:
            return Rewrite(number, text)
        case {"file": str(name)}:
            return SendFile("file", name)
        case {"voice": True}:
            return SendFile("voice", "voice.ogg")
        case {"video": True}:
            return SendFile("video", "video.mp4")
        case _:
            raise ValueError(f"no turn: {turn}")
