"""Figures and words as numbers, before any step reads them."""

import string

from hypothesis import given
from hypothesis import strategies as st

from carquery.domain.typed_numbers import plain

LETTERS = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
PLAIN_SIGNS = LETTERS + LETTERS.upper() + string.ascii_letters + string.digits + string.punctuation + " "
UNSEEN = "\u200b"


@given(st.text(PLAIN_SIGNS, max_size=60))
def test_what_is_typed_plainly_reads_as_what_must_be_looked_at_sign_by_sign(typed: str) -> None:
    assert plain(typed) == plain(typed + UNSEEN)
