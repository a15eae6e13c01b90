"""Names as customers write them."""

from carquery.domain.contact import PersonName, is_name
from carquery.domain.refusals import AnswerRefused
from carquery.domain.typed_text import LONGEST_MESSAGE, clean

_NAME_HINT = "Напишите имя буквами, от 2 до 64 символов, например Анна"


def read_name(typed: str) -> PersonName:
    """Read a name, keeping its case and script; invisible characters go.

    Raises:
        AnswerRefused: digits, emoji, markup, too short or too long, or marks piled up on a letter.
    """
    name = clean(typed) if len(typed) <= LONGEST_MESSAGE else ""
    if not is_name(name):
        raise AnswerRefused(_NAME_HINT)
    return PersonName(name)
