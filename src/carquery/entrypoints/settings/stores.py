"""Where leads and open dialogs are kept."""

from datetime import timedelta

from pydantic import Field, SecretStr

from carquery.entrypoints.settings.part import SettingsPart
from carquery.entrypoints.settings.variables.addresses import DatabaseAddress, RedisAddress
from carquery.entrypoints.settings.variables.numbers import SPANS, Seconds


class StoreSettings(SettingsPart):
    """The database, and Redis if there is one."""

    database_url: DatabaseAddress = Field(
        default=SecretStr("sqlite:///carquery.db"),
        description="postgresql://user:password@host/name, or sqlite:///carquery.db, or nothing for the latter",
    )
    redis_url: RedisAddress | None = Field(
        default=None,
        description="redis://:password@host:6379/0, redis+cluster://:password@host:7001,host:7002, "
        "redis+sentinel://:password@host:26379,host:26379/service/0, or nothing to keep dialogs in the process",
    )
    dialog_ttl: Seconds = Field(
        default=1800, ge=1, le=604_800, description=f"seconds a dialog lives untouched, 1 … 604800, or a time {SPANS}"
    )

    @property
    def dialog_lifetime(self) -> timedelta:
        return timedelta(seconds=self.dialog_ttl)
