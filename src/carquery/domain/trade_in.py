"""Who sells a car and buys one may want to give the one for the other."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from carquery.domain.forms.form import Service
from carquery.domain.lead import Lead

WITHIN: Final = timedelta(hours=1)
"""Requests that are further apart have nothing to do with each other."""

_HALVES: Final = {Service.SELL: Service.BUY, Service.BUY: Service.SELL}


def is_half(lead: Lead) -> bool:
    """Whether another lead could make a trade-in of it."""
    return lead.service in _HALVES and lead.phone is not None


def other_halves(lead: Lead, leads: Iterable[Lead]) -> tuple[Lead, ...]:
    """Those of `leads` that may be one trade-in with it: of the same phone, in time, the other way round."""
    wanted = _HALVES.get(lead.service)
    return tuple(
        other
        for other in leads
        if other.service is wanted
        and other.phone is not None
        and other.phone == lead.phone
        and abs(other.created_at - lead.created_at) <= WITHIN
    )
