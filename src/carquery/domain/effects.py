"""What is made of a lead in the CRM, and the call that makes it."""

from collections.abc import Container
from datetime import datetime
from enum import StrEnum
from typing import NewType

from carquery.domain.values import dataclass

CrmId = NewType("CrmId", int)
"""The CRM's number for something made there."""

NOTHING_TO_MAKE = CrmId(0)
"""Stands for an effect that this lead doesn't need: no photos to attach, no task wanted."""


class Effect(StrEnum):
    """What a lead needs in the CRM, in the order it is made."""

    CONTACT = "contact"
    LEAD = "lead"
    NOTE = "note"
    TASK = "task"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class CallIntent:
    """A call to the CRM is about to be made, or was made and its answer is not known."""

    effect: Effect
    at: datetime


def contact_unknown_since(
    intent: CallIntent | None, made: Container[Effect], *, must_recheck: bool, created_at: datetime
) -> datetime | None:
    """From when on calls may have made a lead's contact, of which nobody knows; `None` if there is none such.

    Of a lead that must be rechecked, that was any time since it is there.
    """
    if intent is None or intent.effect is not Effect.CONTACT or Effect.CONTACT in made:
        return None
    return created_at if must_recheck else intent.at
