"""`carquery leads resubmit`."""

import asyncio
import json
import sys
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta
from typing import Final, NoReturn

import typer
from dishka import AsyncContainer, Provider
from rich.console import Console

from carquery.adapters.system.clock import SystemClock
from carquery.application.leads.deliver_leads import DeliverLeads
from carquery.application.leads.resubmit_leads import Ended, Ending, Progress, ResubmitLeads
from carquery.application.ports.amendments import Amendments
from carquery.application.ports.crm import Crm
from carquery.application.ports.environment import Clock
from carquery.application.ports.leads import Leads
from carquery.application.ports.stores import StoreUnavailable
from carquery.domain.lead import Lead, LeadStatus
from carquery.entrypoints.commands.leads.choice import Choice
from carquery.entrypoints.commands.leads.reading import with_leads, with_store
from carquery.entrypoints.commands.leads.resubmission_plan import CAN_BE_RESUBMITTED, Plan, plan_for, plan_of
from carquery.entrypoints.commands.leads.resubmission_report import (
    as_json_object,
    plan_table,
    print_summary,
    progress_bar,
)
from carquery.entrypoints.commands.leads.whom import reference_or_exit
from carquery.entrypoints.commands.running import FAILED, INTERRUPTED, USAGE, run, settings_or_exit, stop
from carquery.entrypoints.container import make_bot_container
from carquery.entrypoints.logs.configure import configure_logs
from carquery.entrypoints.providers.no_crm import NO_CRM
from carquery.entrypoints.settings.crm import CrmChoice
from carquery.entrypoints.settings.settings import BotSettings, Settings

NOT_DONE: Final = frozenset({Ending.FAILED, Ending.WAITING})


def resubmit_command(
    references: Sequence[str],
    choice: Choice,
    *,
    all_failed: bool,
    yes: bool,
    dry_run: bool,
    as_json: bool,
    overrides: Sequence[Provider] = (),
) -> None:
    """Deliver leads now; exit code 1 if one that was asked for is not delivered in the end.

    Args:
        overrides: as `make_bot_container` says.
    """
    if all_failed:
        choice = replace(choice, status=(LeadStatus.FAILED, LeadStatus.DEAD, *choice.status))
    _check_usage(references, choice, asks=not (yes or dry_run), as_json=as_json)
    for_delivery = None if dry_run else _settings_for_delivery()
    plan = _plan(for_delivery or settings_or_exit(Settings), references, choice)
    if not as_json:
        _print_plan(plan)
    if plan.amended and for_delivery is not None and (yes or as_json or _is_agreed(plan.amended)):
        _put_back_amended(for_delivery, plan.amended)
    if plan.leads and for_delivery is not None:
        if not (yes or _is_agreed(plan.leads)):
            return
        ended = _deliver(for_delivery, plan.leads, overrides)
    else:
        ended = ()
    if as_json:
        typer.echo(json.dumps(as_json_object(plan, ended, dry_run=dry_run), ensure_ascii=False, indent=2))
    elif ended:
        print_summary(ended)
    if plan.is_anything_missing or not {one.ending for one in ended}.isdisjoint(NOT_DONE):
        raise typer.Exit(FAILED)


def _is_agreed(leads: Sequence[Lead]) -> bool:
    if typer.confirm(f"Resubmit {_counted(leads)}?", default=False, err=True):
        return True
    typer.echo("Nothing was changed.", err=True)
    return False


def _check_usage(references: Sequence[str], choice: Choice, *, asks: bool, as_json: bool) -> None:
    if references and choice:
        stop("Give references or options that choose, not both.", code=USAGE)
    if not references and not choice:
        stop(
            "Which leads? Give references such as CQ-7K3M9X, or --all-failed, --status failed|dead|pending, "
            "--older-than 2h, --newer-than 1d.",
            code=USAGE,
        )
    if asks and as_json:
        stop("--json asks nothing: give --yes to resubmit, or --dry-run to only look.", code=USAGE)
    if asks and not sys.stdin.isatty():
        stop("There is no terminal to ask on: give --yes to resubmit, or --dry-run to only look.", code=USAGE)


