"""Which messengers a process has, by the tokens that it is given, and which of them it can't work without."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from carquery.adapters.messenger.way_in import WayIn
from carquery.application.conversation.navigator import Messengers
from carquery.application.ports.outreach import Outreach
from carquery.entrypoints.checks.kinds import Process, WhileRunning
from carquery.entrypoints.container import make_bot_container
from carquery.entrypoints.processes.alert_sender import StaffRoom
from carquery.entrypoints.settings.settings import BotSettings

TELEGRAM: dict[str, Any] = {"telegram_bot_token": SecretStr("1:A"), "admin_chat_id": -100}
MAX: dict[str, Any] = {"max_bot_token": SecretStr("f9LHodD0")}


@pytest.mark.parametrize(
    ("settings", "messengers", "needed"),
    [
        (TELEGRAM, {"telegram": "Telegram"}, {"telegram"}),
        (MAX, {"max": "MAX"}, {"max"}),
        (TELEGRAM | MAX, {"telegram": "Telegram", "max": "MAX"}, set()),
    ],
    ids=["Telegram", "MAX", "both"],
)
async def test_a_messenger_is_there_by_its_token_and_needed_if_it_is_the_only_one(
    tmp_path: Path, settings: dict[str, Any], messengers: dict[str, str], needed: set[str]
) -> None:
    container = make_bot_container(
        BotSettings(
            _env_file=None,  # type: ignore[call-arg]  # pydantic-settings' own argument
            database_url=SecretStr(f"sqlite:///{tmp_path}/carquery.db"),
            amocrm_mock_mode=True,
            **settings,
        )
    )
    try:
        assert await container.get(Messengers) == messengers
        assert [way.channel for way in await container.get(list[WayIn])] == list(messengers)
        outreach: Outreach = await container.get(Outreach)
        assert set(outreach.channels) == messengers.keys()
        room: StaffRoom = await container.get(StaffRoom)
        assert room.is_there == ("telegram" in messengers)
        checks = {one.check.name: one for one in await container.get(list[WhileRunning])}
    finally:
        await container.close()

    assert messengers.keys() <= checks.keys()
    assert {name for name in ("telegram", "max") if name in checks and Process.BOT in checks[name].needed_by} == needed
