"""What each answer of amoCRM means, and what it means that there is none.

The bodies are those of the table of answers in amoCRM's and Kommo's documentation and of real ones in users' reports.
"""

import asyncio
import re
import socket
import traceback
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import web

from carquery.adapters.amocrm.access import LongLivedAccess
from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.custom_fields import FieldDefinition
from carquery.adapters.amocrm.listing import rows_of
from carquery.adapters.amocrm.problems import LONGEST_WORDS, Refusal
from carquery.adapters.amocrm.transport import LARGEST_ANSWER
from carquery.application.ports.crm import CrmAmbiguous, CrmBusy, CrmFailure, CrmShutOut, CrmUnauthorised
from carquery.domain.effects import Effect
from carquery_emulators.amocrm import AmoCrmEmulator
from tests.adapters.amocrm.account import an_account
from tests.adapters.amocrm.connecting import PHONE, TOKEN, PassingTime, a_client, a_server, answering, page, says
from tests.adapters.amocrm.saying import in_russian, saying
from tests.builders import a_full_lead
from tests.patience import slowness, waiting_for

Response = Callable[[], web.StreamResponse]
CONTACTS = "/api/v4/contacts"
QUERY = {"query": PHONE}
A_MOMENT = 0.2
WRITES = ("POST", "PATCH", "PUT")


async def call(client: AmoCrmClient, method: str) -> object:
    """A call with a phone in its query or body."""
    if method == "GET":
        return await client.read(CONTACTS, params=QUERY)
    return await client.write(method, CONTACTS, [{"name": PHONE}], permit=None)


async def failure_of(response: Response, method: str = "GET") -> CrmFailure | Refusal:
    """What is raised when that is answered; neither it nor what it came of tells a secret."""
    async with a_server(answering(response)) as server, a_client(server.base_url) as client:
        with pytest.raises((CrmFailure, Refusal)) as raised:
            await call(client, method)
    told = "".join(traceback.format_exception(raised.value)) + repr(raised.value)
    assert TOKEN not in told
    assert PHONE.removeprefix("+") not in told
    assert "query=" not in told
    assert isinstance(raised.value, CrmFailure | Refusal)
    return raised.value


def problem(status: int, detail: str, **more: Any) -> Response:
    body = {"title": "Bad Request", "type": f"https://httpstatus.es/{status}", "status": status, "detail": detail}
    return says(status, more | body)


REFUSED_FIELD = {
    "validation-errors": [
        {
            "request_id": "0",
            "errors": [
                {
                    "code": "NotSupportedChoice",
                    "path": "custom_fields_values.0.field_id",
                    "detail": "The value you selected is not a valid choice.",
                }
            ],
        }
    ]
}


@pytest.mark.parametrize("status", [200, 201, 202])
async def test_a_success_is_what_it_says(status: int) -> None:
    async with (
        a_server(answering(says(status, {"id": 1, "new": []}, "application/hal+json"))) as server,
        a_client(server.base_url) as client,
    ):
        assert await client.read("/api/v4/account") == {"id": 1, "new": []}


@pytest.mark.parametrize("method", ["GET", *WRITES])
async def test_no_content_is_nothing(method: str) -> None:
    async with (
        a_server(answering(lambda: web.Response(status=204))) as server,
        a_client(server.base_url) as client,
    ):
        assert await call(client, method) is None


async def test_a_refusal_names_the_field_and_keeps_the_item() -> None:
    refusal = await failure_of(problem(400, "Request validation failed", **REFUSED_FIELD), "POST")

    assert isinstance(refusal, Refusal)
    assert in_russian(refusal) == (
        "amoCRM отказала (HTTP 400): custom_fields_values.0.field_id: The value you selected is not a valid choice."
    )
    (error,) = refusal.errors
    assert (error.request_id, error.path, error.code) == ("0", "custom_fields_values.0.field_id", "NotSupportedChoice")


