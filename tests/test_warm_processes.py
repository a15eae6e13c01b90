"""What tests start warm behaves as what is started fresh."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeAlias
from uuid import uuid4

import pytest

from tests import warm_processes
from tests.patience import waiting_for
from tests.warm_processes import AnyProcess

Start: TypeAlias = Callable[..., Awaitable[AnyProcess]]
"""Of a program's text, with arguments and an environment."""


@pytest.fixture(params=["fresh", "warm"])
def start(request: pytest.FixtureRequest, tmp_path: Path) -> Start:
    async def started(text: str, *arguments: str, **environment: str) -> AnyProcess:
        program = tmp_path / f"{uuid4()}.py"
        program.write_text(f"#!{sys.executable}\n{text}")
        program.chmod(0o700)
        begin = asyncio.create_subprocess_exec if request.param == "fresh" else warm_processes.start
        env = {"PATH": os.environ["PATH"], **environment}
        return await begin(program, *arguments, env=env, cwd=tmp_path, stdout=PIPE, stderr=PIPE)

    return started


async def said(process: AnyProcess) -> str:
    async with waiting_for("the program to end"):
        return (await process.communicate())[0].decode()


async def test_a_program_has_arguments_environment_and_folder_of_its_own(start: Start, tmp_path: Path) -> None:
    text = "import os, sys; print(__name__, sys.argv[1:], os.environ.get('HERE'), os.environ.get('HOME'), os.getcwd())"

    ours = await start(text, "one", "two words", HERE="a", TZ="Europe/Moscow")

    assert await said(ours) == f"__main__ ['one', 'two words'] a None {tmp_path}\n"
    assert await said(await start(text)) == f"__main__ [] None None {tmp_path}\n"


async def test_it_has_no_descriptors_but_its_three(start: Start) -> None:
    """One more: of the folder that it looks into."""
    text = "import os, sys; print(len(os.listdir('/proc/self/fd'))); sys.stdout.flush(); sys.stdin.read()"
    together = await asyncio.gather(*(start(text) for _ in range(3)))

    assert [await said(process) for process in together] == ["4\n"] * 3


async def test_chance_is_its_own(start: Start) -> None:
    text = "import random, uuid; print(random.random(), uuid.uuid4())"

    assert len({await said(await start(text)) for _ in range(3)}) == 3


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("pass", 0),
        ("raise SystemExit(3)", 3),
        ("raise SystemExit('no')", 1),
        ("raise ValueError('no')", 1),
        ("import os; os._exit(7)", 7),
        ("import os; os.abort()", -signal.SIGABRT),
        ("raise KeyboardInterrupt", -signal.SIGINT),
        ("import atexit; atexit.register(print, 'done')", 0),
    ],
)
async def test_it_ends_as_programs_do(start: Start, text: str, code: int) -> None:
    process = await start(text)
    output = await said(process)

    assert (process.returncode, output) == (code, "done\n" if "done" in text else "")


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
async def test_signals_end_one_and_no_other(start: Start, how: signal.Signals) -> None:
    text = "import signal; print('here', flush=True); signal.pause()"
    one, other = await start(text), await start(text)
    for process in (one, other):
        assert process.stdout is not None
        assert await process.stdout.readline() == b"here\n"

    one.send_signal(how)
    await said(one)

    assert (one.returncode, other.returncode) == (-how, None)
    other.kill()
    await said(other)
