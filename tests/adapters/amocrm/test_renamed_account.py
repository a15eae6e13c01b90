"""An account that was renamed: its old host knows it no more, and the host that is named in the token does."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import web
from structlog.typing import EventDict

from carquery.adapters.amocrm.access import ASKED_AGAIN_AFTER, OAuthAccess
from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.oauth import OAuth
from carquery.adapters.amocrm.problems import Refusal
from carquery.adapters.amocrm.turns import Turns
from carquery.application.ports.crm import CrmMade, CrmShutOut
from carquery.domain.effects import CrmId, Effect
from carquery_emulators.amocrm.faults import FrontAnswer
from tests.adapters.amocrm.account import an_amocrm
from tests.adapters.amocrm.connecting import ACCOUNT, Server, a_client, a_server, answering, page, patient_http, says
from tests.adapters.amocrm.installation import INTEGRATION, AmoCrmInstallation, failing_with
from tests.adapters.amocrm.saying import saying
from tests.builders import PERMIT, a_full_lead

pytestmark = pytest.mark.usefixtures("logged")

Response = Callable[[], web.StreamResponse]

ELSEWHERE = pytest.mark.parametrize(
    "response",
    [
        pytest.param(page(301, Location="https://new.amocrm.ru/"), id="301"),
        pytest.param(page(302, Location="https://www.amocrm.ru/"), id="302"),
        pytest.param(page(307), id="307"),
        pytest.param(page(308), id="308"),
        pytest.param(page(404), id="404 page"),
        pytest.param(lambda: web.Response(status=404), id="404 empty"),
    ],
)


@asynccontextmanager
async def an_old_address(installation: AmoCrmInstallation, response: Response) -> AsyncIterator[Server]:
    """The grant names it, and it answers that."""
    grant = await installation.log_in()
    async with a_server(answering(response)) as old:
        await installation.tokens.store(replace(grant, base_url=old.base_url, configured_url=old.base_url))
        yield old


@asynccontextmanager
async def a_process_with(installation: AmoCrmInstallation, configured_url: str) -> AsyncIterator[AmoCrmClient]:
    """A process whose AMOCRM_BASE_URL is that."""
    async with patient_http() as http:
        turns = Turns(installation.gate, sleep=installation.time.sleep)
        oauth = OAuth(http, INTEGRATION, turns, installation.time.clock)
        access = OAuthAccess(
            installation.tokens,
            oauth,
            installation.time.clock,
            configured_url=configured_url,
            sleep=installation.time.sleep,
        )
        yield AmoCrmClient(http, access, turns)


@ELSEWHERE
async def test_it_is_followed_at_the_first_answer(installation: AmoCrmInstallation, response: Response) -> None:
    async with an_old_address(installation, response) as old, installation.client() as client:
        assert await client.read(ACCOUNT) is not None
        assert await client.read(ACCOUNT) is not None

    assert len(old.asked) == 1
    assert (await installation.stored()).base_url == installation.amocrm.base_url
    assert installation.refreshes == 0


@ELSEWHERE
async def test_a_deal_is_made_once_while_it_is_followed(installation: AmoCrmInstallation, response: Response) -> None:
    async with an_old_address(installation, response), installation.client() as client:
        contact = installation.amocrm.world.add_contact("Анна", ["+79161234567"])
        lead = replace(a_full_lead(), made={Effect.CONTACT: CrmId(contact)})

        outcome = (await an_amocrm(client).make(Effect.LEAD, [lead], PERMIT))[lead.id]

    assert isinstance(outcome, CrmMade)
    assert len(installation.amocrm.world.leads) == 1
    writes = [asked for asked in installation.asked if asked.startswith("POST")]
    assert len(writes) == 1


async def test_eight_calls_at_once_ask_once_where_it_is(installation: AmoCrmInstallation) -> None:
    async with an_old_address(installation, page(301)), installation.client() as client:
        answers = await asyncio.gather(*(client.read(ACCOUNT) for _ in range(8)))

    assert all(answers)
    assert sum("subdomain" in asked for asked in installation.asked) == 1


@ELSEWHERE
async def test_who_does_not_learn_where_it_is_asks_once_a_minute_and_says_what_helps(
    installation: AmoCrmInstallation, response: Response, logged: list[EventDict]
) -> None:
    async with an_old_address(installation, response), installation.client() as client:
        installation.amocrm.faults.add("500", path="subdomain", times=None)
        for _ in range(5):
            with failing_with(CrmShutOut, "carquery amocrm login"):
                await client.read(ACCOUNT)
        asked_at_first = sum("subdomain" in asked for asked in installation.asked)
        installation.time.clock.pass_time(timedelta(seconds=ASKED_AGAIN_AFTER))
        installation.amocrm.faults.clear()
        assert await client.read(ACCOUNT) is not None

    assert asked_at_first == 1
    assert [line["event"] for line in logged if line["event"] == "address_not_known"] == ["address_not_known"]


async def test_an_account_that_has_gone_for_good_is_told(installation: AmoCrmInstallation) -> None:
    """Whoever knows it says that it is where it was."""
    async with an_old_address(installation, page(404)) as old, installation.client() as client:
        domain = old.base_url.removeprefix("http://")
        installation.amocrm.faults.add(
            "front", path="subdomain", front=FrontAnswer(200, f'{{"domain": "{domain}"}}', "application/json")
        )
        with failing_with(CrmShutOut, "AMOCRM_BASE_URL"):
            await client.read(ACCOUNT)


@pytest.mark.parametrize("domain", ["evil.example", "evil.example/amocrm.ru", "amocrm.ru.evil.example", "", "a b"])
async def test_a_token_is_taken_nowhere_else(installation: AmoCrmInstallation, domain: str) -> None:
    async with an_old_address(installation, page(301)), installation.client() as client:
        body = f'{{"domain": "{domain}"}}'
        installation.amocrm.faults.add("front", path="subdomain", front=FrontAnswer(200, body, "application/json"))
        with failing_with(CrmShutOut, "AMOCRM_BASE_URL"):
            await client.read(ACCOUNT)

    assert (await installation.stored()).base_url != installation.amocrm.base_url


async def test_a_page_for_something_within_the_account_is_no_other_address(installation: AmoCrmInstallation) -> None:
    """Only a page says it: amoCRM's own 404 is about what was asked for."""
    async with (
        an_old_address(installation, says(404, {"title": "Not Found", "status": 404})),
        installation.client() as client,
    ):
        with pytest.raises(Refusal):
            await client.read(f"{ACCOUNT}/x")

    assert installation.asked == []


