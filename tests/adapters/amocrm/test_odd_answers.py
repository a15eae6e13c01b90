"""An odd row costs only itself; a page that is none is no empty page."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from structlog.testing import capture_logs

from carquery.adapters.amocrm.custom_fields import fields_of
from carquery.adapters.amocrm.listing import PAGE, newest
from carquery.adapters.amocrm.wire import ContactRow, LeadRow, NoteRow, TaskRow, UnreadableAnswer, page_as
from carquery.application.ports.crm import CrmAmbiguous, CrmMade
from carquery.domain.contact import Phone
from carquery.domain.effects import CrmId, Effect
from carquery.domain.manager_phones import is_number_of
from tests.adapters.amocrm.account import an_amocrm
from tests.adapters.amocrm.connecting import a_client, a_server, answering, says
from tests.builders import NOW, PERMIT, a_full_lead

DATA: Final = Path(__file__).parents[2] / "data"
ROWS: Final[Mapping[str, type]] = {"contacts": ContactRow, "leads": LeadRow, "notes": NoteRow, "tasks": TaskRow}
PHONE: Final = Phone("+79161234567")
REFERENCE: Final = "CQ-000001"


def lines(name: str) -> list[Any]:
    """The lines of that file, each with a name for pytest."""
    given = [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines()]
    return [pytest.param(line, id=f"{line.get('list', 'made')}: {line['why']}") for line in given]


def is_ours(row: Any) -> bool:
    if isinstance(row, ContactRow):
        return any(is_number_of(PHONE, written) for written in row.phones)
    return bool(row.says(REFERENCE))


@pytest.mark.parametrize("line", lines("amocrm_odd_lists.jsonl"))
def test_an_odd_row_costs_only_itself(line: Mapping[str, Any]) -> None:
    kind: type[Any] = ROWS[line["list"]]
    if line["ours"] == "no list":
        with pytest.raises(UnreadableAnswer):
            page_as(kind, line["says"], line["list"])
        return

    read = page_as(kind, line["says"], line["list"])

    assert [row.id for row in read.rows if is_ours(row)] == line["ours"]


def test_what_was_passed_over_is_counted_and_not_shown() -> None:
    body = {"_embedded": {"contacts": [{"id": 1}, {"name": "Анна", "id": None}, "+79161234567"]}}

    with capture_logs() as logged:
        read = page_as(ContactRow, body, "contacts")

    assert (len(read.rows), read.length) == (1, 3)
    assert [(line["event"], line["unreadable"], line["of"]) for line in logged] == [("rows_passed_over", 2, 3)]
    assert "Анна" not in repr(logged)
    assert "7916" not in repr(logged)


@pytest.mark.parametrize("line", lines("amocrm_odd_creations.jsonl"))
async def test_a_creation_that_is_not_named_is_in_doubt(line: Mapping[str, Any]) -> None:
    lead = replace(a_full_lead(), made={Effect.CONTACT: CrmId(5)})
    said = json.loads(json.dumps(line["says"]).replace("{request_id}", lead.id))
    async with a_server(answering(says(200, said))) as server, a_client(server.base_url) as client:
        outcome = (await an_amocrm(client).make(Effect.LEAD, [lead], PERMIT))[lead.id]

    if line["made"] is None:
        assert type(outcome) is CrmAmbiguous
    else:
        assert outcome == CrmMade(CrmId(line["made"]))


def a_page(*rows: object) -> Any:
    return says(200, {"_embedded": {"leads": list(rows)}})


LATER: Final = int(NOW.timestamp()) + 60


@pytest.mark.parametrize(
    "last",
    [
        pytest.param({"id": 2, "created_at": None}, id="a row that does not say when it was made"),
        pytest.param({"id": None, "created_at": 1}, id="a row that can't be read"),
        pytest.param(None, id="no row"),
    ],
)
async def test_an_odd_row_does_not_end_a_look(last: object) -> None:
    """What is looked for stands on the second page; who does not see it makes it twice."""
    full = [{"id": PAGE + 2 - place, "created_at": LATER} for place in range(PAGE - 1)]
    second = a_page({"id": 1, "created_at": LATER})
    async with a_server(answering(a_page(*full, last), second)) as server, a_client(server.base_url) as client:
        seen = [row.id async for row in newest(client, LeadRow, "/api/v4/leads", "leads", since=NOW)]

    assert seen[-1] == 1
    assert len(server.asked) == 2


@pytest.mark.parametrize("links", [None, [], {}, {"next": None}, {"self": {}}, "none", 5])
async def test_a_list_without_a_next_page_ends(links: object) -> None:
    body = {"_links": links, "_embedded": {"custom_fields": [{"id": "5", "name": None, "type": "text"}, None]}}
    async with a_server(answering(says(200, body))) as server, a_client(server.base_url) as client:
        assert list(await fields_of(client, "leads")) == [5]

    assert len(server.asked) == 1
