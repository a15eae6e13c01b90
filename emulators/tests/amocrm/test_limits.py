"""How many requests a second are taken, and what happens to those who do not stop."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession

from carquery_emulators.amocrm import AmoCrmEmulator
from emulators.tests.amocrm.doubles import Client, client_of

ACCOUNT = "/api/v4/account"


class Stopwatch:
    """Stands still unless somebody moves it."""

    seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def stopwatch() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
async def strict(stopwatch: Stopwatch) -> AsyncIterator[AmoCrmEmulator]:
    """With amoCRM's own limit."""
    async with AmoCrmEmulator(stopwatch=stopwatch) as amocrm:
        yield amocrm


@pytest.fixture
async def hasty(strict: AmoCrmEmulator) -> AsyncIterator[Client]:
    async with client_of(strict) as api:
        yield api


async def many(api: Client, number: int) -> list[int]:
    return [(await api.get(ACCOUNT)).status for _ in range(number)]


async def test_seven_requests_a_second_are_taken_and_the_eighth_is_not(hasty: Client) -> None:
    assert await many(hasty, 8) == [200] * 7 + [429]


async def test_the_limit_counts_the_last_second_whenever_it_began(hasty: Client, stopwatch: Stopwatch) -> None:
    assert await many(hasty, 1) == [200]
    stopwatch.seconds += 0.9
    assert await many(hasty, 7) == [200] * 6 + [429]
    stopwatch.seconds += 0.2

    assert await many(hasty, 2) == [200, 429]


async def test_both_hosts_and_the_token_endpoint_share_the_limit(strict: AmoCrmEmulator, hasty: Client) -> None:
    async with ClientSession() as http:
        for address in [f"{strict.drive_url}/v1.0/files/0", f"{strict.base_url}/oauth2/access_token"] * 3:
            async with http.get(address) as answer:
                assert answer.status in {401, 405}

    assert await many(hasty, 2) == [200, 429]


async def test_a_refused_request_has_no_effect_and_says_no_more_than_that(
    strict: AmoCrmEmulator, hasty: Client
) -> None:
    await many(hasty, 7)

    refused = await hasty.post("/api/v4/contacts", [{"name": "Анна"}])

    assert (refused.status, refused.kind) == (429, "text/html; charset=utf-8")
    assert "429 Too Many Requests" in refused.text
    assert "Retry-After" not in refused.headers
    assert "X-Request-Id" not in refused.headers
    assert strict.world.contacts == {}


async def test_a_refusal_may_say_how_long_to_wait(strict: AmoCrmEmulator, hasty: Client) -> None:
    await many(hasty, 7)
    strict.faults.limit_retry_after = 300

    strict.faults.limit_says = "json"
    in_json = await hasty.get(ACCOUNT)
    strict.faults.limit_says = "header"
    in_header = await hasty.get(ACCOUNT)

    assert (in_json.status, in_json.kind, in_json.body["retry_after"]) == (429, "application/problem+json", 300)
    assert (in_header.status, in_header.headers["Retry-After"]) == (429, "300")


async def test_who_does_not_stop_is_shut_out_of_everything_until_somebody_lets_him_in(
    strict: AmoCrmEmulator, hasty: Client
) -> None:
    assert await many(hasty, 29) == [200] * 7 + [429] * 20 + [403] * 2

    async with ClientSession() as http:
        for address in (f"{strict.drive_url}/v1.0/sessions", f"{strict.base_url}/oauth2/access_token"):
            async with http.post(address, json={}) as answer:
                assert (answer.status, answer.content_type) == (403, "text/html")
                assert "403 Forbidden" in await answer.text()
                assert "X-Request-Id" not in answer.headers

    strict.faults.unblock()
    assert (await hasty.get(ACCOUNT)).status in {200, 429}


async def test_a_limit_can_be_set_so_high_that_nobody_meets_it(amocrm: AmoCrmEmulator, api: Client) -> None:
    assert set(await many(api, 100)) == {200}
