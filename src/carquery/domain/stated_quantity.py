"""The one number that an answer states, with whatever remark stands beside it: «850 тыс, торг у капота».

Whoever is asked for a number and writes one means it, whatever else they say about it. So words beside it are not
looked up; what is looked for are signs that the number may be something else: a second number, another unit, a denial,
a question, a story. Those are refused, or asked back where the number may yet be meant.
"""

import re
from collections.abc import Sequence, Set
from enum import Enum, auto
from functools import lru_cache
from itertools import pairwise
from typing import Final

from carquery.domain.number_words import ONE_IN_GENITIVE, SCALES
from carquery.domain.typed_numbers import (
    Quantity,
    begins_number,
    continues_number,
    plain,
    quantity_of,
    tokens_of,
)
from carquery.domain.values import dataclass, replace


class Unread(Enum):
    """Why a text states no quantity that can be taken."""

    NO_NUMBER = auto()
    SEVERAL = auto()
    """Two numbers or more, or a range."""
    UNCLEAR = auto()
    """One number, but what is said about it makes it another thing, denies it, or asks."""


@dataclass(frozen=True, slots=True)
class Stated:
    """The number, and what its words say of it.

    Attributes:
        has_unit: one of the expected units was said.
        is_bound: it is a bound of what is meant: «больше 100 тыс», «120+».
        is_doubtful: what stands beside it may make it another thing: to be asked back.
        has_remark: something is said beside it that people should read.
    """

    quantity: Quantity
    has_unit: bool
    is_bound: bool
    is_doubtful: bool
    has_remark: bool


@lru_cache(maxsize=16)  # who has read a number asks next what else was said
def read_stated(typed: str, *, units: frozenset[str]) -> Stated | Unread:
    """Read the number that an answer states, in one of `units` or without."""
    text = _APPROXIMATELY.sub(" около ", _UNDENIED.sub(" торг ", _AND_SOME.sub(" ", _compared(plain(typed)))))
    text, is_odd = _joined_thousands(_HYPHEN.sub(" ", _ENDING.sub(" ", text)))
    tokens = tokens_of(text, units)
    runs = _runs(tokens)
    if len(runs) != 1:
        return Unread.SEVERAL if runs else Unread.NO_NUMBER
    ((start, end),) = runs
    quantity = quantity_of(tokens[start:end])
    if quantity is None:
        return Unread.SEVERAL if " " in tokens[start] else Unread.UNCLEAR
    beside = _Beside(tokens[:start], tokens[end:], units)
    if beside.is_something_else or (quantity.is_bare and quantity.readings[0] < _SMALL and beside.counts_things):
        return Unread.UNCLEAR
    ungoverned = tokens[start] in ONE_IN_GENITIVE and end == start + 1 and _GOVERNING.isdisjoint(beside.before)
    return Stated(
        quantity,
        has_unit=not units.isdisjoint((*beside.before, *beside.after)),
        is_bound=beside.is_bound,
        is_doubtful=is_odd or ungoverned or beside.is_doubtful,
        has_remark=beside.has_remark,
    )


def has_remark(typed: str, *, units: frozenset[str]) -> bool:
    """Whether an answer says more than the number that `read_stated` finds in it."""
    stated = read_stated(typed, units=units)
    return isinstance(stated, Stated) and stated.has_remark


_SMALL: Final = 1_000
"""A bare number below that may count anything: «5 дверей», «120 часов»."""

_APPROXIMATELY: Final = re.compile(
    r"\b(?:не (?:более|больше|дороже|выше|свыше)(?: чем)?|где[- ]?то|в (?:пределах|районе)|порядка|около|до|up to"
    r"|у меня)(?![^\W_])"
)
_AND_SOME: Final = re.compile(
    r"\bс (?:копейками|хвост\w*|небольшим|лишним|чем[- ]то|мелочью)\b|[0-9]{2} ?коп(?:еек|\.|\b)"
)
_ENDING: Final = re.compile(r"(?<=[0-9])-?(?:х|ух|ех|ти|ми)\b")
"""«до 3-х млн»"""
_HYPHEN: Final = re.compile(r"(?<=[0-9])-(?=[^\W\d_])")
"""«700-т.р.»"""
_UNDENIED: Final = re.compile(
    r"\b(?:без торга?|торга? (?:нет|не будет|неумест\w+|не умест\w+)|не (?:торг|бит|краш|скруч|мота|смот)\w*)\b"
)
"""Denials of something else than the number."""

