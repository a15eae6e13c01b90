"""What a customer wrote beside an answer, for people to read."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from carquery.domain.typed_text import clean

_WORD: Final = re.compile(r"[^\W_]+")
_LABEL_WORDS: Final = (
    "мой моя мои номер номера номеру телефон телефона телефону тел т моб мобильный сот сотовый контакт контактный"
    " вот это пожалуйста да для связи по на мне меня можно звоните позвоните звонить перезвоните запишите"
    " phone tel mobile cell my number is"
)
_LABELS: Final = frozenset(_LABEL_WORDS.split())
"""They say no more than that a phone number stands there."""


def remark_of(written: str, answers: Sequence[tuple[int, int]]) -> str:
    """In one line, what was written beside the answers, which stand at these places; empty: nothing worth reading.

    «…» stands where the answer stood between two pieces. Labels («мой номер:») go.
    """
    return clean(" … ".join(_pieces(written, sorted(answers))))  # what joined two signs may stand at an end now


def _pieces(written: str, answers: Sequence[tuple[int, int]]) -> Iterator[str]:
    done = 0
    for start, end in (*answers, (len(written), len(written))):
        piece = _bare(" ".join(written[done:start].split()))
        done = max(done, end)
        words = _WORD.findall(piece.casefold())
        if words and not _LABELS.issuperset(words):
            yield piece


def _bare(piece: str) -> str:
    """Without the signs that joined it to the answer."""
    bare = piece.strip(" ,;:.…-–—/|•")
    if bare.startswith(")") or (bare.startswith("(") and bare.count("(") > bare.count(")")):
        return _bare(bare[1:])
    if bare.endswith("(") or (bare.endswith(")") and bare.count(")") > bare.count("(")):
        return _bare(bare[:-1])
    if bare.startswith("(") and bare.endswith(")") and bare.count("(") == 1:
        return _bare(bare[1:-1])
    return bare
