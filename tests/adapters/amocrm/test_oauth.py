"""The token endpoint: codes and refresh tokens for tokens, and what to do if there are none."""

import base64
import json
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web

from carquery.adapters.amocrm.oauth import TURN_WITHIN, Integration, OAuth
from carquery.adapters.amocrm.ports import CrmGate, CrmGrant
from carquery.adapters.amocrm.turns import Turns
from carquery.application.ports.crm import CrmAmbiguous, CrmBusy, CrmFailure, CrmShutOut, CrmUnauthorised
from carquery_emulators.amocrm import AmoCrmEmulator
from tests.adapters.amocrm.connecting import PassingTime, a_server, answering, page, patient_http, says
from tests.adapters.amocrm.installation import INTEGRATION
from tests.adapters.amocrm.saying import in_russian, saying
from tests.builders import NOW

CODE = "def502secret-code"
TOKENS = {"token_type": "Bearer", "expires_in": 86400, "access_token": "access-2", "refresh_token": "refresh-2"}


@asynccontextmanager
async def oauth_of(
    integration: Integration = INTEGRATION, *, time: PassingTime | None = None, gate: CrmGate | None = None
) -> AsyncIterator[OAuth]:
    time = time or PassingTime()
    async with patient_http() as http:
        yield OAuth(
            http, integration, Turns(gate or time.gate(), sleep=time.sleep, now=time.clock.monotonic), time.clock
        )


def oauth_problem(status: int, hint: str | None) -> Any:
    """As amocrm.ru says it; without a hint, the client itself is not accepted."""
    title, detail = (
        ("Некорректный клиент", "Авторизация клиента не прошла")
        if hint is None
        else ("Некорректный запрос", "В запросе отсутствует ряд параметров или параметры невалидны")
    )
    body = {"title": title, "type": "OAuthProblemJson", "status": status, "detail": detail}
    return says(status, body if hint is None else {"hint": hint} | body)


def a_grant_for_host(base_url: str, **changes: str) -> CrmGrant:
    """One whose access token, a JWT, names that server as the shared API host."""
    claims = json.dumps({"api_domain": base_url.removeprefix("http://")} | changes)
    access = f"e30.{base64.urlsafe_b64encode(claims.encode()).decode().rstrip('=')}.c2lnbmVk"
    return CrmGrant(base_url, access, "refresh-1", NOW)


async def test_a_code_is_exchanged_for_tokens_that_last_a_day() -> None:
    async with AmoCrmEmulator() as amocrm, oauth_of() as oauth:
        grant = await oauth.exchange(amocrm.code(), base_url=amocrm.base_url)

    assert grant.base_url == amocrm.base_url
    assert grant.refresh_token.startswith("def502")
    assert grant.expires_at == NOW + timedelta(days=1)


async def test_everything_that_amocrm_asks_for_is_sent() -> None:
    async with a_server(answering(says(200, TOKENS))) as server, oauth_of() as oauth:
        await oauth.exchange(CODE, base_url=server.base_url)
        await oauth.refresh(a_grant_for_host(server.base_url))

    client = {
        "client_id": "client-id",
        "client_secret": "client-secret",
        "redirect_uri": "https://example.org/amocrm",
    }
    assert [asked.body for asked in server.asked] == [
        client | {"grant_type": "authorization_code", "code": CODE},
        client | {"grant_type": "refresh_token", "refresh_token": "refresh-1"},
    ]
    assert {(asked.method, asked.path) for asked in server.asked} == {("POST", "/oauth2/access_token")}


@pytest.mark.parametrize(
    ("status", "hint", "remedy"),
    [
        (400, "Authorization code has expired", "20 минут"),
        (400, "Authorization code has been revoked", "уже использован"),
        (400, "Cannot decrypt the authorization code", "не полностью"),
        (400, "Check the `client_id` parameter", "AMOCRM_CLIENT_ID"),
        (400, "Check the `client_secret` parameter", "AMOCRM_CLIENT_SECRET"),
        (400, "Redirect URI is not associated with client", "AMOCRM_REDIRECT_URI"),
        (400, "Invalid account", "AMOCRM_BASE_URL"),
        (401, None, "AMOCRM_CLIENT_SECRET"),
        (400, "Something that nobody has seen yet", "Something that nobody has seen yet"),
        (400, None, "Авторизация клиента не прошла"),
    ],
)
async def test_a_code_that_is_not_taken_ends_in_a_remedy(status: int, hint: str | None, remedy: str) -> None:
    async with a_server(answering(oauth_problem(status, hint))) as server, oauth_of() as oauth:
        with pytest.raises(CrmUnauthorised) as raised:
            await oauth.exchange(CODE, base_url=server.base_url)

    assert remedy in in_russian(raised.value)
    _assert_no_secret(raised.value)


