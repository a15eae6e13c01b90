"""The authorisation: where it comes from, when it is renewed, and what is said when it is gone."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from carquery.adapters.amocrm.access import LongLivedAccess
from carquery.adapters.amocrm.reasons import AMOCRM
from carquery.adapters.sql.crm_tokens import SqlCrmTokens
from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.seal import Seal
from carquery.application.ports.crm import CrmBusy, CrmShutOut, CrmUnauthorised
from carquery.application.ports.stores import StoreUnavailable
from tests.adapters.amocrm.connecting import ACCOUNT, a_client, a_server, answering, says
from tests.adapters.amocrm.installation import LEAD, AmoCrmInstallation, failing_with
from tests.builders import DAY
from tests.sqlite_files import a_sqlite_database

pytestmark = pytest.mark.usefixtures("logged")


@pytest.mark.parametrize(("left", "refreshes"), [(DAY, 0), (timedelta(minutes=5), 0), (timedelta(seconds=299), 1)])
async def test_a_token_is_renewed_when_less_than_five_minutes_are_left(
    installation: AmoCrmInstallation, left: timedelta, refreshes: int
) -> None:
    await installation.log_in(for_=left)

    async with installation.client() as client:
        await client.read(ACCOUNT)
        await client.read(ACCOUNT)

    assert installation.refreshes == refreshes
    assert installation.asked[-1] == f"GET {ACCOUNT} 200"


async def test_the_new_pair_is_stored_and_used(installation: AmoCrmInstallation) -> None:
    old = await installation.log_in(for_=timedelta())

    async with installation.client() as client:
        installation.amocrm.expire_access_tokens()
        await client.read(ACCOUNT)

    new = await installation.stored()
    assert new.access_token != old.access_token
    assert new.refresh_token != old.refresh_token
    assert new.expires_at == installation.time.clock.now() + DAY


async def test_a_token_that_is_refused_before_its_time_is_renewed_and_the_call_repeated_once(
    installation: AmoCrmInstallation,
) -> None:
    await installation.log_in()
    installation.amocrm.expire_access_tokens()

    async with installation.client() as client:
        await client.write("POST", "/api/v4/leads", [LEAD], permit=None)

    assert installation.asked == ["POST /api/v4/leads 401", "POST /oauth2/access_token 200", "POST /api/v4/leads 200"]
    assert len(installation.amocrm.world.leads) == 1


async def test_a_token_that_another_process_has_renewed_is_taken_from_the_store(
    installation: AmoCrmInstallation,
) -> None:
    await installation.log_in()
    async with installation.client() as one, installation.client() as other:
        await one.read(ACCOUNT)
        await other.read(ACCOUNT)
        installation.amocrm.expire_access_tokens()

        await one.read(ACCOUNT)
        await other.read(ACCOUNT)

    assert installation.refreshes == 1


async def test_a_second_refusal_means_that_the_authorisation_is_gone(installation: AmoCrmInstallation) -> None:
    await installation.log_in()
    installation.amocrm.faults.add("401", path="account", times=None)

    async with installation.client() as client:
        with failing_with(CrmUnauthorised, "carquery amocrm login --code"):
            await client.read(ACCOUNT)

    assert installation.asked == [f"GET {ACCOUNT} 401", "POST /oauth2/access_token 200", f"GET {ACCOUNT} 401"]
    closure = await installation.gate.closure()
    assert closure is not None
    assert "carquery amocrm login" in AMOCRM.reasons.russian(closure.reason)


async def test_nobody_has_logged_in(installation: AmoCrmInstallation) -> None:
    async with installation.client() as client:
        with failing_with(CrmUnauthorised, "ещё нет.*carquery amocrm login --code"):
            await client.read(ACCOUNT)

    assert installation.asked == []


async def test_after_a_login_the_next_call_works(installation: AmoCrmInstallation) -> None:
    async with installation.client() as client:
        with failing_with(CrmUnauthorised, "ещё нет"):
            await client.read(ACCOUNT)
        await installation.log_in()
        await installation.gate.open()

        assert await client.read(ACCOUNT) is not None


async def test_a_revoked_grant_names_the_command_and_closes_the_gate(installation: AmoCrmInstallation) -> None:
    await installation.log_in()
    installation.amocrm.revoke_tokens()

    async with installation.client() as client:
        with failing_with(CrmUnauthorised, "отозван.*carquery amocrm login --code"):
            await client.read(ACCOUNT)
        with failing_with(CrmShutOut, "carquery amocrm login --code"):
            await client.read(ACCOUNT)

    assert installation.refreshes == 1


async def test_a_login_revives_clients_whose_grant_was_revoked(installation: AmoCrmInstallation) -> None:
    await installation.log_in()
    async with installation.client() as client:
        await client.read(ACCOUNT)
        installation.amocrm.revoke_tokens()
        with failing_with(CrmUnauthorised, "login"):
            await client.read(ACCOUNT)
        await installation.log_in()
        await installation.gate.open()

        assert await client.read(ACCOUNT) is not None


async def test_tokens_sealed_with_another_key_name_both_ways_out(
    tmp_path: Path, installation: AmoCrmInstallation
) -> None:
    clock = installation.time.clock
    async with open_engine(a_sqlite_database(tmp_path)) as engine:
        await SqlCrmTokens(engine, clock, Seal(("the key before",))).store(await installation.log_in())
        for keys in (("another key",), ()):
            tokens = SqlCrmTokens(engine, clock, Seal(keys))
            async with installation.client(tokens=tokens) as client:
                with failing_with(CrmUnauthorised, "верните SECRET_KEY или .*carquery amocrm login --code"):
                    await client.read(ACCOUNT)
            await installation.gate.open()

    assert installation.asked == []


async def test_a_key_that_is_being_changed_opens_what_the_old_one_sealed(
    tmp_path: Path, installation: AmoCrmInstallation
) -> None:
    clock = installation.time.clock
    async with open_engine(a_sqlite_database(tmp_path)) as engine:
        await SqlCrmTokens(engine, clock, Seal(("the key before",))).store(await installation.log_in())

        async with installation.client(
            tokens=SqlCrmTokens(engine, clock, Seal(("another key", "the key before")))
        ) as client:
            assert await client.read(ACCOUNT) is not None


async def test_an_account_that_has_moved_is_called_at_its_new_address(installation: AmoCrmInstallation) -> None:
    """The old address answers 401 to everything; the token names the host that knows better."""
    grant = await installation.log_in()
    unauthorised = says(401, {"title": "Unauthorized", "status": 401})
    async with a_server(answering(unauthorised)) as old:
        await installation.tokens.store(replace(grant, base_url=old.base_url))
        async with installation.client() as client:
            assert await client.read(ACCOUNT) is not None

    assert (await installation.stored()).base_url == installation.amocrm.base_url
    assert [asked.path for asked in old.asked] == [ACCOUNT, "/oauth2/access_token"]


async def test_a_store_that_is_away_is_told_as_such(installation: AmoCrmInstallation) -> None:
    await installation.log_in()
    installation.tokens.fail_next(StoreUnavailable("away"))

    async with installation.client() as client:
        with failing_with(StoreUnavailable, "away"):
            await client.read(ACCOUNT)

        assert await client.read(ACCOUNT) is not None


async def test_amocrm_away_during_a_renewal_is_no_lost_authorisation(installation: AmoCrmInstallation) -> None:
    await installation.log_in(for_=timedelta())
    await installation.amocrm.stop_listening()

    async with installation.client() as client:
        with failing_with(CrmBusy, "нет связи"):
            await client.read(ACCOUNT)
        await installation.amocrm.start_listening()

        assert await client.read(ACCOUNT) is not None


async def test_a_block_during_a_renewal_shuts_everybody_out(installation: AmoCrmInstallation) -> None:
    await installation.log_in(for_=timedelta())
    installation.amocrm.faults.block()

    async with installation.client() as client:
        with failing_with(CrmShutOut, "заблокировала"):
            await client.read(ACCOUNT)

    assert await installation.gate.closure() is not None


async def test_a_long_lived_token_is_used_as_it_is(installation: AmoCrmInstallation) -> None:
    access = LongLivedAccess(installation.amocrm.base_url, installation.amocrm.long_lived_token())
    async with a_client(installation.amocrm.base_url, access=access) as client:
        assert await client.read(ACCOUNT) is not None

    assert installation.refreshes == 0


async def test_a_long_lived_token_that_was_revoked_says_where_to_make_another(installation: AmoCrmInstallation) -> None:
    access = LongLivedAccess(installation.amocrm.base_url, installation.amocrm.long_lived_token())
    installation.amocrm.revoke_tokens()
    async with a_client(installation.amocrm.base_url, access=access) as client:
        with failing_with(CrmUnauthorised, "AMOCRM_LONG_LIVED_TOKEN"):
            await client.read(ACCOUNT)

    assert installation.asked == [f"GET {ACCOUNT} 401"]


async def test_a_bearer_does_not_show_its_token(installation: AmoCrmInstallation) -> None:
    token = installation.amocrm.long_lived_token()
    bearer = await LongLivedAccess(installation.amocrm.base_url, token).bearer()

    assert bearer.token == token
    assert token not in repr(bearer)
    assert token not in str(bearer)
