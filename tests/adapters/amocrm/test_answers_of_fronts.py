"""A server in front of amoCRM may answer after amoCRM has acted: whatever it says, nothing is made twice.

The table is statuses × bodies × before or after the effect, at the creation of deals; of other things, and of three
deals in a request, a quarter of the statuses each, another one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final

import pytest
from aiohttp import web

from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.problems import Refusal
from carquery.application.ports.crm import CrmAmbiguous, CrmMade, CrmRefused, CrmShutOut
from carquery.domain.contact import Phone
from carquery.domain.effects import CallIntent, CrmId, Effect
from carquery.domain.ids import LeadId
from carquery.domain.lead import Lead
from carquery_emulators.amocrm.faults import FrontAnswer
from tests.adapters.amocrm.account import AmoCrmAccount, an_account
from tests.adapters.amocrm.connecting import a_client, a_server, answering, page, says
from tests.builders import PERMIT, a_full_lead

STATUSES: Final = (301, 302, 400, 401, 402, 403, 404, 408, 409, 413, 422, 425, 429, 451, 499)

PLACES: Final[Mapping[Effect, str]] = {
    Effect.CONTACT: "/contacts$",
    Effect.LEAD: "/leads$",
    Effect.NOTE: "/notes$",
    Effect.TASK: "/tasks$",
}


NOT_DONE: Final = {401, 402, 429}
"""Whoever says one of these in amoCRM's own shape has not let the request in."""


def bodies(status: int) -> Mapping[str, FrontAnswer]:
    """What may be said; where amoCRM's own words could come after acting, those too."""
    phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Client Closed Request"
    own = f'{{"title":"{phrase}","type":"https://httpstatus.es/{status}","status":{status},"detail":"{phrase}"}}'
    said = {
        "page": FrontAnswer(status, headers={"Retry-After": "1"}),
        "nothing": FrontAnswer(status, "", "text/plain"),
        "plain text": FrontAnswer(status, phrase, "text/plain"),
        "JSON of its own": FrontAnswer(status, '{"error":"blocked","ray":"7f"}', "application/json"),
        "half a JSON": FrontAnswer(status, '{"title":"', "application/problem+json"),
    }
    return said if status in NOT_DONE else said | {"amoCRM's own": FrontAnswer(status, own, "application/problem+json")}


@dataclass(frozen=True, slots=True)
class Making:
    """Leads for whom something is made, as a worker does it: looking first wherever that may be needed."""

    account: AmoCrmAccount
    effect: Effect
    leads: Sequence[Lead]

    async def until_made(self) -> set[CrmId]:
        made: dict[LeadId, CrmId] = {}
        left = list(self.leads)
        for _ in range(3):
            outcomes = await self.account.crm.make(self.effect, left, PERMIT)
            made |= {lead: outcome.id for lead, outcome in outcomes.items() if isinstance(outcome, CrmMade)}
            await self.account.gate.open()
            doubtful = [lead for lead in left if getattr(outcomes[lead.id], "is_perhaps_done", False)]
            if doubtful:
                made |= await self.account.crm.find(self.effect, doubtful)
            left = [lead for lead in left if lead.id not in made]
            if not left:
                break
        return set(made.values())


async def a_place_to_start(account: AmoCrmAccount) -> Mapping[Effect, CrmId]:
    """A contact and a deal, upon which everything else is made."""
    lead = await account.made_up_to(Effect.NOTE, a_full_lead(1, phone=Phone("+79160000000")))
    return lead.made


def a_lead_for(effect: Effect, number: int, made: Mapping[Effect, CrmId]) -> Lead:
    earlier = {before: made[before] for before in (Effect.CONTACT, Effect.LEAD) if before is not effect}
    lead = a_full_lead(number, phone=Phone(f"+7916{number:07}"))
    return replace(lead, made={} if effect is Effect.CONTACT else earlier, intent=CallIntent(effect, lead.created_at))


def counted(account: AmoCrmAccount, effect: Effect) -> int:
    things = {Effect.CONTACT: "contacts", Effect.LEAD: "leads", Effect.NOTE: "notes", Effect.TASK: "tasks"}
    return account.emulator.world.counts()[things[effect]]


