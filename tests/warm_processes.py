"""Processes that start warm: forked from one that has imported everything, for importing is what a start costs most.

They are processes as others are: with signals, descriptors, a folder and an environment of their own, killed and waited
for as others are. What they can't prove is that a program imports what it needs; for that, each is started fresh too.
"""

import asyncio
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import TypeAlias

ROOT = Path(__file__).parents[1]


class WarmPopen:
    """What `subprocess.Popen` is to a fresh process."""

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        env: Mapping[str, str],
        cwd: str | Path,
        streams: tuple[int, int, int],
    ) -> None:
        program, *arguments = map(str, command)
        become = {"program": program, "arguments": arguments, "environment": dict(env), "folder": str(cwd)}
        self._ended, says_how = os.pipe()
        try:
            self.pid = _parent.fork(become, (*streams, says_how))
        finally:
            os.close(says_how)
        self._returncode: int | None = None

    @property
    def returncode(self) -> int | None:
        """None: it still runs."""
        return self._returncode if self._returncode is not None or not self.has_ended_within(0) else self._read()

    def has_ended_within(self, seconds: float) -> bool:
        return self._returncode is not None or bool(select.select([self._ended], [], [], seconds)[0])

    def wait(self, seconds: float) -> int:
        """The exit code, as `subprocess` counts it. Raises subprocess.TimeoutExpired."""
        if not self.has_ended_within(seconds) or (code := self.returncode) is None:
            raise subprocess.TimeoutExpired(f"process {self.pid}", seconds)
        return code

    def end_to_watch(self) -> int:
        """A descriptor of the caller's own, readable once it has ended."""
        return os.dup(self._ended)

    def send_signal(self, which: int) -> None:
        """Nothing happens to one that has ended."""
        if self.returncode is None:
            os.kill(self.pid, which)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _read(self) -> int:
        code = os.read(self._ended, 16)
        os.close(self._ended)
        self._returncode = int(code or -signal.SIGKILL)  # nothing: the parent is gone, and has taken it along
        return self._returncode


class WarmProcess:
    """What `asyncio.subprocess.Process` is to a fresh process."""

    def __init__(
        self, process: WarmPopen, stdout: asyncio.StreamReader | None, stderr: asyncio.StreamReader | None
    ) -> None:
        self._process = process
        self.stdout = stdout
        self.stderr = stderr

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.returncode

    def send_signal(self, which: int) -> None:
        self._process.send_signal(which)

    def terminate(self) -> None:
        self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self._process.kill()

    async def wait(self) -> int:
        while (code := self.returncode) is None:
            await _readable(self._process)
        return code

    async def communicate(self) -> tuple[bytes, bytes]:
        """What it still says, once it has ended."""
        said = await asyncio.gather(*(_all_of(stream) for stream in (self.stdout, self.stderr)))
        await self.wait()
        return said[0], said[1]


AnyProcess: TypeAlias = Process | WarmProcess


async def start(
    program: str | Path,
    *arguments: str,
    env: Mapping[str, str],
    cwd: str | Path,
    stdout: int | None = None,
    stderr: int | None = None,
) -> WarmProcess:
    """What `asyncio.create_subprocess_exec` is to fresh processes, for programs in Python; stdin is empty."""
    ours: list[int | None] = []
    theirs = [os.open(os.devnull, os.O_RDONLY)]
    for number, wanted in enumerate((stdout, stderr), start=1):
        our_end, their_end = os.pipe() if wanted == PIPE else (None, _write_end(number, wanted))
        ours.append(our_end)
        theirs.append(their_end)
    streams = (theirs[0], theirs[1], theirs[2])
    try:
        process = await asyncio.to_thread(WarmPopen, (program, *arguments), env=env, cwd=cwd, streams=streams)
    finally:
        for descriptor in theirs:
            os.close(descriptor)
    readers = [None if end is None else await _reader(end) for end in ours]
    return WarmProcess(process, *readers)


def run(
    command: Sequence[str], *, env: Mapping[str, str], cwd: Path, timeout: float
) -> "subprocess.CompletedProcess[str]":
    """What `subprocess.run` is to a fresh process: its exit code and output."""
    with TemporaryFile() as stdout, TemporaryFile() as stderr, Path(os.devnull).open("rb") as stdin:
        streams = (stdin.fileno(), stdout.fileno(), stderr.fileno())
        process = WarmPopen(command, env=env, cwd=cwd, streams=streams)
        try:
            code = process.wait(timeout)
        finally:
            process.kill()
        for said in (stdout, stderr):
            said.seek(0)
        return subprocess.CompletedProcess(command, code, stdout.read().decode(), stderr.read().decode())


def let_the_parent_go() -> None:
    """At the end of a test run."""
    _parent.end()


class _Parent:
    """`tests/warm_parent.py` in a process, started when the first child is asked for."""

    def __init__(self) -> None:
        self._one_at_a_time = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._requests: socket.socket | None = None

    def fork(self, become: Mapping[str, object], descriptors: Sequence[int]) -> int:
        """The child's process id."""
        with self._one_at_a_time:
            requests = self._requests or self._start()
            socket.send_fds(requests, [json.dumps(become).encode()], descriptors)
            child = requests.recv(16)
        assert child, "the parent of warm processes has ended: see what it said"
        return int(child)

    def end(self) -> None:
        if self._requests is not None and self._process is not None:
            self._requests.close()
            self._process.wait()

    def _start(self) -> socket.socket:
        self._requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            command = [sys.executable, "-m", "tests.warm_parent", str(theirs.fileno())]
            environment = {"PATH": os.environ["PATH"]}
            self._process = subprocess.Popen(  # noqa: S603  # our own interpreter
                command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()]
            )
        return self._requests


_parent = _Parent()


def _write_end(number: int, wanted: int | None) -> int:
    return os.open(os.devnull, os.O_WRONLY) if wanted == DEVNULL else os.dup(number)


async def _reader(descriptor: int) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    pipe = os.fdopen(descriptor, "rb", buffering=0)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
    return reader


async def _all_of(stream: asyncio.StreamReader | None) -> bytes:
    return b"" if stream is None else await stream.read()


async def _readable(process: WarmPopen) -> None:
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    descriptor = process.end_to_watch()
    loop.add_reader(descriptor, ended.set)
    try:
        await ended.wait()
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)
