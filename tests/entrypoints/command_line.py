"""The command as an operator types it, in a process of its own, which starts warm."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from tests import warm_processes
from tests.patience import patience

CARQUERY = Path(sys.executable).with_name("carquery")

Ended: TypeAlias = "subprocess.CompletedProcess[str]"


def carquery(folder: Path, *arguments: str, **environment: str) -> Ended:
    """Run the command in a folder of its own, with nothing of our environment."""
    return warm_processes.run([str(CARQUERY), *arguments], cwd=folder, env=_with(environment), timeout=patience())


def carquery_afresh(folder: Path, *arguments: str, typed: str | None = None, **environment: str) -> Ended:
    """The same, started as an operator's is: it imports everything by itself. `typed`: what it is told on the way."""
    return subprocess.run(  # noqa: S603  # our own command
        [CARQUERY, *arguments],
        cwd=folder,
        env=_with(environment),
        input=typed,
        capture_output=True,
        text=True,
        timeout=patience(),
        check=False,
    )


def _with(environment: Mapping[str, str]) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "COLUMNS": "160", **environment}
