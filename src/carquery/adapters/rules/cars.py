"""The cars that a message names."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias

from carquery.adapters.rules.text import Token, cyrillic, sound, stem, word_set, words_of
from carquery.domain.declension import declined
from carquery.domain.number_words import CARDINALS
from carquery.domain.values import dataclass

DICTIONARY: Final = Path(__file__).parent / "data" / "cars.toml"
ORDINARY: Final = Path(__file__).parent / "data" / "not_cars.toml"

Name: TypeAlias = tuple[str, ...]

_BESIDE_ITS_MAKE: Final = "~"
"""Before a name in the dictionary that says nothing elsewhere: «3 серии»."""
_DIMINUTIVES: Final = ("чик", "ик", "ок", "ец", "ушка", "юшка", "юха", "уха", "ка")
_ENDEARMENTS: Final = tuple(
    sorted({form for ending in _DIMINUTIVES for form in (ending, *declined(ending))}, key=len, reverse=True)
)
_SHORTEST_ROOT: Final = 5
_LONGEST_NAME: Final = 6
_SHORTEST_DECLINED: Final = 4
_SHORTEST_MISSPELT: Final = 7
_SHORTEST_BESIDE: Final = 4
_SHORTEST_ALONE: Final = 3
_HIGHEST_SPELLED: Final = 10
_SPELLED: Final = "первый второй третий четвертый пятый шестой седьмой восьмой девятый десятый"
_ORDINALS: Final = {stem(word): number for number, word in enumerate(words_of(_SPELLED), start=1)} | {
    stem("третьей"): 3
}
_PREPOSITIONS: Final = frozenset({"в", "к", "с", "у", "о"})
_GROUP: Final = 3
"""Digits of a thousand."""
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
                for name in _listed(names):
                    if name[0] == _BESIDE_ITS_MAKE:
                        _note(own, name[1:], car)
                        continue
                    _note(listed, name, car)
                    _note(own, name, car)
                name = words_of(model or brand)
                _note(own, name, car)
                if not model or _stands_alone(name):
                    canonical.setdefault(name, set()).add(car)
            canonical.setdefault(words_of(brand), set()).add(Car(brand))
        # What is listed takes precedence over what is only called so: «X3» is BMW's, though others have one too.
        so_called = {name: next(iter(cars)) for name, cars in canonical.items() if len(cars) == 1}
        self.names: Mapping[Name, Car] = MappingProxyType({**so_called, **listed})
        ordinary_forms = word_set(ordinary.get("named", ""))
        self._ordinary = frozenset(map(stem, ordinary.get("guessed", "").split())) | ordinary_forms
        self._forms = {
            name: car
            for name, car in _with_cases(self.names).items()
            if name in self.names or ordinary_forms.isdisjoint(name)
        }
        self._first_words = frozenset(name[0] for name in self._forms)
        self._model_forms = {brand: _with_cases(models) for brand, models in self.models.items()}
        self._by_sound = _by_sound(self.names)
        self._misspelt = _misspelt(self.names)

    def find(self, tokens: Sequence[Token]) -> list[Mention]:
        """The cars named, in order; the longest name counts, and a model right beside its make completes it."""
        words = [token.text for token in tokens]
        mentions: list[Mention] = []
        place = 0
        while place < len(words):
            begins = not self._first_words.isdisjoint(_spellings(words[place]))
            found = self._longest(tokens, words, place, self._forms) if begins else None
            found = found or self._guessed(words, place)
            if found is None:
                place += 1
                continue
            mention = self._completed(tokens, words, found)
            mentions.append(mention)
            place = mention.end
        return list(_joined(words, mentions))

    def _completed(self, tokens: Sequence[Token], words: Sequence[str], found: Mention) -> Mention:
        if found.car.model is not None:
            return found
        after = found.end + (words[found.end : found.end + 1] == ["-"])
        model = self._longest(tokens, words, after, self._model_forms[found.car.brand])
        model = model or self._misspelt_model(words, after, found.car.brand)
        if model is None or model.car.model is None:
            return found
        return Mention(model.car, found.start, model.end)

    def _misspelt_model(self, words: Sequence[str], place: int, brand: str) -> Mention | None:
        """Right beside its make a model may be shorter, and one letter off: «фольксваген пола»."""
        word = words[place] if place < len(words) else ""
        if len(word) < _SHORTEST_BESIDE or not word.isalpha() or word in self._ordinary or stem(word) in self._ordinary:
            return None
        meant = {
            car
            for (name, *more), car in self.models[brand].items()
            if not more and car.model is not None and _is_heard_as(word, name)
        }
        return Mention(meant.pop(), place, place + 1) if len(meant) == 1 else None

    def _longest(
        self, tokens: Sequence[Token], words: Sequence[str], place: int, forms: Mapping[Name, Car]
    ) -> Mention | None:
        for length in range(min(_LONGEST_NAME, len(words) - place), 0, -1):
            for name, end in _readings(words, place, length):
                car = forms.get(name)
                if car is None or _goes_on(tokens, end):
                    continue
                if forms is self._forms and _begins_with_preposition(tokens, place, end):
                    continue
                return Mention(car, place, end)
        return None

    def names_exactly(self, word: str) -> bool:
        """Whether the word is a name, or a form of one."""
        return (word,) in self._forms

    def _guessed(self, words: Sequence[str], place: int) -> Mention | None:
        word = words[place]
        if len(word) < _SHORTEST_ROOT or word in self._ordinary or stem(word) in self._ordinary:
            return None
        root = _without_endearment(word)
        if (root,) in self._forms:
            return Mention(self._forms[(root,)], place, place + 1)
        heard = self._by_sound.get(sound(cyrillic(word)))
        if heard is not None:
            return Mention(heard, place, place + 1)
        if len(word) < _SHORTEST_MISSPELT or not word.isalpha():
            return None
        for variant in (word, *_shortened(word)):
            for name in self._misspelt.get(variant, ()):
                if _is_one_slip_away(word, name):
                    return Mention(self._forms[(name,)], place, place + 1)
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


def _with_cases(names: Mapping[Name, Car]) -> dict[Name, Car]:
    forms = dict(names)
    for name, car in names.items():
        for form in product(*(_cases(word) for word in name)):
            forms.setdefault(form, car)
    return forms


def _cases(word: str) -> tuple[str, ...]:
    return (word, *sorted(declined(word))) if len(word) >= _SHORTEST_DECLINED else (word,)


def _without_endearment(word: str) -> str:
    """«эмграндик», «дастерок» without what makes them small; the word itself, if nothing does."""
    for ending in _ENDEARMENTS if word.endswith(_ENDEARMENTS) else ():
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_ROOT:
            return word.removesuffix(ending)
    return word


def _by_sound(names: Mapping[Name, Car]) -> dict[str, Car]:
    """Names of one word, by how they are heard; what two cars sound like is left out."""
    heard: dict[str, set[Car]] = {}
    for name, car in names.items():
        if len(name) == 1 and len(name[0]) >= _SHORTEST_ROOT and name[0].isalpha():
            heard.setdefault(sound(cyrillic(name[0])), set()).add(car)
    return {key: next(iter(cars)) for key, cars in heard.items() if len(cars) == 1}


def _misspelt(names: Mapping[Name, Car]) -> dict[str, list[str]]:
    """The long names, by what each looks like with a letter left out."""
    found: dict[str, list[str]] = {}
    for name in names:
        if len(name) == 1 and len(name[0]) >= _SHORTEST_MISSPELT and name[0].isalpha():
            for variant in (name[0], *_shortened(name[0])):
                found.setdefault(variant, []).append(name[0])
    return found


def _is_one_slip_away(word: str, name: str) -> bool:
    """One letter left out, added, changed, or two swapped; never the first."""
    start = next((place for place, (a, b) in enumerate(zip(word, name, strict=False)) if a != b), None)
    if start is None or start == 0:
        return start is None and abs(len(word) - len(name)) <= 1
    a, b = word[start:], name[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


def _is_heard_as(word: str, name: str) -> bool:
    """Whether a word beside its make is that name, perhaps with one letter wrong; in a short one, not of the first."""
    if len(name) < _SHORTEST_BESIDE or not name.isalpha():
        return False
    said, meant = cyrillic(word), cyrillic(name)
    if sound(said) == sound(meant):
        return True
    is_short = min(len(said), len(meant)) <= _SHORTEST_BESIDE
    return said[: 2 if is_short else 1] == meant[: 2 if is_short else 1] and _is_one_slip_away(said, meant)


def _shortened(word: str) -> Iterator[str]:
    """Without one letter, but the first."""
    return (word[:place] + word[place + 1 :] for place in range(1, len(word)))


def _readings(words: Sequence[str], place: int, length: int) -> Iterator[tuple[Name, int]]:
    """The words as they are, without hyphens, and in Cyrillic letters; each with where it ends."""
    taken: list[str] = []
    end = place
    while end < len(words) and len(taken) < length:
        if words[end] != "-" or not taken:
            taken.append(words[end])
        end += 1
    if len(taken) == length:
        yield tuple(taken), end
        yield tuple(cyrillic(word) for word in taken), end
        if length > 1:
            yield tuple(_in_figures(word) for word in taken), end


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
        return True
    if after.is_number:  # «3 000 000»
        return len(after.text) == _GROUP and len(last.text) <= _GROUP
    is_glued_sign = after.text in ".,-" and after.start == last.end
    return is_glued_sign and end + 1 < len(tokens) and tokens[end + 1].is_number and tokens[end + 1].start == after.end


def _begins_with_preposition(tokens: Sequence[Token], place: int, end: int) -> bool:
    """«в 60», «к пяти», unlike «V60» and «к5»."""
    if end == place + 1 or tokens[place].text not in _PREPOSITIONS:
        return False
    behind = tokens[place + 1]
    return behind.start > tokens[place].end and (behind.is_number or behind.text in CARDINALS)


def _joined(words: Sequence[str], mentions: Sequence[Mention]) -> Iterator[Mention]:
    """A make and a model of it that stand near each other are one car: «тойота 2018 камри»."""
    before: Mention | None = None
    for mention in mentions:
        if before is not None and _complete_each_other(words, before, mention):
            whole = before.car if mention.car.model is None else mention.car
            before = Mention(whole, before.start, mention.end)
            continue
        if before is not None:
            yield before
        before = mention
    if before is not None:
        yield before


def _complete_each_other(words: Sequence[str], first: Mention, second: Mention) -> bool:
    one, other = first.car.model, second.car.model
    completes = one is None or other is None or (other.startswith(one) and first.end == second.start)
    between = words[first.end : second.start]
    return first.car.brand == second.car.brand and completes and len(between) <= _NEAR and _APART.isdisjoint(between)
