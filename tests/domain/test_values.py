"""Values are made quickly, and are what the standard library's frozen dataclasses are in all but one respect."""

from dataclasses import fields

import pytest

from carquery.domain.values import dataclass, replace


@dataclass(frozen=True, slots=True)
class Span:
    """Of numbers."""

    first: int
    last: int = 9

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError("it ends before it begins")


def test_equal_fields_make_equal_values_that_are_found_again() -> None:
    assert Span(1) == Span(1, 9) != Span(2)
    assert {Span(1): "found"}[Span(1, 9)] == "found"
    assert repr(Span(1)) == "Span(first=1, last=9)"
    assert [field.name for field in fields(Span)] == ["first", "last"]


def test_a_replaced_field_leaves_the_value_before_as_it_was() -> None:
    before = Span(1, 5)

    after = replace(before, last=7)

    assert (before, after) == (Span(1, 5), Span(1, 7))


def test_what_replace_makes_is_checked_as_what_is_made_anew() -> None:
    with pytest.raises(ValueError, match="ends before"):
        replace(Span(1, 5), first=6)


def test_nothing_is_replaced_that_is_no_field() -> None:
    with pytest.raises(AttributeError):
        replace(Span(1), middle=5)  # type: ignore[call-arg]  # that is what is tried


def test_to_the_type_checker_they_are_frozen() -> None:
    """mypy takes the next comment for needless, and fails, should this be allowed one day."""
    span = Span(1)
    span.last = 5  # type: ignore[misc]
