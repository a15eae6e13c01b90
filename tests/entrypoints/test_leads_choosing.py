"""How the options that choose leads are read."""

from datetime import timedelta

import pytest
import typer

from carquery.adapters.telegram.channel import customer_of_user
from carquery.application.ports.leads import ALL, Chosen
from carquery.domain.ids import CustomerId
from carquery.domain.lead import LeadStatus
from carquery.entrypoints.commands.leads.choice import Choice
from tests.builders import ANNA, NAMESAKE, NOW

FAILED_OR_DEAD = (LeadStatus.FAILED, LeadStatus.DEAD)


def test_nothing_given_chooses_all() -> None:
    assert not Choice()
    assert Choice().as_chosen(now=NOW) == ALL


def test_nothing_given_chooses_all_that_the_command_can_take() -> None:
    assert Choice().as_chosen(now=NOW, among=FAILED_OR_DEAD) == Chosen(statuses=frozenset(FAILED_OR_DEAD))


def test_several_statuses_are_chosen_together() -> None:
    chosen = Choice(status=("failed", "dead", "failed")).as_chosen(now=NOW)

    assert chosen == Chosen(statuses=frozenset(FAILED_OR_DEAD))


@pytest.mark.parametrize(
    ("typed", "age"),
    [
        ("30m", timedelta(minutes=30)),
        ("2h", timedelta(hours=2)),
        ("1d", timedelta(days=1)),
        (" 36 H ", timedelta(hours=36)),
        ("0m", timedelta()),
        ("999999d", timedelta(days=36_500)),
    ],
)
def test_an_age_counts_from_when_the_lead_was_received(typed: str, age: timedelta) -> None:
    assert Choice(older_than=typed).as_chosen(now=NOW) == Chosen(until=NOW - age)
    assert Choice(newer_than=typed).as_chosen(now=NOW) == Chosen(since=NOW - age)


def test_two_ages_choose_what_was_received_between() -> None:
    chosen = Choice(older_than="2h", newer_than="1d").as_chosen(now=NOW)

    assert chosen == Chosen(since=NOW - timedelta(days=1), until=NOW - timedelta(hours=2))


@pytest.mark.parametrize(
    ("typed", "customer"),
    [
        ("telegram:7000000001", ANNA),
        ("7000000001", ANNA),
        ("max:7000000001", NAMESAKE),
        ("MAX:7000000001 ", NAMESAKE),
        ("123456", customer_of_user(123456)),
    ],
)
def test_a_customer_is_chosen_by_channel_and_number(typed: str, customer: CustomerId) -> None:
    """A number alone was Telegram's before there were channels: so it stands in older logs."""
    assert Choice(customer=typed)
    assert Choice(customer=typed).as_chosen(now=NOW) == Chosen(customer=customer)


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (Choice(older_than="2"), "--older-than: «2» is no age; expected: minutes, hours or days, such as 30m, 2h, 1d"),
        (Choice(newer_than="2w"), "--newer-than: «2w» is no age"),
        (Choice(newer_than="-2h"), "--newer-than: «-2h» is no age"),
        (Choice(older_than=""), "--older-than: «» is no age"),
        (Choice(older_than="1d", newer_than="2h"), "--newer-than must be longer than --older-than"),
        (Choice(customer="Anna"), "--customer: «Anna» is no customer; expected: such as telegram:123"),
        (Choice(status=("delivered",)), "--status: «delivered» is none; expected: failed, dead"),
    ],
)
def test_a_wrong_option_is_named_with_what_would_be_right(
    choice: Choice, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as ended:
        choice.as_chosen(now=NOW, among=FAILED_OR_DEAD)

    assert ended.value.exit_code == 2
    assert words in capsys.readouterr().err
