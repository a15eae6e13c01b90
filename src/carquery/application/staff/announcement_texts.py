"""What people read in the staff chat of leads that are to be taken. Nothing personal stands in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from carquery.application.marked_text import Marked, bold, clip, joined, plain
from carquery.application.ports.alerts import Alert, LeadUntouched, NewLead
from carquery.application.staff.take_lead import TakenLead, Taking
from carquery.application.wording import CrmInWords
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.ids import Reference
from carquery.domain.take import Take

TAKE: Final = "Взять"
DEAL: Final = "Сделка"
LONGEST_NAME: Final = 64
"""UTF-16 units."""

SENTENCES: Final[Mapping[Taking, str]] = {
    Taking.TAKEN: "Заявка {reference} ваша.",
    Taking.YOURS: "Заявка {reference} уже ваша.",
    Taking.OTHERS: "Заявку {reference} уже взяли: {name}.",
    Taking.CLOSED: "Сделка по заявке {reference} уже закрыта.",
    Taking.GONE: "Сделки по заявке {reference} больше нет.",
    Taking.ERASED: "Заявка {reference} обезличена: клиент удалил свои данные.",
    Taking.NOT_DELIVERED: "Заявки {reference} ещё нет в {crm}.",
    Taking.MISSING: "Заявка {reference} не найдена.",
    Taking.UNREADABLE: "Заявка {reference} записана другой версией CarQuery: эта не может её прочитать.",
}
UNNAMED: Final = (
    "Заявка {reference} ваша, но ответственный в {crm} не сменится: вас нет в списке. Ваш номер для него: {number}."
)


@dataclass(frozen=True, slots=True)
class StaffButtons:
    """What stands under a message: `take` offers that lead, `link` leads to its deal; None: no such button."""

    take: Reference | None = None
    link: str | None = None


NO_BUTTONS: Final = StaffButtons()


def announcement(alert: NewLead | LeadUntouched) -> Marked:
    """A lead that is to be taken, or touched."""
    if isinstance(alert, NewLead):
        head = "🆕 Новая заявка " + bold(alert.reference) + (", не завершена" if alert.is_unfinished else "")
    else:
        head = "⏰ Заявка " + bold(alert.reference) + f": за {alert.minutes} мин к ней никто не прикоснулся"
    lines: list[Marked | str] = [head, *_facts(alert)]
    if isinstance(alert, LeadUntouched) and alert.taken_by:
        lines.append(_taken_by(alert.taken_by))
    return joined("\n", lines)


def taken(alert: NewLead, take: Take) -> Marked:
    """The announcement when somebody has taken it."""
    return joined("\n", ("Заявка " + bold(alert.reference), *_facts(alert), _taken_by(take.by.name)))


def buttons_of(alert: Alert, crm: CrmInWords) -> StaffButtons:
    """What stands under an alert."""
    match alert:
        case NewLead() | LeadUntouched(taken_by=""):
            return StaffButtons(alert.reference, crm.page_of(alert.deal))
        case LeadUntouched():
            return StaffButtons(None, crm.page_of(alert.deal))
        case _:
            return NO_BUTTONS


def said_to_taker(reference: Reference, taken: TakenLead, crm: CrmInWords) -> str:
    """One sentence for whoever pressed the button."""
    if taken.outcome is Taking.TAKEN and taken.take is not None and taken.take.crm_user is None:
        return UNNAMED.format(reference=reference, crm=crm.name, number=taken.take.by.id)
    name = "" if taken.take is None else clip(taken.take.by.name, LONGEST_NAME)
    return SENTENCES[taken.outcome].format(reference=reference, name=name, crm=crm.name)


def _facts(alert: NewLead | LeadUntouched) -> Iterator[Marked | str]:
    yield plain(FORMS[alert.service].title)
    if alert.car:
        yield plain(alert.car)
    origin = " · ".join(filter(None, (alert.source, alert.messenger)))
    if origin:
        yield plain(origin)


def _taken_by(name: str) -> Marked:
    return "✅ Взял(а): " + bold(clip(name, LONGEST_NAME))