@pytest.mark.parametrize(
    ("status", "hint", "remedy"),
    [
        (401, "Token has been revoked", "уже использован или отозван"),
        (401, "Token has expired", "3 месяца"),
        (401, "Cannot decrypt the refresh token", "Cannot decrypt the refresh token"),
        (401, "Token is not linked to client", "AMOCRM_CLIENT_ID"),
        (401, None, "AMOCRM_CLIENT_SECRET"),
    ],
)
async def test_a_refresh_that_is_refused_names_the_reason_and_the_command(
    status: int, hint: str | None, remedy: str
) -> None:
    async with a_server(answering(oauth_problem(status, hint))) as server, oauth_of() as oauth:
        with pytest.raises(CrmUnauthorised, check=saying("carquery amocrm login --code")) as raised:
            await oauth.refresh(a_grant_for_host(server.base_url))

    assert remedy in in_russian(raised.value)
    _assert_no_secret(raised.value)


async def test_the_emulated_account_refuses_what_the_real_one_does() -> None:
    async with AmoCrmEmulator() as amocrm, oauth_of() as oauth:
        code = amocrm.code()
        await oauth.exchange(code, base_url=amocrm.base_url)
        for wrong, remedy in (
            (code, "уже использован"),
            ("nonsense", "не полностью"),
            (amocrm.code(is_of_this_account=False), "AMOCRM_BASE_URL"),
        ):
            with pytest.raises(CrmUnauthorised, check=saying(remedy)):
                await oauth.exchange(wrong, base_url=amocrm.base_url)


@pytest.mark.parametrize(
    ("integration", "remedy"),
    [
        (replace(INTEGRATION, client_secret="another"), "AMOCRM_CLIENT_SECRET"),
        (replace(INTEGRATION, redirect_uri="https://example.org/amocrm/"), "буква в букву"),
    ],
)
async def test_an_integration_that_is_set_up_wrong_ends_in_a_remedy(integration: Integration, remedy: str) -> None:
    async with AmoCrmEmulator() as amocrm, oauth_of(integration) as oauth:
        with pytest.raises(CrmUnauthorised, check=saying(remedy)):
            await oauth.exchange(amocrm.code(), base_url=amocrm.base_url)


@pytest.mark.parametrize(
    ("response", "kind", "words"),
    [
        (page(403), CrmShutOut, "заблокировала"),
        (page(402), CrmShutOut, "не оплачен"),
        (page(404), CrmShutOut, "AMOCRM_BASE_URL"),
        (page(302, Location="/login"), CrmShutOut, "AMOCRM_BASE_URL"),
        (page(429), CrmBusy, "429"),
        (page(502), CrmAmbiguous, "502"),
        (page(200), CrmAmbiguous, "вместо токенов"),
        (says(200, {"token_type": "Bearer"}), CrmAmbiguous, "вместо токенов"),
    ],
)
async def test_other_answers_to_a_code_mean_what_they_mean_elsewhere(
    response: Any, kind: type[CrmFailure], words: str
) -> None:
    async with a_server(answering(response)) as server, oauth_of() as oauth:
        with pytest.raises(CrmFailure, check=saying(words)) as raised:
            await oauth.exchange(CODE, base_url=server.base_url)

    assert type(raised.value) is kind
    assert len(server.asked) == 1
    _assert_no_secret(raised.value)


async def test_a_block_at_the_token_endpoint_closes_the_gate_for_all() -> None:
    time = PassingTime()
    gate = time.gate()
    async with a_server(answering(page(403))) as server, oauth_of(time=time, gate=gate) as oauth:
        with pytest.raises(CrmShutOut):
            await oauth.refresh(a_grant_for_host(server.base_url))

    closure = await gate.closure()
    assert closure is not None
    assert closure.reopens_in == timedelta(minutes=5)


@pytest.mark.parametrize(("how", "kind"), [("drop", CrmAmbiguous), ("500 after", CrmAmbiguous)])
async def test_a_lost_answer_leaves_the_refresh_token_in_doubt(how: str, kind: type[CrmFailure]) -> None:
    async with AmoCrmEmulator() as amocrm, oauth_of() as oauth:
        grant = await oauth.exchange(amocrm.code(), base_url=amocrm.base_url)
        amocrm.faults.add(how, path="access_token")
        with pytest.raises(kind):
            await oauth.refresh(grant)


async def test_who_is_not_there_has_not_spent_the_refresh_token() -> None:
    async with AmoCrmEmulator() as amocrm, oauth_of() as oauth:
        access_token, refresh_token = amocrm.grant()
        grant = CrmGrant(amocrm.base_url, access_token, refresh_token, NOW)
        await amocrm.stop_listening()
        with pytest.raises(CrmBusy):
            await oauth.refresh(grant)
        await amocrm.start_listening()

        assert (await oauth.refresh(grant)).refresh_token != grant.refresh_token


