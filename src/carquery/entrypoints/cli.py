"""The command line. Each command imports what it needs only when it runs, so that `--help` is quick."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from carquery.entrypoints.commands.amocrm.app import amocrm

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # plain help is there before rich is imported
    pretty_exceptions_enable=False,  # a traceback goes to the log as it is, without values
    help="CarQuery: a dealership's Telegram bot.",
)
db = typer.Typer(no_args_is_help=True, help="The database.")
leads = typer.Typer(no_args_is_help=True, help="The leads that customers sent.")
app.add_typer(db, name="db")
app.add_typer(leads, name="leads")
app.add_typer(amocrm, name="amocrm")
forms = typer.Typer(no_args_is_help=True, help="The forms that customers fill in.")
app.add_typer(forms, name="forms")
config = typer.Typer(no_args_is_help=True, help="The settings.")
app.add_typer(config, name="config")
ai = typer.Typer(no_args_is_help=True, help="Understanding what customers write freely.")
report = typer.Typer(no_args_is_help=True, help="Figures of the days past.")
app.add_typer(ai, name="ai")
app.add_typer(report, name="report")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]
OfStatus = Annotated[
    list[str] | None, typer.Option("--status", help="Only pending, delivering, delivered, failed or dead; repeatable.")
]
OfCustomer = Annotated[str | None, typer.Option(help="Only this customer's, such as telegram:123.")]
OlderThan = Annotated[str | None, typer.Option(help="Only received longer ago than that: 30m, 2h, 1d.")]
NewerThan = Annotated[str | None, typer.Option(help="Only received since then: 30m, 2h, 1d ago.")]


@app.command()
def bot(
    *,
    delete_webhook: Annotated[
        bool, typer.Option("--delete-webhook", help="Poll although a webhook is set: replicas that use it get nothing.")
    ] = False,
) -> None:
    """Run the bot: take updates, deliver leads. SIGTERM drains it."""
    from carquery.entrypoints.commands.service.bot import run_bot_command

    run_bot_command(delete_webhook=delete_webhook)


@app.command()
def worker() -> None:
    """Deliver leads, beside a bot or another worker. SIGTERM drains it."""
    from carquery.entrypoints.commands.service.worker import run_worker_command

    run_worker_command()


@app.command()
def play(
    port: Annotated[int, typer.Option(help="Port of the page; 0: any free one.", min=0, max=65535)] = 8090,
    folder: Annotated[Path | None, typer.Option(help="Where to keep the database; default: a temporary one.")] = None,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
) -> None:
    """Play a customer in a browser: the real bot against emulators on this machine. Needs no account."""
    from carquery.entrypoints.commands.service.play import play_command

    play_command(port=port, folder=folder, browser=browser)


@app.command()
def read(
    field: Annotated[
        str | None, typer.Argument(help="A step, such as price, phone or buy.phone; or mask, yes_no and the like.")
    ] = None,
    text: Annotated[list[str] | None, typer.Argument(help="The answer; put -- before one that begins with -.")] = None,
    file: Annotated[
        Path | None, typer.Option(help='Many answers, {"field": …, "input": …} a line; -: standard input.')
    ] = None,
    on: Annotated[
        str | None, typer.Option(help="The day to read years on, such as 2026-11-28; default: today.")
    ] = None,
    ours: Annotated[str | None, typer.Option(help="For crm_phone: the number that a field is compared with.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show how an answer is read: its value, the readings to choose from, or the sentence that refuses it."""
    from carquery.entrypoints.commands.conversation.read import read_command

    read_command(field, text or (), file=file, on=on, ours=ours, as_json=as_json)


@db.command()
def upgrade() -> None:
    """Bring the database to this version's tables."""
    from carquery.entrypoints.commands.service.database import upgrade_command

    upgrade_command()


