"""No line of the log holds what is secret or personal, whatever field it sits in."""

import ast
from pathlib import Path

import pytest

import carquery
from carquery.entrypoints.logs.redaction import HIDDEN, SAFE_KEYS, WORDY_KEYS, redact

TOKEN = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"


def redacted(**line: object) -> dict[str, object]:
    return dict(redact(None, "info", dict(line)))


@pytest.mark.parametrize(
    ("said", "left"),
    [
        (f"https://api.telegram.org/bot{TOKEN}/getMe", "https://api.telegram.org/bot[token]/getMe"),
        ("Authorization: Bearer abcdefgh.ijkl-mn", "Authorization: Bearer [token]"),
        ("Incorrect API key provided: sk-proj-abcdefgh1234", "Incorrect API key provided: [key]"),
        ("postgresql://cq:s3cret@db/carquery", "postgresql://[user]@db/carquery"),
        ('{"refresh_token": "def50200abc"}', '{"refresh_token": [secret]}'),
        ("client_secret=hunter22&grant_type=x", "client_secret=[secret]&grant_type=x"),
        ("Анна, 8 (916) 123-45-67", "[NAME_1], [PHONE_1]"),
        ("+79161234567 anna@mail.ru", "[PHONE_1], [ADDRESS_1]"),
        ("VIN XTA210990Y1234567", "VIN [VIN_1]"),
        ("[type=int, input_value='продаю камри', input_type=str]", f"[type=int, input_value={HIDDEN}, input_type=str]"),
    ],
)
@pytest.mark.parametrize("key", sorted(WORDY_KEYS))
def test_secrets_and_personal_data_are_masked_in_sentences(key: str, said: str, left: str) -> None:
    assert redacted(**{key: said}) == {key: left}


@pytest.mark.parametrize("key", ["text", "message", "phone", "name", "username", "answers", "whatever"])
def test_what_the_program_does_not_log_on_purpose_is_hidden(key: str) -> None:
    assert redacted(**{key: "продаю камри"}) == {key: HIDDEN}


def test_ids_and_numbers_stay() -> None:
    line = {"event": "update_handled", "update_id": 5, "customer": "telegram:7000000001", "reference": "CQ-7K3M9X"}

    assert redacted(**line) == line


def test_nested_values_are_looked_into() -> None:
    assert redacted(exception=[{"exc_value": "call +79161234567"}]) == {"exception": [{"exc_value": "call [PHONE_1]"}]}


def test_lines_of_code_in_a_traceback_stay() -> None:
    trace = 'Traceback (most recent call last):\n  File "/app/carquery/bot.py", line 5, in run\nRuntimeError: no'

    assert redacted(exception=trace) == {"exception": trace.replace("  File", "  File")}


def test_the_program_logs_no_other_keys() -> None:
    """Each call of a logger, and each binding of context, in the program's own code."""
    known = SAFE_KEYS | WORDY_KEYS | {"exc_info"}  # of which `exception` is made before lines are redacted
    others = [
        f"{path.name}:{call.lineno} {keyword.arg}"
        for path in Path(carquery.__file__).parent.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and _logs(call)
        for keyword in call.keywords
        if keyword.arg not in known
    ]

    assert others == []


def _logs(call: ast.Call) -> bool:
    function = call.func
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return function.value.id == "log"
    return isinstance(function, ast.Name) and function.id in {"bound_contextvars", "bind_contextvars"}


def test_a_messenger_that_is_called_like_a_man_keeps_its_name() -> None:
    remedy = "MAX_CA_FILE: the root by which MAX's certificate is signed; is MAX reached from this machine?"

    assert redact(None, "", {"remedy": remedy, "reason": "MAX: Макс Иванов"}) == {
        "remedy": remedy,
        "reason": "MAX: [NAME_1]",
    }
