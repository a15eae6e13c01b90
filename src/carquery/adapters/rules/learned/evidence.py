"""What counting says of features, before anything is learned: how often messages of each class have them."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from carquery.adapters.rules.learned.vocabulary import BUCKETS, IMPORTANCE_STEPS, Features
from carquery.domain.values import dataclass

LOG_BITS: Final = 10
"""Logarithms are in 2⁻¹⁰: rounded so coarsely that every machine agrees."""

_LARGEST_IMPORTANCE: Final = 255


@dataclass(frozen=True, slots=True)
class Evidence:
    """How many messages of each class there are, and how many of them have a feature that falls into a bucket.

    Attributes:
        shares: of each class among all messages. A feature is counted as seen once more, in each class as much as its
            share, so that nothing is impossible.
    """

    messages: Sequence[int]
    seen: Sequence[Mapping[int, int]]
    shares: Sequence[float]

    def often(self, *, least: int, most: int) -> list[int]:
        """At most so many buckets that at least so many messages have: the most frequent."""
        together: Counter[int] = Counter()
        for its in self.seen:
            together.update(its)
        often = sorted((-times, bucket) for bucket, times in together.items() if times >= least)
        return [bucket for _, bucket in often[:most]]

    def importance(self, bucket: int) -> int:
        """How much a feature counts: the more the rarer it is, and the less evenly its messages are spread."""
        times = self._times(bucket)
        rarity = math.log(sum(self.messages) / sum(times)) + 1
        weight = 1.5 * math.pow(self._unevenness(times) + 0.02, 0.2)
        return max(1, min(_LARGEST_IMPORTANCE, round(rarity * weight * IMPORTANCE_STEPS)))

    def log_odds(self, bucket: int) -> list[int]:
        """For each class, the logarithm of how many times more frequent the feature is in it than in all others.

        A classifier with these as weights is naive Bayes.
        """
        times = self._times(bucket)
        every, all_times = sum(self.messages) + 1, sum(times) + 1
        odds = []
        for within, of, share in zip(times, self.messages, self.shares, strict=True):
            inside, outside = (within + share) / (of + 1), (all_times - within - share) / (every - of)
            odds.append(round(math.log(inside / outside) * (1 << LOG_BITS)))
        return odds

    def _times(self, bucket: int) -> list[int]:
        return [its.get(bucket, 0) for its in self.seen]

    def _unevenness(self, times: Sequence[int]) -> float:
        """How far the classes of a feature's messages diverge from those of all messages; 0: not at all."""
        shares, all_times = self.shares, sum(times) + 1
        found = [(within + share) / all_times for within, share in zip(times, shares, strict=True)]
        return max(0.0, sum(its * math.log(its / usual) for its, usual in zip(found, shares, strict=True)))


def counted(examples: Iterable[tuple[Features, int]], *, classes: int) -> Evidence:
    """The evidence of messages: the features of each, and the number of its class."""
    messages, seen = [0] * classes, [Counter[int]() for _ in range(classes)]
    for features, label in examples:
        messages[label] += 1
        seen[label].update(features)
    shares = [(of + 1) / (sum(messages) + classes) for of in messages]
    return Evidence(messages, [_in_buckets(its) for its in seen], shares)


def _in_buckets(seen: Counter[int]) -> Mapping[int, int]:
    folded: Counter[int] = Counter()
    for feature, times in seen.items():
        folded[feature % BUCKETS] += times
    return folded
