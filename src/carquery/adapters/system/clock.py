"""The machine's clock."""

import time
from datetime import UTC, datetime


class SystemClock:
    """Tells the machine's time. The only place that asks for it."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()
