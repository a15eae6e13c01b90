"""Whoever has not the secret, or brings no updates, fills no log."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.messenger.strangers import EVERY_SECONDS, Strangers
from tests.builders import NOW


@pytest.mark.parametrize(
    ("event", "comes"),
    [("webhook_strangers", Strangers.came), ("webhook_nonsense", Strangers.spoke_nonsense)],
)
def test_they_have_a_line_a_minute_that_counts_them(event: str, comes: Callable[[Strangers], None]) -> None:
    clock = SettableClock(NOW)
    strangers = Strangers(clock, messenger="Telegram")

    with capture_logs() as logs:
        for _ in range(500):
            comes(strangers)
        clock.pass_time(timedelta(seconds=EVERY_SECONDS))
        comes(strangers)

    assert [(line["event"], line["count"]) for line in logs] == [(event, 1), (event, 500)]
