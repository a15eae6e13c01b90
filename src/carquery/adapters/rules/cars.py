"""The cars that a message names."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from carquery.adapters.rules.car_names import (
    ENDEARMENTS,
    PREPOSITIONS,
    SHORTEST_BESIDE,
    SHORTEST_MISSPELT,
    SHORTEST_ROOT,
    TURKIC,
    Name,
    by_sound,
    in_russian_letters,
    is_heard_as,
    is_one_slip_away,
    misspelt,
    shortened,
    with_cases,
    without_ending,
)
from carquery.adapters.rules.text import Token, cyrillic, sound, stem, stem_set, word_set, words_of
from carquery.domain.number_words import CARDINALS
from carquery.domain.values import dataclass, replace

DICTIONARY: Final = Path(__file__).parent / "data" / "cars.toml"
ORDINARY: Final = Path(__file__).parent / "data" / "not_cars.toml"

_BESIDE_ITS_MAKE: Final = "~"
"""Before a name in the dictionary that says nothing elsewhere: «3 серии»."""
_LONGEST_NAME: Final = 6
_SHORTEST_ALONE: Final = 3
_HIGHEST_SPELLED: Final = 10
_SPELLED: Final = "первый второй третий четвертый пятый шестой седьмой восьмой девятый десятый"
_ORDINALS: Final = {stem(word): number for number, word in enumerate(words_of(_SPELLED), start=1)} | {
    stem("третьей"): 3
}
_WORDS_REMEMBERED: Final = 4_096
"""How each of them is spelt, and which car it may be by itself: most words have been said before."""
_GROUP: Final = 3
"""Digits of a thousand."""
_COUNTED: Final = stem_set("копейка пятерка шестерка семерка восьмерка девятка десятка")
"""Which the tenth Lancer is as well as a Lada."""
_NEAR: Final = 3
"""Tokens between a make and its model."""
_APART: Final = frozenset({"не", "а", "или", "и", "но"})
_SUM_WORDS: Final = word_set(
    "млн лям ляма лямов тыс тысяч тыщ к кк т тр р руб рублей миллион миллиона миллионов mln km км г год года году л"
    " литра лет хозяина хозяин владельца месяца дня дверный"
)
_PLAIN_WORDS: Final = word_set(
    "note fit edge legend wish one very bonus safe master expert partner boxer journey mega song seal combo ray rocky"
    " crown march galaxy escape compass ghost hunter passion dolphin leopard mage free dream accent focus golf fusion"
    " explorer ranger pilot insight symbol matrix challenger charger caravan daily chance profi pickup spark tracker"
    " outback legacy patrol swift aura volga dena tara leon verso noah scala bravo panda linea omega colt galant lancer"
    " primera traveller pointer navigator voyager renegade defender continental yacht"
)
"""Names that are words as well: they need their make beside them, unless the dictionary lists them."""

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Car:
    """A make, and perhaps a model, as their maker writes them in Latin."""

    brand: str
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A car named at tokens `start` … `end`."""

    car: Car
    start: int
    end: int


class _Forms:
    """Names and their forms, and of how many words the longest is that begins with a word."""

    def __init__(self, cars: Mapping[Name, Car]) -> None:
        self.cars = cars
        self.longest: dict[str, int] = {}
        for name in cars:
            self.longest[name[0]] = max(len(name), self.longest.get(name[0], 0))

    def longest_from(self, word: str) -> int:
        """0: no name begins with it."""
        return max(self.longest.get(spelling, 0) for spelling in _spellings(word))


class Ambiguous(ValueError):
    """A name in the dictionary means two cars."""


