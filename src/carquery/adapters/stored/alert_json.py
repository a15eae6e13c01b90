"""Alerts as JSON: what SQL and the memory adapter keep."""

from typing import Any, Final

from adaptix import Retort
from adaptix.load_error import LoadError

from carquery.adapters.stored.answer_json import Json, UnreadableJson
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

_NAMES: Final = {kind: name for name, kind in ALERT_KINDS.items()}
_RETORT: Final = Retort()


def alert_to_json(alert: Alert) -> tuple[str, Json]:
    """Its kind's name, and its fields."""
    return _NAMES[type(alert)], _RETORT.dump(alert)


def alert_from_json(name: str, body: Any) -> Alert:  # noqa: ANN401  # whatever was stored
    """The alert. Raises UnreadableJson: of a kind, or in a form, that this version does not know."""
    kind = ALERT_KINDS.get(name)
    if kind is None:
        raise UnreadableJson(f"alert {name}")
    try:
        alert: Alert = _RETORT.load(body, kind)
    except LoadError as error:
        raise UnreadableJson(f"alert {name}") from error
    return alert
