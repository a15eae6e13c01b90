"""Misfortunes happen when, how and as often as ordered."""

import asyncio
import time
from typing import Any

import pytest
from aiohttp import ClientError, ServerDisconnectedError

from carquery_emulators.amocrm import AmoCrmEmulator, Hold
from emulators.tests.amocrm.doubles import Client
from tests.patience import eventually

CONTACTS, ACCOUNT = "/api/v4/contacts", "/api/v4/account"
ANNA = [{"name": "Анна"}]


def names(amocrm: AmoCrmEmulator) -> list[str]:
    return [contact.name for contact in amocrm.world.contacts.values()]


@pytest.mark.parametrize(
    ("how", "status", "kind", "contacts"),
    [
        ("500", 500, "application/problem+json", 0),
        ("502", 502, "text/html; charset=utf-8", 0),
        ("503", 503, "text/html; charset=utf-8", 0),
        ("504", 504, "text/html; charset=utf-8", 0),
        ("500 after", 500, "application/problem+json", 1),
        ("502 after", 502, "text/html; charset=utf-8", 1),
        ("504 after", 504, "text/html; charset=utf-8", 1),
        ("429", 429, "text/html; charset=utf-8", 0),
        ("429 header", 429, "text/html; charset=utf-8", 0),
        ("403 html", 403, "text/html; charset=utf-8", 0),
        ("403 scope", 403, "application/problem+json", 0),
        ("402", 402, "application/problem+json", 0),
        ("401", 401, "application/problem+json", 0),
        ("html 200", 200, "text/html; charset=utf-8", 0),
        ("empty 200", 200, "application/json", 1),
        ("404 html", 404, "text/html; charset=utf-8", 0),
        ("redirect", 302, "text/html; charset=utf-8", 0),
    ],
)
async def test_a_wrong_answer_comes_with_or_without_the_effect(
    how: str, status: int, kind: str, contacts: int, amocrm: AmoCrmEmulator, api: Client
) -> None:
    amocrm.faults.add(how)

    answer = await api.post(CONTACTS, ANNA)

    assert (answer.status, answer.kind) == (status, kind)
    assert len(amocrm.world.contacts) == contacts
    assert amocrm.journal[-1].status == status
    assert ("X-Request-Id" in answer.headers) == kind.endswith("problem+json")


@pytest.mark.parametrize(("how", "contacts"), [("refuse", 0), ("drop", 1)])
async def test_a_connection_is_cut_before_or_after_the_effect(
    how: str, contacts: int, amocrm: AmoCrmEmulator, api: Client
) -> None:
    amocrm.faults.add(how)

    with pytest.raises(ClientError):
        await api.post(CONTACTS, ANNA)

    assert len(amocrm.world.contacts) == contacts
    assert amocrm.journal[-1].status is None


async def test_a_late_effect_lands_after_its_connection_was_cut(amocrm: AmoCrmEmulator, api: Client) -> None:
    amocrm.faults.add("late", seconds=0.05)

    with pytest.raises(ClientError):
        await api.post(CONTACTS, ANNA)
    before = names(amocrm)
    await amocrm.settled()

    assert (before, names(amocrm)) == ([], ["Анна"])


@pytest.mark.parametrize(("how", "early"), [("delay", []), ("hang", ["Анна"])])
async def test_a_slow_request_is_slow_before_or_after_its_effect(
    how: str, early: list[str], amocrm: AmoCrmEmulator, api: Client
) -> None:
    amocrm.faults.add(how, seconds=0.1)
    asked = time.monotonic()
    request = asyncio.create_task(api.post(CONTACTS, ANNA))
    await eventually(lambda: bool(amocrm.journal))

    assert names(amocrm) == early
    assert (await request).status == 200
    assert time.monotonic() - asked >= 0.1
    assert names(amocrm) == ["Анна"]


async def test_who_gives_up_waiting_does_not_undo_what_is_under_way(amocrm: AmoCrmEmulator, api: Client) -> None:
    amocrm.faults.add("delay", seconds=0.1)

    request = asyncio.create_task(api.post(CONTACTS, ANNA))
    await eventually(lambda: bool(amocrm.journal))
    request.cancel()
    await amocrm.settled()

    assert names(amocrm) == ["Анна"]


async def test_a_fault_says_how_long_to_wait(amocrm: AmoCrmEmulator, api: Client) -> None:
    amocrm.faults.add("429", retry_after=300)
    amocrm.faults.add("429 header", retry_after=5)

    in_json, in_header = await api.get(ACCOUNT), await api.get(ACCOUNT)

    assert (in_json.body["retry_after"], in_json.kind) == (300, "application/problem+json")
    assert in_header.headers["Retry-After"] == "5"


async def test_a_fault_hits_only_what_it_is_ordered_for(amocrm: AmoCrmEmulator, api: Client, drive: Client) -> None:
    amocrm.faults.add("500", method="post", path=r"/contacts$", skip=1, times=2)
    amocrm.faults.add("503", host="drive", times=None)

    async def posted(path: str) -> int:
        return (await api.post(path, ANNA)).status

    assert (await api.get(CONTACTS)).status == 204
    assert await posted("/api/v4/leads") == 200
    assert [await posted(CONTACTS) for _ in range(4)] == [200, 500, 500, 200]
    assert [(await drive.get("/v1.0/files/0")).status for _ in range(3)] == [503] * 3

    amocrm.faults.clear()
    assert (await drive.get("/v1.0/files/0")).status == 404


