"""Every request to one of the two hosts."""

import time
from dataclasses import dataclass

from carquery_emulators.amocrm.requests.call import Host
from carquery_emulators.kit.changes import Changes
from carquery_emulators.kit.journal import Journal, LoggedRequest


@dataclass(slots=True, kw_only=True)
class HostRequest(LoggedRequest):
    """A request to one of the hosts. `query`: as it stood in the address."""

    host: Host
    query: str


class HostJournal(Journal[HostRequest]):
    """Tells of each request that is answered."""

    def __init__(self, changes: Changes) -> None:
        super().__init__()
        self._changes = changes

    def open(self, host: Host, method: str, path: str, query: str) -> HostRequest:
        """Note that a request has come."""
        at = time.monotonic()
        return self.add(HostRequest(number=self.next_number, at=at, host=host, method=method, path=path, query=query))

    def close(self, request: HostRequest, status: int | None) -> None:
        """Note how it was answered."""
        request.status = status
        self._changes.tell("request", number=request.number)
