"""Leads as rows."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

import structlog
from sqlalchemy import RowMapping

from carquery.adapters.sql.customer_columns import customer_columns, customer_of
from carquery.adapters.sql.storable import storable
from carquery.adapters.stored.answer_json import (
    UnreadableJson,
    answers_from_json,
    answers_to_json,
    attachments_from_json,
    attachments_to_json,
)
from carquery.adapters.stored.before_channels import handle_of, username_of
from carquery.adapters.stored.earlier_deal_json import earlier_from_json, earlier_to_json
from carquery.adapters.stored.route_json import route_from_json, route_to_json
from carquery.application.ports.leads import LeadUnreadable
from carquery.domain.contact import Handle
from carquery.domain.effects import CallIntent, CrmId, Effect
from carquery.domain.forms.form import Service
from carquery.domain.ids import CrmUserId, LeadId, Reference, Source
from carquery.domain.lead import Lead, LeadStatus
from carquery.domain.lead_history import Happening, HistoryEntry
from carquery.domain.reason import Reason

LeadColumns: TypeAlias = RowMapping | Mapping[str, Any]
"""The columns by name: of the database, or as they are written."""

log = structlog.get_logger(__name__)


def lead_to_row(lead: Lead) -> dict[str, Any]:
    """Every column but the lease's."""
    return {
        "id": lead.id,
        "reference": lead.reference,
        **customer_columns(lead.customer),
        "username": username_of(lead.handle),
        "handle": None if lead.handle is None else storable(lead.handle.shown),
        "route": route_to_json(lead.route),
        "responsible": lead.responsible,
        "phone": None if lead.phone is None else lead.phone.e164,
        "service": lead.service.value,
        "answers": answers_to_json(lead.answers),
        "attachments": attachments_to_json(lead.attachments),
        "conversation": list(lead.conversation),
        "source": lead.source,
        "consent": lead.consent,
        "unfinished": lead.is_unfinished,
        "created_at": lead.created_at,
        "erased_at": lead.erased_at,
        **progress_to_row(lead),
    }


def progress_to_row(lead: Lead) -> dict[str, Any]:
    """The columns of `Lead.as_far_as`."""
    return {
        "status": lead.status.value,
        "made": {effect.value: crm_id for effect, crm_id in lead.made.items()},
        "intent": None if lead.intent is None else lead.intent.effect.value,
        "intent_at": None if lead.intent is None else lead.intent.at,
        "doubts": lead.doubts,
        "outdated": lead.must_recheck,
        "left_out": [storable(str(reason)) for reason in lead.left_out],
        "earlier": earlier_to_json(lead.earlier),
        "trade_in": list(lead.trade_in),
        "attempts": lead.attempts,
        "failure": None if lead.failure is None else storable(str(lead.failure)),
        "next_attempt_at": lead.next_attempt_at,
        "delivered_at": lead.delivered_at,
    }


def entry_to_row(lead: LeadId, entry: HistoryEntry) -> dict[str, Any]:
    """One line of a lead's history."""
    return {
        "lead": lead,
        "at": entry.at,
        "what": entry.what.value,
        "effect": None if entry.effect is None else entry.effect.value,
        "words": "" if entry.why is None else storable(str(entry.why)),
    }


def entry_from_row(row: RowMapping) -> HistoryEntry:
    """The line that was stored."""
    effect = None if row["effect"] is None else Effect(row["effect"])
    return HistoryEntry(row["at"], Happening(row["what"]), effect, Reason.read(row["words"]) if row["words"] else None)


def lead_from_row(row: LeadColumns) -> Lead:
    """The lead that was stored. Raises LeadUnreadable."""
    try:
        return _lead(row)
    except (UnreadableJson, ValueError) as error:
        raise LeadUnreadable from error


def _lead(row: LeadColumns) -> Lead:
    return Lead(
        id=LeadId(row["id"]),
        reference=Reference(row["reference"]),
        # Whoever was erased by the version before is nobody, whatever that left in columns it does not know.
        customer=None if row["erased_at"] is not None else customer_of(row),
        service=Service(row["service"]),
        answers=MappingProxyType(answers_from_json(row["answers"])),
        attachments=attachments_from_json(row["attachments"]),
        conversation=tuple(row["conversation"]),
        handle=None if row["erased_at"] is not None else _handle(row),
        route=route_from_json(row["route"]),
        responsible=None if row["responsible"] is None else CrmUserId(row["responsible"]),
        source=None if row["source"] is None else Source(row["source"]),
        consent=row["consent"],
        is_unfinished=row["unfinished"],
        status=LeadStatus(row["status"]),
        made=_made(row["made"]),
        intent=None if row["intent"] is None else CallIntent(Effect(row["intent"]), row["intent_at"]),
        doubts=row["doubts"],
        must_recheck=row["outdated"],
        left_out=tuple(map(Reason.read, row["left_out"])),
        earlier=earlier_from_json(row["earlier"]),
        trade_in=tuple(map(Reference, row["trade_in"])),
        attempts=row["attempts"],
        failure=None if row["failure"] is None else Reason.read(row["failure"]),
        created_at=row["created_at"],
        next_attempt_at=row["next_attempt_at"],
        delivered_at=row["delivered_at"],
        erased_at=row["erased_at"],
    )


def _handle(row: LeadColumns) -> Handle | None:
    """A row without a `customer_id` is of the version before."""
    if row["customer_id"] is None and row["customer"] is not None:
        return handle_of(row["username"], row["customer"])
    return None if row["handle"] is None else Handle.read(row["handle"])


def readable(rows: Iterable[LeadColumns]) -> tuple[list[Lead], list[LeadId]]:
    """The leads that were stored, and the ids of those that are not ours any more; these are logged."""
    leads: list[Lead] = []
    unreadable: list[LeadId] = []
    for row in rows:
        try:
            leads.append(lead_from_row(row))
        except LeadUnreadable as unreadable_lead:
            cause = type(unreadable_lead.__cause__).__name__
            log.warning("lead_unreadable", reference=row["reference"], cause=cause)
            unreadable.append(LeadId(row["id"]))
    return leads, unreadable


def _made(made: Mapping[str, int]) -> Mapping[Effect, CrmId]:
    """In the order of the effects: PostgreSQL sorts a document's keys."""
    return MappingProxyType({effect: CrmId(made[effect]) for effect in Effect if effect in made})
