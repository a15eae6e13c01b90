"""What a message wants, and what it is about if it wants no form, as the learned model says."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from carquery.adapters.rules.learned.features import features_of
from carquery.adapters.rules.learned.weights import Learned
from carquery.adapters.rules.message import PlainMessage
from carquery.adapters.rules.phrases import SURE, Phrases
from carquery.domain.forms.form import Service
from carquery.domain.understanding import INTENTS, OTHER, Intent

_HARDLY: Final = 0.05
"""Below this probability of `other`, nobody asks for its topic."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """How likely each intent is, and each topic of a message without a wish; likeliest first."""

    intents: Mapping[Intent, float]
    topics: Mapping[str, float]


class IntentModel:
    """Judges messages by what was learned. A service that was not yet is known by the phrases of its wish."""

    def __init__(self, learned: Learned) -> None:
        self._learned = learned
        self._intents: dict[str, Intent] = {intent.value: intent for intent in INTENTS}

    @cached_property
    def _phrases(self) -> Phrases:
        known = set(self._learned.intents.classes)
        return Phrases([intent for intent in INTENTS if isinstance(intent, Service) and intent.value not in known])

    def judge(self, message: PlainMessage) -> Judgement:
        """What the message wants."""
        features = features_of(message)
        likely: dict[Intent, float] = dict.fromkeys(INTENTS, 0.0)
        for name, probability in self._learned.intents.probabilities(features).items():
            likely[self._intents.get(name, OTHER)] += probability  # a service that was taken off the menu has no form
        unlearned = self._phrases.said_in(message.tokens)
        if unlearned is not None:
            likely = {intent: (1 - SURE) * probability for intent, probability in likely.items()}
            likely[unlearned] = SURE
        topics = self._learned.topics.probabilities(features) if likely[OTHER] >= _HARDLY else {}
        return Judgement(dict(sorted(likely.items(), key=lambda each: -each[1])), topics)
