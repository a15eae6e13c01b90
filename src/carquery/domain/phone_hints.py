"""What a customer reads whose phone number was not understood."""

from collections.abc import Sequence
from typing import Final

from carquery.domain.contact import LONGEST_REMARK
from carquery.domain.numbering import ANONYMOUS

_EXAMPLE = "например +7 916 123-45-67"
WHY = f"Номер нужен, чтобы менеджер мог вам перезвонить: нажмите «Поделиться номером» или напишите его, {_EXAMPLE}"
WITH_CODE = f"Напишите номер телефона с кодом, {_EXAMPLE}"
LETTER_AMONG_DIGITS = f"Среди цифр номера стоит буква: проверьте и напишите ещё раз, {_EXAMPLE}"
ONE_NUMBER = f"Напишите только один номер телефона, {_EXAMPLE}"
COUNTRY_CODE = f"Не получилось узнать номер: напишите его с «+» и кодом страны, {_EXAMPLE}"
NO_SUCH_NUMBER = f"Такого номера нет: проверьте код страны и цифры, {_EXAMPLE}"
ANONYMOUS_NUMBER = f"По анонимному номеру +888 нельзя позвонить: напишите обычный номер телефона, {_EXAMPLE}"
TOO_LONG = f"Рядом с номером помещается до {LONGEST_REMARK} символов: напишите короче, {_EXAMPLE}"

_NEARLY_A_NUMBER: Final = 9
"""Digits in a row that are more than an area or a figure."""


def what_is_wrong(groups: Sequence[str]) -> str:
    """Why these groups of digits, each with its «+» if it has one, are no phone number."""
    # Of a code typed twice, one counts.
    is_international = groups[0].startswith("+")
    digits = "".join(groups).rpartition("+")[2]
    longest = max(groups, key=len)
    if len(longest) >= _NEARLY_A_NUMBER:
        digits = longest.lstrip("+")  # «8916123456 18»: the hour is none of its digits
    if is_international and digits.startswith(ANONYMOUS):
        return ANONYMOUS_NUMBER
    if len(digits) >= 18:
        return ONE_NUMBER
    if len(digits) < 7:
        return WITH_CODE
    if digits[0] in ("78" if is_international else "34789"):
        return _wrong_length(10 - len(digits.removeprefix(digits[0] if digits[0] in "78" else "")))
    return NO_SUCH_NUMBER if is_international else COUNTRY_CODE


def _wrong_length(missing: int) -> str:
    match missing:
        case 0:
            return f"Такого номера нет: проверьте цифры, {_EXAMPLE}"
        case 1:
            return f"В номере не хватает одной цифры: проверьте и напишите ещё раз, {_EXAMPLE}"
        case 2 | 3 | 4 | 5:
            return f"В номере не хватает {missing} цифр: проверьте и напишите ещё раз, {_EXAMPLE}"
        case -1:
            return f"В номере одна лишняя цифра: проверьте и напишите ещё раз, {_EXAMPLE}"
        case _ if missing < 0:
            return f"В номере лишние цифры: проверьте и напишите ещё раз, {_EXAMPLE}"
        case _:
            return WITH_CODE
