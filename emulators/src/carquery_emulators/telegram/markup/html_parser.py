"""Telegram's HTML subset, read as strictly as Telegram reads it.

The grammar and the error texts are those of `parse_html` in tdlib/td (MessageEntity.cpp); offsets in errors count
UTF-8 bytes.
"""

import re
from dataclasses import dataclass

from carquery_emulators.telegram.markup.formatted_text import (
    Entity,
    EntityType,
    FormattedText,
    sorted_entities,
    utf16_length,
)
from carquery_emulators.telegram.markup.links import LinkRefused, checked_link

_TYPES: dict[str, EntityType] = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x(?P<hex>[0-9A-Fa-f]+)|#(?P<decimal>[0-9]+)|(?P<name>[A-Za-z]+));?")
_SPACES = re.compile(r"[ \t\r\n\v\0]*")
_TAG_NAME = re.compile(r"[^ \t\r\n\v\0>]*")
_ATTRIBUTE_NAME = re.compile(r"[^ \t\r\n\v\0=>]*")
_NAME_TOKEN = re.compile(r"[A-Za-z0-9.-]*")


class EntitiesUnreadable(ValueError):
    """The text is not Telegram's HTML; the message is Telegram's, without its «can't parse entities: »."""


def parse_html(source: str) -> FormattedText:
    """Read Telegram's HTML.

    Raises:
        EntitiesUnreadable: an unknown, unclosed or mismatched tag, or half a surrogate pair.
    """
    return _Parser(source).parse()


@dataclass(frozen=True, slots=True)
class _OpenTag:
    name: str
    argument: str
    offset: int
    start: int
    """Where its content begins in the list of output characters."""


