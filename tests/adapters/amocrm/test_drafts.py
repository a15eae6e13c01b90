"""Which custom fields a lead of each form fills."""

from dataclasses import replace

import pytest

from carquery.adapters.amocrm.config import AmoCrmConfig, FieldName
from carquery.adapters.amocrm.drafts import contact_draft, lead_draft
from carquery.domain.contact import Handle
from carquery.domain.dealership.routing import NOT_SAID, Route
from carquery.domain.effects import CrmId, Effect
from carquery.domain.forms.form import Service
from carquery.domain.ids import CrmPipelineId, CrmStatusId, CrmUserId
from carquery.domain.lead import Lead
from tests.builders import ANNA, NOW, a_lead, a_reviewed_dialog

CONFIG = AmoCrmConfig(fields={name: number for number, name in enumerate(FieldName)})
OF_EVERY_LEAD = {FieldName.SERVICE, FieldName.REFERENCE}


@pytest.mark.parametrize(
    ("service", "filled"),
    [
        (
            Service.SELL,
            {
                FieldName.BRAND: "Toyota Camry",
                FieldName.YEAR: 2018,
                FieldName.MILEAGE: 120_000,
                FieldName.PRICE: 1_200_000,
            },
        ),
        (Service.BUY, {FieldName.BRAND: "Toyota Camry", FieldName.YEAR: 2018, FieldName.PRICE: 2_000_000}),
        (Service.FIND, {FieldName.BRAND: "Любая", FieldName.PRICE: 2_000_000}),
        (Service.CHECK, {FieldName.BRAND: "Toyota Camry", FieldName.VIN: "XTA210990Y1234567"}),
        (Service.LEGAL, {}),
        (Service.CALLBACK, {}),
    ],
)
def test_a_lead_fills_what_its_form_asks_for(service: Service, filled: dict[FieldName, str | int]) -> None:
    assert fields_of(a_lead_of(service)) == filled


def a_lead_of(service: Service) -> Lead:
    dialog = a_reviewed_dialog(service=service)
    lead = Lead.of(dialog, customer=ANNA, reference=a_lead().reference, at=NOW)
    return lead.with_made(Effect.CONTACT, CrmId(1))


def fields_of(lead: Lead) -> dict[FieldName, object]:
    """What it fills beside what every lead does."""
    values = {field.body["field_id"]: field.body["values"][0]["value"] for field in lead_draft(lead, CONFIG, ()).fields}
    filled = {name: values[number] for name, number in CONFIG.fields.items() if number in values}
    assert filled.keys() >= OF_EVERY_LEAD
    return {name: value for name, value in filled.items() if name not in OF_EVERY_LEAD}


SETTINGS = AmoCrmConfig(pipeline_id=1, status_id=11, responsible_user_id=99)


@pytest.mark.parametrize(
    ("route", "stage"),
    [
        (NOT_SAID, {"pipeline_id": 1, "status_id": 11}),
        (Route(pipeline=CrmPipelineId(2), status=CrmStatusId(22)), {"pipeline_id": 2, "status_id": 22}),
        (Route(pipeline=CrmPipelineId(2)), {"pipeline_id": 2}),
        (Route(status=CrmStatusId(12)), {"pipeline_id": 1, "status_id": 12}),
    ],
)
def test_a_route_goes_before_the_settings_and_takes_no_stage_of_another_pipeline(
    route: Route, stage: dict[str, int]
) -> None:
    lead = replace(a_lead_of(Service.SELL), route=route)
    assert lead_draft(lead, SETTINGS, ()).stage == stage


@pytest.mark.parametrize(
    ("left", "asked", "is_told"),
    [
        ((), (502, 503, 501, 99), False),
        ((CrmUserId(502),), (503, 501, 99), True),
        ((CrmUserId(503),), (502, 501, 99), False),
        ((CrmUserId(501), CrmUserId(502), CrmUserId(503)), (99,), True),
    ],
)
def test_after_whose_turn_it_was_come_the_others_and_whom_the_settings_name(
    left: tuple[CrmUserId, ...], asked: tuple[int, ...], *, is_told: bool
) -> None:
    people = (CrmUserId(501), CrmUserId(502), CrmUserId(503))
    lead = replace(a_lead_of(Service.SELL), route=Route(responsible=people), responsible=CrmUserId(502))

    drafts = (contact_draft(lead, SETTINGS, left), lead_draft(lead, SETTINGS, left))

    assert [draft.responsible for draft in drafts] == [asked, asked]
    assert [bool(draft.left_out) for draft in drafts] == [False, is_told]


def test_a_route_s_tags_stand_beside_those_of_every_lead() -> None:
    lead = replace(a_lead_of(Service.SELL), handle=Handle("MAX", "id 7"), route=Route(tags=("Авито", "Продажа авто")))
    assert lead_draft(lead, SETTINGS, ()).tags == ("CarQuery", "Продажа авто", "MAX", "Авито")


def test_a_deal_whose_customer_left_the_form_says_so() -> None:
    lead = a_lead_of(Service.SELL)

    assert lead_draft(replace(lead, is_unfinished=True), SETTINGS, ()).tags == (
        "CarQuery",
        "Продажа авто",
        "не завершена",
    )
    assert "не завершена" not in lead_draft(lead, SETTINGS, ()).tags
