"""What leaves our machines holds no phone, however it is typed, and as much of the rest as is needed."""

import pytest

from carquery.domain.masking import MASKED_AT_MOST, mask

ONE_PHONE = (
    "+7 916 123-45-67",
    "8(916)1234567",
    "8.916.123.45.67",
    "8_916_123_45_67",
    "8‑916‑123‑45‑67",
    "8−916−123−45−67",
    "8—916—123—45—67",
    "8 9 1 6 1 2 3 4 5 6 7",
    "+7 916\n123-45-67",
    "+7\u00a0916\u00a0123\u00a045\u00a067",
    "8\u2009916\u2009123\u200945\u200967",
    "+7 916\u200b 123-45-67",
    "+7 916 123\u202d-45-67",
    "+7（916）123-45-67",
    "+７９１６１２３４５６７",
    "٧٩١٦١٢٣٤٥٦٧",
    "7️⃣9️⃣1️⃣6️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣",
)


@pytest.mark.parametrize("typed", ONE_PHONE)
def test_a_phone_is_found_in_whatever_signs_it_is_typed(typed: str) -> None:
    masked = mask(f"продаю камри, тел: {typed}")

    assert masked.text == "продаю камри, тел: [PHONE_1]"
    assert masked.unmask("[PHONE_1]") == "+79161234567"


@pytest.mark.parametrize(
    "typed", ["89161234567", "+79161234567", "8 916 123-45-67", "9161234567", "+7 (916) 123 45 67"]
)
@pytest.mark.parametrize(
    "around",
    ["камри 2018 {}", "камри {} 2018", "камри 2018 {} 120000 км", "камри 120 000 {}, торг", "камри\n2018\n{}\n5"],
)
def test_a_number_beside_it_hides_no_phone(typed: str, around: str) -> None:
    masked = mask(around.format(typed))

    assert [personal.value for personal in masked.hidden.values()] == ["+79161234567"]
    assert "45" not in masked.text
    assert "камри" in masked.text


def test_two_phones_are_two() -> None:
    hidden = mask("89161234567 89167654321").hidden

    assert [personal.value for personal in hidden.values()] == ["+79161234567", "+79167654321"]


@pytest.mark.parametrize(
    "message",
    [
        "продаю камри 2018, пробег 120 000, хочу 2 100 000",
        "1 200 000 2018 120 000",
        "бюджет 800 900 000",
        "кредит 1 000 000 000",
        "в 2018 за 8 900 000 120 000 км",
        "пробег 150 т.км, 2,1 млн — торг",
    ],
)
def test_sums_years_and_mileages_stay(message: str) -> None:
    assert mask(message).text == message.replace("—", "-")
    assert mask(message).hidden == {}


@pytest.mark.parametrize("before", range(480, 501, 2))
def test_a_long_message_is_cut_after_it_was_masked(before: int) -> None:
    """Half a phone number looks like none; half a placeholder means nothing."""
    masked = mask("а" * (before - 1) + " +7 916 123-45-67 и ещё немного")

    assert before - 1 <= len(masked.text) <= MASKED_AT_MOST
    assert "916" not in masked.text
    assert ("[PHONE_1]" in masked.text) == ("[PHONE_1]" in masked.hidden)
    assert masked.text.count("[") == masked.text.count("]")


@pytest.mark.parametrize("sign", ["\ud800", "\x00", "\u200b", "½", "ﷺ", "🚗", "[A", "8 ", "7 9", "  ", "1", "("])
def test_any_text_is_ready_at_once_and_can_be_sent(sign: str) -> None:
    text = mask(sign * 5000).text

    assert len(text) <= MASKED_AT_MOST
    assert text.encode().decode() == text
