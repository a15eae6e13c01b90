"""The models that product tests ask understand what these tests rely on."""

import pytest

from tests.keyword_brain import keyword_brain


@pytest.mark.parametrize(
    ("message", "intent", "confidence"),
    [
        ("Хочу ПРОДАТЬ машину", "sell", 0.92),
        ("куплю приору", "buy", 0.92),
        ("подберите кроссовер", "find", 0.92),
        ("проверьте авто", "check", 0.92),
        ("нужен договор", "legal", 0.92),
        ("добрый день", "other", 0.8),
        ("", "other", 0.8),
        ("проверьте договор", "check", 0.6),
    ],
)
def test_the_word_named_first_decides(message: str, intent: str, confidence: float) -> None:
    said = keyword_brain("gpt-4o-mini", message)

    assert (said["intent"], said["confidence"]) == (intent, confidence)
    assert said["reply"].endswith(".")


def test_a_large_model_is_sure_where_a_small_one_is_torn() -> None:
    assert keyword_brain("gpt-4o", "проверьте договор")["confidence"] == 0.92
