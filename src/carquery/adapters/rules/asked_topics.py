"""What a message asks about, as the dealership's own examples of questions say."""

from collections.abc import Mapping
from typing import Final, TypeVar

from carquery.adapters.rules.learned.features import features_of
from carquery.adapters.rules.learned.labelled import TOPICS
from carquery.adapters.rules.learned.nearest import Examples
from carquery.adapters.rules.learned.vocabulary import Features, Vocabulary
from carquery.adapters.rules.message import plain
from carquery.domain.dealership.faq import Faq
from carquery.domain.understanding import OTHER, SURE_ENOUGH, Intent

_LIKE: Final = 0.25
"""So like an example that most such messages ask the same (`docs/free-text.md`)."""
_THE_SAME: Final = 0.9
"""Its words: then it asks that, whatever else it may be."""
_MOST_SURE: Final = 0.97
_SURE_OF_ANOTHER: Final = 0.9
"""So sure is the model of a topic that a message merely like an example of another one it knows asks that."""

_Key = TypeVar("_Key")


class AskedTopics:
    """The examples of one dealership, as one model sees them."""

    def __init__(self, vocabulary: Vocabulary, faq: Faq) -> None:
        self.faq = faq
        self._examples = Examples(
            vocabulary,
            {
                topic: [features_of(plain(example)) for example in entry.examples]
                for topic, entry in faq.entries.items()
            },
        )

    def judge(
        self, features: Features, likely: Mapping[Intent, float], topics: Mapping[str, float]
    ) -> tuple[Mapping[Intent, float], Mapping[str, float]]:
        """How likely intents and topics are, knowing the examples too; a likely wish stays one."""
        nearest = self._examples.nearest(features)
        if nearest is None or nearest.share < _LIKE:
            return likely, topics
        if nearest.share < _THE_SAME and any(
            share >= SURE_ENOUGH for intent, share in likely.items() if intent is not OTHER
        ):
            return likely, topics
        is_learned = nearest.topic in TOPICS and nearest.share < _THE_SAME
        if is_learned and any(share >= _SURE_OF_ANOTHER for topic, share in topics.items() if topic != nearest.topic):
            return likely, topics
        sure = min(_MOST_SURE, nearest.share if is_learned else 2 * nearest.share)
        return _raised(likely, OTHER, sure), _mixed(topics, nearest.topic, sure)


def _raised(likely: Mapping[Intent, float], intent: Intent, least: float) -> Mapping[Intent, float]:
    """That intent at least so likely, and the others in proportion less."""
    if likely[intent] >= least:
        return likely
    left = (1 - least) / (1 - likely[intent])
    return _sorted({each: least if each is intent else share * left for each, share in likely.items()})


def _mixed(topics: Mapping[str, float], topic: str, sure: float) -> Mapping[str, float]:
    others = {each: share * (1 - sure) for each, share in topics.items()}
    return _sorted({**others, topic: others.get(topic, 0.0) + sure}) if topics else {topic: 1.0}


def _sorted(likely: Mapping[_Key, float]) -> Mapping[_Key, float]:
    return dict(sorted(likely.items(), key=lambda each: -each[1]))
