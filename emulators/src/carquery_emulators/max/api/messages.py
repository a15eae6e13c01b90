"""Messages: sent, edited, deleted, read again; and answers to presses."""

from carquery_emulators.kit.json_types import Json
from carquery_emulators.max.api.asked import MaxRequest
from carquery_emulators.max.api.errors import MaxError, NotDoneAnswer, bad_payload, not_found
from carquery_emulators.max.api.outgoing import Outgoing, read_outgoing
from carquery_emulators.max.api.rates import RateLimits
from carquery_emulators.max.state import DialogRecord, MaxMessage, MaxState, PressAnswer

EDIT_LIMIT = 7 * 24 * 3600
"""Seconds, of messages without a keyboard. Source: dev.max.ru, docs-api, PUT /messages, as of 2026."""
DONE: Json = {"success": True}


class MessageCalls:
    """Raises MaxError and NotDoneAnswer as the platform refuses."""

    def __init__(self, state: MaxState, limits: RateLimits) -> None:
        self._state = state
        self._limits = limits

    def chat_of(self, method: str, asked: MaxRequest) -> int | None:
        """The chat that a call is about; None: of none, or not to be told."""
        try:
            match method:
                case "POST /messages":
                    return self._addressee(asked).id
                case "PUT /messages" | "DELETE /messages":
                    return self._state.known_message(asked.needed("message_id")).chat.id
                case "POST /answers":
                    return self._pressed(asked).chat.id
                case _:
                    return asked.whole("chat_id")
        except MaxError:
            return None

    async def send(self, asked: MaxRequest) -> Json:
        chat = self._addressee(asked)
        self._limits.count_in_dialog("message", chat.id)
        self._state.let_write(chat)
        outgoing = read_outgoing(self._state, asked.body)
        if outgoing.is_empty:
            raise bad_payload("text: must not be empty")
        message = self._state.add_message(chat, self._state.bot, outgoing.text.text if outgoing.text else None)
        self._write(message, outgoing)
        return {"message": self._state.message_to_json(message)}

    async def edit(self, asked: MaxRequest) -> Json:
        message = self._own(asked)
        self._limits.count_in_dialog("edit", message.chat.id)
        self._state.let_write(message.chat)
        outgoing = read_outgoing(self._state, asked.body)
        if not message.rows and self._state.now() - message.timestamp > EDIT_LIMIT * 1000:
            raise NotDoneAnswer("message.too.old", "Message can't be edited any more")
        self._change(message, outgoing)
        return DONE

    async def delete(self, asked: MaxRequest) -> Json:
        message = self._own(asked)
        self._limits.count_in_dialog("deletion", message.chat.id)
        self._state.delete_message(message)
        return DONE

    async def read_one(self, asked: MaxRequest) -> Json:
        return self._state.message_to_json(self._state.known_message(asked.needed("mid")))

    async def read_some(self, asked: MaxRequest) -> Json:
        """By ids, or the newest of a chat, newest first."""
        if (mids := asked.text("message_ids")) is not None:
            found = [self._state.find_message(mid) for mid in mids.split(",")]
            return {"messages": [self._state.message_to_json(message) for message in found if message is not None]}
        chat_id = asked.whole("chat_id")
        if chat_id is None:
            raise bad_payload("chat_id or message_ids: must not be empty")
        count = asked.within("count", 1, 100, default=50)
        newest = list(reversed(self._state.known_chat(chat_id).messages.values()))[:count]
        return {"messages": [self._state.message_to_json(message) for message in newest]}

    async def read_video(self, asked: MaxRequest) -> Json:
        file = self._state.files.find(asked.needed("token"))
        if file is None or file.kind != "video":
            raise not_found("Video")
        urls = {"mp4_720": self._state.files.url(file)}
        return {"token": file.token, "urls": urls, "width": 640, "height": 480, "duration": 5}

    async def answer(self, asked: MaxRequest) -> Json:
        """Edit the pressed button's message, show a notification, or both."""
        message = self._pressed(asked)
        chat = message.chat
        self._limits.count_in_dialog("answer", chat.id)
        body, notification = asked.body.get("message"), asked.body.get("notification")
        if body is None and notification is None:
            raise bad_payload("message or notification: must not be empty")
        if (body is not None and not isinstance(body, dict)) or not isinstance(notification, str | None):
            raise bad_payload("Can't deserialize body")
        self._state.let_write(chat)
        if body is not None:
            outgoing = read_outgoing(self._state, body)
            if message.mid not in chat.messages:
                raise NotDoneAnswer("message.not.found", "Message was deleted")
            self._change(message, outgoing)
        self._show(chat, asked.needed("callback_id"), notification or "")
        return DONE

    def _show(self, chat: DialogRecord, callback_id: str, notification: str) -> None:
        chat.answers.append(PressAnswer(callback_id, notification, self._state.clock()))
        chat.revision += 1
        self._state.changes.tell(
            "callback_answer",
            customer=chat.user_id,
            callback_query_id=callback_id,
            text=notification,
            show_alert=False,
        )

    def _addressee(self, asked: MaxRequest) -> DialogRecord:
        user_id, chat_id = asked.whole("user_id"), asked.whole("chat_id")
        if (user_id is None) == (chat_id is None):
            raise bad_payload("user_id or chat_id: exactly one of them is expected")
        if user_id is not None:
            return self._state.chat_of_user(user_id)
        return self._state.known_chat(chat_id or 0)

    def _own(self, asked: MaxRequest) -> MaxMessage:
        message = self._state.known_message(asked.needed("message_id"))
        if not message.is_from_bot:
            raise MaxError(403, "access.denied", "Not a message of this bot")  # made up, but for the status
        return message

    def _pressed(self, asked: MaxRequest) -> MaxMessage:
        message = self._state.callbacks.get(asked.needed("callback_id"))
        if message is None:
            raise not_found("Callback")
        return message

    def _change(self, message: MaxMessage, outgoing: Outgoing) -> None:
        """Text or attachments that are not given stay as they are."""
        if outgoing.text is not None:
            message.text = outgoing.text.text
        if outgoing.text is not None or outgoing.attachments is not None:
            message.is_edited = True
        self._write(message, outgoing)
        self._state.touch(message)

    def _write(self, message: MaxMessage, outgoing: Outgoing) -> None:
        if outgoing.text is not None:
            message.markup = [mark.to_json() for mark in outgoing.text.marks]
        if outgoing.attachments is not None:
            message.attachments = outgoing.attachments
        if outgoing.rows is not None:
            self._state.show_buttons(message, outgoing.rows)
        if outgoing.link is not None:
            message.link = outgoing.link
        self._state.announce(message.chat)
