"""Keyboards as MAX checks them. Source: dev.max.ru, docs-api, «Клавиатура», as of 2026; the words are our own."""

from carquery_emulators.kit.json_types import Json
from carquery_emulators.max.api.errors import bad_payload
from carquery_emulators.max.markup.marked_text import utf16_length

ROWS_LIMIT, BUTTONS_LIMIT = 30, 210
ROW_LIMIT, WIDE_ROW_LIMIT = 7, 3
TEXT_LIMIT, PAYLOAD_LIMIT, URL_LIMIT = 128, 1024, 2048
_WIDE = frozenset({"link", "open_app", "request_contact", "request_geo_location"})
"""A row that has one of these has three buttons at most."""
_TYPES = frozenset({"callback", "message", "clipboard"}) | _WIDE


def read_keyboard(payload: object) -> list[list[Json]]:
    """The rows of an `inline_keyboard`. Raises MaxError: MAX would refuse it."""
    rows = payload.get("buttons") if isinstance(payload, dict) else None
    if not isinstance(rows, list) or not rows:
        raise bad_payload("buttons: must not be empty")
    if len(rows) > ROWS_LIMIT:
        raise bad_payload(f"buttons: more than {ROWS_LIMIT} rows")
    read = [_row(row) for row in rows]
    if sum(map(len, read)) > BUTTONS_LIMIT:
        raise bad_payload(f"buttons: more than {BUTTONS_LIMIT}")
    return read


def _row(row: object) -> list[Json]:
    if not isinstance(row, list) or not row:
        raise bad_payload("buttons: a row must be a list of buttons")
    buttons = [_button(button) for button in row]
    limit = WIDE_ROW_LIMIT if any(button["type"] in _WIDE for button in buttons) else ROW_LIMIT
    if len(buttons) > limit:
        raise bad_payload(f"buttons: more than {limit} in a row")
    return buttons


def _button(raw: object) -> Json:
    if not isinstance(raw, dict) or raw.get("type") not in _TYPES:
        raise bad_payload("buttons: type is unknown")
    _check(raw, "text", TEXT_LIMIT)
    if raw["type"] in {"callback", "clipboard"}:
        _check(raw, "payload", PAYLOAD_LIMIT)
    if raw["type"] == "link":
        _check(raw, "url", URL_LIMIT)
    return raw


def _check(raw: Json, name: str, limit: int) -> None:
    value = raw.get(name)
    if not isinstance(value, str) or not value.strip() or utf16_length(value) > limit:
        raise bad_payload(f"buttons: {name} must have 1 to {limit} characters")
