"""Many leads that waited for amoCRM."""

import signal
from collections.abc import Callable

import pytest

from tests.e2e.delivery.worker_delivery import a_worker_delivery

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
    """However its leads were put off while amoCRM was away: here all are due again when it is back."""
    async with a_worker_delivery(postgres_url) as delivery:
        await delivery.amocrm.stop_listening()
        async with delivery.worker() as tried_in_vain:
            for number in range(1, LEADS + 1):
                await delivery.queue(number, phone=f"+7916{number:07}")
            tried_in_vain.send_signal(signal.SIGTERM)
            await tried_in_vain.wait()
        await delivery.let_time_pass()
        await delivery.amocrm.start_listening()
        async with delivery.worker():
            await delivery.all_delivered()

        tally = await delivery.tally()
        per_lead = len(delivery.amocrm.journal) / LEADS

    record_property("proof", f"backlog: {tally}, {per_lead:.2f} requests per lead")
    assert tally.is_exactly_once, tally
    assert per_lead <= MOST_REQUESTS_PER_LEAD


async def test_a_single_lead_takes_eight_requests(postgres_url: str) -> None:
    async with a_worker_delivery(postgres_url) as delivery, delivery.worker():
        await delivery.queue(1, phone="+79160000001")
        await delivery.all_delivered()

        assert len(delivery.amocrm.journal) <= MOST_REQUESTS_FOR_ONE
