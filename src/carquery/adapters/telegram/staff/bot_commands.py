"""The commands that Telegram offers behind the menu button."""

from typing import Final

import structlog

from carquery.adapters.telegram.api.bot_api import BotApi
from carquery.adapters.telegram.api.failures import BadRequest, ChatMigrated, Forbidden
from carquery.adapters.telegram.api.methods import BotCommand, BotCommandScopeChat, SetMyCommands
from carquery.adapters.telegram.staff.admin_chat import REMEDY, AdminChat
from carquery.application.slash_commands import DESCRIPTIONS
from carquery.application.staff.texts import STAFF_COMMANDS

log = structlog.get_logger(__name__)

BOT_COMMANDS: Final = tuple(BotCommand(*command) for command in DESCRIPTIONS.items())
ADMIN_COMMANDS: Final = tuple(BotCommand(*command) for command in STAFF_COMMANDS.items())


async def register_commands(api: BotApi, *, admin_chat: AdminChat) -> None:
    """Tell Telegram, of the admin chat's too; raises BotApiFailure."""
    await api(SetMyCommands(commands=BOT_COMMANDS))
    await admin_chat.refresh()
    chat = admin_chat.id
    if chat is None:
        return
    is_private = chat > 0  # whose is a customer's chat as well
    customers_own = tuple(command for command in BOT_COMMANDS if command.command not in STAFF_COMMANDS)
    commands = (*ADMIN_COMMANDS, *(customers_own if is_private else ()))
    try:
        await api(SetMyCommands(commands=commands, scope=BotCommandScopeChat(chat)))
    except ChatMigrated as moved:
        await admin_chat.moved(chat, moved.migrate_to_chat_id)
        await api(SetMyCommands(commands=commands, scope=BotCommandScopeChat(moved.migrate_to_chat_id)))
    except (BadRequest, Forbidden) as refusal:
        # The commands work all the same, once the bot is in that chat.
        log.warning("admin_chat_refused", reason=type(refusal).__name__, remedy=REMEDY)
