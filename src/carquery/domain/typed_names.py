"""Names as customers write them: «Меня зовут Анна», «Анна 🌸»."""

import re
import unicodedata
from typing import Final

from carquery.domain.contact import PersonName, is_name
from carquery.domain.given_names import GIVEN_NAMES
from carquery.domain.introductions import INTRODUCED_BY
from carquery.domain.refusals import AnswerRefused
from carquery.domain.typed_text import LONGEST_TYPED, clean

_LETTERS_HINT = "Напишите имя буквами, от 2 до 64 символов, например Анна"
_ONLY_NAME = "Напишите, пожалуйста, только имя, например Анна: так к вам обратится менеджер"


def read_name(typed: str) -> PersonName:
    """Read a name, keeping its case and script; what introduces it, smiles and quotes around it go.

    Raises:
        AnswerRefused: digits, markup, too short or too long, or a sentence that is no name.
    """
    written = clean(typed) if len(typed) <= LONGEST_TYPED else ""
    name = _undecorated(written) if len(written) <= _LONGEST_SENTENCE else ""
    if _ASKS.search(written[:_LONGEST_SENTENCE]) or _is_said(name):
        raise AnswerRefused(_ONLY_NAME)
    while (said := _introduced(name)) != name:
        name = said
    if not is_name(name):
        raise AnswerRefused(_LETTERS_HINT)
    if _is_sentence(name):
        raise AnswerRefused(_ONLY_NAME)
    return PersonName(name)


def read_profile_name(written: str) -> PersonName | None:
    """Read a name from a messenger's profile, which may be called anything: «❤️», «<3»; None: that is no name."""
    try:
        return read_name(written)
    except AnswerRefused:
        return None


_LONGEST_SENTENCE: Final = 200
"""Characters in which a name may be introduced."""
_ASKS: Final = re.compile(r"[^\W\d_].*[?？؟]")

# Around a name

_SMILES: Final = re.compile(r"\s*(?:[:;=]['’-]?[()DPРOО*3]+|\^_?\^|<3)(?=\s|$)|(?<=\s)[xX]D+$")
_AROUND: Final = frozenset('!,;:…*~()[]-"“”„«»‹›')
_DASHES: Final = re.compile("[–—−]")
_VOWELS: Final = re.compile("[aeiouyаеёиоуыэюяіїє]", re.IGNORECASE)


def _undecorated(written: str) -> str:
    """Without smiles, quotes and signs around it, and with plain hyphens in it."""
    name = _DASHES.sub("-", _SMILES.sub("", written))
    start, end = 0, len(name)
    while start < end and (_is_decoration(name[start]) or name[start] == "."):
        start += 1
    while start < end and (_is_decoration(name[end - 1]) or _ends_a_sentence(name[start:end])):
        end -= 1
    bare = name[start:end]
    is_quoted = len(bare) > 2 and bare[0] == bare[-1] and bare[0] in "'’`"
    return _undecorated(bare[1:-1]) if is_quoted else bare


def _is_decoration(sign: str) -> bool:
    """Emoji and their modifiers, signs and quotes; no mark that belongs to a letter."""
    return sign.isspace() or sign in _AROUND or sign in "\u200d\ufe0f" or unicodedata.category(sign) in ("So", "Sk")


def _ends_a_sentence(name: str) -> bool:
    """Whether its last dot is no abbreviation's: «Анна.», but not «Иван Я.», «мл.»."""
    last = re.split("[ .]", name.rstrip("."))[-1]
    return name.endswith("..") or (name.endswith(".") and len(last) > 1 and _VOWELS.search(last) is not None)


# Before and behind a name

_GREETING: Final = (
    r"здравствуйте|здравствуй|здрасте|добрый (?:день|вечер)|доброе утро|доброго (?:дня|времени суток)|привет"
    r"|приветствую|hello"
)
_THANKS: Final = r"очень приятно|приятно познакомиться|рад(?:а)? знакомству|спасибо|пожалуйста"
_SAID_ALONE: Final = re.compile(
    rf"(?:{_GREETING}|{_THANKS}|(?:да|ок|хорошо|конечно|ага|нет|ну)|[ ,.!])+", re.IGNORECASE
)
_BEFORE: Final = re.compile(
    rf"(?<![\w.-])(?:(?:{_GREETING}|{_THANKS})[ ,.!:-]+|(?:да|ок|хорошо|конечно|ну|так)[,.!] ?)", re.IGNORECASE
)
_BEHIND: Final = re.compile(rf"[ ,.!-]+(?:{_GREETING}|{_THANKS})$", re.IGNORECASE)
_SEPARATOR: Final = r"(?: ?[:,] ?| -? ?)"
"""«Я-На» is no «я» and a name."""

