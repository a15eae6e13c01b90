"""A customer is a channel and a number, and comes back from what was written."""

import pytest

from carquery.domain.ids import Channel, CustomerId, NotACustomer


@pytest.mark.parametrize(
    ("channel", "number", "written"),
    [
        ("telegram", "7000000001", "telegram:7000000001"),
        ("max", "7000000001", "max:7000000001"),
        ("max", "-5", "max:-5"),
        ("whatsapp", "79161234567@c.us", "whatsapp:79161234567@c.us"),
        ("viber", "01234567890A=/+:", "viber:01234567890A=/+:"),
        ("c" * 16, "n" * 64, f"{'c' * 16}:{'n' * 64}"),
    ],
)
def test_a_customer_is_written_as_channel_and_number_and_read_back(channel: str, number: str, written: str) -> None:
    customer = CustomerId(Channel(channel), number)

    assert str(customer) == written
    assert CustomerId.read(written) == customer


def test_the_same_number_in_two_channels_is_two_customers() -> None:
    assert len({CustomerId.read("telegram:42"), CustomerId.read("max:42"), CustomerId.read("max:42")}) == 2


@pytest.mark.parametrize(
    "written",
    [
        *("", "7", "telegram", "telegram:", ":7", "Telegram:7", "tele gram:7", "7x:7", "telegram:7 8", "telegram:7\n"),
        *("telegram:{7}", "телеграм:7", "telegram:семь", f"{'c' * 17}:7", f"max:{'7' * 65}"),
    ],
)
def test_what_is_no_customer_is_refused_and_not_quoted(written: str) -> None:
    with pytest.raises(NotACustomer) as refused:
        CustomerId.read(written)

    assert str(refused.value) == str(NotACustomer())
