"""Words of numbers that are misspelt, or Russian in Latin letters: «четыриста», «сымсот», «poltora», «shestsot»."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from carquery.adapters.rules.text import cyrillic, sound
from carquery.domain.number_words import CARDINALS, FRACTIONS, GENITIVES, SCALES

_KNOWN: Final = {*CARDINALS, *FRACTIONS, *SCALES}
_MISSPELT: Final = {
    "двадцать": "двацать двадцат двацат двадцадь",
    "тридцать": "тритцать тридцат тритцат",
    "сорок": "сорак",
    "пятьдесят": "пидисят пидесят педесят питьдесят пятдесят",
    "шестьдесят": "шесят шисят шейсят шестдесят",
    "семьдесят": "семдесят симьдесят",
    "восемьдесят": "восемдесят восимьдесят",
    "девяносто": "девеносто",
    "двести": "двесот двисти двести",
    "триста": "тристо трисста",
    "четыреста": "четыриста чтыреста четырста чотириста",
    "пятьсот": "пицот пяцот питсот",
    "шестьсот": "шысот шесот шиссот шыстсот",
    "семьсот": "сымсот симсот",
    "восемьсот": "восимсот васимсот вассемсот",
    "девятьсот": "девецот девятцот девицот",
    "тысяч": "тищ тысяц тисяч тыщь тышь тышщ",
    "тыщ": "тыш",
    "тысячи": "тисячи",
    "миллион": "мильен",
    "миллиона": "мильена",
    "миллионов": "мильенов миллонов милионав",
}
_BY_SPELLING: Final[Mapping[str, str]] = MappingProxyType(
    {form: word for word, forms in _MISSPELT.items() for form in forms.split()}
)
_SHORTEST: Final = 5
"""Shorter words sound like too many others."""
_UNLIKE_OTHERS: Final = ("од", "дв", "три", "чет", "пят", "шест", "сем", "вос", "дев", "десят", "сорок", "тыс", "милл")
"""How words of numbers begin that sound like nothing else; not «сотка», «лимон»."""


def _by_sound() -> Mapping[str, str]:
    meant: dict[str, set[str]] = {}
    for word in sorted(_KNOWN - GENITIVES):
        if len(word) >= _SHORTEST and word.startswith(_UNLIKE_OTHERS):
            meant.setdefault(sound(word), set()).add(word)
    return MappingProxyType({heard: words.pop() for heard, words in meant.items() if len(words) == 1})


_BY_SOUND: Final = _by_sound()
_IN_LATIN: Final[Mapping[str, str]] = MappingProxyType(
    {
        word.replace("ь", "").replace("тс", "ц"): word
        for word in sorted(_KNOWN)
        if len(word) > 2 and "а" <= word[0] <= "я"
    }
)


@lru_cache(maxsize=20_000)
def number_word(word: str) -> str:
    """The word of a number that is meant; any other word as it is."""
    if not word.isalpha():
        return word
    if word.isascii():
        russian = cyrillic(word).replace("ь", "")
        return _IN_LATIN.get(russian, _BY_SOUND.get(sound(russian), word))
    if word in _KNOWN:
        return word
    return _BY_SPELLING.get(word, _BY_SOUND.get(sound(word), word) if len(word) >= _SHORTEST else word)
