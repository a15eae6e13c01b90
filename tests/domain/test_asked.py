"""Questions beside a wish, and what of a free message stands in the next lead, where no story shows it."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest

from carquery.domain.forms.form import Service
from carquery.domain.hearing.asked import Asked, asked_in, clauses_of, told_in
from carquery.domain.hearing.beside_a_wish import hear_beside
from carquery.domain.hearing.freely import (
    Accepts,
    Adds,
    AddsToLead,
    CorrectsLead,
    Declines,
    FreelyHeard,
    RefusesCalls,
    SaysNothing,
    Wants,
    hear_freely,
)
from carquery.domain.hearing.heard import AsksUs, Courtesy, WantsPerson
from carquery.domain.hearing.kept import is_kept
from carquery.domain.understanding import OTHER, Entities, Understand, Understanding

WHERE = "а вы где находитесь?"


def about(topic: str, likely: float = 0.9) -> Understanding:
    return Understanding(OTHER, likely, likely={OTHER: likely}, topics={topic: 1.0})


def wish(service: Service, likely: float = 0.9, **mentioned: Any) -> Understanding:
    return Understanding(service, likely, likely={service: likely, OTHER: 1 - likely}, mentioned=Entities(**mentioned))


def understanding(told: Mapping[str, Understanding]) -> Understand:
    """Of anything else nothing is known."""
    return lambda text: told.get(text, Understanding(OTHER, 0.0))


@pytest.mark.parametrize(
    ("typed", "clauses"),
    [
        ("продам солярис, а вы где?", ["продам солярис", "а вы где?"]),
        ("солярис 2016 а вы где находитесь?", ["солярис 2016", "а вы где находитесь?"]),
        ("куплю рио и где вы находитесь", ["куплю рио", "и где вы находитесь"]),
        ("До скольки вы? Продам рио", ["До скольки вы?", "Продам рио"]),
        ("красная, а не белая", ["красная", "а не белая"]),
        ("бюджет 1,5 млн а торг есть", ["бюджет 1,5 млн а торг есть"]),
    ],
)
def test_a_text_has_clauses(typed: str, clauses: list[str]) -> None:
    assert list(clauses_of(typed)) == clauses


def test_a_wish_and_a_question_are_both_heard() -> None:
    text = f"продам солярис, {WHERE}"
    understand = understanding({WHERE: about("address"), "продам солярис": wish(Service.SELL)})

    for whole in (wish(Service.SELL), about("address"), Understanding(OTHER, 0.4)):
        heard, asked = hear_beside(text, whole, offered=None, hear=hear_freely, understand=understand)
        assert (heard, asked) == (Wants(Service.SELL), (Asked("address", WHERE),))


def test_a_question_about_the_wish_itself_is_none() -> None:
    """Where a form asks for a sum itself, a price that also sounds like a wish is that sum; elsewhere it is ours."""
    asked = "сколько возьмёте?"
    as_likely = Understanding(OTHER, 0.5, likely={OTHER: 0.5, Service.SELL: 0.4}, topics={"price": 1.0})
    understand = understanding({asked: as_likely})

    def heard(service: Service) -> tuple[Asked, ...]:
        text = f"хочу, {asked}"
        return hear_beside(text, wish(service), offered=None, hear=hear_freely, understand=understand)[1]

    assert [len(heard(service)) for service in (Service.SELL, Service.BUY, Service.CHECK)] == [0, 0, 1]


def test_a_rest_that_is_hardly_a_wish_opens_nothing() -> None:
    text = f"у меня солярис, {WHERE}"
    understand = understanding({WHERE: about("address"), "у меня солярис": wish(Service.SELL, 0.85)})

    assert hear_beside(text, about("address"), offered=None, hear=hear_freely, understand=understand) == (
        AsksUs("address"),
        (),
    )


def test_what_stands_beside_a_question_belongs_to_the_offer_if_it_states_something() -> None:
    hear = partial(hear_freely, offered=(Service.SELL,))
    understand = understanding(
        {WHERE: about("address"), "2018": wish(Service.SELL, 0.3, year=2018), "да": about("answer")}
    )

    assert (
        hear_beside(f"2018, {WHERE}", about("address"), offered=Service.SELL, hear=hear, understand=understand)[0]
        == Adds()
    )
    assert hear_beside(f"да, {WHERE}", about("address"), offered=Service.SELL, hear=hear, understand=understand)[
        0
    ] == Accepts(Service.SELL)
    assert hear_beside(f"ну, {WHERE}", about("address"), offered=Service.SELL, hear=hear, understand=understand)[
        0
    ] == AsksUs("address")


def test_a_question_alone_is_not_parted() -> None:
    assert asked_in(WHERE, understanding({WHERE: about("address")})) == ()


def test_what_is_asked_of_something_else_chooses_nothing() -> None:
    understand = understanding({"вы робот?": about("smalltalk"), "робот есть?": wish(Service.BUY, 0.7)})

    assert told_in("вы робот?", understand) == ""
    assert told_in("полный, вы робот?", understand) == "полный"
    assert told_in("робот есть?", understand) == "робот есть?"


@pytest.mark.parametrize(
    ("typed", "heard", "stays"),
    [
        ("продаю камри, один хозяин", Wants(Service.SELL), True),
        ("и зимняя резина", Adds(), True),
        ("где вы?", AsksUs("address"), True),
        ("хочу поговорить", WantsPerson(), True),
        ("эм", SaysNothing(), True),
        ("да", Accepts(Service.SELL), False),
        ("да, один хозяин", Accepts(Service.SELL), True),
        ("нет", Declines(), False),
        ("привет", Courtesy(), False),
        ("когда перезвоните?", AsksUs("status"), False),
        ("и коврики", AddsToLead(), False),
        ("ошибся в номере", CorrectsLead(), False),
        ("не звоните", RefusesCalls(), False),
    ],
)
def test_what_the_next_lead_says_word_for_word(typed: str, heard: FreelyHeard, *, stays: bool) -> None:
    assert is_kept(typed, heard) is stays
