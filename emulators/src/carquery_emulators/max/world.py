"""The people and the happenings around one bot, without the HTTP server: what tests and the control API act on."""

import time
from collections.abc import Callable, Sequence

from carquery_emulators.kit.calls import Call
from carquery_emulators.kit.json_types import Json
from carquery_emulators.kit.patience import NothingHappened, patience, words_of
from carquery_emulators.max.api.max_api import MaxApi
from carquery_emulators.max.api.rates import Rates
from carquery_emulators.max.customer import MaxCustomer
from carquery_emulators.max.faults import Fault, Faults
from carquery_emulators.max.files import URL_LIFETIME
from carquery_emulators.max.journal import MaxJournal
from carquery_emulators.max.state import CallbackIds, DialogRecord, MaxState

TOKEN = "emulated-token-of-a-max-bot"  # noqa: S105  # nobody's
USERNAME = "emulated_max_bot"
NAME = "Bot"
_BOT_ID = 229_229_229
_FIRST_CUSTOMER_ID = 50_000_001
_FIRST_CHAT_ID = 182_000_001


class MaxWorld:
    """One bot, any number of customers, everything in memory, on one event loop.

    Args:
        token: the bot's token.
        username, name: what the bot is called.
        clock: Unix seconds; dates messages, lets updates and addresses of files expire, and is what `rates` count by.
        delay_scale: factor for the pauses between deliveries that fail: 60 s, then two and a half times as long each,
            ten in all. With 0 an update is lost as soon as eleven deliveries failed.
        webhook_deliver_to: loopback address that receives a webhook's updates whatever public URL the bot has set.
        rates: how often the bot may call.
        callback_ids: whether a press is answered by its keyboard's id or by one of its own. Nobody says which.
        url_lifetime: seconds for which a file's address is good.
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
        rates: Rates | None = None,
        callback_ids: CallbackIds = "keyboard",
        url_lifetime: float = URL_LIFETIME,
    ) -> None:
        bot: Json = {"user_id": _BOT_ID, "first_name": name, "name": name, "username": username, "is_bot": True}
        bot["last_activity_time"] = int(clock() * 1000)
        self.state = MaxState(token=token, bot=bot, clock=clock, callback_ids=callback_ids, url_lifetime=url_lifetime)
        self.customers: dict[int, MaxCustomer] = {}
        self.faults = Faults()
        self._journal = MaxJournal(self.state.changes)
        self.api = MaxApi(
            self.state,
            self._journal,
            self.faults,
            delay_scale=delay_scale,
            deliver_to=webhook_deliver_to,
            rates=rates or Rates(),
        )
        self.webhook = self.api.subscriptions
        """Its attributes are switches: `in_order`, `failures_until_dropped`, `drop()`."""

    @property
    def token(self) -> str:
        return self.state.token

    @property
    def calls(self) -> Sequence[Call]:
        """Every call so far; `calls[n].number` is n + 1."""
        return self._journal

    def calls_of(self, method: str) -> list[Call]:
        """By verb and path: «POST /messages»."""
        return [call for call in self._journal if call.method == method]

    @property
    def queue(self) -> list[Json]:
        """The updates that nobody has taken."""
        return [update.body for update in self.state.updates.pending()]

    def customer(
        self,
        id: int,  # noqa: A002 - it is the customer's id and nothing else
        first_name: str,
        last_name: str | None = None,
        username: str | None = None,
        *,
        phone: str = "+79161234567",
        has_started: bool = True,
    ) -> MaxCustomer:
        """A person with a dialog; `has_started=False`: the bot may not write before they do."""
        self.state.users[id] = {
            "user_id": id,
            "first_name": first_name,
            **({"last_name": last_name} if last_name else {}),
            **({"username": username} if username else {}),
            "is_bot": False,
            "last_activity_time": self.state.now(),
            "name": " ".join(filter(None, [first_name, last_name])),
        }
        record = DialogRecord(_FIRST_CHAT_ID + len(self.state.chats), id, is_started=has_started)
        self.state.chats[record.id] = record
        customer = MaxCustomer(self.state, self._journal, record, phone=phone)
        self.customers[id] = customer
        self.state.announce(record)
        return customer

    def next_customer_id(self) -> int:
        return max([_FIRST_CUSTOMER_ID - 1, *self.customers]) + 1

    def inject(self, raw_update: Json) -> int:
        """Let any object come as an update, however malformed; returns its number."""
        return self.state.updates.put(raw_update)

    def repeat(self, number: int) -> None:
        """Let an update come once more, word for word."""
        self.state.updates.repeat(number)

    def fail(
        self,
        method: str,
        *,
        how: str,
        times: int | None = 1,
        skip: int = 0,
        every: int = 1,
        retry_after: int | None = None,
        seconds: float = 1.0,
    ) -> Fault:
        """Let calls of a method («*»: of any), deliveries («webhook»), «download» or «upload» go wrong.

        After `skip` that go well the next `times` are hit, or each so-manieth of them; None: until `heal`.

        Raises:
            ValueError: `how` is not one of `faults.How`, does not go with the method, or a number is out of range.
        """
        return self.faults.add(
            method, how, times=times, skip=skip, every=every, retry_after=retry_after, seconds=seconds
        )

    def heal(self) -> None:
        """Forget all faults that have not happened yet, and let go of the calls that are held up."""
        self.faults.clear()
        self.state.changes.wake()

    async def wait_for(self, condition: Callable[[], bool]) -> None:
        """Wait until something about this MAX is so. Raises NothingHappened: it never was."""
        seconds = patience()
        if not await self.state.changes.until(condition, seconds=seconds):
            raise NothingHappened(words_of(condition), seconds=seconds, instead=self._described())

    def _described(self) -> str:
        """What happened last, for error messages: methods and kinds, nothing that people wrote."""
        queued = [update.get("update_type") for update in self.queue]
        calls = [call.method for call in self.calls[-12:]]
        return f"updates that wait: {queued}; the latest calls: {calls}"
