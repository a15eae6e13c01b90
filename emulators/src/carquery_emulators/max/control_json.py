"""Dialogs in the words of the control API, which are those of Telegram's emulator: one page can show both."""

from carquery_emulators.kit.json_types import Json
from carquery_emulators.max.chat import MaxButton, MaxChat, ShownMaxMessage
from carquery_emulators.max.markup.marked_text import Mark
from carquery_emulators.max.state import DialogRecord, MaxState

_ENTITIES = {
    "strong": "bold",
    "emphasized": "italic",
    "monospaced": "code",
    "link": "text_link",
    "heading": "bold",
    "quote": "blockquote",
}


def chat_to_json(state: MaxState, record: DialogRecord) -> Json:
    chat = MaxChat(record, state)
    return {
        "messages": [_message_to_json(state, message) for message in chat.messages],
        "typing": chat.typing,
        "commands": [
            {"command": command["name"], "description": command.get("description", "")} for command in state.commands
        ],
        "is_stopped": record.is_stopped,
    }


def customer_to_json(state: MaxState, record: DialogRecord) -> Json:
    user = state.users[record.user_id]
    unread = sum(message.is_from_bot and message.seq > record.read_up_to for message in record.messages.values())
    return {
        "id": record.user_id,
        "first_name": user["first_name"],
        "last_name": user.get("last_name"),
        "username": user.get("username"),
        "unread": unread,
    }


def _message_to_json(state: MaxState, message: ShownMaxMessage) -> Json:
    body: Json = {
        "id": message.id,
        "from": "bot" if message.from_bot else "customer",
        "text": message.text,
        "entities": [_entity_to_json(mark) for mark in message.marks],
        "buttons": [[_button_to_json(button) for button in row] for row in message.rows],
        "edited": message.edited,
        "date": message.date,
    }
    document = state.files.find(message.document)
    if document is not None and document.mime_type.startswith("image/"):
        body["photos"] = [_address(document.token)]
    elif document is not None:
        body["file"] = {"name": document.name}
    if message.photos:
        body["photos"] = [_address(token) for token in message.photos]
    if message.contact is not None:
        body["contact"] = {"phone_number": _line(message.contact, "TEL"), "first_name": _line(message.contact, "FN")}
    return body


def _entity_to_json(mark: Mark) -> Json:
    """A mark under Telegram's name for it, where there is one."""
    body: Json = {"type": _ENTITIES.get(mark.type, mark.type), "offset": mark.start, "length": mark.length}
    if mark.url is not None:
        body["url"] = mark.url
    return body


def _address(token: str) -> str:
    """Below the control API's own address."""
    return f"/control/files/{token}"


def _line(card: str, name: str) -> str:
    lines = card.replace(r"\r\n", "\r\n").splitlines()
    return next((line.partition(":")[2] for line in lines if line.startswith(name)), "")


def _button_to_json(button: MaxButton) -> Json:
    body: Json = {"text": button.text, "type": button.type}
    if button.data is not None:
        body["data"] = button.data
    if button.url is not None:
        body["url"] = button.url
    return body
