"""The commands of the admin chat: `/leads`, `/failed`, `/retry CQ-…`, `/stats`. Elsewhere they are no commands."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import structlog
from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.methods import SendMessage
from aiogram.types import BotCommand, Message

from carquery.adapters.telegram.api.calls import Calls, MessageGone, NotReached
from carquery.adapters.telegram.rendering.html import bold, clip, plain
from carquery.adapters.telegram.staff.admin_chat import AdminChat
from carquery.application.ports.environment import Clock
from carquery.application.ports.lead_counts import LeadFigures
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.staff.admin_desk import AdminDesk, Retried
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.lead import Lead, LeadStatus
from carquery.domain.moscow import MOSCOW
from carquery.domain.reference import read_reference

log = structlog.get_logger(__name__)

LONGEST_REASON: Final = 200
"""UTF-16 units."""

ADMIN_COMMANDS: Final = (
    BotCommand(command="leads", description="Последние заявки"),
    BotCommand(command="failed", description="Недоставленные заявки"),
    BotCommand(command="retry", description="Отправить снова: /retry CQ-7K3M9X"),
    BotCommand(command="stats", description="Сколько заявок"),
)

STATUSES: Final = {
    LeadStatus.PENDING: "ждёт отправки",
    LeadStatus.DELIVERING: "отправляется",
    LeadStatus.DELIVERED: "в amoCRM",
    LeadStatus.FAILED: "не доставлена, будет отправлена ещё раз",
    LeadStatus.DEAD: "не доставлена, ждёт человека",
}
RETRIED: Final = {
    Retried.PUT_BACK: "отправляется снова",
    Retried.UNDER_WAY: "уже отправляется",
    Retried.DELIVERED: "уже в amoCRM",
    Retried.ERASED: "обезличена: данные клиента удалены, отправлять нечего",
    Retried.MISSING: "не найдена: проверьте номер",
    Retried.UNREADABLE: "записана другой версией CarQuery: эта не может её прочитать",
}
NO_LEADS: Final = "Заявок пока нет."
NONE_FAILED: Final = "Недоставленных заявок нет."
RETRY_WHICH: Final = "Какую заявку отправить снова? Например: /retry CQ-7K3M9X"
AWAY: Final = "База данных недоступна, попробуйте ещё раз."


@dataclass(frozen=True, slots=True)
class AdminCommands:
    """One method for each command."""

    desk: AdminDesk
    calls: Calls
    clock: Clock

    async def on_command(self, message: Message, command: CommandObject) -> None:
        """A command in the admin chat."""
        log.info("admin_command", kind=command.command)
        try:
            text = await self._answer(command)
        except StoreUnavailable as away:
            log.debug("store_unavailable", cause=str(away))
            text = AWAY
        try:
            await self.calls(SendMessage(chat_id=message.chat.id, text=text))
        except (NotReached, MessageGone):
            return  # already logged; whoever asked asks again

    async def _answer(self, command: CommandObject) -> str:
        match command.command.lower():
            case "leads":
                return _listed(await self.desk.latest(), "Последние заявки", NO_LEADS)
            case "failed":
                return _listed(await self.desk.undelivered(), "Недоставленные заявки", NONE_FAILED)
            case "stats":
                return self._figures(await self.desk.figures())
            case _:
                return await self._retry(command.args or "")

    async def _retry(self, typed: str) -> str:
        reference = read_reference(typed)
        if reference is None:
            return RETRY_WHICH
        return f"Заявка {bold(reference)} {RETRIED[await self.desk.retry(reference)]}."

    def _figures(self, figures: LeadFigures) -> str:
        if not figures.counts:
            return NO_LEADS
        lines = ["<b>Заявки</b>"]
        for service, form in FORMS.items():
            of_form = sum(count for (one, _), count in figures.counts.items() if one is service)
            if of_form:
                lines.append(f"{form.title}: {of_form}")
        lines.append("")
        for status, words in STATUSES.items():
            of_status = sum(count for (_, one), count in figures.counts.items() if one is status)
            if of_status:
                lines.append(f"{words}: {of_status}")
        if figures.oldest_waiting is not None:
            minutes = int((self.clock.now() - figures.oldest_waiting).total_seconds() // 60)
            lines.append(f"дольше всех ждёт: {minutes} мин")
        return "\n".join(lines)


def _listed(leads: Sequence[Lead], title: str, nothing: str) -> str:
    if not leads:
        return nothing
    return "\n\n".join((bold(title), *(_shown(lead) for lead in leads)))


def _shown(lead: Lead) -> str:
    """Without name and phone: the chat's members read those in amoCRM."""
    received = f"{lead.created_at.astimezone(MOSCOW):%d.%m %H:%M}"
    status = "обезличена" if lead.erased_at is not None else STATUSES[lead.status]
    lines = [f"{bold(lead.reference)} · {lead.title} · {received}", status]
    if lead.failure:
        lines.append(plain(clip(lead.failure, LONGEST_REASON)))
    return "\n".join(lines)


def admin_router(commands: AdminCommands, admin_chat: AdminChat) -> Router:
    """Routes the admin chat's commands; whoever writes anything else there is left in silence."""

    async def on_move(message: Message) -> None:
        """The group became a supergroup: said in both."""
        old = message.migrate_from_chat_id or message.chat.id
        await admin_chat.moved(old, message.migrate_to_chat_id or message.chat.id)

    router = Router(name="managers")
    names = [command.command for command in ADMIN_COMMANDS]
    router.message.register(on_move, F.migrate_to_chat_id | F.migrate_from_chat_id)
    is_admin_chat = F.chat.id.func(admin_chat.is_it)
    router.message.register(commands.on_command, is_admin_chat, Command(*names, ignore_case=True))
    return router
