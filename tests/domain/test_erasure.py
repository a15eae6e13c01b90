"""What erasing clears: every field of a lead, but those that are named here with the reason why they may stay."""

from collections.abc import Iterator, Sized
from dataclasses import fields
from typing import Final

from carquery.domain.dealership.routing import Route
from carquery.domain.effects import CallIntent, CrmId, Effect
from carquery.domain.ids import CrmPipelineId, CrmUserId, LeadId, Reference, Source
from carquery.domain.lead import EarlierDeal, Lead, LeadStatus
from carquery.domain.reason import Reason
from carquery.domain.values import dataclass
from tests.builders import ANNA, ANNA_S_HANDLE, EVERY_ATTACHMENT, EVERY_KIND_OF_ANSWER, NOW, a_lead

MAY_STAY: Final = {
    "id": "random; names nobody",
    "reference": "random; a manager finds the deal by it",
    "service": "counts in statistics",
    "created_at": "counts in statistics",
    "source": "the deep link of an advertisement, one of few for everybody",
    "consent": "fingerprint of a text that all customers are shown",
    "route": "the CRM's own numbers, and tags that the dealership has chosen",
    "responsible": "the CRM's number of one who works there",
    "is_unfinished": "yes or no",
    "status": "counts in statistics",
    "made": "the CRM's numbers, by which a person erases what stands there",
    "intent": "since when the CRM may have more; no words",
    "doubts": "a count",
    "must_recheck": "yes or no",
    "attempts": "a count",
    "delivered_at": "counts in statistics",
    "erased_at": "that and when it was erased",
}
FULL: Final = Lead(
    id=LeadId("0000000000001"),
    reference=Reference("CQ-000001"),
    customer=ANNA,
    service=a_lead().service,
    answers=EVERY_KIND_OF_ANSWER,
    created_at=NOW,
    source=Source("avito"),
    attachments=EVERY_ATTACHMENT,
    conversation=("Меня зовут Анна",),
    consent="fingerprint",
    is_unfinished=True,
    handle=ANNA_S_HANDLE,
    route=Route(pipeline=CrmPipelineId(1)),
    responsible=CrmUserId(501),
    status=LeadStatus.FAILED,
    made={Effect.CONTACT: CrmId(77)},
    intent=CallIntent(Effect.LEAD, NOW),
    doubts=1,
    must_recheck=True,
    earlier=EarlierDeal(CrmId(78), Reference("CQ-000002"), CrmUserId(502)),
    trade_in=(Reference("CQ-000003"),),
    left_out=(Reason("Поле «VIN»: XTA210990Y1234567"),),
    attempts=1,
    next_attempt_at=NOW,
    failure=Reason("телефон +79161234567 не принят"),
    delivered_at=NOW,
    erased_at=NOW,
)


def left_by_erasing(lead: Lead) -> Iterator[str]:
    """The fields that still say something."""
    erased = lead.erased(at=NOW)
    for field in fields(erased):
        value = getattr(erased, field.name)
        if not (value is None or value == field.default or (isinstance(value, Sized) and not len(value))):
            yield field.name


def test_every_field_of_the_full_lead_says_something() -> None:
    """Or what is cleared would not be seen."""
    assert [field.name for field in fields(FULL) if getattr(FULL, field.name) in (None, (), {}, 0, False)] == []


def test_nothing_but_what_may_stay_is_left() -> None:
    assert set(left_by_erasing(FULL)) == MAY_STAY.keys()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadWithEmail(Lead):
    """As if somebody had added a field, and forgotten about erasure."""

    email: str = ""


def test_a_personal_field_that_erasing_forgets_is_found() -> None:
    known = {field.name: getattr(FULL, field.name) for field in fields(FULL)}

    assert set(left_by_erasing(LeadWithEmail(**known, email="anna@example.org"))) - MAY_STAY.keys() == {"email"}
