"""`carquery worker`."""

from carquery.adapters.sql.schema import SchemaOutdated
from carquery.entrypoints.commands.running import USAGE, settings_or_exit, stop, stopping_on
from carquery.entrypoints.logs.configure import configure_logs
from carquery.entrypoints.processes.interpreter import run_for_long
from carquery.entrypoints.processes.worker import run_worker
from carquery.entrypoints.providers.no_crm import NoCrm
from carquery.entrypoints.settings.crm import CrmChoice
from carquery.entrypoints.settings.settings import BotSettings


def run_worker_command() -> None:
    """Deliver leads until told to stop."""
    settings = settings_or_exit(BotSettings)
    if settings.crm is CrmChoice.NONE:
        stop(str(NoCrm()), code=USAGE)
    configure_logs(level=settings.log_level, as_json=settings.log_as_json)
    with stopping_on(SchemaOutdated):
        run_for_long(run_worker(settings))
