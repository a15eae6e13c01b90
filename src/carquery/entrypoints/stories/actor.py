"""A customer in one emulated messenger, as whoever plays stories knows them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from carquery.domain.ids import CustomerId, FileId
from carquery.entrypoints.stories.stage import FollowedUpdates
from carquery.entrypoints.stories.story import SendFile


class Actor(Protocol):
    """Acts as a customer does, one thing after another; each act lasts until the bot has replied."""

    @property
    def id(self) -> CustomerId: ...

    async def say(self, number: int, text: str) -> None:
        """Write something; under that number it may be rewritten."""
        ...

    async def rewrite(self, number: int, text: str) -> None: ...

    async def press(self, label: str) -> None: ...

    async def share_contact(self) -> None: ...

    async def send_photos(self, count: int, caption: str) -> Collection[FileId]:
        """Several at once, if there are; returns their names."""
        ...

    async def send_file(self, file: SendFile) -> Collection[FileId]:
        """Returns its name."""
        ...

    async def send_sticker(self) -> None: ...

    @property
    def buttons(self) -> Sequence[str]:
        """Those that may be pressed: of the newest message that has any."""
        ...

    def newly_shown(self) -> Iterator[str]:
        """What says something that it did not the last time: messages, and sentences over the chat."""
        ...


class EmulatedMessenger(Protocol):
    """A messenger of this process, open while its context lasts."""

    def open(self) -> AbstractAsyncContextManager[object]: ...

    @property
    def settings(self) -> Mapping[str, Any]:
        """By which the bot finds it, and no other messenger."""
        ...

    async def is_listened_to(self) -> None:
        """Wait until nothing is lost that customers do, even if the bot takes it only later."""
        ...

    def actor(self, number: int, updates: FollowedUpdates) -> Actor:
        """Somebody never seen before."""
        ...
