"""`carquery bot`."""

from carquery.adapters.messenger.way_in import WayInRefused
from carquery.adapters.redis.refused import RedisRefused
from carquery.adapters.sql.schema import SchemaOutdated
from carquery.adapters.sql.sqlite_file import DatabaseInUse, sole_user
from carquery.entrypoints.commands.running import USAGE, settings_or_exit, stop, stopping_on
from carquery.entrypoints.logs.configure import configure_logs
from carquery.entrypoints.processes.bot import run_bot
from carquery.entrypoints.processes.interpreter import run_for_long
from carquery.entrypoints.settings.settings import BotSettings


def run_bot_command(*, delete_webhook: bool) -> None:
    """Run the bot until it is told to stop."""
    settings = settings_or_exit(BotSettings)
    if delete_webhook and (why_not := settings.why_nobody_polls):
        stop(f"--delete-webhook: {why_not}", code=USAGE)
    configure_logs(level=settings.log_level, as_json=settings.log_as_json)
    refusals = (WayInRefused, SchemaOutdated, DatabaseInUse)
    with (
        stopping_on(*refusals, in_words={RedisRefused: "REDIS_URL: {}".format}),
        sole_user(settings.database_url.get_secret_value()),
    ):
        run_for_long(run_bot(settings, delete_webhook=delete_webhook))
