"""The bot in MAX: its token, where the Bot API is, and the way updates come in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from carquery.entrypoints.settings.part import SettingsPart
from carquery.entrypoints.settings.variables.addresses import PrivateAddress, SecureWebhookAddress
from carquery.entrypoints.settings.variables.complaints import Complaint
from carquery.entrypoints.settings.variables.numbers import Whole
from carquery.entrypoints.settings.variables.secrets import MaxBotToken, MaxWebhookSecret


def _holds_certificates(value: Path) -> Path:
    from carquery.adapters.max.api.trust import NotCertificates, trusting  # imported here: only where it is set

    try:
        trusting(value)
    except NotCertificates as nothing:
        raise ValueError(nothing.says) from nothing
    return value


class MaxSettings(SettingsPart):
    """Everything about MAX. Where there is an address for them, updates are brought; else they are asked for."""

    max_bot_token: MaxBotToken | None = Field(
        default=None, description="the token that business.max.ru shows («Чат-боты», «Настройки»), or nothing"
    )
    max_api_base: PrivateAddress = Field(default="https://platform-api2.max.ru", description="the Bot API's address")
    max_ca_file: Annotated[Path, AfterValidator(_holds_certificates)] | None = Field(
        default=None, description="a PEM file of the Russian Trusted Root CA (docs/max.md), or nothing"
    )
    max_webhook_url: SecureWebhookAddress | None = Field(
        default=None, description="where MAX brings updates, such as https://bot.dealer.ru/max, or nothing to poll"
    )
    max_webhook_secret: MaxWebhookSecret | None = Field(
        default=None, description="5 … 256 of A-Z a-z 0-9 _ -, such as `openssl rand -hex 32` gives"
    )
    max_webhook_host: str = Field(default="127.0.0.1", description="the address to listen on; 0.0.0.0: all of them")
    max_webhook_port: Whole = Field(default=8082, ge=0, le=65_535, description="a port, 1 … 65535; 0: a free one")

    def contradictions(self) -> Iterator[Complaint]:
        yield from super().contradictions()
        if self.max_webhook_url is not None and self.max_webhook_secret is None:
            yield Complaint(("max_webhook_secret",), "missing beside MAX_WEBHOOK_URL")
