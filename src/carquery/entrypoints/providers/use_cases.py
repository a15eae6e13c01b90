"""Use cases, made of ports."""

from datetime import timedelta

from dishka import Provider, Scope, provide, provide_all

from carquery.application.admin_desk import AdminDesk
from carquery.application.answer_consent import AnswerConsent
from carquery.application.answer_offer import AnswerOffer
from carquery.application.classify_message import ClassifyMessage
from carquery.application.collect_lead_step import CollectLeadStep
from carquery.application.deliver_leads import DeliverLeads
from carquery.application.erase_customer import EraseCustomer
from carquery.application.go_to import GoTo
from carquery.application.going import Going
from carquery.application.held_leads import REAL_TIMES, DeliveryTimes
from carquery.application.leave_dialog import LeaveDialog
from carquery.application.ports.alerts import Alerts
from carquery.application.ports.crm import Crm
from carquery.application.ports.deal_counts import DealCounts
from carquery.application.ports.environment import Clock, Lots
from carquery.application.ports.leads import Leads
from carquery.application.reception import Reception
from carquery.application.reconcile_leads import ReconcileLeads
from carquery.application.review_dialog import ReviewDialog
from carquery.application.submit_lead import SubmitLead
from carquery.application.take_message import TakeMessage
from carquery.domain.lead import Backoff
from carquery.entrypoints.consent_text import consent_terms
from carquery.entrypoints.settings import Settings


class UseCaseProvider(Provider):
    """One of each, for the life of the process: they hold no state."""

    scope = Scope.APP

    stateless = provide_all(
        Reception,
        GoTo,
        TakeMessage,
        ClassifyMessage,
        AnswerOffer,
        CollectLeadStep,
        ReviewDialog,
        LeaveDialog,
        AnswerConsent,
        SubmitLead,
        EraseCustomer,
        AdminDesk,
    )

    @provide
    def going(self, clock: Clock, lots: Lots, settings: Settings) -> Going:
        terms = consent_terms(settings.privacy_policy_url, settings.consent_text_file)
        return Going(clock=clock, lots=lots, terms=terms)

    @provide
    def reconcile_leads(self, leads: Leads, deals: DealCounts) -> ReconcileLeads:
        return ReconcileLeads(leads=leads, deals=deals)

    @provide
    def backoff(self, settings: Settings) -> Backoff:
        return Backoff(timedelta(seconds=settings.delivery_interval), settings.delivery_max_attempts)

    @provide
    def delivery_times(self) -> DeliveryTimes:
        return REAL_TIMES

    @provide
    def deliver_leads(
        self,
        leads: Leads,
        crm: Crm,
        alerts: Alerts,
        clock: Clock,
        lots: Lots,
        backoff: Backoff,
        times: DeliveryTimes,
    ) -> DeliverLeads:
        return DeliverLeads(leads=leads, crm=crm, alerts=alerts, clock=clock, lots=lots, backoff=backoff, times=times)
