"""Methods with which a bot sends: sendMessage, sendPhoto, sendDocument, sendMediaGroup."""

from carquery_emulators.kit.json_types import Json
from carquery_emulators.telegram.api.errors import bad_request
from carquery_emulators.telegram.api.parameters import Parameters
from carquery_emulators.telegram.files import SentFile, picture_kind
from carquery_emulators.telegram.markup.formatted_text import Entity, FormattedText, cleaned, utf16_length
from carquery_emulators.telegram.markup.html_parser import EntitiesUnreadable, parse_html
from carquery_emulators.telegram.markup.keyboards import read_reply_markup
from carquery_emulators.telegram.state import ChatRecord, State

# In UTF-16 code units after entity parsing. Source: Bot API, sendMessage and sendPhoto
TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
ALBUM_LIMIT = 10


async def send_message(state: State, parameters: Parameters) -> Json:
    chat = state.chat_to_write_to(parameters.text("chat_id"))
    content = text_content(parameters)
    return _send(state, chat, parameters, content)


async def send_photo(state: State, parameters: Parameters) -> Json:
    chat = state.chat_to_write_to(parameters.text("chat_id"))
    content = photo_content(state, parameters, "photo", parameters.text("photo"))
    return _send(state, chat, parameters, content | caption_content(parameters))


async def send_document(state: State, parameters: Parameters) -> Json:
    chat = state.chat_to_write_to(parameters.text("chat_id"))
    content = document_content(state, parameters, "document", parameters.text("document"))
    return _send(state, chat, parameters, content | caption_content(parameters))


async def send_media_group(state: State, parameters: Parameters) -> list[Json]:
    chat = state.chat_to_write_to(parameters.text("chat_id"))
    media = parameters.structure("media")
    if not isinstance(media, list) or not media:
        raise bad_request("there are no messages to send")
    if len(media) > ALBUM_LIMIT:
        raise bad_request("too many messages to send as an album")
    # all are checked before the first is sent: an album goes out whole or not at all
    contents = [_album_item(state, parameters, item) for item in media]
    album = {"media_group_id": state.new_album_id()} if len(contents) > 1 else {}
    return [state.add_message(chat, state.bot, content | album).to_json() for content in contents]


def text_content(parameters: Parameters) -> Json:
    """`text` and `entities` of a message. Raises BotApiError: empty, too long, or unreadable markup."""
    if not parameters.text("text"):
        raise bad_request("message text is empty")
    read = formatted(parameters, "text", "entities")
    if read.is_blank:
        raise bad_request("text must be non-empty")
    if utf16_length(read.text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return {"text": read.text, **entities_field("entities", read)}


def caption_content(parameters: Parameters) -> Json:
    read = formatted(parameters, "caption", "caption_entities")
    if read.is_blank:
        return {}
    if utf16_length(read.text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return {"caption": read.text, **entities_field("caption_entities", read)}


def photo_content(state: State, parameters: Parameters, name: str, reference: str | None) -> Json:
    upload = parameters.upload(name, reference)
    if upload is not None:
        if picture_kind(upload.content) is None:
            raise bad_request("IMAGE_PROCESS_FAILED")
        return {"photo": state.files.add_photo(upload.content)}
    file = _already_sent(state, reference, "photo")
    return {"photo": [{**file.identity(), "width": 1280, "height": 960}]}


def document_content(state: State, parameters: Parameters, name: str, reference: str | None) -> Json:
    upload = parameters.upload(name, reference)
    if upload is None:
        return {"document": state.files.document(_already_sent(state, reference, "document"))}
    if not upload.content:
        raise bad_request("file must be non-empty")
    file = state.files.add(upload.content, folder="documents", name=upload.name, mime_type=upload.content_type)
    return {"document": state.files.document(file)}


def formatted(parameters: Parameters, text: str, entities: str) -> FormattedText:
    """The text in parameter `text`, its markup read according to `parse_mode` or taken from `entities`."""
    given = parameters.text(text) or ""
    if any("\ud800" <= char <= "\udfff" for char in given):
        raise bad_request("strings must be encoded in UTF-8")
    source = cleaned(given)
    mode = (parameters.text("parse_mode") or "").lower()
    if mode == "html":
        try:
            return parse_html(source).trimmed()
        except EntitiesUnreadable as unreadable:
            raise bad_request(f"can't parse entities: {unreadable}") from unreadable
    if mode:
        raise bad_request("unsupported parse_mode")  # of Telegram's three, this emulator reads HTML alone
    listed = parameters.structure(entities)
    marks = [Entity.from_json(body) for body in listed] if isinstance(listed, list) else []
    return FormattedText(source, tuple(marks)).trimmed()


def entities_field(name: str, text: FormattedText) -> Json:
    return {name: [entity.to_json() for entity in text.entities]} if text.entities else {}


def _send(state: State, chat: ChatRecord, parameters: Parameters, content: Json) -> Json:
    markup = read_reply_markup(parameters.structure("reply_markup"), only_inline=False)
    replied = _replied_message(chat, parameters)
    return state.add_message(chat, state.bot, content | replied, markup).to_json()


def _replied_message(chat: ChatRecord, parameters: Parameters) -> Json:
    asked = parameters.structure("reply_parameters")
    options = asked if isinstance(asked, dict) else {"message_id": parameters.integer("reply_to_message_id")}
    message_id = options.get("message_id")
    if not message_id:
        return {}
    message = chat.messages.get(int(message_id))
    if message is not None:
        shown = message.to_json()
        shown.pop("reply_to_message", None)  # Telegram nests one level only
        return {"reply_to_message": shown}
    if options.get("allow_sending_without_reply") or parameters.flag("allow_sending_without_reply"):
        return {}
    raise bad_request("message to be replied not found")


def _album_item(state: State, parameters: Parameters, item: object) -> Json:
    if not isinstance(item, dict) or not item.get("media"):
        raise bad_request("can't parse InputMedia: media not found")
    caption = caption_content(Parameters(item))
    match item.get("type"):
        case "photo":
            return photo_content(state, parameters, "", str(item["media"])) | caption
        case "document":
            return document_content(state, parameters, "", str(item["media"])) | caption
        case _:
            raise bad_request("can't use the media of the specified type in the album")


def _already_sent(state: State, file_id: str | None, field: str) -> SentFile:
    if not file_id:
        raise bad_request(f"there is no {field} in the request")
    file = state.files.find(file_id)
    if file is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return file