_MORE: Final = re.compile(r"(?<![^ ])(?:>=?|≥) ?(?=[0-9])")
_LESS: Final = re.compile(r"(?<![^ ])(?:<=?|≤) ?(?=[0-9])")

_ONCE: Final = re.compile(r"(?<![0-9.,'])([1-9][0-9]{3,4})[ ']([0-9]{3})(?![0-9]|[.,'][0-9]| [0-9])")


def _joined_thousands(text: str) -> tuple[str, bool]:
    """«1200 000» as one number, and whether it is odd: «2018 120» may be two."""
    joined = _ONCE.sub(r"\1\2", text)
    return joined, joined != text and any(match[2] != "000" for match in _ONCE.finditer(text))


def _runs(tokens: Sequence[str]) -> list[tuple[int, int]]:
    """Where numbers stand. «Один хозяин» is none where there is another."""
    runs: list[tuple[int, int]] = []
    place = 0
    while place < len(tokens):
        end = place
        if begins_number(tokens[place]):
            end += 1
            while end < len(tokens) and continues_number(tokens[end]) and not _begins_a_count(tokens, end):
                end += 1
            runs.append((place, end))
        place = max(end, place + 1)
    between = [tokens[end:start] for (_, end), (start, _) in pairwise(runs)]
    if not any(joined and _JOINING.issuperset(joined) for joined in between):
        others = [(start, end) for start, end in runs if end > start + 1 or tokens[start] not in _A_SINGLE]
        return others or runs[:1]
    return runs


def _begins_a_count(tokens: Sequence[str], place: int) -> bool:
    """«120 тыс один владелец»: nobody ends a number of thousands in a single one."""
    return tokens[place] in _A_SINGLE and tokens[place - 1] in SCALES


def _compared(text: str) -> str:
    """«> 100 тыс» in words."""
    return _MORE.sub(" больше ", _LESS.sub(" до ", text))


def _words(spelled: str) -> frozenset[str]:
    return frozenset(spelled.split())


_A_SINGLE: Final = _words("один одна одно одну одного одной")
_JOINING: Final = _words("- / или либо и до")
"""What makes two numbers a range or a choice: «один-два миллиона»."""
_COURTESIES: Final = _words(
    "около вроде наверное ок чуть немного примерно прим приблизительно за всего ну это максимум макс максимально max"
    " about around approx please бюджет сумма цена цену стоимость пробег хочу хотел хотела хотелось бы хотим получить"
    " отдам продам прошу готов думаю считаю рассчитываю рассматриваю планирую могу можем потратить купить есть имеется"
    " можно надеюсь пожалуйста спасибо здравствуйте пишу пусть будет торг торга торгом уместен реал реально оригинал"
)
"""Words of one who states a number. Most of them would be taken for a story otherwise."""
_BARGAIN: Final = _words("торг торга торгом")
_GOVERNING: Final = _words(
    "около от больше меньше более менее свыше дороже дешевле выше ниже минимум максимум макс торг"
)
_BOUNDS: Final = _words("больше меньше более менее свыше выше ниже дороже дешевле минимум мин от min more over")
_RELATIONS: Final = _words("и а но да же то уже еще в во на по за с со у к ко о об для из при под через перед как бы")
_ASKING: Final = _words(
    "сколько скока скольки почем какой какая какое какую какие кто что чего где когда зачем почему ли или либо между"
)
_DENYING: Final = _words("не нет ни")
_SIGNS: Final = frozenset(".,!?;:()«»\"'~≈+-/\n…")

_OTHER_UNIT: Final = re.compile(
    r"(?:лет|год\w{0,3}|мес(?:\.|яц\w*)?|недел\w+|дн(?:я|ей|ям)|день|(?:мото)?час(?:а|ов|у|ы)?|ч|минут\w*|литр\w*|кг|лс"
    r"|тонн\w*|квт|процент\w*|метр\w*|раза?|миль|мили|км|километр\w*|р|₽|руб\w*|доллар\w*|баксов|евро|тенге|юан\w+)"
)
_OF_SOMETHING_ELSE: Final = re.compile(
    r"(?:кредит|ипотек|рассроч|взнос|аванс|задат|плат[её]ж|комисс|налог|штраф|ремонт|влож|скид|скин|уступ|доплат|обмен"
    r"|менял|поменя|замен|долг|залог|лизинг|аренд|страхов|разниц|оцен|соседи?|друг|знаком|дилер|двигат|мотор|двс|короб"
    r"|капитал|масл|ремен|грм|контрактн|ежегод|кажд|покупк|вместо|осталось|остат"
    r"|стар|прошл|бывш|нужн|ваш)\w*|то|сверху?|минус|плюс|после|раньше|вам"
)
"""What has a sum or a mileage of its own."""
_LIKE_A_VERB: Final = re.compile(
    r"[а-я]{2,}(?:л|ла|ло|ли|ть|ю|у|ешь|ишь|ете|ите|ет|ит|ем|им|ут|ют|ат|ят|[лтюу][аои]?с[ья])"
)
_LIKE_AN_ADVERB: Final = re.compile(r"[а-я]+(?:о|ое|ый|ой|ий|ая|ом|ых|их)")
_ENDS_A_CLAUSE: Final = frozenset(",.;(!+\n…")
_MOST_WORDS: Final = 5


