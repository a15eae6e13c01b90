"""How far bots have read their updates, in the process."""

from carquery.adapters.memory.failures import Failures


class MemoryMarkers(Failures):
    """By bot."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[int, int] = {}

    async def load(self, bot: int) -> int | None:
        self.check()
        return self.kept.get(bot)

    async def keep(self, bot: int, marker: int) -> None:
        self.check()
        self.kept[bot] = marker
