"""What may stand behind a number, and beside one."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from carquery.adapters.rules.text import sound, stem, word_set


class Unit(StrEnum):
    """What a number counts."""

    NONE = ""
    KILOMETRES = "km"
    RUBLES = "rub"
    YEAR = "year"
    OTHER = "other"
    """Litres, years of age, seats, percent …: none of the numbers that are looked for."""


_WORDS: Final = {
    Unit.KILOMETRES: "км km kms километр километров километра kilometers kilometres",
    Unit.RUBLES: "р руб рублей рубля рубль рублики рубликов рублгача ₽ rub rubles rubley roubles рубльге",
    Unit.YEAR: "г год года годов гв гг годик goda god",
    Unit.OTHER: "лет летний летняя л литра литров литр хозяин хозяина хозяев владелец владельца владельцев мест местный"
    " местная человек дверей дверный детей ребенка детьми сил лс квт процент процента процентов раз раза месяц месяца"
    " месяцев мес недель недели дней дня день час часа часов минут дюйм дюймов радиус колесо колеса комплект ключа"
    " ключей подушек подушки фото этаж дтп ступа вариант варианта варианты серия серии поколение поколения кузов кузове"
    " кузова цилиндра звезды балла лошадей лошадки лошадок коней кобыл тонн тонны"
    " кубов доллар долларов баксов евро иен йен вон юаней тенге usd eur % $ € № ст статья статьи",
}
UNITS: Final[Mapping[str, Unit]] = MappingProxyType(
    {word: unit for unit, words in _WORDS.items() for word in words.split()}
)

BEFORE_OTHERS: Final = word_set(
    "№ номер лот объявление объявления артикул статья ст пункт r кузов кузове серии серия радиус гост аи версия дизель"
)
"""Before a number that is none of those looked for: «дизель 3.0», «статья 159»."""

_WRITTEN_TOGETHER: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "ткм": ("т", "км"),
        "tkm": ("т", "км"),
        "тыкм": ("т", "км"),
        "тык": ("тыс", ""),
        "тк": ("т", ""),
        "тыскм": ("тыс", "км"),
        "ккм": ("к", "км"),
        "тр": ("т", "р"),
        "тыр": ("тыс", "р"),
        "тыров": ("тыс", "р"),
        "тырр": ("тыс", "р"),
        "труб": ("т", "р"),
        "трублей": ("т", "р"),
        "кр": ("к", "р"),
        "млнр": ("млн", "р"),
        "лямчик": ("лям", ""),
        "лямчика": ("ляма", ""),
    }
)
"""A scale and the unit behind it, written as one word; and scales of endearment."""

_THOUSANDS_ELSEWHERE: Final = ("мын", "минг", "менг", "ming", "хазор", "hazar")
"""As Kazakhs, Uzbeks, Tatars, Tajiks and Armenians say it, with whatever endings."""


def apart(word: str) -> tuple[str, str]:
    """A scale and the unit written together with it; a word that is neither, as it is."""
    if word.startswith(_THOUSANDS_ELSEWHERE):
        return "тыс", ""
    return _WRITTEN_TOGETHER.get(word, (word, ""))


SLANG: Final[Mapping[str, int]] = MappingProxyType(
    {
        form: value
        for root, value in {
            "двушк": 2_000_000,
            "пятихатк": 500_000,
            "пятисотк": 500_000,
            "шестисотк": 600_000,
            "семисотк": 700_000,
            "семьсотк": 700_000,
            "восьмисотк": 800_000,
            "двадцатк": 20_000,
            "тридцатк": 30_000,
        }.items()
        for form in (f"{root}{ending}" for ending in ("а", "у", "и", "е", "ой"))
    }
    | dict.fromkeys(("сороковник", "сороковника", "сорокет", "сорокета"), 40_000)
    | dict.fromkeys(("двадцатник", "двадцатника"), 20_000)
    | dict.fromkeys(("тридцатник", "тридцатника"), 30_000)
)
"""Sums that have a name."""

_MILEAGE_WORDS: Final = word_set(
    "пробег пробегом пробега пробек probeg пробежала пробежал намотал намотала накатал накатала наездил наездила прошел"
    " прошла табло проехал проехала журиси юрган журген жургон yurgan ancac clock одометр одометре спидометре приборке"
    " накатано намотано наезжено накручено отъездил отъездила mileage"
)
_MILEAGE: Final = frozenset(sound(stem(word)) for word in _MILEAGE_WORDS)
"""What a mileage is called, by sound."""


_SEVERAL: Final = frozenset({"пробеги", "пробегов", "пробегами"})
"""Of several cars: none is the one."""


def is_called_mileage(word: str) -> bool:
    """Whether a word says that the number beside it is a mileage."""
    return sound(stem(word)) in _MILEAGE and word not in _SEVERAL and not word.endswith("ть")
