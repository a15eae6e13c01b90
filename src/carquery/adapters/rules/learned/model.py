"""A linear model of what a message is: one weight for each class and feature that it knows."""

import math
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Final

from carquery.adapters.rules.learned.vocabulary import IMPORTANCE_STEPS, Features, Vocabulary
from carquery.domain.values import dataclass

ZERO: Final = 128
"""The byte of a weight that is nothing."""


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Probabilities of classes, by softmax over sums of weights.

    Attributes:
        vocabulary: what it knows.
        classes: their names, in the order of `weights` and `biases`.
        weights: for each class, a whole number of `units` for each place of the vocabulary, as a byte: 128 is 0.
        units: for each class, what 1 in its weights is worth.
        temperature: above 1 the model was too sure of itself on messages that it had not seen.
    """

    vocabulary: Vocabulary
    classes: tuple[str, ...]
    weights: tuple[bytes, ...]
    units: tuple[float, ...]
    biases: tuple[float, ...]
    temperature: float = 1.0

    def probabilities(self, features: Features) -> Mapping[str, float]:
        """How likely each class is, likeliest first; together 1."""
        known = self.vocabulary.known(features)
        length = self.vocabulary.length(known) / IMPORTANCE_STEPS
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


def softmax(scores: Sequence[float]) -> list[float]:
    """Probabilities in proportion to the exponentials of the scores."""
    highest = max(scores)
    exponentials = [math.exp(score - highest) for score in scores]
    total = sum(exponentials)
    return [exponential / total for exponential in exponentials]
