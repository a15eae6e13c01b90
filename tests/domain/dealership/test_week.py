"""Hours as owners write them."""

import pytest

from carquery.domain.dealership.hours import Span
from carquery.domain.dealership.week import NoHours, read_week

DAY = Span(9 * 60, 20 * 60)


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("пн-пт 9:00-20:00", 5),
        ("Пн–Пт 9.00–20.00", 5),
        ("пн - пт: 9 - 20", 5),
        ("пн,вт, ср 09:00-20:00", 3),
        ("ежедневно 9-20", 7),
        ("пт-пн 9-20", 4),
        ("пн-пт 9-20; сб-вс выходной;", 5),
        ("пн-ср, пт 9-20", 4),
    ],
)
def test_it_is_read_in_the_usual_spellings(written: str, days: int) -> None:
    assert [spans for spans in read_week(written) if spans] == [(DAY,)] * days


def test_a_break_makes_two_spans() -> None:
    assert read_week("пн 14:00-18:00, 9:00-13:00")[0] == (Span(540, 780), Span(840, 1080))


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("", "no day is open"),
        ("вс выходной", "no day is open"),
        ("с девяти до восьми", "is not days and hours"),
        ("пн-вск 9-20", "is not days and hours"),
        ("пн-ап 9-20", "«ап» is no day of the week"),
        ("пн-ср-пт 9-20", "«пн-ср-пт» is no range of days"),
        ("пн-пт 9-20; пт 10-12", "«пт» is named twice"),
        ("пн 9:00-13:00, 12:00-18:00", "the hours overlap"),
        ("пн 20:00-9:00", "closes before it opens"),
        ("пн 9:75-20:00", "there is no such time"),
        ("пн 9:00-25:00", "there is no such time"),
        ("пн с 9 до 20", "is no time from – to"),
    ],
)
def test_what_can_not_be_read_is_named(written: str, says: str) -> None:
    with pytest.raises(NoHours, match=says):
        read_week(written)
