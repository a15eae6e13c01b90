"""Codes and tokens: what each is good for, how often, and in which words it is refused."""

import base64
import json
from typing import Any

import pytest
from aiohttp import ClientSession

from carquery_emulators.amocrm import AmoCrmEmulator
from emulators.tests.amocrm.doubles import Answered, Client, ManualClock

DAY = 24 * 3600
WORDS = {
    "title": "Некорректный запрос",
    "type": "https://developers.amocrm.ru/v3/errors/OAuthProblemJson",
    "detail": "В запросе отсутствует ряд параметров или параметры невалидны",
}
CLIENT_WORDS = WORDS | {"title": "Некорректный клиент", "detail": "Авторизация клиента не прошла"}


def a_request(**changes: str) -> dict[str, str]:
    """What both grants need; an empty string leaves a parameter out."""
    usual = {
        "client_id": "client-id",
        "client_secret": "client-secret",
        "redirect_uri": "https://example.org/amocrm",
    }
    return {name: value for name, value in (usual | changes).items() if value}


def with_code(code: str, **changes: str) -> dict[str, str]:
    return a_request(grant_type="authorization_code", code=code, **changes)


def with_refresh(token: str, **changes: str) -> dict[str, str]:
    return a_request(grant_type="refresh_token", refresh_token=token, **changes)


async def ask_for_tokens(api: Client, request: dict[str, str]) -> Answered:
    return await api.post("/oauth2/access_token", request)


async def is_let_in(amocrm: AmoCrmEmulator, token: str) -> bool:
    async with ClientSession(amocrm.base_url) as http:
        return (await Client(http, token).get("/api/v4/account")).status == 200


def claims_of(token: str) -> dict[str, Any]:
    middle = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    return claims


async def test_a_code_is_exchanged_for_a_pair_that_lives_for_a_day(
    amocrm: AmoCrmEmulator, api: Client, clock: ManualClock
) -> None:
    answer = await ask_for_tokens(api, with_code(amocrm.code()))

    assert answer.status == 200
    assert (answer.body["token_type"], answer.body["expires_in"]) == ("Bearer", DAY)
    access = answer.body["access_token"]
    assert answer.body["refresh_token"].startswith("def502")
    assert claims_of(access)["exp"] == clock() + DAY
    assert claims_of(access)["api_domain"] == amocrm.base_url.removeprefix("http://")
    assert await is_let_in(amocrm, access)

    clock.advance(DAY)
    assert not await is_let_in(amocrm, access)


async def test_a_form_serves_as_well_as_json(amocrm: AmoCrmEmulator, api: Client) -> None:
    answer = await api.ask("POST", "/oauth2/access_token", data=with_code(amocrm.code()))

    assert await is_let_in(amocrm, answer.body["access_token"])


@pytest.mark.parametrize(
    ("changes", "hint"),
    [
        ({"client_id": ""}, "Check the `client_id` parameter"),
        ({"client_secret": ""}, "Check the `client_secret` parameter"),
        ({"code": ""}, "Check the `code` parameter"),
        ({"redirect_uri": ""}, "Check the `redirect_uri` parameter"),
        ({"redirect_uri": "https://example.org/other"}, "Redirect URI is not associated with client"),
        ({"code": "garbage"}, "Cannot decrypt the authorization code"),
        ({"grant_type": "password"}, "Check that all required parameters have been provided"),
    ],
)
async def test_a_request_for_tokens_that_is_wrong_is_told_why(
    changes: dict[str, str], hint: str, amocrm: AmoCrmEmulator, api: Client
) -> None:
    request = {name: value for name, value in (with_code(amocrm.code()) | changes).items() if value}

    answer = await ask_for_tokens(api, request)

    assert (answer.status, answer.kind) == (400, "application/problem+json")
    assert answer.body == {"hint": hint, "status": 400, **WORDS}


async def test_a_code_is_good_once_for_twenty_minutes_in_its_own_account(
    amocrm: AmoCrmEmulator, api: Client, clock: ManualClock
) -> None:
    used, late, foreign = amocrm.code(), amocrm.code(), amocrm.code(is_of_this_account=False)
    await ask_for_tokens(api, with_code(used))

    assert (await ask_for_tokens(api, with_code(used))).body["hint"] == "Authorization code has been revoked"
    assert (await ask_for_tokens(api, with_code(foreign))).body["hint"] == "Invalid account"
    clock.advance(20 * 60)
    expired = await ask_for_tokens(api, with_code(late))
    assert (expired.status, expired.body["hint"]) == (400, "Authorization code has expired")