class Cars:
    """A dictionary of names.

    Attributes:
        names: what each name means wherever it stands.
        models: by make, what each name means right beside the make.
    """

    def __init__(self, dictionary: Mapping[str, Mapping[str, str]], ordinary: Mapping[str, str] = _NOTHING) -> None:
        """Args:
            dictionary: by make and model, the other names, comma separated; the model «»: the make's own.
            ordinary: words that are no misspelt name (`guessed`), and no form of a name (`named`).

        Raises:
            Ambiguous: a listed name means two cars.
        """
        self.models: dict[str, dict[Name, Car]] = {}
        listed: dict[Name, Car] = {}
        canonical: dict[Name, set[Car]] = {}
        for brand, models in dictionary.items():
            own = self.models.setdefault(brand, {})
            for model, names in models.items():
                car = Car(brand, model or None)
                known_as = _listed(names)
                for name in known_as:
                    if name[0] == _BESIDE_ITS_MAKE:
                        _note(own, name[1:], car)
                        continue
                    _note(listed, name, car)
                    _note(own, name, car)
                name = words_of(model or brand)
                _note(own, name, car)
                is_shy = bool(known_as) and all(each[0] == _BESIDE_ITS_MAKE for each in known_as)
                if not model or (_stands_alone(name) and not is_shy):
                    canonical.setdefault(name, set()).add(car)
            canonical.setdefault(words_of(brand), set()).add(Car(brand))
        # What is listed takes precedence over what is only called so: «X3» is BMW's, though others have one too.
        so_called = {name: next(iter(cars)) for name, cars in canonical.items() if len(cars) == 1}
        self.names: Mapping[Name, Car] = MappingProxyType({**so_called, **listed})
        ordinary_forms = word_set(ordinary.get("named", ""))
        self._ordinary = frozenset(map(stem, ordinary.get("guessed", "").split())) | ordinary_forms
        self._forms = _Forms(
            {
                name: car
                for name, car in with_cases(self.names).items()
                if name in self.names or ordinary_forms.isdisjoint(name)
            }
        )
        self._model_forms = {
            brand: _Forms({**in_russian_letters(own), **with_cases(own)}) for brand, own in self.models.items()
        }
        self._by_sound = by_sound(self.names)
        self._misspelt = misspelt(self.names)
        self._guessed = lru_cache(maxsize=_WORDS_REMEMBERED)(self._guess)

    def find(self, tokens: Sequence[Token]) -> list[Mention]:
        """The cars named, in order; the longest name counts, and a model right beside its make completes it."""
        words = [token.text for token in tokens]
        mentions: list[Mention] = []
        place = 0
        while place < len(words):
            found = self._longest(tokens, words, place, self._forms)
            if found is None and (guessed := self._guessed(words[place])) is not None:
                found = Mention(guessed, place, place + 1)
            if found is None:
                place += 1
                continue
            mention = self._completed(tokens, words, found)
            mention = self._completed_before(tokens, words, mention, mentions[-1:])
            if mentions and mention.start < mentions[-1].end:
                mentions.pop()
            mentions.append(mention)
            place = mention.end
        return list(_joined(words, mentions))

    def _completed(self, tokens: Sequence[Token], words: Sequence[str], found: Mention) -> Mention:
        if found.car.model is not None:
            return self._in_full(tokens, words, found)
        after = found.end + (words[found.end : found.end + 1] == ["-"])
        model = self._longest(tokens, words, after, self._model_forms[found.car.brand])
        model = model or self._misspelt_model(words, after, found.car.brand)
        if model is None or model.car.model is None:
            return found
        return Mention(model.car, found.start, model.end)

    def _in_full(self, tokens: Sequence[Token], words: Sequence[str], found: Mention) -> Mention:
        """«хавал f7x», «kia rio x-line»: not only as far as a name goes that has the make in it."""
        for start in range(found.start + 1, found.end):
            whole = self._longest(tokens, words, start, self._model_forms[found.car.brand])
            if whole is not None and whole.end > found.end and whole.car.model is not None:
                return Mention(whole.car, found.start, whole.end)
        return found

    def _completed_before(
        self, tokens: Sequence[Token], words: Sequence[str], make: Mention, before: Sequence[Mention]
    ) -> Mention:
        """With the model that stands right before it: «нот ниссан», «407 пежо», «х70 белджи» (others have one too)."""
        if make.car.model is not None:
            return make
        begins_at = max((last.start if last.end == make.start else last.end for last in before), default=0)
        for start in range(max(begins_at, make.start - _LONGEST_NAME), make.start):
            found = self._longest(tokens[: make.start], words[: make.start], start, self._model_forms[make.car.brand])
            if found is None or found.end != make.start or found.car.model is None:
                continue
            if _says_enough(words[start : make.start]) and not _begins_with_preposition(tokens, start, make.start):
                return Mention(found.car, start, make.end)
        return make

    def _misspelt_model(self, words: Sequence[str], place: int, brand: str) -> Mention | None:
        """Right beside its make a model may be shorter, and one letter off: «фольксваген пола»."""
        word = words[place] if place < len(words) else ""
        if len(word) < SHORTEST_BESIDE or not word.isalpha() or word in self._ordinary or stem(word) in self._ordinary:
            return None
        meant = {
            car
            for (name, *more), car in self.models[brand].items()
            if not more and car.model is not None and is_heard_as(word, name)
        }
        return Mention(meant.pop(), place, place + 1) if len(meant) == 1 else None

    def _longest(self, tokens: Sequence[Token], words: Sequence[str], place: int, forms: _Forms) -> Mention | None:
        left = len(words) - place
        for length in range(min(forms.longest_from(words[place]), left) if left > 0 else 0, 0, -1):
            for name, end in _readings(words, place, length):
                car = forms.cars.get(name)
                if car is None or _goes_on(tokens, end) or _is_four_by_four(words, place):
                    continue
                if forms is self._forms and _begins_with_preposition(tokens, place, end):
                    continue
                return Mention(car, place, end)
        return None

    def names_exactly(self, word: str) -> bool:
        """Whether the word is a name, or a form of one."""
        return (word,) in self._forms.cars

    def _guess(self, word: str) -> Car | None:
        """The car that a word by itself may be an endearment, a misspelling or another ending of."""
        if len(word) < SHORTEST_ROOT or word in self._ordinary or stem(word) in self._ordinary:
            return None
        root = without_ending(word, ENDEARMENTS)
        if (root,) in self._forms.cars:
            return self._forms.cars[(root,)]
        root = without_ending(word, TURKIC)
        if (root,) in self.names:
            return self.names[(root,)]
        heard = self._by_sound.get(sound(cyrillic(word)))
        if heard is not None:
            return heard
        if len(word) < SHORTEST_MISSPELT or not word.isalpha():
            return None
        for variant in (word, *shortened(word)):
            for name in self._misspelt.get(variant, ()):
                if is_one_slip_away(word, name):
                    return self._forms.cars[(name,)]
        return None


