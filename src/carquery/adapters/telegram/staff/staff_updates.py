"""The staff chat's messages, on aiogram's router; customers' never pass it."""

from aiogram import Bot, Dispatcher
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.types import Update

from carquery.adapters.telegram.staff.admin_chat import AdminChat
from carquery.adapters.telegram.staff.admin_commands import AdminCommands, admin_router


class StaffUpdates:
    """Takes commands of the staff chat, and the news that it moved."""

    def __init__(self, bot: Bot, commands: AdminCommands, admin_chat: AdminChat) -> None:
        self._bot = bot
        self._admin_chat = admin_chat
        self._dispatcher = Dispatcher(disable_fsm=True)
        self._dispatcher.include_router(admin_router(commands, admin_chat))

    async def take(self, update: Update) -> bool:
        """Handle a message, if it is theirs. False: a customer's, who may also be the only one in the staff chat."""
        message = update.message
        if message is None or self._admin_chat.id is None:
            return False
        has_moved = message.migrate_to_chat_id or message.migrate_from_chat_id
        if not has_moved and not self._admin_chat.is_it(message.chat.id):
            return False
        return await self._dispatcher.feed_update(self._bot, update) is not UNHANDLED
