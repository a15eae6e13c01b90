"""What customers do, in any messenger: the whole of what a channel calls."""

from collections.abc import Awaitable
from datetime import datetime
from typing import assert_never

from carquery.application.conversation.about_leads import AboutLeads
from carquery.application.conversation.answer_consent import AnswerConsent
from carquery.application.conversation.answer_offer import AnswerOffer
from carquery.application.conversation.collect_lead_step import CollectLeadStep
from carquery.application.conversation.erase_customer import EraseCustomer
from carquery.application.conversation.go_on import GoOn
from carquery.application.conversation.go_to import GoTo
from carquery.application.conversation.leave_dialog import LeaveDialog
from carquery.application.conversation.navigator import Navigator
from carquery.application.conversation.reception import Arrival, Reception, Reply, where_it_stands
from carquery.application.conversation.review_dialog import ReviewDialog
from carquery.application.conversation.submit_lead import SubmitLead
from carquery.application.conversation.take_contact import TakeContact
from carquery.application.conversation.take_message import TakeMessage
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.ports.watch import Watch
from carquery.application.presses import (
    DialogPress,
    DialogVerb,
    FreePress,
    FreeVerb,
    Press,
    destination_of,
    leaves_message,
    move_of,
    reference_of,
)
from carquery.application.screens import Busy, EraseWarning, Help, Place, Privacy, Stale, TooMany
from carquery.application.slash_commands import SlashCommand, Slashed, read_slashed
from carquery.domain.answers import SharedContact, Unexpected
from carquery.domain.attachments import Parcel, SentFile
from carquery.domain.ids import CustomerId, MessageId, MessageToken, Reference
from carquery.domain.source import read_deep_link
from carquery.domain.values import dataclass, replace
from carquery.domain.visit import Version


