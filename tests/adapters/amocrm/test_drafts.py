"""Which custom fields a lead of each form fills."""

import pytest

from carquery.adapters.amocrm.config import AmoCrmConfig, FieldName
from carquery.adapters.amocrm.drafts import lead_draft
from carquery.domain.forms.form import Service
from carquery.domain.lead import CrmId, Effect, Lead
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
    values = {field.body["field_id"]: field.body["values"][0]["value"] for field in lead_draft(lead, CONFIG).fields}
    filled = {name: values[number] for name, number in CONFIG.fields.items() if number in values}
    assert filled.keys() >= OF_EVERY_LEAD
    return {name: value for name, value in filled.items() if name not in OF_EVERY_LEAD}
