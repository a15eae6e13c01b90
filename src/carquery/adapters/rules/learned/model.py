"""A linear model of what a message is: one weight for each class and bucket of features."""

import math
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Final, TypeAlias

from carquery.domain.values import dataclass

Features: TypeAlias = tuple[int, ...]
"""A message's features: numbers below 2³², each once; a model takes their rests by the number of its buckets."""

IMPORTANCE_STEPS: Final = 16
"""Importance is kept in sixteenths, so that it fits into a byte."""
ZERO: Final = 128
"""The byte of a weight that is nothing."""


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Probabilities of classes, by softmax over sums of weights.

    Attributes:
        classes: their names, in the order of `weights` and `biases`.
        importance: for each bucket, how much a feature in it counts in a message's length, in sixteenths; 0: not
            at all, it was never seen.
        weights: for each class, a whole number of `units` for each bucket, as a byte: 128 is 0.
        units: for each class, what 1 in its weights is worth.
        temperature: above 1 the model was too sure of itself on messages that it had not seen.
    """

    classes: tuple[str, ...]
    importance: bytes
    weights: tuple[bytes, ...]
    units: tuple[float, ...]
    biases: tuple[float, ...]
    temperature: float = 1.0

    @property
    def buckets(self) -> int:
        return len(self.importance)

    def probabilities(self, features: Features) -> Mapping[str, float]:
        """How likely each class is, likeliest first; together 1."""
        known = known_buckets(features, self.importance)
        length = message_length(self.importance, known) / IMPORTANCE_STEPS
        pick = picker(known)
        sums = [sum(pick(row)) - row[0] - row[0] - ZERO * len(known) for row in self.weights]
        scores = [
            (whole * unit / length + bias) / self.temperature
            for whole, unit, bias in zip(sums, self.units, self.biases, strict=True)
        ]
        likely = zip(self.classes, softmax(scores), strict=True)
        return dict(sorted(likely, key=lambda each: -each[1]))


def picker(places: Sequence[int]) -> Callable[[Sequence[int]], tuple[int, ...]]:
    """What takes these out of a sequence; always a tuple, and therefore with the first item twice in front."""
    return itemgetter(0, 0, *places)


def known_buckets(features: Features, importance: bytes) -> list[int]:
    """The buckets of the features that count, each once."""
    buckets = len(importance)
    return [bucket for bucket in {feature % buckets: None for feature in features} if importance[bucket]]


def message_length(importance: bytes, known: Sequence[int]) -> int:
    """A message's length in sixteenths, at least one: the root of the sum of the squares."""
    return max(1, math.isqrt(sum(importance[bucket] ** 2 for bucket in known)))


def softmax(scores: Sequence[float]) -> list[float]:
    """Probabilities in proportion to the exponentials of the scores."""
    highest = max(scores)
    exponentials = [math.exp(score - highest) for score in scores]
    total = sum(exponentials)
    return [exponential / total for exponential in exponentials]
