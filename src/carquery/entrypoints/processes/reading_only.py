"""For commands that only look: they leave nothing behind."""

from typing import TypeVar

from pydantic import SecretStr

from carquery.adapters.sql.sqlite_file import file_of
from carquery.entrypoints.settings.settings import Settings

S = TypeVar("S", bound=Settings)

IN_MEMORY = "sqlite:///:memory:"


def leaving_nothing(settings: S) -> S:
    """The settings with an empty database of this process, if theirs would have to be made first."""
    path = file_of(settings.database_url.get_secret_value())
    if path is None or path.exists():
        return settings
    return settings.model_copy(update={"database_url": SecretStr(IN_MEMORY)})
