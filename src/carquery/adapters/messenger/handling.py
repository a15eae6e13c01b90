"""One update from when it is taken until its reply was shown: whatever goes wrong stays with it."""

import time
from collections.abc import Awaitable, Callable, Mapping

import structlog
from structlog.contextvars import bind_contextvars

from carquery.adapters.messenger.lanes import Showing, Stands
from carquery.adapters.messenger.replies import LONGEST_LINE, Cause, Replies, Written
from carquery.adapters.messenger.watch import UpdateWatch
from carquery.application.conversation.reception import Reply
from carquery.domain.ids import Channel, CustomerId
from carquery.domain.values import dataclass

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ToShow:
    """What is to be shown to whom."""

    customer: CustomerId
    reply: Reply
    cause: Cause


@dataclass(frozen=True, slots=True)
class Handling:
    """Counts updates, shows what they led to, and apologises where that failed."""

    channel: Channel
    replies: Replies
    watch: UpdateWatch

    async def __call__(
        self,
        kind: str,
        take: Callable[[], Awaitable[ToShow | None]],
        apology: Callable[[], ToShow | None],
        about: Mapping[str, object],
    ) -> Showing | None:
        """Take one update; what comes back shows the reply, None: there is none. It never fails.

        A failure is logged with its traceback and told to the customer.

        Args:
            kind: one of `UPDATE_KINDS`.
            apology: what is shown where there is no reply; None: nobody waits for one.
            about: what each line of the log says of the update: `customer`, and `update_id` or `input`.
        """
        handled = _Handled(self.watch, self.channel, kind)
        _log_lines_are(about)  # not put back: whatever its task does next says so of itself
        try:
            answer = await take()
        except Exception:
            log.exception("update_failed")
            handled.ended(is_failed=True)
            answer = apology()
        if answer is None:
            handled.ended()
            return None
        answering = answer

        async def showing(stands: Stands, behind: int) -> Stands:
            _log_lines_are(about)
            try:
                shown = await self._show(answering, stands, behind)
            except Exception:
                log.exception("update_failed")
                handled.ended(is_failed=True)
                return await self._apologise(apology(), stands)
            handled.ended()
            return shown

        return showing

    async def _show(self, answer: ToShow, stands: Stands, behind: int) -> Stands:
        if behind > LONGEST_LINE and isinstance(answer.cause, Written):
            return None
        return await self.replies.show(answer.customer, answer.reply, answer.cause, stands=stands)

    async def _apologise(self, apology: ToShow | None, stands: Stands) -> Stands:
        if apology is None:
            return None
        try:
            return await self.replies.show(apology.customer, apology.reply, apology.cause, stands=stands)
        except Exception:
            log.exception("apology_failed")
            return None


class _Handled:
    """Tells the watch once how an update ended, and how long that took."""

    def __init__(self, watch: UpdateWatch, channel: Channel, kind: str) -> None:
        self._watch = watch
        self._channel = channel
        self._kind = kind
        self._is_told = False
        self._began = time.perf_counter()

    def ended(self, *, is_failed: bool = False) -> None:
        if not self._is_told:
            self._is_told = True
            seconds = time.perf_counter() - self._began
            self._watch.handled(self._channel, self._kind, seconds=seconds, is_failed=is_failed)


def _log_lines_are(about: Mapping[str, object]) -> None:
    """From here on each line of the log says which update it is about, and whose."""
    if "update_id" in about:
        bind_contextvars(update_id=about["update_id"], customer=about["customer"])
    else:
        bind_contextvars(input=about["input"], customer=about["customer"])
