"""What people read in the staff chat."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, assert_never

from carquery.adapters.telegram.rendering.html import MESSAGE_LIMIT, bold, clip, plain, units
from carquery.application.ports.alerts import (
    AiBudgetSpent,
    Alert,
    AlertsLeftOut,
    ClassifierClosed,
    ContactMayExist,
    ContactToErase,
    CrmAway,
    CrmClosed,
    CustomerNotUnderstood,
    DealsMiscounted,
    LeadsNotDelivered,
    LeftOut,
)
from carquery.application.staff.alert_rules import MOST_REFERENCES
from carquery.domain.ids import Reference
from carquery.domain.moscow import MOSCOW

LONGEST_SENTENCE: Final = 500
"""UTF-16 units."""
MOST_NAMED: Final = 20
"""More references than that are counted, not named: nobody reads them, and a message ends somewhere."""
LATE: Final = timedelta(minutes=5)
"""What is read so long after it happened says when that was."""


def alert_text(alert: Alert, *, since: datetime | None, now: datetime) -> str:
    """The message, in HTML. `since`: when it was told first."""
    words = _words(alert)
    if since is None or now - since < LATE:
        return words
    return f"{words}\n<i>Это было {since.astimezone(MOSCOW):%d.%m в %H:%M}, раньше чат был недоступен.</i>"


RECONCILE: Final = "carquery amocrm reconcile"


def _words(alert: Alert) -> str:  # noqa: C901 - one case for each alert
    match alert:
        case LeadsNotDelivered(references, reason, dead):
            end = "больше не будет отправляться сама" if dead else "будет отправлена ещё раз"
            ends = "больше не будут отправляться сами" if dead else "будут отправлены ещё раз"
            what = "Заявка не доставлена" if len(references) == 1 else f"Заявки не доставлены ({len(references)})"
            first = plain(references[0])
            chosen = first if len(references) == 1 else "--all-failed"
            commands = (
                f"Подробнее: <code>carquery leads show {first}</code>",
                f"Отправить снова: <code>carquery leads resubmit {chosen}</code>",
            )
            return "\n".join(
                (
                    f"⚠️ {what} в amoCRM и {end if len(references) == 1 else ends}: {_listed(references)}",
                    _because(reason),
                    *commands,
                )
            )
        case LeftOut(references, what):
            return (
                f"ℹ️ amoCRM приняла не всё, заявки доставлены без этого: {_listed(references)}\n{_because(what)}\n"
                "Что исправить: <code>carquery amocrm check</code>"
            )
        case CrmAway(references, reason):
            return f"⏳ Заявки пока не доставлены, будут отправлены ещё раз: {_listed(references)}\n{_because(reason)}"
        case CrmClosed(reason):
            return f"⛔ amoCRM не принимает запросы, заявки ждут.\n{_because(reason)}"
        case ContactToErase(contacts):
            listed = ", ".join(str(contact) for contact in contacts)
            return f"🗑 Клиент попросил удалить его данные. Удалите контакт в amoCRM: {bold(listed)}"
        case ContactMayExist(phone_ends, at):
            return (
                "🗑 Клиент попросил удалить его данные, но неизвестно, создан ли его контакт в amoCRM. "
                f"Найдите и удалите контакт, созданный {at.astimezone(MOSCOW):%d.%m.%Y в %H:%M} (МСК) или позже, "
                f"с телефоном на {bold(phone_ends)}. Если такого нет, делать ничего не нужно."
            )
        case DealsMiscounted(missing, doubled):
            found = (("Сделки нет", missing), ("Сделок больше одной", doubled))
            lines = [f"{what}: {_listed(references)}" for what, references in found if references]
            head = "🔎 Сверка с amoCRM: у доставленных заявок должно быть по одной сделке."
            return "\n".join((head, *lines, f"Подробнее: <code>{RECONCILE}</code>"))
        case CustomerNotUnderstood():
            return _conversation(alert)
        case ClassifierClosed(name, reason):
            return f"🤖 {plain(name)} не отвечает на свободный текст, отвечают встроенные правила.\n{_because(reason)}"
        case AiBudgetSpent(limit):
            return (
                f"🤖 Дневной бюджет OpenAI ({limit} $) израсходован: до конца дня на свободный текст отвечают "
                "встроенные правила.\nРасходы: <code>carquery report ai</code>"
            )
        case AlertsLeftOut(count):
            return f"➕ Ещё сообщений не сохранено, их было слишком много: {count}. Заявки: /failed"
        case _:
            assert_never(alert)


def _conversation(alert: CustomerNotUnderstood) -> str:
    """The latest sentences, as many as a message holds; a link to whom they are from."""
    who = f'<a href="tg://user?id={alert.customer}">клиенту</a>'
    name = "" if alert.username is None else f" (@{plain(alert.username)})"
    lines = [f"— {clip(sentence, LONGEST_SENTENCE)}" for sentence in alert.conversation]
    while len(lines) > 1 and sum(map(units, lines)) > MESSAGE_LIMIT - 500:
        del lines[0]
    quoted = plain("\n".join(lines))
    return f"🆘 Не удалось помочь {who}{name}, предложили обратный звонок. Он писал:\n<blockquote>{quoted}</blockquote>"


def _listed(references: Sequence[Reference]) -> str:
    listed = ", ".join(bold(reference) for reference in references[:MOST_NAMED])
    more = len(references) - MOST_NAMED
    at_least = "не меньше " if len(references) >= MOST_REFERENCES else ""
    return f"{listed} и ещё {at_least}{more}" if more > 0 else listed


def _because(reason: str) -> str:
    return plain(clip(reason, MESSAGE_LIMIT // 4))
