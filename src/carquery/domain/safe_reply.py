"""What of a classifier's own words may be said to a customer.

The words come from a model that read what a stranger wrote. They are a courtesy, never information: links, sums and
promises in them are nobody's, so such a reply is not given at all.
"""

import re
from typing import Final

from carquery.domain.typed_text import clean

LONGEST_REPLY: Final = 300

_LINK: Final = re.compile(
    r"https?:|www\.|\bt\.me\b|@\w|\w\.(?:ru|рф|com|net|org|me|io|su|info|biz|xyz|online|site)\b", re.IGNORECASE
)
_FIGURE: Final = re.compile(r"[0-9]{3,}|[0-9]\s*(?:%|₽|руб|тыс|млн|к\b|р\b)|[%₽$€]", re.IGNORECASE)
_PROMISE: Final = re.compile(
    r"скид|акци[яию]|гарант|бесплат|подар|обеща|выгодн|дешевле|купим|выкупим|продадим|одобр|верн[её]м|компенс|бонус"
    r"|discount|free|guarant|promis",
    re.IGNORECASE,
)
_CYRILLIC: Final = re.compile(r"[а-яё]", re.IGNORECASE)
_MARKUP: Final = re.compile(r"[<>{}\[\]`|\\]|\*\*|__")


def safe_reply(reply: str) -> str:
    """The reply as it may be shown, on one line; empty: it may not be."""
    text = clean(reply)
    if not text or len(text) > LONGEST_REPLY or not _CYRILLIC.search(text):
        return ""
    if any(pattern.search(text) for pattern in (_LINK, _FIGURE, _PROMISE, _MARKUP)):
        return ""
    return text
