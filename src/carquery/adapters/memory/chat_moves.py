"""Groups that have another id now, in the process."""

from collections.abc import Mapping

from carquery.adapters.memory.failures import Failures


class MemoryChatMoves(Failures):
    """From the old id to the new one."""

    def __init__(self) -> None:
        super().__init__()
        self._moves: dict[int, int] = {}

    async def known(self) -> Mapping[int, int]:
        self.check()
        return dict(self._moves)

    async def note(self, chat: int, moved_to: int) -> None:
        self.check()
        self._moves[chat] = moved_to
