"""The machine's clock."""

from datetime import UTC, datetime


class SystemClock:
    """Tells the machine's time. The only place that asks for it."""

    def now(self) -> datetime:
        return datetime.now(UTC)
