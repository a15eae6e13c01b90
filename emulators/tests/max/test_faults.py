"""Misfortunes on order."""

import ssl
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientError, ClientSession

from carquery_emulators.max import A_PHOTO, MaxCustomer, MaxEmulator
from emulators.tests.max.doubles import Client
from tests.private_root import PrivateRoot

SEND = "POST /messages"


@pytest.mark.parametrize(
    ("how", "status", "code"),
    [
        ("400", 400, "proto.payload"),
        ("401", 401, "verify.token"),
        ("405", 405, "not.allowed"),
        ("429", 429, "too.many.requests"),
        ("500", 500, "internal.error"),
        ("503", 503, "service.unavailable"),
        ("suspended", 403, "chat.denied"),
        ("not done", 200, "temporarily.unavailable"),
    ],
)
async def test_refusals(how: str, status: int, code: str, max_: MaxEmulator, bot: Client, anna: MaxCustomer) -> None:
    max_.fail(SEND, how=how)

    refused = await bot(SEND, {"text": "раз"}, user_id=anna.id)

    assert (refused.status, refused.body["code"]) == (status, code)
    assert anna.chat.messages == []
    assert (await bot(SEND, {"text": "два"}, user_id=anna.id)).status == 200


async def test_only_a_call_with_a_file_finds_it_not_ready(max_: MaxEmulator, bot: Client, anna: MaxCustomer) -> None:
    token = max_.state.files.add(A_PHOTO, "image").token
    picture = {"attachments": [{"type": "image", "payload": {"token": token}}]}
    max_.fail(SEND, how="not ready", times=2)

    words = await bot(SEND, {"text": "раз"}, user_id=anna.id)
    pictures = [await bot(SEND, picture, user_id=anna.id) for _ in range(3)]

    assert words.status == 200
    assert [answer.status for answer in pictures] == [400, 400, 200]
    assert pictures[0].body["code"] == "attachment.not.ready"


@pytest.mark.parametrize(("how", "written"), [("refuse", []), ("drop", ["раз"])])
async def test_a_connection_is_cut_before_or_after_the_effect(
    how: str, written: list[str], max_: MaxEmulator, bot: Client, anna: MaxCustomer
) -> None:
    max_.fail(SEND, how=how)

    with pytest.raises(ClientError):
        await bot(SEND, {"text": "раз"}, user_id=anna.id)

    assert [message.text for message in anna.chat.messages] == written


async def test_an_address_of_a_file_is_no_good_any_more(max_: MaxEmulator, bot: Client, anna: MaxCustomer) -> None:
    await anna.send_photo()
    part: Any = (await bot.done("GET /updates"))["updates"][0]["message"]["body"]["attachments"][0]
    max_.fail("download", how="expired")

    async with ClientSession() as http:
        statuses = [(await http.get(part["payload"]["url"])).status for _ in range(2)]

    assert statuses == [403, 200]


async def test_every_third_is_hit(max_: MaxEmulator, bot: Client) -> None:
    max_.fail("*", how="500", times=2, every=3)

    assert [(await bot("GET /me")).status for _ in range(8)] == [200, 200, 500, 200, 200, 500, 200, 200]


@pytest.mark.parametrize(("method", "how"), [(SEND, "twice"), ("webhook", "401"), (SEND, "explode")])
def test_a_fault_that_there_is_not_is_refused(method: str, how: str, max_: MaxEmulator) -> None:
    with pytest.raises(ValueError, match=how):
        max_.fail(method, how=how)


async def test_whoever_does_not_trust_its_root_gets_no_answer(tmp_path: Path) -> None:
    private_root = PrivateRoot.made_in(tmp_path)
    async with MaxEmulator(tls=private_root.server) as max_, ClientSession(max_.base_url) as http:
        headers = {"Authorization": max_.token}
        assert max_.base_url.startswith("https://")
        async with http.get("/me", headers=headers, ssl=private_root.client) as answer:
            assert answer.status == 200
        with pytest.raises(ClientError, match="certificate verify failed"):
            await http.get("/me", headers=headers, ssl=ssl.create_default_context())
