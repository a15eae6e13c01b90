"""The floor: aiogram as it comes, making the calls that a form costs, and keeping and understanding nothing."""

import asyncio
import os

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

QUESTION = "Шаг 3 из 8\n\nКакого года автомобиль?\nВыберите год или напишите его."
BUTTONS = ("2018", "1–2 млн ₽", "Пропустить", "✅ Отправить", "2019", "2020", "← Назад", "✖ Отменить")
KEYBOARD = InlineKeyboardMarkup(
    inline_keyboard=[[InlineKeyboardButton(text=text, callback_data=text)] for text in BUTTONS]
)


async def written(message: Message) -> None:
    """A new question."""
    await message.answer(QUESTION, reply_markup=KEYBOARD)


async def pressed(query: CallbackQuery) -> None:
    """The question in the same message."""
    await query.answer()
    if isinstance(query.message, Message):
        await query.message.edit_text(QUESTION, reply_markup=KEYBOARD)


async def main() -> None:
    """Poll until killed."""
    server = TelegramAPIServer.from_base(os.environ["TELEGRAM_API_BASE"])
    bot = Bot(os.environ["TELEGRAM_BOT_TOKEN"], session=AiohttpSession(api=server))
    dispatcher = Dispatcher()
    dispatcher.message.register(written)
    dispatcher.callback_query.register(pressed)
    await dispatcher.start_polling(bot)


if __name__ == "__main__":
    asyncio.run(main())
