"""A customer's sent leads, as messages."""

from carquery.adapters.messenger.answers_shown import all_answers
from carquery.adapters.messenger.buttons import free_button, to_menu
from carquery.adapters.messenger.message import Message, PressButton, Rows
from carquery.application.marked_text import Marked, bold, clip, italic, joined, plain
from carquery.application.presses import FreeVerb
from carquery.application.screens import CancelWarning, LeadCard, MyLeads, day_of, stage_of
from carquery.domain.ids import Reference
from carquery.domain.sent_lead import SentLead, Stage

LONGEST_CAR = 40
"""Characters; in a list it only tells one from another."""


def my_leads(screen: MyLeads) -> Message:
    """The list, and a button for each."""
    if not screen.leads:
        return Message((bold(MyLeads.TITLE), plain(MyLeads.NONE)), (to_menu(),), beside=True)
    listed = joined("\n\n", map(_line, screen.leads))
    prompt = (plain(screen.prompt),) if screen.prompt else ()
    rows = tuple((free_button(_label(sent), FreeVerb.LEAD, sent.lead.reference),) for sent in screen.leads)
    return Message((bold(MyLeads.TITLE), *prompt, listed), (*rows, to_menu()), beside=True)


def lead_card(screen: LeadCard, call: str | None) -> Message:
    """One of them in full, and what may be done with it. `call`: when somebody will, in words; None: soon."""
    sent, lead = screen.sent, screen.sent.lead
    stands = f"{stage_of(sent)}."
    will_call = LeadCard.WILL_CALL if call is None else LeadCard.CALLED_BACK.format(when=call)
    waits = f" {will_call}" if sent.stage in (Stage.RECEIVED, Stage.HANDED_OVER) else ""
    head = bold(LeadCard.TITLE.format(reference=lead.reference)) + f": {stands}{waits}"
    said = [plain(one) for one in (screen.notice,) if one]
    answers = all_answers(lead.lines)
    about = italic(f"{lead.title} · {day_of(sent)}")
    return Message((*said, head, about, answers), (*_doings(sent), (*_to_list(), *to_menu())), beside=True)


def cancel_warning(reference: Reference) -> Message:
    """Yes cancels it; no leads back to it."""
    rows: Rows = (
        (free_button(CancelWarning.CONFIRM, FreeVerb.CANCEL, reference),),
        (free_button(CancelWarning.KEEP, FreeVerb.LEAD, reference),),
    )
    return Message((plain(CancelWarning.PROMPT.format(reference=reference)),), rows, beside=True)


def _doings(sent: SentLead) -> Rows:
    if not sent.may_be_changed:
        return ()
    reference = sent.lead.reference
    return (
        (
            free_button(LeadCard.AMEND, FreeVerb.AMEND, reference),
            free_button(LeadCard.CANCEL, FreeVerb.ASK_CANCEL, reference),
        ),
    )


def _line(sent: SentLead) -> Marked:
    lead = sent.lead
    about = " · ".join(filter(None, (lead.title, clip(sent.car, LONGEST_CAR), day_of(sent))))
    return bold(lead.reference) + f" · {about}\n{stage_of(sent)}"


def _label(sent: SentLead) -> str:
    return " · ".join(filter(None, (sent.lead.reference, clip(sent.car, LONGEST_CAR) or sent.lead.title)))


def _to_list() -> tuple[PressButton, ...]:
    return (free_button(MyLeads.BUTTON, FreeVerb.MY_LEADS),)
