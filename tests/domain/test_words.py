import pytest

from carquery.domain.refusals import AnswerRefused
from carquery.domain.words import Words, read_words
from tests.domain.typed_answers import Case, corpus, fits, label, outcome


@pytest.mark.parametrize("case", corpus("car_brand"), ids=label)
def test_a_car_is_called_what_the_customer_calls_it(case: Case) -> None:
    actual = outcome(
        lambda typed: read_words(typed, shortest=2, longest=64, hint="?", needs_alphanumeric=True),
        case.typed,
        lambda words: words.text,
    )

    assert fits(actual, case.expected), actual


@pytest.mark.parametrize("case", corpus("description"), ids=label)
def test_a_description_stays_as_typed(case: Case) -> None:
    actual = outcome(
        lambda typed: read_words(typed, shortest=10, longest=2000, hint="?", multiline=True),
        case.typed,
        lambda words: words.text,
    )

    assert fits(actual, case.expected), actual


@pytest.mark.parametrize("case", corpus("comment"), ids=label)
def test_a_comment_stays_as_typed(case: Case) -> None:
    actual = outcome(
        lambda typed: read_words(typed, shortest=1, longest=1000, hint="?", multiline=True),
        case.typed,
        lambda words: words.text,
    )

    assert fits(actual, case.expected), actual


def test_a_refusal_carries_the_hint_of_the_question() -> None:
    with pytest.raises(AnswerRefused) as refused:
        read_words("", shortest=1, longest=5, hint="Напишите марку")

    assert refused.value.hint == "Напишите марку"


@pytest.mark.parametrize("text", ["", "  ", "\u00a0\n", "а\0б", "а\ud83d"])
def test_words_that_can_not_be_stored_do_not_exist(text: str) -> None:
    with pytest.raises(ValueError, match="words"):
        Words(text)
