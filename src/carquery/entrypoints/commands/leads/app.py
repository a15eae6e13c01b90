"""The command line of `carquery leads`. Each command imports what it needs only when it runs."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(rich_markup_mode=None)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]
STATUSES = ("pending", "delivering", "delivered", "failed", "dead")
"""As `LeadStatus` has them, which is imported only when a command runs."""
OfStatus = Annotated[
    list[str] | None,
    typer.Option(
        "--status",
        help=f"Only {', '.join(STATUSES[:-1])} or {STATUSES[-1]}; repeatable.",
        metavar="STATUS",
        autocompletion=lambda: list(STATUSES),
    ),
]
OfCustomer = Annotated[str | None, typer.Option(help="Only this customer's, such as telegram:123.")]
OfPhone = Annotated[
    str | None, typer.Option("--phone", help="Only with this phone, or one that ends so, such as 4567.")
]
OfName = Annotated[str | None, typer.Option("--name", help="Only with these words in the name.")]
OnDay = Annotated[str | None, typer.Option("--on", help="Only of that day: 2026-11-28, 28.11.2026, yesterday.")]
OlderThan = Annotated[
    str | None, typer.Option(help="Only received longer ago than 30m, 2h, 1d; or before a day, 2026-11-28.")
]
NewerThan = Annotated[str | None, typer.Option(help="Only received since 30m, 2h, 1d ago; or since a day, 2026-11-28.")]


@app.command("list")
def list_leads(
    status: OfStatus = None,
    older_than: OlderThan = None,
    newer_than: NewerThan = None,
    on: OnDay = None,
    phone: OfPhone = None,
    name: OfName = None,
    customer: OfCustomer = None,
    limit: Annotated[int, typer.Option(help="How many at the most.", min=1, max=10_000, metavar="N")] = 50,
    as_json: AsJson = False,
) -> None:
    """List the latest leads, newest first.

    In a pipe or a file: reference, time, service, status, name, phone, customer and source, with tabs between them.
    """
    from carquery.entrypoints.commands.leads.choice import Choice
    from carquery.entrypoints.commands.leads.list_and_show import list_command

    choice = Choice(
        status=status or (),
        older_than=older_than,
        newer_than=newer_than,
        on=on,
        phone=phone,
        name=name,
        customer=customer,
    )
    list_command(choice, limit=limit, as_json=as_json)


@app.command()
def show(
    reference: Annotated[str, typer.Argument(help="Such as CQ-7K3M9X.")],
    as_json: AsJson = False,
) -> None:
    """Show one lead. Its answers, how far it has come, who took it, and everything that happened to it."""
    from carquery.entrypoints.commands.leads.list_and_show import show_command

    show_command(reference, as_json=as_json)


@app.command()
def resubmit(
    references: Annotated[list[str] | None, typer.Argument(help="Such as CQ-7K3M9X; or choose by options.")] = None,
    status: Annotated[
        list[str] | None, typer.Option(help="All that are failed, dead or pending; repeatable.", metavar="STATUS")
    ] = None,
    older_than: OlderThan = None,
    newer_than: NewerThan = None,
    all_failed: Annotated[bool, typer.Option("--all-failed", help="All that are failed or dead.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be done.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Deliver leads to the CRM now. They have all their attempts again; safe while bots and workers run."""
    from carquery.entrypoints.commands.leads.choice import Choice
    from carquery.entrypoints.commands.leads.resubmit import resubmit_command

    choice = Choice(status=status or (), older_than=older_than, newer_than=newer_than)
    resubmit_command(references or (), choice, all_failed=all_failed, yes=yes, dry_run=dry_run, as_json=as_json)


@app.command()
def export(
    status: OfStatus = None,
    older_than: OlderThan = None,
    newer_than: NewerThan = None,
    on: OnDay = None,
    customer: OfCustomer = None,
    format_name: Annotated[str, typer.Option("--format", help="csv (for spreadsheets) or json.")] = "csv",
    output: Annotated[Path | None, typer.Option(help="A file; default: standard output.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
) -> None:
    """Write leads out, newest first. With names and phones; erased ones without.

    A CSV is in Russian, for a spreadsheet, with a column for each answer; JSON is in English, for programs.
    """
    from carquery.entrypoints.commands.leads.choice import Choice
    from carquery.entrypoints.commands.leads.export import export_command

    choice = Choice(status=status or (), older_than=older_than, newer_than=newer_than, on=on, customer=customer)
    export_command(choice, format_name=format_name, output=output, force=force)


@app.command()
def erase(
    whom: Annotated[str, typer.Argument(help="One of the customer's leads, such as CQ-7K3M9X; or telegram:123.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Erase all personal data of a customer. Names the CRM contacts to delete by hand."""
    from carquery.entrypoints.commands.leads.erase import erase_command

    erase_command(whom, yes=yes, as_json=as_json)


@app.command()
def doubt(
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
) -> None:
    """After a restored backup: look, then make. Undelivered leads are looked for in the CRM first."""
    from carquery.entrypoints.commands.leads.doubt import doubt_command

    doubt_command(yes=yes)
