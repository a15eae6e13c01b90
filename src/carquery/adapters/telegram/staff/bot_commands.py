"""The commands that Telegram offers behind the menu button."""

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramMigrateToChat
from aiogram.types import BotCommand, BotCommandScopeChat

from carquery.adapters.telegram.staff.admin_chat import REMEDY, AdminChat
from carquery.adapters.telegram.staff.admin_commands import ADMIN_COMMANDS
from carquery.application.slash_commands import DESCRIPTIONS

log = structlog.get_logger(__name__)

BOT_COMMANDS = tuple(
    BotCommand(command=command, description=description) for command, description in DESCRIPTIONS.items()
)


async def register_commands(bot: Bot, *, admin_chat: AdminChat) -> None:
    """Tell Telegram, of the admin chat's too; raises aiogram's errors."""
    await bot.set_my_commands(list(BOT_COMMANDS))
    await admin_chat.refresh()
    chat = admin_chat.id
    if chat is None:
        return
    is_private = chat > 0  # whose is a customer's chat as well
    commands = [*ADMIN_COMMANDS, *(BOT_COMMANDS if is_private else ())]
    try:
        await bot.set_my_commands(commands, scope=BotCommandScopeChat(chat_id=chat))
    except TelegramMigrateToChat as moved:
        await admin_chat.moved(chat, moved.migrate_to_chat_id)
        await bot.set_my_commands(commands, scope=BotCommandScopeChat(chat_id=moved.migrate_to_chat_id))
    except (TelegramBadRequest, TelegramForbiddenError) as refusal:
        # The commands work all the same, once the bot is in that chat.
        log.warning("admin_chat_refused", reason=type(refusal).__name__, remedy=REMEDY)
