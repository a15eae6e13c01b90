"""An amoCRM that is away has one line in the log, however often it is tried, and one when it is back."""

from collections.abc import Callable, Sequence

from aiohttp import web
from structlog.testing import capture_logs

from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.problems import Refusal
from carquery.application.ports.crm import CrmFailure
from tests.adapters.amocrm.connecting import PHONE, TOKEN, a_client, a_server, page, says

Response = Callable[[], web.StreamResponse]

WELL = says(200, {"id": 1})
BAD_GATEWAY = page(502)
REFUSED = says(400, {"title": "Bad Request", "type": "https://httpstatus.es/400", "status": 400, "detail": "no"})
PAUSED = says(429, {"retry_after": 60})


async def lines_of(*calls: tuple[str, Response]) -> list[str]:
    """What the log says of those calls, made one after another and answered like that."""
    answers = iter(answer for _, answer in calls)

    async def answered(_: web.Request) -> web.StreamResponse:
        return next(answers)()

    async with a_server(answered) as server, a_client(server.base_url) as client:
        with capture_logs() as logs:
            for method, _ in calls:
                await _call(client, method)
    assert all(secret not in str(logs) for secret in (TOKEN, PHONE.removeprefix("+")))
    return [str(line["event"]) for line in logs]


async def _call(client: AmoCrmClient, method: str) -> None:
    try:
        if method == "GET":
            await client.read("/api/v4/contacts", params={"query": PHONE})
        else:
            await client.write(method, "/api/v4/leads", [{"name": PHONE}], permit=None)
    except (CrmFailure, Refusal):
        return


def gets(*answers: Response) -> Sequence[tuple[str, Response]]:
    return [("GET", answer) for answer in answers]


async def test_however_often_it_is_tried_there_is_one_line_and_one_when_it_is_back() -> None:
    assert await lines_of(*gets(WELL, BAD_GATEWAY, page(200), BAD_GATEWAY, WELL, WELL)) == [
        "amocrm_away",
        "amocrm_back",
    ]


async def test_that_it_can_be_read_does_not_mean_that_it_takes_anything() -> None:
    rounds = [("GET", WELL), ("POST", BAD_GATEWAY)] * 3

    assert await lines_of(*rounds) == ["amocrm_away"]
    assert await lines_of(*rounds, ("POST", WELL)) == ["amocrm_away", "amocrm_back"]


async def test_who_refuses_one_thing_is_there() -> None:
    assert await lines_of(*gets(REFUSED)) == []
    assert await lines_of(*gets(BAD_GATEWAY, REFUSED)) == ["amocrm_away", "amocrm_back"]


async def test_a_pause_that_it_asks_for_is_no_outage() -> None:
    assert await lines_of(*gets(PAUSED)) == []
