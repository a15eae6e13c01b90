"""What a text asks us beside what it says: «хочу продать солярис 2016, а вы где находитесь?»."""

import re
from collections.abc import Iterator
from typing import Final

from carquery.domain.forms.form import Form
from carquery.domain.hearing.heard import AsksUs
from carquery.domain.hearing.phrase import Phrase, parts_of
from carquery.domain.hearing.talk import LIKELIER_THAN_NOT, PERSON, SMALL_TALK, SOMETHING, SURE, about, asks_us, wants
from carquery.domain.meaning import Meaning
from carquery.domain.understanding import OTHER, Understand, Understanding
from carquery.domain.values import dataclass

_ASKS_FROM_HERE: Final = re.compile(
    r"(?<=\w)\s+(?=(?:а|но|кстати|(?:под)?скажите)\s"
    r"|(?:и|ещ[её])\s+(?:(?:до|во)\s+скольк\w+|сколько|как(?:ой|ая|ие|ую)?|где"
    r"|когда|почему|зачем|можно|кто|куда|откуда|чем|есть|вы|у вас)\s)",
    re.IGNORECASE,
)

MOST_ANSWERED: Final = 3
PRICE: Final = "price"
_PERHAPS_ASKED: Final = 0.1


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the dealership.

    Attributes:
        topic: what it is about; `SOMETHING`: nobody here can say it.
        words: it, as it was put.
        may_be_wish: as `asks_a_price_or_wishes`.
    """

    topic: str
    words: str
    may_be_wish: bool = False


def clauses_of(typed: str) -> Iterator[str]:
    """The parts of a text; what begins to ask in the middle of one is another: «солярис 2016 а вы где находитесь?»."""
    for part in parts_of(typed):
        begins = _ASKS_FROM_HERE.search(part)
        if begins is not None and Phrase.of(part[begins.end() :]).is_question:
            yield part[: begins.start()]
            yield part[begins.end() :]
        else:
            yield part


def asked_in(typed: str, understand: Understand, *, least: float = SURE) -> tuple[Asked, ...]:
    """The questions to the dealership in a text of several clauses, as far as they are sure to be such.

    Args:
        least: how sure.
    """
    clauses = tuple(clauses_of(typed))
    if len(clauses) == 1:
        return ()
    return tuple(asked for clause in clauses if (asked := _asked(clause, understand, least)) is not None)


def each_asked(heard: AsksUs, typed: str, understand: Understand) -> AsksUs:
    """The same, with what else the text asks: «где вы находитесь и до скольки работаете?»; at most three in all."""
    asked = asked_in(typed, understand, least=LIKELIER_THAN_NOT)
    known = {question.words for question in asked}
    is_part = any(Phrase.of(clause).is_question and clause not in known for clause in clauses_of(typed))
    named = [heard.topic if question.topic == SOMETHING else question.topic for question in asked]
    topics = tuple(dict.fromkeys((heard.topic, *named) if is_part else named))
    first, *others = topics or (heard.topic,)
    return AsksUs(first, tuple(others[: MOST_ANSWERED - 1]))


def without(typed: str, asked: tuple[Asked, ...]) -> str:
    """The text without those questions."""
    words = {question.words for question in asked}
    return ", ".join(clause for clause in clauses_of(typed) if clause not in words)


def asks_a_price_or_wishes(understood: Understanding) -> bool:
    """Whether it asks for a price, and may as well be a wish for what that is asked for: «сколько дадите?»."""
    topic, _ = asks_us(understood)
    return topic == PRICE and understood.topics[PRICE] * wants(understood, OTHER) < SURE


def asks_our_fee(phrase: Phrase) -> bool:
    """Whether it asks what the dealership takes for its work: «почём у вас выездной осмотр»."""
    return phrase.holds(_ASKS_OUR_FEE)


_POLITELY: Final = (
    r"(?:(?:а|и|ну|здравствуйте|привет|добр(?:ый|ое|ого) \w+|(?:под)?скажите|пожалуйста|будьте (?:любезны|добры)"
    r"|извините|простите|(?:хотел[аи]?|можно|хочу) (?:бы )?(?:узнать|спросить))[,.! ]+)*"
)
_ASKS_OUR_FEE: Final = re.compile(
    rf"^{_POLITELY}(?:сколько (?:\w+ ){{0,2}}(?:сто[ия]т|стоить|берете|возьмете)"
    r"|по ?чем|как(?:ая|ова) (?:\w+ )?(?:цена|стоимость))"
    r" (?:\w+ ){0,4}(?:осмотр|проверк|диагностик|(?:авто)?подбор|консультаци|услуг|юрист|сопровожден|выезд)\w*"
)
"""At the beginning: what stands behind a story belongs to the story."""


def asks_for_a_sum(form: Form) -> bool:
    """Whether a price is what that form is about itself."""
    return any(form.step_for(sum_) is not None for sum_ in (Meaning.PRICE, Meaning.BUDGET))


def told_in(typed: str, understand: Understand) -> str:
    """What a text says of what is wanted, without its questions about us: «вы робот?» names no gearbox."""
    talks = _TALKS.search(Phrase.of(typed).text) is not None
    if "?" not in typed and not talks:
        return typed
    return ", ".join(clause for clause in clauses_of(typed) if not _is_about_us(clause, understand, talks=talks))


_TALKING: Final = r"(?:обща|разговарива|говор|переписыва|беседу|отвеча|пиш)(?:ю|ем|е[тш]|и[тшм])\w*"
_TALKS: Final = re.compile(
    rf"\bс \w+ (?:я )?{_TALKING}|\b{_TALKING} (?:я )?с \w+|\b(?:это|тут|мне|со мной|вы|ты)(?: \w+)? {_TALKING}"
    r"|^(?:а |так |опять )*(?:вы|ты)(?: что)?,? \w+(?:,? что ли)?\?$"
)
"""Of whoever is at the other end: «я с автоматом общаюсь?», «это робот пишет?», «вы автомат?»."""


def _asked(clause: str, understand: Understand, least: float) -> Asked | None:
    if not Phrase.of(clause).is_question:
        return None
    understood = understand(clause)
    topic, asking = asks_us(understood)
    share, other = understood.topics.get(topic, 0.0), wants(understood, OTHER)
    if share * other >= least:
        return Asked(topic, clause)
    if share >= SURE and other >= _PERHAPS_ASKED and asks_a_price_or_wishes(understood):
        return Asked(topic, clause, may_be_wish=True)
    return Asked(SOMETHING, clause) if asking >= SURE else None


def _is_about_us(clause: str, understand: Understand, *, talks: bool) -> bool:
    phrase = Phrase.of(clause)
    if talks and (phrase.asks or phrase.holds(_TALKS)):
        return True
    if not (phrase.asks and phrase.is_question):
        return False
    understood = understand(clause)
    return about(understood, PERSON | SMALL_TALK) >= LIKELIER_THAN_NOT or asks_us(understood)[1] >= SURE
