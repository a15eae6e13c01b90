"""What the settings are, and where each came from; secrets only as far as that they are there."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

from dotenv import dotenv_values
from pydantic import SecretStr
from sqlalchemy import make_url

from carquery.entrypoints.settings import Settings

Origin: TypeAlias = Literal["environment", "file", ".env", "default"]

HIDDEN: Final = "••••"


@dataclass(frozen=True, slots=True)
class Effective:
    """One variable. `value`: as it may be shown; empty: there is none. `origin`: where it came from."""

    name: str
    value: str
    origin: Origin


def effective(settings: Settings, *, env_file: Path = Path(".env")) -> Iterator[Effective]:
    """Each variable that the program knows, in the order of its settings."""
    written = dotenv_values(env_file) if env_file.is_file() else {}
    for field in type(settings).model_fields:
        name = field.upper()
        yield Effective(name, _shown(name, getattr(settings, field)), _origin(name, written))


def _origin(name: str, written: dict[str, str | None]) -> Origin:
    """As the settings read them: the environment, a file that it names, `.env`."""
    if os.environ.get(name):
        return "environment"
    path = os.environ.get(f"{name}_FILE") or written.get(f"{name}_FILE")
    if path and Path(path).read_text("utf-8").strip():  # the settings read it too
        return "file"
    return ".env" if written.get(name) else "default"


def _shown(name: str, value: object) -> str:
    match value:
        case None:
            return ""
        case SecretStr() if name in {"DATABASE_URL", "REDIS_URL"}:
            return make_url(value.get_secret_value()).render_as_string(hide_password=True)
        case SecretStr():
            return HIDDEN
        case str() if "://" in value and "@" in value:  # a proxy with a password
            return make_url(value).render_as_string(hide_password=True)
        case bool():
            return str(value).lower()
        case _:
            return str(value)