@pytest.mark.parametrize(
    ("response", "words"),
    [
        (problem(400, "Request data can not be empty"), "Request data can not be empty"),
        (problem(400, "Код ошибки 244. В случае повторного возникновения ошибки…"), "Код ошибки 244"),
        (
            problem(400, "Invalid request body", errors={"77": "Телефон занят"}),
            "Invalid request body: 77: Телефон занят",
        ),
        (says(400, {"_total_items": 0, "errors": [{"title": "Entity not found"}]}), "Entity not found"),
        (says(400, {"errors": [{"code": 226}]}), '{"code": 226}'),
        (problem(403, "Client doesn't have the required scope"), "Client doesn't have the required scope"),
        (problem(404, "Pipeline not found"), "Pipeline not found"),
        (problem(405, "Method not allowed"), "Method not allowed"),
        (problem(422, "Limit 250 per page"), "Limit 250 per page"),
        (says(400, {}), "без объяснения"),
        (says(400, {"validation-errors": "all wrong", "errors": 5}), "без объяснения"),
        (says(418, {"title": "", "status": 418}), "без объяснения"),
    ],
)
async def test_a_refusal_is_told_in_amocrm_s_own_words(response: Response, words: str) -> None:
    refusal = await failure_of(response, "POST")

    assert isinstance(refusal, Refusal)
    assert words in in_russian(refusal)
    assert str(refusal.status) in in_russian(refusal)
    assert "<html>" not in in_russian(refusal)


async def test_endless_words_are_cut() -> None:
    refusal = await failure_of(problem(400, "слово " * 10_000))

    assert isinstance(refusal, Refusal)
    assert len(dict(refusal.reason.facts)["says"]) == LONGEST_WORDS


@pytest.mark.parametrize(
    ("response", "is_scope"),
    [
        (problem(403, "Client doesn't have the required scope"), True),
        (problem(403, "Доступ запрещён"), False),
        (problem(400, "unknown scope"), False),
    ],
)
async def test_a_missing_scope_is_told_from_other_refusals(response: Response, *, is_scope: bool) -> None:
    refusal = await failure_of(response)

    assert isinstance(refusal, Refusal)
    assert refusal.is_scope is is_scope


@pytest.mark.parametrize("status", [401, 403])
async def test_a_drive_without_the_scope_says_so_in_plain_text(status: int) -> None:
    time = PassingTime()
    gate = time.gate()
    async with (
        a_server(answering(says(status, "scope files is required", "text/plain"))) as drive,
        a_client("http://127.0.0.1:9", time=time, gate=gate) as client,
    ):
        with pytest.raises(Refusal, check=saying("scope files is required")) as raised:
            await client.read(f"{drive.base_url}/v1.0/files/1")

    assert raised.value.is_scope
    assert len(drive.asked) == 1
    assert await gate.closure() is None


@pytest.mark.parametrize(
    ("response", "kind", "words"),
    [
        (says(401, "Unauthorized", "text/plain"), CrmUnauthorised, "AMOCRM_LONG_LIVED_TOKEN"),
        (says(403, "Forbidden", "text/plain"), CrmShutOut, "заблокировала"),
        (problem(401, "Неверный логин или пароль"), CrmUnauthorised, "AMOCRM_LONG_LIVED_TOKEN"),
        (problem(402, "Payment required"), CrmShutOut, "не оплачен"),
        (page(402), CrmShutOut, "не оплачен"),
        (page(403), CrmShutOut, "заблокировала"),
        (lambda: web.Response(status=403), CrmShutOut, "заблокировала"),
        (page(404), CrmShutOut, "AMOCRM_BASE_URL"),
    ],
)
@pytest.mark.parametrize("method", ["GET", *WRITES])
async def test_what_is_no_lead_s_fault_says_what_to_do(
    response: Response, kind: type[CrmFailure], words: str, method: str
) -> None:
    failure = await failure_of(response, method)

    assert type(failure) is kind
    assert words in in_russian(failure)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_not_followed(status: int) -> None:
    async with a_server(answering(says(200, {}))) as elsewhere:
        failure = await failure_of(page(status, Location=f"{elsewhere.base_url}/login"))

    assert isinstance(failure, CrmShutOut)
    assert elsewhere.asked == []


