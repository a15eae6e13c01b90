"""`carquery bot`."""

from carquery.adapters.redis.connection import RedisRefused
from carquery.adapters.sql.schema import SchemaOutdated
from carquery.adapters.sql.sqlite_file import DatabaseInUse, sole_user
from carquery.adapters.telegram.updates.webhook import ListenRefused
from carquery.application.ports.stores import StoreUnavailable
from carquery.entrypoints.commands.running import FAILED, USAGE, run, settings_or_exit, stop, stop_for_store
from carquery.entrypoints.logs.configure import configure_logs
from carquery.entrypoints.processes.bot import TokenRefused, run_bot
from carquery.entrypoints.settings.settings import BotSettings


def run_bot_command(*, delete_webhook: bool) -> None:
    """Run the bot until it is told to stop."""
    settings = settings_or_exit(BotSettings)
    if delete_webhook and settings.bot_mode == "webhook":
        stop("--delete-webhook: BOT_MODE=webhook sets one; expected: BOT_MODE=polling", code=USAGE)
    configure_logs(level=settings.log_level, as_json=settings.log_as_json)
    try:
        with sole_user(settings.database_url.get_secret_value()):
            run(run_bot(settings, delete_webhook=delete_webhook))
    except (TokenRefused, ListenRefused, SchemaOutdated, DatabaseInUse) as refused:
        stop(str(refused), code=FAILED)
    except RedisRefused as refused:
        stop(f"REDIS_URL: {refused}", code=FAILED)
    except StoreUnavailable as away:
        stop_for_store(away)
