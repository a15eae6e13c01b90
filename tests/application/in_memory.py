"""The whole application on memory adapters, as one thing to hold in a test."""

import asyncio
from datetime import timedelta
from typing import Any, Protocol, TypeVar

from carquery.adapters.memory.alerts import MemoryAlerts
from carquery.adapters.memory.amendments import MemoryAmendments
from carquery.adapters.memory.bell import MemoryBell
from carquery.adapters.memory.classifier import MemoryClassifier
from carquery.adapters.memory.crm import MemoryCrm
from carquery.adapters.memory.customers import MemoryCustomers
from carquery.adapters.memory.database import MemoryDatabase
from carquery.adapters.memory.drafts import MemoryDrafts
from carquery.adapters.memory.environment import CountingRandomness, SettableClock
from carquery.adapters.memory.interpreter import MemoryInterpreter
from carquery.adapters.memory.leads import MemoryLeads
from carquery.adapters.memory.reminders import MemoryReminders
from carquery.adapters.memory.tallies import MemoryTallies
from carquery.adapters.memory.typing import MemoryTyping
from carquery.adapters.memory.visits import MemoryVisits
from carquery.adapters.memory.watch import MemoryWatch
from carquery.adapters.system.randomness import SystemRandomness
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
from carquery.application.conversation.navigator import Navigator
from carquery.application.conversation.reception import Reception, Reply
from carquery.application.conversation.remembered_deals import RememberedDeals
from carquery.application.conversation.review_dialog import ReviewDialog
from carquery.application.conversation.sent_leads import SentLeads
from carquery.application.conversation.submit_lead import SubmitLead
from carquery.application.conversation.take_contact import TakeContact
from carquery.application.conversation.take_message import TakeMessage
from carquery.application.free_text.answer_free_text import AnswerFreeText
from carquery.application.inbound import Inbound
from carquery.application.ports.classifier import Classifier
from carquery.application.ports.dealership import ToldOfDealership, nothing_told
from carquery.application.ports.interpreter import Interpreter
from carquery.application.reports.tally import Tally
from carquery.application.screens import Receipt
from carquery.domain.consent import Consent, ConsentTerms
from carquery.domain.dealership.routing import Turn
from carquery.domain.dialog import Dialog
from carquery.domain.ids import CrmUserId, CustomerId
from carquery.domain.lead import Lead
from carquery.domain.lead_limits import LeadLimits
from carquery.domain.visit import Button, Visit
from tests.application.staff import Staff
from tests.application.understanding import ScriptedChain
from tests.builders import ANNA, NOW, TERMS, a_visit, an_arrival

AGREED = Consent(NOW, TERMS.version, TERMS.fingerprint)

Shown = TypeVar("Shown")


class TurnTakingVisits(MemoryVisits):
    """Two inputs at once both load before either saves, as two processes may; else a race would be no race.

    Each visit is read as another process would, so that nothing is missed which does not come back.
    """

    async def load(self, customer: CustomerId) -> Visit | None:
        visit = await super().load(customer)
        await asyncio.sleep(0)
        return visit


class TurnTakingLeads(MemoryLeads):
    """Lets others act between a call and the next one."""

    async def add(self, lead: Lead, *, limits: LeadLimits | None = None, turn: Turn | None = None) -> Lead:
        await asyncio.sleep(0)
        return await super().add(lead, limits=limits, turn=turn)


class BuiltIn(Classifier, Interpreter, Protocol):
    """What understands without a network is the last of the chain, and is asked at once."""


