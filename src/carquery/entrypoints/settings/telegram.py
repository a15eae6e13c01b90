"""The bot in Telegram: its token, the way updates come in, and the chat of the staff."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from carquery.entrypoints.settings.part import SettingsPart
from carquery.entrypoints.settings.variables.addresses import ProxyAddress, WebAddress, WebhookAddress
from carquery.entrypoints.settings.variables.complaints import Complaint
from carquery.entrypoints.settings.variables.numbers import Chat, Whole
from carquery.entrypoints.settings.variables.secrets import BotToken, WebhookSecret
from carquery.entrypoints.settings.variables.words import IN_SMALL_LETTERS


class TelegramSettings(SettingsPart):
    """Everything about Telegram."""

    telegram_bot_token: BotToken | None = Field(
        default=None, description="the token that @BotFather gave, such as 123456789:AAE…, or nothing"
    )
    telegram_api_base: WebAddress = Field(default="https://api.telegram.org", description="the Bot API's address")
    telegram_proxy: ProxyAddress | None = Field(
        default=None, repr=False, description="a proxy such as socks5://user:password@host:1080, or nothing"
    )
    admin_chat_id: Chat | None = Field(
        default=None, description="the admin chat's number, such as -1001234567890, or nothing"
    )
    bot_mode: Annotated[Literal["polling", "webhook"], IN_SMALL_LETTERS] = Field(
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

    def contradictions(self) -> Iterator[Complaint]:
        yield from super().contradictions()
        missing = tuple(name for name in ("webhook_url", "webhook_secret") if getattr(self, name) is None)
        if self.bot_mode == "webhook" and missing:
            yield Complaint(missing, f"missing; BOT_MODE=webhook needs {'it' if len(missing) < 2 else 'them'}")
