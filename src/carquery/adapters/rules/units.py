"""What may stand behind a number, and beside one."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from carquery.adapters.rules.text import word_set


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
    " кузова цилиндра звезды балла доллар долларов баксов евро юаней тенге usd eur % $ € № ст статья статьи",
}
UNITS: Final[Mapping[str, Unit]] = MappingProxyType(
    {word: unit for unit, words in _WORDS.items() for word in words.split()}
)

BEFORE_OTHERS: Final = word_set("№ статья ст пункт r кузов кузове серии серия радиус гост аи версия дизель")
"""Before a number that is none of those looked for: «дизель 3.0», «статья 159»."""

WRITTEN_TOGETHER: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "ткм": ("т", "км"),
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
        "мын": ("тыс", ""),
        "минг": ("тыс", ""),
        "ming": ("тыс", ""),
    }
)
"""A scale and the unit behind it, written as one word; and scales of endearment."""
