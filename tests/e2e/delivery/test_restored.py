"""The database is put back to a backup from before leads were delivered."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import update

from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.lead_rows import lead_to_row
from carquery.adapters.sql.tables import leads
from carquery.adapters.system.clock import SystemClock
from carquery.domain.effects import Effect
from carquery.domain.lead import Lead
from tests.e2e.delivery.worker_delivery import WorkerDelivery, a_worker_delivery

pytestmark = pytest.mark.postgres

Record = Callable[[str, object], None]


async def put_back(delivery: WorkerDelivery, backup: list[Lead]) -> None:
    async with open_engine(delivery.database_url) as engine, engine.begin() as connection:
        for lead in backup:
            await connection.execute(update(leads).where(leads.c.id == lead.id).values(lead_to_row(lead)))


async def test_what_was_delivered_since_the_backup_is_found_again(postgres_url: str, record_property: Record) -> None:
    """Of six leads the backup knew nothing, the contact, …, everything but that they were delivered."""
    async with a_worker_delivery(postgres_url) as delivery:
        backup = [
            await delivery.queue(number, phone=f"+7916000000{number}", photos=number % 2)
            for number, _ in enumerate((None, *Effect))
        ]
        async with delivery.worker():
            await delivery.all_delivered()
        for number, lead in enumerate(backup):
            delivered = await delivery.leads.load(lead.id)
            assert delivered is not None
            backup[number] = replace(lead, made=dict(list(delivered.made.items())[:number]))

        await put_back(delivery, backup)
        await delivery.leads.put_in_doubt(at=SystemClock().now())
        await delivery.let_time_pass()
        await delivery.queue(9, phone="+79160000009")  # received after the restoration
        async with delivery.worker():
            await delivery.all_delivered()
        tally = await delivery.tally()

    record_property("proof", f"6 leads of a restored backup: {tally}")
    assert tally.is_exactly_once, tally
