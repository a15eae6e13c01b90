"""Methods with which a bot changes what it sent: the edits and deleteMessage."""

from carquery_emulators.kit.json_types import Json
from carquery_emulators.telegram.api.bot_messages import caption_content, text_content
from carquery_emulators.telegram.api.errors import bad_request
from carquery_emulators.telegram.api.parameters import Parameters
from carquery_emulators.telegram.markup.keyboards import read_reply_markup
from carquery_emulators.telegram.state import Message, State

DELETION_LIMIT = 48 * 3600  # seconds. Source: Bot API, deleteMessage
_TEXT_FIELDS = ("text", "entities")
_CAPTION_FIELDS = ("caption", "caption_entities")


async def edit_message_text(state: State, parameters: Parameters) -> Json:
    message = _message_to_edit(state, parameters)
    content = text_content(parameters)
    if "text" not in message.content:
        raise bad_request("there is no text in the message to edit")
    return _edit(state, message, parameters, replaced=_TEXT_FIELDS, content=content)


async def edit_message_caption(state: State, parameters: Parameters) -> Json:
    message = _message_to_edit(state, parameters)
    content = caption_content(parameters)
    if "text" in message.content:
        raise bad_request("there is no caption in the message to edit")
    return _edit(state, message, parameters, replaced=_CAPTION_FIELDS, content=content)


async def edit_message_reply_markup(state: State, parameters: Parameters) -> Json:
    message = _message_to_edit(state, parameters)
    return _edit(state, message, parameters, replaced=(), content={})


async def delete_message(state: State, parameters: Parameters) -> bool:
    chat = state.known_chat(parameters.text("chat_id"))
    message = chat.messages.get(_message_id(parameters))
    if message is None:
        raise bad_request("message to delete not found")
    if state.clock() - message.date > DELETION_LIMIT:
        raise bad_request("message can't be deleted for everyone")
    state.delete_message(message)
    return True


def _message_to_edit(state: State, parameters: Parameters) -> Message:
    chat = state.chat_to_write_to(parameters.text("chat_id"))
    message = chat.messages.get(_message_id(parameters))
    if message is None:
        raise bad_request("message to edit not found")
    if not message.is_from_bot or (message.markup is not None and not message.inline_rows):
        raise bad_request("message can't be edited")  # not its own, or it carries a reply keyboard
    return message


def _message_id(parameters: Parameters) -> int:
    message_id = parameters.integer("message_id")
    if not message_id:
        raise bad_request("message identifier is not specified")
    return message_id


def _edit(state: State, message: Message, parameters: Parameters, *, replaced: tuple[str, ...], content: Json) -> Json:
    """Replace some content fields and the keyboard; an edit that names no keyboard takes the old one away."""
    markup = read_reply_markup(parameters.structure("reply_markup"), only_inline=True)
    new_content = {name: value for name, value in message.content.items() if name not in replaced} | content
    if new_content == message.content and markup == message.markup:
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    if new_content != message.content:
        # a change of the keyboard alone is not shown as «edited»
        message.edit_date = int(state.clock())
    message.content, message.markup = new_content, markup
    state.touch(message)
    return message.to_json()
