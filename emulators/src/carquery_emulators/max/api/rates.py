"""How often a bot may call. Source: dev.max.ru, docs-api, «Лимиты», as of 2026."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from carquery_emulators.max.api.errors import too_many_requests

_SECOND = 1.0


@dataclass(frozen=True, slots=True)
class Rates:
    """Calls per second; None: as many as come.

    Attributes:
        bot: of the whole bot.
        dialog: of one kind (messages, edits, answers, deletions) in one dialog.
        polls: for updates.
    """

    bot: int | None = 30
    dialog: int | None = 2
    polls: int | None = 2


BOUNDLESS = Rates(None, None, None)


class RateLimits:
    """Counts what was let through in the last second; what is refused does not count."""

    def __init__(self, rates: Rates, clock: Callable[[], float]) -> None:
        self.rates = rates
        self._clock = clock
        self._passed: dict[tuple[str, int], deque[float]] = {}

    def count_call(self) -> None:
        """Raises MaxError: the bot calls too often."""
        self._count(("bot", 0), self.rates.bot)

    def count_in_dialog(self, kind: str, chat_id: int) -> None:
        """Raises MaxError: too many of this kind in this dialog."""
        self._count((kind, chat_id), self.rates.dialog)

    def count_poll(self) -> None:
        """Raises MaxError: too many."""
        self._count(("poll", 0), self.rates.polls)

    def _count(self, what: tuple[str, int], allowed: int | None) -> None:
        if allowed is None:
            return
        now = self._clock()
        passed = self._passed.setdefault(what, deque(maxlen=allowed))
        if len(passed) == allowed and now - passed[0] < _SECOND:
            raise too_many_requests()
        passed.append(now)
