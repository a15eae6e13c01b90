"""What another site, open in the same browser, may do with a server on this machine: nothing."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession

from carquery_emulators.amocrm import AmoCrmEmulator
from carquery_emulators.openai import OpenAiEmulator
from carquery_emulators.telegram import TelegramEmulator
from tests.entrypoints.playground.fake_telegram import FakeBoard, FakeTelegram, serving

CONTROL = {
    "playground": "/control/customers",
    "Telegram": "/control/customers",
    "amoCRM": "/control/faults",
    "OpenAI": "/control/faults",
}
"""A path of each server that a POST changes something at."""


@pytest.fixture(params=list(CONTROL))
async def server(request: pytest.FixtureRequest) -> AsyncIterator[tuple[str, str]]:
    """The address of each in turn, and a path to post to."""
    path = CONTROL[request.param]
    match request.param:
        case "playground":
            async with serving(FakeTelegram(), FakeBoard()) as page:
                yield str(page.make_url("/")).rstrip("/"), path
        case "Telegram":
            async with TelegramEmulator() as telegram:
                yield telegram.base_url, path
        case "amoCRM":
            async with AmoCrmEmulator(client_id="i", client_secret="s", redirect_uri="https://x.ru/") as amocrm:
                yield amocrm.base_url, path
        case _:
            async with OpenAiEmulator() as openai:
                yield openai.base_url.removesuffix("/v1"), path


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:PORT"},
        {"Host": "127.0.0.1.evil.example:PORT"},
        {"Host": "localhost"},
        {"Host": "127.0.0.1:1"},
        {"Host": "[::2]:PORT"},
        {"Host": "127.0.0.1:PORT@evil.example"},
        {"Host": ""},
        {"Host": "0.0.0.0:PORT"},
    ],
    ids=str,
)
async def test_nothing_is_read_by_another_name(server: tuple[str, str], headers: dict[str, str]) -> None:
    address, path = server
    port = address.rpartition(":")[2]
    sent = {name: value.replace("PORT", port) for name, value in headers.items()}

    async with ClientSession() as http, http.get(f"{address}{path}", headers=sent) as answer:
        assert answer.status in {400, 403}


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "https://127.0.0.1:PORT"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://localhost"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://127.0.0.1:PORT", "Sec-Fetch-Site": "cross-site"},
    ],
    ids=str,
)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_nothing_is_changed_by_another_site(
    server: tuple[str, str], headers: dict[str, str], method: str
) -> None:
    address, path = server
    port = address.rpartition(":")[2]
    sent = {name: value.replace("PORT", port) for name, value in headers.items()}

    async with ClientSession() as http, http.request(method, f"{address}{path}", json={}, headers=sent) as answer:
        assert answer.status == 403


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/octet-stream"])
async def test_what_a_form_can_send_changes_nothing(server: tuple[str, str], kind: str) -> None:
    address, path = server

    sent = {"Content-Type": kind}
    async with ClientSession() as http, http.post(f"{address}{path}", data=b"{}", headers=sent) as answer:
        assert answer.status == 415


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
async def test_its_own_page_may(server: tuple[str, str], name: str) -> None:
    address, path = server
    here = address.replace("127.0.0.1", name)
    own = {"Origin": here, "Host": here.removeprefix("http://"), "Sec-Fetch-Site": "same-origin"}

    async with ClientSession() as http:
        async with http.post(f"{address}{path}", json={"first_name": "Анна"}, headers=own) as answer:
            assert answer.status not in {403, 415}
        async with http.post(f"{address}{path}", json={"first_name": "Анна"}) as answer:  # a program
            assert answer.status not in {403, 415}
