"""What a message outside any form is: a word on an open offer, a wish, a question, a call for a person."""

import re
from collections.abc import Callable, Collection
from typing import Final, TypeAlias

from carquery.domain.forms.form import Service
from carquery.domain.hearing.after_sending import refuses_calls, restates, says_anew, says_how_to_call
from carquery.domain.hearing.heard import AsksUs, Courtesy, WantsPerson
from carquery.domain.hearing.leaving import declines
from carquery.domain.hearing.message import says_a_wish
from carquery.domain.hearing.phrase import Phrase
from carquery.domain.hearing.talk import (
    CANCELS,
    CORRECTS,
    COURTESIES,
    PERSON,
    UPSET,
    about,
    asks_us,
    likeliest_wish,
    topic_of,
    wants,
)
from carquery.domain.typed_commands import asks_for_call, read_leading, read_yes_or_no
from carquery.domain.understanding import OTHER, PERHAPS, SURE_ENOUGH, Understanding
from carquery.domain.values import dataclass

HARDLY_A_WISH: Final = 0.05
"""Below this probability nobody is asked about it."""
SURE_OF_ANOTHER: Final = 0.75
"""While one form is offered, a message is taken for a wish for another from here on."""
SURE_OF_TALK: Final = 0.5


@dataclass(frozen=True, slots=True)
class Accepts:
    """Yes to an offered form, perhaps with more in it."""

    service: Service


@dataclass(frozen=True, slots=True)
class Declines:
    """No to an offered form."""


@dataclass(frozen=True, slots=True)
class Wants:
    """A wish. `perhaps`: it may be this one as well."""

    service: Service
    perhaps: Service | None = None


@dataclass(frozen=True, slots=True)
class Adds:
    """It has no wish of its own: it belongs to the form that is offered."""


@dataclass(frozen=True, slots=True)
class GivesPhone:
    """Somebody wants to be called. `is_upset`: that is a complaint or an insult."""

    is_upset: bool = False


@dataclass(frozen=True, slots=True)
class AddsToLead:
    """It is about the request that was sent last: a correction, an addition, or what nobody here could go on from."""


@dataclass(frozen=True, slots=True)
class CancelsLead:
    """A request that was sent is not wanted any more."""


@dataclass(frozen=True, slots=True)
class RefusesCalls:
    """Nobody should call: a request that was sent is perhaps not wanted any more."""


@dataclass(frozen=True, slots=True)
class CorrectsLead:
    """Something in a request that was sent is wrong."""


@dataclass(frozen=True, slots=True)
class SaysNothing:
    """Nothing that anybody here could go on from."""


FreelyHeard: TypeAlias = (
    Accepts
    | AddsToLead
    | CancelsLead
    | CorrectsLead
    | Declines
    | Wants
    | Adds
    | GivesPhone
    | RefusesCalls
    | WantsPerson
    | AsksUs
    | Courtesy
    | SaysNothing
)


def hear_freely(
    typed: str,
    understood: Understanding,
    *,
    offered: tuple[Service, ...] = (),
    has_sent: bool = False,
    sent: Collection[str] = (),
    in_context: Callable[[], Understanding] | None = None,
) -> FreelyHeard:
    """What a message is.

    Args:
        offered: the forms that stand offered, the likeliest first.
        has_sent: a request was sent, and nothing else begun since. `sent`: what its fields are called.
        in_context: what the message is together with what was written just before it; asked only where it matters.
    """
    wish, likely = likeliest_wish(understood)
    is_upset = about(understood, UPSET) >= SURE_OF_TALK
    wants_person = about(understood, PERSON | UPSET) >= SURE_OF_TALK
    if offered and (not wants_person or read_yes_or_no(typed) is not None or declines(Phrase.of(typed))):
        states_more = understood.mentioned.stated != {}
        answered = _on_the_offer(
            typed, wish, likely, offered, is_calibrated=bool(understood.likely), states_more=states_more
        )
        if answered is not None:
            return answered
    is_wish = wish is not None and likely >= SURE_ENOUGH
    titles = sent if has_sent else None
    if (of_lead := _of_a_lead(typed, understood, titles, is_wish=is_wish, is_offered=bool(offered))) is not None:
        return of_lead
    if understood.mentioned.phone is not None and not is_wish and not offered:
        return GivesPhone(is_upset)
    if wants_person or asks_for_call(typed):
        return WantsPerson(is_upset)
    if wish is not None and is_wish:
        is_another = wish not in offered and likely >= SURE_OF_ANOTHER and not _is_bare(understood)
        is_another = is_another and (
            says_a_wish(Phrase.of(typed)) or _stays_so_in_context(wish, understood, in_context)
        )
        return Wants(wish) if not offered or is_another else Adds()
    topic, asking = asks_us(understood)
    if asking >= SURE_OF_TALK:
        return AsksUs(topic)
    if about(understood, COURTESIES) >= SURE_OF_TALK:
        return Courtesy()
    if offered:
        return Adds()
    heard = _hesitates(understood)
    is_told = isinstance(heard, AsksUs) and not Phrase.of(typed).is_question  # «звоните лучше после семи»
    return AddsToLead() if has_sent and (is_told or isinstance(heard, SaysNothing)) else heard


