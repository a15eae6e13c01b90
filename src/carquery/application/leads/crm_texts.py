"""What managers read in the CRM. Every CRM adapter writes the same."""

from carquery.application.wording import CrmInWords
from carquery.domain.lead import Lead
from carquery.domain.meaning import Meaning
from carquery.domain.moscow import MOSCOW
from carquery.domain.take import Take

UNFINISHED = "не завершена"
"""A tag of the deal whose customer left the form."""

LONGEST_CAR = 120
"""Characters: the lists of a CRM show no more."""


def title(lead: Lead) -> str:
    """The deal's name: what is wanted, which car, and the reference, by which it is found again."""
    car = lead.said(Meaning.CAR)
    about = "" if car is None else f": {_clipped(car.shown)}"
    return f"{lead.title}{about} · {lead.reference}"


def note(lead: Lead, crm: CrmInWords) -> str:
    """Everything the customer said, and what the CRM would not take elsewhere; the reference is in its first line.

    Nothing that a customer writes begins a line, so that nobody can pass off their words as ours.
    """
    received = lead.created_at.astimezone(MOSCOW).strftime("%d.%m.%Y %H:%M")
    lines = [f"Заявка {lead.reference}: {lead.title}", f"Получена {received} (МСК)"]
    if lead.is_unfinished:
        lines.append("Не завершена: клиент начал заявку и не отправил её")
    lines += [f"{step}: {_indented(answer)}" for step, answer in lead.lines]
    attached = (*(("фотографии",) if lead.photos else ()), *(("файлы",) if lead.files else ()))
    if attached:
        lines.append(f"{' и '.join(attached).capitalize()} приложены к сделке")
    if lead.handle is not None:
        lines.append(lead.handle.shown)
    if lead.source is not None:
        lines.append(f"Источник: {lead.source}")
    if lead.conversation:
        lines += ["Клиент писал:", *(f"– {_indented(said)}" for said in lead.conversation)]
    if lead.left_out:
        left_out = (crm.reasons.russian(reason) for reason in lead.left_out)
        lines += [f"Не удалось внести в {crm.name}:", *(f"– {_indented(what)}" for what in left_out)]
    return "\n".join(lines)


def taken_note(take: Take) -> str:
    """Who has taken the lead, where nobody told who that is in the CRM."""
    return f"Заявку {take.reference} взяли в чате сотрудников: {take.by.name} (номер {take.by.id})"


def task(lead: Lead) -> str:
    """What the manager is to do; the reference tells it from tasks that people make."""
    whom = [value.shown for value in (lead.name, lead.given_phone) if value is not None]
    return f"Позвонить клиенту: {', '.join(whom)} ({lead.reference})"


def photo_mark(lead: Lead, number: int) -> str:
    """How a photo's name in the CRM begins, counted from 1: by it, an attached photo is known again."""
    return f"{lead.reference}-{number}."


def file_mark(lead: Lead, number: int) -> str:
    """How the name of another file begins; what it was called by its sender follows."""
    return f"{lead.reference}-file{number}-"


def _indented(text: str) -> str:
    return "\n    ".join(text.splitlines())


def _clipped(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= LONGEST_CAR else f"{one_line[: LONGEST_CAR - 1]}…"
