"""What customers send besides text, as the application gets it."""

import inspect
import json
import re
from typing import Any

import pytest
from aiogram.enums import ContentType
from aiogram.types import Message

from carquery.adapters.messenger.uploaded_files import LARGEST_FILE, LONGEST_NAME
from carquery.adapters.telegram.updates.contents import SERVICE_MESSAGES, content_of
from carquery.adapters.telegram.updates.reading import Update, read_update
from carquery.adapters.telegram.updates.wire import TelegramMessage
from carquery.domain.answers import Unexpected
from carquery.domain.attachments import Parcel, SentFile
from carquery.domain.ids import FileId

A_FILE = {"file_id": "f", "file_unique_id": "u"}
MEASURES = {"width": 1, "height": 1, "duration": 1, "length": 1}


def a_message(**content: Any) -> TelegramMessage:
    anna = {"id": 7001, "is_bot": False, "first_name": "Анна"}
    chat = {"id": 7001, "type": "private"}
    message = {"message_id": 1, "date": 1, "chat": chat, "from": anna, **content}
    update = read_update(json.dumps({"update_id": 1, "message": message}).encode())
    assert isinstance(update, Update)
    assert update.message is not None
    return update.message


def given(*messages: TelegramMessage) -> object:
    return content_of(messages[0], messages if len(messages) > 1 else ())


FILES = [
    ("video", {"mime_type": "video/quicktime", "file_name": "IMG_0001.MOV"}, "IMG_0001.MOV", "video/quicktime"),
    ("video", {}, "видео.mp4", "video/mp4"),
    ("video_note", {}, "видеосообщение.mp4", "video/mp4"),
    ("voice", {"mime_type": "audio/ogg"}, "голосовое сообщение.ogg", "audio/ogg"),
    ("audio", {"mime_type": "audio/mp4", "file_name": "стук.m4a"}, "стук.m4a", "audio/mp4"),
    ("animation", {}, "анимация.mp4", "video/mp4"),
    ("document", {"mime_type": "application/pdf", "file_name": "ПТС скан.pdf"}, "ПТС скан.pdf", "application/pdf"),
    ("document", {}, "файл", "application/octet-stream"),
    ("document", {"mime_type": "image/svg+xml", "file_name": "x.svg"}, "x.svg", "image/svg+xml"),
    ("document", {"mime_type": "image/tiff", "file_name": "x.tiff"}, "x.tiff", "image/tiff"),
    ("document", {"mime_type": "application/zip", "file_name": "фото.jpg.zip"}, "фото.jpg.zip", "application/zip"),
    ("document", {"mime_type": "text/plain", "file_name": "../../etc/пароли\n.txt"}, "пароли .txt", "text/plain"),
    ("document", {"mime_type": "text/plain", "file_name": "C:\\Фото\\список.txt"}, "список.txt", "text/plain"),
    ("document", {"mime_type": "text/plain", "file_name": "   "}, "файл", "text/plain"),
    ("document", {"mime_type": "text/plain", "file_name": ".."}, "..", "text/plain"),
    ("document", {"mime_type": "текст/простой", "file_name": "акт"}, "акт", "application/octet-stream"),
    ("document", {"mime_type": "a/b\r\nX: y", "file_name": "акт"}, "акт", "application/octet-stream"),
    ("document", {"mime_type": "text/plain; charset=utf-8", "file_name": "a.txt"}, "a.txt", "application/octet-stream"),
    ("video", {"mime_type": "VIDEO/MP4", "file_name": "a.MP4"}, "a.MP4", "video/mp4"),
    ("document", {"mime_type": "", "file_name": "акт"}, "акт", "application/octet-stream"),
]


@pytest.mark.parametrize(("kind", "details", "name", "content_type"), FILES)
def test_a_file_keeps_its_name_and_type(kind: str, details: dict[str, str], name: str, content_type: str) -> None:
    message = a_message(**{kind: {**A_FILE, **MEASURES, **details}})

    assert given(message) == Parcel(files=(SentFile(FileId("f"), name, content_type),))


def test_a_long_name_keeps_its_ending() -> None:
    message = a_message(document={**A_FILE, "file_name": f"{'я' * 300}.pdf", "mime_type": "application/pdf"})

    parcel = given(message)

    assert isinstance(parcel, Parcel)
    assert parcel.files[0].name == f"{'я' * (LONGEST_NAME - 4)}.pdf"


PICTURES = [
    {"mime_type": "image/jpeg"},
    {"mime_type": "image/heic", "file_name": "IMG_0001.HEIC"},
    {"file_name": "IMG_0001.HEIC"},
    {"mime_type": "application/octet-stream", "file_name": "IMG_0001.heic"},
    {"mime_type": "application/octet-stream", "file_name": "photo.JPG"},
]


