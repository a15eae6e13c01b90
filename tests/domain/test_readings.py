"""Deep links, references, and words that act as buttons."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carquery.domain.moscow import moscow_day
from carquery.domain.reference import read_reference
from carquery.domain.source import DeepLink, read_deep_link
from carquery.domain.typed_commands import Command, read_command


@pytest.mark.parametrize(
    ("payload", "service", "source"),
    [
        ("sell", "sell", "sell"),
        ("sell__avito", "sell", "avito"),
        ("buy__yandex__maps", "buy", "yandex__maps"),
        ("avito", None, "avito"),
        ("avito__sell", None, "avito__sell"),
        ("sell_avito", None, "sell_avito"),
        ("sell__", "sell", "sell__"),
        ("__", None, "__"),
        ("a" * 64, None, "a" * 64),
        ("", None, None),
        ("a" * 65, None, None),
        ("авито", None, None),
        ("<b>", None, None),
        ("sell avito", None, None),
        ("sell\n", None, None),
    ],
)
def test_a_deep_link_names_a_form_a_source_or_both(payload: str, service: str | None, source: str | None) -> None:
    link = read_deep_link(payload)

    assert (link.service, link.source) == (service, source)


@given(payload=st.text(max_size=80))
def test_no_payload_is_too_odd(payload: str) -> None:
    assert isinstance(read_deep_link(payload), DeepLink)


@pytest.mark.parametrize("typed", ["CQ-7K3M9X", "cq-7k3m9x", " 7K3M9X ", "CQ7K3M9X", "cq 7k3m9x".replace(" ", "-")])
def test_a_reference_is_read_as_people_write_it(typed: str) -> None:
    assert read_reference(typed) == "CQ-7K3M9X"


def test_letters_that_look_like_digits_are_read_as_such() -> None:
    assert read_reference("CQ-OIL000") == "CQ-011000"


@pytest.mark.parametrize("typed", ["", "CQ-", "CQ-7K3M9", "CQ-7K3M9XX", "CQ-7K3M9U", "CQ-7K3M9Ж", "7K3 M9X"])
def test_anything_else_is_no_reference(typed: str) -> None:
    assert read_reference(typed) is None


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("назад", Command.BACK),
        ("⬅️ Назад", Command.BACK),
        ("🏠 Меню", Command.MENU),
        ("Отмена!", Command.CANCEL),
        ("ПРОПУСТИТЬ", Command.SKIP),
        ("  Оставить ", Command.KEEP),
        ("готово", Command.KEEP),
        ("менеджер", Command.OPERATOR),
        ("Оператор?", Command.OPERATOR),
        ("назад в будущее", None),
        ("", None),
        ("👍", None),
    ],
)
def test_a_word_alone_does_what_its_button_does(typed: str, command: Command | None) -> None:
    assert read_command(typed) is command


def test_the_day_turns_at_midnight_in_moscow() -> None:
    assert moscow_day(datetime(2026, 12, 31, 20, 59, tzinfo=UTC)) == date(2026, 12, 31)
    assert moscow_day(datetime(2026, 12, 31, 21, 0, tzinfo=UTC)) == date(2027, 1, 1)
