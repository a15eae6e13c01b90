"""What a message is most like, of a few examples of each topic: nothing is learned, so that they count at once."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping

from carquery.adapters.rules.learned.vocabulary import Features, Vocabulary
from carquery.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like a message is to the nearest example of a topic: 0 … 1."""

    topic: str
    share: float


class Examples:
    """Ways to ask about topics, as a model sees them: by the features that it knows, each as important as it says."""

    def __init__(self, vocabulary: Vocabulary, examples: Mapping[str, Iterable[Features]]) -> None:
        self._vocabulary = vocabulary
        self._topics: list[str] = []
        self._lengths: list[float] = []
        self._with: dict[int, list[int]] = defaultdict(list)
        for topic, ways in examples.items():
            for features in ways:
                self._add(topic, features)

    def _add(self, topic: str, features: Features) -> None:
        known = self._vocabulary.known(features)
        for place in known:
            self._with[place].append(len(self._topics))
        self._topics.append(topic)
        self._lengths.append(self._length(known))

    def nearest(self, features: Features) -> Likeness | None:
        """The likest example's topic, by the cosine of both; None: no example has anything in common."""
        known = self._vocabulary.known(features)
        common: dict[int, int] = defaultdict(int)
        for place in known:
            for number in self._with.get(place, ()):
                common[number] += self._vocabulary.importance[place] ** 2
        length = self._length(known)
        likeness = ((shared / (length * self._lengths[number]), number) for number, shared in common.items())
        share, number = max(likeness, default=(0.0, -1))
        return Likeness(self._topics[number], share) if number >= 0 else None

    def _length(self, known: Iterable[int]) -> float:
        return math.sqrt(max(1, sum(self._vocabulary.importance[place] ** 2 for place in known)))
