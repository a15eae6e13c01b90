"""`carquery-emulators`: what it says, how it is stopped, what it refuses."""

import asyncio
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from carquery_emulators.cli import main
from tests.patience import waiting_for

LAST_LINE = "Ctrl-C stops it."


@asynccontextmanager
async def running(*arguments: str, folder: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """An emulator in a process of its own, and what it has said."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "carquery_emulators", *arguments), cwd=folder, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    said = ""
    try:
        async with waiting_for("an emulator that listens", instead=lambda: said):
            while LAST_LINE not in said:
                line = await process.stdout.readline()
                assert line, f"it ended: {said}"
                said += line.decode()
        yield process, said
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def address_in(said: str) -> str:
    return said.partition(" listens at ")[2].split()[0]


async def ended(process: asyncio.subprocess.Process) -> int:
    async with waiting_for("the end of the process"):
        return await process.wait()


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
async def test_a_telegram_alone_says_where_it_is_and_ends_when_told(stop: signal.Signals, tmp_path: Path) -> None:
    options = ("--token", "42:abc", "--username", "my_bot")

    async with running("telegram", *options, folder=tmp_path) as (process, said), ClientSession() as http:
        address = address_in(said)
        async with http.get(f"{address}/bot42:abc/getMe") as answer:
            me = (await answer.json())["result"]
        process.send_signal(stop)
        code = await ended(process)

    assert (me["id"], me["username"]) == (42, "my_bot")
    assert all(fact in said for fact in ("42:abc (@my_bot)", f"{address}/control/customers"))
    assert code == 0


async def test_a_max_alone_says_how_to_ask_it(tmp_path: Path) -> None:
    async with running("max", "--token", "t0ken", folder=tmp_path) as (_, said), ClientSession() as http:
        answer = await http.get(f"{address_in(said)}/me", headers={"Authorization": "t0ken"})

        assert (await answer.json())["is_bot"]


async def test_an_amocrm_alone_gives_a_token_and_a_drive(tmp_path: Path) -> None:
    async with running("amocrm", "--host", "localhost", folder=tmp_path) as (_, said), ClientSession() as http:
        facts = dict(line.strip().split("  ", 1) for line in said.splitlines() if line.startswith("  "))
        headers = {"Authorization": f"Bearer {facts['long-lived token'].strip()}"}
        async with http.get(f"{address_in(said)}/api/v4/account?with=drive_url", headers=headers) as answer:
            account = await answer.json()

    assert account["drive_url"] == facts["drive"].strip()
    assert account["drive_url"].startswith("http://localhost:")


@pytest.mark.parametrize("brain", [("--says", '{"word": "да"}'), ("--brain", "my_brain:think")])
async def test_an_openai_alone_says_what_one_wants(brain: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "my_brain.py").write_text('def think(model, message):\n    return {"word": "да"}\n', "utf-8")
    schema = {
        "type": "object",
        "properties": {"word": {"type": "string"}},
        "required": ["word"],
        "additionalProperties": False,
    }
    text = {"format": {"type": "json_schema", "name": "answer", "strict": True, "schema": schema}}
    asked = {"model": "gpt-4o-mini", "input": "Ну?", "text": text}

    async with running("openai", *brain, "--api-key", "k", folder=tmp_path) as (_, said), ClientSession() as http:
        headers = {"Authorization": "Bearer k"}
        async with http.post(f"{address_in(said)}/responses", json=asked, headers=headers) as answer:
            body: Any = await answer.json()

    assert body["output"][0]["content"][0]["text"] == '{"word": "да"}'


async def test_whoever_opens_it_to_a_network_is_warned(tmp_path: Path) -> None:
    async with running("openai", "--host", "0.0.0.0", folder=tmp_path) as (_, said):  # noqa: S104
        assert "It asks for no password" in said
        assert address_in(said).startswith("http://127.0.0.1:")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "required: telegram|max|amocrm|openai"),
        (["viber"], "invalid choice: 'viber'"),
        (["telegram", "--port", "70000"], "argument --port: '70000' is no port; expected: 0 to 65535"),
        (["telegram", "--port", "-1"], "argument --port: "),
        (["telegram", "--port", "http"], "argument --port: 'http' is no port"),
        (["telegram", "--token", "abc"], "argument --token: 'abc' is no bot token; expected: digits, a colon"),
        (["max", "--token", "a b"], "argument --token: 'a b' is no bot token; expected: letters and signs"),
        (["telegram", "--nonsense"], "unrecognized arguments: --nonsense"),
        (["amocrm", "--drive-port", "x"], "argument --drive-port: 'x' is no port"),
        (["amocrm", "--requests-per-second", "0"], "argument --requests-per-second: '0' is no rate"),
        (["openai", "--says", "[1]"], "argument --says: '[1]' is no JSON object"),
        (["openai", "--says", "{"], "argument --says: '{' is no JSON object"),
        (["openai", "--brain", "nowhere:think"], "argument --brain: 'nowhere:think' can't be had (ModuleNotFound"),
        (["openai", "--brain", "json"], "argument --brain: 'json' can't be had (AttributeError"),
        (["openai", "--brain", "sys:path"], "argument --brain: 'sys:path' is no function"),
        (["openai", "--brain", "json:loads", "--says", "{}"], "not allowed with argument --brain"),
    ],
)
def test_wrong_options_are_refused_in_one_line(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    out, err = capsys.readouterr()
    assert (ended.value.code, out, err.count("\n")) == (2, "", 1)
    assert words in err


@pytest.mark.parametrize("host", ["127.0.0.1", "192.0.2.1", "no.such.host.invalid"])
def test_an_address_that_cannot_be_had_is_told_in_one_line(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])

        with pytest.raises(SystemExit) as ended:
            main(["amocrm", "--host", host, "--port", port])

    _, err = capsys.readouterr()
    assert (ended.value.code, err.count("\n")) == (1, 1)
    assert err.startswith(f"carquery-emulators: {host}:{port}: ")


def test_help_tells_the_options_of_each(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (
        ["--help"],
        ["telegram", "--help"],
        ["max", "--help"],
        ["amocrm", "--help"],
        ["openai", "--help"],
    ):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 0

    said = capsys.readouterr().out
    assert all(option in said for option in ("--host", "--port", "--token", "--drive-port", "--says", "--brain"))
