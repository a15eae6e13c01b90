"""How good a model is on messages that it has not seen."""

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Final
from zlib import crc32

from carquery.adapters.rules.learned.training import Example, train
from carquery.domain.understanding import OTHER
from carquery.domain.values import dataclass

FOLDS: Final = 3
_TEMPERATURES: Final = tuple(step / 20 for step in range(8, 61))
_BINS: Final = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """What a model that had not seen a message said of it; `number` is the message's place among the examples."""

    number: int
    label: str
    probabilities: Mapping[str, float]

    @property
    def best(self) -> str:
        return max(self.probabilities, key=self.probabilities.__getitem__)

    @property
    def is_right(self) -> bool:
        return self.best == self.label


def folds_of(examples: Sequence[Example], *, together: Collection[str] = ()) -> list[int]:
    """Which fold each is in: its letters decide, so that texts alike but for numbers and signs are in one.

    Args:
        together: texts that are in the first fold, all of them, so that what judges one has learned from none.
    """
    first = set(map(_letters, together))
    return [0 if (letters := _letters(each.key)) in first else crc32(letters.encode()) % FOLDS for each in examples]


def _letters(text: str) -> str:
    return "".join(filter(str.isalpha, text.casefold()))


def cross_validated(
    examples: Sequence[Example], folds: Sequence[int], classes: Sequence[str], *, most: int
) -> list[Judged]:
    """Every example, judged by a model of the folds that it is not in."""
    judged = []
    for fold in sorted(set(folds)):
        known = [example for example, its in zip(examples, folds, strict=True) if its != fold]
        model = train(known, classes, most=most)
        judged += [
            Judged(number, example.label, model.probabilities(example.features))
            for number, (example, its) in enumerate(zip(examples, folds, strict=True))
            if its == fold
        ]
    return sorted(judged, key=lambda each: each.number)


def accuracy(judged: Sequence[Judged]) -> float:
    """The share that is right; 0 of nothing."""
    return sum(each.is_right for each in judged) / max(1, len(judged))


def confusion(judged: Sequence[Judged]) -> Counter[tuple[str, str]]:
    """How often each label (first) was taken for each class (second)."""
    return Counter((each.label, each.best) for each in judged)


def best_temperature(judged: Sequence[Judged]) -> float:
    """The temperature that makes the log-loss least; it has one minimum, and falls towards it from both sides."""
    lowest, highest = 0, len(_TEMPERATURES) - 1
    while lowest < highest:
        middle = (lowest + highest) // 2
        if _loss(judged, _TEMPERATURES[middle]) <= _loss(judged, _TEMPERATURES[middle + 1]):
            highest = middle
        else:
            lowest = middle + 1
    return _TEMPERATURES[lowest]


def cooled(judged: Judged, temperature: float) -> Judged:
    """What a model with that temperature says, if the one that judged had 1."""
    powers = {name: probability ** (1 / temperature) for name, probability in judged.probabilities.items()}
    total = sum(powers.values())
    return Judged(judged.number, judged.label, {name: power / total for name, power in powers.items()})


def calibration_error(judged: Sequence[Judged]) -> float:
    """How far, on average, confidence is from accuracy: the expected calibration error over ten bins."""
    bins: dict[int, list[Judged]] = {}
    for each in judged:
        bins.setdefault(min(_BINS - 1, int(each.probabilities[each.best] * _BINS)), []).append(each)
    return sum(
        abs(sum(each.probabilities[each.best] - each.is_right for each in those)) for those in bins.values()
    ) / max(1, len(judged))


def likeliest_label_errors(judged: Sequence[Judged], *, most: int) -> list[Judged]:
    """The examples whose own label the model believes least, worst first."""
    return sorted((each for each in judged if not each.is_right), key=lambda each: each.probabilities[each.label])[
        :most
    ]


def _loss(judged: Sequence[Judged], temperature: float) -> float:
    powers = (
        [math.log(max(probability, 1e-12)) / temperature for probability in each.probabilities.values()]
        for each in judged
    )
    totals = [math.log(sum(map(math.exp, logarithms))) for logarithms in powers]
    labels = [math.log(max(each.probabilities[each.label], 1e-12)) / temperature for each in judged]
    return sum(total - label for total, label in zip(totals, labels, strict=True))


@dataclass(frozen=True, slots=True)
class Offers:
    """What would be offered.

    Attributes:
        wrong: of the offers, the share of other forms than the one wanted.
        reach: of the messages that want a form, the share that is offered it.
    """

    count: int
    wrong: float
    reach: float


def offers(judged: Sequence[Judged], *, sure: float) -> Offers:
    """What would be offered from this probability on."""
    offered = [each for each in judged if each.best != OTHER and each.probabilities[each.best] >= sure]
    right = sum(each.is_right for each in offered)
    wishes = sum(each.label != OTHER for each in judged)
    return Offers(len(offered), 1 - right / max(1, len(offered)), right / max(1, wishes))
