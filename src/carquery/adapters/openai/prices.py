"""What a call costs.

US dollars for a million tokens, standard processing, short context. Source: OpenAI, "Pricing"
(https://developers.openai.com/api/docs/pricing) as it stood in 2026; models that it no longer lists, as it last did.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

_MILLION: Final = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens.

    Attributes:
        cached: of input that the server remembers from a call shortly before.
    """

    input: Decimal
    cached: Decimal
    output: Decimal

    def of(self, *, input_tokens: int, output_tokens: int, cached_tokens: int = 0) -> Decimal:
        """What so many tokens cost, in US dollars; the cached ones are among those of the input."""
        fresh = input_tokens - cached_tokens
        return (fresh * self.input + cached_tokens * self.cached + output_tokens * self.output) / _MILLION


@dataclass(frozen=True, slots=True)
class Quote:
    """A model's price; not `is_known`: it is the highest of the table, until somebody adds the model to it."""

    price: Price
    is_known: bool


def price_of(model: str) -> Quote:
    """A model's price; a dated snapshot costs what its family does, unless the table has it.

    An unknown model is booked at the highest figures known, so that a budget is rather kept than overdrawn. Some
    models are dearer still (those named «pro»); none of them answers as fast as a chat needs.
    """
    price = _PRICES.get(model) or _PRICES.get(_SNAPSHOT.sub("", model))
    return Quote(_HIGHEST, is_known=False) if price is None else Quote(price, is_known=True)


def _price(input_: str, cached: str, output: str) -> Price:
    return Price(Decimal(input_), Decimal(cached), Decimal(output))


_SNAPSHOT: Final = re.compile(r"-[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")

_PRICES: Final = {
    "gpt-4o-mini": _price("0.15", "0.075", "0.60"),
    "gpt-4o": _price("2.50", "1.25", "10.00"),
    "gpt-4o-2024-05-13": _price("5.00", "5.00", "15.00"),
    "gpt-4.1": _price("2.00", "0.50", "8.00"),
    "gpt-4.1-mini": _price("0.40", "0.10", "1.60"),
    "gpt-4.1-nano": _price("0.10", "0.025", "0.40"),
    "gpt-5": _price("1.25", "0.125", "10.00"),
    "gpt-5-mini": _price("0.25", "0.025", "2.00"),
    "gpt-5-nano": _price("0.05", "0.005", "0.40"),
    "gpt-5.1": _price("1.25", "0.125", "10.00"),
    "gpt-5.4": _price("2.50", "0.25", "15.00"),
    "gpt-5.4-mini": _price("0.75", "0.075", "4.50"),
    "gpt-5.4-nano": _price("0.20", "0.02", "1.25"),
    "gpt-5.5": _price("5.00", "0.50", "30.00"),
}

_HIGHEST: Final = Price(
    max(price.input for price in _PRICES.values()),
    max(price.cached for price in _PRICES.values()),
    max(price.output for price in _PRICES.values()),
)
