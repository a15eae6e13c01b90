"""What stands around the numbers of a message."""

from collections.abc import Sequence, Set

from carquery.adapters.rules.cars import cars
from carquery.adapters.rules.message import PlainMessage
from carquery.adapters.rules.numbers import Number, numbers_of
from carquery.adapters.rules.text import clauses, stem, stem_set
from carquery.domain.values import dataclass

_PUNCTUATION = frozenset(",.;:!?\n()/-+")
_MAKES_WITH_CODES = frozenset({"Lada", "GAZ", "UAZ", "Moskvich", "ZAZ", "KAMAZ", "MAZ", "ZIL", "PAZ"})
"""Whose models are numbers of four to six figures."""
_QUOTES = {"«": "»", "“": "”", "„": "“", '"': '"'}
_RATES = stem_set("месяц год неделю день сутки мес смену рейс час")
_GO_ON = frozenset({"и", "если", "это", "или", "без", "но", "а"})
"""Words with which something else begins."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A message's words, by token, and its numbers.

    Attributes:
        clauses: for each token, the number of its sentence.
        numbered: the tokens that belong to a number. `cars`: those that belong to a car's name.
        codes: the tokens behind the name of a make whose models are long numbers, and those that name one of these.
        quoted: the tokens between quotation marks.
        latest_year: the newest that a car may be of.
    """

    text: str
    starts: Sequence[int]
    words: Sequence[str]
    stems: Sequence[str]
    clauses: Sequence[int]
    numbers: Sequence[Number]
    numbered: Set[int]
    cars: Set[int]
    codes: Set[int]
    quoted: Set[int]
    latest_year: int

    @classmethod
    def of(cls, message: PlainMessage, *, latest_year: int) -> "Surroundings":
        """Find the numbers of a message."""
        cars = frozenset(place for mention in message.mentions for place in range(mention.start, mention.end))
        numbers = numbers_of(message.text, message.tokens, cars, latest_year=latest_year)
        words = [token.text for token in message.tokens]
        return cls(
            text=message.text,
            starts=[token.start for token in message.tokens],
            words=words,
            stems=[stem(word) for word in words],
            clauses=clauses(message.tokens),
            numbers=numbers,
            numbered=frozenset(at for number in numbers for at in range(number.start, number.end)),
            cars=cars,
            codes=_codes(message, words),
            quoted=_quoted(words),
            latest_year=latest_year,
        )

    def word(self, place: int) -> str:
        """The word there; empty beyond the message."""
        return self.words[place] if 0 <= place < len(self.words) else ""

    def is_near(self, place: int, words: Set[str], *, back: int) -> bool:
        """Whether one of these stands up to so many tokens before, in the same sentence, with no number between."""
        for at in range(place - 1, max(place - back, 0) - 1, -1):
            if self.clauses[at] != self.clauses[place] or at in self.numbered:
                return False
            if self.stems[at] in words or self.words[at] in words:
                return True
        return False

    def is_behind(self, place: int, words: Set[str]) -> bool:
        """Whether one of these is the next word, or the one behind a word."""
        first, second = (*self.stems[place : place + 2], "", "")[:2]
        nearest = (*self.words[place : place + 2], "", "")[:2]
        return first in words or nearest[0] in words or (first.isalpha() and (second in words or nearest[1] in words))

    def is_rate(self, number: Number) -> bool:
        """«30 тысяч в месяц», «20 000 км/год», «каждый месяц по двадцатке»."""
        behind = self.word(number.end) in {"в", "/", "за"} and number.end + 1 < len(self.words)
        if behind and self.stems[number.end + 1] in _RATES:
            return True
        return self.word(number.start - 1) == "по" and self.is_near(number.start - 1, _RATES, back=2)

    def stands_alone(self, number: Number) -> bool:
        """Between signs, ends, numbers and cars: «…, 470», «камри 2018 850»."""
        before, behind = number.start - 1, number.end
        begins = before < 0 or before in self.numbered or before in self.cars or self.word(before) in _PUNCTUATION
        return begins and self.ends(behind)

    def ends(self, place: int) -> bool:
        """Whether nothing stands there but a sign, another number, or what begins anew."""
        is_sign = self.word(place) in _PUNCTUATION or self.word(place) in _GO_ON
        return place >= len(self.words) or is_sign or place in self.numbered


def _codes(message: PlainMessage, words: Sequence[str]) -> frozenset[int]:
    """«газель 330202», «волга, 31105»."""
    makes = [mention for mention in message.mentions if mention.car.brand in _MAKES_WITH_CODES]
    models = [cars().models[mention.car.brand] for mention in makes]
    named = (at for at, word in enumerate(words) if models and any((word,) in names for names in models))
    return frozenset((*(mention.end for mention in makes), *named))


def _quoted(words: Sequence[str]) -> frozenset[int]:
    """What stands between a quotation mark and the next that closes it."""
    places: set[int] = set()
    last = {word: at for at, word in enumerate(words)}
    place = 0
    while place < len(words):
        closing = _QUOTES.get(words[place], "")
        if last.get(closing, 0) > place:
            end = words.index(closing, place + 1)
            places.update(range(place + 1, end))
            place = end
        place += 1
    return frozenset(places)
