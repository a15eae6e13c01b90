"""What a lead's transitions write, by columns: into many rows at once, and into rows that can't be read as leads.

The domain says what changes; here it is asked with a lead of which every column is filled.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from carquery.adapters.sql.lead_rows import lead_to_row
from carquery.adapters.stored.before_channels import customer_of_number, handle_of
from carquery.domain.attachments import Attachments
from carquery.domain.contact import Phone
from carquery.domain.dealership.routing import Route
from carquery.domain.effects import CallIntent, CrmId, Effect
from carquery.domain.forms.form import Service
from carquery.domain.ids import CrmPipelineId, CrmUserId, FileId, LeadId, Reference, Source
from carquery.domain.lead import EarlierDeal, Lead, LeadStatus
from carquery.domain.reason import Reason

RELEASED: Final[dict[str, Any]] = {"lease": None, "lease_until": None}
"""The columns of a lead that nobody holds."""

_LONG_AGO: Final = datetime(2020, 1, 1, tzinfo=UTC)

FILLED: Final = Lead(
    id=LeadId("0000000000000"),
    reference=Reference("CQ-000000"),
    customer=customer_of_number(1),
    service=Service.CALLBACK,
    answers={"phone": Phone("+79000000000")},
    created_at=_LONG_AGO,
    source=Source("somewhere"),
    attachments=Attachments(photos=(FileId("photo"),)),
    conversation=("words",),
    consent="fingerprint",
    is_unfinished=True,
    handle=handle_of("somebody", 1),
    route=Route(pipeline=CrmPipelineId(1)),
    responsible=CrmUserId(1),
    status=LeadStatus.FAILED,
    made={Effect.CONTACT: CrmId(1)},
    intent=CallIntent(Effect.LEAD, _LONG_AGO),
    doubts=1,
    must_recheck=True,
    left_out=(Reason("words"),),
    earlier=EarlierDeal(CrmId(1), Reference("CQ-000001"), CrmUserId(1)),
    trade_in=(Reference("CQ-000002"),),
    attempts=1,
    next_attempt_at=_LONG_AGO,
    failure=Reason("words"),
    delivered_at=_LONG_AGO,
    erased_at=_LONG_AGO,
)
"""Nobody's: no column of it is empty, so that whatever a transition clears or sets is seen."""


def written_by(transition: Callable[[Lead], Lead]) -> dict[str, Any]:
    """The columns that a transition writes into any row, whatever stands there, with their values."""
    return changed(FILLED, transition(FILLED))


def changed(before: Lead, after: Lead) -> dict[str, Any]:
    """The columns in which the two differ, as they are after."""
    was = lead_to_row(before)
    return {name: value for name, value in lead_to_row(after).items() if value != was[name]}
