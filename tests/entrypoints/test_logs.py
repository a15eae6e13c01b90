"""What the log says, and what it keeps to itself."""

import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog
from structlog.contextvars import bound_contextvars

from carquery.entrypoints.logs.configure import configure_logs

PHONE = "+79161234567"


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Logging is the process's own; other tests get it back as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)


def fail_over(phone: str) -> None:
    raise RuntimeError(f"no message quotes {len(phone)} signs")


@pytest.mark.parametrize("as_json", [True, False])
def test_a_traceback_shows_no_locals(capsys: pytest.CaptureFixture[str], *, as_json: bool) -> None:
    configure_logs(level="INFO", as_json=as_json)
    try:
        fail_over(PHONE)
    except RuntimeError:
        structlog.get_logger("carquery.test").exception("update_failed")

    logged = capsys.readouterr().err
    assert "fail_over" in logged
    assert "9161234567" not in logged


def test_a_line_of_json_carries_its_update_and_customer(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(level="INFO", as_json=True)
    with bound_contextvars(update_id=5, customer="telegram:7"):
        structlog.get_logger("carquery.test").info("update_handled", screen="Menu")

    line = json.loads(capsys.readouterr().err)
    expected = {
        "event": "update_handled",
        "update_id": 5,
        "customer": "telegram:7",
        "screen": "Menu",
        "level": "info",
    }
    assert expected.items() <= line.items()


def test_libraries_are_heard_only_when_something_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(level="DEBUG", as_json=True)

    logging.getLogger("aiogram.event").info("Анна wrote +79161234567")
    logging.getLogger("sqlalchemy.engine").debug("INSERT … '+79161234567'")
    logging.getLogger("aiohttp.server").warning("unclosed connection")

    assert [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()] == ["unclosed connection"]


def test_lines_below_the_level_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(level="WARNING", as_json=True)

    structlog.get_logger("carquery.test").info("update_handled")

    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("cause", ["half of a sign: \ud83d", b"bytes", {3, 4}, {1: "a number for a key"}, object])
def test_a_line_is_json_whatever_it_says(capsys: pytest.CaptureFixture[str], cause: object) -> None:
    configure_logs(level="INFO", as_json=True)

    structlog.get_logger("carquery.test").info("store_unavailable", cause=cause)

    assert json.loads(capsys.readouterr().err)["event"] == "store_unavailable"


def test_a_stream_that_nobody_reads_any_more_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = io.StringIO()
    closed.close()
    monkeypatch.setattr(sys, "stderr", closed)
    configure_logs(level="INFO", as_json=True)

    structlog.get_logger("carquery.test").info("update_handled")