def _stays_so_in_context(
    wish: Service, understood: Understanding, in_context: Callable[[], Understanding] | None
) -> bool:
    """«Бюджет 2,3 ляма» alone sounds like a wish; after «присматриваю туксон» it is none of its own."""
    if in_context is None or not understood.likely:
        return True
    return wants(in_context(), wish) >= SURE_OF_TALK


def _on_the_offer(
    typed: str,
    wish: Service | None,
    likely: float,
    offered: tuple[Service, ...],
    *,
    is_calibrated: bool,
    states_more: bool,
) -> FreelyHeard | None:
    """Yes and no, and what they come with; of several forms, one must be named.

    Args:
        is_calibrated: `likely` is a probability. Models that know nothing of the offer are sure of anything, so their
            guess at «да, только цена 950» takes no yes back.
        states_more: a car or a sum names none of several forms: it is a guess, which is asked, not opened.
    """
    if len(offered) > 1 and (named := _in_order(typed, offered)) is not None:
        return named
    if len(offered) > 1 and (verb := _by_its_verb(typed, offered)) is not None:
        return verb
    if len(offered) > 1 and wish in offered and likely >= PERHAPS:
        return Wants(wish) if states_more else Accepts(wish)
    said = read_yes_or_no(typed)
    begins = read_leading(typed) if said is None else said
    phrase = Phrase.of(typed)
    if said is None and not states_more and (declines(phrase) or _CHANGED_MIND.search(phrase.text) is not None):
        begins = False
    is_another = wish is not None and wish not in offered
    if begins is True and len(offered) == 1:
        turns_away = is_another and is_calibrated and likely >= SURE_OF_ANOTHER
        return Wants(wish) if wish and turns_away else Accepts(offered[0])
    if begins is False and said is None and wish in offered and likely >= SURE_OF_TALK:
        return Adds()  # «нет, наоборот, я её продаю»
    if begins is False:
        return Wants(wish) if wish and is_another and likely >= PERHAPS else Declines()
    return None


_CHANGED_MIND: Final = re.compile(r"^(?:я |уже |все,? |нет,? |ой,? )*(?:передумал|раздумал|расхотел)\w*(?!\w)")


def _in_order(typed: str, offered: tuple[Service, ...]) -> FreelyHeard | None:
    """«Первое», «ни то ни другое»."""
    text = Phrase.of(typed).text.strip(" .!")
    if _NEITHER.fullmatch(text) is not None:
        return Declines()
    place = next((place for place, ordinal in enumerate(_ORDINALS) if ordinal.fullmatch(text)), None)
    return None if place is None or place >= len(offered) else Accepts(offered[place])


def _by_its_verb(typed: str, offered: tuple[Service, ...]) -> FreelyHeard | None:
    """«Не не, я продаю его», where selling and buying stand offered."""
    text = Phrase.of(typed).text
    said = [service for service in offered if service in _VERBS and _VERBS[service].search(text) is not None]
    return Accepts(said[0]) if len(said) == 1 else None


_VERBS: Final = {
    Service.SELL: re.compile(r"(?<!не )\bпрода(?:ю|ем|м|ть)(?!\w)"),
    Service.BUY: re.compile(r"(?<!не )\b(?:покупаю|покупаем|купить|куплю)(?!\w)"),
}

