"""The use cases that customers reach through Telegram."""

from dataclasses import dataclass

from carquery.application.conversation.answer_consent import AnswerConsent
from carquery.application.conversation.answer_offer import AnswerOffer
from carquery.application.conversation.collect_lead_step import CollectLeadStep
from carquery.application.conversation.erase_customer import EraseCustomer
from carquery.application.conversation.go_to import GoTo
from carquery.application.conversation.leave_dialog import LeaveDialog
from carquery.application.conversation.reception import Reception
from carquery.application.conversation.review_dialog import ReviewDialog
from carquery.application.conversation.submit_lead import SubmitLead
from carquery.application.conversation.take_message import TakeMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCases:
    """One of each.

    Attributes:
        policy_url: the privacy policy that `/privacy` links to; None: there is none.
    """

    reception: Reception
    go_to: GoTo
    take_message: TakeMessage
    answer_offer: AnswerOffer
    collect_lead_step: CollectLeadStep
    review_dialog: ReviewDialog
    leave_dialog: LeaveDialog
    answer_consent: AnswerConsent
    submit_lead: SubmitLead
    erase_customer: EraseCustomer
    policy_url: str | None
