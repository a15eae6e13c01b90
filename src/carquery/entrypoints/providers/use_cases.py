"""Use cases, made of ports."""

from datetime import timedelta

from dishka import AnyOf, Provider, Scope, provide, provide_all

from carquery.application.conversation.about_leads import AboutLeads
from carquery.application.conversation.amend_lead import AmendLead
from carquery.application.conversation.answer_consent import AnswerConsent
from carquery.application.conversation.answer_offer import AnswerOffer
from carquery.application.conversation.begin_anew import BeginAnew
from carquery.application.conversation.cancel_lead import CancelLead
from carquery.application.conversation.collect_lead_step import CollectLeadStep
from carquery.application.conversation.erase_customer import EraseCustomer
from carquery.application.conversation.go_on import GoOn
from carquery.application.conversation.go_to import GoTo
from carquery.application.conversation.leave_dialog import LeaveDialog
from carquery.application.conversation.left_forms import LeftForms
from carquery.application.conversation.look_at_leads import LookAtLeads
from carquery.application.conversation.navigator import Messengers, Navigator
from carquery.application.conversation.reception import Reception
from carquery.application.conversation.remembered_deals import RememberedDeals
from carquery.application.conversation.review_dialog import ReviewDialog
from carquery.application.conversation.sent_leads import SentLeads
from carquery.application.conversation.submit_lead import SubmitLead
from carquery.application.conversation.take_contact import TakeContact
from carquery.application.conversation.take_message import TakeMessage
from carquery.application.follow_up.remind_customers import RemindCustomers
from carquery.application.follow_up.send_unfinished import SendUnfinished
from carquery.application.free_text.answer_free_text import AnswerFreeText
from carquery.application.inbound import Inbound
from carquery.application.leads.deliver_amendments import DeliverAmendments
from carquery.application.leads.deliver_leads import DeliverLeads
from carquery.application.leads.held_leads import REAL_TIMES, DeliveryTimes
from carquery.application.leads.people_who_left import PeopleWhoLeft
from carquery.application.leads.reconcile_leads import ReconcileLeads
from carquery.application.ports.alerts import AlertBell, Alerts
from carquery.application.ports.crm import Crm
from carquery.application.ports.crm_deals import CrmDeals
from carquery.application.ports.crm_people import KnownToHaveLeft
from carquery.application.ports.deal_counts import DealCounts
from carquery.application.ports.dealership import ToldOfDealership
from carquery.application.ports.drafts import Drafts
from carquery.application.ports.environment import Clock, Randomness
from carquery.application.ports.leads import Leads
from carquery.application.reports.tally import Tally
from carquery.application.staff.admin_desk import AdminDesk
from carquery.application.staff.announcing import Announcing
from carquery.application.staff.answer_staff import AnswerStaff
from carquery.application.staff.deliver_alerts import DeliverAlerts
from carquery.application.staff.hand_over_deals import HandOverDeals
from carquery.application.staff.take_lead import TakeLead
from carquery.application.staff.tell_digest import TellDigest
from carquery.application.staff.texts import StaffTexts
from carquery.application.staff.watch_first_touches import WatchFirstTouches
from carquery.application.wording import CrmInWords
from carquery.domain.backoff import Backoff
from carquery.domain.consent import BUILT_IN_TEXT, BUILT_IN_VERSION, ConsentTerms
from carquery.entrypoints.processes.alert_sender import StaffRoom
from carquery.entrypoints.providers.crm_words import crm_in_words
from carquery.entrypoints.settings.amocrm import AmoCrmSettings
from carquery.entrypoints.settings.delivery import DeliverySettings
from carquery.entrypoints.settings.personal_data import PersonalDataSettings


class UseCaseProvider(Provider):
    """One of each, for the life of the process; none holds state but `LeftForms` and `Tally`, which write late."""

    scope = Scope.APP

    tally = provide(Tally)
    tell_digest = provide(TellDigest)

    stateless = provide_all(
        Reception,
        GoTo,
        TakeMessage,
        AnswerFreeText,
        AnswerOffer,
        CollectLeadStep,
        TakeContact,
        ReviewDialog,
        BeginAnew,
        LeaveDialog,
        AnswerConsent,
        SubmitLead,
        EraseCustomer,
        GoOn,
        RemindCustomers,
        SendUnfinished,
        SentLeads,
        LookAtLeads,
        AmendLead,
        CancelLead,
        AboutLeads,
        DeliverAmendments,
        Inbound,
        AdminDesk,
        StaffTexts,
        AnswerStaff,
        TakeLead,
        HandOverDeals,
        WatchFirstTouches,
    )

    deliver_alerts = provide(DeliverAlerts)

    left = provide(PeopleWhoLeft, provides=AnyOf[PeopleWhoLeft, KnownToHaveLeft])

    @provide
    def left_forms(self, drafts: Drafts, navigator: Navigator, clock: Clock) -> LeftForms:
        return LeftForms(drafts=drafts, navigator=navigator, clock=clock)

    @provide
    def announcing(
        self, dealership: ToldOfDealership, messengers: Messengers, bell: AlertBell, room: StaffRoom
    ) -> Announcing:
        return Announcing(dealership=dealership, messengers=messengers, bell=bell, is_anybody_there=room.is_there)

    @provide
    def remembered_deals(self, deals: CrmDeals, clock: Clock) -> RememberedDeals:
        return RememberedDeals(deals, clock)

    @provide
    def crm_in_words(self, settings: AmoCrmSettings) -> CrmInWords:
        return crm_in_words(settings)

    @provide
    def navigator(
        self,
        clock: Clock,
        randomness: Randomness,
        settings: PersonalDataSettings,
        messengers: Messengers,
        dealership: ToldOfDealership,
    ) -> Navigator:
        terms = _terms(settings)
        return Navigator(clock=clock, randomness=randomness, terms=terms, messengers=messengers, dealership=dealership)

    @provide
    def reconcile_leads(self, leads: Leads, deals: DealCounts) -> ReconcileLeads:
        return ReconcileLeads(leads=leads, deals=deals)

    @provide
    def backoff(self, settings: DeliverySettings) -> Backoff:
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
        randomness: Randomness,
        backoff: Backoff,
        times: DeliveryTimes,
        announcing: Announcing,
        dealership: ToldOfDealership,
    ) -> DeliverLeads:
        return DeliverLeads(
            leads=leads,
            crm=crm,
            alerts=alerts,
            clock=clock,
            randomness=randomness,
            backoff=backoff,
            times=times,
            announcing=announcing,
            dealership=dealership,
        )


def _terms(settings: PersonalDataSettings) -> ConsentTerms | None:
    """What customers must consent to; None: no privacy policy is given, so consent is not asked for."""
    policy, file = settings.privacy_policy_url, settings.consent_text_file
    if policy is None:
        return None
    if file is None:
        return ConsentTerms(BUILT_IN_VERSION, BUILT_IN_TEXT, policy)
    return ConsentTerms(file.name, file.read_text("utf-8").strip(), policy)
