"""Which chat is the admin chat now: the one of the settings, or what a group that became a supergroup is called now."""

from collections.abc import Mapping
from typing import Final, Protocol

import structlog

from carquery.application.ports.stores import StoreUnavailable

log = structlog.get_logger(__name__)

REMEDY: Final = "ADMIN_CHAT_ID: is the bot in that chat, and may it write there?"
NONE: Final = "ADMIN_CHAT_ID: until it is set, alerts go to this log alone"
MOVED: Final = "ADMIN_CHAT_ID: the group became a supergroup, and has this id now"


class ChatMoves(Protocol):
    """Groups that have another id now. Every method may raise StoreUnavailable."""

    async def known(self) -> Mapping[int, int]:
        """Every move, from the old id to the new one."""
        ...

    async def note(self, chat: int, moved_to: int) -> None:
        """Remember a move durably."""
        ...


class AdminChat:
    """Knows its id, and learns of moves from whoever hears of them first, in any process."""

    def __init__(self, configured: int | None, moves: ChatMoves) -> None:
        self._ids = [] if configured is None else [configured]
        self._moves = moves
        self._unnoted: dict[int, int] = {}

    @property
    def id(self) -> int | None:
        """Where to write; `None` if there is no admin chat."""
        return self._ids[-1] if self._ids else None

    @property
    def is_there(self) -> bool:
        """Whether there is an admin chat."""
        return bool(self._ids)

    @property
    def remedy(self) -> str:
        """What to do if there is none, or nothing can be said in it."""
        return REMEDY if self._ids else NONE

    def is_it(self, chat: int) -> bool:
        """Whether that chat is the one, or was."""
        return chat in self._ids

    async def moved(self, chat: int, moved_to: int) -> None:
        """That chat has another id now; if it is the admin chat, it is followed. Never fails."""
        if chat != self.id or self.is_it(moved_to):
            return
        log.warning("admin_chat_moved", admin_chat=moved_to, remedy=MOVED)
        self._ids.append(moved_to)
        self._unnoted[chat] = moved_to
        await self.refresh()

    async def refresh(self) -> None:
        """Note what could not be noted, and learn what other processes noted. Never fails."""
        try:
            for chat, moved_to in list(self._unnoted.items()):
                await self._moves.note(chat, moved_to)
                self._unnoted.pop(chat, None)
            moves = await self._moves.known()
        except StoreUnavailable:
            return  # what is known here is known, and the next refresh comes soon
        while (now := self.id) is not None and (next_id := moves.get(now)) is not None and not self.is_it(next_id):
            self._ids.append(next_id)
