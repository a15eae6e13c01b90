"""What the settings are, and where each came from; secrets only as far as that they are there."""

import os
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from dotenv import dotenv_values
from pydantic import SecretStr

from carquery.adapters.addresses import HIDDEN, Address
from carquery.entrypoints.settings.secret_files import file_of, value_in
from carquery.entrypoints.settings.settings import Settings

Origin: TypeAlias = Literal["environment", "file", ".env", "default"]


@dataclass(frozen=True, slots=True)
class Effective:
    """One variable. `value`: as it may be shown; empty: there is none. `origin`: where it came from."""

    name: str
    value: str
    origin: Origin
    is_wrong: bool = False


def effective(settings: Settings, *, wrong: Collection[str] = (), env_file: Path = Path(".env")) -> Iterator[Effective]:
    """Each variable that the program knows, in the order of its settings. `wrong`: fields without a value to show."""
    written = dotenv_values(env_file) if env_file.is_file() else {}
    for field in type(settings).model_fields:
        name = field.upper()
        value = "" if field in wrong else _shown(name, getattr(settings, field))
        yield Effective(name, value, _origin(name, written), is_wrong=field in wrong)


def _origin(name: str, written: dict[str, str | None]) -> Origin:
    """As the settings read them: the environment, a file that it names, `.env`."""
    if os.environ.get(name):
        return "environment"
    with suppress(OSError, UnicodeDecodeError):
        path = file_of(name, written)
        if path is not None and value_in(path):  # the settings read it too
            return "file"
    return ".env" if written.get(name) else "default"


def _shown(name: str, value: object) -> str:
    match value:
        case None:
            return ""
        case SecretStr() if name in {"DATABASE_URL", "REDIS_URL"}:
            return _address(value.get_secret_value())
        case SecretStr():
            return HIDDEN
        case str() if name == "TELEGRAM_PROXY":
            return _address(value)
        case bool():
            return str(value).lower()
        case _:
            return str(value)


def _address(value: str) -> str:
    return value if value.startswith("sqlite:") else Address.read(value).shown()
