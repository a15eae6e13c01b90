"""Secrets in the settings."""

import re
from typing import Annotated, Final, TypeAlias

from pydantic import AfterValidator, SecretStr

SHORTEST_KEY: Final = 16
LONGEST_WEBHOOK_SECRET: Final = 256
"""Characters. Source, with the characters: Bot API, setWebhook."""
_WEBHOOK_SECRET: Final = re.compile(r"[A-Za-z0-9_-]+")
_MAX_WEBHOOK_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{5,256}")
"""Source: dev.max.ru, POST /subscriptions."""
_HEADER_VALUE: Final = re.compile(r"[!-~]+", re.ASCII)


def _is_token(value: SecretStr) -> SecretStr:
    bot_id, separator, secret = value.get_secret_value().partition(":")
    if not (separator and secret and bot_id.isascii() and bot_id.isdecimal()):
        raise ValueError("not a bot token")
    return value


def _is_webhook_secret(value: SecretStr) -> SecretStr:
    secret = value.get_secret_value()
    if not SHORTEST_KEY <= len(secret) <= LONGEST_WEBHOOK_SECRET or not _WEBHOOK_SECRET.fullmatch(secret):
        raise ValueError("too short, or not what Telegram takes")
    return value


def _is_max_token(value: SecretStr) -> SecretStr:
    token = value.get_secret_value()
    if token.lower().startswith("bearer "):
        raise ValueError("begins with a word that MAX does not want before the token")
    if not _HEADER_VALUE.fullmatch(token):
        raise ValueError("not a bot token")
    return value


def _is_max_webhook_secret(value: SecretStr) -> SecretStr:
    if not _MAX_WEBHOOK_SECRET.fullmatch(value.get_secret_value()):
        raise ValueError("too short, too long, or not what MAX takes")
    return value


def _are_keys(value: SecretStr) -> SecretStr:
    if any(len(key.strip()) < SHORTEST_KEY for key in value.get_secret_value().split(",")):
        raise ValueError("too short")
    return value


BotToken: TypeAlias = Annotated[SecretStr, AfterValidator(_is_token)]
WebhookSecret: TypeAlias = Annotated[SecretStr, AfterValidator(_is_webhook_secret)]
MaxBotToken: TypeAlias = Annotated[SecretStr, AfterValidator(_is_max_token)]
MaxWebhookSecret: TypeAlias = Annotated[SecretStr, AfterValidator(_is_max_webhook_secret)]
SecretKeys: TypeAlias = Annotated[SecretStr, AfterValidator(_are_keys)]
