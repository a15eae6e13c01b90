"""The log."""

from typing import Annotated, Literal

from pydantic import Field

from carquery.entrypoints.settings.part import SettingsPart
from carquery.entrypoints.settings.variables.words import IN_CAPITALS, IN_SMALL_LETTERS


class LogSettings(SettingsPart):
    """How much is logged, and how it looks."""

    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], IN_CAPITALS] = Field(
        default="INFO", description="DEBUG, INFO, WARNING or ERROR"
    )
    log_format: Annotated[Literal["json", "console"], IN_SMALL_LETTERS] | None = Field(
        default=None, description="json or console; nothing: console on a terminal, else json"
    )

    @property
    def log_as_json(self) -> bool | None:
        """`None` if that depends on whether a terminal reads it."""
        return None if self.log_format is None else self.log_format == "json"
