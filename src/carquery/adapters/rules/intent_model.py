"""What a message wants, and what it is about if it wants no form, as the learned model says."""

from collections.abc import Mapping
from functools import cached_property

from carquery.adapters.rules.asked_topics import AskedTopics
from carquery.adapters.rules.learned.features import features_of
from carquery.adapters.rules.learned.weights import Learned
from carquery.adapters.rules.message import PlainMessage
from carquery.adapters.rules.phrases import SURE, Phrases
from carquery.domain.dealership.faq import Faq
from carquery.domain.forms.form import Service
from carquery.domain.understanding import INTENTS, OTHER, Intent
from carquery.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Judgement:
    """How likely each intent is, and each topic if the message has no wish; likeliest first."""

    intents: Mapping[Intent, float]
    topics: Mapping[str, float]


class IntentModel:
    """Judges messages by what was learned, and by the questions that a dealership is asked.

    A service that was not learned yet is known by the phrases of its wish.
    """

    def __init__(self, learned: Learned) -> None:
        self._learned = learned
        self._asked = AskedTopics(learned.intents.vocabulary, Faq())
        self._intents: dict[str, Intent] = {intent.value: intent for intent in INTENTS}

    @cached_property
    def _phrases(self) -> Phrases:
        known = set(self._learned.intents.classes)
        return Phrases([intent for intent in INTENTS if isinstance(intent, Service) and intent.value not in known])

    def judge(self, message: PlainMessage, faq: Faq) -> Judgement:
        """What the message wants, to a dealership that is asked these questions."""
        features = features_of(message)
        likely: dict[Intent, float] = dict.fromkeys(INTENTS, 0.0)
        for name, probability in self._learned.intents.probabilities(features).items():
            likely[self._intents.get(name, OTHER)] += probability  # a service that was taken off the menu has no form
        unlearned = self._phrases.said_in(message.tokens)
        if unlearned is not None:
            likely = {intent: (1 - SURE) * probability for intent, probability in likely.items()}
            likely[unlearned] = SURE
        topics = self._learned.topics.probabilities(features)
        by_likelihood = dict(sorted(likely.items(), key=lambda each: -each[1]))
        return Judgement(*self._asked_of(faq).judge(features, by_likelihood, topics))

    def _asked_of(self, faq: Faq) -> AskedTopics:
        """As it is told now; read anew when the dealership tells something else."""
        if self._asked.faq != faq:
            self._asked = AskedTopics(self._learned.intents.vocabulary, faq)
        return self._asked
