"""MAX's HTML: what it knows becomes marks, other tags are stripped, references are decoded.

How references («&lt;») are treated nobody wrote down; that they are decoded is what the name HTML promises.
"""

from html.parser import HTMLParser

from carquery_emulators.max.markup.marked_text import Mark, MarkedText, utf16_length

_TYPES = {
    "i": "emphasized",
    "em": "emphasized",
    "b": "strong",
    "strong": "strong",
    "del": "strikethrough",
    "s": "strikethrough",
    "ins": "underline",
    "u": "underline",
    "pre": "monospaced",
    "code": "monospaced",
    "mark": "highlighted",
    "blockquote": "quote",
    "h1": "heading",
    "a": "link",
}
_USER = "max://user/"


def read_html(source: str) -> MarkedText:
    """The text without its tags; one that was never closed reaches to the end."""
    reader = _Reader()
    reader.feed(source)
    reader.close()
    return reader.read()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._length = 0
        self._open: list[tuple[str, int, str | None]] = []
        self._marks: list[Mark] = []

    def read(self) -> MarkedText:
        for tag, _, _ in list(reversed(self._open)):
            self.handle_endtag(tag)
        ordered = sorted(self._marks, key=lambda mark: (mark.start, -mark.length))
        return MarkedText("".join(self._parts), tuple(ordered))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _TYPES:
            self._open.append((tag, self._length, dict(attrs).get("href")))

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self._open) - 1, -1, -1):
            name, start, href = self._open[place]
            if name == tag:
                del self._open[place]
                self._mark(name, start, href)
                return

    def handle_data(self, data: str) -> None:
        self._parts.append(data)
        self._length += utf16_length(data)

    def _mark(self, tag: str, start: int, href: str | None) -> None:
        length = self._length - start
        if not length or (tag == "a" and not href):
            return
        if href is not None and href.startswith(_USER) and href.removeprefix(_USER).isdecimal():
            self._marks.append(Mark("user_mention", start, length, user_id=int(href.removeprefix(_USER))))
        else:
            self._marks.append(Mark(_TYPES[tag], start, length, url=href if tag == "a" else None))
