import pytest
from hypothesis import example, given, settings

from carquery.domain.typed_text import clean
from tests.domain.odd_texts import ANY_TEXT, typed_pieces


@settings(max_examples=300)
@given(typed=ANY_TEXT | typed_pieces())
@example(typed="क्\u200d\u200d")
@example(typed="👩\u200d\u200d👩")
@example(typed="👩\ufe0f\u200d👩")
def test_cleaning_twice_changes_nothing_more(typed: str) -> None:
    line, lines = clean(typed), clean(typed, multiline=True)

    assert clean(line) == line
    assert clean(lines, multiline=True) == lines
    assert clean(line, multiline=True) == line


@settings(max_examples=200)
@given(typed=ANY_TEXT)
def test_clean_text_can_always_be_stored(typed: str) -> None:
    assert "\0" not in clean(typed, multiline=True)
    clean(typed, multiline=True).encode()


@pytest.mark.parametrize(
    "seen",
    [
        "می\u200cخواهم",
        "क्\u200dष",
        "അവന്\u200d",
        "👩\u200d🔧",
        "❤\ufe0f",
        "1\ufe0f\u20e3",
        "👩\U0001f3fd\u200d🔧",
        "🏳\ufe0f\u200d🌈",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "葛\U000e0100",
    ],
    ids=ascii,
)
def test_what_shapes_its_neighbours_stays(seen: str) -> None:
    assert clean(seen) == seen


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("a\u200db", "ab"),
        ("да\u200cнет", "данет"),
        ("\u202eда\u202c", "да"),
        ("д\u00adа", "да"),
        ("да\ufe0f", "да"),
        ("\U000e0041\U000e0042да", "да"),
        ("🏴\U000e0041да", "🏴да"),
        ("д\0а\x1b", "да"),
        ("\ud83dда\udc00", "да"),
        ("\u2800да\u3164нет\u115f", "да нет"),
        ("да\ufffe\ufdd0", "да"),
        ("и\u0306", "й"),
    ],
    ids=ascii,
)
def test_what_is_not_seen_goes(typed: str, seen: str) -> None:
    assert clean(typed) == seen


def test_what_was_typed_is_not_replaced_by_look_alikes() -> None:
    assert clean("x² ½ ﬁ Ⅷ ①") == "x² ½ ﬁ Ⅷ ①"


def test_a_pile_of_marks_is_cut_to_what_any_language_needs() -> None:
    assert clean("a" + "\u0327\u0315" * 2000) == clean("a" + "\u0327\u0315" * 15)


def test_line_breaks_become_spaces_unless_lines_are_wanted() -> None:
    typed = " один\r\nдва \r три\u2028\n\n\n четыре "

    assert clean(typed) == "один два три четыре"
    assert clean(typed, multiline=True) == "один\nдва\nтри\n\nчетыре"
