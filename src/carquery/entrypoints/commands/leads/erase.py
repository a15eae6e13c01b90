"""`carquery leads erase`."""

import json
import sys

import typer
from dishka import AsyncContainer

from carquery.application.leads.erase_on_demand import EraseOnDemand, Erasure
from carquery.application.ports.customers import Customers
from carquery.application.ports.leads import Leads
from carquery.domain.ids import CustomerId, Reference
from carquery.domain.moscow import MOSCOW
from carquery.entrypoints.commands.leads.reading import with_store
from carquery.entrypoints.commands.leads.whom import lead_or_customer_or_exit
from carquery.entrypoints.commands.running import FAILED, USAGE, settings_or_exit, stop
from carquery.entrypoints.providers.crm_words import crm_in_words
from carquery.entrypoints.settings.settings import Settings


def erase_command(typed: str, *, yes: bool, as_json: bool) -> None:
    """Erase a customer, or the one who sent a lead, after asking."""
    whom = lead_or_customer_or_exit(typed)
    settings = settings_or_exit(Settings)
    if not yes and (as_json or not sys.stdin.isatty()):
        stop("There is nobody to ask: give --yes to erase.", code=USAGE)
    if not yes:
        named = whom if isinstance(whom, CustomerId) else f"the customer of {whom}"
        question = f"Erase everything of {named}, in all their leads? It can't be undone."
        if not typer.confirm(question, default=False, err=True):
            raise typer.Abort

    async def erasing(container: AsyncContainer) -> Erasure | None:
        erase = EraseOnDemand(leads=await container.get(Leads), customers=await container.get(Customers))
        return await (erase.customer(whom) if isinstance(whom, CustomerId) else erase.of_lead(whom))

    erasure = with_store(settings, erasing, changes=True)
    if erasure is None:
        stop(f"{whom}: there is no such lead", code=FAILED)
    if as_json:
        typer.echo(json.dumps(_as_dict(whom, erasure)))
        return
    if not erasure.was_there:
        why = "nothing is stored of them" if isinstance(whom, CustomerId) else "it names no customer any more"
        typer.echo(f"{whom}: nothing to do, {why}.")
        return
    typer.echo(f"{whom}: the customer's leads are anonymous, name, phone and consents are gone.")
    typer.echo("A dialog that is open ends DIALOG_TTL after its last touch.")
    crm = crm_in_words(settings).name
    for contact in erasure.contacts:
        typer.echo(f"Yours to delete in {crm}: contact {contact}")
    for one in erasure.doubtful:
        at = f"{one.at.astimezone(MOSCOW):%d.%m.%Y %H:%M} (Moscow)"
        typer.echo(f"Yours to look for in {crm}: a contact made at {at} or later, phone ends {one.phone_ends}")


def _as_dict(whom: Reference | CustomerId, erasure: Erasure) -> dict[str, object]:
    doubtful = [{"phone_ends": one.phone_ends, "at": one.at.isoformat()} for one in erasure.doubtful]
    return {
        "customer" if isinstance(whom, CustomerId) else "reference": str(whom),
        "was_there": erasure.was_there,
        "crm_contacts": erasure.contacts,
        "crm_contacts_in_doubt": doubtful,
    }
