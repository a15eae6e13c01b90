"""The playground's page over HTTP."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientSession, StreamReader
from yarl import URL

from carquery.entrypoints.playground.lead_cards import CrmContact, CrmRecord, LeadCard
from carquery.entrypoints.playground.page import ASSETS
from tests.entrypoints.playground.fake_telegram import FakeBoard, FakeTelegram, serving
from tests.patience import waiting_for

CREATED_AT = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)


A_CARD = LeadCard(reference="CQ-7K3M9X", service="sell", title="Продажа авто", status="pending", created_at=CREATED_AT)


async def next_event(stream: StreamReader) -> dict[str, Any]:
    """The next server-sent event; comments are passed over."""
    async with waiting_for("a server-sent event"):
        while True:
            line = await stream.readline()
            if line.startswith(b"data: "):
                event: dict[str, Any] = json.loads(line.removeprefix(b"data: "))
                return event
            assert line, "the stream ended"


@pytest.fixture
def telegram() -> FakeTelegram:
    return FakeTelegram()


@pytest.fixture
def board() -> FakeBoard:
    return FakeBoard()


@pytest.fixture
async def http(telegram: FakeTelegram, board: FakeBoard) -> AsyncIterator[ClientSession]:
    async with serving(telegram, board) as server, ClientSession(server.make_url("/")) as session:
        yield session


async def test_the_page_is_served_at_the_root_and_may_load_nothing_from_outside(http: ClientSession) -> None:
    async with http.get("/") as answer:
        body = await answer.text()

    assert answer.content_type == "text/html"
    assert '<html lang="ru">' in body
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "http://" not in body.replace("http://www.w3.org/", "")
    assert "https://" not in body


@pytest.mark.parametrize(
    ("name", "content_type"),
    [("app.js", "text/javascript"), ("theme.css", "text/css"), ("icon.svg", "image/svg+xml")],
)
async def test_a_file_has_the_type_that_browsers_insist_on(http: ClientSession, name: str, content_type: str) -> None:
    async with http.get(f"/page/{name}") as answer:
        assert (answer.status, answer.content_type) == (200, content_type)
        assert await answer.read() == (ASSETS / name).read_bytes()


async def test_every_file_the_page_names_is_there(http: ClientSession) -> None:
    page = (ASSETS / "index.html").read_text(encoding="utf-8")
    named = {part.split('"', 1)[0] for mark in ('src="', 'href="') for part in page.split(mark)[1:]}

    missing = []
    for path in sorted(path for path in named if not path.startswith("#")):
        async with http.get(f"/{path}") as answer:
            if answer.status != 200:
                missing.append(path)

    assert len(named) > 5
    assert missing == []


@pytest.mark.parametrize("path", ["../page.py", "..%2Fpage.py", "%2e%2e/page.py", "/etc/passwd", "%2Fetc%2Fpasswd", ""])
async def test_no_other_file_can_be_had(http: ClientSession, path: str) -> None:
    async with http.get(URL(f"/page/{path}", encoded=True)) as answer:
        assert answer.status == 404


async def test_leads_are_told_with_what_stands_in_the_crm(http: ClientSession, board: FakeBoard) -> None:
    board.put_up = [
        replace(
            A_CARD,
            status="delivered",
            lines=(("Автомобиль", "Lada"),),
            delivered_at=CREATED_AT + timedelta(seconds=2),
            crm=CrmRecord(contact=CrmContact(id=1, name="Анна", phone="+79161234567")),
        )
    ]

    async with http.get("/play/leads") as answer:
        (lead,) = (await answer.json())["leads"]

    assert (lead["reference"], lead["status"], lead["lines"]) == ("CQ-7K3M9X", "delivered", [["Автомобиль", "Lada"]])
    assert lead["delivered_at"] == "2025-03-01T12:00:02+00:00"
    assert lead["crm"]["contact"] == {"id": 1, "name": "Анна", "phone": "+79161234567", "telegram": None}
    assert lead["crm"]["deal"] is None


async def test_whoever_listens_learns_that_leads_have_changed(http: ClientSession, board: FakeBoard) -> None:
    async with http.get("/play/events") as stream:
        at_once = await next_event(stream.content)
        board.put_up = [A_CARD]
        later = await next_event(stream.content)

    assert stream.content_type == "text/event-stream"
    assert at_once == later == {"type": "leads"}


async def test_listeners_do_not_hold_up_the_shutdown(telegram: FakeTelegram, board: FakeBoard) -> None:
    async with ClientSession() as session, serving(telegram, board) as server:
        stream = await session.get(server.make_url("/play/events"))
        await next_event(stream.content)

        async with waiting_for("the server to close"):
            await server.close()
            rest = await stream.content.read()

    assert b"data:" not in rest


async def test_the_emulators_control_api_is_served_beside_the_page(http: ClientSession, telegram: FakeTelegram) -> None:
    telegram.add_customer("Анна")

    async with http.get("/control/customers") as answer:
        assert [customer["first_name"] for customer in await answer.json()] == ["Анна"]


async def test_a_lead_is_sent_again_by_its_reference(http: ClientSession, board: FakeBoard) -> None:
    async with http.post("/play/leads/CQ-7K3M9X/resubmit", json={}) as answer:
        assert answer.status == 200

    assert board.asked == ["resubmit CQ-7K3M9X"]


async def test_a_lead_that_can_not_be_sent_again_is_refused_with_a_reason(
    http: ClientSession, board: FakeBoard
) -> None:
    board.can_resubmit = False

    async with http.post("/play/leads/CQ-7K3M9X/resubmit", json={}) as answer:
        assert answer.status == 409
        assert "уже в amoCRM" in (await answer.json())["error"]


async def test_the_control_api_of_amocrm_is_served_below_its_own_path(http: ClientSession, board: FakeBoard) -> None:
    """Both emulators call theirs `/control/…`."""
    async with http.put("/amocrm/control/switches", json={"unpaid": True}) as answer:
        assert answer.status == 200

    async with http.get("/play/leads") as answer:
        assert (await answer.json())["switches"]["unpaid"] is True
