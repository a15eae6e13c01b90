"""Words that, typed alone, do what a button does."""

import re
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
    "отменить": Command.CANCEL,
    "пропустить": Command.SKIP,
    "оставить": Command.KEEP,
    "готово": Command.KEEP,
    "оператор": Command.OPERATOR,
    "менеджер": Command.OPERATOR,
}


def read_command(typed: str) -> Command | None:
    """The command that a message consists of, whatever its case, emoji and punctuation; `None` if it is not one."""
    letters = _letters(typed).replace("ё", "е")
    command = _WORDS.get(letters)
    return Command.OPERATOR if command is None and _calls_for_a_person(letters, typed) else command


def _calls_for_a_person(letters: str, typed: str) -> bool:
    """«Позовите менеджера», «соедините меня с живым человеком»: with any other word it says more than that."""
    if _PEOPLE.search(letters) is None or any(sign.isdigit() for sign in typed):
        return False
    rest = [word for word in letters.split() if word not in _AROUND_A_CALL]
    people = [word for word in rest if _PEOPLE.fullmatch(word)]
    calls = [word for word in rest if _CALLS.fullmatch(word)]
    return bool(people) and bool(calls) and set(people + calls) == set(rest)


_PEOPLE = re.compile(
    r"(?:оператор|менеджер|человек|сотрудник|консультант|специалист|администратор|людьми|людей)\w{0,4}"
)
_CALLS = re.compile(
    r"(?:позов|позва|соедин|переключ|перевед|свяж|подключ|вызов|приглас|поговор|пообща|общат|говор|разговар|дай)\w*"
    r"|нуж(?:ен|на|но)|хочу|хотел|хотела|хотим|можно|надо|пусть|жив(?:ым|ого|ой|ому)|(?:пере)?позвонит"
)
_AROUND_A_CALL_WORDS = (
    "а мне меня с со вашим вашего пожалуйста просто лучше я бы ли к на уже нормальным настоящим реальным реального"
    " помощь помощи консультация консультации срочно не ботом роботом и ну вы кого нибудь кем"
    " то из у вас там сразу напрямую именно ваш же давайте"
)
_AROUND_A_CALL = frozenset(_AROUND_A_CALL_WORDS.split())


def asks_for_call(typed: str) -> bool:
    """«Перезвоните мне», «закажу обратный звонок»: with any other word it says more than that."""
    words = [word for word in _letters(typed).replace("ё", "е").split() if word not in _AROUND_A_CALL]
    calls = [word for word in words if _IS_A_CALL.fullmatch(word)]
    return bool(calls) and not any(sign.isdigit() for sign in typed) and set(words) - set(calls) <= _WANTED


_IS_A_CALL = re.compile(
    r"(?:пере|по|со)?звон(?:ите|ить|и|ят|ил|или|ок|ка|ком)|набер(?:ите|и|ут)|свяж(?:итесь|ись|утся|ется)"
)
_WANTED_WORDS = (
    "обратный обратного закажу закажите заказать жду хочу хотел хотела хотим нужен нужно надо можете можно прошу чтобы"
    " чтоб мной нами"
)
_WANTED = frozenset(_WANTED_WORDS.split())


def read_yes_or_no(typed: str) -> bool | None:
    """The answer to a question with «Да» and «Нет» under it; `None` if it is something else.

    Yes and no come in many words, but a message with any other word says more than that.
    """
    if "?" in typed or any(sign.isdigit() for sign in typed):
        return None
    words = _letters(typed).replace("ё", "е").split()
    if not words:
        return _read_sign(typed)
    if _WILLING.fullmatch(" ".join(words)):
        return True
    rest = set(words) - _EMPTY
    if words[0] == "не":
        return False if rest - {"не"} <= _DENIED else None
    if rest & _NO:
        return False if rest <= _NO | _STRONGER | _DENIED else None
    return True if rest & (_YES | _STRONGER) and rest <= _YES | _STRONGER else None


def read_leading(typed: str) -> bool | None:
    """The yes or no that a text begins with: «да, 150 тыс пробег», «нет, купить»; `None`: it begins otherwise."""
    words = _letters(typed).replace("ё", "е").split()
    while words and words[0] in _BEFORE_YES:
        del words[0]
    if not words or "?" in typed:
        return None
    if words[0] in _SOFTLY_YES and not {"не", "нет"} & set(words):
        return True
    if words[1:2] == ["не"] and set(words[2:3]) & _DENIED and words[0] in _LEADING_YES:
        return False
    if words[0] in _LEADING_NO or _LEADING_DENIAL.match(typed.casefold()) is not None:
        return False
    return True if words[0] in _LEADING_YES else None


_LEADING_DENIAL = re.compile(
    r"(?:ну |а |ой,? )*(?:не\s*,|да (?:ну )?не\s*[,.!]|да (?:ну )?нет(?! (?:проблем|вопрос|возраж))\b)"
)
"""«Не, …», «да не, …», «да нет …»."""
_BEFORE_YES = frozenset(["ну", "а", "так", "ой", "все", "вот", "конечно"])
_LEADING_YES = frozenset(["да", "ага", "угу", "ок", "окей", "давай", "давайте", "дада", "yes", "yep"])
_SOFTLY_YES = frozenset(["хорошо", "ладно", "отлично", "супер", "верно", "точно", "согласен", "согласна", "подходит"])
"""They begin a yes that says no «нет» further on."""
_LEADING_NO = frozenset(["нет", "неа", "нене", "no", "nope"])

_YES_WORDS = (
    "да ага угу ок окей ладно хорошо давай давайте верно правильно именно согласен согласна подтверждаю хочу хотим "
    "можно заполним заполнить заполняем оформить оформим оформляем оформляйте начнем начинаем"
    " приступим отправить отправляй отправляйте продолжить"
    " заполняй заполняйте оформи оформите оформляй погнали вперед попробуем оставлю"
    " продолжим поехали го нужно надо годится подходит yes yep yeah ok okay йес дада"
)
_WILLING = re.compile(
    r"(?:да |ну |а |так |я )*(?:почему (?:бы )?(?:и )?нет|(?:было бы|буд\w+) (?:не ?плохо|хорошо|здорово|рад[аы]?)"
    r"|не (?:откажусь|против|возражаю)|за|еще как(?: хочу)?|само собой(?: разумеется)?|валяй(?:те)?)(?: давай(?:те)?)?"
)
"""Yes in words that alone are none."""
_NO_WORDS = "потом позже нет неа нету ненадо ненужно неверно неправильно нене no nope"
_STRONGER_WORDS = "уверен уверена конечно разумеется точно естественно однозначно"
_EMPTY_WORDS = "ой все это так ну пожалуйста вот и а же я мне очень уж то спасибо заявку please"
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
