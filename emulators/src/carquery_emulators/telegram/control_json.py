"""Chats in the words of the control API."""

from carquery_emulators.kit.json_types import Json
from carquery_emulators.telegram.api.bot_signals import commands_shown
from carquery_emulators.telegram.chat import Button, Chat, ShownMessage
from carquery_emulators.telegram.state import ChatRecord, State


def chat_to_json(state: State, record: ChatRecord) -> Json:
    chat = Chat(record, state)
    keyboard = chat.reply_keyboard
    shown: Json | None = None
    if keyboard is not None:
        shown = {
            "rows": [
                [{"text": button.text, "request_contact": button.request_contact} for button in row]
                for row in keyboard.rows
            ]
        }
        if keyboard.placeholder:
            shown["placeholder"] = keyboard.placeholder
    language = state.users.get(record.id, {}).get("language_code", "")
    return {
        "messages": [_message_to_json(state, message) for message in chat.messages],
        "reply_keyboard": shown,
        "typing": chat.typing,
        "commands": commands_shown(state, record, language),
    }


def customer_to_json(state: State, record: ChatRecord) -> Json:
    user = state.users[record.id]
    unread = sum(message.is_from_bot and message.id > record.read_up_to for message in record.messages.values())
    return {
        "id": record.id,
        "first_name": user["first_name"],
        "last_name": user.get("last_name"),
        "username": user.get("username"),
        "unread": unread,
    }


def _message_to_json(state: State, message: ShownMessage) -> Json:
    body: Json = {
        "id": message.id,
        "from": "bot" if message.from_bot else "customer",
        "text": message.text,
        "entities": [entity.to_json() for entity in message.entities],
        "buttons": [[_button_to_json(button) for button in row] for row in message.rows],
        "edited": message.edited,
        "date": message.date,
    }
    if picture := message.photo or _picture_document(state, message):
        body["photo"] = f"/control/files/{picture}"
    elif message.document is not None:
        file = state.files.find(message.document)
        body["file"] = {"name": (file and file.name) or message.kind}
    if message.album is not None:
        body["album"] = message.album
    if message.contact is not None:
        body["contact"] = {"phone_number": message.contact[0], "first_name": message.contact[1]}
    return body


def _picture_document(state: State, message: ShownMessage) -> str | None:
    """The file of a picture sent as a document: the page shows it as a picture."""
    file = state.files.find(message.document) if message.document else None
    return file.file_id if file and (file.mime_type or "").startswith("image/") else None


def _button_to_json(button: Button) -> Json:
    body: Json = {"text": button.text}
    if button.data is not None:
        body["data"] = button.data
    if button.url is not None:
        body["url"] = button.url
    return body
