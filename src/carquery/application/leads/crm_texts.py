"""What managers read in the CRM. Every CRM adapter writes the same.

Note and task of a lead may stand beside those of others, and name others' references: `is_note_of` and `is_task_of`
tell whose they are.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from carquery.application.leads.reasons import LeadReason
from carquery.application.ports.chat_links import ChatLinks, no_chat_links
from carquery.application.wording import CrmInWords
from carquery.domain.amendment import Amendment, lines_changed
from carquery.domain.answers import Photos
from carquery.domain.car import ModelYear
from carquery.domain.forms.form import Service
from carquery.domain.ids import Reference
from carquery.domain.lead import Lead
from carquery.domain.meaning import Meaning
from carquery.domain.moscow import MOSCOW
from carquery.domain.take import Take

UNFINISHED: Final = "не завершена"
"""A tag of the deal whose customer left the form."""

LONGEST_CAR: Final = 120
"""Characters: the lists of a CRM show no more."""
LONGEST_CAR_IN_TASK: Final = 60
ATTACHED: Final = " (приложены к сделке)"

_OTHER_NAME: Final = LeadReason.OTHER_NAME()
_NO_PARENTHESES: Final = str.maketrans("()", "[]")


def title(lead: Lead) -> str:
    """The deal's name: what is wanted, which car, of which year, and the reference, by which it is found again."""
    car = lead.said(Meaning.CAR)
    about = "" if car is None else f": {_clipped(car.shown)}{_year(lead, car.shown)}"
    return f"{lead.title}{about} · {lead.reference}"


def note(lead: Lead, crm: CrmInWords, chats: ChatLinks = no_chat_links) -> str:
    """Everything the customer said, and what the CRM would not take elsewhere; the reference is in its first line.

    Nothing that a customer writes begins a line, so that nobody can pass off their words as ours.
    """
    chat = None if lead.customer is None else chats(lead.customer, lead.handle)
    return "\n".join((*_head(lead), *_answers(lead), *_about(lead, chat), *_conversation(lead), *_left_out(lead, crm)))


def tags(lead: Lead) -> tuple[str, ...]:
    """What the deal is found by: what is wanted, in which messenger, as the route says, and that it is unfinished."""
    messenger = () if lead.handle is None else (lead.handle.messenger,)
    unfinished = (UNFINISHED,) if lead.is_unfinished else ()
    return tuple(dict.fromkeys((lead.title, *messenger, *lead.route.tags, *unfinished)))


def taken_note(take: Take) -> str:
    """Who has taken the lead, where nobody told who that is in the CRM."""
    return f"Заявку {take.reference} взяли в чате сотрудников: {take.by.name} (номер {take.by.id})"


def task(lead: Lead) -> str:
    """What the manager is to do; the reference tells it from tasks that people make.

    It stands in parentheses, and nothing else does.
    """
    whom = ", ".join(value.shown for value in (lead.name, lead.given_phone) if value is not None)
    car = lead.said(Meaning.CAR)
    what = lead.title if car is None else f"{lead.title}, {_clipped(car.shown, LONGEST_CAR_IN_TASK)}"
    repeated = repeat(lead)
    said = f"Позвонить клиенту: {whom} – {what.translate(_NO_PARENTHESES)} {_task_mark(lead.reference)}"
    return said if repeated is None else f"{said}, {repeated}"


def repeat(lead: Lead) -> str | None:
    """Of somebody who asked before: what was then; None: nothing is known of it."""
    if lead.earlier is None:
        return None
    before = lead.earlier.reference
    return "повторное обращение" if before is None else f"повторное обращение, ранее {before}"


def trade_in(others: Sequence[Reference]) -> str:
    """The line of a note that names the other half of a trade-in, perhaps."""
    return f"Возможен трейд-ин: {', '.join(others)}"


def is_note_of(reference: Reference, text: str) -> bool:
    """Whether it is that lead's note, to which people may have added something."""
    return any(line.lstrip().startswith(_note_mark(reference)) for line in text.splitlines())


def is_task_of(reference: Reference, text: str) -> bool:
    """Whether it is that lead's task: other references stand in no brackets."""
    return _task_mark(reference) in text


def _note_mark(reference: Reference) -> str:
    return f"Заявка {reference}:"


def _task_mark(reference: Reference) -> str:
    return f"({reference})"


