"""The commands that Telegram offers behind the menu button."""

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import BotCommand, BotCommandScopeChat

from carquery.adapters.telegram.admin_commands import ADMIN_COMMANDS

log = structlog.get_logger(__name__)

BOT_COMMANDS = (
    BotCommand(command="start", description="Начать"),
    BotCommand(command="menu", description="Меню"),
    BotCommand(command="cancel", description="Выйти из заявки"),
    BotCommand(command="help", description="Что умеет бот"),
    BotCommand(command="privacy", description="Ваши данные"),
)


async def register_commands(bot: Bot, *, admin_chat: int | None) -> None:
    """Tell Telegram, of the admin chat's too; raises aiogram's errors."""
    await bot.set_my_commands(list(BOT_COMMANDS))
    if admin_chat is None:
        return
    try:
        await bot.set_my_commands(list(ADMIN_COMMANDS), scope=BotCommandScopeChat(chat_id=admin_chat))
    except (TelegramBadRequest, TelegramForbiddenError) as refusal:
        # The commands work all the same, once the bot is in that chat.
        log.warning("admin_chat_refused", reason=type(refusal).__name__, remedy="ADMIN_CHAT_ID: is the bot in it?")
