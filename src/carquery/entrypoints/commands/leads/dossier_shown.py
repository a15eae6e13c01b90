"""One lead with all that hangs on it, for operators: a card on a terminal, JSON for machines."""

from rich.markup import escape
from rich.table import Table

from carquery.application.wording import CrmInWords
from carquery.entrypoints.commands.leads.amendments_shown import amendments_as_list
from carquery.entrypoints.commands.leads.dossier import Dossier
from carquery.entrypoints.commands.leads.tables import as_dict, coloured, in_moscow, page_of_deal
from carquery.entrypoints.providers.crm_words import REASONS
from carquery.entrypoints.uncut import uncut


def dossier_as_dict(dossier: Dossier, crm: CrmInWords) -> dict[str, object]:
    """The lead as it is listed, and all that hangs on it."""
    take, touch = dossier.take, dossier.touch
    return {
        **as_dict(dossier.lead, crm),
        "amendments": amendments_as_list(dossier.lead, dossier.amendments),
        "taken": None if take is None else {"by": take.by.name, "at": take.at.isoformat(), "end": take.end},
        "first_touch": None if touch is None else {"by": touch.by, "at": touch.at.isoformat()},
    }


def card(dossier: Dossier, crm: CrmInWords) -> Table:
    """All there is of it, but its history."""
    lead, take, touch = dossier.lead, dossier.take, dossier.touch
    shown = Table(title=f"{lead.reference} · {lead.title}", show_header=False, title_justify="left")
    shown.add_column()
    shown.add_column()
    uncut(shown)
    rows = [("Status", coloured(lead.status)), ("Received", in_moscow(lead.created_at))]
    rows += [(title, escape(answer)) for title, answer in lead.lines]
    rows += [("Wrote before", escape(sentence)) for sentence in lead.conversation]
    rows += [] if lead.handle is None else [(lead.handle.messenger, escape(lead.handle.name))]
    optional = {
        "Customer": None if lead.customer is None else str(lead.customer),
        "Source": lead.source,
        "Responsible": None if lead.responsible is None else f"user no. {lead.responsible}",
        "Consent": lead.consent,
        "Deal": page_of_deal(lead, crm),
        "Taken by": None if take is None else f"{take.by.name}, {in_moscow(take.at)}",
        "First touch": None if touch is None else f"{in_moscow(touch.at)}, user no. {touch.by}",
        "Delivered": None if lead.delivered_at is None else in_moscow(lead.delivered_at),
        "Next attempt": None if lead.next_attempt_at is None else in_moscow(lead.next_attempt_at),
        "Attempts": str(lead.attempts) if lead.attempts else None,
        "Failure": None if lead.failure is None else REASONS.english(lead.failure),
        "Outcome unknown": None if lead.intent is None else f"{lead.intent.effect}, {in_moscow(lead.intent.at)}",
        "Joined to": None if lead.joined_to is None else lead.joined_to.shown,
        "Earlier": lead.earlier.shown if lead.earlier and not lead.joined_to else None,
        "Trade-in with": ", ".join(lead.trade_in),
        "Erased": None if lead.erased_at is None else in_moscow(lead.erased_at),
        "Id": lead.id,
    }
    rows += [(title, escape(value)) for title, value in optional.items() if value]
    rows += [(f"In the CRM: {effect}", str(crm_id) if crm_id else "not needed") for effect, crm_id in lead.made.items()]
    rows += [("Left out", escape(REASONS.english(reason))) for reason in lead.left_out]
    for title, value in rows:
        shown.add_row(title, value)
    return shown