class Dealership:
    """Adapters, and what use cases share.

    Args:
        terms: None: the dealership asks for no consent.
        interpreter: the built-in classifier; None: one that knows two cars.
        told: what the dealership tells of itself.
    """

    def __init__(
        self,
        *models: MemoryClassifier,
        terms: ConsentTerms | None = None,
        interpreter: BuiltIn | None = None,
        told: ToldOfDealership = nothing_told,
    ) -> None:
        self.clock = SettableClock(NOW)
        self.database = MemoryDatabase()
        self.visits = TurnTakingVisits(self.clock, lifetime=timedelta(minutes=30))
        self.leads = TurnTakingLeads(self.database, self.clock)
        self.customers = MemoryCustomers(self.database, self.clock)
        self.alerts = MemoryAlerts()
        self.bell = MemoryBell()
        self.staff = Staff(self.database, self.clock)
        self.randomness = CountingRandomness()
        self.navigator = Navigator(clock=self.clock, randomness=self.randomness, terms=terms, dealership=told)
        self.departed: set[CrmUserId] = set()
        self.drafts = MemoryDrafts(self.database)
        self.reminders = MemoryReminders(self.database)
        self.left = LeftForms(drafts=self.drafts, navigator=self.navigator, clock=self.clock)
        self.tallies = MemoryTallies(self.database)
        self.tally = Tally(tallies=self.tallies, clock=self.clock, randomness=SystemRandomness(), dealership=told)
        self.reception = Reception(
            visits=self.visits,
            customers=self.customers,
            left=self.left,
            tally=self.tally,
            clock=self.clock,
            dealership=told,
        )
        self.typing = MemoryTyping()
        self.interpreter = interpreter or MemoryInterpreter()
        self.chain = ScriptedChain(
            *models, rules=self.interpreter, clock=self.clock, randomness=self.randomness, alerts=self.alerts
        )
        self.amendments = MemoryAmendments(self.database, self.clock)
        self.crm = MemoryCrm(self.clock)
        self.about_leads = self._about_leads()
        self.submit_lead = SubmitLead(
            reception=self.reception,
            leads=self.leads,
            clock=self.clock,
            randomness=self.randomness,
            bell=self.bell,
            dealership=told,
            departed=lambda: frozenset(self.departed),
            amend_lead=self.about_leads.amend,
        )
        self.answer_offer = AnswerOffer(reception=self.reception, navigator=self.navigator, journal=self.chain.journal)
        answer_free_text = AnswerFreeText(
            understand=self.chain.understand,
            interpreter=self.interpreter,
            navigator=self.navigator,
            answer_offer=self.answer_offer,
            typing=self.typing,
            alerts=self.alerts,
            clock=self.clock,
            about_leads=self.about_leads,
            tally=self.tally,
        )
        self.begin_anew = BeginAnew(navigator=self.navigator, answer_free_text=answer_free_text)
        self.take_message = TakeMessage(
            reception=self.reception,
            navigator=self.navigator,
            interpreter=self.interpreter,
            submit_lead=self.submit_lead,
            answer_free_text=answer_free_text,
            answer_offer=self.answer_offer,
            begin_anew=self.begin_anew,
            about_leads=self.about_leads,
        )
        self.watch = MemoryWatch()

    @property
    def inbound(self) -> Inbound:
        """What a channel calls."""
        return Inbound(
            reception=self.reception,
            navigator=self.navigator,
            go_to=GoTo(reception=self.reception, navigator=self.navigator),
            take_message=self.take_message,
            answer_offer=self.answer_offer,
            collect_lead_step=CollectLeadStep(reception=self.reception),
            take_contact=TakeContact(reception=self.reception, navigator=self.navigator),
            review_dialog=ReviewDialog(reception=self.reception),
            leave_dialog=LeaveDialog(reception=self.reception, navigator=self.navigator, begin_anew=self.begin_anew),
            answer_consent=AnswerConsent(reception=self.reception, customers=self.customers, clock=self.clock),
            submit_lead=self.submit_lead,
            erase_customer=EraseCustomer(
                reception=self.reception, customers=self.customers, alert_bell=self.staff.bell
            ),
            go_on=GoOn(reception=self.reception, reminders=self.reminders, clock=self.clock),
            about_leads=self.about_leads,
            watch=self.watch,
        )

    def _about_leads(self) -> AboutLeads:
        sent = SentLeads(leads=self.leads, amendments=self.amendments, deals=RememberedDeals(self.crm, self.clock))
        return AboutLeads(
            look=LookAtLeads(reception=self.reception, sent=sent),
            amend=AmendLead(
                reception=self.reception,
                navigator=self.navigator,
                sent=sent,
                amendments=self.amendments,
                leads=self.leads,
                clock=self.clock,
                bell=self.bell,
            ),
            cancel=CancelLead(
                reception=self.reception, sent=sent, amendments=self.amendments, clock=self.clock, bell=self.bell
            ),
            interpreter=self.interpreter,
        )

    async def has_open(self, dialog: Dialog | None, *, customer: CustomerId = ANNA, **details: Any) -> Visit:
        """The customer's visit, saved, with that dialog open."""
        visit = a_visit(customer, dialog=dialog, **details)
        await self.visits.save(visit)
        return visit.saved()

    async def visit(self, customer: CustomerId = ANNA) -> Visit:
        """The customer's visit as it is stored; it must be there."""
        visit = await self.visits.load(customer)
        assert visit is not None, "no visit is stored"
        return visit

    async def dialog(self, customer: CustomerId = ANNA) -> Dialog | None:
        """The customer's open dialog."""
        return (await self.visit(customer)).dialog

    @property
    def stored_leads(self) -> list[Lead]:
        return [row.lead for row in self.database.leads.values()]

    @property
    def only_lead(self) -> Lead:
        (lead,) = self.stored_leads
        return lead

    async def has_rung(self) -> bool:
        """Whether somebody who waits for the bell would be woken."""
        woken = asyncio.create_task(self.bell.wait(at_most=timedelta(minutes=1)))
        for _ in range(3):
            await asyncio.sleep(0)
        rang = woken.done()
        woken.cancel()
        return rang


def button_of(dialog: Dialog | None) -> Button:
    """A button under the dialog's current question."""
    assert dialog is not None, "no dialog is open"
    return Button(dialog.id, dialog.revision)


def shown(reply: Reply, screen: type[Shown]) -> Shown:
    """What is shown, which must be of that kind."""
    assert isinstance(reply.screen, screen), reply.screen
    return reply.screen


def dealership_that_hears(*answers: object, **details: object) -> Dealership:
    return Dealership(MemoryClassifier("mini", *answers), **details)  # type: ignore[arg-type]  # as it takes them


async def write(dealership: Dealership, *texts: str) -> list[Reply]:
    """The replies to messages, one after another."""
    return [await dealership.take_message(an_arrival(number), text) for number, text in enumerate(texts, start=1)]


def receipt_of(lead: Lead) -> Receipt:
    """What its customer is shown, and keeps."""
    return Receipt(lead.reference, (("Услуга", lead.title), *lead.lines))
