"""Where every customer input comes in: each is taken once, in order, and not too many of them."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from carquery.application.conversation.left_forms import LeftForms
from carquery.application.ports.customers import Customers
from carquery.application.ports.dealership import ToldOfDealership, nothing_told
from carquery.application.ports.environment import Clock
from carquery.application.ports.visits import VisitChanged, Visits
from carquery.application.reports.happening import followed, happened
from carquery.application.reports.tally import Tally
from carquery.application.screens import (
    CallbackOffer,
    ConsentRequest,
    FieldList,
    FormOffer,
    GoOnQuestion,
    LeadChanged,
    LeaveWarning,
    Menu,
    Onward,
    Place,
    Question,
    Receipt,
    Screen,
    Silence,
    Stale,
    Summary,
    TooMany,
    screen_of,
)
from carquery.domain.contact import Handle
from carquery.domain.draft import KEPT_FOR
from carquery.domain.forms.form import Service
from carquery.domain.ids import CustomerId, InputId, MessageToken
from carquery.domain.typed_names import read_profile_name
from carquery.domain.values import dataclass, replace
from carquery.domain.visit import Admission, Button, Owed, Version, Visit


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who sent an input, and which.

    Attributes:
        profile_name: as in the messenger's profile, which may be anything.
        handle: by which people find the customer in the messenger; `None` if there is none.
        along: the inputs that came as one with it, an album's other pictures.
        in_place: the message that it acts on is to become the reply.
        message: the customer's message that it is, or that it edits; `None` if that is unknown, or it is none.
    """

    customer: CustomerId
    input: InputId
    profile_name: str = ""
    handle: Handle | None = None
    along: tuple[InputId, ...] = ()
    in_place: bool = False
    message: MessageToken | None = None


@dataclass(frozen=True, slots=True)
class Overtaken:
    """A receipt that was still owed when something else was taken: perhaps nobody lives who would show it.

    Attributes:
        owed_by: the visit's version that owed it.
    """

    receipt: Receipt
    owed_by: Version


@dataclass(frozen=True, slots=True)
class Reply:
    """What to show.

    Attributes:
        previous: the message with the screen before it; None: unknown.
        owed_by: the visit's version that owes it until it was shown; None: nothing is owed.
        overtaken: what is to be said before it, unless it is known to have been said; None: nothing.
    """

    screen: Screen
    previous: MessageToken | None = None
    owed_by: Version | None = None
    overtaken: Overtaken | None = None


