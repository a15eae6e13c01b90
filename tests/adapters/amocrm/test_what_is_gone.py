"""A pipeline, a stage or a contact that is gone by the time of the deal costs no deal.

How amoCRM words such a refusal is known of some and guessed of others, so every wording has to come out right.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import pytest
from aiohttp import web

from carquery.adapters.amocrm.reasons import AMOCRM
from carquery.application.ports.crm import CrmGone, CrmMade, CrmOutcome, CrmRefused
from carquery.domain.contact import Phone
from carquery.domain.effects import CrmId, Effect
from carquery_emulators.amocrm.account.rows import INCOMING
from tests.adapters.amocrm.account import AmoCrmAccount, an_account, an_amocrm
from tests.adapters.amocrm.connecting import a_client, a_server
from tests.builders import NOW, PERMIT, a_full_lead

MISSING: Final = 999_999
PHONES: Final = [(number, Phone(f"+7916000000{number}")) for number in (1, 2, 3)]


def place_of(account: AmoCrmAccount) -> tuple[str, str]:
    """Pipeline and stage of the only deal."""
    (deal,) = account.emulator.world.leads.values()
    pipeline = account.emulator.world.pipelines[deal.pipeline_id]
    stage = pipeline.status(deal.status_id)
    assert stage is not None
    return pipeline.name, stage.name


async def delivered(config: Callable[[AmoCrmAccount], dict[str, Any]]) -> tuple[tuple[str, str], tuple[str, ...]]:
    """Where the deal stands, and what was left out, when the settings name that."""
    async with an_account() as account:
        lead = await account.made_up_to(Effect.LEAD, a_full_lead())
        changed = replace(account.config, **config(account))
        outcome = (await account.again(changed).make(Effect.LEAD, [lead], PERMIT))[lead.id]
        assert isinstance(outcome, CrmMade), outcome
        return place_of(account), tuple(map(AMOCRM.reasons.russian, outcome.left_out))


def another_pipeline(account: AmoCrmAccount) -> tuple[int, int]:
    """One with a stage of its own."""
    world = account.emulator.world
    number = world.add_pipeline("Сервис", ["Запись"])
    return number, world.pipelines[number].first_stage.id


def a_deleted_one(account: AmoCrmAccount) -> dict[str, Any]:
    pipeline, stage = another_pipeline(account)
    account.emulator.world.delete_pipeline(pipeline)
    return {"pipeline_id": pipeline, "status_id": stage}


def incoming(account: AmoCrmAccount) -> dict[str, Any]:
    main = account.emulator.world.main_pipeline()
    return {"status_id": next(status.id for status in main.statuses if status.type == INCOMING)}


GONE: Final[dict[str, Callable[[AmoCrmAccount], dict[str, Any]]]] = {
    "a pipeline that never was": lambda _: {"pipeline_id": MISSING},
    "a stage that never was": lambda _: {"status_id": MISSING},
    "neither": lambda _: {"pipeline_id": MISSING, "status_id": MISSING},
    "a deleted pipeline with its stage": a_deleted_one,
    "a pipeline that is gone, and a stage of another": lambda account: {
        "pipeline_id": MISSING,
        "status_id": another_pipeline(account)[1],
    },
    "a stage of another pipeline": lambda account: {
        "pipeline_id": account.emulator.world.main_pipeline().id,
        "status_id": another_pipeline(account)[1],
    },
    "the stage of incoming leads": incoming,
}


@pytest.mark.parametrize("config", list(GONE.values()), ids=list(GONE))
async def test_the_deal_stands_in_the_main_pipeline_and_the_settings_are_named(
    config: Callable[[AmoCrmAccount], dict[str, Any]],
) -> None:
    async with an_account() as plain:
        await plain.made_up_to(Effect.NOTE, a_full_lead())
        usual = place_of(plain)

    place, left_out = await delivered(config)

    assert place == usual
    assert len(left_out) == 1
    assert "AMOCRM_STATUS_ID" in left_out[0]


async def test_of_a_stage_that_is_gone_the_pipeline_is_kept() -> None:
    place, left_out = await delivered(
        lambda account: {"pipeline_id": another_pipeline(account)[0], "status_id": MISSING}
    )

    assert place == ("Сервис", "Запись")
    assert str(MISSING) in left_out[0]


def refusal(**error: str) -> dict[str, Any]:
    errors = [{"request_id": "{request_id}", "errors": [{"code": "NotSupportedChoice", "detail": "No."} | error]}]
    return {"title": "Bad Request", "status": 400, "detail": "Request validation failed", "validation-errors": errors}


def in_words(detail: str, status: int = 400) -> dict[str, Any]:
    return {"title": "Bad Request", "status": status, "detail": detail}


CONTACT_IS_GONE: Final = [
    refusal(path="_embedded.contacts.0.id"),
    refusal(path="0._embedded.contacts.0.id"),
    refusal(path="_embedded.contacts"),
    refusal(path="_embedded.contacts.0"),
    refusal(path="_embedded.contacts.0.id", code="InvalidType"),
    refusal(path="", detail="Contact not found"),
    in_words("Contact not found"),
    in_words("Contact with id 5 not found", 404),
    in_words("Контакт не найден"),
    in_words("Entity not found"),
    {"_total_items": 0, "errors": [{"title": "Entity not found"}], "title": "", "status": 400},
]


async def outcome_of(said: dict[str, Any], *, contact: dict[str, Any] | None) -> CrmOutcome:
    """What becomes of a deal that is refused so; nothing else stands in amoCRM but perhaps the contact."""
    lead = replace(a_full_lead(), made={Effect.CONTACT: CrmId(5)})

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.method == "POST":
            body = json.dumps(said).replace("{request_id}", lead.id)
            return web.Response(status=said["status"], text=body, content_type="application/problem+json")
        if request.path.endswith("/contacts/5") and contact is not None:
            return web.json_response(contact)
        return web.Response(status=204)

    async with a_server(answer) as server, a_client(server.base_url) as client:
        return (await an_amocrm(client).make(Effect.LEAD, [lead], PERMIT))[lead.id]


@pytest.mark.parametrize("contact", [None, {"id": 5, "is_deleted": True}], ids=["gone", "shown as deleted"])
@pytest.mark.parametrize("said", CONTACT_IS_GONE)
async def test_a_contact_that_is_gone_is_told_from_other_refusals(
    said: dict[str, Any], contact: dict[str, Any] | None
) -> None:
    outcome = await outcome_of(said, contact=contact)

    assert isinstance(outcome, CrmGone)
    assert outcome.effect is Effect.CONTACT


@pytest.mark.parametrize(
    "said", [in_words("Код ошибки 244"), in_words("Entity not found"), refusal(path="name", detail="Too long")]
)
async def test_a_refusal_is_one_while_the_contact_stands(said: dict[str, Any]) -> None:
    assert isinstance(await outcome_of(said, contact={"id": 5}), CrmRefused)
    assert isinstance(await outcome_of(said, contact={"name": "without its number"}), CrmRefused)


async def test_of_a_batch_only_the_lead_whose_contact_is_gone_goes_back() -> None:
    async with an_account() as account:
        leads = [await account.made(Effect.CONTACT, a_full_lead(number, phone=phone)) for number, phone in PHONES]
        account.emulator.world.delete_contact(leads[1].made[Effect.CONTACT])

        first, second, third = await account.make(Effect.LEAD, *leads)

        assert isinstance(second, CrmGone)
        assert isinstance(first, CrmMade)
        assert isinstance(third, CrmMade)
        assert len(account.emulator.world.leads) == 2


async def test_a_contact_that_the_search_shows_as_deleted_is_made_anew() -> None:
    lead = a_full_lead()
    assert lead.phone is not None
    phone = {"field_code": "PHONE", "values": [{"value": lead.phone.e164}]}
    deleted = {"id": 5, "is_deleted": True, "custom_fields_values": [phone]}

    async def answer(request: web.Request) -> web.StreamResponse:
        made = {"id": 9, "request_id": lead.id}
        return web.json_response({"_embedded": {"contacts": [made if request.method == "POST" else deleted]}})

    async with a_server(answer) as server, a_client(server.base_url) as client:
        amocrm = an_amocrm(client)
        assert await amocrm.make(Effect.CONTACT, [lead], PERMIT) == {lead.id: CrmMade(CrmId(9))}
        assert await amocrm.find(Effect.CONTACT, [lead.intends(Effect.CONTACT, at=NOW)]) == {}
