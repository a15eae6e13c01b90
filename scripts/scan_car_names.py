#!/usr/bin/env python3
"""Which ordinary words the dictionary of cars takes for a car: `python scripts/scan_car_names.py WORDS`.

WORDS is a file with a word a line, the commonest first, such as the `wordfreq` package lists them. What is printed and
is no car to any customer belongs into adapters/rules/data/not_cars.toml.
"""

import sys
from pathlib import Path

from carquery.adapters.rules.cars import cars
from carquery.adapters.rules.text import normalised, tokens_of


def main(file: Path) -> None:
    """Print each word, where it stands in the list, and the car."""
    known = cars()
    for place, word in enumerate(file.read_text("utf-8").split(), start=1):
        for mention in known.find(tokens_of(normalised(word))):
            kind = "named" if known.names_exactly(normalised(word)) else "guessed"
            print(place, word, kind, mention.car.brand, mention.car.model or "", sep="\t")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