@cache
def cars() -> Cars:
    """The dictionary that comes with the program, read once."""
    return Cars(tomllib.loads(DICTIONARY.read_text("utf-8")), tomllib.loads(ORDINARY.read_text("utf-8")))


def _listed(names: str) -> list[Name]:
    return list(dict.fromkeys(words_of(name) for name in names.split(",") if name.strip()))


def _note(names: dict[Name, Car], name: Name, car: Car) -> None:
    if names.setdefault(name, car) != car:
        raise Ambiguous(f"{' '.join(name)}: {names[name]} and {car}")


def _stands_alone(name: Name) -> bool:
    """Whether a model's own name says enough: not «3», not «GS», not «Note»."""
    if any(word in _PLAIN_WORDS for word in name):
        return len(name) > 1
    letters = sum(sign.isalpha() for word in name for sign in word)
    return letters >= _SHORTEST_ALONE or (len(name) > 1 and letters > 0 and name[0].isalpha())


def _says_enough(name: Sequence[str]) -> bool:
    """Whether a model before its make is one: «407 пежо»; not «2 мазды», «до 200 ауди», «с ауди»."""
    if all(word.isdigit() for word in name):
        return len(name) == 1 and len(name[0]) >= _GROUP and not name[0].endswith("00")
    return sum(map(len, name)) >= _SHORTEST_ALONE or any(word.isdigit() for word in name)