def _head(lead: Lead) -> Iterator[str]:
    yield f"{_note_mark(lead.reference)} {lead.title}"
    yield f"Получена {lead.created_at.astimezone(MOSCOW):%d.%m.%Y %H:%M} (МСК)"
    if lead.is_unfinished:
        yield "Не завершена: клиент начал заявку и не отправил её"
    if (repeated := repeat(lead)) is not None:
        yield f"{repeated[:1].upper()}{repeated[1:]}"
    if lead.trade_in:
        yield trade_in(lead.trade_in)


def _answers(lead: Lead) -> Iterator[str]:
    """What is attached is said where it is counted."""
    photos = {answer.shown for answer in lead.answers.values() if isinstance(answer, Photos)}
    for title, answer in lead.lines:
        is_attached = answer in photos or (title, answer) in lead.attachments.lines
        yield f"{title}: {_indented(answer)}{ATTACHED if is_attached else ''}"
    if lead.is_price_a_range:
        yield "Клиент назвал диапазон, а не цену: в сумму сделки он не внесён"
    if _OTHER_NAME in lead.left_out:
        yield "Контакт с этим телефоном записан на другое имя"


def _about(lead: Lead, chat: str | None) -> Iterator[str]:
    known = (None if lead.handle is None else lead.handle.shown, chat)
    if said := [words for words in known if words]:
        yield " – ".join(said)
    if lead.source is not None:
        yield f"Источник: {lead.source}"


def _conversation(lead: Lead) -> Iterator[str]:
    if lead.conversation:
        yield "Клиент писал:"
        yield from (f"– {_indented(said)}" for said in lead.conversation)


def _left_out(lead: Lead, crm: CrmInWords) -> Iterator[str]:
    """Each once: contact, deal and task may lack the same."""
    reasons = (reason for reason in lead.left_out if reason != _OTHER_NAME)
    if left_out := tuple(dict.fromkeys(crm.reasons.russian(reason) for reason in reasons)):
        yield f"Не удалось внести в {crm.name}:"
        yield from (f"– {_indented(what)}" for what in left_out)


def amendment_note(lead: Lead, amendment: Amendment, crm: CrmInWords) -> str:
    """What the customer changed, old and new, and what of it the CRM would not take; the mark is in its last line."""
    asked = amendment.asked_at.astimezone(MOSCOW).strftime("%d.%m.%Y %H:%M")
    did = "отменил" if amendment.is_cancellation else "отправил" if amendment.is_completion else "исправил"
    lines = [f"Клиент {did} заявку {lead.reference} {asked} (МСК)"]
    lines += [_was_and_is(*line) for line in lines_changed(lead, amendment)]
    if amendment.new_photos or amendment.added.files:
        lines.append(f"Приложил к сделке: {len(amendment.new_photos) + len(amendment.added.files)}")
    if amendment.said:
        lines += ["Клиент писал:", *(f"– {_indented(said)}" for said in amendment.said)]
    if amendment.left_out:
        left_out = (crm.reasons.russian(reason) for reason in amendment.left_out)
        lines += [f"Не удалось внести в {crm.name}:", *(f"– {_indented(what)}" for what in left_out)]
    return "\n".join((*lines, f"Номер изменения: {amendment.mark(lead.reference)}"))


def cancellation_task(lead: Lead, amendment: Amendment) -> str:
    """What the manager is to do; the mark tells it from other tasks. A deal that it has joined is another request's."""
    to_do = "уточнить причину, закрыть сделку" if lead.joined_to is None else "уточнить, нужна ли ещё прежняя"
    what = "заявку" if lead.joined_to is None else "повторную заявку"
    return f"Клиент отменил {what}: {to_do} ({amendment.mark(lead.reference)})"


def _was_and_is(title: str, was: str, now: str) -> str:
    if not was:
        return f"{title}: {_indented(now)}"
    return f"{title}: {_indented(now) if now else 'ответ убран'} (было: {_indented(was)})"


def photo_mark(lead: Lead, number: int) -> str:
    """How a photo's name in the CRM begins, counted from 1: by it, an attached photo is known again."""
    return f"{lead.reference}-{number}."


def file_mark(lead: Lead, number: int) -> str:
    """How the name of another file begins; what it was called by its sender follows."""
    return f"{lead.reference}-file{number}-"


def _indented(text: str) -> str:
    return "\n    ".join(text.splitlines())


def _year(lead: Lead, car: str) -> str:
    """Of a car that the customer has, or from which on it may be; not what the car's own words say."""
    year = lead.said(Meaning.YEAR)
    if not isinstance(year, ModelYear) or year.shown in car:
        return ""
    return f", {'от ' if lead.service is Service.BUY else ''}{year.shown}"


def _clipped(text: str, longest: int = LONGEST_CAR) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= longest else f"{one_line[: longest - 1]}…"
