"""Which updates may be confirmed to Telegram."""


class Offset:
    """Keeps account of updates in hand: the offset never passes one that is not safe.

    Update ids rise within a queue, but Telegram may start over at a random number after a quiet week (Bot API, Update),
    so nothing is concluded from an id but whether this very update is known.
    """

    def __init__(self) -> None:
        self._in_hand: set[int] = set()
        self._done: set[int] = set()
        self._asked: int | None = None

    def take(self, update_id: int) -> bool:
        """Take an update in hand; False: it is in hand already, or safe and not yet confirmed."""
        if update_id in self._in_hand or update_id in self._done:
            return False
        self._in_hand.add(update_id)
        return True

    def finish(self, update_id: int) -> None:
        """An update in hand is safe: it need not come again."""
        self._in_hand.discard(update_id)
        self._done.add(update_id)

    @property
    def value(self) -> int | None:
        """The offset to ask with: all below it are confirmed by asking. None: nothing was taken yet."""
        if self._in_hand:
            return min(self._in_hand)
        return max(self._done) + 1 if self._done else self._asked

    def confirmed(self, offset: int | None) -> None:
        """Telegram was asked with this offset: what is below it does not come again."""
        self._asked = offset
        if offset is not None:
            self._done = {update_id for update_id in self._done if update_id >= offset}
