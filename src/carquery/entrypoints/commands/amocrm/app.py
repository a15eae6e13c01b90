"""The command line of `carquery amocrm`. Each command imports what it needs only when it runs."""

from typing import Annotated

import typer

app = typer.Typer(rich_markup_mode=None)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]


@app.command()
def login(
    code: Annotated[
        str, typer.Option(help="The one-time code from the integration's «keys and access»; good for 20 minutes.")
    ],
    domain: Annotated[
        str | None,
        typer.Option(help="The account's address, such as https://dealer.amocrm.ru; default: AMOCRM_BASE_URL."),
    ] = None,
) -> None:
    """Authorise with a one-time code. Afterwards it stays authorised by itself."""
    from carquery.entrypoints.commands.amocrm.connection import login_command

    login_command(code=code, domain=domain)


@app.command()
def check(as_json: AsJson = False) -> None:
    """Check what the settings name in amoCRM. Says what is not there, and what to fix."""
    from carquery.entrypoints.commands.amocrm.connection import check_command

    check_command(as_json=as_json)


@app.command()
def fields(
    create: Annotated[bool, typer.Option("--create", help="Make the missing ones.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the custom fields that can be filled. Prints the variables to set."""
    from carquery.entrypoints.commands.amocrm.connection import fields_command

    fields_command(create=create, as_json=as_json)


@app.command()
def reconcile(
    since: Annotated[str, typer.Option(help="Leads delivered since then: 2h, 7d ago.")] = "7d",
    as_json: AsJson = False,
) -> None:
    """Count the deals of leads delivered lately. Names each lead that has not exactly one in amoCRM."""
    from carquery.entrypoints.commands.amocrm.reconcile import reconcile_command

    reconcile_command(since=since, as_json=as_json)
