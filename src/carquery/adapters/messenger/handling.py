"""One update from when it is taken until its reply was shown: whatever goes wrong stays with it."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import ExitStack

import structlog
from structlog.contextvars import bind_contextvars, reset_contextvars

from carquery.adapters.messenger.lanes import Showing
from carquery.adapters.messenger.replies import LONGEST_LINE, Cause, Replies, Written
from carquery.adapters.messenger.watch import UpdateWatch
from carquery.application.conversation.reception import Reply
from carquery.domain.ids import Channel, CustomerId, MessageToken
from carquery.domain.values import dataclass

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ToShow:
    """What is to be shown to whom."""

    customer: CustomerId
    reply: Reply
    cause: Cause


class _LogLinesOf:
    """Within it, each line of the log says which update it is about, and whose. (`bound_contextvars` costs thrice.)"""

    def __init__(self, about: Mapping[str, object]) -> None:
        self._about = about

    def __enter__(self) -> None:
        about, customer = self._about, self._about["customer"]
        if "update_id" in about:
            self._before = bind_contextvars(update_id=about["update_id"], customer=customer)
        else:
            self._before = bind_contextvars(input=about["input"], customer=customer)

    def __exit__(self, *failure: object) -> None:
        reset_contextvars(**self._before)


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
        until_shown = ExitStack()
        with _LogLinesOf(about):
            try:
                with ExitStack() as handling:
                    handling.enter_context(self.watch.handling(self.channel, kind))
                    answer = await take()
                    until_shown = handling.pop_all()
            except Exception:
                log.exception("update_failed")
                answer = apology()
        if answer is None:
            until_shown.close()
            return None
        answering = answer

        async def showing(stands: MessageToken | None, behind: int) -> MessageToken | None:
            with _LogLinesOf(about):
                try:
                    with until_shown:
                        return await self._show(answering, stands, behind)
                except Exception:
                    log.exception("update_failed")
                    return await self._apologise(apology(), stands)

        return showing

    async def _show(self, answer: ToShow, stands: MessageToken | None, behind: int) -> MessageToken | None:
        if behind > LONGEST_LINE and isinstance(answer.cause, Written):
            return None
        return await self.replies.show(answer.customer, answer.reply, answer.cause, stands=stands)

    async def _apologise(self, apology: ToShow | None, stands: MessageToken | None) -> MessageToken | None:
        if apology is None:
            return None
        try:
            return await self.replies.show(apology.customer, apology.reply, apology.cause, stands=stands)
        except Exception:
            log.exception("apology_failed")
            return None
