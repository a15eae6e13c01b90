"""MAX's dialogs, as replies need them."""

from dataclasses import dataclass

from carquery.adapters.max.api.calls import MaxCalls
from carquery.adapters.max.api.failures import MaxBadRequest
from carquery.adapters.max.api.keyboards import NewMessage
from carquery.adapters.max.api.methods import AnswerPress, EditMessage, GetMessage, SendToUser
from carquery.adapters.max.channel import read_press, token_of, user_of
from carquery.adapters.max.rendering.html import html_of
from carquery.adapters.max.rendering.keyboard import keyboard_of
from carquery.adapters.messenger.chats import EditPressed, MessageGone, PressId
from carquery.adapters.messenger.message import Message
from carquery.application.marked_text import plain
from carquery.domain.ids import CustomerId, MessageToken

WITHOUT_TEXT = NewMessage(None, attachments=(), format=None)
"""An edit that takes the buttons. That the text stays is said of attachments only, so that it may be refused."""


@dataclass(frozen=True, slots=True)
class MaxChats:
    """As `Chats` promises. Every keyboard belongs to its message, and asks for the contact too."""

    calls: MaxCalls

    @property
    def edit_pressed(self) -> EditPressed:
        return self._edit_pressed

    def stands_apart(self, shown: MessageToken) -> bool:
        return False

    def must_be_new(self, message: Message) -> bool:
        return False

    async def send(self, customer: CustomerId, message: Message, *, after: MessageToken | None) -> MessageToken | None:
        return token_of(await self.calls(SendToUser(user_id=user_of(customer), message=_written(message))))

    async def edit(self, customer: CustomerId, shown: MessageToken, message: Message) -> None:
        await self._edit(customer, shown, _written(message))

    async def take_buttons(self, customer: CustomerId, shown: MessageToken) -> None:
        try:
            await self._edit(customer, shown, WITHOUT_TEXT)
        except (MessageGone, MaxBadRequest):
            await self._write_again(customer, shown)

    async def say(self, customer: CustomerId, sentence: str) -> None:
        await self.calls(SendToUser(user_id=user_of(customer), message=NewMessage(html_of(plain(sentence)))))

    async def answer_press(self, press: PressId, sentence: str = "") -> None:
        """With no sentence too: until something comes, the button shows that it waits."""
        user, callback = read_press(press)
        try:
            await self.calls(AnswerPress(user_id=user, callback_id=callback, notification=sentence))
        except MessageGone:
            return
        except MaxBadRequest:
            if sentence:  # else MAX wants none
                raise

    async def _edit(self, customer: CustomerId, shown: MessageToken, becomes: NewMessage) -> None:
        await self.calls(EditMessage(user_id=user_of(customer), message_id=shown, message=becomes))

    async def _edit_pressed(
        self, customer: CustomerId, shown: MessageToken, message: Message, *, press: PressId, sentence: str = ""
    ) -> None:
        """A press that can't be answered any more leaves a message that can be edited."""
        user, callback = read_press(press)
        becomes = _written(message)
        answer = AnswerPress(user_id=user, callback_id=callback, message=becomes, notification=sentence or None)
        try:
            await self.calls(answer)
        except MessageGone:
            await self._edit(customer, shown, becomes)

    async def _write_again(self, customer: CustomerId, shown: MessageToken) -> None:
        """A message without buttons, in the words that it has, if it is there at all."""
        try:
            stored = await self.calls(GetMessage(message_id=shown))
            if stored.text:
                await self._edit(customer, shown, NewMessage(stored.text, attachments=(), format=None))
        except MessageGone:
            return


def _written(message: Message) -> NewMessage:
    return NewMessage(html_of(message.text), keyboard_of(message))
