"""What forms say of the wishes they are for."""

import pytest

from carquery.domain.forms.catalogue import FORMS, ON_THE_MENU
from carquery.domain.forms.form import Form, Service
from carquery.domain.forms.wish import Wish, listed
from carquery.domain.meaning import Meaning
from carquery.domain.understanding import INTENTS, OTHER, SURE_ENOUGH, Intent, Understanding, asks_for, read_intent

ANY_FORM = pytest.mark.parametrize("form", ON_THE_MENU, ids=lambda form: form.service)


def test_a_message_may_want_each_form_on_the_menu_or_none() -> None:
    assert (*(form.service for form in ON_THE_MENU), OTHER) == INTENTS
    assert [read_intent(intent.value) for intent in INTENTS] == list(INTENTS)


@pytest.mark.parametrize("written", ["callback", "SELL", "", "разное"])
def test_nothing_else_is_an_intent(written: str) -> None:
    with pytest.raises(ValueError, match=f"none of {', '.join(INTENTS)}"):
        read_intent(written)


@ANY_FORM
def test_a_form_is_offered_to_who_surely_wants_it(form: Form) -> None:
    assert Understanding(form.service, SURE_ENOUGH).offered is form.service
    assert Understanding(form.service, SURE_ENOUGH - 0.01).offered is None


def test_no_form_is_offered_to_who_wants_none() -> None:
    assert Understanding(OTHER, 1.0).offered is None


@ANY_FORM
def test_free_text_is_told_how_customers_say_it(form: Form) -> None:
    assert form.wish.said, (
        f"nobody who writes freely is offered {form.service}: add to its wish, in domain/forms/{form.service}.py, what "
        "they say"
    )


@ANY_FORM
def test_models_are_told_what_a_form_is_for(form: Form) -> None:
    assert form.wish.gist, (
        f"models can't choose {form.service}: add to its wish, in domain/forms/{form.service}.py, the gist of it in "
        "English"
    )


@pytest.mark.parametrize(
    ("intent", "asked"),
    [
        (Service.SELL, {Meaning.PRICE}),
        (Service.BUY, {Meaning.BUDGET}),
        (Service.FIND, {Meaning.BUDGET}),
        (Service.CHECK, set()),
        (OTHER, set()),
    ],
)
def test_a_sum_is_what_the_wanted_form_asks_for(intent: Intent, asked: set[Meaning]) -> None:
    assert {meaning for meaning in (Meaning.PRICE, Meaning.BUDGET) if asks_for(intent, meaning)} == asked


def test_services_are_listed_in_one_phrase() -> None:
    five = [FORMS[service].wish for service in Service if service in {"sell", "buy", "find", "check", "legal"}]

    assert listed(five) == "продать, купить, подобрать или проверить автомобиль и разобраться с документами"


@pytest.mark.parametrize(
    ("wanted", "phrase"),
    [
        (["продать авто"], "продать авто"),
        (["продать авто", "купить авто"], "продать или купить авто"),
        (["продать авто", "поменять шины"], "продать авто и поменять шины"),
        (
            ["продать авто", "купить авто", "поменять шины", "снять запрет"],
            "продать или купить авто, поменять шины и снять запрет",
        ),
    ],
)
def test_neighbours_about_the_same_thing_share_its_name(wanted: list[str], phrase: str) -> None:
    assert listed(Wish(wants=wants) for wants in wanted) == phrase


def test_what_customers_say_is_plain_words() -> None:
    with pytest.raises(ValueError, match="phrases are words and spaces"):
        Wish(wants="поменять шины", said=("шиномонтаж*",))


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.service)
def test_every_form_says_what_is_wanted_of_it(form: Form) -> None:
    assert form.wish.wants
