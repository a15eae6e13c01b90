"""The port to the CRM for what customers change of leads that stand there."""

from typing import Protocol

from carquery.application.ports.crm import CrmOutcome, Permit
from carquery.domain.amendment import Amendment, AmendmentEffect
from carquery.domain.lead import Lead


class CrmAmendments(Protocol):
    """What an amendment needs in the CRM. May raise `StoreUnavailable`: what was asked for before that may have been
    done."""

    async def make(self, effect: AmendmentEffect, amendment: Amendment, lead: Lead, permit: Permit) -> CrmOutcome:
        """Make one kind of thing for an amendment of a delivered lead.

        - contact: a new phone is added to those that stand there; a new name takes the place of the one that we wrote;
        - deal: of its name, price and fields, those that still say what we wrote say what the customer says now, while
          the deal is open;
        - files: those that came with it are attached;
        - note: old and new; it stands on the deal, or, if that is closed or gone, on the contact, which `left_out`
          says then;
        - task: of a cancelled lead, for whoever has the deal; none if that is closed or gone.

        Each is looked for before it is made, so that making it again, once a lost call can no longer land, makes
        nothing twice. Nothing that a manager wrote is overwritten.

        Returns:
            `CrmGone`: there is nothing left there that a note could stand on.
        """
        ...
