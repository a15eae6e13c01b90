"""Text with marks, whatever shows it."""

import pytest

from carquery.application.marked_text import Mark, Run, bold, clip, code, joined, plain, units


def test_words_without_a_mark_may_stand_on_either_side() -> None:
    text = "Заявка " + bold("CQ-000001") + " принята"

    assert text.runs == (Run("Заявка "), Run("CQ-000001", Mark.BOLD), Run(" принята"))
    assert text.plain == "Заявка CQ-000001 принята"


@pytest.mark.parametrize(("parts", "whole"), [((), ""), (("а",), "а"), (("а", bold("б"), code("в")), "а, б, в")])
def test_parts_are_joined_as_strings_are(parts: tuple[str, ...], whole: str) -> None:
    assert joined(", ", parts).plain == whole


def test_no_words_are_no_run() -> None:
    assert plain("").runs == ()


@pytest.mark.parametrize(("text", "length"), [("", 0), ("Ёж", 2), ("🚗", 2), ("👨‍👩‍👧", 8), ("\ud83d", 1)])
def test_a_length_is_counted_in_utf_16_units(text: str, length: int) -> None:
    assert (units(text), plain(text).units) == (length, length)


@pytest.mark.parametrize(
    ("text", "limit", "clipped"),
    [("Лада", 4, "Лада"), ("Лада Веста", 6, "Лада…"), ("🚗🚗🚗", 4, "🚗…"), ("🚗🚗🚗", 6, "🚗🚗🚗")],
)
def test_what_is_too_long_ends_in_an_ellipsis_and_breaks_no_character(text: str, limit: int, clipped: str) -> None:
    assert clip(text, limit) == clipped
