"""What has arrived, in order of arrival."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TypeVar, overload

from carquery_emulators.kit.json_types import Json

Entry = TypeVar("Entry")


@dataclass(slots=True, kw_only=True)
class LoggedRequest:
    """A request. `at` is monotonic seconds; `status` is None while it is under way and if its connection was cut."""

    number: int
    at: float
    method: str
    path: str
    status: int | None = None

    def to_json(self) -> Json:
        return asdict(self)


class Journal(Sequence[Entry]):
    """Entries are numbered from 1. What the control API is asked is not among them."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []

    @overload
    def __getitem__(self, place: int) -> Entry: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Entry]: ...
    def __getitem__(self, place: int | slice) -> Entry | Sequence[Entry]:
        return self._entries[place]

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def next_number(self) -> int:
        return len(self) + 1

    def add(self, entry: Entry) -> Entry:
        """Put it behind all others; its number is `next_number`."""
        self._entries.append(entry)
        return entry
