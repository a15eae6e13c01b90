"""Taking updates that Telegram brings: each is answered once it is safe, so that Telegram repeats what is not.

Any number of replicas may stand behind one address: what orders a customer's updates across them is Telegram, which
brings the next one when the one before was answered (presses apart from messages), and the visit's version in the
store. So that replies keep that order too, the answer waits for the reply, but for a moment only: a slow one holds up
nothing.
"""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Final

from msgspec.json import Encoder

from carquery.adapters.http.server import Response
from carquery.adapters.messenger.album_pause import AlbumPause
from carquery.adapters.messenger.bookkeeping import Bookkeeping
from carquery.adapters.messenger.inflow import Inflow, Item
from carquery.adapters.messenger.lanes import Showing
from carquery.adapters.messenger.no_updates import NoUpdates
from carquery.adapters.messenger.odd_json import mended
from carquery.adapters.messenger.strangers import Strangers
from carquery.adapters.messenger.unanswered import Unanswered
from carquery.adapters.messenger.webhook_door import WebhookDoor, WebhookRoute
from carquery.adapters.telegram.api.bot_api import BotApi
from carquery.adapters.telegram.api.calls import carried_by
from carquery.adapters.telegram.api.methods import GetWebhookInfo, Method, SetWebhook
from carquery.adapters.telegram.channel import TELEGRAM
from carquery.adapters.telegram.updates.intake import Intake
from carquery.adapters.telegram.updates.items import item_of
from carquery.adapters.telegram.updates.reading import ALLOWED_UPDATES, Arrived, update_id_of
from carquery.domain.ids import InputId, MessageToken
from carquery.domain.values import dataclass

SECRET_HEADER: Final = b"x-telegram-bot-api-secret-token"  # its name
UPDATES_AT_ONCE: Final = 64
"""What Telegram is told that it may bring at once (100 at most. Source: Bot API, setWebhook)."""
TAKEN_AT_ONCE: Final = 32
"""Beside those that take long. The database has fewer connections."""
MOST_UNANSWERED: Final = 4 * UPDATES_AT_ONCE
"""A proxy that tries again, or Telegram before it heard of the limit. More are sent away."""

LOOK_SECONDS: Final = 2
PENDING_MOST: Final = UPDATES_AT_ONCE
"""As many as may be on their way at once; with more and an error, they do not come in."""

_ENCODER: Final = Encoder()
_CALLS: Final = {"Content-Type": "application/json; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class AnswerTimes:
    """Seconds.

    Attributes:
        reply: so long the answer waits for the reply, and Telegram with the same customer's next update.
    """

    reply: float = 1.0


class Webhook:
    """The way in. `run` ends when `stop` is set and everything in hand was handled and answered."""

    def __init__(
        self,
        api: BotApi,
        intake: Intake,
        books: Bookkeeping,
        route: WebhookRoute,
        strangers: Strangers,
        times: AnswerTimes,
    ) -> None:
        self._api = api
        self._intake = intake
        self._books = books
        self._route = route
        self._door = WebhookDoor(route, strangers, header=SECRET_HEADER, most_unanswered=MOST_UNANSWERED)
        self._times = times
        self._unanswered: Unanswered[Arrived] = Unanswered()

    async def register(self) -> None:
        """Tell Telegram where to bring updates. Every replica may: the same again changes nothing."""
        await self._api(
            SetWebhook(
                url=self._route.url,
                secret_token=self._route.secret,
                max_connections=UPDATES_AT_ONCE,
                allowed_updates=ALLOWED_UPDATES,
            )
        )

    async def look(self) -> str:
        """Whether updates come in. Raises NoUpdates, BotApiFailure."""
        info = await self._api(GetWebhookInfo(), seconds=LOOK_SECONDS)
        if info.url != self._route.url:
            raise NoUpdates("Telegram does not bring them here: another process took the webhook away")
        if info.pending_update_count > PENDING_MOST and info.last_error_message is not None:
            raise NoUpdates(f"{info.pending_update_count} wait at Telegram; its last error: {info.last_error_message}")
        return f"Telegram brings them, {info.pending_update_count} wait"

    async def run(self, stop: asyncio.Event) -> None:
        """Take updates until `stop` is set.

        Raises:
            ListenRefused: nothing was taken.
        """
        async with asyncio.TaskGroup() as tasks:
            # No pause for an album's next picture: Telegram brings it after we answered for the one before.
            inflow = Inflow(
                self._take,
                self._books,
                tasks,
                channel=TELEGRAM,
                read=self._read,
                width=TAKEN_AT_ONCE,
                album_pause=AlbumPause(0),
            )
            tasks.create_task(inflow.keep_books(stop))
            async with self._door.open(partial(self._receive, inflow)):
                await stop.wait()
        await inflow.close_books()

    async def _receive(self, inflow: Inflow[Arrived], body: bytes) -> Response | None:
        """One update; None: it is none."""
        update = _update(body)
        if update is None:
            return None
        return await self._unanswered.answer(self._read(update), inflow, within=self._times.reply)

    def _read(self, raw: bytes) -> Item[Arrived]:
        return item_of(self._intake.parse(raw), raw)

    async def _take(self, items: Sequence[Item[Arrived]]) -> Showing | None:
        show = await self._intake.take([item.update for item in items])
        carried = None if show is None else self._carrying(show, items[0].input)
        return self._unanswered.until_shown(items, carried)

    def _carrying(self, show: Showing, given: InputId) -> Showing:
        """The same, with one call in our answer, if there is still somebody to be answered."""

        async def shown(stands: MessageToken | None, behind: int) -> MessageToken | None:
            brought = self._unanswered.get(given)
            if brought is None:
                return await show(stands, behind)

            def carry(call: Method[None]) -> bool:
                if not brought.is_awaited or brought.answer.body:
                    return False
                brought.answer = Response(body=_in_answer(call), headers=_CALLS)
                return True

            with carried_by(carry):
                return await show(stands, behind)

        return shown


def _in_answer(call: Method[None]) -> bytes:
    """The call, which has parameters, with its method before them. Source: Bot API, making requests when getting
    updates."""
    return b'{"method":"%b",%b' % (call.method.encode(), _ENCODER.encode(call)[1:])


def _update(body: bytes) -> bytes | None:
    """The update, as it can be read; `None` if it is not one."""
    if update_id_of(body) is not None:
        return body
    readable = mended(body)
    return None if readable is None or update_id_of(readable) is None else readable
