"""The settings: read once, from the environment and `.env`, into one frozen object.

Every complaint is shown at once, one line each: the variable, what is wrong with it, what would be right.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Annotated, Final, Generic, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from carquery.adapters.addresses import unquoted
from carquery.entrypoints.settings.secret_files import SecretFilesSource, unreadable_files, why_unreadable
from carquery.entrypoints.settings.variables.addresses import (
    AccountAddress,
    DatabaseAddress,
    PageAddress,
    PrivateAddress,
    ProxyAddress,
    RedisAddress,
    WebAddress,
    WebhookAddress,
)
from carquery.entrypoints.settings.variables.complaints import Complaint, complaint_of
from carquery.entrypoints.settings.variables.numbers import DECIMAL, WHOLE, Chat, Days, Minutes, Seconds, Whole
from carquery.entrypoints.settings.variables.secrets import BotToken, SecretKeys, WebhookSecret

EXAMPLE_ACCOUNT = "https://example.amocrm.ru"

LONGEST_CONSENT_TEXT = 1700
"""Characters. In the worst case, two UTF-16 units each, it fits a Telegram message (4096) beside title and hint."""


class WrongSettings(Exception):
    """Some variables are missing or wrong. `complaints`: one line for each."""

    def __init__(self, complaints: tuple[str, ...]) -> None:
        super().__init__("\n".join(complaints))
        self.complaints = complaints


def _is_consent_text(value: Path) -> Path:
    try:
        text = value.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"can't be read: {why_unreadable(error)}") from error
    if not 1 <= len(text) <= LONGEST_CONSENT_TEXT:
        raise ValueError(f"holds {len(text)} characters")
    return value


_IN_CAPITALS = BeforeValidator(lambda value: value.upper() if isinstance(value, str) else value)
_IN_SMALL_LETTERS = BeforeValidator(lambda value: value.lower() if isinstance(value, str) else value)
ModelName = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[\w.:/-]+$")]
CrmNumber = Annotated[int, WHOLE, Field(ge=1, lt=1 << 63)]
_FIELD = Field(default=None, description="a custom field's number, or nothing (carquery amocrm fields shows them)")
_SPANS = "such as 90s, 30m, 2h, 1d"


class CrmChoice(Enum):
    """Where leads are delivered to: amoCRM, the in-memory CRM, or nowhere yet (they are stored and wait)."""

    AMOCRM = "amocrm"
    MEMORY = "memory"
    NONE = "none"


class Settings(BaseSettings):
    """What every command may need. A field's description says what would be right."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore", frozen=True
    )

    database_url: DatabaseAddress = Field(
        default=SecretStr("sqlite:///carquery.db"),
        description="postgresql://user:password@host/name, or sqlite:///carquery.db, or nothing for the latter",
    )
    redis_url: RedisAddress | None = Field(
        default=None, description="redis://:password@host:6379/0, or nothing to keep dialogs in the process"
    )
    dialog_ttl: Seconds = Field(
        default=1800, ge=1, le=604_800, description=f"seconds a dialog lives untouched, 1 … 604800, or a time {_SPANS}"
    )

    amocrm_mock_mode: bool = Field(default=False, description="true or false")
    amocrm_base_url: AccountAddress = Field(
        default=EXAMPLE_ACCOUNT, description="your account's address, such as https://dealer.amocrm.ru"
    )
    amocrm_client_id: str | None = Field(default=None, description="the integration's ID, from its «keys and access»")
    amocrm_client_secret: SecretStr | None = Field(
        default=None, description="the integration's secret key, from its «keys and access»"
    )
    amocrm_redirect_uri: PageAddress | None = Field(
        default=None, description="the redirect address that the integration was made with, to the letter"
    )
    amocrm_long_lived_token: SecretStr | None = Field(
        default=None, description="a long-lived token of the integration, instead of its ID, secret key and address"
    )
    amocrm_pipeline_id: CrmNumber | None = Field(
        default=None, description="a pipeline's number, or nothing: the main one"
    )
    amocrm_status_id: CrmNumber | None = Field(
        default=None, description="the number of a stage of that pipeline, or nothing: its first one"
    )
    amocrm_responsible_user_id: CrmNumber | None = Field(
        default=None, description="a user's number, or nothing: the one who made the token"
    )
    amocrm_task_minutes: Minutes = Field(
        default=30, ge=0, le=100_000, description="minutes, 0 … 100000, or a time such as 2h; 0: no task is made"
    )
    amocrm_field_service: CrmNumber | None = _FIELD
    amocrm_field_brand: CrmNumber | None = _FIELD
    amocrm_field_year: CrmNumber | None = _FIELD
    amocrm_field_mileage: CrmNumber | None = _FIELD
    amocrm_field_price: CrmNumber | None = _FIELD
    amocrm_field_vin: CrmNumber | None = _FIELD
    amocrm_field_source: CrmNumber | None = _FIELD
    amocrm_field_telegram: CrmNumber | None = _FIELD
    amocrm_field_reference: CrmNumber | None = _FIELD
    secret_key: SecretKeys | None = Field(
        default=None,
        description="16 or more random characters, such as `openssl rand -base64 32` gives; new,old to change it",
    )
    delivery_interval: Seconds = Field(
        default=300, ge=1, le=86_400, description=f"seconds, 1 … 86400, or a time {_SPANS}"
    )
    delivery_max_attempts: Whole = Field(default=30, ge=1, le=1000, description="a number of attempts, 1 … 1000")

    openai_api_key: SecretStr | None = Field(
        default=None,
        description="a key of your OpenAI project, or nothing: the built-in rules alone read free text",
    )
    openai_base_url: PrivateAddress = Field(
        default="https://api.openai.com/v1", description="the API's address, such as https://api.openai.com/v1"
    )
    openai_model: ModelName = Field(default="gpt-4o-mini", description="a model's name, such as gpt-4o-mini")
    openai_fallback_model: ModelName = Field(default="gpt-4o", description="a model's name, such as gpt-4o")
    openai_daily_budget_usd: Annotated[Decimal, DECIMAL] = Field(
        default=Decimal(5), ge=0, le=10_000, description="US dollars a day, 0 … 10000"
    )

    retention_days: Days = Field(default=365, ge=1, le=36_500, description="days, 1 … 36500")
    privacy_policy_url: PageAddress | None = Field(
        default=None, description="the address of the privacy policy, or nothing"
    )
    consent_text_file: Annotated[Path, AfterValidator(_is_consent_text)] | None = Field(
        default=None, description="a UTF-8 text file of 1 … 1700 characters, or nothing for the built-in text"
    )

    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], _IN_CAPITALS] = Field(
        default="INFO", description="DEBUG, INFO, WARNING or ERROR"
    )
    log_format: Annotated[Literal["json", "console"], _IN_SMALL_LETTERS] | None = Field(
        default=None, description="json or console; nothing: console on a terminal, else json"
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
        oauth = ("amocrm_client_id", "amocrm_client_secret", "amocrm_redirect_uri")
        missing = tuple(name for name in oauth if getattr(self, name) is None)
        if 0 < len(missing) < len(oauth):
            beside = ", ".join(name.upper() for name in oauth if name not in missing)
            yield Complaint(missing, f"missing beside {beside}")
        if self.crm is CrmChoice.AMOCRM and self.amocrm_base_url == EXAMPLE_ACCOUNT:
            expected = "your account's address, such as https://dealer.amocrm.ru"
            yield Complaint(("amocrm_base_url",), "missing", expected)

    @property
    def crm(self) -> "CrmChoice":
        """Where leads are delivered to."""
        if self.amocrm_mock_mode:
            return CrmChoice.MEMORY
        has_access = self.amocrm_long_lived_token is not None or self.amocrm_client_id is not None
        return CrmChoice.AMOCRM if has_access else CrmChoice.NONE

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """The keys to seal with (the first) and to open with (all)."""
        given = "" if self.secret_key is None else self.secret_key.get_secret_value()
        return tuple(key.strip() for key in given.split(",") if key.strip())

    @property
    def dialog_lifetime(self) -> timedelta:
        return timedelta(seconds=self.dialog_ttl)

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


class BotSettings(Settings):
    """What the bot needs besides."""

    telegram_bot_token: BotToken = Field(description="the token that @BotFather gave, such as 123456789:AAE…")
    telegram_api_base: WebAddress = Field(default="https://api.telegram.org", description="the Bot API's address")
    telegram_proxy: ProxyAddress | None = Field(
        default=None, repr=False, description="a proxy such as socks5://user:password@host:1080, or nothing"
    )
    admin_chat_id: Chat | None = Field(
        default=None, description="the admin chat's number, such as -1001234567890, or nothing"
    )
    bot_mode: Annotated[Literal["polling", "webhook"], _IN_SMALL_LETTERS] = Field(
        default="polling", description="polling or webhook"
    )
    webhook_url: WebhookAddress | None = Field(
        default=None, description="where Telegram brings updates, such as https://bot.dealer.ru/telegram"
    )
    webhook_secret: WebhookSecret | None = Field(
        default=None, description="16 … 256 of A-Z a-z 0-9 _ -, such as `openssl rand -hex 32` gives"
    )
    webhook_host: str = Field(default="127.0.0.1", description="the address to listen on; 0.0.0.0: all of them")
    webhook_port: Whole = Field(default=8081, ge=0, le=65_535, description="a port, 1 … 65535; 0: a free one")
    health_check_host: str = Field(default="127.0.0.1", description="the address to listen on; 0.0.0.0: all of them")
    health_check_port: Whole = Field(default=8080, ge=0, le=65_535, description="a port, 1 … 65535; 0: a free one")

    def contradictions(self) -> Iterator[Complaint]:
        yield from super().contradictions()
        missing = tuple(name for name in ("webhook_url", "webhook_secret") if getattr(self, name) is None)
        if self.bot_mode == "webhook" and missing:
            yield Complaint(missing, f"missing; BOT_MODE=webhook needs {'it' if len(missing) < 2 else 'them'}")


S = TypeVar("S", bound=Settings)

_STAND_INS: Final = {"telegram_bot_token": SecretStr("0:missing")}
"""For what has no default, so that everything else can be looked at while it is missing."""


@dataclass(frozen=True, slots=True)
class SettingsRead(Generic[S]):
    """Settings with a default wherever something is wrong, and all that is."""

    settings: S
    complaints: tuple[Complaint, ...] = ()

    @property
    def wrong(self) -> frozenset[str]:
        """The fields whose values are not what anybody has chosen."""
        return frozenset(name for complaint in self.complaints for name in complaint.names)


def look_at_settings(kind: type[S], **given: object) -> SettingsRead[S]:
    """Read the environment and `.env`, and find everything that is wrong; what is `given` goes before both.

    Raises:
        WrongSettings: not even `.env` can be read.
    """
    try:
        complaints = unreadable_files(kind, given)
        while True:
            wrong = {name for complaint in complaints for name in complaint.names}
            defaults = {name: _STAND_INS.get(name, kind.model_fields[name].default) for name in wrong}
            try:
                settings = kind(**given | defaults)  # type: ignore[arg-type]  # checked by pydantic
                break
            except ValidationError as found:
                complaints += [complaint_of(error, kind.model_fields) for error in found.errors(include_input=False)]
    except (OSError, UnicodeDecodeError) as unreadable:
        raise WrongSettings((f".env: can't be read: {why_unreadable(unreadable)}",)) from unreadable
    together = [complaint for complaint in settings.contradictions() if wrong.isdisjoint(complaint.names)]
    order = list(kind.model_fields)
    found_all = sorted([*complaints, *together], key=lambda complaint: order.index(complaint.names[0]))
    return SettingsRead(settings, tuple(found_all))


def read_settings(kind: type[S], **given: object) -> S:
    """Read the environment and `.env`; what is `given` goes before both.

    Raises:
        WrongSettings: some variables are missing or wrong, each with its own line.
    """
    read = look_at_settings(kind, **given)
    if read.complaints:
        raise WrongSettings(tuple(map(str, read.complaints)))
    return read.settings
