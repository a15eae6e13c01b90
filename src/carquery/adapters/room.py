"""So many at once. Whoever finds room costs next to nothing; asyncio's `Semaphore` walks through those who wait."""

import asyncio
from collections import deque


class Room:
    """Room for `most`; whoever finds none waits, and gets it in the order in which they came."""

    def __init__(self, most: int) -> None:
        self._left = most
        self._line: deque[asyncio.Future[None]] = deque()

    def enter_at_once(self) -> bool:
        """Go in, if there is room and nobody waits for it. False: there is none."""
        if not self._left or self._line:
            return False
        self._left -= 1
        return True

    async def enter(self) -> None:
        """Go in as soon as there is room. Whoever is cancelled is not in."""
        if self.enter_at_once():
            return
        turn = asyncio.get_running_loop().create_future()
        self._line.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                self._forget(turn)
            else:  # it was given meanwhile
                self.leave()
            raise

    def leave(self) -> None:
        """Go out; whoever waits longest is in then."""
        while self._line:
            turn = self._line.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._left += 1

    def _forget(self, turn: "asyncio.Future[None]") -> None:
        if turn in self._line:
            self._line.remove(turn)
