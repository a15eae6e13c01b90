"""A CRM in the process: what leads are delivered to for trying out, and in tests."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from carquery.application.leads import crm_texts
from carquery.application.leads.reasons import LeadReason
from carquery.application.ports.chat_links import ChatLinks, no_chat_links
from carquery.application.ports.crm import (
    Closure,
    CrmFailure,
    CrmGone,
    CrmLeaseTooShort,
    CrmLimits,
    CrmMade,
    CrmOutcome,
    CrmRefused,
    Permit,
)
from carquery.application.ports.crm_deals import DealPhase, DealState
from carquery.application.ports.dealership import ToldOfDealership, nothing_told
from carquery.application.ports.environment import Clock
from carquery.application.wording import CrmInWords, KnownReasons, Wording
from carquery.domain.contact import Phone, is_another_name
from carquery.domain.ids import CrmPipelineId, CrmStatusId, CrmUserId, FileId, LeadId, Reference
from carquery.domain.lead import NOTHING_TO_MAKE, CrmId, Effect, Lead
from carquery.domain.money import Rubles
from carquery.domain.reason import Reason


class MemoryReason(KnownReasons):
    """Why it makes nothing."""

    NO_CONTACT = "такого контакта больше нет", "there is no such contact any more"
    HAS_LEFT = "ответственный № {number} здесь больше не работает", "responsible user no. {number} has left"
    NO_PIPELINE = "воронки № {number} больше нет", "pipeline no. {number} is not there any more"

    @classmethod
    def author(cls) -> str:
        return "memory"


MEMORY: Final = CrmInWords(
    name="CRM",
    reasons=Wording(MemoryReason, LeadReason),
    check="carquery config check",
    recount="carquery leads list",
)

LIMITS: Final = CrmLimits(batch=50, contacts=25, call=timedelta(seconds=15), lands_within=timedelta(minutes=2))
"""As a CRM on the other side of a network has them."""


UNTOUCHED: Final = DealState(DealPhase.WAITING)


@dataclass(frozen=True, slots=True)
class CrmContact:
    """A person in the CRM."""

    id: CrmId
    name: str
    phone: Phone | None
    more_phones: tuple[Phone, ...] = ()

    def has(self, phone: Phone | None) -> bool:
        """Whether it is one of theirs."""
        return phone == self.phone or phone in self.more_phones


@dataclass(frozen=True, slots=True)
class CrmDeal:
    """A deal in the CRM, linked with its contact."""

    id: CrmId
    contact: CrmId
    reference: Reference
    title: str
    price: Rubles | None
    files: tuple[FileId, ...] = ()
    state: DealState = UNTOUCHED
    pipeline: CrmPipelineId | None = None
    status: CrmStatusId | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CrmNote:
    """A note on a deal, or, where `contact` is, on that contact."""

    id: CrmId
    deal: CrmId
    text: str
    contact: CrmId | None = None


@dataclass(frozen=True, slots=True)
class CrmTask:
    """A task on a deal."""

    id: CrmId
    deal: CrmId
    text: str
    due_at: datetime
    responsible: CrmUserId | None = None


class MemoryCrm:
    """Contacts, deals, notes, tasks and files. Its tables are there to be read.

    Args:
        task_after: how long after the lead its task is due if nothing else is said; zero: no task is made.

    Attributes:
        pipelines_gone: those that there are no more.
        people_gone: those who can be given nothing any more.
    """

    name: Final = MEMORY.name
    limits: Final = LIMITS

    def __init__(
        self,
        clock: Clock,
        *,
        task_after: timedelta = timedelta(minutes=30),
        dealership: ToldOfDealership = nothing_told,
        chats: ChatLinks = no_chat_links,
    ) -> None:
        self._clock = clock
        self._chats = chats
        self._dealership = dealership
        self._task_after = task_after
        self._last_id = 0
        self._failures: list[tuple[CrmFailure, Effect | None, bool]] = []
        self._refusals: dict[tuple[LeadId, Effect], Reason] = {}
        self.pipelines_gone: set[CrmPipelineId] = set()
        self.people_gone: set[CrmUserId] = set()
        self.closed: Closure | None = None
        self.contacts: dict[CrmId, CrmContact] = {}
        self.deals: dict[CrmId, CrmDeal] = {}
        self.notes: dict[CrmId, CrmNote] = {}
        self.tasks: dict[CrmId, CrmTask] = {}

    def fail_next(self, error: CrmFailure, *, effect: Effect | None = None, after_effect: bool = False) -> None:
        """Let the next call (of that effect) fail; `after_effect`: having made everything, as a lost answer would."""
        self._failures.append((error, effect, after_effect))

    def refuse(self, lead: LeadId, effect: Effect, reason: Reason) -> None:
        """Refuse to make that effect for that lead, until `accept_all`."""
        self._refusals[lead, effect] = reason

    def accept_all(self) -> None:
        """Refuse nothing any more."""
        self._refusals.clear()

    def delete_deal(self, deal: CrmId) -> None:
        """As a manager does."""
        del self.deals[deal]

    def delete_contact(self, contact: CrmId) -> None:
        """As a manager does; its deals stay."""
        del self.contacts[contact]

    def turn_deal(self, deal: CrmId, state: DealState) -> None:
        """As a manager does: take it up, close it."""
        self.deals[deal] = replace(self.deals[deal], state=state)

    async def closure(self) -> Closure | None:
        return self.closed

    async def make(self, effect: Effect, leads: Sequence[Lead], permit: Permit) -> Mapping[LeadId, CrmOutcome]:
        try:
            permit.check()
        except CrmLeaseTooShort as too_short:
            return {lead.id: too_short for lead in leads}
        failure, after_effect = self._coming_failure(effect) or (None, True)
        made: dict[LeadId, CrmOutcome] = {}
        if after_effect:
            made |= {lead.id: self._make_one(effect, lead) for lead in leads}
        return made if failure is None else {lead.id: failure for lead in leads}

    async def count_deals(self, leads: Sequence[Lead], *, since: datetime) -> Mapping[LeadId, int]:
        del since
        if (failing := self._coming_failure(None)) is not None:
            raise failing[0]
        return {
            lead.id: sum(
                deal.id == lead.made[Effect.LEAD] or deal.reference == lead.reference for deal in self.deals.values()
            )
            for lead in leads
        }

    async def states(self, deals: Collection[CrmId]) -> Mapping[CrmId, DealState]:
        """As `CrmDeals` promises."""
        if (failing := self._coming_failure(None)) is not None:
            raise failing[0]
        return {deal: self.deals[deal].state for deal in deals if deal in self.deals}

    async def left(self, people: Collection[CrmUserId]) -> frozenset[CrmUserId]:
        """As `CrmPeople` promises."""
        if (failing := self._coming_failure(None)) is not None:
            raise failing[0]
        return frozenset(people) & self.people_gone

    async def find(self, effect: Effect, leads: Sequence[Lead]) -> Mapping[LeadId, CrmId]:
        found = ((lead.id, self._find(effect, lead)) for lead in leads)
        return {lead: crm_id for lead, crm_id in found if crm_id is not None}

    def _find(self, effect: Effect, lead: Lead) -> CrmId | None:
        match effect:
            case Effect.CONTACT:
                return next((contact.id for contact in self.contacts.values() if contact.has(lead.phone)), None)
            case Effect.LEAD:
                return next((deal.id for deal in self.deals.values() if deal.reference == lead.reference), None)
            case Effect.NOTE:
                deal = lead.made[Effect.LEAD]
                return next((note.id for note in self.notes.values() if note.deal == deal), None)
            case Effect.TASK:
                deal = lead.made[Effect.LEAD]
                return next((task.id for task in self.tasks.values() if task.deal == deal), None)
            case Effect.FILES:
                deal = lead.made[Effect.LEAD]
                return deal if set(lead.attached) <= set(self.deals[deal].files) else None

    def _coming_failure(self, effect: Effect | None) -> tuple[CrmFailure, bool] | None:
        for place, (error, struck, after_effect) in enumerate(self._failures):
            if struck is None or struck is effect:
                del self._failures[place]
                return error, after_effect
        return None

    def _make_one(self, effect: Effect, lead: Lead) -> CrmOutcome:
        reason = self._refusals.get((lead.id, effect))
        if reason is not None:
            return CrmRefused(reason)
        match effect:
            case Effect.CONTACT:
                return self._put_contact(lead)
            case Effect.LEAD if lead.made[Effect.CONTACT] not in self.contacts:
                return CrmGone(Effect.CONTACT, MemoryReason.NO_CONTACT())
            case Effect.LEAD:
                return self._add_deal(lead)
            case Effect.NOTE:
                return CrmMade(self._add_note(lead))
            case Effect.TASK:
                return CrmMade(self._add_task(lead))
            case Effect.FILES:
                return CrmMade(self._attach_files(lead))

    def _put_contact(self, lead: Lead) -> CrmMade:
        for contact in self.contacts.values():
            if contact.has(lead.phone):
                is_another = is_another_name(lead.name, contact.name)
                return CrmMade(contact.id, (LeadReason.OTHER_NAME(),) if is_another else ())
        contact = CrmContact(self.next_id(), "" if lead.name is None else lead.name.name, lead.phone)
        self.contacts[contact.id] = contact
        return CrmMade(contact.id)

    def _add_deal(self, lead: Lead) -> CrmMade:
        route, left_out = lead.route, []
        if route.pipeline in self.pipelines_gone:
            left_out.append(MemoryReason.NO_PIPELINE(number=route.pipeline))
            route = replace(route, pipeline=None, status=None)
        if lead.responsible in self.people_gone:
            left_out.append(MemoryReason.HAS_LEFT(number=lead.responsible))
        person = self._responsible(lead)
        deal = CrmDeal(
            id=self.next_id(),
            contact=lead.made[Effect.CONTACT],
            reference=lead.reference,
            title=crm_texts.title(lead),
            price=lead.price,
            state=replace(UNTOUCHED, responsible=None if person is None else CrmId(person)),
            pipeline=route.pipeline,
            status=route.status,
            tags=(lead.title, *route.tags),
        )
        self.deals[deal.id] = deal
        return CrmMade(deal.id, tuple(left_out))

    def _responsible(self, lead: Lead) -> CrmUserId | None:
        return next((person for person in lead.people if person not in self.people_gone), None)

    def _add_note(self, lead: Lead) -> CrmId:
        text = crm_texts.note(lead, MEMORY, self._chats)
        note = CrmNote(self.next_id(), lead.made[Effect.LEAD], text)
        self.notes[note.id] = note
        return note.id

    def _add_task(self, lead: Lead) -> CrmId:
        said = lead.route.task_minutes
        minutes = self._task_after // timedelta(minutes=1) if said is None else said
        if not minutes:
            return NOTHING_TO_MAKE
        due_at = self._dealership().after(self._clock.now(), minutes)
        deal, text, person = lead.made[Effect.LEAD], crm_texts.task(lead), self._responsible(lead)
        task = CrmTask(self.next_id(), deal, text, due_at, person)
        self.tasks[task.id] = task
        return task.id

    def _attach_files(self, lead: Lead) -> CrmId:
        if not lead.attached:
            return NOTHING_TO_MAKE
        deal = self.deals[lead.made[Effect.LEAD]]
        new = tuple(file for file in lead.attached if file not in deal.files)
        self.deals[deal.id] = replace(deal, files=(*deal.files, *new))
        return deal.id

    def next_id(self) -> CrmId:
        """A number that nothing has yet."""
        self._last_id += 1
        return CrmId(self._last_id)
