"""Whoever has not the secret fills no log."""

from datetime import timedelta

from structlog.testing import capture_logs

from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.telegram.strangers import EVERY_SECONDS, Strangers
from tests.builders import NOW


def test_they_have_a_line_a_minute_that_counts_them() -> None:
    clock = SettableClock(NOW)
    strangers = Strangers(clock)

    with capture_logs() as logs:
        for _ in range(500):
            strangers.came()
        clock.pass_time(timedelta(seconds=EVERY_SECONDS))
        strangers.came()

    assert [(line["event"], line["count"]) for line in logs] == [("webhook_strangers", 1), ("webhook_strangers", 500)]