@dataclass(frozen=True, slots=True)
class _Beside:
    """What stands before and after the number."""

    before: Sequence[str]
    after: Sequence[str]
    units: Set[str]

    @property
    def is_something_else(self) -> bool:
        words, remarks = self._words, self._remarks
        return (
            any(not token.isalpha() and token not in _SIGNS | self.units for token in (*self.before, *self.after))
            or self._has_a_sign_of_its_own
            or any(word.isascii() for word in remarks)
            or any(_OTHER_UNIT.fullmatch(word) for word in words if word not in self.units)
            or not _ASKING.isdisjoint(words)
            or ("?" in (*self.before, *self.after) and bool(remarks))
            or self._is_denied
            or any(word in SCALES and word not in _RELATIONS for word in words)
        )

    @property
    def has_remark(self) -> bool:
        return bool(self._remarks) or not _BARGAIN.isdisjoint(self._words)

    @property
    def counts_things(self) -> bool:
        """Whether a word that may be a unit follows at once."""
        word = self.after[0] if self.after else ""
        return self._is_remark(word) and word not in _RELATIONS | _BOUNDS and not _LIKE_AN_ADVERB.fullmatch(word)

    @property
    def is_bound(self) -> bool:
        after = " ".join(self.after)
        is_open = after in ("+", "+.") or re.match(r"\+?(?:и|или)? ?(?:больше|выше|более)\b(?! \w)", after) is not None
        return is_open or not _BOUNDS.isdisjoint(self.before)

    @property
    def is_doubtful(self) -> bool:
        beside = replace(self, after=self._clause)
        return (
            len(beside._remarks) > _MOST_WORDS
            or not _DENYING.isdisjoint(beside._words)
            or "/" in (*self.before, *self.after)
            or any(_OF_SOMETHING_ELSE.fullmatch(word) for word in beside._words)
            or any(_LIKE_A_VERB.fullmatch(word) for word in beside._unrelated)
            or (not self.is_bound and not _BOUNDS.isdisjoint(self._words))
        )

    @property
    def _clause(self) -> Sequence[str]:
        """What follows up to the next comma; what comes then is no longer about the number."""
        end = next((place for place, token in enumerate(self.after) if token in _ENDS_A_CLAUSE), len(self.after))
        return self.after[:end]

    @property
    def _words(self) -> Sequence[str]:
        return [token for token in (*self.before, *self.after) if token.isalpha()]

    def _is_remark(self, token: str) -> bool:
        return token.isalpha() and token not in _COURTESIES and token not in self.units

    @property
    def _remarks(self) -> Sequence[str]:
        """The words that say something of their own."""
        return [word for word in self._words if self._is_remark(word) and word not in _RELATIONS]

    @property
    def _unrelated(self) -> Sequence[str]:
        """The remarks that follow no preposition: in «по одометру» the second word is no verb."""
        words = ["", *self._words]
        return [
            word
            for before, word in pairwise(words)
            if self._is_remark(word) and word not in _RELATIONS and before not in _RELATIONS
        ]

    @property
    def _has_a_sign_of_its_own(self) -> bool:
        """A minus, a plus or a point before the number; behind a word these are a dash and a stop."""
        last = self.before[-1] if self.before else ""
        return last == "+" or (last in {"-", ".", ","} and not any(token.isalpha() for token in self.before))

    @property
    def _is_denied(self) -> bool:
        """«Не 500», «не за 500»."""
        before = [token for token in self.before if token.isalpha()]
        while before and before[-1] in _RELATIONS:
            before.pop()
        return bool(before) and before[-1] in _DENYING
