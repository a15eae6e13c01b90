"""The people and the happenings around one bot, without the HTTP server: what tests and the control API act on."""

import time
from collections.abc import Callable, Sequence

from carquery_emulators.kit.calls import Call
from carquery_emulators.kit.json_types import Json
from carquery_emulators.kit.patience import NothingHappened, patience, words_of
from carquery_emulators.telegram.api.bot_api import BotApi
from carquery_emulators.telegram.customer import Customer, Group
from carquery_emulators.telegram.faults import Fault, Faults
from carquery_emulators.telegram.journal import BotApiJournal
from carquery_emulators.telegram.state import ChatRecord, State

TOKEN = "123456:TEST"  # noqa: S105  # nobody's
USERNAME = "emulated_bot"
NAME = "Bot"
_FIRST_CUSTOMER_ID = 7_000_000_001


class TelegramWorld:
    """One bot, any number of customers, everything in memory, on one event loop.

    Args:
        token: the bot's token; its number is the bot's id.
        username, name: what the bot is called; the former without @.
        clock: Unix seconds; dates messages and lets updates, queries and «typing…» expire.
        delay_scale: factor for the server's waits (webhook retries, hasty polls); 0 makes them instant.
        webhook_deliver_to: loopback address that receives a webhook's updates whatever public URL the bot has set.
        first_update_id: where update ids begin.
    """

    def __init__(
        self,
        token: str = TOKEN,
        *,
        username: str = USERNAME,
        name: str = NAME,
        clock: Callable[[], float] = time.time,
        delay_scale: float = 1.0,
        webhook_deliver_to: str | None = None,
        first_update_id: int = 100_000,
    ) -> None:
        bot = {"id": int(token.partition(":")[0]), "is_bot": True, "first_name": name, "username": username}
        self.token = token
        self.state = State(bot=bot, clock=clock, first_update_id=first_update_id)
        self.customers: dict[int, Customer] = {}
        self.faults = Faults()
        self._journal = BotApiJournal(self.state.changes)
        self.bot_api = BotApi(
            self.state, self._journal, self.faults, delay_scale=delay_scale, deliver_to=webhook_deliver_to
        )

    @property
    def calls(self) -> Sequence[Call]:
        """Every Bot API call so far; `calls[n].number` is n + 1."""
        return self._journal

    def calls_of(self, method: str) -> list[Call]:
        return [call for call in self._journal if call.method == method]

    @property
    def queue(self) -> list[Json]:
        """The updates that the bot has not confirmed."""
        return [update.body for update in self.state.updates.pending()]

    @property
    def confirmed_up_to(self) -> int:
        """The highest update id such that it and all before it were confirmed (or expired)."""
        return self.state.updates.confirmed_up_to

    def customer(
        self,
        id: int,  # noqa: A002 - it is the customer's id and nothing else
        first_name: str,
        last_name: str | None = None,
        username: str | None = None,
        language_code: str = "ru",
        *,
        phone: str = "+79161234567",
        has_started: bool = True,
    ) -> Customer:
        """A person with a private chat; `has_started=False`: the bot may not write before they do."""
        names = {"first_name": first_name}
        names |= {"last_name": last_name} if last_name else {}
        names |= {"username": username} if username else {}
        self.state.users[id] = {"id": id, "is_bot": False, **names, "language_code": language_code}
        record = ChatRecord(id, {"type": "private", **names}, is_started=has_started)
        self.state.chats[id] = record
        customer = Customer(self.state, self._journal, record, phone=phone)
        self.customers[id] = customer
        self.state.announce(record)
        return customer

    def next_customer_id(self) -> int:
        return max([_FIRST_CUSTOMER_ID - 1, *self.customers]) + 1

    def group(self, id: int = -1_002_000_000_000, title: str = "Менеджеры") -> Group:  # noqa: A002 - as above
        """A group with the bot in it; customers write there with `send_in_group`."""
        record = self.state.chats.setdefault(id, ChatRecord(id, {"type": "supergroup", "title": title}))
        return Group(self.state, record)

    def inject(self, raw_update: Json) -> int:
        """Queue any object as an update, however malformed; returns its id."""
        return self.state.updates.inject(raw_update)

    def repeat(self, update_id: int) -> None:
        """Deliver an update again, under the same id, even if it was confirmed."""
        self.state.updates.repeat(update_id)

    def fail(
        self,
        method: str,
        *,
        times: int | None = 1,
        skip: int = 0,
        how: str,
        retry_after: int = 1,
        seconds: float = 1.0,
    ) -> Fault:
        """Let the next `times` calls of a method («*»: of any) go wrong, after `skip` that go well; None: until `heal`.

        Raises:
            ValueError: `how` is not one of `faults.How`, or a number is out of range.
        """
        return self.faults.add(method, how, times=times, skip=skip, retry_after=retry_after, seconds=seconds)

    def heal(self) -> None:
        """Forget all faults that have not happened yet, and let go of the calls that are held up."""
        self.faults.clear()
        self.state.changes.wake()

    async def wait_for(self, condition: Callable[[], bool]) -> None:
        """Wait until something about this Telegram is so. Raises NothingHappened: it never was."""
        seconds = patience()
        if not await self.state.changes.until(condition, seconds=seconds):
            raise NothingHappened(words_of(condition), seconds=seconds, instead=self._described())

    def _described(self) -> str:
        """What happened last, for error messages: methods and kinds, nothing that people wrote."""
        queued = [next(key for key in update if key != "update_id") for update in self.queue]
        calls = [call.method for call in self.calls[-12:]]
        return f"updates that wait: {queued}; the latest calls: {calls}"
