"""Every call of an API, in order of arrival, with what became of it."""

import time
from dataclasses import dataclass, field

from carquery_emulators.kit.changes import Changes
from carquery_emulators.kit.journal import Journal
from carquery_emulators.kit.json_types import Json


@dataclass(slots=True)
class Call:
    """One call. `ok` is None while it is under way; `at` is monotonic seconds.

    Attributes:
        chat_id: the chat that it is about, where the API does not say it in `params`.
    """

    number: int
    method: str
    params: Json
    at: float
    ok: bool | None = None
    description: str | None = None
    result: object = None
    faults: list[str] = field(default_factory=list)
    chat_id: int | None = None

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

    def open(self, method: str, params: Json, *, chat_id: int | None = None) -> Call:
        """Note that a call has come."""
        call = self.add(Call(self.next_number, method, params, time.monotonic(), chat_id=chat_id))
        self._changes.wake()
        return call

    def close(self, call: Call, *, ok: bool, description: str | None = None, result: object = None) -> None:
        """Note what was answered."""
        call.ok, call.description, call.result = ok, description, result
        self._changes.wake()