def _settings_for_delivery() -> BotSettings:
    """Asked for before anything is put back: without a CRM, leads would only lose what is known of their failures."""
    if settings_or_exit(Settings).crm is CrmChoice.NONE:
        stop(NO_CRM, code=FAILED)
    return settings_or_exit(BotSettings)


def _plan(settings: Settings, references: Sequence[str], choice: Choice) -> Plan:
    if references:
        read = [reference_or_exit(typed) for typed in references]

        async def planned(container: AsyncContainer) -> Plan:
            return await plan_for(read, await container.get(Leads), await container.get(Amendments))

        return with_store(settings, planned)
    chosen = choice.as_chosen(now=SystemClock().now(), among=CAN_BE_RESUBMITTED)
    return with_leads(settings, lambda leads: plan_of(chosen, leads))


def _put_back_amended(settings: Settings, leads: Sequence[Lead]) -> None:
    """What their customers changed is due again; whoever delivers leads takes it."""

    async def put_back(container: AsyncContainer) -> None:
        amendments = await container.get(Amendments)
        await amendments.put_back([lead.id for lead in leads], at=SystemClock().now())

    with_store(settings, put_back, changes=True)


def _print_plan(plan: Plan) -> None:
    for lead in plan.amended:
        typer.echo(f"{lead.reference}: it was delivered; what the customer changed since goes again", err=True)
    for left in plan.left_alone:
        typer.echo(f"{left.reference}: {left.reason}", err=True)
    if plan.leads:
        Console().print(plan_table(plan.leads, now=SystemClock().now()))
    elif not plan.amended:
        typer.echo("Nothing to resubmit.")


def _deliver(settings: BotSettings, leads: Sequence[Lead], overrides: Sequence[Provider]) -> Sequence[Ended]:
    """Deliver, and show how far it is."""
    ended: list[Ended] = []
    try:
        with progress_bar(len(leads)) as show:
            # Within the bar, which keeps what is written to stderr meanwhile above itself.
            configure_logs(level=settings.log_level, as_json=settings.log_as_json)

            def tell(step: Progress) -> None:
                show(step)
                if isinstance(step, Ended):
                    ended.append(step)

            run(_resubmit(settings, leads, overrides, tell))
    except KeyboardInterrupt:
        _stop_midway("Interrupted", ended, leads, code=INTERRUPTED)
    except StoreUnavailable as away:
        _stop_midway(f"The database does not answer: {away}", ended, leads, code=FAILED)
    return ended


async def _resubmit(
    settings: BotSettings, leads: Sequence[Lead], overrides: Sequence[Provider], tell: Callable[[Progress], None]
) -> None:
    container = make_bot_container(settings, *overrides)
    try:
        resubmit = await _resubmission(container)
        async with aclosing(resubmit([lead.id for lead in leads])) as steps:
            async for step in steps:
                tell(step)
    finally:
        await container.close()


async def _resubmission(container: AsyncContainer) -> ResubmitLeads:
    return ResubmitLeads(
        leads=await container.get(Leads),
        crm=await container.get(Crm),
        deliver=await container.get(DeliverLeads),
        clock=await container.get(Clock),
        sleep=_sleep,
    )


async def _sleep(time: timedelta) -> None:
    await asyncio.sleep(time.total_seconds())


def _stop_midway(what: str, ended: Sequence[Ended], leads: Sequence[Lead], *, code: int) -> NoReturn:
    delivered = sum(one.ending is Ending.DELIVERED for one in ended)
    stop(
        f"{what}. Delivered: {delivered} of {_counted(leads)}. What was put back is pending: a running bot or worker "
        "delivers it (what was in hand just now within some minutes), or: carquery leads resubmit --status pending",
        code=code,
    )


def _counted(leads: Sequence[Lead]) -> str:
    return "1 lead" if len(leads) == 1 else f"{len(leads)} leads"
