"""A database of leads, and an operator with a command line; each command runs in this process."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest
from typer.testing import CliRunner, Result

from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.leads import SqlLeads
from carquery.adapters.system.clock import SystemClock
from carquery.application.ports.leads import LeadChange
from carquery.domain.lead import Lead
from carquery.domain.lead_history import HistoryEntry
from carquery.entrypoints.cli import app
from carquery.entrypoints.settings.settings import BotSettings
from tests import builders
from tests.sqlite_files import a_sqlite_database

T = TypeVar("T")

JUST_NOW = SystemClock().now()
"""Commands ask the machine for the time, so ages count from now."""


@contextmanager
def a_desk(folder: Path, **more: str) -> Iterator["LeadsDesk"]:
    """A desk in that folder, with an environment that holds what commands need, `more`, and nothing else of ours."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    database_url = a_sqlite_database(folder)
    given = {"DATABASE_URL": database_url, "TELEGRAM_BOT_TOKEN": "123456:AAE-secret", "AMOCRM_MOCK_MODE": "true"}
    with pytest.MonkeyPatch.context() as environment:
        environment.chdir(folder)
        for name in BotSettings.model_fields:
            environment.delenv(name.upper(), raising=False)
        for name, value in (given | more).items():
            environment.setenv(name, value)
        yield LeadsDesk(database_url)
    root.handlers = handlers  # commands set up logging, which is the process's own
    root.setLevel(level)
    logging.captureWarnings(capture=False)


class LeadsDesk:
    """Stored leads, and commands that are run on them."""

    def __init__(self, database_url: str) -> None:
        self.database_url = database_url

    def run(self, *arguments: str) -> Result:
        """`carquery leads …`, away from a terminal."""
        return CliRunner().invoke(app, ["leads", *arguments])

    def json_of(self, *arguments: str) -> Any:
        """What the command prints on stdout, which must be one JSON document."""
        return json.loads(self.run(*arguments).stdout)

    def has(self, *leads: Lead) -> None:
        """Store them as they are."""

        async def add(stored: SqlLeads) -> None:
            for lead in leads:
                await stored.add(lead)

        self._with_engine(add)

    def stored(self, lead: Lead) -> Lead:
        """The lead as it is now."""
        found = self._with_engine(lambda leads: leads.load(lead.id))
        assert found is not None, "leads are never deleted"
        return found

    def happened(self, lead: Lead, *entries: HistoryEntry) -> None:
        """Something happened to the lead while a worker had it."""

        async def record(leads: SqlLeads) -> None:
            claim = await leads.claim(limit=1, lease_for=timedelta(minutes=1), only={lead.id})
            await leads.update([LeadChange(lead, entries)], claim.lease, release=True)

        self._with_engine(record)

    def is_held(self, lead: Lead, *, lease_for: timedelta = timedelta(hours=1)) -> None:
        """A worker has it in hand."""
        claim = self._with_engine(lambda leads: leads.claim(limit=1, lease_for=lease_for, only={lead.id}))
        assert [held.id for held in claim.leads] == [lead.id]

    def _with_engine(self, work: Callable[[SqlLeads], Awaitable[T]]) -> T:
        async def working() -> T:
            async with open_engine(self.database_url) as engine:
                return await work(SqlLeads(engine, SystemClock()))

        return asyncio.run(working())


THREE_HOURS = timedelta(hours=3)
a_pending_lead = partial(builders.a_pending_lead, now=JUST_NOW, age=THREE_HOURS)
a_failed_lead = partial(builders.a_failed_lead, now=JUST_NOW, age=THREE_HOURS)
a_dead_lead = partial(builders.a_dead_lead, now=JUST_NOW, age=THREE_HOURS)
a_delivered_lead = partial(builders.a_delivered_lead, now=JUST_NOW, age=THREE_HOURS)
