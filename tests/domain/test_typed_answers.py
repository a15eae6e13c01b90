"""What holds for every parser of typed answers, whatever was typed."""

import sys
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given, settings

from carquery.domain.car import read_kilometers, read_year
from carquery.domain.contact import Phone
from carquery.domain.money import read_rubles
from carquery.domain.refusals import AnswerRefused
from carquery.domain.typed_names import read_name
from carquery.domain.typed_phones import read_contact_number, read_phone
from carquery.domain.unsure import Unsure
from carquery.domain.vin import read_vin
from carquery.domain.words import Words, read_words
from tests.domain.odd_texts import ANY_TEXT, WORST_LONG_TEXTS, typed_pieces


def read_year_today(typed: str) -> object:
    return read_year(typed, on=date(2026, 3, 1))


def read_brand(typed: str) -> Words:
    return read_words(typed, shortest=2, longest=64, hint="?", needs_alphanumeric=True)


def read_description(typed: str) -> Words:
    return read_words(typed, shortest=10, longest=2000, hint="?", multiline=True)


PARSERS: list[Callable[[str], Any]] = [  # Any: each parser has a value of its own; all values have `shown`
    read_rubles,
    read_kilometers,
    read_year_today,
    read_vin,
    read_name,
    read_phone,
    read_contact_number,
    read_brand,
    read_description,
]
every_parser = pytest.mark.parametrize("read", PARSERS, ids=lambda read: read.__qualname__)


def readings(read: Callable[[str], Any], typed: str) -> tuple[Any, ...]:
    """The values that a text may stand for, none if it is refused."""
    try:
        value = read(typed)
    except AnswerRefused:
        return ()
    return value.readings if isinstance(value, Unsure) else (value,)


@every_parser
@settings(max_examples=120)
@given(typed=ANY_TEXT | typed_pieces())
@example(typed="\ud800")
def test_any_text_is_read_or_refused_and_what_is_shown_reads_back(read: Callable[[str], Any], typed: str) -> None:
    for value in readings(read, typed):
        # What was said beside a phone is shown beside it; an unknown number is asked back each time.
        shown = value.without_remark if isinstance(value, Phone) else value
        assert readings(read, value.shown)[:1] == (shown,)


MOST_CALLS = 200_000
"""Of functions, to read a text; the dearest takes 145 000."""


@every_parser
def test_the_longest_messages_are_read_in_few_steps(read: Callable[[str], Any]) -> None:
    assert max(calls_to_read(read, typed) for typed in WORST_LONG_TEXTS) < MOST_CALLS


def calls_to_read(read: Callable[[str], Any], typed: str) -> int:
    """How many functions are called: more telling than time, which the machine decides."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        readings(read, typed)
    finally:
        sys.setprofile(before)
    return calls
