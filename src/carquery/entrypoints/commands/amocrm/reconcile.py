"""`carquery amocrm reconcile`."""

import json

import typer
from dishka import AsyncContainer

from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.config import AmoCrmConfig
from carquery.adapters.amocrm.deals import Deals
from carquery.adapters.system.clock import SystemClock
from carquery.application.leads.reconcile_leads import ReconcileLeads, Reconciliation
from carquery.application.ports.leads import Leads
from carquery.entrypoints.commands.amocrm.connection import settings_for, with_amocrm
from carquery.entrypoints.commands.leads.choice import moment
from carquery.entrypoints.commands.running import FAILED


def reconcile_command(*, since: str, as_json: bool) -> None:
    """Count the deals of leads that were delivered since then; exit code 1 if a lead has not exactly one."""
    begin = moment("--since", since, SystemClock().now())
    settings = settings_for(None)

    async def counting(container: AsyncContainer) -> Reconciliation:
        deals = Deals(await container.get(AmoCrmClient), await container.get(AmoCrmConfig))
        return await ReconcileLeads(leads=await container.get(Leads), deals=deals)(since=begin)

    found = with_amocrm(settings, counting)
    if as_json:
        wrong = [{"reference": lead.reference, "deals": lead.deals} for lead in found.wrong]
        typer.echo(json.dumps({"leads": found.leads, "once": found.leads - len(wrong), "wrong": wrong}))
    else:
        for lead in found.wrong:
            what = "no deal in amoCRM" if lead.deals == 0 else f"{lead.deals} deals in amoCRM"
            typer.echo(f"{lead.reference}: {what}")
        typer.echo(f"{found.leads} leads delivered, {found.leads - len(found.wrong)} with exactly one deal.")
    if found.wrong:
        raise typer.Exit(FAILED)
