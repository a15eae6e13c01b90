"""MAX's API: a verb and a path in, the platform's answer or refusal out."""

from collections.abc import Awaitable, Callable

from carquery_emulators.kit.faulty_calls import CallRefused, FaultyCalls
from carquery_emulators.kit.json_types import Json
from carquery_emulators.max.api.asked import MaxRequest
from carquery_emulators.max.api.errors import (
    NotDoneAnswer,
    attachment_not_ready,
    bad_payload,
    dialog_suspended,
    not_allowed,
    server_error,
    too_many_requests,
    unavailable,
    wrong_token,
)
from carquery_emulators.max.api.messages import MessageCalls
from carquery_emulators.max.api.outgoing import has_files
from carquery_emulators.max.api.polling import UpdatePolls
from carquery_emulators.max.api.rates import RateLimits, Rates
from carquery_emulators.max.api.signals import Signals
from carquery_emulators.max.api.subscriptions import Subscriptions
from carquery_emulators.max.api.uploads import Uploads
from carquery_emulators.max.faults import Fault, Faults
from carquery_emulators.max.journal import MaxJournal
from carquery_emulators.max.state import MaxState

GET_UPDATES = "GET /updates"
_Method = Callable[[MaxRequest], Awaitable[Json]]


class MaxApi:
    """Runs calls, writes them down, and lets the ordered faults happen."""

    def __init__(
        self,
        state: MaxState,
        journal: MaxJournal,
        faults: Faults,
        *,
        delay_scale: float,
        deliver_to: str | None,
        rates: Rates,
    ) -> None:
        self._journal = journal
        self._faults = faults
        self._calls = FaultyCalls(journal, state.changes, faults)
        self.limits = RateLimits(rates, state.clock)
        self.polling = UpdatePolls(state, self.limits)
        self.subscriptions = Subscriptions(state, faults, delay_scale=delay_scale, deliver_to=deliver_to)
        self.messages = MessageCalls(state, self.limits)
        signals, uploads = Signals(state), Uploads(state, faults)
        self.methods: dict[str, _Method] = {
            "GET /me": signals.me,
            "PATCH /me/commands": signals.set_commands,
            "GET /subscriptions": self.subscriptions.listed,
            "POST /subscriptions": self.subscriptions.add,
            "DELETE /subscriptions": self.subscriptions.remove,
            GET_UPDATES: self.polling.get_updates,
            "POST /messages": self.messages.send,
            "PUT /messages": self.messages.edit,
            "DELETE /messages": self.messages.delete,
            "GET /messages": self.messages.read_some,
            "GET /messages/{mid}": self.messages.read_one,
            "GET /videos/{token}": self.messages.read_video,
            "POST /answers": self.messages.answer,
            "POST /chats/{chat_id}/actions": signals.act,
            "POST /uploads": uploads.new_slot,
        }

    async def call(self, method: str, asked: MaxRequest) -> Json:
        """Run one of `methods`.

        Raises:
            MaxError, NotDoneAnswer: MAX refuses.
            ConnectionCut, ProxyPage: an ordered fault.
        """
        call = self._journal.open(method, asked.recorded(), chat_id=self.messages.chat_of(method, asked))
        fault = self._faults.take(method, has_files=has_files(asked.body))
        with self._calls.noted(call):
            if method != GET_UPDATES:
                self.limits.count_call()
            await self._calls.before(call, fault, None if fault is None else _refusal(fault))
            result = await self.methods[method](asked)
            await self._calls.after(call, fault)
            self._journal.close(call, ok=True, result=result)
        return result

    async def close(self) -> None:
        self._calls.close()
        self.polling.close()
        await self.subscriptions.close()


def _refusal(fault: Fault) -> CallRefused | None:
    refusals: dict[str, CallRefused] = {
        "400": bad_payload("Can't deserialize body"),
        "401": wrong_token(),
        "405": not_allowed("Method is not allowed"),
        "429": too_many_requests(fault.retry_after),
        "500": server_error(),
        "503": unavailable(),
        "suspended": dialog_suspended(),
        "not done": NotDoneAnswer("temporarily.unavailable", "Try later"),
        "not ready": attachment_not_ready(),
    }
    return refusals.get(fault.how)
