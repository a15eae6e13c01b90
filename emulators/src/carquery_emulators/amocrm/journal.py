"""Every request, in order of arrival."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

from carquery_emulators.amocrm.call import Host
from carquery_emulators.amocrm.changes import Changes
from carquery_emulators.kit.json_types import Json


@dataclass(slots=True)
class HostRequest:
    """One request. `at` is monotonic seconds; `status` is None while it is under way and if its connection was cut."""

    number: int
    at: float
    host: Host
    method: str
    path: str
    query: str
    status: int | None = None

    def to_json(self) -> Json:
        return {
            "number": self.number,
            "at": self.at,
            "host": self.host,
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "status": self.status,
        }


class Journal(Sequence[HostRequest]):
    """Requests are numbered from 1. Those of the control API are not among them."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._requests: list[HostRequest] = []

    @overload
    def __getitem__(self, place: int) -> HostRequest: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[HostRequest]: ...
    def __getitem__(self, place: int | slice) -> HostRequest | Sequence[HostRequest]:
        return self._requests[place]

    def __len__(self) -> int:
        return len(self._requests)

    def open(self, host: Host, method: str, path: str, query: str) -> HostRequest:
        """Note that a request has come."""
        request = HostRequest(len(self) + 1, time.monotonic(), host, method, path, query)
        self._requests.append(request)
        return request

    def close(self, request: HostRequest, status: int | None) -> None:
        """Note how it was answered."""
        request.status = status
        self._changes.tell("request", number=request.number)
