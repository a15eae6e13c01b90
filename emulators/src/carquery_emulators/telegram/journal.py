"""Every Bot API call, in order of arrival."""

import time
from dataclasses import dataclass, field

from carquery_emulators.kit.changes import Changes
from carquery_emulators.kit.journal import Journal
from carquery_emulators.kit.json_types import Json


@dataclass(slots=True)
class Call:
    """One call. `ok` is None while it is under way; `at` is monotonic seconds."""

    number: int
    method: str
    params: Json
    at: float
    ok: bool | None = None
    description: str | None = None
    result: object = None
    faults: list[str] = field(default_factory=list)

    def to_json(self) -> Json:
        return {
            "number": self.number,
            "method": self.method,
            "params": self.params,
            "at": self.at,
            "ok": self.ok,
            "description": self.description,
        }


class CallJournal(Journal[Call]):
    """Tells of every change."""

    def __init__(self, changes: Changes) -> None:
        super().__init__()
        self._changes = changes

    def open(self, method: str, params: Json) -> Call:
        """Note that a call has come."""
        call = self.add(Call(self.next_number, method, params, time.monotonic()))
        self._changes.wake()
        return call

    def close(self, call: Call, *, ok: bool, description: str | None = None, result: object = None) -> None:
        """Note what was answered."""
        call.ok, call.description, call.result = ok, description, result
        self._changes.wake()

    def is_busy_with(self, chat_id: int) -> bool:
        """Whether a call that may change this chat is under way."""
        return any(
            call.ok is None
            and (call.method == "answerCallbackQuery" or str(call.params.get("chat_id")) == str(chat_id))
            for call in self[-200:]
        )