async def test_no_long_pause_is_waited_out_by_who_may_renew() -> None:
    """Its right to renew would run out meanwhile, and another process would use the same refresh token."""
    time = PassingTime()
    gate = time.gate()
    await gate.pause(TURN_WITHIN * 2)
    async with a_server(answering(says(200, TOKENS))) as server, oauth_of(time=time, gate=gate) as oauth:
        with pytest.raises(CrmBusy) as raised:
            await oauth.refresh(a_grant_for_host(server.base_url))

    assert raised.value.retry_after == TURN_WITHIN * 2
    assert server.asked == []
    assert time.slept == []


def moved(new_address: str, *, status: int = 401, lookup: Any = None) -> Any:
    """An old address of an account that has another one by now; the shared API host knows it."""
    domain = new_address.removeprefix("http://")

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path == "/oauth2/account/current/subdomain":
            return (lookup or says(200, {"id": 1, "subdomain": "new", "domain": domain, "top_level_domain": "ru"}))()
        return oauth_problem(401, "Token has been revoked")() if status == 401 else page(404)()

    return answer


@pytest.mark.parametrize("status", [401, 404])
async def test_an_account_that_has_moved_is_followed(status: int) -> None:
    async with (
        a_server(answering(says(200, TOKENS))) as new,
        a_server(moved(new.base_url, status=status)) as old,
        oauth_of() as oauth,
    ):
        fresh = await oauth.refresh(a_grant_for_host(old.base_url))

    assert (fresh.base_url, fresh.access_token) == (new.base_url, "access-2")
    assert [asked.body["refresh_token"] for asked in new.asked] == ["refresh-1"]


async def test_a_refusal_at_the_new_address_is_the_end() -> None:
    async with (
        a_server(answering(oauth_problem(401, "Token has expired"))) as new,
        a_server(moved(new.base_url)) as old,
        oauth_of() as oauth,
    ):
        with pytest.raises(CrmUnauthorised, check=saying("3 месяца")):
            await oauth.refresh(a_grant_for_host(old.base_url))


async def test_an_account_that_has_not_moved_is_not_asked_again() -> None:
    async with AmoCrmEmulator() as amocrm, oauth_of() as oauth:
        grant = await oauth.exchange(amocrm.code(), base_url=amocrm.base_url)
        amocrm.revoke_tokens()
        with pytest.raises(CrmUnauthorised, check=saying("уже использован или отозван")):
            await oauth.refresh(grant)

        asked = [request.path for request in amocrm.journal]
    assert asked == ["/oauth2/access_token"] * 2 + ["/oauth2/account/current/subdomain"]


async def test_while_nobody_says_where_the_account_is_the_grant_is_not_given_up() -> None:
    async with a_server(moved("http://127.0.0.1:1", lookup=page(502))) as old, oauth_of() as oauth:
        with pytest.raises(CrmBusy, check=saying("502")):
            await oauth.refresh(a_grant_for_host(old.base_url))


@pytest.mark.parametrize("said", ["evil.example", "evil.example/127.0.0.1", ""])
async def test_the_refresh_token_follows_to_no_foreign_address(said: str) -> None:
    async with a_server(moved(said)) as old, oauth_of() as oauth:
        with pytest.raises(CrmUnauthorised):
            await oauth.refresh(a_grant_for_host(old.base_url))

    assert [asked.path for asked in old.asked] == ["/oauth2/access_token", "/oauth2/account/current/subdomain"]


@pytest.mark.parametrize("api_domain", ["evil.example", "127.0.0.1@evil.example", ""])
async def test_a_token_that_names_a_foreign_host_is_not_believed(api_domain: str) -> None:
    async with a_server(moved("http://127.0.0.1:1")) as old, oauth_of() as oauth:
        with pytest.raises(CrmUnauthorised):
            await oauth.refresh(a_grant_for_host(old.base_url, api_domain=api_domain))

    assert [asked.path for asked in old.asked] == ["/oauth2/access_token"]


@pytest.mark.parametrize("access_token", ["", "opaque", "a.b.c", "a.bnVsbA.c", "a.W10.c"])
async def test_a_token_that_is_no_jwt_names_no_host(access_token: str) -> None:
    async with a_server(moved("http://127.0.0.1:1")) as old, oauth_of() as oauth:
        with pytest.raises(CrmUnauthorised):
            await oauth.refresh(replace(a_grant_for_host(old.base_url), access_token=access_token))

    assert len(old.asked) == 1


def test_neither_integration_nor_grant_shows_its_secrets() -> None:
    shown = repr(INTEGRATION) + repr(CrmGrant("https://dealer.amocrm.ru", "access-1", "refresh-1", NOW))

    assert "client-secret" not in shown
    assert "access-1" not in shown
    assert "refresh-1" not in shown


def _assert_no_secret(failure: BaseException) -> None:
    told = "".join(traceback.format_exception(failure)) + repr(failure)
    for secret in (CODE, "client-secret", "refresh-1", "access-2", "refresh-2"):
        assert secret not in told