@db.command()
def downgrade(
    to: Annotated[str, typer.Argument(help="The migration to go back to, such as 0002; upgrade names the newest.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
) -> None:
    """Take migrations back, before an older version runs: what they keep is lost, and said before."""
    from carquery.entrypoints.commands.service.database import downgrade_command

    downgrade_command(to=to, yes=yes)


@leads.command("list")
def list_leads(
    status: OfStatus = None,
    older_than: OlderThan = None,
    newer_than: NewerThan = None,
    customer: OfCustomer = None,
    limit: Annotated[int, typer.Option(help="How many at the most.", min=1, max=10_000)] = 50,
    as_json: AsJson = False,
) -> None:
    """List the latest leads, newest first."""
    from carquery.entrypoints.commands.leads.choice import Choice
    from carquery.entrypoints.commands.leads.list_and_show import list_command

    choice = Choice(status=status or (), older_than=older_than, newer_than=newer_than, customer=customer)
    list_command(choice, limit=limit, as_json=as_json)


@leads.command()
def show(
    reference: Annotated[str, typer.Argument(help="Such as CQ-7K3M9X.")],
    as_json: AsJson = False,
) -> None:
    """Show one lead: its answers, how far it has come, and everything that happened to it."""
    from carquery.entrypoints.commands.leads.list_and_show import show_command

    show_command(reference, as_json=as_json)


@leads.command()
def resubmit(
    references: Annotated[list[str] | None, typer.Argument(help="Such as CQ-7K3M9X; or choose by options.")] = None,
    status: Annotated[list[str] | None, typer.Option(help="All that are failed, dead or pending; repeatable.")] = None,
    older_than: OlderThan = None,
    newer_than: NewerThan = None,
    all_failed: Annotated[bool, typer.Option("--all-failed", help="All that are failed or dead.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be done.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Deliver leads to the CRM now, with all their attempts; safe while bots and workers run."""
    from carquery.entrypoints.commands.leads.choice import Choice
    from carquery.entrypoints.commands.leads.resubmit import resubmit_command

    choice = Choice(status=status or (), older_than=older_than, newer_than=newer_than)
    resubmit_command(references or (), choice, all_failed=all_failed, yes=yes, dry_run=dry_run, as_json=as_json)


@leads.command()
def export(
    status: OfStatus = None,
    older_than: OlderThan = None,
    newer_than: NewerThan = None,
    customer: OfCustomer = None,
    format_name: Annotated[str, typer.Option("--format", help="csv (for spreadsheets) or json.")] = "csv",
    output: Annotated[Path | None, typer.Option(help="A file; default: standard output.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
) -> None:
    """Write leads out, newest first, with names and phones; erased ones without."""
    from carquery.entrypoints.commands.leads.choice import Choice
    from carquery.entrypoints.commands.leads.export import export_command

    choice = Choice(status=status or (), older_than=older_than, newer_than=newer_than, customer=customer)
    export_command(choice, format_name=format_name, output=output, force=force)


@leads.command()
def erase(
    whom: Annotated[str, typer.Argument(help="One of the customer's leads, such as CQ-7K3M9X; or telegram:123.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Erase all personal data of a customer who asked for it; names the CRM contacts to delete by hand."""
    from carquery.entrypoints.commands.leads.erase import erase_command

    erase_command(whom, yes=yes, as_json=as_json)


@leads.command()
def doubt(
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
) -> None:
    """After a backup was restored: look for every undelivered lead in the CRM before anything of it is made."""
    from carquery.entrypoints.commands.leads.doubt import doubt_command

    doubt_command(yes=yes)


@forms.command()
def words() -> None:
    """Print every word of the forms that a dealership's file may change, as that file has it."""
    from carquery.entrypoints.commands.conversation.form_words import words_command

    words_command()


@forms.command()
def graph() -> None:
    """Print the forms as a Mermaid flowchart."""
    from carquery.entrypoints.commands.conversation.forms import graph_command

    graph_command()


@config.command("check")
def check_config(as_json: AsJson = False) -> None:
    """Show every setting and where it came from, try every connection, and say what to fix."""
    from carquery.entrypoints.commands.service.config import check_command

    check_command(as_json=as_json)


@ai.command("eval")
def evaluate(
    file: Annotated[Path, typer.Argument(help="Labelled messages, a JSON object a line.")],
    classifier: Annotated[str, typer.Option(help="rules, openai (OPENAI_MODEL alone) or chain.")] = "rules",
    as_json: AsJson = False,
) -> None:
    """Measure how often a classifier is right. Models cost money."""
    from carquery.entrypoints.commands.ai.eval_and_report import eval_command

    eval_command(file, classifier=classifier, as_json=as_json)


@report.command("ai")
def report_ai(
    days: Annotated[int, typer.Option(help="How many days back.", min=1, max=3650)] = 7,
    as_json: AsJson = False,
) -> None:
    """Show what free messages were offered, what was accepted, who answered, and what it cost."""
    from carquery.entrypoints.commands.ai.eval_and_report import report_command

    report_command(days=days, as_json=as_json)


def main() -> None:
    """The console script. What the system refuses is said in one line: a file, a folder, a disk, a network."""
    try:
        sys.exit(app())
    except OSError as refused:
        where = "" if refused.filename is None else f"{refused.filename}: "
        sys.stderr.write(f"{where}{refused.strerror or str(refused) or type(refused).__name__}\n")
        sys.exit(1)