_NEITHER: Final = re.compile(r"(?:нет,? )?ни (?:то,? ни (?:другое|это)|одно(?:го)?|первое,? ни второе)")
_ORDINALS: Final = (re.compile(r"перв(?:ое|ый|ую|ая)|1"), re.compile(r"втор(?:ое|ой|ую|ая)|2"))

_CALLS_OFF: Final = re.compile(
    r"\b(?:заявку (?:отмен|сним|убер|удал)\w*|отмен(?:ите|яй|яйте|ить|и) (?:все|это|заявку|мою|мой|звонок)"
    r"|(?:уже|больше) не (?:надо|нужно|актуально)|неактуально"
    r"|(?:передумал|раздумал|расхотел)[аи]?(?: (?:покупать|продавать|брать))?(?=[ .!)]*$))(?!\w)"
)
_OF_A_REQUEST: Final = re.compile(
    r"\b(?:к (?:моей |этой |той )?заявк\w+|(?:мою|мо[её]й|эту|ту) заявк\w+"
    r"|забыл[аи]? (?:\w+ ){0,3}(?:добавить|сказать|указать|написать|упомянуть)|добавьте|допишите"
    r"|переда(?:й|йте|дите) (?:\w+ ){0,4}?(?:\w+, )?что|(?:при|до)пишите)(?!\w)"
)
_WAS_WRONG: Final = re.compile(
    r"\b(?:ошиб\w+|опечат\w+|перепута\w+|неверн\w+|неправильн\w+|(?:правильн|верн)\w+|не тот|не та|на самом деле)"
)


def _of_a_lead(
    typed: str, understood: Understanding, sent: Collection[str] | None, *, is_wish: bool, is_offered: bool
) -> FreelyHeard | None:
    """What it says of a request that was sent; without one in sight (`None`), only what is surely meant so."""
    if refuses_calls(typed) and not is_wish and understood.mentioned.phone is None:
        return RefusesCalls()
    if is_offered:
        return None
    if sent is not None and _restates_what_was_sent(typed, understood, sent):
        return AddsToLead()
    if sent is not None and not is_wish and understood.mentioned.phone is None and says_how_to_call(typed):
        return AddsToLead()
    if about(understood, CANCELS) >= SURE_OF_TALK:
        return CancelsLead()
    if sent is not None and "?" not in typed and _CALLS_OFF.search(Phrase.of(typed).text) is not None:
        return CancelsLead()
    if sent is not None and _is_about_what_was_sent(typed, understood):
        return AddsToLead()
    return CorrectsLead() if about(understood, CORRECTS) >= SURE_OF_TALK else None


def _restates_what_was_sent(typed: str, understood: Understanding, sent: Collection[str]) -> bool:
    """«Бюджет до 1,5 млн теперь»; a car that is named may be another one."""
    return restates(typed, sent) and (understood.mentioned.model is None or says_anew(typed))


def _is_about_what_was_sent(typed: str, understood: Understanding) -> bool:
    """«Я ошиблась в номере», «забыл добавить к заявке»; a mere question for its state is none of these."""
    text = Phrase.of(typed).text
    if "?" in text:
        return False
    names_it = understood.mentioned.stated != {} or "номер" in text or any(sign.isdigit() for sign in text)
    return (_WAS_WRONG.search(text) is not None and names_it) or _OF_A_REQUEST.search(text) is not None


def _is_bare(understood: Understanding) -> bool:
    """Whether it is an answer rather than a wish: «камри 2018»."""
    topic, _ = topic_of(understood)
    return topic == "answer" and wants(understood, OTHER) >= 1 - SURE_OF_ANOTHER


def _hesitates(understood: Understanding) -> FreelyHeard:
    rated = sorted(
        ((wants(understood, service), service) for service in Service if service is not Service.CALLBACK), reverse=True
    )
    (likely, first), (next_likely, second) = rated[:2]
    topic, asking = asks_us(understood)
    if asking >= max(PERHAPS, likely):
        return AsksUs(topic)
    if likely >= PERHAPS:
        return Wants(first, perhaps=second if next_likely >= HARDLY_A_WISH else None)
    names_a_car = understood.mentioned.model is not None and topic_of(understood)[0] in ("", "answer")
    return Wants(Service.SELL, perhaps=Service.BUY) if names_a_car else SaysNothing()
