"""What ships is what the messages teach, the same on every machine, and good on messages that it has not seen."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carquery.adapters.rules.learned.data import hash_of_data, message_files
from carquery.adapters.rules.learned.labelled import Labelled, read_labelled
from carquery.adapters.rules.learned.learning import INTENT_NAMES, MOST_FOR_INTENTS, learn, learn_again
from carquery.adapters.rules.learned.messages import examples_of, shipped_messages
from carquery.adapters.rules.learned.packed_sums import PackedSums
from carquery.adapters.rules.learned.shipped import WEIGHTS, is_of_this_data, read_weights
from carquery.adapters.rules.learned.training import Example, calibrated, train
from carquery.adapters.rules.learned.validation import Judged, accuracy, cooled, folds_of, offers
from carquery.adapters.rules.learned.weights import Learned, UnreadableWeights, from_bytes, to_bytes
from carquery.domain.understanding import OTHER, SURE_ENOUGH


def test_the_weights_that_ship_come_from_the_messages_that_ship() -> None:
    """Learned anew they are the same bytes. If this fails, run `carquery ai train`. It takes a quarter of a minute."""
    standing = read_weights()
    assert is_of_this_data(standing), "the messages changed since: carquery ai train"

    temperatures = (standing.intents.temperature, standing.topics.temperature)
    intents, topics = learn_again(shipped_messages(), temperatures=temperatures)

    assert to_bytes(Learned(hash_of_data(), 0, intents, topics)) == WEIGHTS.read_bytes()


def test_they_are_at_most_a_megabyte() -> None:
    assert WEIGHTS.stat().st_size <= 1_000_000


def test_messages_that_were_not_learned_from_are_understood() -> None:
    """One of the three folds that `carquery ai train` prints figures of; half of the messages were written to be hard.

    The floor is below what was measured: it is there to catch what breaks, not to be tuned to.
    """
    examples, _ = examples_of(shipped_messages())
    folds = folds_of(examples)
    known = [example for example, fold in zip(examples, folds, strict=True) if fold]
    model = calibrated(train(known, INTENT_NAMES, most=MOST_FOR_INTENTS), read_weights().intents.temperature)

    judged = [
        Judged(number, example.label, model.probabilities(example.features))
        for number, (example, fold) in enumerate(zip(examples, folds, strict=True))
        if not fold
    ]

    assert accuracy(judged) >= FLOOR
    offered = offers(judged, sure=SURE_ENOUGH)
    assert (offered.wrong <= MOST_WRONG, offered.reach >= LEAST_REACH) == (True, True), offered


FLOOR = 0.89
MOST_WRONG = 0.075
LEAST_REACH = 0.82


def test_no_message_stands_in_two_files() -> None:
    """What is judged by one must not have been learned from another."""
    texts = [message.text.strip().casefold() for file in message_files() for message in read_labelled(file)]

    assert len(texts) > 21_000
    assert [text for text, times in Counter(texts).items() if times > 1] == []


def test_most_messages_without_a_form_say_what_they_are_about() -> None:
    without = [message for message in shipped_messages() if message.intent is OTHER]

    assert sum(message.topic is None for message in without) == 0


# The same anywhere

FEW = (
    *(("продам камри", "sell"), ("продаю весту 2018", "sell"), ("сколько дадите за рио", "sell")),
    *(("куплю камри", "buy"), ("есть в наличии веста?", "buy"), ("сколько стоит рио у вас", "buy")),
    *(("привет", "other"), ("где вы находитесь?", "other"), ("до скольки работаете", "other")),
)


def few() -> list[Example]:
    features = {text: tuple(sorted({hash_of(piece) for piece in pieces_of(text)})) for text, _ in FEW}
    return [Example(features[text], label, text) for text, label in FEW]


def pieces_of(text: str) -> list[str]:
    return [text[start : start + 3] for start in range(len(text) - 2)]


def hash_of(piece: str) -> int:
    return int.from_bytes(hashlib.sha256(piece.encode()).digest()[:4], "big")


def test_learning_is_whole_numbers_and_so_the_same_on_every_machine() -> None:
    model = train(few(), ("sell", "buy", "other"), most=1 << 10)

    learned = hashlib.sha256(b"".join((model.vocabulary.importance, *model.weights))).hexdigest()

    assert learned == "a056cd9bd5d3755bf561d73526103c6e74fcb64ee58ea5ebf4e9e6e05377b343"


def test_the_order_of_messages_does_not_matter() -> None:
    model = train(few(), ("sell", "buy", "other"), most=1 << 10)

    assert train(few()[::-1], ("sell", "buy", "other"), most=1 << 10) == model


def test_what_was_learned_is_known() -> None:
    model = train(few(), ("sell", "buy", "other"), most=1 << 12)

    for example in few():
        likely = model.probabilities(example.features)
        assert next(iter(likely)) == example.label
        assert sum(likely.values()) == pytest.approx(1)


def test_a_message_of_which_nothing_is_known_has_probabilities_too() -> None:
    model = train(few(), ("sell", "buy", "other"), most=1 << 12)

    assert sum(model.probabilities(()).values()) == pytest.approx(1)


WHOLE = st.integers(-(2**40), 2**40)


@given(st.lists(st.lists(WHOLE, min_size=3, max_size=3), min_size=1, max_size=20), st.integers(-1000, 1000))
def test_lanes_add_and_multiply_as_numbers_do(rows: list[list[int]], times: int) -> None:
    lanes = PackedSums(3)

    packed = sum(times * lanes.packed(row) for row in rows)

    assert lanes.unpacked(packed) == [times * sum(column) for column in zip(*rows, strict=True)]


# How good it is, and the file


def small() -> list[Labelled]:
    files = [file for file in message_files() if file.stem in {"plain_words", "questions_and_answers"}]
    return [message for file in files for message in read_labelled(file)][::4]


def test_a_lesson_says_how_good_it_is() -> None:
    messages = small()

    lesson = learn(messages, {"apart": messages[:50]})

    assert len(lesson.judged_intents) == len(messages)
    assert 0.3 < accuracy(lesson.judged_intents) < 1
    assert len(lesson.apart["apart"]) == 50
    assert 0.4 <= lesson.intents.temperature <= 3


def test_a_higher_temperature_is_less_sure_of_the_same() -> None:
    judged = Judged(0, "sell", {"sell": 0.8, "buy": 0.2})

    cooler = cooled(judged, 2)

    assert cooler.best == "sell"
    assert 0.5 < cooler.probabilities["sell"] < 0.8


def test_what_is_written_is_read_again() -> None:
    model = calibrated(train(few(), ("sell", "buy", "other"), most=1 << 10), 1.5)
    learned = Learned("ab" * 32, 3, model, model)

    assert from_bytes(to_bytes(learned)) == learned


def test_weights_of_earlier_versions_are_read() -> None:
    """A dealership's own go on working: they know every bucket, and a feature's is the rest by their number."""
    body = bytes([16, 0, 16, 16, 255, 128, 1, 128, 1, 128, 255, 128])
    model = {"classes": ["sell", "other"], "buckets": 4, "units": [0.1, 0.1], "biases": [0, 0], "temperature": 1}
    models = {"intents": model, "topics": model}
    header = {"format": 1, "data": "", "added": 0, "sha256": hashlib.sha256(2 * body).hexdigest(), "models": models}

    learned = from_bytes(json.dumps(header).encode() + b"\n" + 2 * body)

    assert learned.intents.probabilities((8,))["sell"] > 0.9
    assert learned.topics.probabilities((1 + 4 * 7, 2))["other"] > 0.9
    assert learned.intents.probabilities((1,))["sell"] == 0.5


@pytest.mark.parametrize(
    ("spoilt", "says"),
    [
        (lambda content: content[:-1], "damaged"),
        (lambda content: content[:-1] + bytes([content[-1] ^ 1]), "damaged"),
        (lambda content: content.replace(b'"format": 2', b'"format": 9'), "format 9, and this version reads 2"),
        (lambda _: b"", "not a file of weights"),
        (lambda _: b"{}\n", "not a file of weights"),
        (lambda _: "текст\n".encode() * 100, "not a file of weights"),
    ],
)
def test_a_file_that_is_none_is_refused_with_what_is_wrong(spoilt: Callable[[bytes], bytes], says: str) -> None:
    model = train(few(), ("sell", "buy", "other"), most=1 << 10)
    content = to_bytes(Learned("ab" * 32, 0, model, model))

    with pytest.raises(UnreadableWeights, match=says):
        from_bytes(spoilt(content))


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadableWeights, match="no such file"):
        read_weights(tmp_path / "none.weights")
