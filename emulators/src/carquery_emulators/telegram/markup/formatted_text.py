"""Text with entities, measured as Telegram measures it: in UTF-16 code units."""

import html
import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from carquery_emulators.kit.json_types import Json

EntityType: TypeAlias = Literal[
    "blockquote",
    "expandable_blockquote",
    "pre",
    "code",
    "text_link",
    "bot_command",
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
]
_PRIORITY: dict[str, int] = {
    "blockquote": 0,
    "expandable_blockquote": 0,
    "pre": 10,
    "code": 20,
    "text_link": 49,
    "bold": 90,
    "italic": 91,
    "underline": 92,
    "strikethrough": 93,
    "spoiler": 94,
}
"""Which of two entities over the same range is the outer one. Source: tdlib/td, MessageEntity::get_type_priority."""
_TAGS: dict[str, str] = {
    "blockquote": "blockquote",
    "pre": "pre",
    "code": "code",
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
}
_COMMAND = re.compile(r"(?<![\w/@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?!\w)")
_TRIMMED = " \n"


@dataclass(frozen=True, slots=True)
class Entity:
    """A marked range of a text; `offset` and `length` count UTF-16 code units."""

    type: EntityType
    offset: int
    length: int
    url: str | None = None
    language: str | None = None

    @property
    def end(self) -> int:
        return self.offset + self.length

    def to_json(self) -> Json:
        body: Json = {"type": self.type, "offset": self.offset, "length": self.length}
        if self.url is not None:
            body["url"] = self.url
        if self.language is not None:
            body["language"] = self.language
        return body

    @classmethod
    def from_json(cls, body: Json) -> "Entity":
        return cls(body["type"], int(body["offset"]), int(body["length"]), body.get("url"), body.get("language"))


@dataclass(frozen=True, slots=True)
class FormattedText:
    """A text and its entities, outermost first."""

    text: str
    entities: tuple[Entity, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Whether nothing of it would be seen: only spaces and zero-width characters."""
        return all(char.isspace() or unicodedata.category(char) in {"Cf", "Cc", "Zs"} for char in self.text)

    def trimmed(self) -> "FormattedText":
        """Without spaces and line breaks at both ends; entities move along and vanish when they become empty."""
        text = self.text.strip(_TRIMMED)
        cut = utf16_length(self.text[: len(self.text) - len(self.text.lstrip(_TRIMMED))])
        size = utf16_length(text)
        kept = []
        for entity in self.entities:
            start, end = max(entity.offset - cut, 0), min(entity.end - cut, size)
            if start < end:
                kept.append(replace(entity, offset=start, length=end - start))
        return FormattedText(text, sorted_entities(kept))

    def as_html(self) -> str:
        """The text in Telegram's HTML, every entity as a tag."""
        starts: dict[int, list[Entity]] = {}
        for entity in self.entities:
            starts.setdefault(entity.offset, []).append(entity)
        out: list[str] = []
        opened: list[Entity] = []
        position = 0
        for char in self.text:
            while opened and opened[-1].end <= position:
                out.append(f"</{_closing(opened.pop())}>")
            for entity in starts.get(position, ()):
                out.append(f"<{_opening(entity)}>" if _opening(entity) else "")
                if _opening(entity):
                    opened.append(entity)
            out.append(html.escape(char, quote=False))
            position += utf16_length(char)
        out.extend(f"</{_closing(entity)}>" for entity in reversed(opened))
        return "".join(out)


def utf16_length(text: str) -> int:
    return len(text) + sum(char > "\uffff" for char in text)


def sorted_entities(entities: list[Entity]) -> tuple[Entity, ...]:
    return tuple(sorted(entities, key=lambda e: (e.offset, -e.length, _PRIORITY.get(e.type, 50))))


def cleaned(text: str) -> str:
    """Without what Telegram removes from any input: control characters become spaces, `\\r` and bidi marks vanish."""
    kept = (char for char in text if char != "\r" and not "\u2028" <= char <= "\u202e")
    return "".join(" " if char < " " and char != "\n" else char for char in kept)


def with_commands(text: str) -> FormattedText:
    """A typed text with its /commands marked as Telegram marks them."""
    return FormattedText(
        text,
        tuple(
            Entity("bot_command", utf16_length(text[: found.start()]), utf16_length(found[0]))
            for found in _COMMAND.finditer(text)
        ),
    )


def _opening(entity: Entity) -> str:
    match entity.type:
        case "text_link":
            return f'a href="{html.escape(entity.url or "")}"'
        case "expandable_blockquote":
            return "blockquote expandable"
        case _:
            return _TAGS.get(entity.type, "")


def _closing(entity: Entity) -> str:
    return _opening(entity).partition(" ")[0]
