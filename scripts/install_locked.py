#!/usr/bin/env python3
"""Install what a lock names into the environment that runs this, and say how far it is: pip is silent for minutes.

On a terminal that is one line, which changes; elsewhere, one at the beginning.
"""

import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--require-hashes", "--no-deps")
LOCKED = re.compile(r"^[a-z0-9-]+==", re.MULTILINE)
GOT = re.compile(r"(?:Collecting|Requirement already satisfied:) (?P<name>[A-Za-z0-9-]+)")


def main(lock: str) -> int:
    """Returns pip's exit code; if it failed, what it said is on stderr."""
    count = len(LOCKED.findall(Path(lock).read_text("utf-8")))
    print(f"  {count} libraries, as {lock} pins them", end="" if sys.stdout.isatty() else "\n", flush=True)
    command = [*PIP, "--requirement", lock]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:  # noqa: S603  # our own interpreter
        said = followed(pip.stdout or (), count)
    if sys.stdout.isatty():
        print(f"\r\x1b[K  {count} libraries, as {lock} pins them", flush=True)
    if pip.returncode != 0:
        sys.stderr.write("".join(said))
    return pip.returncode


def followed(lines: Iterable[str], count: int) -> list[str]:
    """All lines; meanwhile a terminal shows how far they are."""
    said, got = [], 0
    for line in lines:
        said.append(line)
        found = GOT.match(line)
        got += found is not None
        if found is not None and sys.stdout.isatty():
            print(f"\r\x1b[K  {got} of {count} libraries: {found['name']}", end="", flush=True)
        elif line.startswith("Installing") and sys.stdout.isatty():
            print(f"\r\x1b[K  {count} libraries, being unpacked", end="", flush=True)
    return said


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
