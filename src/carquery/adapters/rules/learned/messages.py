"""The labelled messages that ship with the project, as examples to learn from."""

from collections.abc import Iterable, Sequence

from carquery.adapters.rules.learned.data import message_files, phrases_of_wishes
from carquery.adapters.rules.learned.features import features_of
from carquery.adapters.rules.learned.labelled import Labelled, read_labelled
from carquery.adapters.rules.learned.training import Example
from carquery.adapters.rules.learned.vocabulary import Features
from carquery.adapters.rules.message import plain


def wishes() -> list[Labelled]:
    """What the menu's forms say that customers say."""
    return [Labelled(phrase, service) for service, phrase in phrases_of_wishes()]


def merged(files: Iterable[Sequence[Labelled]]) -> list[Labelled]:
    """Each text once: the last label counts, so that a dealership can correct ours."""
    return list({message.text: message for messages in files for message in messages}.values())


def shipped_messages() -> list[Labelled]:
    """All that ship. Raises UnreadableMessages."""
    return merged([wishes(), *map(read_labelled, message_files())])


def features_of_text(text: str) -> Features:
    """The features of a message as a customer wrote it."""
    return features_of(plain(text))


def examples_of(messages: Sequence[Labelled]) -> tuple[list[Example], list[Example]]:
    """Each message with its intent, and each that has a topic with that."""
    features = [features_of_text(message.text) for message in messages]
    intents = [
        Example(its, message.intent.value, message.text) for message, its in zip(messages, features, strict=True)
    ]
    topics = [
        Example(its, topic, message.text)
        for message, its in zip(messages, features, strict=True)
        if (topic := message.topic) is not None
    ]
    return intents, topics
