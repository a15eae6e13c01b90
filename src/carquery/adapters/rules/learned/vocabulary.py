"""The features that a model knows, and how much each of them counts."""

import math
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Final, TypeAlias

from carquery.domain.values import dataclass

Features: TypeAlias = tuple[int, ...]
"""A message's features: numbers below 2³², each once."""

IMPORTANCE_STEPS: Final = 16
"""Importance is kept in sixteenths, so that it fits into a byte."""
BUCKETS: Final = 1 << 22
"""So many that hardly two features of a model share one, and hardly any that it does not know falls into one of its."""


_PAGE: Final = 6
"""Bits of a bucket's number within its page: in a page of so many buckets hardly more than one is known."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Features fall into buckets; the buckets that a model knows have places in its weights, in their order.

    A dictionary of them would take ten times the memory.

    Attributes:
        known_buckets: ascending; a feature that falls into none of them says nothing.
        importance: for each place, how much a feature counts in a message's length, in sixteenths; 0: it is not known.
        pages: the place of the first known bucket in each page, and the end.
    """

    buckets: int
    known_buckets: Sequence[int]
    importance: bytes
    pages: Sequence[int]

    def known(self, features: Features) -> list[int]:
        """The places of the features that are known, each once, in no particular order."""
        buckets, known, pages, importance = self.buckets, self.known_buckets, self.pages, self.importance
        found = []
        for bucket in {feature % buckets for feature in features}:
            page = bucket >> _PAGE
            end = pages[page + 1]
            place = bisect_left(known, bucket, pages[page], end)
            if place < end and known[place] == bucket and importance[place]:
                found.append(place)
        return found

    def length(self, known: Sequence[int]) -> int:
        """The length of a message with these in sixteenths, at least one: the root of the sum of the squares."""
        importance = self.importance
        return max(1, math.isqrt(sum(importance[place] ** 2 for place in known)))


def of_buckets(buckets: int, known: Iterable[int], importance: bytes) -> Vocabulary:
    """A vocabulary of the known buckets, which ascend; `importance`: of each."""
    kept = array("I", known)
    pages = array("I", bytes(((buckets - 1 >> _PAGE) + 2) * 4))
    for bucket in kept:
        pages[(bucket >> _PAGE) + 1] += 1
    return Vocabulary(buckets, kept, importance, array("I", accumulate(pages)))


def numbered(buckets: int, importances: Mapping[int, int]) -> Vocabulary:
    """A vocabulary of the buckets with these importances; their places are in the order of the buckets."""
    known = sorted(importances)
    return of_buckets(buckets, known, bytes(importances[bucket] for bucket in known))
