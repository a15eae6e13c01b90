"""The command line. Each command imports what it needs only when it runs, so that `--help` is quick."""

import sys
from pathlib import Path
from typing import Annotated

import typer

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

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]


@app.command()
def bot() -> None:
    """Run the bot: take updates, deliver leads. SIGTERM drains it."""
    from carquery.entrypoints.commands.bot import run_bot_command

    run_bot_command()


@app.command()
def play(
    port: Annotated[int, typer.Option(help="Port of the page; 0: any free one.", min=0, max=65535)] = 8090,
    folder: Annotated[Path | None, typer.Option(help="Where to keep the database; default: a temporary one.")] = None,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
) -> None:
    """Play a customer in a browser: the real bot against emulators on this machine. Needs no account."""
    from carquery.entrypoints.commands.play import play_command

    play_command(port=port, folder=folder, browser=browser)


@db.command()
def upgrade() -> None:
    """Bring the database to this version's tables."""
    from carquery.entrypoints.commands.database import upgrade_command

    upgrade_command()


@leads.command("list")
def list_leads(
    status: Annotated[str | None, typer.Option(help="Only pending, delivering, delivered, failed or dead.")] = None,
    limit: Annotated[int, typer.Option(help="How many at the most.", min=1, max=10_000)] = 50,
    as_json: AsJson = False,
) -> None:
    """List the latest leads, newest first."""
    from carquery.entrypoints.commands.leads import list_command

    list_command(status=status, limit=limit, as_json=as_json)


@leads.command()
def show(
    reference: Annotated[str, typer.Argument(help="Such as CQ-7K3M9X.")],
    as_json: AsJson = False,
) -> None:
    """Show one lead: its answers, and how far it has come."""
    from carquery.entrypoints.commands.leads import show_command

    show_command(reference, as_json=as_json)


def main() -> None:
    """The console script."""
    sys.exit(app())
