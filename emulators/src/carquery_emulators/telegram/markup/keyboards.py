"""Keyboards as Telegram checks them."""

import json
from collections.abc import Callable

from carquery_emulators.kit.json_types import Json
from carquery_emulators.telegram.api.errors import bad_request
from carquery_emulators.telegram.markup.links import LinkRefused, checked_link

CALLBACK_DATA_LIMIT = 64  # bytes, not characters. Source: Bot API, InlineKeyboardButton
_ROWS_LIMIT, _BUTTONS_LIMIT = 100, 100
_OTHER_INLINE_ACTIONS = (
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)


def read_reply_markup(raw: object, *, only_inline: bool) -> Json | None:
    """Check a `reply_markup`.

    Returns:
        The markup as it will be stored: one of Bot API's four objects, or None if there is none.

    Raises:
        BotApiError: Telegram would refuse it.
    """
    if raw is None or raw == {}:
        return None
    if isinstance(raw, str):
        try:
            raw = json.loads(raw)
        except ValueError as error:
            raise bad_request("can't parse reply keyboard markup JSON object") from error
    if not isinstance(raw, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in raw:
        rows = _rows(raw["inline_keyboard"], _inline_button)
        return {"inline_keyboard": rows} if rows else None
    if only_inline:
        raise bad_request("inline keyboard expected")
    if "keyboard" in raw:
        rows = _rows(raw["keyboard"], _reply_button)
        return {**raw, "keyboard": rows} if rows else None
    if raw.get("remove_keyboard") is True or raw.get("force_reply") is True:
        return raw
    return None


def _rows(raw: object, read: Callable[[Json], Json]) -> list[list[Json]]:
    if not isinstance(raw, list):
        raise bad_request('field "inline_keyboard" must be of type Array')
    rows = []
    for row in raw:
        if not isinstance(row, list):
            raise bad_request("can't parse keyboard: Expected an Array of Arrays of Buttons")
        buttons = [read({"text": button} if isinstance(button, str) else button) for button in row]
        if buttons:
            rows.append(buttons)
    if len(rows) > _ROWS_LIMIT or sum(map(len, rows)) > _BUTTONS_LIMIT:
        raise bad_request("reply markup is too long")
    return rows


def _inline_button(raw: Json) -> Json:
    text = raw.get("text")
    if not isinstance(text, str):
        raise bad_request("can't parse inline keyboard button: Can't find field \"text\"")
    if not text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if raw.get("url"):
        return {"text": text.strip(), "url": _button_url(str(raw["url"]))}
    if raw.get("callback_data"):
        data = str(raw["callback_data"])
        if len(data.encode()) > CALLBACK_DATA_LIMIT:
            raise bad_request("BUTTON_DATA_INVALID")
        return {"text": text.strip(), "callback_data": data}
    if any(raw.get(action) is not None for action in _OTHER_INLINE_ACTIONS):
        return raw
    raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")


def _button_url(url: str) -> str:
    try:
        return checked_link(url)
    except LinkRefused as refused:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: {refused}") from refused


def _reply_button(raw: Json) -> Json:
    text = raw.get("text")
    if not isinstance(text, str) or not text.strip():
        raise bad_request("keyboard button text must be non-empty")
    return {**raw, "text": text.strip()}
