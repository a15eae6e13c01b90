"""What customers and their messages are called when they come from Telegram."""

import pytest

from carquery.adapters.stored.before_channels import FIRST_CHANNEL, handle_of
from carquery.adapters.telegram.channel import TELEGRAM, Shown, chat_link, chat_of, customer_of_user, handle_of_user
from carquery.adapters.telegram.rendering.html import html_of
from carquery.application.marked_text import naming
from carquery.domain.ids import MessageToken
from tests.builders import ANNA, NAMESAKE


def test_a_customer_s_chat_has_the_number_of_its_user() -> None:
    assert str(customer_of_user(7_000_000_001)) == "telegram:7000000001"
    assert chat_of(customer_of_user(7_000_000_001)) == 7_000_000_001


@pytest.mark.parametrize(("username", "shown"), [("anna_k", "Telegram: @anna_k"), (None, "Telegram: id 7")])
def test_people_find_a_customer_by_username_or_by_id(username: str | None, shown: str) -> None:
    assert handle_of_user(7, username).shown == shown


def test_a_chat_is_opened_by_username_or_by_the_user_s_number() -> None:
    assert chat_link(ANNA, handle_of_user(7, "anna_k")) == "https://t.me/anna_k"
    assert chat_link(ANNA, handle_of_user(7_000_000_001, None)) == "tg://user?id=7000000001"
    assert chat_link(ANNA, None) == "tg://user?id=7000000001"
    assert chat_link(NAMESAKE, None) is None


def test_what_was_stored_before_there_were_channels_is_telegram_s() -> None:
    assert FIRST_CHANNEL == TELEGRAM
    assert [handle_of(name, 7) for name in ("anna", None)] == [handle_of_user(7, name) for name in ("anna", None)]


@pytest.mark.parametrize("shown", [Shown(17), Shown(2**31, asks_contact=True)])
def test_where_the_screen_stands_comes_back_from_its_token(shown: Shown) -> None:
    assert Shown.read(shown.token) == shown


@pytest.mark.parametrize("token", [None, "", "mid.0123456789abcdef", ":1"])
def test_a_token_that_says_nothing_here_means_that_nobody_knows_where_it_stands(token: str | None) -> None:
    assert Shown.read(None if token is None else MessageToken(token)) is None


def test_words_that_name_a_customer_lead_to_them_where_telegram_can() -> None:
    hers, namesakes = naming(ANNA, "клиенту"), naming(NAMESAKE, "клиенту")

    assert html_of(hers) == '<a href="tg://user?id=7000000001">клиенту</a>'
    assert html_of(namesakes) == "клиенту"
