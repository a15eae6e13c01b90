"""A week with 500 customers: what they were promised stands in the CRM once, and nobody is written to at night."""

from collections import Counter
from collections.abc import Callable, Iterator
from random import Random
from statistics import median
from typing import Final

from carquery.adapters.memory.crm_staff import Act
from carquery.adapters.memory.outcomes import MemoryOutcomes
from carquery.application.leads.crm_texts import is_note_of, is_task_of
from carquery.application.ports.alerts import LeadUntouched, NewLead
from carquery.application.ports.outcomes import Outcome
from carquery.application.ports.tallies import Days
from carquery.domain.effects import Effect
from carquery.domain.lead import Lead, LeadStatus
from carquery.domain.moscow import MOSCOW
from carquery.domain.tallied import Occurrence
from tests.application.working_week import HOURS, Week
from tests.builders import DAY

CUSTOMERS: Final = 500
COUNTED: Final = (Occurrence.OPENED, Occurrence.REACHED, Occurrence.REFUSED)
TABLE: Final = "A week of 500 customers on a moved clock"


async def tallied(week: Week) -> dict[Occurrence, Counter[tuple[str, str]]]:
    """Forms that were opened, places that they came to, and answers that were none: by form and place."""
    day, counted = week.began.date(), {what: Counter[tuple[str, str]]() for what in COUNTED}
    for one in await week.room.delivery.dealership.tallies.totals(Days(day, day + 9 * DAY)):
        if one.what in COUNTED:
            counted[one.what][one.form, one.step] += one.times
    return counted


async def became_of_requests(week: Week) -> Outcome:
    """As reports tell it."""
    outcomes = MemoryOutcomes(week.room.delivery.database)
    told = await outcomes.of_sent(week.began, week.began + 9 * DAY, zone=MOSCOW)
    return told[""]


def touched_of(week: Week) -> int:
    """For how many of the requests that were promised people did something, as the CRM has it."""
    promised = [one for one in week.room.delivery.dealership.stored_leads if one.reference in week.promised]
    return sum(
        any(act.on in (lead.made[Effect.LEAD], lead.made[Effect.CONTACT]) for act in acts_since(week, lead))
        for lead in promised
    )


def acts_since(week: Week, lead: Lead) -> Iterator[Act]:
    return (act for act in week.room.history.acts if act.at >= lead.created_at)


def stands_once(week: Week, lead: Lead) -> bool:
    """Deal, note and task; a deal of its own, or its customer's, alone has its reference or none has."""
    crm, deal = week.room.crm, lead.made.get(Effect.LEAD)
    named = [one.id for one in crm.deals.values() if one.reference == lead.reference]
    notes = [note.deal for note in crm.notes.values() if is_note_of(lead.reference, note.text)]
    tasks = [task.deal for task in crm.tasks.values() if is_task_of(lead.reference, task.text)]
    return (named, notes, tasks) == ([] if lead.joined_to else [deal], [deal], [deal])


async def test_what_was_promised_stands_there_once(record_property: Callable[[str, object], None]) -> None:
    week = Week(Random(2026))  # noqa: S311  # no secret

    await week.pass_by(CUSTOMERS)

    crm, leads = week.room.crm, week.room.delivery.dealership.stored_leads
    told = Counter(alert.reference for _, alert in week.announced if isinstance(alert, NewLead))
    told_again = Counter(alert.reference for _, alert in week.announced if isinstance(alert, LeadUntouched))
    reminded = Counter(customer for _, customer in week.outreach.times)
    joined = [lead for lead in leads if lead.joined_to is not None]
    touches = [row.touch for row in week.room.delivery.database.touches.values()]
    waited = sorted(
        (row.touch.at - week.room.delivery.database.leads[lead].lead.created_at).total_seconds() / 60
        for lead, row in week.room.delivery.database.touches.items()
        if row.touch is not None
    )
    open_deals = Counter(deal.contact for deal in crm.deals.values() if deal.is_open)
    counts = {
        "leads": len(leads),
        "of them unfinished": sum(lead.is_unfinished for lead in leads),
        "delivered": sum(lead.status is LeadStatus.DELIVERED for lead in leads),
        "lost": len(week.promised - {lead.reference for lead in leads if stands_once(week, lead)}),
        "doubled": sum(not stands_once(week, lead) for lead in leads),
        "joined": len(joined),
        "customers with two open deals": sum(deals > 1 for deals in open_deals.values()),
        "trade-ins": sum(bool(lead.trade_in) for lead in leads),
        "reminders": reminded.total(),
        "reminded twice": sum(times > 1 for times in reminded.values()),
        "reminders at night": sum(not HOURS.is_open(at) for at, _ in week.outreach.times),
        "announced": told.total(),
        "announced twice": sum(times > 1 for times in told.values()),
        "announced at night": sum(not HOURS.is_open(at) for at, alert in week.announced if isinstance(alert, NewLead)),
        "taken": len(week.room.delivery.database.takes),
        "touched": sum(touch is not None for touch in touches),
        "minutes to the touch, median": int(median(waited)),
        "told again": told_again.total(),
        "told again twice": sum(times > 1 for times in told_again.values()),
    }
    for name, number in counts.items():
        record_property("cell", (TABLE, name, "how many", str(number)))
    zero = (
        *("lost", "doubled", "reminded twice", "reminders at night", "announced twice", "announced at night"),
        *("told again twice", "customers with two open deals"),
    )
    assert {name: counts[name] for name in zero} == dict.fromkeys(zero, 0)
    assert counts["delivered"] == counts["leads"] == counts["announced"]
    assert len(crm.deals) == len(leads) - len(joined)
    dialogs = {dialog: form for (dialog, _), form in week.seen.items()}
    assert await tallied(week) == {
        Occurrence.OPENED: Counter((form, "") for form in dialogs.values()),
        Occurrence.REACHED: Counter((form, place) for (_, place), form in week.seen.items()),
        Occurrence.REFUSED: +week.refusals,
    }
    outcome = await became_of_requests(week)
    assert outcome == Outcome(len(week.promised), len(week.promised), touched_of(week))
    assert all(counts[name] for name in ("joined", "trade-ins", "reminders", "touched", "told again", "taken"))