class _Parser:
    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._out: list[str] = []
        self._offset = 0
        self._open: list[_OpenTag] = []
        self._entities: list[Entity] = []

    def parse(self) -> FormattedText:
        while self._at < len(self._source):
            match self._source[self._at]:
                case "<" if self._peek(1) == "/":
                    self._end_tag()
                case "<":
                    self._start_tag()
                case "&":
                    self._put(self._reference() or self._take())
                case _:
                    self._put(self._take())
        if self._open:
            raise EntitiesUnreadable(f'Can\'t find end tag corresponding to start tag "{self._open[-1].name}"')
        text = "".join(self._out)
        if any("\ud800" <= char <= "\udfff" for char in text):
            raise EntitiesUnreadable(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            )
        return FormattedText(text, sorted_entities([_without_language_of_code(entity) for entity in self._entities]))

    def _peek(self, ahead: int = 0) -> str:
        """The character at the cursor, or nothing at the end."""
        return self._source[self._at + ahead : self._at + ahead + 1]

    def _take(self) -> str:
        self._at += 1
        return self._source[self._at - 1]

    def _match(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._source, self._at)
        self._at = found.end() if found else self._at
        return found[0] if found else ""

    def _put(self, char: str) -> None:
        self._out.append(char)
        self._offset += utf16_length(char)

    def _bytes_before(self, position: int) -> int:
        return len(self._source[:position].encode("utf-8", "surrogatepass"))

    def _reference(self) -> str | None:
        """Decode `&lt;`, `&gt;`, `&amp;`, `&quot;` and numbers; anything else stays as it is written."""
        found = _REFERENCE.match(self._source, self._at)
        if found is None:
            return None
        if found["name"]:
            char = _NAMED.get(found["name"])
        else:
            code = int(found["hex"], 16) if found["hex"] else int(found["decimal"])
            char = chr(code) if 0 < code < 0x10FFFF and len(found[0].rstrip(";")) < 10 else None
        if char is not None:
            self._at = found.end()
        return char

    def _start_tag(self) -> None:
        begin = self._at
        offset = self._bytes_before(begin)
        self._at += 1
        name = self._match(_TAG_NAME).lower()
        if not self._peek():
            raise EntitiesUnreadable(f"Unclosed start tag at byte offset {offset}")
        if name not in _TYPES:
            raise EntitiesUnreadable(f'Unsupported start tag "{name}" at byte offset {offset}')
        argument = ""
        while True:
            self._match(_SPACES)
            if self._peek() == ">":
                break
            argument = self._attribute(name, offset) or argument
        self._at += 1
        if name == "span" and argument != "spoiler":
            raise EntitiesUnreadable(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
        self._open.append(_OpenTag(name, argument, self._offset, len(self._out)))

    def _attribute(self, tag: str, offset: int) -> str:
        """Read one attribute; return what it means for this tag, or nothing."""
        name = self._match(_ATTRIBUTE_NAME)
        if not name:
            if not self._peek():
                raise EntitiesUnreadable(f'Unclosed start tag "{tag}" at byte offset {offset}')
            raise EntitiesUnreadable(f'Empty attribute name in the tag "{tag}" at byte offset {offset}')
        self._match(_SPACES)
        if self._peek() != "=":
            if not self._peek():
                raise EntitiesUnreadable(f'Unclosed start tag "{tag}" at byte offset {offset}')
            if (tag, name) == ("blockquote", "expandable"):
                return "expandable"
            raise EntitiesUnreadable(
                f'Expected equal sign in declaration of an attribute of the tag "{tag}" at byte offset {offset}'
            )
        self._at += 1
        self._match(_SPACES)
        if not self._peek():
            raise EntitiesUnreadable(f'Unclosed start tag "{tag}" at byte offset {offset}')
        return _argument(tag, name, self._attribute_value(offset))

    def _attribute_value(self, offset: int) -> str:
        if self._peek() not in {"'", '"'}:
            start = self._at
            value = self._match(_NAME_TOKEN).lower()
            if self._peek() and self._peek() not in " \t\r\n\v\0>":
                raise EntitiesUnreadable(f"Unexpected end of name token at byte offset {self._bytes_before(start)}")
        else:
            quote = self._take()
            chars = []
            while self._peek() not in {quote, ""}:
                chars.append((self._peek() == "&" and self._reference()) or self._take())
            value = "".join(chars)
            self._at += 1
        if not self._peek():
            raise EntitiesUnreadable(f"Unclosed start tag at byte offset {offset}")
        return value

    def _end_tag(self) -> None:
        offset = self._bytes_before(self._at)
        if not self._open:
            raise EntitiesUnreadable(f"Unexpected end tag at byte offset {offset}")
        self._at += 2
        name = self._match(_TAG_NAME).lower()
        self._match(_SPACES)
        if self._peek() != ">":
            raise EntitiesUnreadable(f"Unclosed end tag at byte offset {offset}")
        self._at += 1
        tag = self._open.pop()
        if name and name != tag.name:
            raise EntitiesUnreadable(
                f'Unmatched end tag at byte offset {offset}, expected "</{tag.name}>", found "</{name}>"'
            )
        if self._offset > tag.offset:
            self._close(tag)

    def _close(self, tag: _OpenTag) -> None:
        length = self._offset - tag.offset
        last = self._entities[-1] if self._entities else None
        same_range = last is not None and (last.offset, last.length) == (tag.offset, length)
        if tag.name == "a":
            self._close_link(tag, length)
        elif tag.name == "pre" and last and same_range and last.type == "code" and last.language:
            self._entities[-1] = Entity("pre", tag.offset, length, language=last.language)
        elif tag.name == "code" and last and same_range and last.type == "pre" and tag.argument:
            self._entities[-1] = Entity("pre", tag.offset, length, language=tag.argument)
        elif tag.name == "code":
            self._entities.append(Entity("code", tag.offset, length, language=tag.argument or None))
        elif tag.argument == "expandable":
            self._entities.append(Entity("expandable_blockquote", tag.offset, length))
        else:
            self._entities.append(Entity(_TYPES[tag.name], tag.offset, length))

    def _close_link(self, tag: _OpenTag, length: int) -> None:
        try:
            url = checked_link(tag.argument or "".join(self._out[tag.start :]))
        except LinkRefused:
            return  # Telegram shows such a link as plain text and says nothing
        self._entities.append(Entity("text_link", tag.offset, length, url=url))


def _argument(tag: str, attribute: str, value: str) -> str:
    match tag, attribute:
        case "a", "href":
            return value
        case "code", "class" if value.startswith("language-"):
            return value.removeprefix("language-")
        case "span", "class" if value.startswith("tg-"):
            return value.removeprefix("tg-")
        case "blockquote", "expandable":
            return "expandable"
        case _:
            return ""


def _without_language_of_code(entity: Entity) -> Entity:
    """A language is for blocks; inline code has none."""
    return Entity("code", entity.offset, entity.length) if entity.type == "code" else entity
