"""Whose a row is: `customer_id`, a channel and the customer's number there, and that number alone beside it.

By the number alone the version before knows customers. It runs beside this one during an upgrade, fills in no
`customer_id`, and reads none: so the number is written too, and a row without a `customer_id` is known by its number.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, RowMapping, Table, and_, bindparam, or_

from carquery.adapters.stored.before_channels import customer_of_number, number_of
from carquery.domain.ids import CustomerId

_STAND_IN_BYTES: Final = 7


def customer_columns(customer: CustomerId | None) -> dict[str, Any]:
    """The columns of a row that may be nobody's; for whom the version before does not know, it is."""
    if customer is None:
        return {"customer": None, "customer_id": None}
    return {"customer": number_of(customer), "customer_id": str(customer)}


def number_or_stand_in(customer: CustomerId) -> int:
    """For a number that can't be left out: of whom the version before does not know, one that no customer has.

    It is negative, and the same each time; that two customers have one is possible, and must do no harm.
    """
    number = number_of(customer)
    if number is not None:
        return number
    return -1 - int.from_bytes(sha256(str(customer).encode()).digest()[:_STAND_IN_BYTES])


def is_of(table: Table, customer: CustomerId) -> ColumnElement[bool]:
    """Whether a row of a table with a `customer_id` is that customer's, whichever version wrote it."""
    is_named = table.c.customer_id == str(customer)
    number = number_of(customer)
    if number is None:
        return is_named
    numbers = table.c.id if table.name == "customers" else table.c.customer
    return or_(is_named, and_(table.c.customer_id.is_(None), numbers == number))


def is_whose(table: Table) -> ColumnElement[bool]:
    """`is_of` for a statement that is built once, with the parameters of `named`."""
    numbers = table.c.id if table.name == "customers" else table.c.customer
    is_named = table.c.customer_id == bindparam("whose_id", type_=table.c.customer_id.type)
    return or_(is_named, and_(table.c.customer_id.is_(None), numbers == bindparam("whose_number", type_=numbers.type)))


def named(customer: CustomerId) -> dict[str, Any]:
    """Whom `is_whose` means."""
    return {"whose_id": str(customer), "whose_number": number_of(customer)}


def customer_of(row: RowMapping | Mapping[str, Any] | Row[Any]) -> CustomerId | None:
    """Whose a row is; `None` if nobody's. Raises NotACustomer, which is a ValueError."""
    columns = row._mapping if isinstance(row, Row) else row  # noqa: SLF001  # documented: names without clashes
    if columns["customer_id"] is not None:
        return CustomerId.read(columns["customer_id"])
    return None if columns["customer"] is None else customer_of_number(columns["customer"])
