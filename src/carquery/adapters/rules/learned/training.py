"""Learning a linear model from labelled messages, in plain Python; the same examples make the same model anywhere.

Everything is whole numbers: sums of floating-point numbers differ between versions of Python, and exponentials between
machines. Weights are in 2⁻²⁸, scores in 2⁻¹⁰, probabilities in 2⁻¹⁶.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Final
from zlib import crc32

from carquery.adapters.rules.learned.evidence import LOG_BITS, Evidence, counted
from carquery.adapters.rules.learned.model import ZERO, LinearModel, picker
from carquery.adapters.rules.learned.packed_sums import PackedSums
from carquery.adapters.rules.learned.vocabulary import BUCKETS, IMPORTANCE_STEPS, Features, Vocabulary, numbered
from carquery.domain.values import dataclass, replace

RAREST: Final = 2
"""Messages in which a feature must have been seen to count."""
LARGEST: Final = 127
"""A weight fits into one byte."""

_WEIGHT_BITS: Final = 28
_SCORE_BITS: Final = 10
_PROBABILITY_BITS: Final = 16
_ONE: Final = 1 << _PROBABILITY_BITS
_STEPS: Final = (512, 512, 256)
"""A round each, at rates 2, 2 and 1: so many times the error, by the inverse of the length; in the units above.

More or faster rounds are worse on messages that were not learned from.
"""
_SHARE_OF_EVIDENCE: Final = 5
"""Weights start as a fifth of what counting says: what is seen seldom has hardly more to go by."""
_BIAS_SHARE: Final = 5
"""A bias learns a fifth of its error."""
_SMALL_ERROR: Final = 10 * _ONE // 100
"""An error that teaches nothing; most are so small, after the first rounds."""
_FAR: Final = 14 << _SCORE_BITS
"""A score so far from 0 is as good as certain."""
_EXPONENTIALS: Final = tuple(round(math.exp(-below / (1 << _SCORE_BITS)) * (1 << 20)) for below in range(_FAR))
"""Rounded so coarsely that every machine agrees."""


@dataclass(frozen=True, slots=True)
class Example:
    """A message's features, the name of what it is, and what tells it from others."""

    features: Features
    label: str
    key: str


@dataclass(frozen=True, slots=True)
class _Prepared:
    places: Sequence[int]
    pick: Callable[[Sequence[int]], tuple[int, ...]]
    length: int
    label: int
    seed: int


def train(examples: Sequence[Example], classes: Sequence[str], *, most: int) -> LinearModel:
    """A model of the examples by stochastic gradient descent, of at most so many features; its temperature is 1.

    Each class is told from all others by itself (the log-loss of a logistic regression). Of messages not learned from
    the model then knows more than if softmax had all compete, though it is softmax that makes probabilities of scores.
    Weights start from what counting says. A feature counts by the square of its importance, a message by the inverse of
    its length. The order of the examples does not matter: each round has one of its own. What teaches nothing any more
    is left out of the rounds that follow, but for the last: something learned since may have made it wrong again.
    """
    numbers = {name: number for number, name in enumerate(classes)}
    evidence = counted(((each.features, numbers[each.label]) for each in examples), classes=len(classes))
    known = evidence.often(least=RAREST, most=most)
    vocabulary = numbered(BUCKETS, {bucket: evidence.importance(bucket) for bucket in known})
    # a dictionary is twice as fast as the vocabulary, and gone with the training
    places = {bucket: place for place, bucket in enumerate(vocabulary.known_buckets)}
    prepared = [_prepared(example, vocabulary, places, numbers[example.label]) for example in examples]
    learner = _Learner(PackedSums(len(classes)), vocabulary, evidence)
    left = prepared
    for epoch, step in enumerate(_STEPS):
        left = prepared if epoch == len(_STEPS) - 1 else left
        order = sorted(left, key=lambda each: crc32(b"%d %d" % (epoch, each.seed)))
        left = [example for example in order if learner.learn(example, step)]
    return learner.model(classes)


def calibrated(model: LinearModel, temperature: float) -> LinearModel:
    """The model with another temperature."""
    return replace(model, temperature=temperature)


class _Learner:
    def __init__(self, lanes: PackedSums, vocabulary: Vocabulary, evidence: Evidence) -> None:
        self._lanes = lanes
        self._vocabulary = vocabulary
        self._squares = [step * step for step in vocabulary.importance]
        self._weights = [
            lanes.packed([_first_weight(odds, importance) for odds in evidence.log_odds(bucket)])
            for bucket, importance in zip(vocabulary.known_buckets, vocabulary.importance, strict=True)
        ]
        self._biases = [0] * lanes.count

    def learn(self, example: _Prepared, step: int) -> bool:
        """Learn from it. Returns whether there was anything to learn."""
        weights, scale = self._weights, example.length << (_WEIGHT_BITS - _SCORE_BITS - 4)
        sums = self._lanes.unpacked(sum(example.pick(weights)) - 2 * weights[0])
        scores = [whole // scale + (bias >> 10) for whole, bias in zip(sums, self._biases, strict=True)]
        errors = _errors(scores, example.label)
        if not any(errors):
            return False
        for number, error in enumerate(errors):
            self._biases[number] += error * 16 // _BIAS_SHARE
        change, squares = self._lanes.packed([error * step // example.length for error in errors]), self._squares
        for place in example.places:
            weights[place] += change * squares[place]
        return True

    def model(self, classes: Sequence[str]) -> LinearModel:
        rows = list(zip(*map(self._lanes.unpacked, self._weights), strict=True))
        largest = [max(1, max(map(abs, row))) for row in rows]
        return LinearModel(
            vocabulary=self._vocabulary,
            classes=tuple(classes),
            weights=tuple(_in_bytes(row, most) for row, most in zip(rows, largest, strict=True)),
            units=tuple(most / (LARGEST << _WEIGHT_BITS) for most in largest),
            biases=tuple(bias / (1 << 20) for bias in self._biases),
        )


def _first_weight(log_odds: int, importance: int) -> int:
    return (log_odds * importance << (_WEIGHT_BITS - LOG_BITS)) // (IMPORTANCE_STEPS * _SHARE_OF_EVIDENCE)


def _errors(scores: Sequence[int], label: int) -> list[int]:
    """What the probability of each class, taken by itself, lacks; 0 where it is little."""
    errors = [-_logistic(score) for score in scores]
    errors[label] += _ONE
    return [error if abs(error) > _SMALL_ERROR else 0 for error in errors]


def _logistic(score: int) -> int:
    distance = min(abs(score), _FAR - 1)
    unlikely = (_EXPONENTIALS[distance] << _PROBABILITY_BITS) // (_EXPONENTIALS[0] + _EXPONENTIALS[distance])
    return _ONE - unlikely if score > 0 else unlikely


def _in_bytes(row: Sequence[int], largest: int) -> bytes:
    """Whole numbers from -127 to 127 in proportion to the row's, rounded to the nearest."""
    return bytes(ZERO + (2 * LARGEST * weight + largest) // (2 * largest) for weight in row)


def _prepared(example: Example, vocabulary: Vocabulary, places: Mapping[int, int], label: int) -> _Prepared:
    buckets = {feature % BUCKETS for feature in example.features}
    known = [places[bucket] for bucket in buckets if bucket in places]
    return _Prepared(known, picker(known), vocabulary.length(known), label, crc32(example.key.encode()))