_INTRODUCED: Final = re.compile(
    rf"(?:{INTRODUCED_BY}){_SEPARATOR}(?:это |просто |- )?(?P<name>.+)"
    r"|меня (?P<between>.+) зовут"
    r"|(?P<before>.+?)[ ,]+(?:меня зовут|зовут меня|меня звать|мо[её] имя|is my name"
    r"|на связи|пишет|звонит|говорит|беспокоит|будет)",
    re.IGNORECASE,
)
_CALLED: Final = re.compile(
    r"(?:это я|я|это|имя|фио|ф\.и\.о\.?|можно(?: просто)?|просто|зовите(?: меня)?(?: просто)?|называйте(?: меня)?"
    r"|пишите|запишите(?: меня)?(?: как)?|пусть будет|пусть|тогда"
    r"|обращайтесь(?: ко мне)?|на связи|(?:вас )?беспокоит|звать|с уважением|для вас|контактное лицо"
    r"|call me|i am|i['’]m|it is|it['’]?s|this is|name)"
    rf"{_SEPARATOR}(?P<name>.+)",
    re.IGNORECASE,
)
_INSTRUMENTAL: Final = re.compile(r"(?:зовите|называйте)\b.*(?:ой|ей|ом|ем|ью)", re.IGNORECASE)


def _introduced(name: str) -> str:
    """The name that a sentence introduces; the text itself, if it introduces none.

    Raises:
        AnswerRefused: it begins as an introduction does, and what follows may be no name.
    """
    alone = _BEHIND.sub("", _BEFORE.sub("", name))
    if (introduced := _INTRODUCED.fullmatch(alone)) is not None:
        said = next(part for part in introduced.group("name", "between", "before") if part is not None)
        said = _undecorated(_BEHIND.sub("", said))
        if _INSTRUMENTAL.fullmatch(alone) and said.casefold() not in GIVEN_NAMES:
            raise AnswerRefused(_ONLY_NAME)
        return said
    if (called := _CALLED.fullmatch(alone)) is not None:
        said = _undecorated(called["name"])
        if _INSTRUMENTAL.fullmatch(alone) or not _is_surely_a_name(said):
            raise AnswerRefused(_ONLY_NAME)
        return said
    return _between_small_words(alone)


_SMALL_WORDS: Final = frozenset(
    ["да", "ага", "ок", "это", "я", "вот", "меня", "ну", "просто", "хорошо", "ладно", "тогда", "пусть", "так", "типа"]
)


def _between_small_words(words: str) -> str:
    """«Да Анна я»: what stands between such words, if a given name does."""
    row = words.split()
    while len(row) > 1 and row[0].casefold() in _SMALL_WORDS:
        del row[0]
    while len(row) > 1 and row[-1] in _SMALL_WORDS:
        del row[-1]
    return " ".join(row) if any(word.casefold() in GIVEN_NAMES for word in row) else words


def _is_surely_a_name(words: str) -> bool:
    """Whether each word has a capital, or a known given name is among them: «это секрет» is no introduction."""
    return not any(word[0].islower() for word in words.split()) or any(
        word.casefold() in GIVEN_NAMES for word in words.split()
    )


# What is no name

_BEHIND_A_DASH: Final = re.compile(r"(?: -|- ) ?(\w+)")
"""«Анна - Мария» is one name, «Анна - директор» is not."""
_MOST_WORDS: Final = 5
_NO_NAME_WORDS: Final = (
    "нет ага окей ничего никак никто неважно зачем почему что чего какой какая какое какие как кто где когда сколько"
    " куда вам вас ваш ваша ваше тебе тебя твой мне меня мой моя моё мое нас нам его её ее их этот эта тот не"
    " хочу хотим хотел хотела можно нужно надо нужен нужна буду будет был была есть скажу скажите знаю помню думаю"
    " позовите позвоните звоните перезвоните напишите пишите свяжите соедините переключите менеджер менеджера"
    " менеджером менеджеру оператор оператора оператором администратор человек человека человеком консультант"
    " специалист привет здравствуйте здравствуй здрасте спасибо пожалуйста извините простите стоп отмена отменить"
    " назад меню пропустить продать продаю купить куплю машина машину автомобиль секрет клиент покупатель без чтобы"
    " вы же см смотри смотрите выше ниже писал писала написал написала знаете опять снова"
    " имя фамилия если или потом позже уже ещё еще только давайте давай верно всё так аноним оставьте обращайтесь"
)
_NO_NAMES: Final = frozenset(_NO_NAME_WORDS.split())
"""Words that no given name is. Some are surnames: with a capital, beside a name with one, they are taken for such."""


_BIDS: Final = re.compile(r"[а-яё]{2,}(?:[йь]те|ите)", re.IGNORECASE)
"""«Отправляйте», «подождите»: what nobody is called."""


def _is_said(text: str) -> bool:
    """Whether it is a greeting or thanks and nothing else."""
    return text != "" and _SAID_ALONE.fullmatch(text) is not None


def _is_sentence(name: str) -> bool:
    words = name.split()
    small = [word for word in words if word[0].islower()]
    if len(words) > _MOST_WORDS and 2 * len(small) > len(words):
        return True
    if any(second[0].islower() for second in _BEHIND_A_DASH.findall(name)):
        return True
    said = words if len(words) == 1 or small else ()
    if any(_BIDS.fullmatch(word) for word in (*said, *small)):
        return True
    return any(word.casefold().strip(".-").partition("-")[0] in _NO_NAMES for word in (*said, *small))
