"""MAX's Markdown. Source: «Text formatting» of the platform's schema, 0.0.30."""

import re

from carquery_emulators.max.markup.marked_text import Mark, MarkedText, utf16_length

_TYPES = {
    "**": "strong",
    "__": "strong",
    "*": "emphasized",
    "_": "emphasized",
    "~~": "strikethrough",
    "++": "underline",
    "^^": "highlighted",
}
_RANGE = re.compile(
    r"(?P<code>`+)(?P<verbatim>.+?)(?P=code)"
    r"|\[(?P<words>[^\]]+)\]\((?P<url>[^)\s]+)\)"
    r"|(?P<sign>\*\*|__|~~|\+\+|\^\^|\*|_)(?P<inner>\S(?:.*?\S)?)(?P=sign)"
    r"|^(?P<line># |> )(?P<whole>[^\n]+)$",
    re.DOTALL | re.MULTILINE,
)
_USER = "max://user/"


def read_markdown(source: str) -> MarkedText:
    """The text without its signs; what is no range stays as it is written."""
    parts: list[str] = []
    marks: list[Mark] = []
    end = 0
    for found in _RANGE.finditer(source):
        parts.append(source[end : found.start()])
        end = found.end()
        start = utf16_length("".join(parts))
        inner = _inner(found)
        parts.append(inner.text)
        marks.append(_mark(found, start, utf16_length(inner.text)))
        marks += [Mark(mark.type, start + mark.start, mark.length, mark.url, mark.user_id) for mark in inner.marks]
    parts.append(source[end:])
    return MarkedText("".join(parts), tuple(marks))


def _inner(found: re.Match[str]) -> MarkedText:
    if found["code"]:
        return MarkedText(found["verbatim"])
    return read_markdown(found["words"] or found["inner"] or found["whole"])


def _mark(found: re.Match[str], start: int, length: int) -> Mark:
    url = found["url"]
    if url and url.startswith(_USER) and url.removeprefix(_USER).isdecimal():
        return Mark("user_mention", start, length, user_id=int(url.removeprefix(_USER)))
    if url:
        return Mark("link", start, length, url=url)
    if found["line"]:
        return Mark("heading" if found["line"] == "# " else "quote", start, length)
    return Mark("monospaced" if found["code"] else _TYPES[found["sign"]], start, length)
