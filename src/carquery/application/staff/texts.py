"""What people read in the staff chat: alerts, and answers to their commands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, assert_never

from carquery.application.marked_text import (
    LONGEST_MESSAGE,
    Marked,
    bold,
    clip,
    code,
    italic,
    joined,
    naming,
    plain,
    quote,
    units,
)
from carquery.application.ports.alerts import (
    AiBudgetSpent,
    Alert,
    AlertsLeftOut,
    AmendmentsStranded,
    ClassifierClosed,
    ContactMayExist,
    ContactToErase,
    CrmAway,
    CrmClosed,
    CustomerNotUnderstood,
    DealsMiscounted,
    Digest,
    LeadsNotDelivered,
    LeadUntouched,
    LeftOut,
    NewLead,
    NotHandedOver,
    UpdatesStopped,
)
from carquery.application.ports.leads_maintenance import LeadFigures
from carquery.application.reports.words import wait_name
from carquery.application.staff.admin_desk import Retried
from carquery.application.staff.alert_rules import MOST_REFERENCES
from carquery.application.staff.announcement_texts import announcement
from carquery.application.staff.announcing import car_of
from carquery.application.staff.digest_texts import digest
from carquery.application.wording import CrmInWords
from carquery.domain.contact import Handle
from carquery.domain.effects import NOTHING_TO_MAKE, Effect
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.ids import Reference
from carquery.domain.lead import Lead, LeadStatus
from carquery.domain.moscow import MOSCOW
from carquery.domain.reason import Reason

LONGEST_SENTENCE: Final = 500
LONGEST_CAUSE: Final = LONGEST_MESSAGE // 4
LONGEST_FAILURE: Final = 200
"""UTF-16 units."""
MOST_NAMED: Final = 20
"""More references than that are counted, not named: nobody reads them, and a message ends somewhere."""
_BACK: Final = {
    False: "📵 Сообщения из {messenger} не доходят до бота, причина записана в журнале",
    True: "📶 {messenger} какое-то время не передавал боту сообщения, теперь передаёт снова. Что писали клиенты, могло "
    "не дойти. Доступен ли адрес бота из интернета?",
}
"""Of `UpdatesStopped`, by `is_back`."""
LATE: Final = timedelta(minutes=5)
"""What is read so long after it happened says when that was."""


class StaffCommand(StrEnum):
    """What the staff chat can ask, after the slash."""

    LEADS = "leads"
    FIND = "find"
    FAILED = "failed"
    RETRY = "retry"
    STATS = "stats"
    HELP = "help"


STAFF_COMMANDS: Final[Mapping[StaffCommand, str]] = {
    StaffCommand.LEADS: "Последние заявки",
    StaffCommand.FIND: "Заявки по последним цифрам телефона: /find 4567",
    StaffCommand.FAILED: "Недоставленные заявки",
    StaffCommand.RETRY: "Отправить снова: /retry CQ-7K3M9X",
    StaffCommand.STATS: "Сколько заявок",
    StaffCommand.HELP: "Что бот умеет в этом чате",
}
"""As the messenger lists them."""

STATUSES: Final = {
    LeadStatus.PENDING: "ждёт отправки",
    LeadStatus.DELIVERING: "отправляется",
    LeadStatus.DELIVERED: "в {crm}",
    LeadStatus.FAILED: "не доставлена, будет отправлена ещё раз",
    LeadStatus.DEAD: "не доставлена, ждёт человека",
}
RETRIED: Final = {
    Retried.PUT_BACK: "отправляется снова",
    Retried.UNDER_WAY: "уже отправляется",
    Retried.DELIVERED: "уже в {crm}",
    Retried.ERASED: "обезличена: данные клиента удалены, отправлять нечего",
    Retried.MISSING: "не найдена: проверьте номер",
    Retried.UNREADABLE: "записана другой версией CarQuery: эта не может её прочитать",
}
NO_LEADS: Final = plain("Заявок пока нет.")
NONE_FAILED: Final = plain("Недоставленных заявок нет.")
NONE_FOUND: Final = plain("Заявок с таким телефоном нет.")
FIND_WHICH: Final = plain("По каким последним цифрам телефона искать? Не меньше четырёх, например: /find 4567")
HELP: Final = joined(
    "\n",
    (
        bold("О каждой новой заявке я пишу сюда, без имени и телефона: они в CRM."),
        "«Взять»: заявка ваша, ответственный в CRM сменится. Кто нажал первым, тот и взял.",
        "",
        *(f"/{command} – {does}" for command, does in STAFF_COMMANDS.items()),
    ),
)
RETRY_WHICH: Final = plain("Какую заявку отправить снова? Например: /retry CQ-7K3M9X")
AWAY: Final = plain("База данных недоступна, попробуйте ещё раз.")


@dataclass(frozen=True, slots=True)
class StaffTexts:
    """Says it with the words that this CRM has."""

    crm: CrmInWords

    def alert(self, alert: Alert, *, since: datetime | None, now: datetime) -> Marked:
        """The message. `since`: when it was told first."""
        words = self._words(alert)
        if since is None or now - since < LATE:
            return words
        return words + "\n" + italic(f"Это было {since.astimezone(MOSCOW):%d.%m в %H:%M}, раньше чат был недоступен.")

    def leads(self, leads: Sequence[Lead], command: StaffCommand, nothing: Marked) -> Marked:
        """Leads in a few lines each, without name and phone: the chat's members read those in the CRM."""
        return joined("\n\n", (bold(STAFF_COMMANDS[command]), *map(self._lead, leads))) if leads else nothing

    def retried(self, reference: Reference, retried: Retried) -> Marked:
        """What became of the wish to send a lead again."""
        return "Заявка " + bold(reference) + f" {RETRIED[retried].format(crm=self.crm.name)}."

    def figures(self, figures: LeadFigures, *, now: datetime) -> Marked:
        """How many leads there are, by form and by status, and how long one waits."""
        if not figures.counts:
            return NO_LEADS
        lines: list[Marked | str] = [bold("Заявки")]
        for service, form in FORMS.items():
            of_form = sum(count for (one, _), count in figures.counts.items() if one is service)
            if of_form:
                lines.append(f"{form.title}: {of_form}")
        lines.append("")
        for status, words in STATUSES.items():
            of_status = sum(count for (_, one), count in figures.counts.items() if one is status)
            if of_status:
                lines.append(f"{words.format(crm=self.crm.name)}: {of_status}")
        if figures.oldest_waiting is not None:
            lines.append(f"дольше всех ждёт: {wait_name(now - figures.oldest_waiting)}")
        return joined("\n", lines)

    def _lead(self, lead: Lead) -> Marked:
        received = f"{lead.created_at.astimezone(MOSCOW):%d.%m %H:%M}"
        status = "обезличена" if lead.erased_at is not None else STATUSES[lead.status].format(crm=self.crm.name)
        joined_to = f"\nповторное обращение, в сделке {lead.joined_to.shown}" if lead.joined_to else ""
        failure = f"\n{clip(self.crm.reasons.russian(lead.failure), LONGEST_FAILURE)}" if lead.failure else ""
        car, page = car_of(lead), self.crm.page_of(lead.made.get(Effect.LEAD, NOTHING_TO_MAKE))
        about = " · ".join(filter(None, (lead.title, car, received)))
        return bold(lead.reference) + f" · {about}\n{status}{joined_to}{failure}" + (f"\n{page}" if page else "")

    def _words(self, alert: Alert) -> Marked:  # noqa: C901 - one case for each alert
        match alert:
            case LeadsNotDelivered():
                return self._not_delivered(alert)
            case LeftOut(references, what):
                head = f"ℹ️ В {self.crm.name} вошло не всё, заявки доставлены без этого: " + _listed(references)
                return joined("\n", (head, self._cause(what), "Что исправить: " + code(self.crm.check)))
            case CrmAway(references, reason):
                head = "⏳ Заявки пока не доставлены, будут отправлены ещё раз: " + _listed(references)
                return joined("\n", (head, self._cause(reason)))
            case CrmClosed(reason):
                return plain(f"⛔ {self.crm.name} не принимает запросы, заявки ждут.\n{self._cause(reason)}")
            case ContactToErase(contacts):
                listed = ", ".join(str(contact) for contact in contacts)
                return f"🗑 Клиент попросил удалить его данные. Удалите контакт в {self.crm.name}: " + bold(listed)
            case ContactMayExist(phone_ends, at):
                return (
                    f"🗑 Клиент попросил удалить его данные, но неизвестно, создан ли его контакт в {self.crm.name}. "
                    f"Найдите и удалите контакт, созданный {at.astimezone(MOSCOW):%d.%m.%Y в %H:%M} (МСК) или позже, "
                    "с телефоном на " + bold(phone_ends) + ". Если такого нет, делать ничего не нужно."
                )
            case AmendmentsStranded():
                return self._stranded(alert)
            case DealsMiscounted(missing, doubled):
                found = (("Сделки нет: ", missing), ("Сделок больше одной: ", doubled))
                lines = [what + _listed(references) for what, references in found if references]
                head = plain(f"🔎 Сверка с {self.crm.name}: у доставленных заявок должно быть по одной сделке.")
                return joined("\n", (head, *lines, "Подробнее: " + code(self.crm.recount)))
            case CustomerNotUnderstood():
                return _conversation(alert)
            case ClassifierClosed(name, reason):
                closed = f"🤖 {name} не отвечает на свободный текст, отвечает встроенная модель."
                return plain(f"{closed}\n{clip(reason, LONGEST_CAUSE)}")
            case AiBudgetSpent(limit):
                return (
                    f"🤖 Дневной бюджет OpenAI ({limit} $) израсходован: до конца дня на свободный текст отвечает "
                    "встроенная модель.\nРасходы: " + code("carquery report ai")
                )
            case NewLead() | LeadUntouched():
                return announcement(alert)
            case NotHandedOver(reference, reason):
                head = "⚠️ Ответственный по заявке " + bold(reference) + f" в {self.crm.name} не сменился"
                return joined("\n", (head, self._cause(reason), "Что исправить: " + code(self.crm.check)))
            case UpdatesStopped(messenger, is_back):
                return plain(_BACK[is_back].format(messenger=messenger))
            case Digest():
                return digest(alert, crm=self.crm.name)
            case AlertsLeftOut(count):
                return plain(f"➕ Ещё сообщений не сохранено, их было слишком много: {count}. Заявки: /failed")
            case _:
                assert_never(alert)

    def _not_delivered(self, alert: LeadsNotDelivered) -> Marked:
        references = alert.references
        if len(references) == 1:
            end = "больше не будет отправляться сама" if alert.dead else "будет отправлена ещё раз"
            what, chosen = f"⚠️ Заявка не доставлена в {self.crm.name} и {end}: ", str(references[0])
            here = code(f"/{StaffCommand.RETRY} {chosen}") + " или "
        else:
            ends = "больше не будут отправляться сами" if alert.dead else "будут отправлены ещё раз"
            what, chosen = f"⚠️ Заявки не доставлены ({len(references)}) в {self.crm.name} и {ends}: ", "--all-failed"
            here = plain("")
        return joined(
            "\n",
            (
                what + _listed(references),
                self._cause(alert.reason),
                "Подробнее: " + code(f"carquery leads show {references[0]}"),
                "Отправить снова: " + here + code(f"carquery leads resubmit {chosen}"),
            ),
        )

    def _stranded(self, alert: AmendmentsStranded) -> Marked:
        what = "Изменения клиента не переданы" if alert.dead else "Клиент изменил или отменил заявку"
        first = alert.references[0]
        lines: list[Marked | str] = [f"✏️ {what}: " + _listed(alert.references), self._cause(alert.reason)]
        lines.append("Что изменено: " + code(f"carquery leads show {first}"))
        if alert.dead:
            lines.append("Отправить снова: " + code(f"carquery leads resubmit {first}"))
        return joined("\n", lines)

    def _cause(self, reason: Reason) -> str:
        return clip(self.crm.reasons.russian(reason), LONGEST_CAUSE)


