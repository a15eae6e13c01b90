"""When amoCRM may be called, and what happens when a server in front of it turns us away."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final, TypeAlias

from carquery.adapters.amocrm.ports import CrmGate, GateClosed
from carquery.adapters.amocrm.reasons import AmoReason
from carquery.adapters.amocrm.transport import Answer
from carquery.application.ports.crm import CrmBusy, CrmFailure, CrmShutOut

Sleep: TypeAlias = Callable[[float], Awaitable[None]]

SPACING: Final = timedelta(milliseconds=150)
"""Between two calls of the whole installation: 6.7 a second. Source: amoCRM's limit is 7 a second."""
AHEAD: Final = 5
"""So many turns are taken at once with the first, for callers who stand behind it: each look at the gate wakes the
process up, and with a database that costs more than the call itself. Others wait, or can't keep these from calling, for
less than a second."""
LATE: Final = timedelta(milliseconds=20)
"""So late the last that was taken ahead may be used: within a second that happens twice at most, and eight calls still
take longer than one."""
USUAL_PAUSE: Final = timedelta(seconds=5)
"""After a 429 that does not say for how long, as those of amoCRM usually don't."""
LONGEST_PAUSE: Final = timedelta(hours=1)
SHORT_PAUSE: Final = timedelta(seconds=15)
"""So long a call waits; a longer pause is the caller's to wait out."""
BLOCKED: Final = (timedelta(minutes=5), timedelta(minutes=60))
UNPAID: Final = (timedelta(hours=1), timedelta(hours=1))
UNAUTHORISED: Final = (timedelta(minutes=5), timedelta(minutes=5))


class Turns:
    """Takes turns for this process, one caller after the other, and closes the gate for all processes."""

    def __init__(
        self, gate: CrmGate, *, sleep: Sleep = asyncio.sleep, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._gate = gate
        self._sleep = sleep
        self._now = now
        self._next_at = -math.inf
        self._spacing = self._ahead_until = 0.0
        self._ahead = self._waiting = 0
        self._queue = asyncio.Lock()
        self._may_be_closed = True

    async def take_turn(self, *, within: timedelta | None = None) -> None:
        """Return when it is our turn.

        Raises:
            CrmShutOut: nobody may call for now.
            CrmBusy: it takes longer than we have.
        """
        await self._stand_first(within)
        try:
            if (early := self._next_at - self._now()) > 0:  # as the gate said when it gave the last turn
                await self._sleep(early)
            if self._uses_one_ahead():
                return
            while not (turn := await self._gate.take_turn(ahead=(ahead := min(self._waiting, AHEAD)))).is_ours:
                if within is not None and turn.next_in > within:
                    raise CrmBusy(AmoReason.ASKS_TO_WAIT(), retry_after=turn.next_in)
                await self._sleep(turn.next_in.total_seconds())
            now, self._spacing = self._now(), turn.next_in.total_seconds()
            self._next_at = now + self._spacing
            self._ahead, self._ahead_until = ahead, now + ahead * self._spacing + LATE.total_seconds()
        except GateClosed as closed:
            self._may_be_closed = True
            raise CrmShutOut(closed.closure.reason) from None
        finally:
            self._queue.release()

    def _uses_one_ahead(self) -> bool:
        """Those that were not used in time belong to nobody: others may have their turns by now."""
        now = self._now()
        if not self._ahead or now > self._ahead_until:
            self._ahead = 0
            return False
        self._ahead -= 1
        self._next_at = now + self._spacing
        return True

    async def _stand_first(self, within: timedelta | None) -> None:
        """In this process's queue. Raises CrmBusy: it takes longer than we have."""
        self._waiting += 1
        try:
            if within is None:
                await self._queue.acquire()
                return
            async with asyncio.timeout(within.total_seconds()):
                await self._queue.acquire()
        except TimeoutError:
            raise CrmBusy(AmoReason.QUEUE_STANDS(), retry_after=USUAL_PAUSE) from None
        finally:
            self._waiting -= 1

    async def answered(self) -> None:
        """amoCRM itself did what it was asked: the gate is open again."""
        if self._may_be_closed:
            self._may_be_closed = False
            await self._gate.open()

    async def pause(self, answer: Answer) -> bool:
        """Let everybody wait as long as a 429 says. Returns whether that is so short that one should stay.

        Raises:
            CrmBusy: it is longer.
        """
        pause = min(_told(answer) or USUAL_PAUSE, LONGEST_PAUSE)
        self._ahead = 0
        await self._gate.pause(pause)
        if pause <= SHORT_PAUSE:
            return True
        raise CrmBusy(AmoReason.TOO_MANY(), retry_after=pause)

    async def shut(self, failure: CrmFailure, times: tuple[timedelta, timedelta]) -> CrmFailure:
        """Close the gate for that reason. Returns the failure, to be raised."""
        self._may_be_closed, self._ahead = True, 0
        await self._gate.close(failure.reason, shortest=times[0], longest=times[1])
        return failure

    async def turned_away(self, answer: Answer, *, no_account: AmoReason = AmoReason.NO_ACCOUNT) -> CrmFailure | None:
        """What an answer means that does not come from amoCRM's application; `None` if it does.

        `no_account`: what to say when nobody lives there.
        """
        status = answer.status
        if status == HTTPStatus.PAYMENT_REQUIRED:
            return await self.shut(CrmShutOut(AmoReason.UNPAID()), UNPAID)
        if status == HTTPStatus.FORBIDDEN and answer.json_or_none() is None:
            return await self.shut(CrmShutOut(AmoReason.BLOCKED()), BLOCKED)
        if is_no_account(answer):
            return CrmShutOut(no_account(status=status))
        return None


def is_no_account(answer: Answer) -> bool:
    """Whether nobody lives at that address: it leads elsewhere, or to a page that says so."""
    if HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST:
        return True
    return answer.status == HTTPStatus.NOT_FOUND and answer.json_or_none() is None and not answer.is_plain_text


def _told(answer: Answer) -> timedelta | None:
    """How long to wait: JSON `retry_after` (Kommo), or the header, in seconds or as a date."""
    body = answer.json_or_none()
    told = body.get("retry_after") if isinstance(body, dict) else None
    told = answer.headers.get("retry-after") if told is None else told
    if told is None:
        return None
    try:
        return max(timedelta(seconds=float(told)), timedelta(seconds=1))
    except (TypeError, ValueError, OverflowError):
        pass
    try:
        return max(parsedate_to_datetime(str(told)) - datetime.now(UTC), timedelta(seconds=1))
    except (TypeError, ValueError):
        return None
