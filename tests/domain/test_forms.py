"""The forms stand as the specification lists them."""

import pytest

from carquery.domain.answers import Typed, Unexpected
from carquery.domain.forms.catalogue import FORMS, ON_THE_MENU
from carquery.domain.forms.form import Service
from carquery.domain.meaning import Meaning
from carquery.domain.refusals import AnswerRefused
from carquery.domain.steps import PHOTOS_EXPECTED, UNEXPECTED, Step
from tests.builders import TODAY

STEPS = {
    "sell": "car_brand year mileage price photos* name phone comment*",
    "buy": "car_brand budget year_from transmission drive name phone comment*",
    "find": "purpose budget brand_preference body_type name phone comment*",
    "check": "check_type car_brand vin* name phone comment*",
    "legal": "question_type description name phone comment*",
    "callback": "name phone",
}
EVERY_STEP = [pytest.param(step, id=f"{form.service}-{step.name}") for form in FORMS.values() for step in form.steps]


@pytest.mark.parametrize("service", list(Service))
def test_a_form_asks_its_steps_in_order(service: Service) -> None:
    asked = " ".join(step.name + "*" * step.optional for step in FORMS[service].steps)

    assert asked == STEPS[service]


def test_the_menu_offers_the_five_forms() -> None:
    assert [form.service for form in ON_THE_MENU] == ["sell", "buy", "find", "check", "legal"]


def test_the_years_on_offer_are_the_current_one_and_the_nine_before_it() -> None:
    offered = [option.shown for option in FORMS[Service.SELL].step("year").kind.options(TODAY)]

    assert offered == [*(str(year) for year in range(2026, 2016, -1)), "Раньше"]


@pytest.mark.parametrize("step", EVERY_STEP)
def test_option_codes_are_unique_and_fit_a_button(step: Step) -> None:
    codes = [option.code for option in step.kind.options(TODAY)]

    assert len(set(codes)) == len(codes)
    assert all(code.isascii() and 1 <= len(code) <= 16 for code in codes)
    assert len(step.name) <= 20


@pytest.mark.parametrize("step", EVERY_STEP)
def test_every_option_can_be_typed_as_its_button_reads(step: Step) -> None:
    for option in step.kind.options(TODAY):
        typed = step.kind.take(Typed(option.shown.upper()), on=TODAY)

        assert typed is not None


@pytest.mark.parametrize("step", EVERY_STEP)
def test_every_step_refuses_a_sticker_with_a_sentence(step: Step) -> None:
    with pytest.raises(AnswerRefused) as refused:
        step.kind.take(Unexpected(), on=TODAY)

    assert refused.value.hint == (PHOTOS_EXPECTED if step.means is Meaning.PHOTOS else UNEXPECTED)
