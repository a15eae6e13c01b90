"""The commands that Telegram offers behind the menu button."""

from aiogram import Bot
from aiogram.types import BotCommand

BOT_COMMANDS = (
    BotCommand(command="start", description="Начать"),
    BotCommand(command="menu", description="Меню"),
    BotCommand(command="cancel", description="Выйти из заявки"),
    BotCommand(command="help", description="Что умеет бот"),
    BotCommand(command="privacy", description="Ваши данные"),
)


async def register_commands(bot: Bot) -> None:
    """Tell Telegram; raises aiogram's errors."""
    await bot.set_my_commands(list(BOT_COMMANDS))
