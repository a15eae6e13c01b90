"""The control API: the same over HTTP."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession, FormData

from carquery_emulators.max import A_PHOTO, MaxCustomer, MaxEmulator
from emulators.tests.max.doubles import Client, buttons


@pytest.fixture
async def page(max_: MaxEmulator) -> AsyncIterator[ClientSession]:
    async with ClientSession(max_.base_url) as page:
        yield page


async def posted(page: ClientSession, path: str, body: object) -> tuple[int, Any]:
    async with page.post(path, json=body) as answer:
        return answer.status, await answer.json()


async def test_a_conversation_over_http(max_: MaxEmulator, bot: Client, page: ClientSession) -> None:
    _, boris = await posted(page, "/control/customers", {"first_name": "Борис", "phone": "+79035550101"})
    at = f"/control/customers/{boris['id']}"
    await posted(page, f"{at}/start", {"payload": "ad_7"})
    await bot.done(
        "POST /messages",
        {"text": "<b>Ну?</b>", "format": "html", "attachments": [buttons([("Да", "yes")])]},
        user_id=boris["id"],
    )
    shown = (await (await page.get(f"{at}/chat")).json())["messages"][0]
    pressed = await posted(page, f"{at}/press", {"message_id": shown["id"], "data": "yes"})
    await posted(page, f"{at}/text", {"text": "да"})
    await posted(page, f"{at}/contact", {})
    form = FormData()
    for number in range(2):
        form.add_field("photo", A_PHOTO, filename=f"{number}.png", content_type="image/png")
    async with page.post(f"{at}/photos", data=form) as answer:
        assert answer.status == 200

    chat = await (await page.get(f"{at}/chat")).json()
    assert shown["entities"] == [{"type": "bold", "offset": 0, "length": 3}]
    assert shown["buttons"] == [[{"text": "Да", "type": "callback", "data": "yes"}]]
    assert pressed[1]["callback_query_id"]
    assert chat["messages"][2]["contact"] == {"phone_number": "79035550101", "first_name": "Борис"}
    assert [await (await page.get(photo)).read() for photo in chat["messages"][3]["photos"]] == [A_PHOTO, A_PHOTO]
    assert [update["update_type"] for update in max_.queue] == [
        "bot_started",
        "message_callback",
        "message_created",
        "message_created",
        "message_created",
    ]


async def test_faults_are_ordered_shown_and_cleared(bot: Client, page: ClientSession) -> None:
    order = {"method": "POST /messages", "how": "429", "times": None}

    assert (await posted(page, "/control/faults", order))[0] == 200
    assert (await (await page.get("/control/faults")).json())["faults"] == [order]
    assert (await posted(page, "/control/updates/repeat", {}))[0] == 400  # nothing has happened yet
    async with page.delete("/control/faults") as answer:
        assert answer.status == 200
    assert (await (await page.get("/control/faults")).json())["faults"] == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/control/customers", {"first_name": " "}),
        ("/control/customers/501/text", {"text": ""}),
        ("/control/customers/501/text", []),
        ("/control/customers/7/text", {"text": "а"}),
        ("/control/customers/501/press", {"message_id": "mid.unknown", "data": "x"}),
        ("/control/customers/501/contact", {"proof": "sworn"}),
        ("/control/customers/501/photos", {}),
        ("/control/faults", {"method": "POST /messages", "how": "twice"}),
        ("/control/faults", {"method": "POST /messages"}),
    ],
)
async def test_what_the_page_does_wrong_is_said(
    path: str, body: object, page: ClientSession, anna: MaxCustomer
) -> None:
    status, answer = await posted(page, path, body)

    assert (status, answer["ok"]) == (400, False)
