"""Messages to the admin chat."""

from collections.abc import Sequence
from typing import Final, assert_never

import structlog
from aiogram.exceptions import AiogramError, TelegramMigrateToChat
from aiogram.methods import SendMessage

from carquery.adapters.telegram.calls import Calls, MessageGone, NotReached
from carquery.adapters.telegram.html import MESSAGE_LIMIT, bold, clip, plain, units
from carquery.application.ports.alerts import (
    AiBudgetSpent,
    Alert,
    ClassifierClosed,
    ContactToErase,
    CrmAway,
    CrmClosed,
    CustomerNotUnderstood,
    LeadsNotDelivered,
    LeftOut,
)
from carquery.domain.ids import Reference

log = structlog.get_logger(__name__)

LONGEST_SENTENCE: Final = 500
"""UTF-16 units."""
MOST_NAMED: Final = 20
"""More references than that are counted, not named: nobody reads them, and a message ends somewhere."""
REMEDY: Final = "ADMIN_CHAT_ID: is the bot in that chat, and may it write there?"
MOVED: Final = "ADMIN_CHAT_ID: the group became a supergroup, and has this id now"


class TelegramAlerts:
    """Writes to the admin chat; where there is none, to the log alone."""

    def __init__(self, calls: Calls, admin_chat: int | None) -> None:
        self._calls = calls
        self._admin_chat = admin_chat

    async def tell(self, alert: Alert) -> None:
        """Tell, if the chat can be reached; never fails."""
        log.warning("alert", kind=type(alert).__name__)
        if self._admin_chat is None:
            return
        try:
            await self._say(self._admin_chat, _text(alert))
        except (NotReached, MessageGone, AiogramError) as failure:
            # What the alert is about goes on all the same, an erasure for example.
            log.warning("alert_not_told", kind=type(alert).__name__, cause=type(failure).__name__, remedy=REMEDY)

    async def _say(self, chat: int, text: str) -> None:
        try:
            await self._calls(SendMessage(chat_id=chat, text=text))
        except NotReached as failure:
            moved = failure.__cause__
            if not isinstance(moved, TelegramMigrateToChat):
                raise
            log.warning("admin_chat_moved", admin_chat=moved.migrate_to_chat_id, remedy=MOVED)
            await self._calls(SendMessage(chat_id=moved.migrate_to_chat_id, text=text))


def _text(alert: Alert) -> str:
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
        case CustomerNotUnderstood():
            return _conversation(alert)
        case ClassifierClosed(name, reason):
            return f"🤖 {plain(name)} не отвечает на свободный текст, отвечают встроенные правила.\n{_because(reason)}"
        case AiBudgetSpent(limit):
            return (
                f"🤖 Дневной бюджет OpenAI ({limit} $) израсходован: до конца дня на свободный текст отвечают "
                "встроенные правила.\nРасходы: <code>carquery report ai</code>"
            )
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
    return f"{listed} и ещё {more}" if more > 0 else listed


def _because(reason: str) -> str:
    return plain(clip(reason, MESSAGE_LIMIT // 4))
