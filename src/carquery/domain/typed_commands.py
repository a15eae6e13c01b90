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


_YES = ("да", "ага", "угу", "давай", "давайте", "да давайте", "конечно", "верно", "хочу", "ок", "хорошо")
_NO = ("нет", "неа", "не надо", "не нужно", "не хочу", "нет спасибо")
_YES_OR_NO = {**dict.fromkeys(_YES, True), **dict.fromkeys(_NO, False)}


def read_command(typed: str) -> Command | None:
    """The command that a message consists of, whatever its case, emoji and punctuation; None: it is no command."""
    return _WORDS.get(_letters(typed))


def read_yes_or_no(typed: str) -> bool | None:
    """The answer to a question with «Да» and «Нет» under it; None: it is something else."""
    return _YES_OR_NO.get(_letters(typed))


def _letters(typed: str) -> str:
    letters = "".join(sign for sign in typed.casefold() if sign.isalpha() or sign.isspace())
    return " ".join(letters.split())