def _readings(words: Sequence[str], place: int, length: int) -> Iterator[tuple[Name, int]]:
    """The words as they are, without hyphens, and in Cyrillic letters; each with where it ends."""
    taken: list[str] = []
    end = place
    while end < len(words) and len(taken) < length:
        if words[end] != "-" or not taken:
            taken.append(words[end])
        end += 1
    if len(taken) == length:
        as_it_is, in_cyrillic, in_figures = zip(*map(_spellings, taken), strict=True)
        yield as_it_is, end
        yield in_cyrillic, end
        if length > 1:
            yield in_figures, end


@lru_cache(maxsize=_WORDS_REMEMBERED)
def _spellings(word: str) -> tuple[str, str, str]:
    return word, cyrillic(word), _in_figures(word)


def _in_figures(word: str) -> str:
    """«тигго восьмой», «икс пять»."""
    number = CARDINALS.get(word) or _ORDINALS.get(stem(word))
    return word if number is None or number > _HIGHEST_SPELLED else str(number)


def _goes_on(tokens: Sequence[Token], end: int) -> bool:
    """Whether a name's last number is the beginning of a sum, a year or the like: «мазда 3 млн»."""
    last = tokens[end - 1]
    if not last.is_number or end >= len(tokens):
        return False
    after = tokens[end]
    if after.text in _SUM_WORDS:
        is_of_a_name = end > 1 and tokens[end - 2].is_word and tokens[end - 2].end == last.start < after.start - 1
        return not is_of_a_name
    if after.is_number:  # «3 000 000»
        return len(after.text) == _GROUP and len(last.text) <= _GROUP
    is_glued_sign = after.text in ".,-" and after.start == last.end
    return is_glued_sign and end + 1 < len(tokens) and tokens[end + 1].is_number and tokens[end + 1].start == after.end


def _is_four_by_four(words: Sequence[str], place: int) -> bool:
    """«4х4», «2х4»: no X4."""
    return words[place] in {"х", "x"} and place > 0 and words[place - 1].isdigit()


def _begins_with_preposition(tokens: Sequence[Token], place: int, end: int) -> bool:
    """«в 60», «к пяти», unlike «V60» and «к5»."""
    if end == place + 1 or tokens[place].text not in PREPOSITIONS:
        return False
    behind = tokens[place + 1]
    return behind.start > tokens[place].end and (behind.is_number or behind.text in CARDINALS)


def _joined(words: Sequence[str], mentions: Sequence[Mention]) -> Iterator[Mention]:
    """A make and a model of it that stand near each other are one car: «тойота 2018 камри»."""
    before: Mention | None = None
    for mention in mentions:
        if before is not None and _is_counted(words, before, mention):
            before = replace(before, end=mention.end)
            continue
        if before is not None and _complete_each_other(words, before, mention):
            whole = mention.car if _says_more(mention.car, before.car) else before.car
            before = Mention(whole, before.start, mention.end)
            continue
        if before is not None:
            yield before
        before = mention
    if before is not None:
        yield before


def _says_more(one: Car, other: Car) -> bool:
    return one.model is not None and (other.model is None or one.model.startswith(other.model))


def _complete_each_other(words: Sequence[str], first: Mention, second: Mention) -> bool:
    one, other = first.car.model, second.car.model
    completes = one is None or other is None or first.end == second.start  # «m5 e39»
    between = words[first.end : second.start]
    return first.car.brand == second.car.brand and completes and len(between) <= _NEAR and _APART.isdisjoint(between)


def _is_counted(words: Sequence[str], first: Mention, second: Mention) -> bool:
    """«лансер десятка», «лансера девятку»: which of that make's own it is."""
    is_next = first.end == second.start and first.car.brand != second.car.brand
    return is_next and any(stem(word) in _COUNTED for word in words[second.start : second.end])
