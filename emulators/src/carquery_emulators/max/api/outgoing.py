"""What a bot wants to send or to have in place of what it sent: `NewMessageBody`, checked as MAX checks it."""

from dataclasses import dataclass, field

from carquery_emulators.kit.json_types import Json
from carquery_emulators.max.api.errors import bad_payload
from carquery_emulators.max.markup.html_text import read_html
from carquery_emulators.max.markup.keyboards import read_keyboard
from carquery_emulators.max.markup.markdown_text import read_markdown
from carquery_emulators.max.markup.marked_text import MarkedText, utf16_length
from carquery_emulators.max.state import Attachment, MaxState

# Source: dev.max.ru, docs-api, POST /messages, as of 2026
TEXT_LIMIT = 4000
MEDIA_LIMIT = 12
_MEDIA = frozenset({"image", "video"})
_ALONE = frozenset({"file", "audio", "contact", "sticker"})
"""One of these to a message, with nothing beside it but a keyboard."""
_OTHERS = frozenset({"location", "share"})


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Attributes: `attachments`, `rows`: None, if what is there is to stay."""

    text: MarkedText | None
    attachments: list[Attachment] | None
    rows: list[list[Json]] | None
    link: Json | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.text and self.text.text.strip()) and not self.attachments and self.link is None


@dataclass(slots=True)
class _Parts:
    attachments: list[Attachment] = field(default_factory=list)
    rows: list[list[Json]] | None = None


def has_files(body: Json) -> bool:
    """Whether pictures or other files are in it, that may not be ready yet."""
    listed = body.get("attachments")
    kinds = [part.get("type") for part in listed if isinstance(part, dict)] if isinstance(listed, list) else []
    return any(kind in {"image", "video", "audio", "file"} for kind in kinds)


def read_outgoing(state: MaxState, body: Json) -> Outgoing:
    """Raises MaxError: MAX would refuse it."""
    listed = body.get("attachments")
    parts = None if listed is None else _read_attachments(state, listed)
    link = body.get("link")
    return Outgoing(
        text=_read_text(body),
        attachments=None if parts is None else parts.attachments,
        rows=None if parts is None else parts.rows or [],
        link=None if link is None else _read_link(state, link),
    )


def _read_text(body: Json) -> MarkedText | None:
    text = body.get("text")
    if text is None:
        return None
    if not isinstance(text, str):
        raise bad_payload("text: must be a string")
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise bad_payload("text: must be UTF-8")
    if utf16_length(text) > TEXT_LIMIT:
        raise bad_payload(f"text: must have at most {TEXT_LIMIT} characters")
    match body.get("format"):
        case None:
            return MarkedText(text)
        case "html":
            return read_html(text)
        case "markdown":
            return read_markdown(text)
        case _:
            raise bad_payload("format: must be html or markdown")


def _read_attachments(state: MaxState, listed: object) -> _Parts:
    if not isinstance(listed, list):
        raise bad_payload("attachments: must be a list")
    parts = _Parts()
    for raw in listed:
        if not isinstance(raw, dict) or not isinstance(raw.get("type"), str):
            raise bad_payload("attachments: type is missing")
        if raw["type"] == "inline_keyboard":
            if parts.rows is not None:
                raise bad_payload("attachments: more than one keyboard")
            parts.rows = read_keyboard(raw.get("payload"))
        else:
            parts.attachments += _read_attachment(state, raw)
    kinds = [attachment.body["type"] for attachment in parts.attachments]
    if len(kinds) > MEDIA_LIMIT:
        raise bad_payload(f"attachments: more than {MEDIA_LIMIT}")
    if len(kinds) > 1 and any(kind in _ALONE for kind in kinds):
        raise bad_payload("attachments: a file, a contact, a sticker or a recording goes alone")
    return parts


def _read_attachment(state: MaxState, raw: Json) -> list[Attachment]:
    kind, payload = raw["type"], raw.get("payload")
    if kind in _OTHERS:
        return [Attachment(raw)]
    if kind not in _MEDIA | _ALONE or not isinstance(payload, dict):
        raise bad_payload("attachments: type is unknown, or payload is missing")
    if kind in {"contact", "sticker"}:
        return [Attachment(raw)]
    return [_stored(state, kind, token) for token in _tokens(payload)]


def _tokens(payload: Json) -> list[object]:
    """Of a picture it may be the answer of the upload as it stands: `photos`, by key."""
    photos = payload.get("photos")
    if isinstance(photos, dict):
        return [photo.get("token") for photo in photos.values() if isinstance(photo, dict)]
    return [payload.get("token")]


def _stored(state: MaxState, kind: str, token: object) -> Attachment:
    file = state.files.find(token)
    if file is None:
        raise bad_payload(f"attachments: no such {kind}")
    details = {"filename": file.name, "size": file.size} if kind == "file" else {}
    return Attachment({"type": kind, **details}, file)


def _read_link(state: MaxState, link: object) -> Json:
    if not isinstance(link, dict) or link.get("type") not in {"reply", "forward"}:
        raise bad_payload("link: type must be reply or forward")
    message = state.find_message(str(link.get("mid")))
    if message is None:
        raise bad_payload("link: no such message")
    shown = state.message_to_json(message)
    return {"type": link["type"], "sender": message.sender, "chat_id": message.chat.id, "message": shown["body"]}
