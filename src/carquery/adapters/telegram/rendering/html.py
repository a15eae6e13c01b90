"""The only place that turns text into Telegram's HTML."""

from html import escape

MESSAGE_LIMIT = 4096
"""UTF-16 units after parsing. Source: Bot API, sendMessage."""


def plain(text: str) -> str:
    """Text as it is, whoever wrote it."""
    return escape(text, quote=False)


def bold(text: str) -> str:
    return f"<b>{plain(text)}</b>"


def italic(text: str) -> str:
    return f"<i>{plain(text)}</i>"


def units(text: str) -> int:
    """The text's length as Telegram counts it: UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clip(text: str, limit: int) -> str:
    """The text, or as much of its beginning as fits the limit with «…» behind it; `limit` in UTF-16 units."""
    if units(text) <= limit:
        return text
    kept = text.encode("utf-16-le", "surrogatepass")[: 2 * (limit - 1)].decode("utf-16-le", "ignore")
    return kept.rstrip() + "…"