Decision: TypeAlias = tuple[Visit, Screen]
Decide: TypeAlias = Callable[[Visit], Awaitable[Decision]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """Load the visit, let a use case decide, save, and say what to show: nothing is shown that was not saved."""

    visits: Visits
    customers: Customers
    left: LeftForms
    tally: Tally
    clock: Clock
    dealership: ToldOfDealership = nothing_told

    async def __call__(self, arrival: Arrival, decide: Decide, *, wrote: str | None = None) -> Reply:
        """Take one input. `decide` is called again if a parallel input won; what it does outside must bear that.

        Args:
            wrote: the text of what may be an answer, perhaps empty; None: it is something else.

        Raises:
            StoreUnavailable: nothing was shown; the input may come again.
        """
        while True:
            found, now = await self.load(arrival.customer) or await self._begin(arrival), self.clock.now()
            visit, admission = found.arrive(arrival.input, at=now, along=arrival.along)
            match admission:
                case Admission.TAKEN:
                    visit, screen = asking_to_go_on(*await decide(visit), before=found)
                case Admission.REPEATED:
                    return _to_repeated(visit, arrival)
                case Admission.TOO_MANY:
                    screen = TooMany()
                case Admission.IGNORED:
                    return Reply(Silence())
            screen = _with_way_to_leads(visit, screen)
            visit = followed(found, visit, at=now)
            overtaken, version = _overtaken(found, by=screen), Version(visit.version + 1)
            still_owed = None if overtaken is None else overtaken.owed_by
            receipt_by = version if isinstance(screen, Receipt) else still_owed
            owed = None if isinstance(screen, Silence) else Owed(now, arrival.in_place, receipt_by)
            try:
                await self.visits.save(replace(visit, owed=owed), of=(arrival.input, *arrival.along))
            except VisitChanged:
                continue
            self.left.note(found, visit, handle=arrival.handle)
            self.tally.note(happened(found, visit, screen, at=now, wrote=wrote), visit, at=now)
            return Reply(screen, visit.shown, None if owed is None else version, overtaken)

    async def show(self, arrival: Arrival, screen: Screen) -> Reply:
        """Take an input that changes nothing, and show that screen. Raises StoreUnavailable."""

        async def decide(visit: Visit) -> Decision:
            return visit, screen

        return await self(arrival, decide)

    async def show_where_it_stands(self, arrival: Arrival) -> Reply:
        """Take an input that only closes what stood beside. Raises StoreUnavailable."""

        async def decide(visit: Visit) -> Decision:
            return visit, where_it_stands(visit)

        return await self(arrival, decide)

    async def load(self, customer: CustomerId) -> Visit | None:
        """With an open dialog as this dealership asks it now. Raises StoreUnavailable."""
        visit = await self.visits.load(customer)
        if visit is None or visit.dialog is None:
            return visit
        dialog = visit.dialog.asked_by(self.dealership().forms[visit.dialog.form.service])
        return visit if dialog is visit.dialog else replace(visit, dialog=dialog)

    async def _begin(self, arrival: Arrival) -> Visit:
        now = self.clock.now()
        look = await self.customers.first_look(arrival.customer, left_since=now - KEPT_FOR)
        visit = Visit.begin(arrival.customer, look.known, at=now)
        visit = replace(visit, profile_name=read_profile_name(arrival.profile_name))
        return await self.left.with_left(visit, may_be_stored=look.may_have_left)


def _overtaken(before: Visit, *, by: Screen) -> Overtaken | None:
    """No later screen says what a receipt says, and who has not seen it sends the same again."""
    owed_by = None if before.owed is None else before.owed.receipt_by
    if owed_by is None or before.receipt is None or isinstance(by, Receipt | Silence):
        return None
    return Overtaken(Receipt(before.receipt, before.sent), owed_by)


def _to_repeated(visit: Visit, arrival: Arrival) -> Reply:
    """Where things stand; nothing if something else was taken since and shown: a messenger may repeat minutes later,
    and what is loaded here would stand below what the customer has by then."""
    is_latest = any(visit.has_taken_last(one) for one in (arrival.input, *arrival.along))
    if visit.owed is None and not is_latest:
        return Reply(Silence())
    return Reply(where_it_stands(visit), visit.shown, None if visit.owed is None else visit.version)


def where_it_stands(visit: Visit) -> Screen:
    """What the customer would see now, had nothing been lost on the way."""
    if visit.dialog is not None:
        return asking_to_go_on(visit, screen_of(visit.dialog), before=visit)[1]
    if visit.offer is not None:
        return FormOffer(visit.offer, sorry=visit.should_offer_person)
    if visit.changed is not None:
        return LeadChanged(visit.changed)
    if visit.leads_to == Service.CALLBACK:
        return CallbackOffer(sorry=visit.should_offer_person)
    return _with_way_to_leads(visit, Menu()) if visit.receipt is None else Receipt(visit.receipt, visit.sent)


def _with_way_to_leads(visit: Visit, screen: Screen) -> Screen:
    """Whoever has sent something may look at it from the menu: each form asks for a phone."""
    has_leads = visit.known.phone is not None
    return replace(screen, has_leads=True) if isinstance(screen, Menu) and has_leads else screen


def asking_to_go_on(visit: Visit, screen: Screen, *, before: Visit) -> Decision:
    """Of a form that was left before, the question whether to go on with it stands in front of everything in it."""
    dialog, paused = visit.dialog, visit.paused
    if dialog is None or paused is None:
        return visit, screen
    to: Onward = Place.MENU
    match screen:
        case Question() | ConsentRequest() | Summary():
            hint, notice = screen.hint, screen.notice
        case FieldList() | Stale(current=Question() | ConsentRequest() | Summary()):
            hint = notice = ""
        case LeaveWarning(to=to):
            hint = notice = ""
        case _:
            return visit, screen
    if not (hint or notice or dialog.remark) and dialog != before.dialog:
        notice = GoOnQuestion.NOTED
    question = GoOnQuestion(dialog, to, hint=hint, notice=notice, is_first=not paused.is_asked)
    return visit.asked_to_go_on(), question


def stale(visit: Visit, button: Button) -> Stale:
    """A button that does nothing any more; if its dialog is still open, with where that stands."""
    dialog = visit.dialog
    return Stale(None if dialog is None or dialog.id != button.dialog else screen_of(dialog))
