"""Whatever is answered in Telegram's place, the bot takes updates when Telegram answers again."""

import json
from pathlib import Path
from urllib.parse import urlsplit

from structlog.testing import capture_logs
from structlog.typing import EventDict

from carquery_emulators.telegram import Customer, TelegramEmulator
from tests.e2e.journeys import give
from tests.e2e.running_bot import running_bot
from tests.patience import eventually
from tests.switch import Line, a_switch
from tests.wire import in_bytes

ANSWERS = Path(__file__).parents[1] / "data" / "telegram" / "answers_to_get_updates.jsonl"


async def test_no_answer_to_the_request_for_updates_ends_the_bot(
    telegram: TelegramEmulator, anna: Customer, database_url: str
) -> None:
    answers = [json.loads(line) for line in ANSWERS.read_text().splitlines()]
    lines: dict[str, list[str]] = {}
    async with a_switch(urlsplit(telegram.base_url).port or 0) as switch:
        there = f"http://127.0.0.1:{switch.port}"
        async with running_bot(telegram, database_url=database_url, telegram_api_base=there):
            await give(anna, "/start sell")
            for answer in answers:
                with capture_logs() as logs:
                    await switch.set(Line.SAYS, in_bytes(answer))
                    await eventually(lambda: is_said(logs))  # it ends before the next one
                    await switch.set(Line.PASSES)
                    await give(anna, "/help")
                lines[answer["name"]] = [line["event"] for line in logs if line["event"].startswith("telegram_")]

    assert lines == {answer["name"]: ["telegram_away", "telegram_back"] for answer in answers}


def is_said(logs: list[EventDict]) -> bool:
    return any(line["event"] == "telegram_away" for line in logs)
