"""Calls to MAX, and what their failures mean to us."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from carquery.adapters.max.api.answers import USUAL_PAUSE
from carquery.adapters.max.api.failures import (
    MaxAway,
    MaxBadRequest,
    MaxFailure,
    MaxForbidden,
    MaxNotFound,
    MaxNotReady,
    MaxRefused,
    MaxServerError,
    MaxSuspended,
    MaxTokenRefused,
    MaxTooManyRequests,
    NotMaxApi,
    in_words,
)
from carquery.adapters.max.api.max_api import MaxApi
from carquery.adapters.max.api.methods import MaxMethod, Result_co
from carquery.adapters.messenger.chats import Gone, MessageGone, NotReached
from carquery.adapters.messenger.reach import CALLS
from carquery.adapters.outage import Outage

log = structlog.get_logger(__name__)

CALL_SECONDS: Final = 10
LONGEST_WAIT_SECONDS: Final = 30
"""So long a call waits for MAX's limits, in all: several replicas may share them. After that it is owed still."""
TRIES: Final = 3


class MaxCalls:
    """Calls MAX within a time limit, obeys its limits, and repeats only what surely was not done, or is the same."""

    def __init__(
        self, api: MaxApi, outage: Outage, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._api = api
        self._outage = outage
        self._sleep = sleep

    async def __call__(self, call: MaxMethod[Result_co]) -> Result_co:
        """Make one call.

        Raises:
            MessageGone: what it is about is gone, or can't be changed.
            Gone: the customer will not be reached any more.
            NotReached: this customer, or MAX, can't be reached.
            MaxBadRequest: it was refused for how it is written, which is a bug of ours.
        """
        waited, failed = 0.0, 0
        while True:
            try:
                done = await self._api(call, seconds=CALL_SECONDS)
            except (MaxTooManyRequests, MaxNotReady) as early:
                pause = early.retry_after if isinstance(early, MaxTooManyRequests) else USUAL_PAUSE
                waited += pause
                if waited > LONGEST_WAIT_SECONDS:
                    raise _not_reached(call, early, again_in=pause) from early
                await self._sleep(pause)
            except (MaxAway, MaxServerError, NotMaxApi) as failure:
                failed += 1
                if failed == TRIES or not (call.is_repeatable or _surely_not_done(failure)):
                    self._outage.failed(*in_words(failure), of=CALLS)
                    raise _not_reached(call, failure) from failure
                await self._sleep(failed / 2)
            except MaxRefused as refusal:
                self._outage.worked(of=CALLS)
                raise _meaning(call, refusal) from refusal
            else:
                self._outage.worked(of=CALLS)
                return done


def _meaning(call: MaxMethod[object], refusal: MaxRefused) -> Exception:
    """What a refusal means. Whatever is said of a message that was to be changed, a new one can take its place."""
    match refusal:
        case MaxTokenRefused():
            return _not_reached(call, refusal)
        case MaxSuspended():
            return _gone(call, refusal)
        case MaxBadRequest(code="proto.payload"):
            return refusal
        case _ if call.is_about_message:
            return MessageGone()
        case MaxForbidden() | MaxNotFound():
            return _gone(call, refusal)
        case MaxBadRequest():
            return refusal
        case _:
            return _not_reached(call, refusal)


def _not_reached(call: MaxMethod[object], cause: MaxFailure, *, again_in: float = 0.0) -> NotReached:
    log.warning("max_not_reached", method=call.name, reason=in_words(cause)[0])
    is_perhaps_done = not (isinstance(cause, MaxRefused) or _surely_not_done(cause))
    return NotReached(again_in=again_in, is_perhaps_done=is_perhaps_done)


def _gone(call: MaxMethod[object], cause: MaxFailure) -> Gone:
    log.warning("max_not_reached", method=call.name, reason=in_words(cause)[0])
    return Gone()


def _surely_not_done(failure: MaxFailure) -> bool:
    """A lost answer is let go: a second question is worse than one that the next touch brings back."""
    match failure:
        case MaxAway():
            return not failure.is_sent
        case MaxServerError():
            return not failure.is_done_perhaps
        case _:
            return False
