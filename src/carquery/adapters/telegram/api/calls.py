"""Bot API calls, and what their failures mean to us."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final, TypeVar

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import AnswerCallbackQuery, EditMessageReplyMarkup, EditMessageText, TelegramMethod

from carquery.adapters.messenger.chats import MessageGone, NotReached
from carquery.adapters.outage import Outage
from carquery.adapters.telegram.api.transport import TelegramAway, in_words

log = structlog.get_logger(__name__)
T = TypeVar("T")

CALL_SECONDS: Final = 10
ANSWER_SECONDS: Final = 3
"""It only stops the button's clock; the next input need not wait for more."""
LONGEST_WAIT_SECONDS: Final = 30
"""A flood limit longer than this is not waited for: the customer has gone by then."""
TRIES: Final = 3
CALLS: Final = "calls"
"""Their name in an outage."""

_REPEATABLE = (AnswerCallbackQuery, EditMessageReplyMarkup, EditMessageText)
"""Done twice, they leave the chat as done once."""

_UNCHANGED = "message is not modified"
_MESSAGE_GONE = (
    "message to edit not found",
    "message can't be edited",
    "MESSAGE_ID_INVALID",
    "message to delete not found",
)
_CHAT_CLOSED = ("chat not found", "not enough rights", "have no rights to send", "CHAT_WRITE_FORBIDDEN")
_QUERY_GONE = ("query is too old", "query ID is invalid")


@dataclass(slots=True)
class Along:
    """What is said in the answer to a webhook: one call at most."""

    call: AnswerCallbackQuery | None = None


_along: ContextVar[Along | None] = ContextVar("along", default=None)


@contextmanager
def answering_along() -> Iterator[Along]:
    """Within it, the update in hand came by a webhook, whose answer can carry a call."""
    along = Along()
    before = _along.set(along)
    try:
        yield along
    finally:
        _along.reset(before)


class Calls:
    """Calls the Bot API within a time limit, obeys flood limits, and repeats only what surely was not done."""

    def __init__(self, bot: Bot, outage: Outage) -> None:
        self._bot = bot
        self._outage = outage

    async def __call__(self, method: TelegramMethod[T]) -> T | None:
        """Make one call; `None` if there was nothing to change.

        Raises:
            MessageGone: the message to edit is gone.
            NotReached: this customer, or Telegram, can't be reached.
        """
        seconds = ANSWER_SECONDS if isinstance(method, AnswerCallbackQuery) else CALL_SECONDS
        for attempt in range(1, TRIES + 1):
            try:
                done = await self._bot(method, request_timeout=seconds)
            except TelegramRetryAfter as flood:
                if attempt == TRIES or flood.retry_after > LONGEST_WAIT_SECONDS:
                    raise self._not_reached(method, flood) from flood
                await asyncio.sleep(flood.retry_after)
            except (TelegramNetworkError, TelegramServerError, ClientDecodeError) as failure:
                if attempt == TRIES or not (isinstance(method, _REPEATABLE) or _surely_not_done(failure)):
                    self._outage.failed(*in_words(failure), of=CALLS)
                    raise self._not_reached(method, failure) from failure
                await asyncio.sleep(attempt / 2)
            except TelegramBadRequest as refusal:
                self._check_refusal(method, refusal)
                return None
            except TelegramAPIError as refusal:
                raise self._not_reached(method, refusal) from refusal
            else:
                self._outage.worked(of=CALLS)
                return done
        raise AssertionError("the last attempt returns or raises")

    async def last(self, answer: AnswerCallbackQuery) -> None:
        """Answer a press when nothing else follows: a webhook's answer carries it, which saves a round trip.

        How it ended is not told then, which is no loss: a press that came late can't be answered anyway. Where
        another call follows, that one would wait; then they go out at the same time instead.

        Raises:
            NotReached: as a call of its own does.
        """
        along = _along.get()
        if along is None:
            await self(answer)
        else:
            along.call = answer

    def _check_refusal(self, method: TelegramMethod[T], refusal: TelegramBadRequest) -> None:
        """Normal life: what we wanted to change has changed already. Anything else is a bug of ours."""
        if _UNCHANGED in refusal.message or any(text in refusal.message for text in _QUERY_GONE):
            return
        if any(text in refusal.message for text in _MESSAGE_GONE):
            raise MessageGone from refusal
        if any(text in refusal.message for text in _CHAT_CLOSED):
            raise self._not_reached(method, refusal) from refusal
        raise refusal

    def _not_reached(self, method: TelegramMethod[T], cause: AiogramError) -> NotReached:
        log.warning("telegram_not_reached", method=method.__api_method__, reason=in_words(cause)[0])
        return NotReached()


def _surely_not_done(failure: AiogramError) -> bool:
    """A lost answer is let go: a second question is worse than one that the next touch brings back."""
    return isinstance(failure, TelegramServerError) or (isinstance(failure, TelegramAway) and not failure.is_sent)
