"""What another site, open in the same browser, may do with an emulator on this machine: nothing."""

from collections.abc import AsyncIterator, Mapping

import pytest

from carquery_emulators.amocrm import AmoCrmEmulator
from carquery_emulators.openai import OpenAiEmulator
from carquery_emulators.telegram import TelegramEmulator
from emulators.tests.other_sites import ANOTHER_NAME, ANOTHER_SITE, OF_A_FORM, headers_of_its_own, status_of

CONTROL = {"Telegram": "/control/customers", "amoCRM": "/control/faults", "OpenAI": "/control/faults"}
"""A path of each server that a POST changes something at."""


@pytest.fixture(params=list(CONTROL))
async def server(request: pytest.FixtureRequest) -> AsyncIterator[tuple[str, str]]:
    """The address of each in turn, and a path to post to."""
    path = CONTROL[request.param]
    match request.param:
        case "Telegram":
            async with TelegramEmulator() as telegram:
                yield telegram.base_url, path
        case "amoCRM":
            async with AmoCrmEmulator(client_id="i", client_secret="s", redirect_uri="https://x.ru/") as amocrm:
                yield amocrm.base_url, path
        case _:
            async with OpenAiEmulator() as openai:
                yield openai.base_url.removesuffix("/v1"), path


@pytest.mark.parametrize("headers", ANOTHER_NAME, ids=str)
async def test_nothing_is_read_by_another_name(server: tuple[str, str], headers: Mapping[str, str]) -> None:
    address, path = server

    assert await status_of(address, "GET", path, headers=headers) in {400, 403}


@pytest.mark.parametrize("headers", ANOTHER_SITE, ids=str)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_nothing_is_changed_by_another_site(
    server: tuple[str, str], headers: Mapping[str, str], method: str
) -> None:
    address, path = server

    assert await status_of(address, method, path, headers=headers) == 403


@pytest.mark.parametrize("kind", OF_A_FORM)
async def test_what_a_form_can_send_changes_nothing(server: tuple[str, str], kind: str) -> None:
    address, path = server

    assert await status_of(address, "POST", path, headers={"Content-Type": kind}, body=b"{}") == 415


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
async def test_its_own_page_may(server: tuple[str, str], name: str) -> None:
    address, path = server

    assert await status_of(address, "POST", path, headers=headers_of_its_own(address, name)) not in {403, 415}
    assert await status_of(address, "POST", path) not in {403, 415}  # a program
