"""The way in: a raw update is parsed alone, given to the dispatcher, and whatever goes wrong stays with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import structlog
from aiogram import Bot, Dispatcher
from aiogram.types import Update
from pydantic import ValidationError
from structlog.contextvars import bound_contextvars

from carquery.adapters.telegram.channel import customer_of_user
from carquery.adapters.telegram.rendering.chat import Chat, Pressed, Written
from carquery.adapters.telegram.updates.handlers import ALLOWED_UPDATES
from carquery.adapters.telegram.updates.plain_updates import plainly, speaker_of
from carquery.adapters.telegram.updates.use_cases import UseCases
from carquery.adapters.telegram.updates.watch import Watch
from carquery.application.conversation.reception import Arrival, Reply
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.screens import Busy
from carquery.domain.answers import Unexpected
from carquery.domain.ids import InputId

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An update of which nothing can be read. `customer`: who waits for an answer to it, if one can see that."""

    update_id: int
    customer: int | None


Arrived: TypeAlias = Update | Unreadable


class NoUpdates(Exception):
    """They do not come in; in a few words, without addresses."""


class Intake:
    """Parses and handles updates. Nothing it is given can stop it."""

    def __init__(self, bot: Bot, dispatcher: Dispatcher, use_cases: UseCases, chat: Chat, watch: Watch) -> None:
        self._bot = bot
        self._dispatcher = dispatcher
        self._use_cases = use_cases
        self._chat = chat
        self._watch = watch

    def parse(self, raw: Mapping[str, Any]) -> Arrived:
        """As `read_update`."""
        return read_update(raw, self._bot)

    async def handle(self, arrived: Sequence[Arrived], behind: int) -> None:
        """Handle one update, or an album; a failure is logged with its traceback and told to the customer.

        Args:
            behind: how many of the customer's updates stand in line behind.
        """
        first = arrived[0]
        user = customer_of(first)
        customer = None if user is None else str(customer_of_user(user))
        with bound_contextvars(update_id=first.update_id, customer=customer):
            try:
                with self._watch.handling(_kind_of(first)):
                    if isinstance(first, Unreadable):
                        await self._answer_unreadable(first)
                    else:
                        parts = [part for part in arrived if isinstance(part, Update)]
                        await self._feed(first, parts, behind)
            except Exception:
                log.exception("update_failed")
                await self._apologise(first)

    async def _feed(self, first: Update, parts: Sequence[Update], behind: int) -> None:
        if first.message is None and first.edited_message is None and first.callback_query is None:
            return  # nothing we asked Telegram for; aiogram would warn, and quote it
        album = [part.message for part in parts if part.message is not None]
        along = [part.update_id for part in parts[1:]]
        await self._dispatcher.feed_update(self._bot, first, album=album, along=along, behind=behind)

    async def _answer_unreadable(self, update: Unreadable) -> None:
        """Like any other unexpected content."""
        if update.customer is None:
            return
        customer = customer_of_user(update.customer)
        reply = await self._unexpected(Arrival(customer, InputId(str(update.update_id))))
        await self._chat.show(customer, reply, Written())

    async def _unexpected(self, arrival: Arrival) -> Reply:
        try:
            return await self._use_cases.collect_lead_step(arrival, Unexpected())
        except StoreUnavailable:
            return Reply(Busy())

    async def _apologise(self, failed: Arrived) -> None:
        customer = customer_of(failed)
        if customer is None:
            return
        query = None if isinstance(failed, Unreadable) else failed.callback_query
        try:
            cause = Written() if query is None else Pressed(query.id, None)
            await self._chat.show(customer_of_user(customer), Reply(Busy()), cause)
        except Exception:
            log.exception("apology_failed")


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


def _kind_of(arrived: Arrived) -> str:
    if isinstance(arrived, Unreadable):
        return "unreadable"
    return next((kind for kind in ALLOWED_UPDATES if getattr(arrived, kind) is not None), "other")


def customer_of(arrived: Arrived) -> int | None:
    """Who an update came from; None: nobody we answer."""
    if isinstance(arrived, Unreadable):
        return arrived.customer
    event = arrived.message or arrived.edited_message or arrived.callback_query
    return None if event is None or event.from_user is None else event.from_user.id


def album_of(arrived: Arrived) -> str | None:
    """The album it is a part of."""
    return None if isinstance(arrived, Unreadable) or arrived.message is None else arrived.message.media_group_id
