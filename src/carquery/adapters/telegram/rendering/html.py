"""The only place that turns text into Telegram's HTML."""

from typing import Final

from carquery.adapters.telegram.channel import TELEGRAM, chat_of
from carquery.application.marked_text import Mark, Marked, Run

_TAGS: Final = {Mark.BOLD: "b", Mark.ITALIC: "i", Mark.CODE: "code", Mark.QUOTE: "blockquote"}


def html_of(text: Marked) -> str:
    """The text with its marks as tags, and everything in it that looks like a tag as it was written."""
    return "".join(map(_html_of, text.runs))


def _html_of(run: Run) -> str:
    escaped = run.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if run.customer is not None and run.customer.channel == TELEGRAM:
        return f'<a href="tg://user?id={chat_of(run.customer)}">{escaped}</a>'
    tag = _TAGS.get(run.mark)
    return escaped if tag is None else f"<{tag}>{escaped}</{tag}>"
