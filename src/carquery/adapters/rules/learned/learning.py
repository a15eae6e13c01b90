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
        apart: by name, what a model of all other messages said of those that were kept apart.
    """

    intents: LinearModel
    topics: LinearModel
    judged_intents: Sequence[Judged]
    judged_topics: Sequence[Judged]
    apart: Mapping[str, Sequence[Judged]]


def learn(messages: Sequence[Labelled], apart: Mapping[str, Sequence[Labelled]]) -> Lesson:
    """Learn from all messages; takes as long as a training for each fold, one for all, and one for what is kept apart.

    The parts are kept apart together: what judges one has learned from none of them.
    """
    by_intent, by_topic = examples_of(messages)
    intents, judged_intents = _taught(by_intent, INTENT_NAMES, MOST_FOR_INTENTS, caution=CAUTION)
    topics, judged_topics = _taught(by_topic, TOPICS, MOST_FOR_TOPICS, caution=1)
    return Lesson(
        intents, topics, judged_intents, judged_topics, _judged_apart(by_intent, apart, temperature=intents.temperature)
    )


def learn_again(messages: Sequence[Labelled], *, temperatures: tuple[float, float]) -> tuple[LinearModel, LinearModel]:
    """The same models from the same messages, their temperatures known: one training instead of six."""
    by_intent, by_topic = examples_of(messages)
    intents = train(by_intent, INTENT_NAMES, most=MOST_FOR_INTENTS)
    topics = train(by_topic, TOPICS, most=MOST_FOR_TOPICS)
    return calibrated(intents, temperatures[0]), calibrated(topics, temperatures[1])


def _taught(
    examples: Sequence[Example], classes: Sequence[str], most: int, *, caution: float
) -> tuple[LinearModel, list[Judged]]:
    judged = cross_validated(examples, folds_of(examples), classes, most=most)
    temperature = round(caution * best_temperature(judged), 4)
    model = calibrated(train(examples, classes, most=most), temperature)
    return model, [cooled(each, temperature) for each in judged]


def _judged_apart(
    examples: Sequence[Example], parts: Mapping[str, Sequence[Labelled]], *, temperature: float
) -> Mapping[str, Sequence[Judged]]:
    part_of = {message.text: name for name, part in parts.items() for message in part}
    if not part_of:
        return {}
    known = [example for example in examples if example.key not in part_of]
    model = calibrated(train(known, INTENT_NAMES, most=MOST_FOR_INTENTS), temperature)
    judged: dict[str, list[Judged]] = {name: [] for name in parts}
    for number, example in enumerate(examples):
        if example.key in part_of:
            said = model.probabilities(example.features)
            judged[part_of[example.key]].append(Judged(number, example.label, said))
    return judged
