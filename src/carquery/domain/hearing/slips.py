"""Words of customers who have made a mistake: that they did, what was wrong, and what is right."""

import re
from typing import Final

from carquery.domain.hearing.orders import CHANGES, DROPS, PUTS
from carquery.domain.hearing.phrase import Phrase
from carquery.domain.meaning import Meaning
from carquery.domain.steps import Step
from carquery.domain.values import dataclass

SLIP: Final = re.compile(
    rf"(?<!\w)(?:{CHANGES}|о+й|упс|пардон|вернее|точнее|то есть|ошиб\w+|опечат\w+|описа(?:лся|лась)|поправ\w+|исправ\w+"
    r"|перепута\w+"
    r"|попутал\w*|напутал\w*|неправильн\w+|неверн\w+|не ?(?:так(?:ой|ая|ое)?|тот|та|то|ту|тем)\b|на самом деле"
    r"|(?:верный|правильный|правильно|верно|верная|правильная)(?=[ :–-])|имел\w* в виду"
    r"|(?:по|из)мен(?:и|я)л(?:ось|ся|ась|ись)"
    r"|не туда|не то написал\w*|обсчитал\w*|промахн\w+|оговори\w+"
    rf"|лучше {PUTS}|{PUTS} лучше"
    r"|пусть (?:лучше )?будет|(?:нет|не)(?=,? [0-9])|(?:надо|нужно|должн\w+) был[оаи]?)(?!\w)"
)
_NEXT_TO: Final = "(?<![ ,–-])[ ,–-]+"
_DENIED_FIRST: Final = re.compile(rf"(?<!\w)не (?P<wrong>.+?){_NEXT_TO}(?:а|но) (?P<right>(?!не\b).+)")
_DENIED_LAST: Final = re.compile(rf"^(?P<right>.+?){_NEXT_TO}а не (?P<wrong>.+)", re.MULTILINE)
_A_VALUE: Final = (
    r"(?:[0-9][0-9.,]*+(?: [0-9]{3})*(?![0-9])(?: ?(?:тыс|млн|км|руб|к|т|р)(?![а-я])\.?)?+|[^\W\d][^\s,]*+)"
)
_INSTEAD_FIRST: Final = re.compile(rf"(?<!\w)вместо (?P<wrong>{_A_VALUE}),? (?P<right>.+)")
_INSTEAD_LAST: Final = re.compile(r"^(?P<right>.+?),? вместо (?P<wrong>(?:[^,;.!]|[,.](?=[0-9]))+)", re.MULTILINE)
_CHANGED_INTO: Final = re.compile(rf"^(?P<wrong>.*?)(?<!\w){CHANGES}(?P<more>.*?)(?<!\w)на (?P<right>.+)", re.MULTILINE)
_DROPPED: Final = re.compile(rf"(?P<wrong>{_A_VALUE}),? {DROPS}[ ,]+(?:и )?(?P<right>.+)")
_DENIALS: Final = (_DENIED_LAST, _DENIED_FIRST, _INSTEAD_LAST, _INSTEAD_FIRST, _DROPPED)
_PUTS: Final = re.compile(
    rf"(?<!\w)(?:{PUTS}|(?:пусть|пускай)(?=(?: \w+){{1,3}} будет\b)|друг(?:ой|ая|ое|ую)(?= ?[,:–-]))",
    re.IGNORECASE,
)

