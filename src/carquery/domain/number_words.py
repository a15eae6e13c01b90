"""Russian words that numbers are made of, as they are written and spoken.

All words here are in lower case, with «е» for «ё».
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType


def _by_word(forms: Mapping[int, str]) -> Mapping[str, int]:
    return MappingProxyType({word: value for value, words in forms.items() for word in words.split()})


CARDINALS = _by_word(
    {
        0: "ноль нуль ноля нуля",
        1: "один одна одну одного одной",
        2: "два две двух двумя",
        3: "три трех тремя",
        4: "четыре четырех четырьмя",
        5: "пять пяти пятью",
        6: "шесть шести шестью",
        7: "семь семи",
        8: "восемь восьми восемью",
        9: "девять девяти девятью",
        10: "десять десяти десятью",
        11: "одиннадцать одиннадцати одинадцать",
        12: "двенадцать двенадцати",
        13: "тринадцать тринадцати",
        14: "четырнадцать четырнадцати",
        15: "пятнадцать пятнадцати",
        16: "шестнадцать шестнадцати",
        17: "семнадцать семнадцати",
        18: "восемнадцать восемнадцати",
        19: "девятнадцать девятнадцати",
        20: "двадцать двадцати двадцатью",
        30: "тридцать тридцати тридцатью",
        40: "сорок сорока",
        50: "пятьдесят пятидесяти полтинник полтинника",
        60: "шестьдесят шестидесяти",
        70: "семьдесят семидесяти",
        80: "восемьдесят восьмидесяти",
        90: "девяносто девяноста",
        100: "сто ста сотня сотню сотни сотка сотку сотки",
        150: "полтораста полутораста",
        200: "двести двухсот двесте двумястами",
        300: "триста трехсот тремястами",
        400: "четыреста четырехсот четырьмястами",
        500: "пятьсот пятисот пятсот пятьюстами",
        600: "шестьсот шестисот шестсот шестьюстами",
        700: "семьсот семисот семсот семьюстами",
        800: "восемьсот восьмисот восемсот восемьюстами",
        900: "девятьсот девятисот девятсот девятьюстами",
    }
)

FRACTIONS: Mapping[str, Fraction] = MappingProxyType(
    {
        **dict.fromkeys(("пол", "половина", "половину"), Fraction(1, 2)),
        **dict.fromkeys(("полтора", "полторы", "полутора"), Fraction(3, 2)),
        "четверть": Fraction(1, 4),
    }
)

ONE_OF_A_SCALE = _by_word(
    {
        1_000: "тысяча тысячу тыща тыщу штука штуку косарь",
        1_000_000: "миллион миллионом милион мильон миллиончик лям лимон лимончик мульт million",
        1_000_000_000: "миллиард милиард лярд",
    }
)
"""Scales that stand for one of themselves when nothing is counted: «миллион двести»."""

ONE_IN_GENITIVE = _by_word(
    {
        1_000: "тысячи тыщи штуки косаря",
        1_000_000: "миллиона милиона мильона миллиончика ляма лимона лимончика мульта miliona milliona lyama limona",
        1_000_000_000: "миллиарда милиарда лярда",
    }
)
"""Scales that stand for one of themselves where the genitive is asked for («до миллиона»), or come before what they
count, where it is a guess («миллиона два»)."""

SEVERAL_OF_A_SCALE = _by_word(
    {
        1_000: "тысяч тыщ штук косарей косых",
        1_000_000: "миллионов милионов мильонов лямов лимонов",
    }
)
"""Scales that may come before what they count, where it is a guess: «тысяч пятьсот»."""

GENITIVES = frozenset(
    word for word in CARDINALS if word.endswith(("ти", "ми", "ех", "ух", "сот", "ста", "рока", "носта"))
)
"""The cardinals that follow «до» and «около»."""

SCALES: Mapping[str, int] = MappingProxyType(
    {
        **ONE_OF_A_SCALE,
        **ONE_IN_GENITIVE,
        **SEVERAL_OF_A_SCALE,
        **_by_word(
            {
                1_000: "тысячам тысячами тысячь тыс тысч т к k t tys tis tysyach tysyachi tysyacha thousand thousands",
                1_000_000: "млн мил миллионам миллионами лямами лямы лимонам мультов м m mln mil mio millions"
                " millionov lyam lyamov limon кк kk",
                1_000_000_000: "млрд миллиардов billion bln",
            }
        ),
    }
)

_ORDINAL_STEMS: Mapping[str, int] = MappingProxyType(
    {
        "нулев": 0,
        "перв": 1,
        "втор": 2,
        "трет": 3,
        "четверт": 4,
        "пят": 5,
        "шест": 6,
        "седьм": 7,
        "восьм": 8,
        "девят": 9,
        "десят": 10,
        "одиннадцат": 11,
        "двенадцат": 12,
        "тринадцат": 13,
        "четырнадцат": 14,
        "пятнадцат": 15,
        "шестнадцат": 16,
        "семнадцат": 17,
        "восемнадцат": 18,
        "девятнадцат": 19,
        "двадцат": 20,
        "тридцат": 30,
        "сороков": 40,
        "пятидесят": 50,
        "шестидесят": 60,
        "семидесят": 70,
        "восьмидесят": 80,
        "девяност": 90,
    }
)
_ORDINAL_ENDINGS = ("ьего", "ого", "его", "ый", "ой", "ий", "ом", "ьем")
_CENTURIES: Mapping[tuple[str, str], int] = MappingProxyType(
    {
        **{("две", word): 2000 for word in ("тысячи", "тысяч", "тысяча", "тыщи", "тыс")},
        ("тысяча", "девятьсот"): 1900,
        ("тыща", "девятьсот"): 1900,
    }
)


def add_up(words: Sequence[str]) -> Fraction | None:
    """The number below 1 000 that words spell in their usual order: «сто», «двадцать», «пять»; None: they don't."""
    if len(words) == 1 and words[0] in FRACTIONS:
        return FRACTIONS[words[0]]
    total, room = 0, 1000
    for word in words:
        value = CARDINALS.get(word)
        if value is None or value >= room:
            return None
        total += value
        room = 100 if value >= 100 else 10 if value >= 20 else 0
    return Fraction(total) if words else None


def spelled_year(words: Sequence[str]) -> int | None:
    """A year in words: «две тысячи восемнадцатый» 2018, «девяносто восьмого» 98; `None` if it isn't one."""
    if len(words) == 1 and words[0].startswith("двухтысячн"):
        return 2000
    century = _CENTURIES.get((words[0], words[1]), 0) if len(words) > 1 else 0
    rest = words[2:] if century else words
    if not rest:
        return century or None
    tens = CARDINALS.get(rest[0], 0) if len(rest) > 1 else 0
    last = _ordinal(rest[-1])
    if last is None:
        spelled = add_up(rest)
        is_year = spelled is not None and spelled.denominator == 1 and (0 if century else 10) <= spelled < 100
        return century + int(spelled) if spelled is not None and is_year else None
    if len(rest) > 2 or (len(rest) == 2 and (tens < 20 or tens >= 100 or not 0 < last < 10)):
        return None
    return century + tens + last


def _ordinal(word: str) -> int | None:
    for ending in _ORDINAL_ENDINGS:
        if word.endswith(ending) and (value := _ORDINAL_STEMS.get(word.removesuffix(ending))) is not None:
            return value
    return None
