"""`NAME_FILE`: a variable that names a file with the value, as secrets are mounted into containers."""

import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, DotEnvSettingsSource, PydanticBaseSettingsSource

from carquery.entrypoints.settings.variables.complaints import Complaint


class SecretFilesSource(PydanticBaseSettingsSource):
    """Reads each variable that is not set from the file that `NAME_FILE` names; a closing line break is dropped.

    A file that can't be read counts as missing, and so does an empty one. `NAME_FILE` may stand in `.env` too.
    """

    def __init__(self, settings_cls: type[BaseSettings], dotenv: PydanticBaseSettingsSource) -> None:
        super().__init__(settings_cls)
        written = dotenv.env_vars if isinstance(dotenv, DotEnvSettingsSource) else {}
        self._written = {name.upper(): value for name, value in written.items()}

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        del field
        return self._read(field_name), field_name, False

    def __call__(self) -> dict[str, Any]:
        values = {name: self._read(name) for name in self.settings_cls.model_fields}
        return {name: value for name, value in values.items() if value}

    def _read(self, field_name: str) -> str | None:
        path = file_of(field_name.upper(), self._written)
        try:
            return None if path is None else value_in(path)
        except (OSError, UnicodeDecodeError):
            return None  # complained of by `unreadable_files`


def file_of(variable: str, written: Mapping[str, str | None]) -> Path | None:
    """The file that holds a variable's value, if it is not set by itself. `written`: what stands in `.env`."""
    path = os.environ.get(f"{variable}_FILE") or written.get(f"{variable}_FILE")
    return Path(path) if path and not os.environ.get(variable) else None


def value_in(path: Path) -> str:
    """What the file holds. Raises OSError, UnicodeDecodeError."""
    return path.read_text("utf-8").rstrip("\r\n")


def unreadable_files(kind: type[BaseSettings], given: Collection[str]) -> list[Complaint]:
    """What is wrong with the files that variables name, except of those that are `given`.

    An empty file of a variable that can't be missing is wrong, too, even if there is a default: whoever names a file
    wants none. Without DATABASE_URL, leads would go to a file that nobody keeps.
    """
    env_file = Path(".env")
    written = dotenv_values(env_file) if env_file.is_file() else {}
    complaints = []
    for name, field in kind.model_fields.items():
        path = None if name in given else file_of(name.upper(), written)
        if path is None:
            continue
        try:
            is_wrong, what = not value_in(path).strip() and field.default is not None, f"{path} is empty"
        except (OSError, UnicodeDecodeError) as error:
            is_wrong, what = True, f"can't read {path}: {why_unreadable(error)}"
        if is_wrong:
            complaints.append(Complaint((name,), what, "a readable UTF-8 file with the value", is_file=True))
    return complaints


def why_unreadable(error: OSError | UnicodeDecodeError) -> str:
    """In a few words, without what the file holds."""
    return "it is no UTF-8 text" if isinstance(error, UnicodeDecodeError) else (error.strerror or "it fails").lower()
