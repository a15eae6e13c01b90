"""The only place that turns text into MAX's HTML. Source: dev.max.ru/docs-api, «Форматирование»."""

from dataclasses import replace
from typing import Final

from carquery.adapters.max.channel import MAX, user_of
from carquery.application.marked_text import Mark, Marked, Run, clip, fit, units

LONGEST_TEXT: Final = 4000
"""Source: NewMessageBody, `text`. Whether tags and `&lt;` count is not said: here they do."""

_TAGS: Final = {Mark.BOLD: "b", Mark.ITALIC: "i", Mark.CODE: "code", Mark.QUOTE: "blockquote"}
_LONGEST_ESCAPED: Final = 5
"""One character, as `&amp;`."""


def html_of(text: Marked) -> str:
    """The text with its marks as tags, and everything in it that looks like a tag as it was written.

    What would be too long with them loses the end of its longest part.
    """
    written = [_html_of(run) for run in text.runs]
    if fit(written, LONGEST_TEXT):
        return "".join(written)
    runs = list(text.runs)
    while (over := units("".join(written)) - LONGEST_TEXT) > 0:
        longest = max(range(len(runs)), key=lambda place: len(written[place]))
        run = runs[longest]
        less = units(run.text) - max(1, over // _LONGEST_ESCAPED) - 1
        runs[longest] = replace(run, text=clip(run.text, max(1, less)))
        written[longest] = _html_of(runs[longest])
    return "".join(written)


def _html_of(run: Run) -> str:
    escaped = run.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if run.customer is not None and run.customer.channel == MAX:
        return f'<a href="max://user/{user_of(run.customer)}">{escaped}</a>'
    tag = _TAGS.get(run.mark)
    return escaped if tag is None else f"<{tag}>{escaped}</{tag}>"