async def test_a_long_lived_token_is_told_which_setting_to_change() -> None:
    async with a_server(answering(page(301))) as old, a_client(old.base_url) as client:
        with pytest.raises(CrmShutOut, check=saying("AMOCRM_BASE_URL")) as raised:
            await client.read(ACCOUNT)

    assert "login" not in str(raised.value)
    assert len(old.asked) == 1


async def test_a_changed_setting_goes_before_the_address_that_is_stored(installation: AmoCrmInstallation) -> None:
    async with (
        an_old_address(installation, page(502)) as old,
        a_process_with(installation, installation.amocrm.base_url) as client,
    ):
        assert await client.read(ACCOUNT) is not None

    assert old.asked == []
    stored = await installation.stored()
    assert (stored.base_url, stored.configured_url) == (installation.amocrm.base_url, installation.amocrm.base_url)


async def test_a_setting_that_was_not_changed_does_not_go_before_an_address_learnt_later(
    installation: AmoCrmInstallation,
) -> None:
    async with an_old_address(installation, page(301)) as old:
        async with a_process_with(installation, old.base_url) as client:
            await client.read(ACCOUNT)
        async with a_process_with(installation, old.base_url) as restarted:
            await restarted.read(ACCOUNT)

    assert len(old.asked) == 1


async def test_an_address_stored_before_settings_were_noted_gives_way_and_is_found_again(
    installation: AmoCrmInstallation,
) -> None:
    """The setting may be the newer one, or the stale one: the account itself tells."""
    grant = await installation.log_in()
    async with a_server(answering(page(404))) as stale:
        await installation.tokens.store(replace(grant, configured_url=None))
        async with a_process_with(installation, stale.base_url) as client:
            assert await client.read(ACCOUNT) is not None
        async with a_process_with(installation, stale.base_url) as restarted:
            assert await restarted.read(ACCOUNT) is not None

    assert len(stale.asked) == 1
    assert (await installation.stored()).base_url == installation.amocrm.base_url


async def test_an_account_that_was_renamed_while_its_token_ended_is_followed(installation: AmoCrmInstallation) -> None:
    grant = await installation.log_in(for_=timedelta())
    async with a_server(answering(page(301))) as old:
        await installation.tokens.store(replace(grant, base_url=old.base_url))
        async with installation.client() as client:
            assert await client.read(ACCOUNT) is not None

    assert (await installation.stored()).base_url == installation.amocrm.base_url