def _conversation(alert: CustomerNotUnderstood) -> Marked:
    """The latest sentences, as many as a message holds; a link to whom they are from."""
    name = "" if alert.handle is None else f" ({_found_by(alert.handle)})"
    lines = [f"— {clip(sentence, LONGEST_SENTENCE)}" for sentence in alert.conversation]
    while len(lines) > 1 and sum(map(units, lines)) > LONGEST_MESSAGE - 500:
        del lines[0]
    if alert.reference is not None:
        head = plain(f"✏️ К заявке {alert.reference}: ") + naming(alert.customer, "клиент")
        return head + f"{name} пишет\n" + quote("\n".join(lines))
    if alert.is_upset:
        head = "😠 Недоволен " + naming(alert.customer, "клиент")
    else:
        head = "🆘 Не удалось помочь " + naming(alert.customer, "клиенту")
    return head + f"{name}, предложили обратный звонок. Он писал:\n" + quote("\n".join(lines))


def _found_by(handle: Handle) -> str:
    """A name that everybody recognises as one is enough."""
    return handle.name if handle.name.startswith("@") else handle.shown


def _listed(references: Sequence[Reference]) -> Marked:
    listed = joined(", ", map(bold, references[:MOST_NAMED]))
    more = len(references) - MOST_NAMED
    at_least = "не меньше " if len(references) >= MOST_REFERENCES else ""
    return listed + f" и ещё {at_least}{more}" if more > 0 else listed
