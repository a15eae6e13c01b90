"""`carquery worker`."""

from carquery.adapters.sql.schema import SchemaOutdated
from carquery.application.ports.stores import StoreUnavailable
from carquery.entrypoints.commands.running import FAILED, USAGE, run, settings_or_exit, stop, stop_for_store
from carquery.entrypoints.logs.configure import configure_logs
from carquery.entrypoints.processes.worker import run_worker
from carquery.entrypoints.providers.crm import NoCrm
from carquery.entrypoints.settings.crm import CrmChoice
from carquery.entrypoints.settings.settings import BotSettings


def run_worker_command() -> None:
    """Deliver leads until told to stop."""
    settings = settings_or_exit(BotSettings)
    if settings.crm is CrmChoice.NONE:
        stop(str(NoCrm()), code=USAGE)
    configure_logs(level=settings.log_level, as_json=settings.log_as_json)
    try:
        run(run_worker(settings))
    except SchemaOutdated as outdated:
        stop(str(outdated), code=FAILED)
    except StoreUnavailable as away:
        stop_for_store(away)