_LABELS: Final = {
    Meaning.YEAR: r"год(?:а|у|ом)?|г\.? ?в\b",
    Meaning.MILEAGE: r"пробег\w*|одометр\w*",
    Meaning.PRICE: r"цен[аыуе]|стоимост\w+|цену",
    Meaning.BUDGET: r"бюджет\w*|сумм[аыу]",
    Meaning.VIN: r"вин|vin|вин-код",
    Meaning.NAME: r"имя|имени|зовут|звать|вас беспокоит",
    Meaning.PHONE: r"номер\w*|телефон\w*|тел",
    Meaning.CAR: r"машин[аыу]|марк[ауи]|модел[ьи]|авто|автомобил[ья]|тачк[ау]",
}
_FILLERS: Final = re.compile(
    r"(?<!\w)(?:извините|простите|пожалуйста|там|тут|у меня|я|это|как|лучше|же|мой|моя|мое|меня|долж\w+ быть"
    r"|пусть|пускай|будет|был|была|друг(?:ой|ая|ое|ую)|нужно|надо|на|ну|да|нет|стоп|погодите|подождите|в|мне|написал[аи]?|указал[аи]?|все-таки|не)"
    r"(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Slip:
    """What is said of a mistake. `wrong`: what it was; empty: that is not said. `right`: the rest of what was said."""

    right: str
    wrong: str = ""


def slip_in(text: str) -> Slip | None:
    """The mistake that a text speaks of, or what it says to put into an answer; `None`: it speaks of neither."""
    folded = text.lower().replace("ё", "е")
    for pattern in _DENIALS:
        if (found := pattern.search(folded)) is not None:
            before = "" if found.start("right") < found.start("wrong") else text[: found.start()]
            return Slip(f"{before} {text[slice(*found.span('right'))]}".strip(), text[slice(*found.span("wrong"))])
    if (found := _CHANGED_INTO.search(folded)) is not None:
        wrong = " ".join(text[slice(*found.span(name))] for name in ("wrong", "more"))
        return Slip(text[slice(*found.span("right"))], without_slips(wrong).strip(" ,.:;!–-"))
    return None if SLIP.search(folded) is None and _PUTS.search(folded) is None else Slip(text)


def is_put(phrase: Phrase) -> bool:
    """Whether it says to put something in, and nothing of a mistake: «запишите другой пробег: 150»."""
    return not phrase.holds(SLIP) and phrase.holds(_PUTS)


def meanings_named(folded: str) -> list[Meaning]:
    """What it calls by name, in lower case with «е» for «ё»."""
    return [meaning for meaning, label in _LABELS.items() if re.search(rf"(?<!\w)(?:{label})(?!\w)", folded)]


def bared(words: str, step: Step) -> str:
    """Without what introduces a value."""
    label = rf"(?<!\w)(?:{_LABELS[step.means]})(?!\w)" if step.means in _LABELS else r"(?!)"
    title = Phrase.of(step.title).words[0][:5]
    bare = re.sub(rf"{label}|(?<!\w){title}\w*", " ", words, flags=re.IGNORECASE)
    return " ".join(without_slips(bare).split()).strip(" ,.:;!–-")


_SLIPS_AND_FILLERS: Final = re.compile(
    f"{SLIP.pattern}|{_PUTS.pattern}|{_FILLERS.pattern.replace('е', '[её]')}", re.IGNORECASE
)


def without_slips(words: str) -> str:
    """Without what says that there was a mistake, and what fills in."""
    return _SLIPS_AND_FILLERS.sub(" ", words)


def is_of_the_slip(part: str) -> bool:
    """Whether a part of a correction says no more than what is wrong, or what is right."""
    folded = Phrase.of(part).text
    is_told = SLIP.search(folded) is not None or bool(meanings_named(folded))
    return is_told or len(Phrase.of(without_slips(folded)).words) <= 1


def without_order(typed: str) -> str:
    """«98 тыс» for «запишите 98 тыс» and «ой, 98 тыс»."""
    said = _EXCLAIMS.sub("", typed)
    return _PUTS.sub(" ", said).strip() if _PUTS.search(said.lower()) is not None else said


_EXCLAIMS: Final = re.compile(
    r"^(?:(?:ой|ну|так|ага|эм+|ммм*|хм+|короче|в общем|вобщем|значит|слушайте|пусть)[\s,.!-]+)+(?=\S)",
    re.IGNORECASE,
)


_SUMS: Final = (Meaning.PRICE, Meaning.BUDGET)
_A_SUM: Final = "|".join((*(_LABELS[meaning] for meaning in _SUMS), "прошу|хочу|отдам"))
_MORE_OR_LESS: Final = r"(?: (?:до|от|около|примерно|где-то|всего|сейчас|уже|не (?:больше|более|выше)|у нее|за нее))*"


def is_of_another(phrase: Phrase, step: Step) -> bool:
    """Whether a figure is called by another name than what is asked: «пробег 130 тыс», where that is the price."""
    of_sums = f"{_LABELS[Meaning.MILEAGE]}|{_LABELS[Meaning.YEAR]}"
    called = {Meaning.MILEAGE: _A_SUM, **dict.fromkeys(_SUMS, of_sums)}
    label = None if step.means is None else called.get(step.means)
    return label is not None and phrase.holds(re.compile(rf"(?<!\w)(?:{label}){_MORE_OR_LESS}[ :–-]*[0-9]"))
