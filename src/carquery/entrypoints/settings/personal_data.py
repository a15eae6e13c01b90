"""What the law on personal data (152-FZ) asks for."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from carquery.entrypoints.settings.part import SettingsPart
from carquery.entrypoints.settings.secret_files import why_unreadable
from carquery.entrypoints.settings.variables.addresses import PageAddress
from carquery.entrypoints.settings.variables.numbers import Days

LONGEST_CONSENT_TEXT = 1700
"""Characters. In the worst case, two UTF-16 units each, it fits a Telegram message (4096) beside title and hint."""


def _is_consent_text(value: Path) -> Path:
    try:
        text = value.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"can't be read: {why_unreadable(error)}") from error
    if not 1 <= len(text) <= LONGEST_CONSENT_TEXT:
        raise ValueError(f"holds {len(text)} characters")
    return value


class PersonalDataSettings(SettingsPart):
    """How long leads keep their names, and what customers consent to."""

    retention_days: Days = Field(default=365, ge=1, le=36_500, description="days, 1 … 36500")
    privacy_policy_url: PageAddress | None = Field(
        default=None, description="the address of the privacy policy, or nothing"
    )
    consent_text_file: Annotated[Path, AfterValidator(_is_consent_text)] | None = Field(
        default=None, description="a UTF-8 text file of 1 … 1700 characters, or nothing for the built-in text"
    )
