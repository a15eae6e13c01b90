"""A customer's earlier deal as JSON."""

from typing import Any

from carquery.adapters.stored.answer_json import UnreadableJson
from carquery.domain.effects import CrmId
from carquery.domain.ids import CrmUserId, Reference
from carquery.domain.lead import EarlierDeal


def earlier_to_json(deal: EarlierDeal | None) -> dict[str, Any] | None:
    """None: there is none."""
    return None if deal is None else {"deal": deal.id, "reference": deal.reference, "responsible": deal.responsible}


def earlier_from_json(body: dict[str, Any] | None) -> EarlierDeal | None:
    """As it was stored. Raises UnreadableJson."""
    if body is None:
        return None
    try:
        reference, responsible = body["reference"], body["responsible"]
        return EarlierDeal(
            CrmId(body["deal"]),
            None if reference is None else Reference(reference),
            None if responsible is None else CrmUserId(responsible),
        )
    except (KeyError, TypeError) as error:
        raise UnreadableJson from error
