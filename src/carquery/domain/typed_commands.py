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
    """The command that a message consists of, whatever its case, emoji and punctuation; `None` if it is not one."""
    return _WORDS.get(_letters(typed))


def read_yes_or_no(typed: str) -> bool | None:
    """The answer to a question with «Да» and «Нет» under it; `None` if it is something else.

    Yes and no come in many words, but a message with any other word says more than that.
    """
    if "?" in typed or any(sign.isdigit() for sign in typed):
        return None
    words = _letters(typed).replace("ё", "е").split()
    if not words:
        return _read_sign(typed)
    rest = set(words) - _EMPTY
    if words[0] == "не":
        return False if rest - {"не"} <= _DENIED else None
    if rest & _NO:
        return False if rest <= _NO | _STRONGER | _DENIED else None
    return True if rest & (_YES | _STRONGER) and rest <= _YES | _STRONGER else None


_YES_WORDS = (
    "да ага угу ок окей ладно хорошо давай давайте верно правильно именно согласен согласна подтверждаю хочу хотим "
    "можно заполним заполнить заполняем оформить оформляйте отправить отправляй отправляйте продолжить"
    " продолжим поехали го нужно надо годится подходит yes yep yeah ok okay йес дада"
)
_NO_WORDS = "нет неа нету ненадо ненужно неверно неправильно нене no nope"
_STRONGER_WORDS = "конечно разумеется точно естественно однозначно"
_EMPTY_WORDS = "все это так ну пожалуйста вот и а же я мне очень уж то спасибо"
_YES, _NO, _STRONGER, _EMPTY = (
    frozenset(words.split()) for words in (_YES_WORDS, _NO_WORDS, _STRONGER_WORDS, _EMPTY_WORDS)
)
"""«Конечно» and its like make either answer stronger; alone they are yes."""
_DENIED = _YES | {"не", "сейчас", "буду", "интересует", "стоит", "хочется", "требуется"}
"""What «не …» may deny."""
_SIGNS = {**dict.fromkeys("+👍👌✅🆗✔☑💯", True), **dict.fromkeys("-–—👎❌🚫✖", False)}


def _read_sign(typed: str) -> bool | None:
    """«+», 👍 and the like, alone or in a row; skin tones don't matter."""
    meant = {_SIGNS.get(sign) for sign in typed if not sign.isspace() and not _is_tone(sign)}
    return meant.pop() if len(meant) == 1 else None


def _is_tone(sign: str) -> bool:
    return sign == "\ufe0f" or "\U0001f3fb" <= sign <= "\U0001f3ff"


def _letters(typed: str) -> str:
    letters = "".join(sign for sign in typed.casefold() if sign.isalpha() or sign.isspace())
    return " ".join(letters.split())
