"""The way in: a raw update is parsed alone, given to the dispatcher, and whatever goes wrong stays with it."""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from aiogram import Bot, Dispatcher
from aiogram.types import Update
from pydantic import ValidationError
from structlog.contextvars import bound_contextvars

from carquery.adapters.telegram.chat import Chat, Pressed, Written
from carquery.adapters.telegram.use_cases import UseCases
from carquery.application.ports.visits import StoreUnavailable
from carquery.application.reception import Arrival, Reply
from carquery.application.screens import Busy, Stale
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
        with bound_contextvars(update_id=first.update_id, customer=customer_of(first)):
            try:
                album = [update.message for update in updates if update.message is not None]
                await self._dispatcher.feed_update(self._bot, first, album=album)
            except Exception:
                log.exception("update_failed")
                await self._apologise(first)

    async def handle_unreadable(self, raw: Mapping[str, Any]) -> None:
        """Answer what could not be read like any other unexpected content, if one can see who sent it."""
        with bound_contextvars(update_id=raw["update_id"]):
            try:
                await self._answer_unreadable(raw)
            except Exception:
                log.exception("update_failed")

    async def _answer_unreadable(self, raw: Mapping[str, Any]) -> None:
        match raw:
            case {"message": {"chat": {"type": "private"}, "from": {"id": int(sender)}}}:
                reply = await self._unexpected(Arrival(CustomerId(sender), InputId(raw["update_id"])))
                await self._chat.show(CustomerId(sender), reply, Written())
            case {"callback_query": {"id": str(query), "from": {"id": int(sender)}}}:
                await self._chat.show(CustomerId(sender), Reply(Stale()), Pressed(query, None))
            case _:
                return

    async def _unexpected(self, arrival: Arrival) -> Reply:
        try:
            return await self._use_cases.collect_lead_step(arrival, Unexpected())
        except StoreUnavailable:
            return Reply(Busy())

    async def _apologise(self, update: Update) -> None:
        customer = customer_of(update)
        if customer is None:
            return
        query = update.callback_query
        try:
            cause = Written() if query is None else Pressed(query.id, None)
            await self._chat.show(CustomerId(customer), Reply(Busy()), cause)
        except Exception:
            log.exception("apology_failed")


def customer_of(update: Update) -> int | None:
    """Who an update came from; None: nobody we answer."""
    event = update.message or update.callback_query
    return None if event is None or event.from_user is None else event.from_user.id