LOST = [
    pytest.param(problem(500, "Internal server error"), id="500"),
    pytest.param(page(502), id="502"),
    pytest.param(page(503), id="503"),
    pytest.param(page(504), id="504"),
    pytest.param(page(200), id="HTML 200"),
    pytest.param(says(200, '{"id": 1'), id="half a JSON"),
    pytest.param(says(200, "[" * 200_000), id="JSON without end"),
]


@pytest.mark.parametrize("response", LOST)
@pytest.mark.parametrize("method", ["GET", "PATCH", "PUT"])
async def test_what_can_be_repeated_was_not_done(response: Response, method: str) -> None:
    assert type(await failure_of(response, method)) is CrmBusy


@pytest.mark.parametrize("response", LOST)
async def test_a_creation_without_a_usable_answer_is_in_doubt(response: Response) -> None:
    assert type(await failure_of(response, "POST")) is CrmAmbiguous


async def test_an_empty_object_leaves_a_creation_in_doubt() -> None:
    async with an_account() as account:
        lead = await account.made_up_to(Effect.LEAD, a_full_lead())
        account.emulator.faults.add("empty 200", method="POST", path="/leads$")

        (outcome,) = await account.make(Effect.LEAD, lead)

        assert isinstance(outcome, CrmAmbiguous)
        assert len(account.emulator.world.leads) == 1


@pytest.mark.parametrize(
    "said", [{}, [], 5, {"_embedded": 5}, {"_embedded": {"leads": []}}, {"_embedded": {"contacts": "none"}}, '"text"']
)
async def test_a_list_that_is_none_tells_nothing(said: object) -> None:
    async with a_server(answering(says(200, said))) as server, a_client(server.base_url) as client:
        with pytest.raises(CrmBusy, check=saying("contacts")):
            await rows_of(client, FieldDefinition, CONTACTS, "contacts", QUERY)


@pytest.mark.parametrize(("method", "kind"), [("GET", CrmBusy), ("PATCH", CrmBusy), ("POST", CrmAmbiguous)])
@pytest.mark.parametrize("how", ["refuse", "drop"])
async def test_a_connection_that_is_cut_leaves_only_creations_in_doubt(
    how: str, method: str, kind: type[CrmFailure]
) -> None:
    async with AmoCrmEmulator() as amocrm:
        amocrm.faults.add(how)
        async with a_client(amocrm.base_url, access=_access(amocrm)) as client:
            with pytest.raises(CrmFailure) as raised:
                await call(client, method)

    assert type(raised.value) is kind


async def test_each_write_is_sent_once() -> None:
    async with AmoCrmEmulator() as amocrm:
        amocrm.faults.add("500 after", times=None)
        async with a_client(amocrm.base_url, access=_access(amocrm)) as client:
            for method in WRITES:
                with pytest.raises(CrmFailure):
                    await call(client, method)

        assert [request.method for request in amocrm.journal] == list(WRITES)


@pytest.mark.parametrize("method", ["GET", *WRITES])
async def test_a_refused_connection_is_never_sent(method: str) -> None:
    async with AmoCrmEmulator() as amocrm:
        await amocrm.stop_listening()
        async with a_client(amocrm.base_url) as client:
            with pytest.raises(CrmFailure) as raised:
                await call(client, method)

    assert type(raised.value) is CrmBusy


@pytest.mark.parametrize("base_url", ["http://no-such-host.invalid", f"http://{'a' * 70}.invalid", "ftp://dealer", ""])
async def test_an_address_that_leads_nowhere_is_never_sent(base_url: str) -> None:
    async with a_client(base_url) as client:
        with pytest.raises(CrmFailure) as raised:
            await client.write("POST", CONTACTS, [], permit=None)

    assert type(raised.value) is CrmBusy


