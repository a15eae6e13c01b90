"""When unfinished forms are written; the last time, all of them."""

from datetime import timedelta

import pytest
from pydantic import SecretStr

from carquery.entrypoints.health.metrics import Metrics
from carquery.entrypoints.processes.draft_writer import DraftWriter
from carquery.entrypoints.settings.stores import StoreSettings
from tests.application.in_memory import Dealership
from tests.builders import a_dialog, a_visit


@pytest.mark.parametrize("redis", [None, SecretStr("redis://redis.example:6379/0")])
async def test_a_process_that_stops_writes_also_the_forms_that_are_being_filled_in(
    redis: SecretStr | None,
) -> None:
    dealership, visit = Dealership(), a_visit(dialog=a_dialog(step="year"))
    writer = DraftWriter(dealership.left, Metrics(), StoreSettings(redis_url=redis))

    async with writer.writing():
        dealership.left.note(visit, visit)
        dealership.clock.pass_time(timedelta(seconds=1))

    assert len(dealership.database.drafts) == 1
