#!/usr/bin/env python3
"""Judge each file of labelled messages by a model of all the others, whose authors it has nothing of.

    python scripts/keep_files_apart.py [NAME…]

A training for each; without names, of the files that were written by others than who wrote the model.
"""

import sys
from typing import Final

from carquery.adapters.rules.learned.data import message_files
from carquery.adapters.rules.learned.labelled import read_labelled
from carquery.adapters.rules.learned.learning import INTENT_NAMES, MOST_FOR_INTENTS
from carquery.adapters.rules.learned.messages import examples_of, shipped_messages
from carquery.adapters.rules.learned.shipped import read_weights
from carquery.adapters.rules.learned.training import calibrated, train
from carquery.adapters.rules.learned.validation import Judged, accuracy, offers
from carquery.domain.understanding import SURE_ENOUGH

OF_OTHERS: Final = (
    *("hurried", "families", "off_topic", "roundabout", "mixed", "no_cues", "orders_and_languages", "month"),
    *("all_walks_of_life", "orders_terse_and_long", "hints_and_images"),
    *("everyday_chat", "between_the_lines", "terse_and_orders"),
    *("near_twins", "without_their_verbs", "all_the_year", "by_circumstances", "in_few_words", "unsaid"),
)


def main(names: list[str]) -> None:
    """Print a line for each file, and their averages."""
    examples, _ = examples_of(shipped_messages())
    temperature = read_weights().intents.temperature
    texts = {file.stem: {message.text for message in read_labelled(file)} for file in message_files()}
    rows = []
    for name in names or OF_OTHERS:
        known = [example for example in examples if example.key not in texts[name]]
        model = calibrated(train(known, INTENT_NAMES, most=MOST_FOR_INTENTS), temperature)
        judged = [
            Judged(number, example.label, model.probabilities(example.features))
            for number, example in enumerate(examples)
            if example.key in texts[name]
        ]
        offered = offers(judged, sure=SURE_ENOUGH)
        rows.append((accuracy(judged), offered.wrong, offered.reach))
        show(name, rows[-1])
    show("average", tuple(sum(column) / len(rows) for column in zip(*rows, strict=True)))


def show(name: str, figures: tuple[float, ...]) -> None:
    right, wrong, reach = figures
    print(f"{name:22} {right:6.1%} right, {wrong:5.1%} of offers wrong, {reach:6.1%} of wishes reached", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
