"""Telegram's private chats, as replies need them."""

from carquery.adapters.messenger.chats import MessageGone, PressId
from carquery.adapters.messenger.message import BETWEEN_PARAGRAPHS, Message
from carquery.adapters.telegram.api.calls import Calls
from carquery.adapters.telegram.api.keyboards import ReplyKeyboardRemove
from carquery.adapters.telegram.api.methods import (
    AnswerCallbackQuery,
    EditMessageReplyMarkup,
    EditMessageText,
    SendMessage,
)
from carquery.adapters.telegram.channel import Shown, chat_of
from carquery.adapters.telegram.rendering.html import html_of
from carquery.adapters.telegram.rendering.markup import inline_markup, markup_of
from carquery.application.marked_text import plain
from carquery.domain.ids import CustomerId, MessageToken
from carquery.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class TelegramChats:
    """As `Chats` promises. A question for the contact puts up a reply keyboard, which no edit can put up or take."""

    calls: Calls

    @property
    def edit_pressed(self) -> None:
        """To edit is one call, and to answer a press is another."""
        return

    def stands_apart(self, shown: MessageToken) -> bool:
        read = Shown.read(shown)
        return read is not None and read.asks_contact

    def must_be_new(self, message: Message) -> bool:
        return message.asks_contact

    async def send(self, customer: CustomerId, message: Message, *, after: MessageToken | None) -> MessageToken | None:
        """A reply keyboard that is up comes down before it, in a message of its own: each has one."""
        keyboard_is_up = message.ends_keyboard or (after is not None and self.stands_apart(after))
        if keyboard_is_up and not message.asks_contact and not message.beside:
            farewell = html_of(plain(message.farewell))
            await self.calls(SendMessage(chat_id=chat_of(customer), text=farewell, reply_markup=ReplyKeyboardRemove()))
        sent = await self.calls(
            SendMessage(chat_id=chat_of(customer), text=_written(message), reply_markup=markup_of(message))
        )
        return None if sent is None else Shown(sent, asks_contact=message.asks_contact).token

    async def edit(self, customer: CustomerId, shown: MessageToken, message: Message) -> None:
        await self.calls(
            EditMessageText(
                chat_id=chat_of(customer),
                message_id=_number(shown),
                text=_written(message),
                reply_markup=inline_markup(message),
            )
        )

    async def take_buttons(self, customer: CustomerId, shown: MessageToken) -> None:
        try:
            await self.calls.beside(EditMessageReplyMarkup(chat_id=chat_of(customer), message_id=_number(shown)))
        except MessageGone:
            return

    async def say(self, customer: CustomerId, sentence: str) -> None:
        await self.calls(SendMessage(chat_id=chat_of(customer), text=html_of(plain(sentence))))

    async def answer_press(self, press: PressId, sentence: str = "") -> None:
        answer = AnswerCallbackQuery(callback_query_id=press)
        if sentence:
            answer = AnswerCallbackQuery(callback_query_id=press, text=sentence, show_alert=True)
        await self.calls.beside(answer)


def _written(message: Message) -> str:
    return BETWEEN_PARAGRAPHS.join(map(html_of, message.paragraphs))


def _number(shown: MessageToken) -> int:
    """Raises MessageGone: no token of ours."""
    read = Shown.read(shown)
    if read is None:
        raise MessageGone
    return read.message
