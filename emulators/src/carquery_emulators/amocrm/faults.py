"""Misfortunes on order: requests that go wrong in a chosen way, and switches that stay as they are put."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

from carquery_emulators.amocrm.requests.call import ApiCall, Host
from carquery_emulators.kit.faults import Countdown, FaultQueue, one_of
from carquery_emulators.kit.patience import NothingHappened, patience

How: TypeAlias = Literal[
    "refuse",
    "drop",
    "late",
    "delay",
    "hang",
    "500",
    "502",
    "503",
    "504",
    "500 after",
    "502 after",
    "504 after",
    "429",
    "429 header",
    "403 html",
    "403 scope",
    "402",
    "401",
    "html 200",
    "empty 200",
    "404 html",
    "redirect",
    "front",
    "front after",
]
"""
- `refuse`: the connection is cut before the effect; `drop`: after it; `late`: at once, the effect comes `seconds` later
- `delay`: `seconds` pass before the effect; `hang`: between the effect and the answer
- `500 after` and the like: the effect is there, the answer says that something broke; without «after» there is none
- `429`: HTML, or JSON with `retry_after`; `429 header`: HTML with the header Retry-After
- `empty 200`: the effect is there, the answer is `{}`
- `front`: a server in front of amoCRM gives an answer of its own (`FrontAnswer`) instead of passing the request on;
  `front after`: having passed it on
- everything else is answered instead of acting
"""
Poison: TypeAlias = Literal["400 plain", "400 validation", "500", "504"]
When: TypeAlias = Literal["before", "after"]
Search: TypeAlias = Literal["substring", "digits"]
LimitSays: TypeAlias = Literal["nothing", "json", "header"]


@dataclass(frozen=True, slots=True)
class Requests:
    """Which requests are meant: None means any. `path`: a pattern that is somewhere in the path.

    Raises:
        ValueError: `path` is no pattern, or there is no such host: it would never fit.
    """

    method: str | None = None
    path: str | None = None
    host: Host | None = None

    def __post_init__(self) -> None:
        try:
            re.compile(self.path or "")
        except re.error as error:
            raise ValueError(f"path={self.path!r} is no pattern: {error}") from error
        if self.host is not None:
            one_of(get_args(Host), self.host, name="host")

    def fit(self, call: ApiCall) -> bool:
        return (
            (self.method is None or self.method.upper() == call.method)
            and (self.path is None or re.search(self.path, call.path) is not None)
            and (self.host is None or self.host == call.host)
        )


@dataclass(frozen=True, slots=True)
class FrontAnswer:
    """What a server in front of amoCRM answers. `body` None: a page of nginx."""

    status: int = 400
    body: str | None = None
    content_type: str = "text/html"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with which requests. `front`: what a server in front of amoCRM answers, if it does."""

    how: How
    requests: Requests
    countdown: Countdown
    seconds: float = 1.0
    retry_after: int | None = None
    front: FrontAnswer = FrontAnswer()


class Hold:
    """One request stopped just before or just after its effect, until it is released."""

    def __init__(self, when: When, requests: Requests, skip: int) -> None:
        self.when = when
        self.requests = requests
        self.countdown = Countdown(skip=skip)
        self.reached = asyncio.Event()
        self._released = asyncio.Event()
        self._is_dropped = False

    async def wait(self) -> None:
        """Until a request is held. Raises NothingHappened: none came."""
        seconds = patience()
        try:
            async with asyncio.timeout(seconds):
                await self.reached.wait()
        except TimeoutError:
            awaited = f"a request to hold {self.when} its effect, {self.requests}"
            raise NothingHappened(awaited, seconds=seconds, instead="none came") from None

    def release(self, *, drop: bool) -> None:
        """Let it go on, or cut its connection: if it was held before its effect, there will be none."""
        self._is_dropped = drop
        self._released.set()

    async def hold(self) -> bool:
        """Returns whether the request goes on."""
        self.reached.set()
        await self._released.wait()
        return not self._is_dropped


class Faults:
    """Faults in the order in which they were asked for; the first one that fits a request is used up by it.

    Attributes:
        unpaid: every call of the API and the drive is answered with 402.
        blocked: every request, also for tokens, is answered with the front's 403.
        slow: seconds that pass before each request is looked at.
        search: how `query` compares: with what was written (as users of amoCRM describe it), or digits with digits.
        search_lag: seconds until `query` finds something new.
        partial_batches: the good items of a refused request are done although the answer is 400.
        limit_says: whether a 429 for the rate tells `limit_retry_after`, and how.
        events_lag: seconds until the audit feed shows what happened.
        events_silent: the audit feed shows nothing at all.
        events_mixed: the audit feed comes in no order.
        refresh_revokes_access: renewing tokens ends the old access token at once (undocumented either way).
    """

    def __init__(self) -> None:
        self._queue: FaultQueue[Fault] = FaultQueue()
        self.clear()

    def clear(self) -> None:
        """Forget every fault and poison, put every switch back, let every held request go on."""
        for hold in getattr(self, "_holds", ()):
            hold.release(drop=False)
        self._queue.clear()
        self._holds: list[Hold] = []
        self._poisons: dict[str, Poison] = {}
        self.unpaid = False
        self.blocked = False
        self.slow = 0.0
        self.search: Search = "substring"
        self.search_lag = 0.0
        self.partial_batches = False
        self.limit_says: LimitSays = "nothing"
        self.limit_retry_after = 1
        self.events_lag = 0.0
        self.events_silent = False
        self.events_mixed = False
        self.refresh_revokes_access = False

    def add(
        self,
        how: str,
        *,
        method: str | None = None,
        path: str | None = None,
        host: Host | None = None,
        skip: int = 0,
        times: int | None = 1,
        seconds: float = 1.0,
        retry_after: int | None = None,
        front: FrontAnswer = FrontAnswer(),
    ) -> Fault:
        """Let the next fitting requests go wrong.

        Raises:
            ValueError: `how` is not one of `How`, `path` is no pattern, there is no such host, or a number is out of
                range.
        """
        known: How = one_of(get_args(How), how, name="how")
        requests = Requests(method, path, host)
        return self._queue.put(Fault(known, requests, Countdown(times, skip), seconds, retry_after, front))

    def hold(
        self, when: When, *, method: str | None = None, path: str | None = None, host: Host | None = None, skip: int = 0
    ) -> Hold:
        """Stop one fitting request; `skip` such requests pass before it. Raises ValueError, as `add` does."""
        hold = Hold(when, Requests(method, path, host), skip)
        self._holds.append(hold)
        return hold

    def poison(self, text: str, how: str) -> None:
        """Let any request fail that has an item with `text` in it. Raises ValueError: `how` is not one of `Poison`."""
        known: Poison = one_of(get_args(Poison), how, name="how")
        self._poisons[text] = known

    def block(self) -> None:
        """As after too many refused requests: it lasts until `unblock`."""
        self.blocked = True

    def unblock(self) -> None:
        self.blocked = False

    def take(self, call: ApiCall) -> Fault | None:
        """The fault that this request meets."""
        return self._queue.first(lambda fault: fault.requests.fit(call))

    def take_hold(self, when: When, call: ApiCall) -> Hold | None:
        """The hold that this request meets at that moment."""
        for hold in self._holds:
            is_meant = hold.when == when and hold.requests.fit(call)
            if is_meant and not hold.countdown.is_over and hold.countdown.hits():
                return hold
        return None

    def poison_in(self, text: str) -> Poison | None:
        return next((how for poison, how in self._poisons.items() if poison in text), None)
