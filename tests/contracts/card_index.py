"""A second CRM, to show that one more is one more adapter: drawers of cards, each of which says for which lead it is.

It is unlike amoCRM where CRMs differ: it takes ten leads at once, answers within seconds, a card carries the lead's own
id, by which a lost call is found, and it has troubles of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import unique
from typing import Final

from carquery.application.leads import crm_texts
from carquery.application.leads.reasons import LeadReason
from carquery.application.ports.crm import (
    Closure,
    CrmAmbiguous,
    CrmBusy,
    CrmGone,
    CrmLeaseTooShort,
    CrmLimits,
    CrmMade,
    CrmOutcome,
    CrmRefused,
    Permit,
    StandingDeal,
)
from carquery.application.wording import CrmInWords, KnownReasons, Wording
from carquery.domain.contact import is_another_name
from carquery.domain.dealership.routing import NOT_SAID, Route
from carquery.domain.effects import NOTHING_TO_MAKE, CrmId, Effect
from carquery.domain.ids import CrmPipelineId, CrmUserId, FileId, LeadId, Reference
from carquery.domain.lead import EarlierDeal, Lead
from carquery.domain.reason import Reason


@unique
class CardReason(KnownReasons):
    DRAWER_LOCKED = "ящик «{drawer}» заперт", "the drawer «{drawer}» is locked"
    NO_CARD = "в ящике нет карточки № {number}", "there is no card no. {number} in the drawer"
    CLERK_GONE = "картотекарь № {number} уволился", "clerk no. {number} has left"
    CLERK_SILENT = "картотекарь не ответил", "the clerk did not answer"
    CLERK_AWAY = "картотекарь ушёл на обед", "the clerk is out for lunch"

    @classmethod
    def author(cls) -> str:
        return "cards"


CARD_INDEX: Final = CrmInWords(
    name="Картотека",
    reasons=Wording(CardReason, LeadReason),
    check="carquery cards check",
    recount="carquery cards recount",
)


@dataclass(slots=True)
class Card:
    """`of`: the card it hangs on."""

    id: CrmId
    lead: LeadId
    text: str
    of: CrmId = NOTHING_TO_MAKE
    route: Route = NOT_SAID
    is_open: bool = True
    files: tuple[FileId, ...] = ()


class CardIndex:
    """A `Crm`, and its `DealCounts`."""

    name: Final = CARD_INDEX.name
    limits: Final = CrmLimits(batch=10, contacts=10, call=timedelta(seconds=5), lands_within=timedelta(seconds=30))

    def __init__(self) -> None:
        self.drawers: dict[Effect, dict[CrmId, Card]] = {effect: {} for effect in Effect}
        self.locked: set[tuple[LeadId, Effect]] = set()
        self.silent: set[Effect] = set()
        self.is_away = False
        self.people_gone: set[CrmUserId] = set()
        self.pipelines_gone: set[CrmPipelineId] = set()

    async def closure(self) -> Closure | None:
        return None

    async def make(self, effect: Effect, leads: Sequence[Lead], permit: Permit) -> Mapping[LeadId, CrmOutcome]:
        assert len(leads) <= self.limits.batch
        try:
            permit.check()
        except CrmLeaseTooShort as too_short:
            return {lead.id: too_short for lead in leads}
        if self.is_away:
            return {lead.id: CrmBusy(CardReason.CLERK_AWAY()) for lead in leads}
        made = {lead.id: self._made(effect, lead) for lead in leads}
        if effect in self.silent:
            self.silent.remove(effect)
            return {lead.id: CrmAmbiguous(CardReason.CLERK_SILENT()) for lead in leads}
        return made

    async def find(self, effect: Effect, leads: Sequence[Lead]) -> Mapping[LeadId, CrmId]:
        found = ((lead.id, self._found(effect, lead)) for lead in leads)
        return {lead: card for lead, card in found if card is not None}

    async def count_deals(self, leads: Sequence[Lead], *, since: datetime) -> Mapping[LeadId, int]:
        del since
        if self.is_away:
            raise CrmBusy(CardReason.CLERK_AWAY())
        deals = self.drawers[Effect.LEAD]
        return {
            lead.id: sum(card.id == lead.made[Effect.LEAD] or lead.reference in card.text for card in deals.values())
            for lead in leads
        }

    def open_deal(self, contact: CrmId) -> CrmId:
        """As people do."""
        return self._put(Effect.LEAD, LeadId(""), "Анна", of=contact)

    def close_deal(self, deal: CrmId) -> None:
        """As people do."""
        self.drawers[Effect.LEAD][deal].is_open = False

    async def earlier_deals(self, leads: Sequence[Lead], *, since: datetime) -> Mapping[LeadId, StandingDeal]:
        del since  # its cards are of today
        if self.is_away:
            raise CrmBusy(CardReason.CLERK_AWAY())
        found: dict[LeadId, StandingDeal] = {}
        for lead in leads:
            cards = self.drawers[Effect.LEAD].values()
            theirs = sorted(
                (card for card in cards if card.of == lead.made[Effect.CONTACT]),
                key=lambda card: (card.is_open, card.id),
            )
            if theirs:
                card = theirs[-1]
                found[lead.id] = StandingDeal(EarlierDeal(card.id, _reference(card)), is_open=card.is_open)
        return found

    async def still_open(self, leads: Sequence[Lead]) -> frozenset[LeadId]:
        if self.is_away:
            raise CrmBusy(CardReason.CLERK_AWAY())
        are_open = {card.id for card in self.drawers[Effect.LEAD].values() if card.is_open}
        return frozenset(lead.id for lead in leads if lead.made[Effect.LEAD] in are_open)

    async def add_to_note(self, lead: Lead, line: str, permit: Permit) -> None:
        permit.check()
        if self.is_away:
            raise CrmBusy(CardReason.CLERK_AWAY())
        card = self.drawers[Effect.NOTE].get(lead.made[Effect.NOTE])
        if card is not None and line not in card.text.splitlines():
            card.text += f"\n{line}"

    def _found(self, effect: Effect, lead: Lead) -> CrmId | None:
        if effect is Effect.FILES:
            deal = self.drawers[Effect.LEAD][lead.made[Effect.LEAD]]
            return deal.id if set(lead.attached) <= set(deal.files) else None
        key = self._key(effect, lead)
        return next((card.id for card in self.drawers[effect].values() if card.lead == key), None)

    def _made(self, effect: Effect, lead: Lead) -> CrmOutcome:
        if (lead.id, effect) in self.locked:
            return CrmRefused(CardReason.DRAWER_LOCKED(drawer=effect))
        deal = lead.made.get(Effect.LEAD, NOTHING_TO_MAKE)
        if lead.joined_to is not None and deal not in self.drawers[Effect.LEAD]:
            return CrmGone(Effect.LEAD, CardReason.NO_CARD(number=deal))
        match effect:
            case Effect.CONTACT:
                return self._made_contact(lead)
            case Effect.LEAD:
                contact = lead.made[Effect.CONTACT]
                if contact not in self.drawers[Effect.CONTACT]:
                    return CrmGone(Effect.CONTACT, CardReason.NO_CARD(number=contact))
                number = self._put(effect, self._key(effect, lead), crm_texts.title(lead), of=contact)
                self.drawers[effect][number].route, left_out = self._place(lead)
                return CrmMade(number, left_out)
            case Effect.NOTE:
                return CrmMade(self._put(effect, self._key(effect, lead), crm_texts.note(lead, CARD_INDEX), of=deal))
            case Effect.TASK if lead.route.task_minutes == 0:
                return CrmMade(NOTHING_TO_MAKE)
            case Effect.TASK:
                return CrmMade(self._put(effect, self._key(effect, lead), crm_texts.task(lead), of=deal))
            case Effect.FILES:
                card = self.drawers[Effect.LEAD][deal]
                card.files = tuple(dict.fromkeys((*card.files, *lead.attached)))
                return CrmMade(deal if lead.attached else NOTHING_TO_MAKE)

    def _made_contact(self, lead: Lead) -> CrmOutcome:
        known = self._found(Effect.CONTACT, lead)
        if known is None:
            name = "" if lead.name is None else lead.name.name
            return CrmMade(self._put(Effect.CONTACT, self._key(Effect.CONTACT, lead), name))
        is_another = is_another_name(lead.name, self.drawers[Effect.CONTACT][known].text)
        return CrmMade(known, (LeadReason.OTHER_NAME(),) if is_another else ())

    def _place(self, lead: Lead) -> tuple[Route, tuple[Reason, ...]]:
        """Where the card stands, with whom, and what there is no more."""
        people = [person for person in lead.people if person not in self.people_gone]
        route = replace(lead.route, responsible=tuple(people[:1]))
        gone = [CardReason.CLERK_GONE(number=lead.responsible)] if lead.responsible in self.people_gone else []
        if route.pipeline in self.pipelines_gone:
            gone.append(CardReason.NO_CARD(number=route.pipeline))
            route = replace(route, pipeline=None, status=None)
        return route, tuple(gone)

    def _key(self, effect: Effect, lead: Lead) -> LeadId:
        return LeadId(str(lead.phone)) if effect is Effect.CONTACT else lead.id

    def _put(self, effect: Effect, key: LeadId, text: str, *, of: CrmId = NOTHING_TO_MAKE) -> CrmId:
        number = CrmId(1 + sum(map(len, self.drawers.values())))
        self.drawers[effect][number] = Card(number, key, text, of)
        return number


def _reference(card: Card) -> Reference | None:
    """Of a card that we put there; people write none on theirs."""
    _, has_reference, reference = card.text.rpartition(" · ")
    return Reference(reference) if has_reference else None
