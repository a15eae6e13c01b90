"""The classic aiogram bot: its FSM, with states, answers and locks in Redis. Answers are taken as they are."""

import asyncio
import os
from typing import Final

from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.redis import RedisStorage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message


class Sell(StatesGroup):
    """One state for each step."""

    car = State()
    year = State()
    mileage = State()
    price = State()
    photos = State()
    name = State()
    phone = State()
    comment = State()
    summary = State()


YEARS: Final = tuple(str(year) for year in range(2015, 2027))
QUESTIONS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "car": ("Шаг 1 из 8\n\nКакой автомобиль? Напишите марку и модель.", ()),
    "year": ("Шаг 2 из 8\n\nКакого года автомобиль?", YEARS),
    "mileage": ("Шаг 3 из 8\n\nКакой пробег?", ()),
    "price": ("Шаг 4 из 8\n\nСколько вы хотите?", ("до 1 млн ₽", "1–2 млн ₽", "2–3 млн ₽", "от 3 млн ₽")),
    "photos": ("Шаг 5 из 8\n\nПришлите фотографии.", ("Пропустить",)),
    "name": ("Шаг 6 из 8\n\nКак вас зовут?", ()),
    "phone": ("Шаг 7 из 8\n\nНомер телефона?", ()),
    "comment": ("Шаг 8 из 8\n\nХотите что-нибудь добавить?", ("Пропустить",)),
    "summary": ("Проверьте: всё верно?", ("✅ Отправить",)),
}
ORDER: Final = tuple(QUESTIONS)


def question(step: str) -> tuple[str, InlineKeyboardMarkup]:
    """What is asked, and the buttons under it."""
    text, choices = QUESTIONS[step]
    rows = [[InlineKeyboardButton(text=choice, callback_data=f"{step}:{choice}")] for choice in choices]
    rows.append([InlineKeyboardButton(text="← Назад", callback_data="back")])
    rows.append([InlineKeyboardButton(text="✖ Отменить", callback_data="cancel")])
    return text, InlineKeyboardMarkup(inline_keyboard=rows)


async def started(message: Message, state: FSMContext) -> None:
    """The first question."""
    await state.clear()
    await state.set_state(Sell.car)
    text, keyboard = question("car")
    await message.answer(text, reply_markup=keyboard)


async def _taken(state: FSMContext, answer: str) -> str | None:
    """Keep the answer; the next step, or None: that was the last."""
    step = str(await state.get_state()).removeprefix("Sell:")
    await state.update_data({step: answer})
    if step == ORDER[-1]:
        await state.clear()
        return None
    following = ORDER[ORDER.index(step) + 1]
    await state.set_state(getattr(Sell, following))
    return following


async def written(message: Message, state: FSMContext) -> None:
    """An answer in words, and a new question."""
    following = await _taken(state, message.text or "")
    if following is not None:
        text, keyboard = question(following)
        await message.answer(text, reply_markup=keyboard)


async def pressed(query: CallbackQuery, state: FSMContext) -> None:
    """An answer by a button; the next question takes its place."""
    await query.answer()
    following = await _taken(state, (query.data or "").partition(":")[2])
    if isinstance(query.message, Message):
        if following is None:
            await query.message.edit_text("Заявка принята, менеджер позвонит вам.")
        else:
            text, keyboard = question(following)
            await query.message.edit_text(text, reply_markup=keyboard)


async def main() -> None:
    """Poll until killed."""
    server = TelegramAPIServer.from_base(os.environ["TELEGRAM_API_BASE"])
    bot = Bot(os.environ["TELEGRAM_BOT_TOKEN"], session=AiohttpSession(api=server))
    many = {"max_connections": 1000}  # with fewer, it drops what more customers at once say
    storage = RedisStorage.from_url(os.environ["REDIS_URL"], many, state_ttl=1800, data_ttl=1800)
    dispatcher = Dispatcher(storage=storage, events_isolation=storage.create_isolation())
    dispatcher.message.register(started, CommandStart())
    dispatcher.message.register(written, F.text)
    dispatcher.callback_query.register(pressed, F.data)
    await dispatcher.start_polling(bot)


if __name__ == "__main__":
    asyncio.run(main())
