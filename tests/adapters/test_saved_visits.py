"""What a process wrote itself is found again as any other would read it, and nothing else is taken for it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from carquery.adapters.stored.answer_json import UnreadableJson
from carquery.adapters.stored.saved_visits import SavedVisits
from carquery.adapters.stored.visit_json import decode_visit, encode_visit
from carquery.domain.ids import MessageToken, Source
from carquery.domain.visit import Owed, Version, Visit
from tests.any_visit import visits
from tests.builders import ANNA, BORIS, NOW, a_visit

SHOWN = MessageToken("17")


@given(visits)
def test_any_visit_is_read_as_it_would_be_by_another_process(visit: Visit) -> None:
    for marked in (None, Owed(NOW, in_place=True)):
        saved, body = SavedVisits(), encode_visit(visit)
        saved.keep(visit, body)

        found = saved.read(visit.customer, body, version=Version(7), shown=SHOWN, owed=marked)

        assert found == decode_visit(body, version=Version(7), shown=SHOWN, owed=marked)


@pytest.mark.parametrize("receipt_by", [None, Version(5)])
def test_whether_a_receipt_is_owed_is_in_the_visit_and_not_in_the_mark(receipt_by: Version | None) -> None:
    visit = a_visit(owed=Owed(NOW, receipt_by=receipt_by))
    saved, body = SavedVisits(), encode_visit(visit)
    saved.keep(visit, body)
    later = NOW + timedelta(seconds=1)

    found = saved.read(ANNA, body, version=Version(6), shown=None, owed=Owed(later))

    assert found.owed == Owed(later, receipt_by=receipt_by)
    assert saved.read(ANNA, body, version=Version(6), shown=None, owed=None).owed is None


def test_what_another_process_has_saved_since_is_read() -> None:
    saved = SavedVisits()
    saved.keep(a_visit(), encode_visit(a_visit()))
    theirs = a_visit(source=Source("avito"))

    assert saved.read(ANNA, encode_visit(theirs), version=Version(0), shown=None, owed=None) == theirs
    with pytest.raises(UnreadableJson):
        saved.read(ANNA, b"damaged", version=Version(0), shown=None, owed=None)


def test_the_one_that_was_saved_longest_ago_is_forgotten_first() -> None:
    saved = SavedVisits(most=1)
    anna, boris = a_visit(), replace(a_visit(), customer=BORIS)
    for visit in (anna, boris):
        saved.keep(visit, encode_visit(visit))

    kept, read = (
        saved.read(visit.customer, encode_visit(visit), version=Version(1), shown=None, owed=None)
        for visit in (boris, anna)
    )

    assert kept.known is boris.known
    assert read.known is not anna.known
