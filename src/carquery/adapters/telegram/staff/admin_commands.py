"""The commands of the admin chat: `/leads`, `/failed`, `/retry CQ-…`, `/stats`. Elsewhere they are no commands."""

from dataclasses import dataclass
from typing import Final

import structlog
from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.methods import SendMessage
from aiogram.types import BotCommand, Message

from carquery.adapters.messenger.chats import MessageGone, NotReached
from carquery.adapters.telegram.api.calls import Calls
from carquery.adapters.telegram.rendering.html import html_of
from carquery.adapters.telegram.staff.admin_chat import AdminChat
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.staff.answer_staff import AnswerStaff
from carquery.application.staff.texts import AWAY, STAFF_COMMANDS, StaffCommand

log = structlog.get_logger(__name__)

ADMIN_COMMANDS: Final = tuple(
    BotCommand(command=command, description=description) for command, description in STAFF_COMMANDS.items()
)


@dataclass(frozen=True, slots=True)
class AdminCommands:
    """Answers commands in the chat that they came from."""

    answer: AnswerStaff
    calls: Calls

    async def on_command(self, message: Message, command: CommandObject) -> None:
        """A command in the admin chat."""
        log.info("admin_command", kind=command.command)
        try:
            text = await self.answer(StaffCommand(command.command.lower()), command.args or "")
        except StoreUnavailable as away:
            log.debug("store_unavailable", cause=str(away))
            text = AWAY
        try:
            await self.calls(SendMessage(chat_id=message.chat.id, text=html_of(text)))
        except (NotReached, MessageGone):
            return  # already logged; whoever asked asks again


def admin_router(commands: AdminCommands, admin_chat: AdminChat) -> Router:
    """Routes the admin chat's commands; whoever writes anything else there is left in silence."""

    async def on_move(message: Message) -> None:
        """The group became a supergroup: said in both."""
        old = message.migrate_from_chat_id or message.chat.id
        await admin_chat.moved(old, message.migrate_to_chat_id or message.chat.id)

    router = Router(name="managers")
    router.message.register(on_move, F.migrate_to_chat_id | F.migrate_from_chat_id)
    is_admin_chat = F.chat.id.func(admin_chat.is_it)
    router.message.register(commands.on_command, is_admin_chat, Command(*STAFF_COMMANDS, ignore_case=True))
    return router
