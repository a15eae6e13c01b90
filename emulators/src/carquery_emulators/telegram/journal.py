"""Every Bot API call, in order of arrival."""

import time
from dataclasses import dataclass, field

from carquery_emulators.kit.json_types import Json
from carquery_emulators.telegram.changes import Changes


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


class Journal:
    """Calls are numbered from 1."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self.calls: list[Call] = []

    def open(self, method: str, params: Json) -> Call:
        call = Call(len(self.calls) + 1, method, params, time.monotonic())
        self.calls.append(call)
        self._changes.notify()
        return call

    def close(self, call: Call, *, ok: bool, description: str | None = None, result: object = None) -> None:
        call.ok, call.description, call.result = ok, description, result
        self._changes.notify()

    def is_busy_with(self, chat_id: int) -> bool:
        """Whether a call that may change this chat is under way."""
        return any(
            call.ok is None
            and (call.method == "answerCallbackQuery" or str(call.params.get("chat_id")) == str(chat_id))
            for call in self.calls[-200:]
        )
