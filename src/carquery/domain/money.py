"""Sums of money."""

import re
import unicodedata
from fractions import Fraction

from carquery.domain.refusals import AnswerRefused
from carquery.domain.stated_quantity import Unread, has_remark, read_stated
from carquery.domain.typed_numbers import grouped, plain
from carquery.domain.unsure import Unsure
from carquery.domain.values import dataclass

LEAST_RUBLES = 10_000
MOST_RUBLES = 1_000_000_000

_HINT = "Напишите сумму в рублях, например 1\u00a0200\u00a0000 или 1,2\u00a0млн"
_ONE_NUMBER = "Напишите одно число – сумму в рублях, например 1\u00a0200\u00a0000 или 1,2\u00a0млн"
_OUT_OF_RANGE = (
    "Сумма должна быть от 10\u00a0тыс.\u00a0₽ до 1\u00a0млрд\u00a0₽, например 1\u00a0200\u00a0000 или 1,2\u00a0млн"
)
_OTHER_CURRENCY = "Мы считаем в рублях: напишите сумму в рублях, например 1\u00a0200\u00a0000 или 1,2\u00a0млн"

_RUBLE_WORDS = (
    "₽ р руб рублей рубля рубль рублем рублях рублики рубликов p r rub rur ruble rubles rouble roubles rubley"
)
_UNITS = frozenset(_RUBLE_WORDS.split())
_OTHER_CURRENCIES = re.compile(
    r"(?<![^\W\d])(?:доллар\w*|долл?|бакс\w*|зелен(?:и|ью|ых|ые|ыми)|грин\w*|бакинск\w*|евро\w*|евр(?:ик\w*|о)?|юан\w*|тенг[еи]|тг|гривн\w*|гривен\w*|грн|[ий]ен[аы]?"
    r"|фунт\w*|лир[аы]?|дирхам\w*|драм\w*|лари|сум(?:ов|а|ы)?|сом(?:ов|а|ы)?|манат\w*|злот\w*|крон[аы]?|вон[аы]?"
    r"|бел(?:орус\w*)?|у\.? ?е|y\.? ?e|usdt?|eur\w*|cny|rmb|kzt|uah|by[nr]|gbp|jpy|chf|pln|try|krw|aed|amd|gel|uzs|kgs"
    r"|azn|btc|dollars?|bucks|baks\w*|evro|yuan|tenge|tg|pounds?|yen)\b"
)
"""For the hint's sake alone: a word that is not the ruble's is refused, known or not."""


@dataclass(frozen=True, slots=True)
class Rubles:
    """A sum in whole rubles, 10 000 … 1 000 000 000."""

    amount: int

    def __post_init__(self) -> None:
        if not LEAST_RUBLES <= self.amount <= MOST_RUBLES:
            raise ValueError(f"a sum is {LEAST_RUBLES} … {MOST_RUBLES} rubles, not {self.amount}")

    @property
    def shown(self) -> str:
        return f"{grouped(self.amount)}\u00a0₽"


def read_rubles(typed: str) -> Rubles | Unsure[Rubles]:
    """Read a sum as Russians type it: «1 200 000 руб», «1,2 млн», «850к», «полтора миллиона».

    Returns:
        Whole rubles, kopecks cut off. For a number under 10 000 without «тысяч» or «миллионов», even with «руб»: the
        likely reading, to be confirmed. Under 10 these are millions, else thousands. What may be another sum than
        the one asked for («больше миллиона», «1 млн, доплату возьму») is to be confirmed too.

    Raises:
        AnswerRefused: no number, several, another currency, or out of range.
    """
    text = plain(typed)
    if _OTHER_CURRENCIES.search(text) or any(unicodedata.category(sign) == "Sc" and sign != "₽" for sign in text):
        raise AnswerRefused(_OTHER_CURRENCY)
    stated = read_stated(typed, units=_UNITS)
    if isinstance(stated, Unread):
        raise AnswerRefused(_ONE_NUMBER if stated is Unread.SEVERAL else _HINT)
    quantity = stated.quantity
    is_guess = quantity.is_bare and quantity.readings[0] < LEAST_RUBLES
    likely = (_likely(value) if is_guess else value for value in quantity.readings)
    sums = tuple(Rubles(int(value)) for value in likely if LEAST_RUBLES <= int(value) <= MOST_RUBLES)
    if not sums:
        raise AnswerRefused(_OUT_OF_RANGE)
    is_clear = len(sums) == 1 and not (is_guess or stated.is_bound or stated.is_doubtful)
    return sums[0] if is_clear else Unsure(sums)


def _likely(value: Fraction) -> Fraction:
    return value * (1_000_000 if value < 10 else 1_000)


def says_more_than_rubles(typed: str) -> bool:
    """Whether the text in which `read_rubles` finds a sum says anything else: «1 млн, обмен на газель»."""
    return has_remark(typed, units=_UNITS)
