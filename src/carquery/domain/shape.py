"""The shape of a text: what it looks like, without what it says."""

import re
from itertools import groupby
from typing import Final

LONGEST_SHAPE: Final = 24
"""Characters; what is longer is cut, and ends with «…»."""
NO_TEXT: Final = "–"
"""Of a picture, a sticker, a press."""

_KEPT: Final = frozenset(" .,;:!?+-/()@#%№₽«»\"'")
_SPACES: Final = re.compile(r"\s+")


def shape_of(text: str) -> str:
    """«хочу 1,2 млн» is «аа 0,0 аа»: one letter «а», several «аа», Latin ones «aa», each digit «0», all else «*»."""
    begun = _SPACES.sub(" ", text[: LONGEST_SHAPE * 8].strip())
    signs = (_shown(kind, len(list(run))) for kind, run in groupby(map(_kind, begun)))
    shape = "".join(signs)
    if not shape:
        return NO_TEXT
    return shape if len(shape) <= LONGEST_SHAPE else f"{shape[: LONGEST_SHAPE - 1]}…"


def _kind(sign: str) -> str:
    if sign.isalpha():
        return "а" if "Ѐ" <= sign <= "ԯ" else "a"
    if sign.isdecimal():
        return "0"
    return sign if sign in _KEPT else "*"


def _shown(kind: str, times: int) -> str:
    if kind == "0":
        return kind * times
    return kind * min(times, 2) if kind in "аa" else kind
