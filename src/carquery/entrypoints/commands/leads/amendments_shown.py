"""What customers changed of their leads, for operators: a table on a terminal, JSON for machines."""

from collections.abc import Sequence

from rich.markup import escape
from rich.table import Table

from carquery.domain.amendment import Amendment, AmendmentStatus, lines_changed
from carquery.domain.lead import Lead
from carquery.entrypoints.commands.leads.tables import in_moscow
from carquery.entrypoints.providers.crm_words import REASONS
from carquery.entrypoints.uncut import uncut

COLOURS = {
    AmendmentStatus.PENDING: "yellow",
    AmendmentStatus.INCLUDED: "green",
    AmendmentStatus.DELIVERED: "green",
    AmendmentStatus.DEAD: "bold red",
}


def amendments_as_list(lead: Lead, amendments: Sequence[Amendment]) -> list[dict[str, object]]:
    """Oldest first, as JSON shows them."""
    return [
        {
            "kind": one.kind,
            "asked_at": one.asked_at.isoformat(),
            "changed": [{"what": what, "before": was, "after": now} for what, was, now in lines_changed(lead, one)],
            "said": list(one.said),
            "files": len(one.new_photos) + len(one.added.files),
            "status": one.status,
            "failure": None if one.failure is None else REASONS.english(one.failure),
            "left_out": [REASONS.english(reason) for reason in one.left_out],
            "delivered_at": None if one.delivered_at is None else one.delivered_at.isoformat(),
        }
        for one in amendments
    ]


def amendments_table(lead: Lead, amendments: Sequence[Amendment]) -> Table:
    """One line each."""
    titles = ("When", "What", "Changed", "Status")
    table = uncut(Table(*titles, title="Changed by the customer", title_justify="left"), "When", "What")
    for one in amendments:
        changed = [f"{what}: {was or '–'} → {now or '–'}" for what, was, now in lines_changed(lead, one)]
        why = [REASONS.english(reason) for reason in (*one.left_out, *((one.failure,) if one.failure else ()))]
        status = f"[{COLOURS[one.status]}]{one.status}[/]"
        table.add_row(
            in_moscow(one.asked_at, seconds=True),
            one.kind,
            escape("\n".join((*changed, *one.said))),
            "\n".join((status, *map(escape, why))),
        )
    return table
