"""From labelled messages to what ships: the models, and how good they are on messages that they have not seen."""

from collections.abc import Mapping, Sequence
from typing import Final

from carquery.adapters.rules.learned.labelled import TOPICS, Labelled
from carquery.adapters.rules.learned.messages import examples_of
from carquery.adapters.rules.learned.model import LinearModel
from carquery.adapters.rules.learned.training import Example, calibrated, train
from carquery.adapters.rules.learned.validation import Judged, best_temperature, cooled, cross_validated, folds_of
from carquery.domain.understanding import INTENTS
from carquery.domain.values import dataclass

MOST_FOR_INTENTS: Final = 70_000
MOST_FOR_TOPICS: Final = 11_500
"""Features; more would not fit into a megabyte."""
CAUTION: Final = 1.15
"""So much less sure than the folds would have it: a wrong form annoys more than one that is not offered yet."""
INTENT_NAMES: Final = tuple(intent.value for intent in INTENTS)


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was learned, and what models that had not seen a message said of it.

    Attributes:
        judged_intents: one for each message, in their order. `judged_topics`: one for each that has a topic.
        apart: by name, what a model that has learned from none of them said of those that were kept apart.
    """

    intents: LinearModel
    topics: LinearModel
    judged_intents: Sequence[Judged]
    judged_topics: Sequence[Judged]
    apart: Mapping[str, Sequence[Judged]]


def learn(messages: Sequence[Labelled], apart: Mapping[str, Sequence[Labelled]]) -> Lesson:
    """Learn from all messages; takes as long as a training for each fold and one for all.

    The parts that are kept apart are in one fold: what judges one has learned from none of them.
    """
    by_intent, by_topic = examples_of(messages)
    texts = {name: {message.text for message in part} for name, part in apart.items()}
    folds = folds_of(by_intent, together=set().union(*texts.values()))
    intents, judged_intents = _taught(by_intent, folds, INTENT_NAMES, MOST_FOR_INTENTS, caution=CAUTION)
    topics, judged_topics = _taught(by_topic, folds_of(by_topic), TOPICS, MOST_FOR_TOPICS, caution=1)
    judged_apart = {
        name: [each for each in judged_intents if by_intent[each.number].key in its] for name, its in texts.items()
    }
    return Lesson(intents, topics, judged_intents, judged_topics, judged_apart)


def learn_again(messages: Sequence[Labelled], *, temperatures: tuple[float, float]) -> tuple[LinearModel, LinearModel]:
    """The same models from the same messages, their temperatures known: one training instead of four."""
    by_intent, by_topic = examples_of(messages)
    intents = train(by_intent, INTENT_NAMES, most=MOST_FOR_INTENTS)
    topics = train(by_topic, TOPICS, most=MOST_FOR_TOPICS)
    return calibrated(intents, temperatures[0]), calibrated(topics, temperatures[1])


def _taught(
    examples: Sequence[Example], folds: Sequence[int], classes: Sequence[str], most: int, *, caution: float
) -> tuple[LinearModel, list[Judged]]:
    judged = cross_validated(examples, folds, classes, most=most)
    temperature = round(caution * best_temperature(judged), 4)
    model = calibrated(train(examples, classes, most=most), temperature)
    return model, [cooled(each, temperature) for each in judged]
