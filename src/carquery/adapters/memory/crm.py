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
    StandingDeal,
)
from carquery.application.ports.crm_deals import DealPhase, DealState
from carquery.application.ports.dealership import ToldOfDealership, nothing_told
from carquery.application.ports.environment import Clock
from carquery.application.wording import CrmInWords, KnownReasons, Wording
from carquery.domain.contact import Phone, is_another_name
from carquery.domain.effects import NOTHING_TO_MAKE, CrmId, Effect
from carquery.domain.ids import CrmPipelineId, CrmStatusId, CrmUserId, FileId, LeadId, Reference
from carquery.domain.lead import EarlierDeal, Lead
from carquery.domain.money import Rubles
from carquery.domain.reason import Reason


class MemoryReason(KnownReasons):
    """Why it makes nothing."""

    NO_CONTACT = "такого контакта больше нет", "there is no such contact any more"
    HAS_LEFT = "ответственный № {number} здесь больше не работает", "responsible user no. {number} has left"
    NO_PIPELINE = "воронки № {number} больше нет", "pipeline no. {number} is not there any more"
    NO_DEAL = "такой сделки больше нет", "there is no such deal any more"

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
    """A deal in the CRM, linked with its contact. `reference`: None: people made it."""

    id: CrmId
    contact: CrmId
    reference: Reference | None
    title: str
    price: Rubles | None
    created_at: datetime
    files: tuple[FileId, ...] = ()
    state: DealState = UNTOUCHED
    pipeline: CrmPipelineId | None = None
    status: CrmStatusId | None = None
    tags: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether people work on it, or will."""
        return self.state.phase is not DealPhase.CLOSED


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
        """As a manager does: what hangs on it goes too."""
        del self.deals[deal]
        self.notes = {note.id: note for note in self.notes.values() if note.deal != deal}
        self.tasks = {task.id: task for task in self.tasks.values() if task.deal != deal}

    def close_deal(self, deal: CrmId) -> None:
        """As a manager does, whether it is won or lost."""
        self.turn_deal(deal, DealState(DealPhase.CLOSED))

    def open_deal(self, contact: CrmId) -> CrmId:
        """As a manager does."""
        deal = CrmDeal(self.next_id(), contact, None, "Сделка", None, self._clock.now())
        self.deals[deal.id] = deal
        return deal.id

    def merge_deals(self, gone: CrmId, kept: CrmId) -> None:
        """As a manager does: all that hangs on one is the other's."""
        self.deals[kept] = replace(self.deals[kept], files=(*self.deals[kept].files, *self.deals.pop(gone).files))
        self.notes |= {note.id: replace(note, deal=kept) for note in self.notes.values() if note.deal == gone}
        self.tasks |= {task.id: replace(task, deal=kept) for task in self.tasks.values() if task.deal == gone}

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

    async def earlier_deals(self, leads: Sequence[Lead], *, since: datetime) -> Mapping[LeadId, StandingDeal]:
        if (failing := self._coming_failure(None)) is not None:
            raise failing[0]
        found = ((lead.id, self._earlier_deal(lead, since)) for lead in leads)
        return {lead: standing for lead, standing in found if standing is not None}

    def _earlier_deal(self, lead: Lead, since: datetime) -> StandingDeal | None:
        theirs = [deal for deal in self.deals.values() if deal.contact == lead.made[Effect.CONTACT]]
        newest_first = sorted(theirs, key=lambda deal: deal.id, reverse=True)
        open_ones = (deal for deal in newest_first if deal.is_open and deal.created_at >= since)
        deal = next(iter((*open_ones, *newest_first)), None)
        if deal is None:
            return None
        person = None if deal.state.responsible is None else CrmUserId(deal.state.responsible)
        earlier = EarlierDeal(deal.id, deal.reference, person)
        return StandingDeal(earlier, is_open=deal.is_open and deal.created_at >= since)

    async def still_open(self, leads: Sequence[Lead]) -> frozenset[LeadId]:
        if (failing := self._coming_failure(None)) is not None:
            raise failing[0]
        are_open = {deal.id for deal in self.deals.values() if deal.is_open}
        return frozenset(lead.id for lead in leads if lead.made[Effect.LEAD] in are_open)

    async def add_to_note(self, lead: Lead, line: str, permit: Permit) -> None:
        permit.check()
        if (failing := self._coming_failure(None)) is not None:
            raise failing[0]
        note = self.notes.get(lead.made[Effect.NOTE])
        if note is not None and line not in note.text.splitlines():
            self.notes[note.id] = replace(note, text=f"{note.text}\n{line}")

    def _find(self, effect: Effect, lead: Lead) -> CrmId | None:
        match effect:
            case Effect.CONTACT:
                return next((contact.id for contact in self.contacts.values() if contact.has(lead.phone)), None)
            case Effect.LEAD:
                return next((deal.id for deal in self.deals.values() if deal.reference == lead.reference), None)
            case Effect.NOTE:
                notes = (note for note in self.notes.values() if note.deal == lead.made[Effect.LEAD])
                return next((note.id for note in notes if crm_texts.is_note_of(lead.reference, note.text)), None)
            case Effect.TASK:
                tasks = (task for task in self.tasks.values() if task.deal == lead.made[Effect.LEAD])
                return next((task.id for task in tasks if crm_texts.is_task_of(lead.reference, task.text)), None)
            case Effect.FILES:
                deal = self.deals.get(lead.made[Effect.LEAD])
                return deal.id if deal is not None and set(lead.attached) <= set(deal.files) else None

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
            case _ if lead.joined_to is not None and lead.joined_to.id not in self.deals:
                return CrmGone(Effect.LEAD, MemoryReason.NO_DEAL())
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
            created_at=self._clock.now(),
            state=replace(UNTOUCHED, responsible=None if person is None else CrmId(person)),
            pipeline=route.pipeline,
            status=route.status,
            tags=crm_texts.tags(lead),
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
        minutes = lead.route.task_minutes_or(self._task_after)
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
