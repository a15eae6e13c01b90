"""Every request in order of arrival, and what the models said last."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, overload

from carquery_emulators.kit.json_types import Json
from carquery_emulators.openai.generated import Finish
from carquery_emulators.openai.usage import Usage


@dataclass(slots=True)
class ModelRequest:
    """One request.

    Attributes:
        at: monotonic seconds.
        body: its JSON; None if there is none, or if it is none.
        status: None while it is under way and if its connection was cut.
    """

    number: int
    at: float
    method: str
    path: str
    body: Any = None
    status: int | None = None

    def to_json(self) -> Json:
        return {
            "number": self.number,
            "at": self.at,
            "method": self.method,
            "path": self.path,
            "body": self.body,
            "status": self.status,
        }


class Journal(Sequence[ModelRequest]):
    """Requests are numbered from 1. Those of the control API are not among them; keys are not kept."""

    def __init__(self) -> None:
        self._requests: list[ModelRequest] = []

    @overload
    def __getitem__(self, place: int) -> ModelRequest: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[ModelRequest]: ...
    def __getitem__(self, place: int | slice) -> ModelRequest | Sequence[ModelRequest]:
        return self._requests[place]

    def __len__(self) -> int:
        return len(self._requests)

    def open(self, method: str, path: str) -> ModelRequest:
        """Note that a request has come."""
        request = ModelRequest(len(self) + 1, time.monotonic(), method, path)
        self._requests.append(request)
        return request


@dataclass(frozen=True, slots=True)
class ModelReply:
    """What a model said, heard or not: its tokens are spent.

    Attributes:
        request: the number of the request in the journal.
        at: Unix seconds.
        model: as it was asked for.
        answered: the text, or the words of a refusal.
        fault: what went wrong with it.
    """

    request: int
    at: float
    model: str
    message: str
    answered: str
    finish: Finish
    fault: str | None
    usage: Usage

    def to_json(self) -> Json:
        return {
            "request": self.request,
            "at": self.at,
            "model": self.model,
            "message": self.message,
            "answered": self.answered,
            "finish": self.finish,
            "fault": self.fault,
            "usage": {"input": self.usage.input, "output": self.usage.output, "cached": self.usage.cached},
        }
