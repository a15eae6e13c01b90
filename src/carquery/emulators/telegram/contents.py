"""What people send besides text and pictures, as the Bot API describes it."""

from collections.abc import Callable
from typing import Literal, TypeAlias, get_args

from carquery.emulators.telegram.files import Files
from carquery.emulators.telegram.json_types import Json

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


def _file(files: Files, kind: str, **fields: object) -> Json:
    return {**files.add(b"\0" * 16, folder=kind).identity(), **fields}


def _animation(files: Files, _: int) -> Json:
    body = _file(files, "animations", width=320, height=240, duration=2, mime_type="video/mp4")
    # for old clients Telegram sends the same file as a document too
    document = {name: body[name] for name in ("file_id", "file_unique_id", "file_size", "mime_type")}
    return {"animation": body, "document": document}


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
    "voice": lambda files, _: {"voice": _file(files, "voice", duration=3, mime_type="audio/ogg")},
    "video": lambda files, _: {
        "video": _file(files, "videos", width=640, height=480, duration=5, mime_type="video/mp4")
    },
    "video_note": lambda files, _: {"video_note": _file(files, "video_notes", length=240, duration=4)},
    "location": lambda _, __: {"location": dict(_PLACE)},
    "venue": lambda _, __: {
        "location": dict(_PLACE),
        "venue": {"location": dict(_PLACE), "title": "Автосалон", "address": "Тверская, 1"},
    },
    "dice": lambda _, __: {"dice": {"emoji": "🎲", "value": 6}},
    "poll": _poll,
    "animation": _animation,
    "audio": lambda files, _: {
        "audio": _file(files, "music", duration=180, performer="Мотор", title="Холостой ход", mime_type="audio/mpeg")
    },
    "contact": lambda _, __: contact_content("+79035550101", "Пётр", "Иванов", 7_777_000_001),
    "forward": _forward({"type": "hidden_user", "sender_user_name": "Пётр"}),
    "forward_from_channel": _forward(
        {
            "type": "channel",
            "chat": {"id": -1001234500001, "type": "channel", "title": "Автоновости"},
            "message_id": 15,
        }
    ),
    "odd_forward": _forward({"type": "hidden_user"}),
}
