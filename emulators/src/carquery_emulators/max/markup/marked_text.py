"""A text with marked ranges, as MAX keeps it: `markup` beside the plain text, counted in UTF-16 code units."""

import html
from dataclasses import dataclass

from carquery_emulators.kit.json_types import Json

_TAGS = {
    "strong": "b",
    "emphasized": "i",
    "monospaced": "code",
    "strikethrough": "s",
    "underline": "u",
    "highlighted": "mark",
    "heading": "h1",
    "quote": "blockquote",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked range. `url`: of a link."""

    type: str
    start: int
    length: int
    url: str | None = None
    user_id: int | None = None

    @property
    def end(self) -> int:
        return self.start + self.length

    def to_json(self) -> Json:
        body: Json = {"type": self.type, "from": self.start, "length": self.length}
        if self.url is not None:
            body["url"] = self.url
        if self.user_id is not None:
            body["user_id"] = self.user_id
        return body

    @classmethod
    def from_json(cls, body: Json) -> "Mark":
        return cls(body["type"], int(body["from"]), int(body["length"]), body.get("url"), body.get("user_id"))


@dataclass(frozen=True, slots=True)
class MarkedText:
    text: str
    marks: tuple[Mark, ...] = ()

    def as_html(self) -> str:
        """The text in MAX's HTML, every mark as a tag; outermost first, by length."""
        out: list[str] = []
        opened: list[Mark] = []
        position = 0
        starting = sorted(self.marks, key=lambda mark: (mark.start, -mark.length))
        for char in self.text:
            while opened and opened[-1].end <= position:
                out.append(f"</{_closing(opened.pop())}>")
            while starting and starting[0].start <= position:
                opened.append(starting.pop(0))
                out.append(f"<{_opening(opened[-1])}>")
            out.append(html.escape(char, quote=False))
            position += utf16_length(char)
        out.extend(f"</{_closing(mark)}>" for mark in reversed(opened))
        return "".join(out)


def utf16_length(text: str) -> int:
    return len(text) + sum(char > "\uffff" for char in text)


def _opening(mark: Mark) -> str:
    if mark.type == "link":
        return f'a href="{html.escape(mark.url or "")}"'
    if mark.type == "user_mention":
        return f'a href="max://user/{mark.user_id}"'
    return _TAGS[mark.type]


def _closing(mark: Mark) -> str:
    return _opening(mark).partition(" ")[0]
