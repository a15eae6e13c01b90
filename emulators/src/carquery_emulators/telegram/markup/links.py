"""Which addresses Telegram accepts in links and buttons."""

import re
from urllib.parse import urlsplit

_SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*):")
_HOST_WITH_PORT = re.compile(r"^[^/?#]+:\d+(?:[/?#]|$)")


class LinkRefused(ValueError):
    """Telegram's reason, as it stands at the end of its error text."""


def checked_link(url: str) -> str:
    """Normalise a link as Telegram does: `telegram.org` becomes `http://telegram.org/`.

    Source: tdlib/td, LinkManager::check_link. A host without a dot («localhost») is refused there too.

    Raises:
        LinkRefused: not a link that a message may carry.
    """
    url = url.strip()
    scheme = _SCHEME.match(url)
    if scheme and scheme[1].lower() in {"tg", "ton"}:
        return url
    if scheme is None or _HOST_WITH_PORT.match(url):
        url = f"http://{url}"
    elif scheme[1].lower() not in {"http", "https"}:
        raise LinkRefused("Unsupported URL protocol")
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError as error:
        raise LinkRefused("Wrong HTTP URL") from error
    if "." not in host.strip(".") or re.search(r"\s", url):
        raise LinkRefused("Wrong HTTP URL")
    return parts._replace(path=parts.path or "/").geturl()
