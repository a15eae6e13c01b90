"""Alerts as JSON: what SQL and the memory adapter keep."""

from dataclasses import replace
from typing import Any, Final

from adaptix import Retort, dumper, loader
from adaptix.load_error import LoadError, TypeLoadError

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
    ClassifierClosed,
    ContactMayExist,
    ContactToErase,
    CrmAway,
    CrmClosed,
    CustomerNotUnderstood,
    DealsMiscounted,
    LeadsNotDelivered,
    LeftOut,
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
    "deals miscounted": DealsMiscounted,
    "customer not understood": CustomerNotUnderstood,
    "classifier closed": ClassifierClosed,
    "ai budget spent": AiBudgetSpent,
    "alerts left out": AlertsLeftOut,
}
"""A name is for ever; a field that is added needs a default, for what was stored before."""

_USERNAME: Final = "username"
"""What the versions before read of a handle."""


def _reason(written: Any) -> Reason:  # noqa: ANN401  # whatever was stored
    if not isinstance(written, str):
        raise TypeLoadError(str, written)
    return Reason.read(written)


_NAMES: Final = {kind: name for name, kind in ALERT_KINDS.items()}
_RETORT: Final = Retort(
    recipe=[
        dumper(CustomerId, customer_to_json),
        loader(CustomerId, customer_from_json),
        dumper(Handle, lambda handle: handle.shown),
        loader(Handle, Handle.read),
        dumper(Reason, str),
        loader(Reason, _reason),
    ]
)


def alert_to_json(alert: Alert) -> tuple[str, Json]:
    """Its kind's name, and its fields."""
    body: Json = _RETORT.dump(alert)
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
            return _before_handles(body)
        alert: Alert = _RETORT.load(body, kind)
    except (LoadError, TypeError, ValueError) as error:
        raise UnreadableJson(f"alert {name}") from error
    return alert


def _before_handles(body: Json) -> CustomerNotUnderstood:
    alert: CustomerNotUnderstood = _RETORT.load({**body, "handle": None}, CustomerNotUnderstood)
    return replace(alert, handle=handle_of(body.get(_USERNAME), number_of(alert.customer)))
