"""What the environment may say, and what is said of a wrong one."""

import json
import re
import traceback
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from carquery.entrypoints.settings.crm import CrmChoice
from carquery.entrypoints.settings.reading import WrongSettings, read_settings
from carquery.entrypoints.settings.settings import BotSettings, Settings

TOKEN = "123456:AAE-secret"
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No `.env` here, and no variable of ours."""
    monkeypatch.chdir(tmp_path)
    for name in BotSettings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def complaints(**variables: str) -> list[str]:
    with pytest.MonkeyPatch.context() as environment:
        for name, value in variables.items():
            environment.setenv(name, value)
        with pytest.raises(WrongSettings) as wrong:
            read_settings(BotSettings)
    return list(wrong.value.complaints)


def test_a_token_is_all_the_bot_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)

    settings = read_settings(BotSettings)

    assert settings.database_url.get_secret_value() == "sqlite:///carquery.db"
    assert (settings.redis_url, settings.dialog_ttl, settings.amocrm_mock_mode) == (None, 1800, False)


def test_a_missing_token_is_named_with_its_remedy() -> None:
    (line,) = complaints()

    assert line == (
        "TELEGRAM_BOT_TOKEN, MAX_BOT_TOKEN: missing; "
        "expected: that of @BotFather, such as 123456789:AAE…, that of business.max.ru, or both"
    )


def test_a_token_of_max_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAX_BOT_TOKEN", "f9LHodD0cOL5NY7All-9xJRh5zhPw")

    settings = read_settings(BotSettings)

    assert settings.telegram_bot_token is None
    assert (settings.max_api_base, settings.max_webhook_port) == ("https://platform-api2.max.ru", 8082)


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ({"MAX_WEBHOOK_URL": "https://bot.dealer.ru/max"}, "MAX_WEBHOOK_SECRET: missing beside MAX_WEBHOOK_URL"),
        ({"BOT_MODE": "webhook"}, "MAX_WEBHOOK_URL: missing; BOT_MODE=webhook needs it"),
    ],
)
def test_a_webhook_of_max_is_named_with_all_it_needs(given: dict[str, str], line: str) -> None:
    assert complaints(MAX_BOT_TOKEN="f9LHodD0", **given) == [line]


@pytest.mark.parametrize("content", [None, "", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_a_root_certificate_must_be_one(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "root.pem").write_text(content)

    (line,) = complaints(MAX_BOT_TOKEN="f9LHodD0", MAX_CA_FILE=str(tmp_path / "root.pem"))

    assert line.startswith("MAX_CA_FILE: ")
    assert line.endswith("; expected: a PEM file of the Russian Trusted Root CA (docs/max.md), or nothing")


def cases(name: str) -> list[dict[str, Any]]:
    """Variables as people write them. HOME in what is read: the home folder."""
    lines = (ROOT / "tests" / "data" / "settings" / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def each(name: str) -> pytest.MarkDecorator:
    found = cases(name)
    return pytest.mark.parametrize("case", found, ids=[f"{case['variable']}={case['value']}" for case in found])


@each("taken")
def test_a_value_is_taken_as_people_write_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, case: dict[str, Any]
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    monkeypatch.setenv(case["variable"], case["value"])

    read = getattr(read_settings(BotSettings), case["variable"].lower())

    shown = read.get_secret_value() if isinstance(read, SecretStr) else read
    expected = case["read"].replace("HOME", str(tmp_path)) if isinstance(case["read"], str) else case["read"]
    assert (str(shown) if isinstance(shown, Decimal) else shown) == expected


@each("refused")
def test_a_wrong_value_is_one_line_that_says_what_would_be_right(case: dict[str, Any]) -> None:
    (line,) = complaints(**({"TELEGRAM_BOT_TOKEN": TOKEN} | {case["variable"]: case["value"]}))

    assert line.startswith(f"{case['variable']}: ")
    assert case["says"] in line
    assert "; expected: " in line
    assert "\n" not in line
    assert not [piece for piece in case["secret"] if piece in line]


@each("refused")
def test_no_traceback_quotes_a_wrong_value(case: dict[str, Any]) -> None:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
        environment.setenv(case["variable"], case["value"])
        with pytest.raises(WrongSettings) as wrong:
            read_settings(BotSettings)

    told = "".join(traceback.format_exception(wrong.value))
    assert not [piece for piece in case["secret"] if piece in told]


def test_all_that_is_wrong_is_said_at_once() -> None:
    assert len(complaints(DIALOG_TTL="soon", LOG_LEVEL="LOUD")) == 3


def test_what_is_wrong_together_is_said_beside_what_is_wrong_by_itself() -> None:
    said = complaints(
        BOT_MODE="webhook", AMOCRM_LONG_LIVED_TOKEN="token", DIALOG_TTL="soon", SECRET_KEY_FILE="/there/is/none"
    )

    assert [line.partition(":")[0] for line in said] == [
        "DIALOG_TTL",
        "AMOCRM_BASE_URL",
        "SECRET_KEY_FILE",
        "TELEGRAM_BOT_TOKEN, MAX_BOT_TOKEN",
        "WEBHOOK_URL, WEBHOOK_SECRET",
    ]


def test_what_is_wrong_is_not_called_missing_as_well() -> None:
    said = complaints(
        TELEGRAM_BOT_TOKEN=TOKEN, BOT_MODE="webhook", WEBHOOK_URL="http://bot.dealer.ru/", WEBHOOK_SECRET="short"
    )

    assert [line.partition(":")[0] for line in said] == ["WEBHOOK_URL", "WEBHOOK_SECRET"]


def test_webhook_mode_names_all_it_needs() -> None:
    (line,) = complaints(TELEGRAM_BOT_TOKEN=TOKEN, BOT_MODE="webhook")

    assert line.startswith("WEBHOOK_URL, WEBHOOK_SECRET: missing")


@pytest.mark.parametrize("text", ["", "   \n", "д" * 1701])
def test_a_consent_text_must_fit_a_message(tmp_path: Path, text: str) -> None:
    file = tmp_path / "consent.txt"
    file.write_text(text, "utf-8")

    assert "CONSENT_TEXT_FILE: holds" in complaints(TELEGRAM_BOT_TOKEN=TOKEN, CONSENT_TEXT_FILE=str(file))[0]


def test_a_secret_is_read_from_a_file_without_its_line_break(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{TOKEN}\n", "utf-8")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN_FILE", str(tmp_path / "token"))

    assert read_settings(BotSettings).telegram_bot_token == SecretStr(TOKEN)


def test_a_secrets_file_may_be_named_in_dot_env(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{TOKEN}\n", "utf-8")
    (tmp_path / ".env").write_text(f"TELEGRAM_BOT_TOKEN_FILE={tmp_path}/token\nDATABASE_URL_FILE=/there/is/none\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///there.db")

    assert read_settings(BotSettings).telegram_bot_token == SecretStr(TOKEN)


def test_an_empty_secret_file_counts_as_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("\n", "utf-8")
    monkeypatch.setenv("OPENAI_API_KEY_FILE", str(tmp_path / "key"))

    assert read_settings(Settings).openai_api_key is None


def test_an_empty_file_of_what_is_needed_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n", "utf-8")

    (line,) = complaints(TELEGRAM_BOT_TOKEN=TOKEN, DATABASE_URL_FILE=str(tmp_path / "empty"))

    assert line.startswith("DATABASE_URL_FILE: ")


def test_an_empty_file_of_one_token_is_no_token_and_will_do_beside_the_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "empty").write_text("\n", "utf-8")
    (line,) = complaints(TELEGRAM_BOT_TOKEN_FILE=str(tmp_path / "empty"))
    assert line.startswith("TELEGRAM_BOT_TOKEN, MAX_BOT_TOKEN: missing")

    monkeypatch.setenv("TELEGRAM_BOT_TOKEN_FILE", str(tmp_path / "empty"))
    monkeypatch.setenv("MAX_BOT_TOKEN", "f9LHodD0")
    assert read_settings(BotSettings).telegram_bot_token is None


def test_a_secret_file_that_cannot_be_read_is_named() -> None:
    assert complaints(TELEGRAM_BOT_TOKEN_FILE="/there/is/none")[0].startswith("TELEGRAM_BOT_TOKEN_FILE: can't read")


def test_secrets_do_not_show_in_the_settings_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("DATABASE_URL", "postgresql://user:secret@host/db")
    monkeypatch.setenv("REDIS_URL", "redis://:secret@host")

    monkeypatch.setenv("AMOCRM_LONG_LIVED_TOKEN", "a-secret-token")
    monkeypatch.setenv("AMOCRM_BASE_URL", "https://dealer.amocrm.ru")
    monkeypatch.setenv("AMOCRM_CLIENT_ID", "id")
    monkeypatch.setenv("AMOCRM_CLIENT_SECRET", "a-secret")
    monkeypatch.setenv("AMOCRM_REDIRECT_URI", "https://dealer.ru/")
    monkeypatch.setenv("SECRET_KEY", "a-secret-of-some-length")

    shown = repr(read_settings(BotSettings))

    assert "a-secret" not in shown
    assert ":secret" not in shown


def test_an_env_file_is_read_and_the_environment_goes_before_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("DIALOG_TTL=60\nLOG_LEVEL=DEBUG\n", "utf-8")
    monkeypatch.setenv("DIALOG_TTL", "90")

    settings = read_settings(Settings)

    assert (settings.dialog_ttl, settings.log_level) == (90, "DEBUG")


def test_the_example_lists_every_variable_and_no_other() -> None:
    listed = re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE)

    assert sorted(listed) == sorted(name.upper() for name in BotSettings.model_fields)
    assert len(set(listed)) == len(listed)


def test_the_example_can_be_used_as_it_is_once_the_token_is_filled_in(tmp_path: Path) -> None:
    example = (ROOT / ".env.example").read_text("utf-8")
    (tmp_path / ".env").write_text(example.replace("TELEGRAM_BOT_TOKEN=", f"TELEGRAM_BOT_TOKEN={TOKEN}"), "utf-8")

    assert read_settings(BotSettings).telegram_bot_token == SecretStr(TOKEN)


OAUTH = {"AMOCRM_CLIENT_ID": "id", "AMOCRM_CLIENT_SECRET": "s", "AMOCRM_REDIRECT_URI": "https://dealer.ru/"}
ACCOUNT = {"TELEGRAM_BOT_TOKEN": TOKEN, "AMOCRM_BASE_URL": "https://dealer.amocrm.ru"}


@pytest.mark.parametrize("missing", list(OAUTH))
def test_an_integration_is_named_as_a_whole(missing: str) -> None:
    given = {name: value for name, value in OAUTH.items() if name != missing}

    (line,) = complaints(**ACCOUNT, **given)

    assert line.startswith(f"{missing}: missing beside ")


def test_a_token_without_the_account_s_address_is_a_complaint() -> None:
    (line,) = complaints(TELEGRAM_BOT_TOKEN=TOKEN, AMOCRM_LONG_LIVED_TOKEN="token")

    assert line.startswith("AMOCRM_BASE_URL: missing; expected: ")


@pytest.mark.parametrize(
    ("given", "choice"),
    [
        ({}, CrmChoice.NONE),
        ({"AMOCRM_LONG_LIVED_TOKEN": "token"}, CrmChoice.AMOCRM),
        (OAUTH, CrmChoice.AMOCRM),
        ({"AMOCRM_LONG_LIVED_TOKEN": "token", "AMOCRM_MOCK_MODE": "true"}, CrmChoice.MEMORY),
    ],
    ids=["nothing", "long-lived token", "integration", "mock mode"],
)
def test_where_leads_go(monkeypatch: pytest.MonkeyPatch, given: dict[str, str], choice: CrmChoice) -> None:
    for name, value in (ACCOUNT | given).items():
        monkeypatch.setenv(name, value)

    assert read_settings(BotSettings).crm is choice


def test_the_redirect_address_is_kept_to_the_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (ACCOUNT | OAUTH).items():
        monkeypatch.setenv(name, value)

    assert read_settings(Settings).amocrm_redirect_uri == "https://dealer.ru/"


def test_keys_are_listed_newest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "the-newest-of-keys, the-one-before-it")

    assert read_settings(Settings).secret_keys == ("the-newest-of-keys", "the-one-before-it")