@pytest.mark.parametrize(
    ("requests", "complaint"),
    [({"host": "drvie"}, "host='drvie' is unknown; choose from account, drive"), ({"path": "("}, "is no pattern")],
)
def test_what_could_never_happen_cannot_be_ordered(
    requests: dict[str, Any], complaint: str, amocrm: AmoCrmEmulator
) -> None:
    with pytest.raises(ValueError, match=complaint):
        amocrm.faults.add("500", **requests)
    with pytest.raises(ValueError, match=complaint):
        amocrm.faults.hold("before", **requests)


async def test_a_redirect_leads_nowhere_but_to_the_emulator(amocrm: AmoCrmEmulator, api: Client) -> None:
    amocrm.faults.add("redirect")

    away = (await api.get(ACCOUNT)).headers["Location"]

    assert away.startswith("/")
    assert (await api.get(away)).status == 404


async def test_the_first_fault_that_fits_is_used_up(amocrm: AmoCrmEmulator, api: Client) -> None:
    for how in ("502", "401"):
        amocrm.faults.add(how)

    assert [(await api.get(ACCOUNT)).status for _ in range(3)] == [502, 401, 200]
    with pytest.raises(ValueError, match="how='burn' is unknown; choose from refuse, drop, late"):
        amocrm.faults.add("burn")


async def test_the_answer_to_a_refresh_can_be_lost(amocrm: AmoCrmEmulator, api: Client) -> None:
    _, refresh = amocrm.grant()
    amocrm.faults.add("drop", path="/oauth2/access_token")
    request = {
        "client_id": "client-id",
        "client_secret": "client-secret",
        "redirect_uri": "https://example.org/amocrm",
        "grant_type": "refresh_token",
        "refresh_token": refresh,
    }

    with pytest.raises(ClientError):
        await api.post("/oauth2/access_token", request)

    assert (await api.post("/oauth2/access_token", request)).body["hint"] == "Token has been revoked"


async def test_an_unpaid_account_serves_nobody(amocrm: AmoCrmEmulator, api: Client, drive: Client) -> None:
    amocrm.faults.unpaid = True

    for answer in (await api.get(ACCOUNT), await drive.get("/v1.0/files/0")):
        assert (answer.status, answer.body["detail"]) == (402, "Payment required")

    amocrm.faults.unpaid = False
    assert (await api.get(ACCOUNT)).status == 200


async def test_a_blocked_caller_gets_the_fronts_page_until_he_is_unblocked(amocrm: AmoCrmEmulator, api: Client) -> None:
    amocrm.faults.block()
    blocked = await api.get(ACCOUNT)
    amocrm.faults.unblock()

    assert (blocked.status, blocked.kind) == (403, "text/html; charset=utf-8")
    assert (await api.get(ACCOUNT)).status == 200


async def held(api: Client, hold: Hold) -> asyncio.Task[int]:
    """A request that has come as far as the hold."""

    async def post() -> int:
        return (await api.post(CONTACTS, ANNA)).status

    request = asyncio.create_task(post())
    await hold.wait()
    return request


@pytest.mark.parametrize(("when", "early"), [("before", []), ("after", ["Анна"])])
async def test_a_request_is_held_just_before_or_just_after_its_effect(
    when: str, early: list[str], amocrm: AmoCrmEmulator, api: Client
) -> None:
    hold = amocrm.faults.hold("before" if when == "before" else "after", method="POST", path="/contacts$")
    await api.get(ACCOUNT)

    request = await held(api, hold)

    assert hold.reached.is_set()
    assert names(amocrm) == early
    hold.release(drop=False)
    assert await request == 200
    assert names(amocrm) == ["Анна"]


@pytest.mark.parametrize(("when", "left"), [("before", []), ("after", ["Анна"])])
async def test_a_held_request_whose_connection_is_closed_has_the_effect_it_had(
    when: str, left: list[str], amocrm: AmoCrmEmulator, api: Client
) -> None:
    hold = amocrm.faults.hold("before" if when == "before" else "after")
    request = await held(api, hold)

    hold.release(drop=True)
    with pytest.raises(ServerDisconnectedError):
        await request
    await amocrm.settled()

    assert names(amocrm) == left


async def test_a_hold_lets_others_pass(amocrm: AmoCrmEmulator, api: Client) -> None:
    hold = amocrm.faults.hold("before", skip=1)
    first = await api.post(CONTACTS, ANNA)

    second = await held(api, hold)
    third = await api.post(CONTACTS, ANNA)

    assert (first.status, third.status) == (200, 200)
    amocrm.faults.clear()
    assert await second == 200, "clearing lets it go on"
    assert len(amocrm.world.contacts) == 3


async def test_who_stops_listening_refuses_connections_and_comes_back_as_he_was(
    amocrm: AmoCrmEmulator, api: Client, drive: Client
) -> None:
    await api.post(CONTACTS, ANNA)
    addresses = (amocrm.base_url, amocrm.drive_url)

    await amocrm.stop_listening()
    for client in (api, drive):
        with pytest.raises(ClientError):
            await client.get(ACCOUNT)
    assert amocrm.is_down
    await amocrm.start_listening()

    assert (amocrm.base_url, amocrm.drive_url) == addresses
    assert [contact["name"] for contact in (await api.get(CONTACTS)).rows("contacts")] == ["Анна"]
    assert len(amocrm.journal) == 2, "nobody heard the others"


async def test_the_journal_names_every_request_in_order(amocrm: AmoCrmEmulator, api: Client, drive: Client) -> None:
    await api.get(CONTACTS, query="+7916")
    await drive.get("/v1.0/files/0")

    first, second = amocrm.journal
    assert (first.number, first.host, first.method, first.path, first.status) == (1, "account", "GET", CONTACTS, 204)
    assert first.query == "query=%2B7916"
    assert (second.number, second.host, second.status) == (2, "drive", 404)
    assert second.at >= first.at
    assert list(amocrm.journal[1:]) == [second]
