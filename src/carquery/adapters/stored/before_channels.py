"""What was stored while customers had one channel, and were numbers: it is read, and written for the version before.

That version runs beside this one during an upgrade: customers of the first channel are written as it reads them.
"""

import re
from functools import lru_cache
from typing import Final

from carquery.domain.contact import Handle
from carquery.domain.ids import Channel, CustomerId, InputId

FIRST_CHANNEL: Final = Channel("telegram")
_MESSENGER: Final = "Telegram"
_NUMBER: Final = re.compile(r"-?[1-9][0-9]{0,18}|0", re.ASCII)
_LARGEST: Final = 2**63 - 1


def customer_of_number(number: int) -> CustomerId:
    """Whom the number alone has meant."""
    return CustomerId(FIRST_CHANNEL, str(number))


def number_of(customer: CustomerId) -> int | None:
    """What the versions before call the customer; None: nothing."""
    number = _as_number(customer.number) if customer.channel == FIRST_CHANNEL else None
    return None if number is None or number < 0 else number


def customer_to_json(customer: CustomerId) -> int | str:
    """The number alone for whom the versions before know by it."""
    number = number_of(customer)
    return str(customer) if number is None else number


def customer_from_json(body: object) -> CustomerId:
    """As it was stored. Raises ValueError for anything else."""
    match body:
        case int() if not isinstance(body, bool):
            return customer_of_number(body)
        case str():
            return CustomerId.read(body)
        case _:
            raise ValueError("a customer is a number or a text")


def input_to_json(given: InputId) -> int | str:
    """A number where the input was called by one."""
    number = _as_number(given)
    return given if number is None else number


def username_of(handle: Handle | None) -> str | None:
    """What the versions before keep of a handle; None: nothing."""
    is_username = handle is not None and handle.messenger == _MESSENGER and handle.name.startswith("@")
    return handle.name.removeprefix("@") if handle is not None and is_username else None


def handle_of(username: str | None, number: int | None) -> Handle | None:
    """What a customer was called by people while there was one messenger; None: erased."""
    if username is not None:
        return Handle(_MESSENGER, f"@{username}")
    return None if number is None else Handle(_MESSENGER, f"id {number}")


@lru_cache(maxsize=512)  # of a visit's inputs, each save writes all again
def _as_number(text: str) -> int | None:
    """The number that is written so, and in no other way."""
    number = int(text) if _NUMBER.fullmatch(text) else None
    return number if number is not None and abs(number) <= _LARGEST else None
