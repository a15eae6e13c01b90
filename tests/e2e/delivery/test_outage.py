"""Many leads that waited for amoCRM."""

from collections.abc import Callable

import pytest

from tests.e2e.delivery.dealership import a_dealership

pytestmark = pytest.mark.postgres

LEADS = 120
"""Three passes of a worker: two of 50, and what is left."""
MOST_REQUESTS_PER_LEAD = 2.2
"""Two searches for each new person, and five requests for 50 leads."""
MOST_REQUESTS_FOR_ONE = 8
"""Four searches, for there is time, then contact, deal, note and task."""


async def test_a_backlog_is_delivered_once_in_few_requests(
    postgres_url: str, record_property: Callable[[str, object], None]
) -> None:
    async with a_dealership(postgres_url) as dealership:
        await dealership.amocrm.stop_listening()
        async with dealership.worker():
            for number in range(1, LEADS + 1):
                await dealership.queue(number, phone=f"+7916{number:07}")
            await dealership.amocrm.start_listening()
            await dealership.all_delivered()

        tally = await dealership.tally()
        per_lead = len(dealership.amocrm.journal) / LEADS

    record_property("proof", f"backlog: {tally}, {per_lead:.2f} requests per lead")
    assert tally.is_exactly_once, tally
    assert per_lead <= MOST_REQUESTS_PER_LEAD


async def test_a_single_lead_takes_eight_requests(postgres_url: str) -> None:
    async with a_dealership(postgres_url) as dealership, dealership.worker():
        await dealership.queue(1, phone="+79160000001")
        await dealership.all_delivered()

        assert len(dealership.amocrm.journal) <= MOST_REQUESTS_FOR_ONE