@pytest.mark.parametrize("details", PICTURES)
def test_a_picture_sent_as_a_file_is_a_photo(details: dict[str, str]) -> None:
    assert given(a_message(document={**A_FILE, **details})) == Parcel(photos=(FileId("f"),))


def test_a_live_photo_is_a_photo() -> None:
    """Telegram sends its picture beside it."""
    photo = [{**A_FILE, **MEASURES}]

    assert given(a_message(live_photo={**A_FILE, **MEASURES}, photo=photo)) == Parcel(photos=(FileId("f"),))


@pytest.mark.parametrize(("over", "too_large"), [(0, 0), (1, 1)])
@pytest.mark.parametrize("kind", ["video", "document"])
def test_what_telegram_would_not_give_us_is_too_large(kind: str, over: int, too_large: int) -> None:
    parcel = given(a_message(**{kind: {**A_FILE, **MEASURES, "file_size": LARGEST_FILE + over}}))

    assert isinstance(parcel, Parcel)
    assert (parcel.too_large, len(parcel.files)) == (too_large, 1 - too_large)


def test_an_album_is_one_parcel_with_all_its_words() -> None:
    photo = [{**A_FILE, **MEASURES}]
    video = {**A_FILE, **MEASURES, "file_id": "v"}
    parts = [
        a_message(photo=photo, caption="царапина слева"),
        a_message(video=video, caption=" \n"),
        a_message(photo=[{**A_FILE, **MEASURES, "file_id": "g"}], caption="ПТС оригинал"),
    ]

    assert given(*parts) == Parcel(
        photos=(FileId("f"), FileId("g")),
        files=(SentFile(FileId("v"), "видео.mp4", "video/mp4"),),
        words=("царапина слева", "ПТС оригинал"),
    )


def test_words_under_what_is_of_no_use_are_words() -> None:
    message = a_message(paid_media={"star_count": 1, "paid_media": []}, caption="вот она")

    assert given(message) == Parcel(words=("вот она",))


UNEXPECTED: list[dict[str, Any]] = [
    {"dice": {"emoji": "🎲", "value": 6}},
    {"location": {"latitude": 55.7, "longitude": 37.6}},
    {"story": {"id": 1, "chat": {"id": 7, "type": "private"}}},
    {"giveaway": {"chats": [], "winners_selection_date": 1, "winner_count": 1}},
    {
        "giveaway_winners": {
            "chat": {"id": -7, "type": "channel"},
            "giveaway_message_id": 1,
            "winners_selection_date": 1,
            "winner_count": 1,
            "winners": [],
        }
    },
    {"invoice": {"title": "?", "description": "?", "start_parameter": "", "currency": "RUB", "total_amount": 1}},
    {"game": {"title": "?", "description": "?", "photo": [{**A_FILE, **MEASURES}]}},
    {"checklist": {"title": "Осмотр", "tasks": []}},
    {"paid_media": {"star_count": 1, "paid_media": []}},
    {"hologram": {"of": "the car"}},
    {},
]


@pytest.mark.parametrize("content", UNEXPECTED, ids=lambda content: next(iter(content), "nothing"))
def test_whatever_else_somebody_sends_is_answered(content: dict[str, Any]) -> None:
    assert given(a_message(**content)) == Unexpected()


SERVICE: list[dict[str, Any]] = [
    {"new_chat_title": "Анна"},
    {"delete_chat_photo": True},
    {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}},
    {"pinned_message": {"message_id": 2, "date": 1, "chat": {"id": 7001, "type": "private"}, "text": "?"}},
    {"chat_background_set": {"type": {"type": "chat_theme", "theme_name": "🚗"}}},
    {"write_access_allowed": {}},
    {"giveaway_created": {}},
]


@pytest.mark.parametrize("content", SERVICE, ids=lambda content: next(iter(content)))
def test_what_only_happened_is_not_answered(content: dict[str, Any]) -> None:
    assert given(a_message(**content)) is None


SERVICE_FIELD = r'^    (\w+): .*\n    """(?:\*Optional\*\. )?(?:Service message|Message is a service message)'
GIFTS = {ContentType.GIFT, ContentType.UNIQUE_GIFT}


def test_the_service_messages_are_those_that_the_bot_api_calls_so() -> None:
    """Read from the library's own documentation of `Message`: a later version of it may know more."""
    called_so = re.findall(SERVICE_FIELD, inspect.getsource(Message), re.MULTILINE)

    assert {ContentType(name) for name in called_so} - GIFTS <= SERVICE_MESSAGES
    assert len(called_so) > 40
