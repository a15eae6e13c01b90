"""`NAME_FILE`: a variable that names a file with the value, as secrets are mounted into containers."""

import os
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, DotEnvSettingsSource, PydanticBaseSettingsSource


class SecretFileUnreadable(Exception):
    """A `NAME_FILE` names a file that can't be read."""


class SecretFilesSource(PydanticBaseSettingsSource):
    """Reads each variable that is not set from the file that `NAME_FILE` names; a closing line break is dropped.

    An empty file counts as missing where a value may be. `NAME_FILE` may stand in `.env` too.
    """

    def __init__(self, settings_cls: type[BaseSettings], dotenv: PydanticBaseSettingsSource) -> None:
        super().__init__(settings_cls)
        self._dotenv = dotenv.env_vars if isinstance(dotenv, DotEnvSettingsSource) else {}

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        del field
        return self._read(field_name), field_name, False

    def __call__(self) -> dict[str, Any]:
        values = {name: self._read(name) for name in self.settings_cls.model_fields}
        return {name: value for name, value in values.items() if value is not None}

    def _read(self, field_name: str) -> str | None:
        variable = f"{field_name.upper()}_FILE"
        path = os.environ.get(variable) or self._dotenv.get(variable.lower())
        if not path or os.environ.get(field_name.upper()):
            return None
        try:
            value = Path(path).read_text("utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            reason = type(error).__name__
            raise SecretFileUnreadable(
                f"{variable}: can't read {path} ({reason}); expected: a readable UTF-8 file"
            ) from error
        if value:
            return value
        if self.settings_cls.model_fields[field_name].default is not None:
            # Whoever names a file wants no default: without DATABASE_URL leads would go to a file that nobody keeps.
            raise SecretFileUnreadable(f"{variable}: {path} is empty; expected: the value")
        return None
