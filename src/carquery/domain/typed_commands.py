"""Words that, typed alone, do what a button does."""

from enum import StrEnum


class Command(StrEnum):
    """What a typed word asks for."""

    BACK = "back"
    MENU = "menu"
    CANCEL = "cancel"
    SKIP = "skip"
    KEEP = "keep"
    OPERATOR = "operator"


_WORDS = {
    "назад": Command.BACK,
    "меню": Command.MENU,
    "отмена": Command.CANCEL,
    "пропустить": Command.SKIP,
    "оставить": Command.KEEP,
    "готово": Command.KEEP,
    "оператор": Command.OPERATOR,
    "менеджер": Command.OPERATOR,
}


def read_command(typed: str) -> Command | None:
    """The command that a message consists of, whatever its case, emoji and punctuation; None: it is no command."""
    letters = "".join(sign for sign in typed.casefold() if sign.isalpha() or sign.isspace())
    return _WORDS.get(letters.strip())
