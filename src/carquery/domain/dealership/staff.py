"""The people who sell, as far as the bot has to know them."""

from collections.abc import Mapping
from dataclasses import field
from typing import Final

from carquery.domain.ids import CrmUserId, StaffId
from carquery.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """`crm_users`: who the members of the staff chat are in the CRM; whoever is not named takes leads all the same."""

    crm_users: Mapping[StaffId, CrmUserId] = field(default_factory=dict)


UNNAMED: Final = Staff()
"""Nobody is named."""
