"""A reason is kept as one text, and is read from it, whatever it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carquery.domain.reason import Reason

CODES = st.from_regex(r"[a-z]+(\.[a-z_]+)?", fullmatch=True)
FACTS = st.dictionaries(
    st.from_regex(r"[a-z]+", fullmatch=True).filter(lambda name: name not in {"code", "parts"}), st.text(), max_size=3
).map(lambda facts: tuple(facts.items()))
REASONS = st.recursive(
    st.builds(Reason, CODES, FACTS), lambda parts: st.builds(Reason, CODES, FACTS, st.lists(parts).map(tuple))
)


@given(REASONS)
def test_what_was_written_is_read_as_it_was(reason: Reason) -> None:
    assert Reason.read(str(reason)) == reason


@pytest.mark.parametrize(
    "written",
    [
        "",
        "amoCRM не ответила за 10 с",
        "/api/v4/contacts: amoCRM answered no Page (_embedded: no list)",
        'amoCRM отказала (HTTP 400): {"code": 226}',
        'нет связи {"kind": "ConnectError"}',
        "crm.busy {",
        'crm.busy {"status": 500}',
        'crm.busy {"parts": 5}',
        'crm.busy {"parts": [5]}',
        'crm.busy {"parts": [{"status": "500"}]}',
        "[" * 100_000,
        "crm.busy {" + '"parts": [' * 100_000 + "}",
    ],
    ids=lambda written: written[:40],
)
def test_words_that_no_code_stands_before_are_kept_as_they_are(written: str) -> None:
    """The version before stored sentences."""
    assert Reason.read(written) == Reason(written)
    assert str(Reason.read(written)) == written


def test_the_version_before_reads_the_code_and_the_facts() -> None:
    reason = Reason("crm.refused", (("status", "400"),), (Reason("crm.field", (("name", "VIN"),)),))

    assert str(reason) == 'crm.refused {"status": "400", "parts": [{"code": "crm.field", "name": "VIN"}]}'
