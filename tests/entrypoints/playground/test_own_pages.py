"""What another site, open in the same browser, may do with the playground: nothing."""

from collections.abc import AsyncIterator, Mapping

import pytest

from emulators.tests.other_sites import ANOTHER_NAME, ANOTHER_SITE, OF_A_FORM, headers_of_its_own, status_of
from tests.entrypoints.playground.fake_telegram import FakeBoard, FakeTelegram, serving

PATH = "/control/customers"
"""A POST to it changes something."""


@pytest.fixture
async def address() -> AsyncIterator[str]:
    async with serving(FakeTelegram(), FakeBoard()) as page:
        yield str(page.make_url("/")).rstrip("/")


@pytest.mark.parametrize("headers", ANOTHER_NAME, ids=str)
async def test_nothing_is_read_by_another_name(address: str, headers: Mapping[str, str]) -> None:
    assert await status_of(address, "GET", PATH, headers=headers) in {400, 403}


@pytest.mark.parametrize("headers", ANOTHER_SITE, ids=str)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_nothing_is_changed_by_another_site(address: str, headers: Mapping[str, str], method: str) -> None:
    assert await status_of(address, method, PATH, headers=headers) == 403


@pytest.mark.parametrize("kind", OF_A_FORM)
async def test_what_a_form_can_send_changes_nothing(address: str, kind: str) -> None:
    assert await status_of(address, "POST", PATH, headers={"Content-Type": kind}, body=b"{}") == 415


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
async def test_its_own_page_may(address: str, name: str) -> None:
    assert await status_of(address, "POST", PATH, headers=headers_of_its_own(address, name)) not in {403, 415}
    assert await status_of(address, "POST", PATH) not in {403, 415}  # a program
