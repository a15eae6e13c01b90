"""What was asked, and what the models said last."""

import time
from dataclasses import asdict, dataclass
from typing import Any

from carquery_emulators.kit.journal import Journal, LoggedRequest
from carquery_emulators.kit.json_types import Json
from carquery_emulators.openai.generated import Finish
from carquery_emulators.openai.usage import Usage


@dataclass(slots=True, kw_only=True)
class ModelRequest(LoggedRequest):
    """A request to the API. `body`: its JSON, None if it has none. Keys are not kept."""

    body: Any = None


def log(journal: Journal[ModelRequest], method: str, path: str) -> ModelRequest:
    """Note that a request has come."""
    return journal.add(ModelRequest(number=journal.next_number, at=time.monotonic(), method=method, path=path))


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
        return asdict(self)
