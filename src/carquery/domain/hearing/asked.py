"""What a text asks us beside what it says: «хочу продать солярис 2016, а вы где находитесь?»."""

import re
from collections.abc import Iterator
from typing import Final

from carquery.domain.forms.form import Form
from carquery.domain.hearing.phrase import Phrase, parts_of
from carquery.domain.hearing.talk import LIKELIER_THAN_NOT, PERSON, SMALL_TALK, SOMETHING, SURE, about, asks_us, wants
from carquery.domain.meaning import Meaning
from carquery.domain.understanding import OTHER, Understand, Understanding
from carquery.domain.values import dataclass

_ASKS_FROM_HERE: Final = re.compile(
    r"(?<=\w)\s+(?=(?:а|но|кстати|(?:под)?скажите)\s"
    r"|(?:и|ещ[её])\s+(?:сколько|как|где|когда|почему|зачем|можно|кто|куда|откуда|чем|есть|вы|у вас)\s)",
    re.IGNORECASE,
)

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


def asked_in(typed: str, understand: Understand) -> tuple[Asked, ...]:
    """The questions to the dealership in a text of several clauses, as far as they are sure to be such."""
    clauses = tuple(clauses_of(typed))
    if len(clauses) == 1:
        return ()
    return tuple(asked for clause in clauses if (asked := _asked(clause, understand)) is not None)


def without(typed: str, asked: tuple[Asked, ...]) -> str:
    """The text without those questions."""
    words = {question.words for question in asked}
    return ", ".join(clause for clause in clauses_of(typed) if clause not in words)


def asks_a_price_or_wishes(understood: Understanding) -> bool:
    """Whether it asks for a price, and may as well be a wish for what that is asked for: «сколько дадите?»."""
    topic, _ = asks_us(understood)
    return topic == PRICE and understood.topics[PRICE] * wants(understood, OTHER) < SURE


def asks_for_a_sum(form: Form) -> bool:
    """Whether a price is what that form is about itself."""
    return any(form.step_for(sum_) is not None for sum_ in (Meaning.PRICE, Meaning.BUDGET))


def told_in(typed: str, understand: Understand) -> str:
    """What a text says of what is wanted, without its questions about us: «вы робот?» names no gearbox."""
    if "?" not in typed:
        return typed
    return ", ".join(clause for clause in clauses_of(typed) if not _is_about_us(clause, understand))


def _asked(clause: str, understand: Understand) -> Asked | None:
    if not Phrase.of(clause).is_question:
        return None
    understood = understand(clause)
    topic, asking = asks_us(understood)
    share, other = understood.topics.get(topic, 0.0), wants(understood, OTHER)
    if share * other >= SURE:
        return Asked(topic, clause)
    if share >= SURE and other >= _PERHAPS_ASKED and asks_a_price_or_wishes(understood):
        return Asked(topic, clause, may_be_wish=True)
    return Asked(SOMETHING, clause) if asking >= SURE else None


def _is_about_us(clause: str, understand: Understand) -> bool:
    phrase = Phrase.of(clause)
    if not (phrase.asks and phrase.is_question):
        return False
    understood = understand(clause)
    return about(understood, PERSON | SMALL_TALK) >= LIKELIER_THAN_NOT or asks_us(understood)[1] >= SURE
