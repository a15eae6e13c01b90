"""A raw update into one that can be matched on, or into what little can be read of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import structlog
from aiogram import Bot
from aiogram.types import Update
from pydantic import ValidationError

from carquery.adapters.telegram.updates.plain_updates import plainly, speaker_of

log = structlog.get_logger(__name__)

ALLOWED_UPDATES: Final = ("message", "edited_message", "callback_query")
"""What Telegram is asked for."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An update of which nothing can be read. `customer`: who waits for an answer to it, if one can see that."""

    update_id: int
    customer: int | None


Arrived: TypeAlias = Update | Unreadable


def read_update(raw: Mapping[str, Any], bot: Bot) -> Arrived:
    """The update, or what can be read of it; what can't be read is logged. `raw` has an update_id."""
    try:
        return Update.model_validate(raw, context={"bot": bot})
    except ValidationError as unreadable:
        kinds = [kind for kind in raw if kind != "update_id"]
        # The error's own text quotes the customer's words, so there is no traceback.
        said = log.bind(update_id=raw["update_id"], kinds=kinds, faults=unreadable.error_count())
    try:
        plain = plainly(raw)
        update = None if plain is None else Update.model_validate(plain, context={"bot": bot})
    except ValidationError:  # the library wants something of a part that nobody thought of
        update = None
    if update is None:
        said.warning("update_unreadable")
        return Unreadable(raw["update_id"], speaker_of(raw))
    said.warning("update_read_in_part")
    return update


def kind_of(arrived: Arrived) -> str:
    """One of `UPDATE_KINDS`."""
    if isinstance(arrived, Unreadable):
        return "unreadable"
    return next((kind for kind in ALLOWED_UPDATES if getattr(arrived, kind) is not None), "other")


def customer_of(arrived: Arrived) -> int | None:
    """Who an update came from; `None` if nobody we answer."""
    if isinstance(arrived, Unreadable):
        return arrived.customer
    event = arrived.message or arrived.edited_message or arrived.callback_query
    return None if event is None or event.from_user is None else event.from_user.id


def album_of(arrived: Arrived) -> str | None:
    """The album it is a part of."""
    return None if isinstance(arrived, Unreadable) or arrived.message is None else arrived.message.media_group_id
