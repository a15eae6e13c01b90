"""Every way amoCRM can fail, at every request of a delivery: in the end everything stands there once."""

from collections.abc import Callable

import pytest

from tests.e2e.delivery.amocrm_delivery import an_amocrm_delivery

HOWS = (
    "refuse",
    "drop",
    "late",
    "500",
    "502",
    "504",
    "500 after",
    "502 after",
    "504 after",
    "429",
    "403 html",
    "402",
    "401",
    "html 200",
    "empty 200",
    "404 html",
    "redirect",
)
REQUESTS = {
    "search": ("GET", r"/contacts$"),
    "contact": ("POST", r"/contacts$"),
    "lead": ("POST", r"/leads$"),
    "note": ("POST", r"/notes$"),
    "task": ("POST", r"/tasks$"),
    "session": ("POST", r"/sessions$"),
    "attach": ("PUT", r"/files$"),
}
LATE_SECONDS = 0.05


@pytest.mark.parametrize("request_name", list(REQUESTS))
@pytest.mark.parametrize("how", HOWS)
async def test_everything_stands_there_once_in_the_end(
    how: str, request_name: str, record_property: Callable[[str, object], None]
) -> None:
    method, path = REQUESTS[request_name]
    async with an_amocrm_delivery() as delivery:
        await delivery.queue_three()
        delivery.amocrm.faults.add(how, method=method, path=path, seconds=LATE_SECONDS)

        passes = await delivery.until_delivered()
        tally = await delivery.tally()

    outcome = f"once/{passes}" if tally.is_exactly_once else "WRONG"
    record_property(
        "cell", ("Faults × requests: how often everything stands there / passes", how, request_name, outcome)
    )
    assert tally.is_exactly_once, tally
