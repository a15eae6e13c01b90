"""python-telegram-bot's ConversationHandler, with its states and answers in memory. Answers are taken as they are."""

import os
from typing import Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    filters,
)

YEARS: Final = tuple(str(year) for year in range(2015, 2027))
QUESTIONS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("Шаг 1 из 8\n\nКакой автомобиль? Напишите марку и модель.", ()),
    ("Шаг 2 из 8\n\nКакого года автомобиль?", YEARS),
    ("Шаг 3 из 8\n\nКакой пробег?", ()),
    ("Шаг 4 из 8\n\nСколько вы хотите?", ("до 1 млн ₽", "1–2 млн ₽", "2–3 млн ₽", "от 3 млн ₽")),
    ("Шаг 5 из 8\n\nПришлите фотографии.", ("Пропустить",)),
    ("Шаг 6 из 8\n\nКак вас зовут?", ()),
    ("Шаг 7 из 8\n\nНомер телефона?", ()),
    ("Шаг 8 из 8\n\nХотите что-нибудь добавить?", ("Пропустить",)),
    ("Проверьте: всё верно?", ("✅ Отправить",)),
)


def keyboard(step: int) -> InlineKeyboardMarkup:
    """The buttons under a question."""
    rows = [[InlineKeyboardButton(choice, callback_data=f"{step}:{choice}")] for choice in QUESTIONS[step][1]]
    rows.append([InlineKeyboardButton("← Назад", callback_data="back")])
    rows.append([InlineKeyboardButton("✖ Отменить", callback_data="cancel")])
    return InlineKeyboardMarkup(rows)


async def started(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    """The first question."""
    context.user_data["answers"] = []
    await update.message.reply_text(QUESTIONS[0][0], reply_markup=keyboard(0))
    return 0


async def written(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    """An answer in words, and a new question."""
    context.user_data["answers"].append(update.message.text)
    step = len(context.user_data["answers"])
    await update.message.reply_text(QUESTIONS[step][0], reply_markup=keyboard(step))
    return step


async def pressed(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    """An answer by a button; the next question takes its place."""
    query = update.callback_query
    await query.answer()
    context.user_data["answers"].append(query.data.partition(":")[2])
    step = len(context.user_data["answers"])
    if step == len(QUESTIONS):
        await query.edit_message_text("Заявка принята, менеджер позвонит вам.")
        return int(ConversationHandler.END)
    await query.edit_message_text(QUESTIONS[step][0], reply_markup=keyboard(step))
    return step


def main() -> None:
    """Poll until killed."""
    base = os.environ["TELEGRAM_API_BASE"]
    answers = [MessageHandler(filters.TEXT & ~filters.COMMAND, written), CallbackQueryHandler(pressed)]
    application = ApplicationBuilder().token(os.environ["TELEGRAM_BOT_TOKEN"]).base_url(f"{base}/bot").build()
    conversation = ConversationHandler(
        entry_points=[CommandHandler("start", started)],
        states=dict.fromkeys(range(len(QUESTIONS)), answers),
        fallbacks=[CommandHandler("start", started)],
    )
    application.add_handler(conversation)
    application.run_polling()


if __name__ == "__main__":
    main()
