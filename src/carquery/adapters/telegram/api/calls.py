"""Bot API calls, and what their failures mean to us."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, TypeAlias

import structlog

from carquery.adapters.messenger.chats import Gone, MessageGone, NotReached
from carquery.adapters.messenger.reach import CALLS
from carquery.adapters.outage import Outage
from carquery.adapters.telegram.api.bot_api import BotApi
from carquery.adapters.telegram.api.failures import (
    BadRequest,
    BotApiFailure,
    CallRefused,
    Forbidden,
    NotBotApi,
    ServerError,
    TelegramAway,
    TooManyRequests,
    in_words,
)
from carquery.adapters.telegram.api.methods import AnswerCallbackQuery, Method, Result_co

log = structlog.get_logger(__name__)

CALL_SECONDS: Final = 10
ANSWER_SECONDS: Final = 3
"""It only stops the button's clock; the next input need not wait for more."""
LONGEST_WAIT_SECONDS: Final = 30
"""A flood limit longer than this is not waited for here: what is owed is shown when it is over."""
TRIES: Final = 3

_UNCHANGED = "message is not modified"
_MESSAGE_GONE = (
    "message to edit not found",
    "message can't be edited",
    "MESSAGE_ID_INVALID",
    "message to delete not found",
)
_CHAT_CLOSED = ("chat not found", "not enough rights", "have no rights to send", "CHAT_WRITE_FORBIDDEN")
_QUERY_GONE = ("query is too old", "query ID is invalid")


Carry: TypeAlias = Callable[[Method[None]], bool]
"""Takes a call along in the answer to a webhook, which has room for one. False: it can't any more."""

_carry: ContextVar[Carry | None] = ContextVar("carry", default=None)


@contextmanager
def carried_by(carry: Carry) -> Iterator[None]:
    """Within it, the update in hand came by a webhook, whose answer can carry a call."""
    before = _carry.set(carry)
    try:
        yield
    finally:
        _carry.reset(before)


class Calls:
    """Calls the Bot API within a time limit, obeys flood limits, and repeats only what surely was not done."""

    def __init__(self, api: BotApi, outage: Outage) -> None:
        self._api = api
        self._outage = outage

    async def __call__(self, call: Method[Result_co]) -> Result_co | None:
        """Make one call; `None` if there was nothing to change.

        Raises:
            MessageGone: the message to edit is gone.
            Gone: the customer will not be reached any more.
            NotReached: this customer, or Telegram, can't be reached.
        """
        seconds = ANSWER_SECONDS if call.method == AnswerCallbackQuery.method else CALL_SECONDS
        for attempt in range(1, TRIES + 1):
            try:
                done = await self._api(call, seconds=seconds)
            except TooManyRequests as flood:
                if attempt == TRIES or flood.retry_after > LONGEST_WAIT_SECONDS:
                    raise self._not_reached(call, flood) from flood
                await asyncio.sleep(flood.retry_after)
            except (TelegramAway, ServerError, NotBotApi) as failure:
                if attempt == TRIES or not (call.is_repeatable or _surely_not_done(failure)):
                    self._outage.failed(*in_words(failure), of=CALLS)
                    raise self._not_reached(call, failure) from failure
                await asyncio.sleep(attempt / 2)
            except BadRequest as refusal:
                self._check_refusal(call, refusal)
                return None
            except Forbidden as refusal:
                raise self._gone(call, refusal) from refusal
            except CallRefused as refusal:
                raise self._not_reached(call, refusal) from refusal
            else:
                self._outage.worked(of=CALLS)
                return done
        raise AssertionError("the last attempt returns or raises")

    async def beside(self, call: Method[None]) -> None:
        """Make a call that may come a moment after the others. Where a webhook's answer can carry it, that saves a
        request.

        How it ended is not told then, which matters to nobody: old buttons and presses are taken for stale anyway.

        Raises:
            MessageGone, Gone, NotReached: as a call of its own does.
        """
        carry = _carry.get()
        if carry is None or not carry(call):
            await self(call)

    def _check_refusal(self, call: Method[object], refusal: BadRequest) -> None:
        """Normal life: what we wanted to change has changed already. Anything else is a bug of ours."""
        if _UNCHANGED in refusal.description or any(text in refusal.description for text in _QUERY_GONE):
            return
        if any(text in refusal.description for text in _MESSAGE_GONE):
            raise MessageGone from refusal
        if any(text in refusal.description for text in _CHAT_CLOSED):
            raise self._gone(call, refusal) from refusal
        raise refusal

    def _not_reached(self, call: Method[object], cause: BotApiFailure) -> NotReached:
        log.warning("telegram_not_reached", method=call.method, reason=in_words(cause)[0])
        again_in = cause.retry_after if isinstance(cause, TooManyRequests) else 0
        return NotReached(
            again_in=again_in, is_perhaps_done=not (isinstance(cause, CallRefused) or _surely_not_done(cause))
        )

    def _gone(self, call: Method[object], cause: BotApiFailure) -> Gone:
        log.warning("telegram_not_reached", method=call.method, reason=in_words(cause)[0])
        return Gone()


def _surely_not_done(failure: BotApiFailure) -> bool:
    """A lost answer is let go: a second question is worse than one that the next touch brings back."""
    return isinstance(failure, ServerError) or (isinstance(failure, TelegramAway) and not failure.is_sent)
