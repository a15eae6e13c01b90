"""The command line. Each command imports what it needs only when it runs, so that `--help` is quick."""

from pathlib import Path
from typing import Annotated

import typer

from carquery.entrypoints.commands.ending import ended_as_shells_expect
from carquery.entrypoints.commands.late import late_group

app = typer.Typer(
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,  # plain help is there before rich is imported
    pretty_exceptions_enable=False,  # a traceback goes to the log as it is, without values
)
db = typer.Typer(no_args_is_help=True, help="The database.")
app.add_typer(db, name="db")
app.add_typer(late_group("leads", "The leads that customers sent."), name="leads")
app.add_typer(late_group("amocrm", "The connection to amoCRM."), name="amocrm")
forms = typer.Typer(no_args_is_help=True, help="The forms that customers fill in.")
app.add_typer(forms, name="forms")
config = typer.Typer(no_args_is_help=True, help="The settings.")
app.add_typer(config, name="config")
app.add_typer(late_group("ai", "Understanding what customers write freely."), name="ai")
app.add_typer(late_group("report", "Figures of the days past."), name="report")
app.add_typer(late_group("stories", "Conversations, played against the bot."), name="stories")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]


def _print_version(wanted: bool) -> None:  # noqa: FBT001  # as an option's callback is called
    if wanted:
        from importlib.metadata import version
        from platform import platform, python_version

        typer.echo(f"carquery {version('carquery')} (Python {python_version()}, {platform(terse=True)})")
        raise typer.Exit


@app.callback()
def carquery(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version, and exit.")
    ] = False,
) -> None:
    """CarQuery: a car dealership's bot."""


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
    """Deliver leads, beside a bot or alone. SIGTERM drains it."""
    from carquery.entrypoints.commands.service.worker import run_worker_command

    run_worker_command()


@app.command()
def play(
    port: Annotated[
        int, typer.Option(help="Port of the page; 0: any free one.", min=0, max=65535, metavar="PORT")
    ] = 8090,
    folder: Annotated[Path | None, typer.Option(help="Where to keep the database; default: a temporary one.")] = None,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
) -> None:
    """Play a customer in a browser. The real bot runs against emulators on this machine: no account is needed."""
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
    """Show how an answer is read. Prints its value, the readings to choose from, or the sentence that refuses it."""
    from carquery.entrypoints.commands.conversation.read import read_command

    read_command(field, text or (), file=file, on=on, ours=ours, as_json=as_json)


@db.command()
def upgrade() -> None:
    """Bring the tables to this version."""
    from carquery.entrypoints.commands.service.database import upgrade_command

    upgrade_command()


@db.command()
def downgrade(
    to: Annotated[str, typer.Argument(help="The migration to go back to, such as 0002; upgrade names the newest.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
) -> None:
    """Take migrations back. For an older version to run: what they keep is lost, and said before."""
    from carquery.entrypoints.commands.service.database import downgrade_command

    downgrade_command(to=to, yes=yes)


@forms.command()
def words() -> None:
    """Print the words of the forms. All that a dealership's file may change, as that file has it."""
    from carquery.entrypoints.commands.conversation.form_words import words_command

    words_command()


@forms.command()
def graph() -> None:
    """Print the forms as a Mermaid flowchart."""
    from carquery.entrypoints.commands.conversation.forms import graph_command

    graph_command()


@config.command("check")
def check_config(
    *,
    only_problems: Annotated[bool, typer.Option("--only-problems", help="Show only what is wrong.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show all settings, and try every connection. Says where each came from, and what to fix."""
    from carquery.entrypoints.commands.service.config import check_command

    check_command(only_problems=only_problems, as_json=as_json)


def main() -> None:
    """The console script."""
    with ended_as_shells_expect():
        app()
