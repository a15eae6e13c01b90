"""Take the customer's word on the processing of personal data."""

from carquery.application.conversation.reception import Arrival, Decision, Reception, Reply, stale
from carquery.application.ports.customers import Customers
from carquery.application.ports.environment import Clock
from carquery.application.screens import Menu, Notice, Question
from carquery.domain.consent import Consent
from carquery.domain.values import dataclass, replace
from carquery.domain.visit import STRANGER, Button, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerConsent:
    """«Согласен» and «Не согласен»."""

    reception: Reception
    customers: Customers
    clock: Clock

    async def agree(self, arrival: Arrival, button: Button) -> Reply:
        """Store the consent to exactly the text that was shown, then go on.

        Raises:
            StoreUnavailable: the question stands; the consent may be stored, and giving it again is harmless.
        """

        async def decide(visit: Visit) -> Decision:
            dialog = visit.dialog_of(button)
            if dialog is None or dialog.terms is None or not dialog.asks_consent:
                return visit, stale(visit, button)
            consent = Consent(self.clock.now(), dialog.terms.version, dialog.terms.fingerprint)
            await self.customers.consent(visit.customer, consent)
            agreed = dialog.consent()
            known = replace(visit.known, consent=consent)
            return replace(visit.with_dialog(agreed), known=known), Question(agreed, agreed=dialog.terms)

        return await self.reception(arrival, decide)

    async def refuse(self, arrival: Arrival, button: Button) -> Reply:
        """End the dialog; nothing of it is kept. Raises StoreUnavailable: the question stands."""

        async def decide(visit: Visit) -> Decision:
            dialog = visit.dialog_of(button)
            if dialog is None or not dialog.asks_consent:
                return visit, stale(visit, button)
            left = replace(visit.with_dialog(None), conversation=(), profile_name=None, known=STRANGER)
            return left, Menu(Notice.CONSENT_REFUSED)

        return await self.reception(arrival, decide)
