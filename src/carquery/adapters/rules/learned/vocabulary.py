"""The features that a model knows, and how much each of them counts."""

import math
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from carquery.domain.values import dataclass

Features: TypeAlias = tuple[int, ...]
"""A message's features: numbers below 2³², each once."""

IMPORTANCE_STEPS: Final = 16
"""Importance is kept in sixteenths, so that it fits into a byte."""
BUCKETS: Final = 1 << 22
"""So many that hardly two features of a model share one, and hardly any that it does not know falls into one of its."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Features fall into buckets; the buckets that a model knows have places in its weights.

    Attributes:
        places: of each known bucket; a feature that falls into no such bucket says nothing.
        importance: for each place, how much a feature counts in a message's length, in sixteenths.
    """

    buckets: int
    places: Mapping[int, int]
    importance: bytes

    def known(self, features: Features) -> list[int]:
        """The places of the features that are known, each once, in no particular order."""
        buckets, places = self.buckets, self.places
        return [places[bucket] for bucket in places.keys() & {feature % buckets for feature in features}]

    def length(self, known: Sequence[int]) -> int:
        """The length of a message with these in sixteenths, at least one: the root of the sum of the squares."""
        importance = self.importance
        return max(1, math.isqrt(sum(importance[place] ** 2 for place in known)))


def numbered(buckets: int, importances: Mapping[int, int]) -> Vocabulary:
    """A vocabulary of the buckets with these importances; their places are in the order of the buckets."""
    known = sorted(importances)
    places = {bucket: place for place, bucket in enumerate(known)}
    return Vocabulary(buckets, places, bytes(importances[bucket] for bucket in known))