@pytest.mark.parametrize("changes", [{"client_secret": "wrong"}, {"redirect_uri": "https://example.org/other"}])
async def test_a_refresh_by_somebody_else_is_refused_without_a_hint(
    changes: dict[str, str], amocrm: AmoCrmEmulator, api: Client
) -> None:
    _, refresh = amocrm.grant()

    answer = await ask_for_tokens(api, with_refresh(refresh, **changes))

    assert answer.status == 401
    assert answer.body == {"status": 401, **CLIENT_WORDS}


async def test_a_refresh_gives_a_new_pair_and_spends_its_token(amocrm: AmoCrmEmulator, api: Client) -> None:
    old, refresh = amocrm.grant()

    renewed = (await ask_for_tokens(api, with_refresh(refresh))).body

    assert await is_let_in(amocrm, renewed["access_token"])
    assert await is_let_in(amocrm, old), "nothing says that the old access token ends"
    assert (await ask_for_tokens(api, with_refresh(renewed["refresh_token"]))).status == 200


async def test_a_refresh_may_end_the_old_access_token(amocrm: AmoCrmEmulator, api: Client) -> None:
    amocrm.faults.refresh_revokes_access = True
    old, refresh = amocrm.grant()

    await ask_for_tokens(api, with_refresh(refresh))

    assert not await is_let_in(amocrm, old)


async def test_a_refresh_token_used_twice_costs_the_whole_grant_and_no_other(
    amocrm: AmoCrmEmulator, api: Client
) -> None:
    (_, refresh), (stranger, _) = amocrm.grant(), amocrm.grant()
    renewed = (await ask_for_tokens(api, with_refresh(refresh))).body

    again = await ask_for_tokens(api, with_refresh(refresh))

    assert (again.status, again.body["hint"]) == (401, "Token has been revoked")
    assert not await is_let_in(amocrm, renewed["access_token"])
    assert (await ask_for_tokens(api, with_refresh(renewed["refresh_token"]))).body["hint"] == "Token has been revoked"
    assert await is_let_in(amocrm, stranger)


async def test_a_refresh_token_is_refused_in_the_words_of_its_fault(
    amocrm: AmoCrmEmulator, api: Client, clock: ManualClock
) -> None:
    _, refresh = amocrm.grant()
    _, foreign = amocrm.grant(client_id="another")

    hints = [(await ask_for_tokens(api, with_refresh(token))).body["hint"] for token in ("garbage", foreign)]
    clock.advance(90 * DAY)
    hints.append((await ask_for_tokens(api, with_refresh(refresh))).body["hint"])

    assert hints == ["Cannot decrypt the refresh token", "Token is not linked to client", "Token has expired"]


async def test_a_long_lived_token_outlives_days_and_ends_when_it_is_revoked(
    amocrm: AmoCrmEmulator, clock: ManualClock
) -> None:
    token = amocrm.long_lived_token()
    clock.advance(365 * DAY)
    amocrm.expire_access_tokens()
    assert await is_let_in(amocrm, token)

    amocrm.revoke_tokens()

    assert not await is_let_in(amocrm, token)


async def test_an_expired_access_token_can_be_refreshed_and_a_revoked_one_cannot(
    amocrm: AmoCrmEmulator, api: Client
) -> None:
    access, refresh = amocrm.grant()
    amocrm.expire_access_tokens()
    assert not await is_let_in(amocrm, access)
    renewed = (await ask_for_tokens(api, with_refresh(refresh))).body
    assert await is_let_in(amocrm, renewed["access_token"])

    amocrm.revoke_tokens()

    assert not await is_let_in(amocrm, renewed["access_token"])
    assert (await ask_for_tokens(api, with_refresh(renewed["refresh_token"]))).status == 401


async def test_who_has_no_good_token_is_unauthorised(api: Client) -> None:
    api.token = "wrong"

    answer = await api.get("/api/v4/account")

    assert (answer.status, answer.kind) == (401, "application/problem+json")
    assert answer.body == {
        "title": "Unauthorized",
        "type": "https://httpstatus.es/401",
        "status": 401,
        "detail": "Неверный логин или пароль",
    }


async def test_the_accounts_address_is_told_without_spending_the_refresh_token(
    amocrm: AmoCrmEmulator, api: Client
) -> None:
    _, refresh = amocrm.grant()
    path = "/oauth2/account/current/subdomain"

    answer = await api.ask("GET", path, headers={"X-Refresh-Token": refresh})

    host = amocrm.base_url.removeprefix("http://")
    assert answer.body == {"id": 31_000_000, "subdomain": "example", "domain": host, "top_level_domain": "ru"}
    assert (await api.get("/oauth2/account/subdomain")).body == answer.body
    assert (await ask_for_tokens(api, with_refresh(refresh))).status == 200
    assert (await api.ask("GET", path, headers={"X-Refresh-Token": refresh})).status == 401, "it is spent now"
