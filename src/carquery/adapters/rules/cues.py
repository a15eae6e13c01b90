"""What in a message speaks for which intent: words and phrases from a data file, matched by their stems."""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from carquery.adapters.rules.text import Token, cyrillic, normalised, sound, stem, stem_set
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.forms.form import Service
from carquery.domain.understanding import INTENTS, Intent

DICTIONARY: Final = Path(__file__).parent / "data" / "cues.toml"

STRONG: Final = 3
WEIGHTS: Final = {"strong": STRONG, "medium": 2, "weak": 1}

_GAP: Final = ".."
_LONGEST_GAP: Final = 3
_QUESTION_NEAR: Final = 1
_NEGATIONS: Final = frozenset({"не", "без", "ни", "not", "don't"})
_NEGATED_WISHES: Final = stem_set("хочу надо нужно нужен нужна буду планирую собираюсь интересует требуется")
_PAST: Final = ("продал", "купил", "приобрел", "продавал", "покупал", "проданн", "купленн")
"""Done already: no wish, though their stems are those of one."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase that speaks for an intent. `parts`: each a stem, `=word`, `word*` or a gap."""

    intent: Intent
    weight: int
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hint:
    """A cue found at tokens `start` … `end`; `negated`: the message says that it is not meant."""

    cue: Cue
    start: int
    end: int
    negated: bool = False

    @property
    def intent(self) -> Intent:
        return self.cue.intent

    @property
    def is_strong(self) -> bool:
        return self.cue.weight == STRONG


class Cues:
    """All cues, to be found in messages."""

    def __init__(self, dictionary: Mapping[Intent, Mapping[str, str]]) -> None:
        self._by_first: dict[str, list[Cue]] = defaultdict(list)
        self._prefixed: dict[str, list[Cue]] = defaultdict(list)
        for intent, kinds in dictionary.items():
            for kind, phrases in kinds.items():
                weight = WEIGHTS[kind]
                for phrase in phrases.replace("\n", ";").split(";"):
                    parts = tuple(_part(word) for word in phrase.split())
                    if parts:
                        self._add(Cue(intent, weight, parts))
        self.words: frozenset[str] = frozenset(_words(dictionary))

    def find(self, tokens: Sequence[Token]) -> list[Hint]:
        """What is found, in order; of those that overlap, the longest, and the strongest of these."""
        words = [token.text for token in tokens]
        stems = [stem(word) for word in words]
        found = [hint for place in range(len(words)) for hint in self._at(words, stems, place)]
        found.sort(key=lambda hint: (hint.start - hint.end, -hint.cue.weight, hint.start))
        kept: list[Hint] = []
        for hint in found:
            if not any(_contains(other, hint) for other in kept):
                kept.append(hint)
        return sorted(kept, key=lambda hint: hint.start)

    def _add(self, cue: Cue) -> None:
        first = cue.parts[0]
        known = self._prefixed[first[:3]] if first.endswith("*") else self._by_first[first]
        if cue not in known:
            known.append(cue)

    def _at(self, words: Sequence[str], stems: Sequence[str], place: int) -> Iterator[Hint]:
        word = words[place]
        russian = cyrillic(word)
        candidates = [
            *(cue for spelling in {word, sound(russian)} for cue in self._by_first.get(f"={spelling}", ())),
            *self._by_first.get(sound(stems[place]), ()),
            *self._prefixed.get(russian[:3], ()),
        ]
        for cue in candidates:
            end = _matched(cue.parts, words, stems, place)
            if end is not None:
                yield Hint(cue, place, end, negated=_is_negated(words, stems, place, end))


@cache
def cues() -> Cues:
    """Those of the dictionary that comes with the program, and what the menu's forms say of themselves; read once."""
    dictionary: Mapping[str, Mapping[str, str]] = tomllib.loads(DICTIONARY.read_text("utf-8"))
    return Cues({intent: _with_wish(intent, dictionary.get(intent, {})) for intent in INTENTS})


def _with_wish(intent: Intent, cues: Mapping[str, str]) -> Mapping[str, str]:
    said = FORMS[intent].wish.said if isinstance(intent, Service) else ()
    return {**cues, "strong": "; ".join((*said, cues.get("strong", "")))}


def _part(word: str) -> str:
    if word.startswith("="):
        return "=" + sound(normalised(word[1:]))
    if word == _GAP or word.endswith("*") or not word[0].isalpha():
        return normalised(word)
    return sound(stem(normalised(word)))


def _words(dictionary: Mapping[Intent, Mapping[str, str]]) -> Iterable[str]:
    for kinds in dictionary.values():
        for phrases in kinds.values():
            yield from (normalised(word.strip("=*;")) for word in phrases.split())


def _matched(parts: Sequence[str], words: Sequence[str], stems: Sequence[str], place: int) -> int | None:
    """Behind the phrase that begins here; `None` if it doesn't."""
    for number, part in enumerate(parts):
        if part == _GAP:
            for skipped in range(_LONGEST_GAP + 1):
                end = _matched(parts[number + 1 :], words, stems, place + skipped)
                if end is not None:
                    return end
            return None
        if place >= len(words) or not _is(part, words[place], stems[place]):
            return None
        place += 1
    return place


def _is(part: str, word: str, stemmed: str) -> bool:
    if part.startswith("="):
        return part[1:] in {word, sound(cyrillic(word))}
    if part.endswith("*"):
        return cyrillic(word).startswith(part[:-1]) or word.startswith(part[:-1])
    return part == sound(stemmed) and not cyrillic(word).startswith(_PAST)


def _is_negated(words: Sequence[str], stems: Sequence[str], start: int, end: int) -> bool:
    if "ли" in words[start : end + _QUESTION_NEAR]:  # «не в розыске ли»
        return False
    before = words[start - 1] if start else ""
    if before in _NEGATIONS:
        return True
    if start > 1 and words[start - 2] in _NEGATIONS and stems[start - 1] in _NEGATED_WISHES:
        return True
    # «осмотр не нужен»
    return words[end : end + 1] == ["не"] and end + 1 < len(words) and stems[end + 1] in _NEGATED_WISHES


def _contains(whole: Hint, part: Hint) -> bool:
    return whole.start <= part.start and part.end <= whole.end and (whole.start, whole.end) != (part.start, part.end)
