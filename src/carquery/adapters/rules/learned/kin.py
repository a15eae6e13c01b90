"""Words that mean much the same to a dealership: what is learned of one counts for the others."""

import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from carquery.adapters.rules.text import normalised, stem

KIN: Final = Path(__file__).parents[1] / "data" / "kin.toml"
"""Kinds of words. None of them decides anything: what a kind says of a wish, messages teach."""


@lru_cache(maxsize=20_000)
def kinds_of(word: str) -> Sequence[str]:
    """The kinds that a word of a normalised text belongs to, in any of its forms; mostly none."""
    return _kinds().get(stem(word), ())


@cache
def _kinds() -> Mapping[str, Sequence[str]]:
    kinds: dict[str, dict[str, None]] = defaultdict(dict)
    for kind, words in tomllib.loads(KIN.read_text("utf-8")).items():
        for word in words.split():
            kinds[stem(normalised(word))][kind] = None
    return {word: tuple(its) for word, its in kinds.items()}
