"""How fast customers are answered, in working minutes."""

from datetime import datetime, timedelta

from carquery.application.ports.first_touches import Answered
from carquery.application.reports.speed import Speed, SpeedBy, speed_of, speeds
from carquery.domain.forms.form import Service
from carquery.domain.ids import Source
from tests.application.showroom import open_from
from tests.builders import HOUR, MINUTE, NOW


def answered(
    minutes: int | None,
    *,
    service: Service = Service.SELL,
    source: str | None = None,
    at: datetime = NOW,
) -> Answered:
    touched_at = None if minutes is None else at + timedelta(minutes=minutes)
    return Answered(service, None if source is None else Source(source), at, touched_at)


def test_half_of_them_and_nine_tenths() -> None:
    of_all = speed_of([answered(minutes) for minutes in (*range(1, 11), None)], None)

    assert of_all == Speed(leads=11, touched=10, median=5 * MINUTE, p90=9 * MINUTE)


def test_of_none_there_is_nothing_to_say() -> None:
    assert speed_of([], None) == Speed(0, 0, None, None)
    assert speed_of([answered(None)], None) == Speed(1, 0, None, None)


def test_only_minutes_that_the_dealership_is_open_count() -> None:
    """A request of 12:30 in Moscow is answered the next day at 9:05; open is until 13."""
    asked = answered(20 * 60 + 35)

    assert speed_of([asked], open_from("ежедневно 9-13")).median == 35 * MINUTE


def test_two_clocks_that_differ_make_no_time_negative() -> None:
    assert speed_of([answered(-3)], None).median == timedelta()
    assert speed_of([answered(-3)], open_from("ежедневно 9-20")).median == timedelta()


def test_they_are_told_apart_by_service_source_and_hour() -> None:
    some = [
        answered(1, service=Service.BUY, source="avito"),
        answered(3, service=Service.BUY),
        answered(9, at=NOW + HOUR),
    ]

    by_service = speeds(some, None, SpeedBy.SERVICE)
    by_source = speeds(some, None, SpeedBy.SOURCE)
    by_hour = speeds(some, None, SpeedBy.HOUR)

    assert {key: one.leads for key, one in by_service.items()} == {"buy": 2, "sell": 1}
    assert {key: one.leads for key, one in by_source.items()} == {"-": 2, "avito": 1}
    assert list(by_hour) == ["12", "13"], "by the dealership's clock"
