"""The Bot API grows, and leaves things out: what we do not read may be anything, and nothing odd stops us.

Kinds of updates, and fields of messages, are those of aiogram's models: a later version of it knows more.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from aiogram.types import Message, Update

from carquery.adapters.telegram.updates.reading import ALLOWED_UPDATES, kind_of
from tests.adapters.telegram.readings import ANNA, as_read, given_by

Path = tuple[str | int, ...]

CHAT = {"id": ANNA, "type": "private", "first_name": "Анна"}
USER = {"id": ANNA, "is_bot": False, "first_name": "Анна", "last_name": "К.", "username": "anna", "language_code": "ru"}
SPOKEN = {"message_id": 9, "date": 1_795_000_000, "chat": CHAT, "from": USER}
FILE = {"file_id": "f", "file_unique_id": "u", "file_size": 1000, "file_name": "f.bin", "mime_type": "video/mp4"}
PHOTO = [{"file_id": size, "file_unique_id": "u", "width": 90, "height": 90} for size in ("small", "big")]
QUERY = {"id": "77", "from": USER, "chat_instance": "1", "data": "d:x"}

WRITTEN: dict[str, dict[str, Any]] = {
    "text": {"text": "120 тыс", "entities": [{"type": "bold", "offset": 0, "length": 3}]},
    "photo": {"photo": PHOTO, "caption": "царапина", "media_group_id": "5"},
    "video": {"video": {**FILE, "width": 1, "height": 1, "duration": 1}},
    "voice": {"voice": {**FILE, "duration": 1}},
    "contact": {"contact": {"phone_number": "+79161234567", "first_name": "Анна", "user_id": ANNA}},
    "sticker": {"sticker": {"file_id": "s", "emoji": "🚗"}},
    "a reply": {"text": "да", "reply_to_message": {**SPOKEN, "text": "?"}, "via_bot": {**USER, "is_bot": True}},
    "what happened": {"pinned_message": {**SPOKEN, "text": "?"}},
}
SAMPLES: dict[str, dict[str, Any]] = {
    **{name: {"update_id": 1, "message": {**SPOKEN, **content}} for name, content in WRITTEN.items()},
    "a correction": {"update_id": 1, "edited_message": {**SPOKEN, "text": "130", "edit_date": 1}},
    "a press": {"update_id": 1, "callback_query": {**QUERY, "message": {**SPOKEN, "message_id": 5, "text": "?"}}},
    "a press long after": {"update_id": 1, "callback_query": {**QUERY, "message": {"message_id": 5, "chat": CHAT}}},
}
READ = {
    *("update_id", *ALLOWED_UPDATES, "message_id", "chat", "from", "id", "type", "is_bot", "first_name", "username"),
    *("text", "caption", "media_group_id", "contact", "phone_number", "user_id", "photo", "data"),
    *("animation", "audio", "document", "video", "video_note", "voice"),
    *("file_id", "file_size", "file_name", "mime_type", "migrate_to_chat_id", "migrate_from_chat_id"),
}
"""All that is read, under whichever object."""

STRANGE: list[object] = [
    None, True, -1, 2**70, 1.5, "", "слово", "\ud83d", [], [[]], [None], {}, {"id": []}, {"новое": {"и": [{"ещё": 0}]}},
]  # fmt: skip


def places(value: object, path: Path = ()) -> Iterator[Path]:
    """The path of every object and list within, and of each of their parts."""
    yield path
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield from places(part, (*path, key))


def with_part(value: Any, path: Path, part: object) -> Any:
    """The same with something else in one place."""
    if not path:
        return part
    changed: Any = dict(value) if isinstance(value, dict) else list(value)
    changed[path[0]] = with_part(value[path[0]], path[1:], part)
    return changed


def without(value: Any, path: Path) -> Any:
    """The same without one of its parts."""
    if len(path) > 1:
        return with_part(value, path[:1], without(value[path[0]], path[1:]))
    return (
        {key: part for key, part in value.items() if key != path[0]}
        if isinstance(value, dict)
        else [part for index, part in enumerate(value) if index != path[0]]
    )


def is_read(path: Path) -> bool:
    """Whether we look there: of what stands below something that we don't read, nothing is."""
    return all(key in READ or isinstance(key, int) for key in path)


@pytest.mark.parametrize("sample", SAMPLES)
def test_unknown_additions_anywhere_change_nothing(sample: str) -> None:
    update = SAMPLES[sample]
    objects = [path for path in places(update) if isinstance(part_at(update, path), dict)]

    for path in objects:
        for strange in STRANGE:
            grown = with_part(update, path, {**part_at(update, path), "новое_поле": strange})
            assert given_by(grown) == given_by(update), (path, strange)


@pytest.mark.parametrize("sample", SAMPLES)
def test_what_we_do_not_read_may_become_anything_or_go(sample: str) -> None:
    update = SAMPLES[sample]
    unread = [path for path in places(update) if path and not is_read(path) and path[-1] != "pinned_message"]

    for path in unread:
        assert given_by(without(update, path)) == given_by(update), path
        for strange in STRANGE:
            assert given_by(with_part(update, path, strange)) == given_by(update), (path, strange)


@pytest.mark.parametrize("sample", SAMPLES)
def test_whatever_becomes_of_what_we_read_it_is_read_as_something(sample: str) -> None:
    """Perhaps as less; never as somebody else's, and never so that it stops us."""
    update = SAMPLES[sample]
    read = [path for path in places(update) if path and is_read(path) and path != ("update_id",)]

    for path in read:
        outcomes = [given_by(without(update, path)), *(given_by(with_part(update, path, odd)) for odd in STRANGE)]
        assert all(outcomes), path


FIELDS_OF_A_MESSAGE = sorted({"from" if name == "from_user" else name for name in Message.model_fields} - READ)


@pytest.mark.parametrize("field", FIELDS_OF_A_MESSAGE)
def test_no_field_of_a_message_costs_the_words_beside_it(field: str) -> None:
    for strange in STRANGE:
        update = {"update_id": 1, "message": {**SPOKEN, "text": "120 тыс", field: strange}}
        assert given_by(update) == {"text": "120 тыс"}, strange


OTHER_KINDS = sorted(set(Update.model_fields) - {"update_id", *ALLOWED_UPDATES})


@pytest.mark.parametrize("kind", [*OTHER_KINDS, "hologram"])
def test_a_kind_that_we_did_not_ask_for_is_passed_over(kind: str) -> None:
    for content in [{**SPOKEN, "text": "120 тыс"}, QUERY, *STRANGE]:
        update = {"update_id": 1, kind: content}
        assert kind_of(as_read(update)) == "other"
        assert given_by(update) == {"silence": True}


def part_at(value: Any, path: Path) -> Any:
    for key in path:
        value = value[key]
    return value
