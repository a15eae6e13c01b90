"""The forms stand as the specification lists them."""

import pytest

from carquery.domain.answers import Typed, Unexpected
from carquery.domain.forms.catalogue import FORMS, ON_THE_MENU
from carquery.domain.forms.form import Form, Service
from carquery.domain.meaning import Meaning
from carquery.domain.refusals import AnswerRefused
from carquery.domain.steps import PHOTOS_EXPECTED, UNEXPECTED, Step
from tests.builders import TODAY
from tests.domain.answers_by_step import GOOD_ANSWERS
from tests.e2e.journeys import BUTTONS, JOURNEYS

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
def test_every_service_has_a_form(service: Service) -> None:
    assert service in FORMS, f"{service} has no form: add it to ON_THE_MENU in domain/forms/catalogue.py"


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.service)
def test_a_form_asks_its_steps_in_order(form: Form) -> None:
    asked = " ".join(step.name + "*" * step.optional for step in form.steps)

    assert asked == STEPS.get(form.service), (
        f"{form.service} does not ask what is specified: if it should ask this, say in STEPS, in "
        f'tests/domain/test_forms.py: "{form.service}": "{asked}"'
    )


def test_the_menu_offers_every_form_but_the_callback() -> None:
    assert [form.service for form in ON_THE_MENU] == [service for service in STEPS if service != "callback"], (
        "the menu is not in the order of STEPS, in tests/domain/test_forms.py"
    )


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.service)
def test_customers_of_the_end_to_end_tests_walk_every_form(form: Form) -> None:
    steps = dict.fromkeys(step for step, _ in JOURNEYS.get(form.service, ()))

    assert list(steps) == [step.name for step in form.steps], (
        f"nobody tries {form.service} from end to end: say in JOURNEYS, in tests/e2e/journeys.py, what a customer "
        "answers to each of its steps"
    )


def test_customers_of_the_end_to_end_tests_press_every_button_of_the_menu() -> None:
    assert {form.service: form.button for form in ON_THE_MENU} == BUTTONS, (
        "the menu has other buttons than BUTTONS, in tests/e2e/journeys.py, says"
    )


@pytest.mark.parametrize("step", EVERY_STEP)
def test_every_step_has_a_good_answer(step: Step) -> None:
    assert step.means is Meaning.PHOTOS or step.name in GOOD_ANSWERS, (
        f"nothing is known to answer {step.name}: add a good answer to it to tests/domain/answers_by_step.py"
    )


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
