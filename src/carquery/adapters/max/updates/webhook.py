"""Taking updates that MAX brings: each is answered once it is safe, so that MAX repeats what is not.

Any number of replicas may stand behind one address. MAX does not say whether it keeps a customer's updates in order,
and repeats what was not answered with 200 after 60 s, 150 s and so on, long after what followed it: what was taken is
known by its name, in any process, and what was not is taken then. If it does keep the order, replies keep it too: the
answer waits for the reply, but for a moment only. Source: dev.max.ru, POST /subscriptions.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from carquery.adapters.http.server import Response
from carquery.adapters.max.channel import MAX
from carquery.adapters.max.updates.intake import MaxIntake
from carquery.adapters.max.updates.items import item_from, item_of
from carquery.adapters.max.updates.reading import MaxInput, read_input
from carquery.adapters.max.updates.subscription import SubscriptionWatch
from carquery.adapters.messenger.album_pause import AlbumPause
from carquery.adapters.messenger.bookkeeping import Bookkeeping
from carquery.adapters.messenger.inflow import Inflow, Item
from carquery.adapters.messenger.lanes import Showing
from carquery.adapters.messenger.strangers import Strangers
from carquery.adapters.messenger.unanswered import Unanswered
from carquery.adapters.messenger.webhook_door import AGAIN_SOON, WebhookDoor, WebhookRoute

SECRET_HEADER: Final = b"x-max-bot-api-secret"  # its name
TAKEN_AT_ONCE: Final = 32
"""Beside those that take long. The database has fewer connections."""
MOST_UNANSWERED: Final = 256
"""MAX brings 100 updates a second, and a proxy may try again. More are sent away."""


@dataclass(frozen=True, slots=True)
class MaxAnswerTimes:
    """Seconds.

    Attributes:
        reply: so long the answer waits for the reply; what was not taken by then is set aside.
        answer: so long MAX is kept waiting, which takes 30 s at most for an answer; then it has to come again.
    """

    reply: float = 1.0
    answer: float = 25.0


class MaxWebhook:
    """The way in. `run` ends when `stop` is set and everything in hand was handled and answered."""

    def __init__(
        self,
        intake: MaxIntake,
        books: Bookkeeping,
        route: WebhookRoute,
        strangers: Strangers,
        subscription: SubscriptionWatch,
        times: MaxAnswerTimes,
    ) -> None:
        self._intake = intake
        self._books = books
        self._door = WebhookDoor(route, strangers, header=SECRET_HEADER, most_unanswered=MOST_UNANSWERED)
        self._subscription = subscription
        self._times = times
        self._unanswered: Unanswered[MaxInput] = Unanswered()

    async def look(self) -> str:
        """Whether updates come in. Raises NoUpdates, MaxFailure."""
        return await self._subscription.look()

    async def run(self, stop: asyncio.Event) -> None:
        """Take updates until `stop` is set, and see to it that MAX brings them.

        Raises:
            ListenRefused: nothing was taken.
            MaxTokenRefused: the token is not valid (any more).
        """
        async with asyncio.TaskGroup() as tasks:
            inflow = Inflow(
                self._take,
                self._books,
                tasks,
                channel=MAX,
                read=item_from,
                width=TAKEN_AT_ONCE,
                album_pause=AlbumPause(0),
            )
            tasks.create_task(inflow.keep_books(stop))
            async with self._door.open(partial(self._receive, inflow)):
                tasks.create_task(self._subscription.keep(stop))
                await stop.wait()
        await inflow.close_books()

    async def _receive(self, inflow: Inflow[MaxInput], body: bytes) -> Response | None:
        """One update; None: it is none."""
        given = read_input(body)
        if given is None:
            return None
        try:
            async with asyncio.timeout(self._times.answer):
                return await self._unanswered.answer(item_of(given, body), inflow, within=self._times.reply)
        except TimeoutError:
            return AGAIN_SOON

    async def _take(self, items: Sequence[Item[MaxInput]]) -> Showing | None:
        (item,) = items
        return self._unanswered.until_shown(items, await self._intake.take(item.update))