@dataclass(frozen=True, slots=True)
class OwedReply:
    """What a customer is still to be shown.

    Attributes:
        version: the visit's; 0: there is none any more.
        reply: None: nothing.
        in_place: the message with the screen is to become it.
    """

    version: Version
    reply: Reply | None
    in_place: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """One method for each kind of input; it says what to show.

    An input that comes again, in whatever process, changes nothing and is answered with where things stand, or with
    nothing if others were taken since and answered. While a store is away the answer is `Busy`: nothing was taken, and
    the same input may come again.
    """

    reception: Reception
    navigator: Navigator
    go_to: GoTo
    take_message: TakeMessage
    answer_offer: AnswerOffer
    collect_lead_step: CollectLeadStep
    take_contact: TakeContact
    review_dialog: ReviewDialog
    leave_dialog: LeaveDialog
    answer_consent: AnswerConsent
    submit_lead: SubmitLead
    erase_customer: EraseCustomer
    go_on: GoOn
    about_leads: AboutLeads
    watch: Watch

    async def wrote(self, arrival: Arrival, text: str) -> Reply:
        """A text: a command, an answer, or something to talk about."""
        slashed = read_slashed(text)
        taken = self.take_message(arrival, text) if slashed is None else self._command(arrival, slashed)
        return await self._answered(taken)

    async def spoke(self, arrival: Arrival, heard: str, recording: SentFile) -> Reply:
        """A voice message that the messenger has written down; it may have misheard, so the recording is kept too."""
        return await self._answered(self.take_message(arrival, heard, recording))

    async def started(self, arrival: Arrival, payload: str = "") -> Reply:
        """The bot was opened, perhaps by a deep link with that payload."""
        return await self._answered(self._start(arrival, payload))

    async def pressed(self, arrival: Arrival, press: Press | None) -> Reply:
        """A button under a message; None: one that is not ours, or of a version that we don't know."""
        in_place = press is not None and not leaves_message(press)
        return await self._answered(self._pressed(replace(arrival, in_place=in_place), press))

    async def shared_contact(self, arrival: Arrival, contact: SharedContact) -> Reply:
        """A contact card."""
        return await self._answered(self.take_contact(arrival, contact))

    async def sent(self, arrival: Arrival, parcel: Parcel) -> Reply:
        """Photos and files, and the words under them; an album is one input (`Arrival.along`)."""
        return await self._answered(self.take_message.enclosed(arrival, parcel))

    async def edited(self, arrival: Arrival, text: str) -> Reply | None:
        """A text that was sent before has other words now; `None` if there is nothing to react to."""
        if read_slashed(text) is not None:
            return None
        return await self._answered(self.take_message.edited(arrival, text))

    async def edited_caption(self, arrival: Arrival, text: str) -> Reply:
        """There are other words now under something sent before."""
        return await self._answered(self.take_message.words_edited(arrival, text))

    async def sent_something_else(self, arrival: Arrival) -> Reply:
        """Anything that nobody can use, or that could not be read."""
        return await self._answered(self.collect_lead_step(arrival, Unexpected()))

    async def blocked(self, customer: CustomerId, *, is_blocked: bool, at: datetime | None = None) -> None:
        """The messenger says that the customer has stopped the bot, or lets it write again.

        Args:
            at: when, if it may say so late, after the customer was back; None: now.
        """
        try:
            await self.go_on.is_blocked(customer, is_blocked=is_blocked, at=at)
        except StoreUnavailable:
            return  # then the messenger says so again when we write to them

    def came_too_often(self) -> Reply:
        """One more than a customer is allowed, of which nothing was read: nothing is taken, nothing is owed."""
        refused = Reply(TooMany())
        self.watch.replied(refused.screen)
        return refused

    async def note_shown(self, customer: CustomerId, shown: MessageToken, *, owed_by: Version | None = None) -> bool:
        """Remember where the customer's screen stands, and that this version's reply is owed no more.

        False: the store is away. The old buttons will stay; they are stale and say so.
        """
        try:
            await self.reception.visits.note_shown(customer, shown, owed_by=owed_by)
        except StoreUnavailable:
            return False
        return True

    async def owed_to(self, customer: CustomerId) -> OwedReply:
        """Where things stand, if a reply is owed. Raises StoreUnavailable."""
        visit = await self.reception.load(customer)
        if visit is None:
            return OwedReply(Version(0), None)
        if visit.owed is None:
            return OwedReply(visit.version, None)
        reply = Reply(where_it_stands(visit), visit.shown, visit.version)
        return OwedReply(visit.version, reply, in_place=visit.owed.in_place)

    async def is_latest(self, arrival: Arrival) -> bool:
        """Whether nothing else of the customer was taken since, in any process; while nobody knows, it is."""
        try:
            visit = await self.reception.visits.load(arrival.customer)
        except StoreUnavailable:
            return True
        return visit is not None and visit.has_taken_last(arrival.input)

    async def _answered(self, taken: Awaitable[Reply]) -> Reply:
        try:
            reply = await taken
        except StoreUnavailable as away:
            busy = Reply(Busy())
            self.watch.replied(busy.screen, away=away)
            return busy
        self.watch.replied(reply.screen)
        return reply

    async def _command(self, arrival: Arrival, slashed: Slashed) -> Reply:
        match slashed.command:
            case SlashCommand.START:
                return await self._start(arrival, slashed.argument)
            case SlashCommand.MENU:
                return await self.go_to(arrival, Place.MENU)
            case SlashCommand.CANCEL:
                return await self.leave_dialog.ask(arrival)
            case SlashCommand.STATUS:
                return await self.about_leads.look(arrival)
            case SlashCommand.HELP:
                return await self.reception.show(arrival, Help())
            case SlashCommand.PRIVACY:
                return await self.reception.show(arrival, Privacy(self.navigator.policy_url))
            case None:
                return await self.collect_lead_step.no_such_command(arrival)
            case _:
                assert_never(slashed.command)

    async def _start(self, arrival: Arrival, payload: str) -> Reply:
        link = read_deep_link(payload)
        return await self.go_to(arrival, link.service or Place.MENU, source=link.source)

    async def _pressed(self, arrival: Arrival, press: Press | None) -> Reply:
        match press:
            case DialogPress():
                return await self._in_dialog(arrival, press)
            case FreePress():
                return await self._free(arrival, press)
            case None:
                return Reply(Stale())
            case _:
                assert_never(press)

    async def _in_dialog(self, arrival: Arrival, press: DialogPress) -> Reply:
        button = press.button
        match press.verb:
            case DialogVerb.SEND:
                return await self.submit_lead(arrival, button)
            case DialogVerb.FIELDS:
                return await self.review_dialog.fields(arrival, button)
            case DialogVerb.STAY:
                return await self.review_dialog.step(arrival, button)
            case DialogVerb.LEAVE:
                return await self.leave_dialog.ask(arrival, button)
            case DialogVerb.GO if (reference := reference_of(press)) is not None:
                return await self.about_leads.amend.open(arrival, reference, button)
            case DialogVerb.GO:
                to = destination_of(press)
                return Reply(Stale()) if to is None else await self.leave_dialog.confirm(arrival, to, button)
            case DialogVerb.AGREE:
                return await self.answer_consent.agree(arrival, button)
            case DialogVerb.DISAGREE:
                return await self.answer_consent.refuse(arrival, button)
            case _:
                move = move_of(press)
                return Reply(Stale()) if move is None else await self.collect_lead_step(arrival, move, button)

    async def _free(self, arrival: Arrival, press: FreePress) -> Reply:
        match press.verb:
            case FreeVerb.OPEN | FreeVerb.OPEN_BESIDE:
                to = destination_of(press)
                return Reply(Stale()) if to is None else await self.go_to(arrival, to)
            case FreeVerb.ASK_ERASE:
                return await self.reception.show(arrival, EraseWarning())
            case FreeVerb.ERASE:
                return await self.erase_customer(arrival)
            case FreeVerb.ACCEPT | FreeVerb.DECLINE:
                message = MessageId(press.argument)
                return await self.answer_offer(arrival, message, accepted=press.verb is FreeVerb.ACCEPT)
            case FreeVerb.STAY:
                return await self.reception.show_where_it_stands(arrival)
            case FreeVerb.GO_ON:
                return await self.go_on(arrival)
            case FreeVerb.NO_REMINDERS:
                return await self.go_on.no_more(arrival)
            case FreeVerb.MY_LEADS | FreeVerb.MY_LEADS_BESIDE:
                return await self.about_leads.look(arrival)
            case FreeVerb.LEAD | FreeVerb.AMEND | FreeVerb.ASK_CANCEL | FreeVerb.CANCEL:
                reference = reference_of(press)
                return Reply(Stale()) if reference is None else await self._of_lead(arrival, press.verb, reference)
            case _:
                assert_never(press.verb)

    async def _of_lead(self, arrival: Arrival, verb: FreeVerb, reference: Reference) -> Reply:
        match verb:
            case FreeVerb.AMEND:
                return await self.about_leads.amend.open(arrival, reference)
            case FreeVerb.ASK_CANCEL:
                return await self.about_leads.cancel.ask(arrival, reference)
            case FreeVerb.CANCEL:
                return await self.about_leads.cancel.confirm(arrival, reference)
            case _:
                return await self.about_leads.look.at(arrival, reference)
