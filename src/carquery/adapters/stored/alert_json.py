"""Alerts as JSON: what SQL and the memory adapter keep."""

from collections.abc import Callable
from dataclasses import MISSING, fields, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Final, get_type_hints

from msgspec import NODEFAULT, MsgspecError, Struct, convert, defstruct

from carquery.adapters.stored.answer_json import Json, UnreadableJson
from carquery.adapters.stored.before_channels import (
    customer_from_json,
    customer_to_json,
    handle_of,
    number_of,
    username_of,
)
from carquery.application.ports.alerts import (
    AiBudgetSpent,
    Alert,
    AlertsLeftOut,
    AmendmentsStranded,
    ClassifierClosed,
    ContactMayExist,
    ContactToErase,
    CrmAway,
    CrmClosed,
    CustomerNotUnderstood,
    DealsMiscounted,
    Digest,
    LeadsNotDelivered,
    LeadUntouched,
    LeftOut,
    NewLead,
    NotHandedOver,
    UpdatesStopped,
)
from carquery.domain.contact import Handle
from carquery.domain.ids import CustomerId
from carquery.domain.reason import Reason

ALERT_KINDS: Final[dict[str, type[Any]]] = {
    "leads not delivered": LeadsNotDelivered,
    "left out": LeftOut,
    "crm away": CrmAway,
    "crm closed": CrmClosed,
    "contact to erase": ContactToErase,
    "contact may exist": ContactMayExist,
    "amendments stranded": AmendmentsStranded,
    "deals miscounted": DealsMiscounted,
    "customer not understood": CustomerNotUnderstood,
    "classifier closed": ClassifierClosed,
    "ai budget spent": AiBudgetSpent,
    "new lead": NewLead,
    "lead untouched": LeadUntouched,
    "not handed over": NotHandedOver,
    "updates stopped": UpdatesStopped,
    "digest": Digest,
    "alerts left out": AlertsLeftOut,
}
"""A name is for ever; a field that is added needs a default, for what was stored before."""

_USERNAME: Final = "username"
"""What the versions before read of a handle."""

_NAMES: Final = {kind: name for name, kind in ALERT_KINDS.items()}

_WRITTEN: Final[dict[type[Any], Callable[[Any], Any]]] = {
    CustomerId: customer_to_json,
    Handle: lambda handle: handle.shown,
    Reason: str,
    datetime: datetime.isoformat,
    date: date.isoformat,
    Decimal: str,
    tuple: list,
}
_READ: Final[dict[Any, tuple[Any, Callable[[Any], Any]]]] = {
    CustomerId: (int | str, customer_from_json),
    Handle: (str, Handle.read),
    Handle | None: (str | None, lambda shown: None if shown is None else Handle.read(shown)),
    Reason: (str, Reason.read),
}
"""By a field's type: as what it is stored, and how that is read. Any other is stored as it is, or as a text of it."""


def alert_to_json(alert: Alert) -> tuple[str, Json]:
    """Its kind's name, and its fields."""
    values = {field.name: getattr(alert, field.name) for field in fields(alert)}
    body = {name: _WRITTEN.get(type(value), _as_it_is)(value) for name, value in values.items()}
    if isinstance(alert, CustomerNotUnderstood):
        body[_USERNAME] = username_of(alert.handle)
    return _NAMES[type(alert)], body


def alert_from_json(name: str, body: Any) -> Alert:  # noqa: ANN401  # whatever was stored
    """The alert. Raises UnreadableJson: of a kind, or in a form, that this version does not know."""
    kind = ALERT_KINDS.get(name)
    if kind is None:
        raise UnreadableJson(f"alert {name}")
    try:
        if kind is CustomerNotUnderstood and "handle" not in body:
            return _before_handles(name, body)
        alert: Alert = _read(name, body)
    except (MsgspecError, TypeError, ValueError) as error:
        raise UnreadableJson(f"alert {name}") from error
    return alert


def _before_handles(name: str, body: Json) -> CustomerNotUnderstood:
    alert: CustomerNotUnderstood = _read(name, {**body, "handle": None})
    return replace(alert, handle=handle_of(body.get(_USERNAME), number_of(alert.customer)))


def _read(name: str, body: Json) -> Any:  # noqa: ANN401  # an alert of the kind of that name
    stored = convert(body, _stored(name))
    hints = get_type_hints(ALERT_KINDS[name])
    read = {field: _READ.get(hint, (hint, _as_it_is))[1](getattr(stored, field)) for field, hint in hints.items()}
    return ALERT_KINDS[name](**read)


@cache
def _stored(name: str) -> type[Struct]:
    """What is stored of a kind of alerts, by field and type."""
    hints = get_type_hints(ALERT_KINDS[name])
    described = []
    for field in fields(ALERT_KINDS[name]):
        default = NODEFAULT if field.default is MISSING else field.default
        described.append((field.name, _READ.get(hints[field.name], (hints[field.name],))[0], default))
    return defstruct(ALERT_KINDS[name].__name__, described, kw_only=True)


def _as_it_is(value: Any) -> Any:  # noqa: ANN401  # whatever an alert has
    return value
