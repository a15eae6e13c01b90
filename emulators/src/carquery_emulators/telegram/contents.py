"""What people send besides text and pictures, as the Bot API describes it."""

from collections.abc import Callable
from typing import Literal, TypeAlias, get_args

from carquery_emulators.kit.json_types import Json
from carquery_emulators.telegram.files import Files, SentFile

Kind: TypeAlias = Literal[
    "sticker",
    "voice",
    "video",
    "video_note",
    "location",
    "venue",
    "dice",
    "poll",
    "animation",
    "audio",
    "contact",
    "forward",
    "forward_from_channel",
    "odd_forward",
]
"""`contact` is somebody else's card. `odd_forward` lacks what Telegram's own documentation calls required: its hidden
sender has no name. Such updates were seen (aiogram #1587, #1840); a strict reader refuses them."""
KINDS: tuple[Kind, ...] = get_args(Kind)
_PLACE = {"latitude": 55.751244, "longitude": 37.618423}


UploadKind: TypeAlias = Literal["animation", "audio", "video", "video_note", "voice"]
"""Files that are neither pictures nor documents."""
_UPLOADED_AS: dict[UploadKind, str] = {
    "animation": "video/mp4",
    "audio": "audio/mpeg",
    "video": "video/mp4",
    "video_note": "video/mp4",
    "voice": "audio/ogg",
}
_MEASURES: dict[UploadKind, Json] = {
    "animation": {"width": 320, "height": 240, "duration": 2},
    "audio": {"duration": 180, "performer": "Мотор", "title": "Холостой ход"},
    "video": {"width": 640, "height": 480, "duration": 5},
    "video_note": {"length": 240, "duration": 4},
    "voice": {"duration": 3},
}


def content_of(kind: Kind, files: Files, *, now: int) -> Json:
    """The content fields of a message of this kind."""
    return _MAKERS[kind](files, now)


def contact_content(phone_number: str, first_name: str, last_name: str | None, user_id: int | None) -> Json:
    contact: Json = {"phone_number": phone_number, "first_name": first_name}
    if last_name is not None:
        contact["last_name"] = last_name
    if user_id is not None:
        contact["user_id"] = user_id
    return {"contact": contact}


def upload_content(kind: UploadKind, file: SentFile) -> Json:
    """The content fields of a message with a file of this kind; the file knows its name and type."""
    body: Json = {**file.identity(), **_MEASURES[kind]}
    if kind != "video_note":  # it has neither
        body["mime_type"] = file.mime_type or _UPLOADED_AS[kind]
        if kind != "voice" and file.name is not None:
            body["file_name"] = file.name
    if kind != "animation":
        return {kind: body}
    # for old clients Telegram sends the same file as a document too
    document = {name: value for name, value in body.items() if name not in _MEASURES[kind]}
    return {"animation": body, "document": document}


def _upload(kind: UploadKind) -> Callable[[Files, int], Json]:
    return lambda files, _: upload_content(kind, files.add(b"\0" * 16, folder=kind))


def _file(files: Files, kind: str, **fields: object) -> Json:
    return {**files.add(b"\0" * 16, folder=kind).identity(), **fields}


def _poll(_: Files, __: int) -> Json:
    options = [
        {"persistent_id": str(number), "text": text, "voter_count": 0} for number, text in enumerate(("Да", "Нет"))
    ]
    return {
        "poll": {
            "id": "5400000000000000001",
            "question": "Летняя резина в октябре?",
            "options": options,
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": True,
            "members_only": False,
        }
    }


def _forward(origin: Json) -> Callable[[Files, int], Json]:
    return lambda _, now: {"text": "Смотрите, что пишут", "forward_origin": {**origin, "date": now - 3600}}


_MAKERS: dict[Kind, Callable[[Files, int], Json]] = {
    "sticker": lambda files, _: {
        "sticker": _file(
            files, "stickers", type="regular", width=512, height=512, is_animated=False, is_video=False, emoji="🚗"
        )
    },
    "voice": _upload("voice"),
    "video": _upload("video"),
    "video_note": _upload("video_note"),
    "location": lambda _, __: {"location": dict(_PLACE)},
    "venue": lambda _, __: {
        "location": dict(_PLACE),
        "venue": {"location": dict(_PLACE), "title": "Кофейня", "address": "Тверская, 1"},
    },
    "dice": lambda _, __: {"dice": {"emoji": "🎲", "value": 6}},
    "poll": _poll,
    "animation": _upload("animation"),
    "audio": _upload("audio"),
    "contact": lambda _, __: contact_content("+79035550101", "Пётр", "Иванов", 7_777_000_001),
    "forward": _forward({"type": "hidden_user", "sender_user_name": "Пётр"}),
    "forward_from_channel": _forward(
        {
            "type": "channel",
            "chat": {"id": -1001234500001, "type": "channel", "title": "Новости"},
            "message_id": 15,
        }
    ),
    "odd_forward": _forward({"type": "hidden_user"}),
}