@pytest.mark.parametrize("how", ["front", "front after"])
@pytest.mark.parametrize(("effect", "together"), [*((effect, 1) for effect in PLACES), (Effect.LEAD, 3)])
async def test_whatever_a_front_says_everything_stands_there_once(effect: Effect, together: int, how: str) -> None:
    wrong, number = [], 1
    async with an_account(is_patient=False) as account:
        made = await a_place_to_start(account)
        for status in STATUSES if (effect, together) == (Effect.LEAD, 1) else STATUSES[list(PLACES).index(effect) :: 4]:
            for kind, front in bodies(status).items():
                leads = [a_lead_for(effect, number + place, made) for place in range(1, together + 1)]
                number += together
                before = counted(account, effect)
                account.emulator.faults.add(how, method="POST", path=PLACES[effect], front=front)
                ids = await Making(account, effect, leads).until_made()
                if (len(ids), counted(account, effect) - before) != (together, together):
                    wrong.append(f"{status} {kind}: {counted(account, effect) - before} made, {len(ids)} known")

    assert wrong == []


REFUSALS: Final = [
    pytest.param(says(400, {"validation-errors": []}, "application/json"), id="validation errors"),
    pytest.param(
        says(422, {"title": "Unprocessable Entity", "status": 422}, "application/json"), id="title and status"
    ),
    pytest.param(says(400, {"title": "Bad Request", "detail": "no"}, "application/json"), id="title and detail"),
    pytest.param(says(400, {"errors": []}, "application/problem+json"), id="problem+json"),
    pytest.param(says(404, {"_total_items": 0}, "application/hal+json"), id="hal+json"),
]


async def posted(client: AmoCrmClient) -> None:
    await client.write("POST", "/api/v4/leads", [{"name": "once"}], permit=None)


@pytest.mark.parametrize("response", REFUSALS)
async def test_what_amocrm_itself_refuses_was_not_done(response: Callable[[], web.Response]) -> None:
    async with a_server(answering(response)) as server, a_client(server.base_url) as client:
        with pytest.raises(Refusal):
            await posted(client)


@pytest.mark.parametrize("status", [400, 403, 405, 413, 422])
@pytest.mark.parametrize("method", ["PATCH", "PUT"])
async def test_a_change_that_a_front_refuses_is_refused(method: str, status: int) -> None:
    """Done twice is done once: nobody has to look."""
    async with a_server(answering(says(status, "no", "text/plain"))) as server, a_client(server.base_url) as client:
        with pytest.raises((Refusal, CrmShutOut)) as raised:
            await client.write(method, "/api/v4/leads/1", {}, permit=None)

    assert not getattr(raised.value, "is_perhaps_done", False)


@pytest.mark.parametrize("response", [page(403), page(402), page(404), page(302), page(301)])
async def test_a_creation_that_is_turned_away_is_to_be_looked_for(response: Callable[[], web.Response]) -> None:
    async with a_server(answering(response)) as server, a_client(server.base_url) as client:
        with pytest.raises(CrmShutOut) as raised:
            await posted(client)

    assert raised.value.is_perhaps_done


async def test_a_front_that_says_no_again_and_again_leaves_a_creation_in_doubt() -> None:
    async with an_account(is_patient=False) as account:
        lead = await account.made_up_to(Effect.LEAD, a_full_lead())
        account.emulator.faults.add(
            "front", method="POST", times=None, front=FrontAnswer(429, headers={"Retry-After": "1"})
        )

        (outcome,) = await account.make(Effect.LEAD, lead)

    assert isinstance(outcome, CrmAmbiguous)


async def test_what_is_refused_in_words_though_it_was_made_is_found() -> None:
    """Nobody promises that nothing of what was refused was made."""
    own = FrontAnswer(400, '{"title":"Bad Request","status":400,"detail":"no"}', "application/problem+json")
    async with an_account() as account:
        lead = await account.made_up_to(Effect.LEAD, a_full_lead())
        account.emulator.faults.add("front after", method="POST", front=own)
        (made,) = await account.make(Effect.LEAD, lead)
        account.emulator.faults.add("front", method="POST", front=own)
        (refused,) = await account.make(
            Effect.NOTE, lead.with_made(Effect.LEAD, CrmId(next(iter(account.emulator.world.leads))))
        )

    assert isinstance(made, CrmMade)
    assert isinstance(refused, CrmRefused)