async def test_a_token_that_no_header_can_carry_is_not_shown() -> None:
    async with (
        a_server(answering(says(200, {}))) as server,
        a_client(server.base_url, access=LongLivedAccess(server.base_url, "тайна")) as client,
    ):
        with pytest.raises(CrmBusy, check=saying("токен")) as raised:
            await client.read("/api/v4/account")

    assert "тайна" not in "".join(traceback.format_exception(raised.value))
    assert server.asked == []


async def test_a_server_that_speaks_no_tls_is_not_spoken_to() -> None:
    async with AmoCrmEmulator() as amocrm:
        async with a_client(amocrm.base_url.replace("http:", "https:")) as client:
            with pytest.raises(CrmBusy):
                await client.write("POST", CONTACTS, [], permit=None)

        assert len(amocrm.journal) == 0


@pytest.mark.parametrize(("method", "kind"), [("GET", CrmBusy), ("POST", CrmAmbiguous)])
async def test_a_server_that_drips_is_cut_off_by_the_deadline(method: str, kind: type[CrmFailure]) -> None:
    """Each byte comes soon enough for a limit on reading."""
    given_up = asyncio.Event()

    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        try:
            while True:
                await response.write(b" ")
                await asyncio.sleep(0.01)
        except (ConnectionError, asyncio.CancelledError):
            given_up.set()
            raise

    deadline = A_MOMENT * slowness()
    async with a_server(drip) as server, a_client(server.base_url, deadline=deadline) as client:
        with pytest.raises(CrmFailure, check=saying(re.escape(f"{deadline:g}"))) as raised:
            await call(client, method)
        async with waiting_for("the server to see that nobody listens any more"):
            await given_up.wait()

    assert type(raised.value) is kind


async def test_a_server_that_never_answers_is_cut_off_by_the_deadline() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        async with a_client(f"http://127.0.0.1:{silent.getsockname()[1]}", deadline=A_MOMENT) as client:
            with pytest.raises(CrmAmbiguous):
                await client.write("POST", CONTACTS, [], permit=None)


@pytest.mark.parametrize(("method", "kind"), [("GET", CrmBusy), ("POST", CrmAmbiguous)])
async def test_an_answer_larger_than_anything_we_ask_for_is_not_read(method: str, kind: type[CrmFailure]) -> None:
    written = 0

    async def flood(request: web.Request) -> web.StreamResponse:
        nonlocal written
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        try:
            while written < 10 * LARGEST_ANSWER:
                await response.write(b" " * (1 << 20))
                written += 1 << 20
        except ConnectionError:
            pass
        return response

    async with a_server(flood) as server, a_client(server.base_url) as client:
        with pytest.raises(CrmFailure) as raised:
            await call(client, method)

    assert type(raised.value) is kind
    assert LARGEST_ANSWER < written < 5 * LARGEST_ANSWER


async def test_after_a_failure_the_next_call_goes_on() -> None:
    async with AmoCrmEmulator() as amocrm:
        amocrm.faults.add("drop")
        async with a_client(amocrm.base_url, access=_access(amocrm)) as client:
            with pytest.raises(CrmBusy):
                await client.read("/api/v4/account")

            assert await client.read("/api/v4/account") is not None


async def test_a_query_may_hold_anything() -> None:
    async with a_server(answering(says(200, {}))) as server, a_client(server.base_url) as client:
        await client.read(CONTACTS, params={"query": "+7 916&x=1#ё"})

    assert server.asked[0].query == {"query": "+7 916&x=1#ё"}
    assert server.asked[0].authorization == f"Bearer {TOKEN}"


async def test_a_whole_url_that_is_not_amocrm_s_is_never_asked() -> None:
    async with a_client("https://dealer.amocrm.ru") as client, a_server(answering(says(200, {}))) as foreign:
        with pytest.raises(Refusal, check=saying(r"127\.0\.0\.1")):
            await client.upload(f"{foreign.base_url}/part?token=secret", b"", "image/jpeg", permit=None)

    assert foreign.asked == []


def _access(amocrm: AmoCrmEmulator) -> LongLivedAccess:
    return LongLivedAccess(amocrm.base_url, amocrm.long_lived_token())
