"""Each kind of update, and those that are not what MAX says: what is odd costs only itself, and no customer's word."""

import json
from pathlib import Path
from typing import Any

import pytest

from carquery.adapters.max.updates.reading import read_input
from carquery.domain.ids import InputId
from tests.adapters.max.readings import given_by

CASES = [json.loads(line) for line in Path("tests/data/max_updates.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_what_can_be_read_of_an_update_is_read(case: dict[str, Any]) -> None:
    assert given_by(case["update"]) == case["gives"]


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b'"update"', b"[" * 100_000, b"\xff"], ids=repr)
def test_what_is_no_update_is_none(raw: bytes) -> None:
    assert read_input(raw) is None


PRESS = {
    "update_type": "message_callback",
    "timestamp": 9,
    "callback": {"timestamp": 5, "callback_id": "k", "payload": "a", "user": {"user_id": 1}},
    "message": None,
}
TEXT = {"update_type": "message_created", "timestamp": 9, "message": {"body": {"mid": "m"}, "sender": {"user_id": 1}}}
START = {"update_type": "bot_started", "timestamp": 9, "chat_id": 5, "user": {"user_id": 1}, "payload": None}
FORWARD = {
    "update_type": "message_created",
    "timestamp": 9,
    "message": {"body": None, "link": {"type": "forward", "message": {"mid": "m"}}},
}


def name_of(update: dict[str, Any]) -> InputId:
    given = read_input(json.dumps(update).encode())
    assert given is not None
    return given.input


def callback(**changed: object) -> dict[str, Any]:
    return {**PRESS, "callback": {**PRESS["callback"], **changed}}  # type: ignore[dict-item]  # is one


@pytest.mark.parametrize(
    ("original", "repeat"),
    [
        (TEXT, {**TEXT, "timestamp": 10, "user_locale": "ru"}),
        (PRESS, {**PRESS, "timestamp": 10, "message": {"body": {"mid": "x"}}}),
        (START, {**START, "user_locale": "ru"}),
        (FORWARD, FORWARD),
        ({"update_type": "hologram_shown", "timestamp": 9}, {"update_type": "hologram_shown", "timestamp": 9}),
    ],
    ids=["a text", "a press", "a start", "a forwarded message", "a type unheard of"],
)
def test_a_repeat_has_the_same_name(original: dict[str, Any], repeat: dict[str, Any]) -> None:
    assert name_of(repeat) == name_of(original)


def test_all_else_has_another_name() -> None:
    others = [
        TEXT,
        {**TEXT, "message": {**TEXT["message"], "body": {"mid": "n"}}},  # type: ignore[dict-item]  # is one
        {**TEXT, "update_type": "message_edited"},
        {**TEXT, "update_type": "message_edited", "timestamp": 10},
        PRESS,
        callback(timestamp=6),
        callback(payload="b"),
        callback(callback_id="l"),
        START,
        {**START, "timestamp": 10},
        {**START, "user": {"user_id": 2}},
        {**START, "update_type": "bot_stopped"},
        FORWARD,
    ]

    assert len({name_of(update) for update in others}) == len(others)
