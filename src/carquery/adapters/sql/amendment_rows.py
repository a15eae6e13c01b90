"""Amendments as rows."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import RowMapping

from carquery.adapters.sql.storable import storable
from carquery.adapters.stored.amendment_json import amendment_from_json, amendment_to_json
from carquery.adapters.stored.answer_json import UnreadableJson
from carquery.application.ports.leads import LeadUnreadable
from carquery.domain.amendment import Amendment, AmendmentEffect, AmendmentIntent, AmendmentKind, AmendmentStatus
from carquery.domain.effects import CrmId
from carquery.domain.ids import AmendmentId, LeadId
from carquery.domain.reason import Reason


def amendment_to_row(amendment: Amendment) -> dict[str, Any]:
    """Every column but the lease's."""
    return {
        "id": amendment.id,
        "lead": amendment.lead,
        "kind": amendment.kind.value,
        "asked_at": amendment.asked_at,
        **said_to_row(amendment),
        **progress_to_row(amendment),
    }


def said_to_row(amendment: Amendment) -> dict[str, Any]:
    """The columns that say what is changed."""
    body = amendment_to_json(amendment)
    return {"body": body | {"said": [storable(one) for one in body["said"]]}, "folded": amendment.is_folded}


def progress_to_row(amendment: Amendment) -> dict[str, Any]:
    """The columns that say how far it has come."""
    intent = amendment.intent
    return {
        "status": amendment.status.value,
        "made": {effect.value: crm_id for effect, crm_id in amendment.made.items()},
        "intent": None if intent is None else intent.effect.value,
        "intent_at": None if intent is None else intent.at,
        "left_out": [storable(str(reason)) for reason in amendment.left_out],
        "attempts": amendment.attempts,
        "failure": None if amendment.failure is None else storable(str(amendment.failure)),
        "next_attempt_at": amendment.next_attempt_at,
        "delivered_at": amendment.delivered_at,
    }


def amendment_from_row(row: RowMapping | Mapping[str, Any]) -> Amendment:
    """The amendment that was stored. Raises LeadUnreadable: another version stored it."""
    try:
        return _amendment(row)
    except (UnreadableJson, ValueError) as error:
        raise LeadUnreadable from error


def _amendment(row: RowMapping | Mapping[str, Any]) -> Amendment:
    made = {AmendmentEffect(effect): CrmId(number) for effect, number in row["made"].items()}
    return Amendment(
        id=AmendmentId(row["id"]),
        lead=LeadId(row["lead"]),
        kind=AmendmentKind(row["kind"]),
        asked_at=row["asked_at"],
        **amendment_from_json(row["body"]),
        is_folded=row["folded"],
        status=AmendmentStatus(row["status"]),
        made=MappingProxyType(made),
        intent=None if row["intent"] is None else AmendmentIntent(AmendmentEffect(row["intent"]), row["intent_at"]),
        left_out=tuple(map(Reason.read, row["left_out"])),
        attempts=row["attempts"],
        failure=None if row["failure"] is None else Reason.read(row["failure"]),
        next_attempt_at=row["next_attempt_at"],
        delivered_at=row["delivered_at"],
    )
