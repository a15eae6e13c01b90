"""How commands take a lead, or a customer: by the words in which logs and lists print them."""

from carquery.adapters.telegram.channel import customer_of_user
from carquery.domain.ids import CustomerId, NotACustomer, Reference
from carquery.domain.reference import read_reference
from carquery.entrypoints.commands.running import USAGE, stop

_LONGEST_NUMBER = 18
"""Digits; Telegram's have 16 at the most."""


def read_customer(typed: str) -> CustomerId | None:
    """A customer such as telegram:123; a number alone is a Telegram customer's, for so they were logged before.

    None: it is none.
    """
    typed = typed.strip()
    if typed.isascii() and typed.isdigit() and len(typed) <= _LONGEST_NUMBER:
        return customer_of_user(int(typed))
    channel, _, number = typed.partition(":")
    try:
        return CustomerId.read(f"{channel.lower()}:{number}")
    except NotACustomer:
        return None


def customer_or_exit(option: str, typed: str) -> CustomerId:
    """The customer; what is none ends the command."""
    customer = read_customer(typed)
    if customer is None:
        stop(f"{option}: «{typed}» is no customer; expected: such as telegram:123", code=USAGE)
    return customer


def reference_or_exit(typed: str) -> Reference:
    """The reference as people type it."""
    reference = read_reference(typed)
    if reference is None:
        stop(f"«{typed}» is no reference; expected: CQ- and six letters or digits, such as CQ-7K3M9X", code=USAGE)
    return reference


def lead_or_customer_or_exit(typed: str) -> Reference | CustomerId:
    """The one or the other; six digits alone are a reference without its CQ-."""
    found = read_reference(typed) or read_customer(typed)
    if found is None:
        stop(
            f"«{typed}» is neither a reference nor a customer; expected: such as CQ-7K3M9X, or telegram:123",
            code=USAGE,
        )
    return found
