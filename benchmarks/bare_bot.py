"""The floor: aiogram as it comes, answering each message with a message and an edit of the one before."""

import asyncio
import os
from contextlib import suppress

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, Message

KEYBOARD = InlineKeyboardMarkup(
    inline_keyboard=[[InlineKeyboardButton(text=str(year), callback_data=str(year))] for year in range(2016, 2027)]
)


async def answer(message: Message, bot: Bot) -> None:
    """Two calls, as a typed answer costs CarQuery."""
    sent = await message.answer("Какого он года?", reply_markup=KEYBOARD)
    with suppress(TelegramBadRequest):
        await bot.edit_message_reply_markup(chat_id=message.chat.id, message_id=sent.message_id - 2)


async def main() -> None:
    """Poll until killed."""
    server = TelegramAPIServer.from_base(os.environ["TELEGRAM_API_BASE"])
    bot = Bot(os.environ["TELEGRAM_BOT_TOKEN"], session=AiohttpSession(api=server))
    dispatcher = Dispatcher()
    dispatcher.message.register(answer)
    await dispatcher.start_polling(bot)


if __name__ == "__main__":
    asyncio.run(main())
