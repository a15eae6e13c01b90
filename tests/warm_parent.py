"""The parent of warm processes: it has imported what our programs import, and forks a child for each that is asked for.

`tests/warm_processes.py` runs it as `python -m tests.warm_parent FD`. FD is a socket: a request is JSON with the
descriptors of stdin, stdout, stderr and of a pipe for the exit code, the answer is the process id. When the other end
is closed it ends, and whatever it still runs.

It must stay a process with one thread and no event loop: a fork copies nothing else whole.
"""

import gc
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from carquery import entrypoints

MORE = (
    "aiosqlite",
    "asyncpg",
    "carquery.adapters.openai.classifier",
    "tests.e2e.delivery.quick_worker",
    "tests.e2e.scaling.quick_bot",
)
"""What is imported beside all entrypoints, and all that those import."""

LARGEST = 256 * 1024
"""Of a request, in bytes: an environment, and some words."""


class _Parent:
    def __init__(self, requests: socket.socket) -> None:
        self._requests = requests
        self._exit_pipes: dict[int, int] = {}
        self._woken, self._wakes = os.pipe()
        for end in (self._woken, self._wakes):
            os.set_blocking(end, False)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the children; whoever started us ends us
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wakes, warn_on_full_buffer=False)

    def serve(self) -> Mapping[str, Any]:
        """Fork, and tell how children ended. Returns in each child, with what it is to become."""
        requests = self._requests.fileno()
        while True:
            ready, _, _ = select.select([requests, self._woken], [], [])
            if self._woken in ready:
                os.read(self._woken, LARGEST)
                self._tell_who_has_ended()
            if requests in ready:
                request, descriptors, _, _ = socket.recv_fds(self._requests, LARGEST, 4)
                if not request:
                    self._end()
                *streams, exit_pipe = descriptors
                child = os.fork()
                if child == 0:
                    self._let_go(streams, exit_pipe)
                    become: Mapping[str, Any] = json.loads(request)
                    return become
                self._exit_pipes[child] = exit_pipe
                for stream in streams:
                    os.close(stream)
                self._requests.send(str(child).encode())

    def _tell_who_has_ended(self) -> None:
        for child in tuple(self._exit_pipes):
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                exit_pipe = self._exit_pipes.pop(child)
                os.write(exit_pipe, str(os.waitstatus_to_exitcode(status)).encode())
                os.close(exit_pipe)

    def _end(self) -> None:
        for child in self._exit_pipes:
            os.kill(child, signal.SIGKILL)
        sys.exit()

    def _let_go(self, streams: Sequence[int], exit_pipe: int) -> None:
        """Be nobody's parent: signals as a program finds them, and no descriptors but its own three."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self._requests.close()
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
        for descriptor in (*streams, exit_pipe, *self._exit_pipes.values(), self._woken, self._wakes):
            os.close(descriptor)


def _become(program: str, arguments: Sequence[str], environment: Mapping[str, str], folder: str) -> None:
    """Go on as `python PROGRAM …` would; how it ends is the interpreter's own affair."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    time.tzset()
    given = environment.get("PYTHONPATH")
    sys.path[:1] = [str(Path(program).parent), *(given.split(os.pathsep) if given else ())]
    sys.argv = [program, *arguments]
    sys.stdout.reconfigure(line_buffering=os.isatty(1))  # type: ignore[union-attr]  # it is a TextIOWrapper
    runpy.run_path(program, run_name="__main__")


def main() -> None:
    """Import, and serve."""
    ours = (module.name for module in pkgutil.walk_packages(entrypoints.__path__, f"{entrypoints.__name__}."))
    for name in (*ours, *MORE):
        import_module(name)
    assert threading.active_count() == 1, f"an import started {threading.enumerate()}"
    gc.collect()
    gc.freeze()  # else each child copies every page that its garbage collection looks at
    request = _Parent(socket.socket(fileno=int(sys.argv[1]))).serve()
    _become(**request)


if __name__ == "__main__":
    main()
