"""The way in: a raw update is parsed alone, given to the dispatcher, and whatever goes wrong stays with it."""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from aiogram import Bot, Dispatcher
from aiogram.types import Update
from pydantic import ValidationError
from structlog.contextvars import bound_contextvars

from carquery.adapters.telegram.chat import Chat, Written
from carquery.adapters.telegram.use_cases import UseCases
from carquery.application.ports.visits import StoreUnavailable
from carquery.application.reception import Arrival, Reply
from carquery.application.screens import Busy
from carquery.domain.answers import Unexpected
from carquery.domain.ids import CustomerId, InputId

log = structlog.get_logger(__name__)


class Intake:
    """Parses and handles updates. Nothing it is given can stop it."""

    def __init__(self, bot: Bot, dispatcher: Dispatcher, use_cases: UseCases, chat: Chat) -> None:
        self._bot = bot
        self._dispatcher = dispatcher
        self._use_cases = use_cases
        self._chat = chat

    def parse(self, raw: Mapping[str, Any]) -> Update | None:
        """The update; None: Telegram has sent something that the library can't read, which is logged."""
        try:
            return Update.model_validate(raw, context={"bot": self._bot})
        except ValidationError as unreadable:
            kinds = [kind for kind in raw if kind != "update_id"]
            # The error's own text quotes the customer's words, so there is no traceback.
            log.warning(
                "update_unreadable", update_id=raw.get("update_id"), kinds=kinds, faults=unreadable.error_count()
            )
            return None

    async def handle(self, updates: Sequence[Update]) -> None:
        """Handle one update, or an album; its failure is logged with its traceback and told to the customer."""
        first = updates[0]
        customer = customer_of(first)
        with bound_contextvars(update_id=first.update_id, customer=customer):
            try:
                album = [update.message for update in updates if update.message is not None]
                await self._dispatcher.feed_update(self._bot, first, album=album)
            except Exception:
                log.exception("update_failed")
                await self._apologise(customer)

    async def handle_unreadable(self, raw: Mapping[str, Any]) -> None:
        """Answer a message that could not be read like any other unexpected content, if one can see who wrote it."""
        sender = _private_sender(raw)
        if sender is None:
            return
        arrival = Arrival(CustomerId(sender), InputId(raw["update_id"]))
        with bound_contextvars(update_id=raw["update_id"], customer=sender):
            try:
                reply = await self._use_cases.collect_lead_step(arrival, Unexpected())
            except StoreUnavailable:
                reply = Reply(Busy())
            await self._chat.show(arrival.customer, reply, Written())

    async def _apologise(self, customer: int | None) -> None:
        if customer is None:
            return
        try:
            await self._chat.show(CustomerId(customer), Reply(Busy()), Written())
        except Exception:
            log.exception("apology_failed")


def customer_of(update: Update) -> int | None:
    """Who an update came from; None: nobody we answer."""
    event = update.message or update.callback_query
    return None if event is None or event.from_user is None else event.from_user.id


def _private_sender(raw: Mapping[str, Any]) -> int | None:
    match raw:
        case {"message": {"chat": {"type": "private", "id": int(chat)}, "from": {"id": int(sender)}}} if chat == sender:
            return sender
        case _:
            return None
