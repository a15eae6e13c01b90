"""What the settings of each concern have in common: where they are read from, and how they complain."""

from collections.abc import Iterator

from pydantic import model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from carquery.adapters.addresses import unquoted
from carquery.entrypoints.settings.secret_files import SecretFilesSource
from carquery.entrypoints.settings.variables.complaints import Complaint


class SettingsPart(BaseSettings):
    """The settings of one concern. A field is a variable in small letters; its description says what would be right."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore", frozen=True
    )

    @model_validator(mode="before")
    @classmethod
    def _unquoted(cls, values: dict[str, object]) -> dict[str, object]:
        """What is sealed with a key that kept its quotes must stay readable; all others lose theirs."""
        return {
            name: unquoted(value) if isinstance(value, str) and name != "secret_key" else value
            for name, value in values.items()
        }

    def contradictions(self) -> Iterator[Complaint]:
        """What is wrong with variables together, though each by itself is right."""
        yield from ()

    @classmethod
    def settings_customise_sources(  # pydantic-settings' own signature
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        del file_secret_settings  # `NAME_FILE` instead of a folder of secrets
        return init_settings, env_settings, SecretFilesSource(settings_cls, dotenv_settings), dotenv_settings
