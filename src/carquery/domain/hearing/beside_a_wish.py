"""A wish and a question in one free message: the form is offered, and the question answered."""

from collections.abc import Callable
from typing import Final, TypeAlias

from carquery.domain.forms.catalogue import FORMS
from carquery.domain.forms.form import Service
from carquery.domain.hearing.asked import PRICE, Asked, asked_in, asks_for_a_sum, asks_our_fee, each_asked, without
from carquery.domain.hearing.freely import Accepts, Adds, FreelyHeard, SaysNothing, Wants
from carquery.domain.hearing.heard import AsksUs, Courtesy
from carquery.domain.hearing.phrase import Phrase
from carquery.domain.hearing.talk import wants
from carquery.domain.understanding import Understand, Understanding

Hear: TypeAlias = Callable[[str, Understanding], FreelyHeard]

SURE_OF_THE_REST: Final = 0.9
"""A message that asks something is a wish as well where the rest of it, alone, is one with this probability. A car
alone («логан») is none: it may stand there to say what the question is about."""


def hear_beside(
    typed: str, understood: Understanding, *, offered: Service | None, hear: Hear, understand: Understand
) -> tuple[FreelyHeard, tuple[Asked, ...]]:
    """What a message is, and what it asks beside a wish; of one that adds nothing to an offer, what it asks is what it
    is.

    Args:
        understood: what is made of the whole message, by whomever.
        offered: the form that stands offered.
        hear: `hear_freely`, of the message or a part of it.
    """
    heard, asked = hear(typed, understood), asked_in(typed, understand)
    if not asked:
        is_priced = isinstance(heard, Wants) and asks_our_fee(Phrase.of(typed))
        return heard, (Asked(PRICE, typed),) if is_priced else ()
    if isinstance(heard, Courtesy):
        return each_asked(AsksUs(asked[0].topic), typed, understand), ()
    if isinstance(heard, AsksUs | SaysNothing | Adds):
        heard = _of_the_rest(without(typed, asked), hear, understand) or heard
    if isinstance(heard, AsksUs):
        return each_asked(heard, typed, understand), ()
    service = offered if isinstance(heard, Adds) else getattr(heard, "service", None)
    if service is None or not isinstance(heard, Accepts | Adds | Wants):
        return heard, ()
    is_priced = asks_for_a_sum(FORMS[service])
    return heard, tuple(question for question in asked if not (is_priced and question.may_be_wish))


def _of_the_rest(rest: str, hear: Hear, understand: Understand) -> FreelyHeard | None:
    """What is left of a message without its questions, if that leads on."""
    if not rest:
        return None
    understood = understand(rest)
    heard = hear(rest, understood)
    match heard:
        case Wants(service):
            return heard if wants(understood, service) >= SURE_OF_THE_REST else None
        case Adds():
            return heard if understood.mentioned.stated else None
        case Accepts():
            return heard
        case _:
            return None
