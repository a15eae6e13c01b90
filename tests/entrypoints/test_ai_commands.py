"""`carquery ai eval` and `carquery report ai`, as an operator types them."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from carquery.adapters.rules.learned.data import MESSAGES
from carquery.adapters.rules.learned.shipped import WEIGHTS
from carquery.adapters.sql.ai_journal import SqlAiJournal
from carquery.adapters.sql.engine import open_engine
from carquery.application.ports.classifier import Usage
from carquery.domain.forms.form import Service
from carquery_emulators.openai import OpenAiEmulator
from tests.builders import a_call, message_number
from tests.entrypoints.command_line import Ended, carquery, carquery_afresh
from tests.sqlite_files import a_sqlite_database

DEV = MESSAGES / "early.jsonl"


def figures(run: Ended) -> dict[str, Any]:
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def test_the_rules_are_measured_on_a_file(tmp_path: Path) -> None:
    found = figures(carquery(tmp_path, "ai", "eval", str(DEV), "--json"))

    assert found["messages"] == 684
    assert found["intent_accuracy"] >= 0.9
    assert found["entity_f1"] >= 0.9
    assert found["injections_offered"] == 0
    assert found.keys() >= {"entity_precision", "entity_recall", "per_intent", "per_entity", "p50_ms", "p95_ms"}
    assert found.keys() >= {"p50_cpu_ms", "p95_cpu_ms"}
    assert found["offered"]["0.6"].keys() == {"offered", "offered_wrong", "reach"}


def test_a_person_reads_tables(tmp_path: Path) -> None:
    few = tmp_path / "few.jsonl"
    few.write_text("".join(DEV.read_text("utf-8").splitlines(keepends=True)[:60]), "utf-8")

    run = carquery_afresh(tmp_path, "ai", "eval", str(few))

    assert run.returncode == 0
    for word in ("Intent accuracy", "Confusion", "Precision", "mileage", "Injections offered a form"):
        assert word in run.stdout


@pytest.mark.parametrize("classifier", ["openai", "chain"])
async def test_models_are_measured_with_what_they_cost(tmp_path: Path, classifier: str) -> None:
    file = tmp_path / "two.jsonl"
    file.write_text('{"text": "продаю", "intent": "sell"}\n{"text": "привет", "intent": "other"}\n')
    async with OpenAiEmulator(lambda _model, _text: {"intent": "sell", "confidence": 0.9}) as openai:
        run = await asyncio.to_thread(
            carquery,
            tmp_path,
            *("ai", "eval", str(file), "--classifier", classifier, "--json"),
            OPENAI_API_KEY=openai.api_key,
            OPENAI_BASE_URL=openai.base_url,
        )

    found = figures(run)
    assert (found["messages"], found["intent_accuracy"]) == (2, 0.5)
    assert found["input_tokens"] > 0
    assert found["cost_usd"] > 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "no message in it"),
        ("{", "line 1"),
        ('{"text": "a", "intent": "sell"}\n{"text": 1, "intent": "sell"}', "line 2: 1 is no text"),
        ('{"text": "a", "intent": "swap"}', "intent 'swap' is none of sell, buy"),
        ('{"text": "a", "intent": "sell", "entities": {"year": "2018"}}', "entity year: '2018'"),
        ('{"text": "a", "intent": "sell", "entities": {"colour": "red"}}', "entity colour"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(tmp_path: Path, content: str, words: str) -> None:
    file = tmp_path / "wrong.jsonl"
    file.write_text(content)

    run = carquery(tmp_path, "ai", "eval", str(file))

    assert run.returncode == 2
    assert words in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["missing.jsonl"], "missing.jsonl: No such file"),
        ([str(DEV), "--classifier", "oracle"], "«oracle» is none; expected: rules, openai, chain"),
        ([str(DEV), "--classifier", "openai"], "OPENAI_API_KEY: missing"),
    ],
)
def test_wrong_usage_says_what_would_be_right(tmp_path: Path, arguments: list[str], words: str) -> None:
    run = carquery(tmp_path, "ai", "eval", *arguments)

    assert run.returncode == 2
    assert words in run.stderr


# Learning, and labels to learn from


def test_wrong_messages_are_refused_before_anything_is_learned(tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    file.write_text('{"text": "a", "intent": "swap"}')

    run = carquery(tmp_path, "ai", "train", "--add", str(file), "--out", str(tmp_path / "mine.weights"))

    assert run.returncode == 2
    assert "mine.jsonl: line 1: intent 'swap' is none of sell, buy" in run.stderr
    assert not (tmp_path / "mine.weights").exists()


@pytest.mark.parametrize(
    ("content", "says"), [(b"weights", "not a file of weights"), (WEIGHTS.read_bytes()[:-1], "damaged")]
)
def test_damaged_weights_stop_the_start(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "mine.weights").write_bytes(content)

    run = carquery(tmp_path, "ai", "eval", str(DEV), INTENT_WEIGHTS=str(tmp_path / "mine.weights"))

    assert run.returncode == 2
    assert f"mine.weights: {says}" in run.stderr
    assert "Traceback" not in run.stderr


async def with_doubtful_messages(folder: Path) -> dict[str, str]:
    environment = await journalled(folder)
    async with open_engine(environment["DATABASE_URL"]) as engine:
        journal = SqlAiJournal(engine)
        for number, text in enumerate(("есть чего?", "ржавую примете", "[PHONE_1] камри"), start=10):
            at = datetime.now(UTC) - timedelta(minutes=number)
            await journal.add([a_call(message_number(number), at=at, text=text, confidence=0.4)])
    return environment


async def test_doubtful_messages_are_labelled_by_a_key_each(tmp_path: Path) -> None:
    environment = await with_doubtful_messages(tmp_path)

    run = carquery_afresh(tmp_path, "ai", "label", "mine.jsonl", typed="b sq", **environment)

    assert run.returncode == 0, run.stderr
    lines = [json.loads(line) for line in (tmp_path / "mine.jsonl").read_text().splitlines()]
    assert [(line["text"], line["intent"]) for line in lines] == [("есть чего?", "buy"), ("[PHONE_1] камри", "sell")]
    assert "2 labelled" in run.stdout


async def test_what_has_a_label_is_not_shown_again(tmp_path: Path) -> None:
    environment = await with_doubtful_messages(tmp_path)
    carquery_afresh(tmp_path, "ai", "label", "mine.jsonl", typed="bbb", **environment)

    again = carquery_afresh(tmp_path, "ai", "label", "mine.jsonl", typed="", **environment)

    assert "No message of the last 30 days" in again.stdout


# The report


async def journalled(folder: Path) -> dict[str, str]:
    """A database with a day's figures, and the environment that leads there."""
    url = a_sqlite_database(folder)
    now = datetime.now(UTC)
    async with open_engine(url) as engine:
        journal = SqlAiJournal(engine)
        for number in (1, 2):
            usage = Usage(400, 30, Decimal("0.000078"))
            await journal.add([a_call(message_number(number), at=now, offered=Service.SELL, usage=usage)])
        await journal.answered(message_number(1), accepted=True)
        await journal.add([a_call(message_number(3), at=now - timedelta(days=30), model="rules")])
    return {"DATABASE_URL": url}


async def test_the_report_shows_what_was_accepted_and_what_it_cost(tmp_path: Path) -> None:
    environment = await journalled(tmp_path)

    found = figures(carquery(tmp_path, "report", "ai", "--json", **environment))

    (day,) = found["days"]
    assert (day["messages"], day["offered"], day["accepted"], day["accepted_of_offered"]) == (2, 2, 1, 0.5)
    assert (day["cost_usd"], day["fallback_rate"]) == (0.000156, 0)
    assert [model["model"] for model in found["models"]] == ["gpt-4o-mini"]


async def test_a_person_reads_the_report_as_tables(tmp_path: Path) -> None:
    environment = await journalled(tmp_path)

    run = carquery_afresh(tmp_path, "report", "ai", "--days", "60", **environment)

    assert run.returncode == 0
    for word in ("Accepted / offered", "50.0%", "gpt-4o-mini", "rules", "All"):
        assert word in run.stdout


def test_a_report_of_nothing_says_so(tmp_path: Path) -> None:
    carquery(tmp_path, "db", "upgrade")

    run = carquery(tmp_path, "report", "ai")

    assert (run.returncode, run.stdout) == (0, "No free message in the last 7 days.\n")
