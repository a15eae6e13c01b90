"""How long `carquery --help` takes, beside importing typer alone. Promise: at most 1.2 times as long."""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

CARQUERY: Final = str(Path(sys.executable).with_name("carquery"))

ENVIRONMENT: Final = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
"""PYTHONDONTWRITEBYTECODE would have our modules compiled each time, and typer's not."""


def measured(*, runs: int) -> str:
    """The median wall times of both, taken in turn, and their ratio."""
    ours, typer = [], []
    for _ in range(runs + 1):
        ours.append(_seconds(CARQUERY, "--help"))
        typer.append(_seconds(sys.executable, "-c", "import typer"))
    help_time, import_time = statistics.median(ours[1:]), statistics.median(typer[1:])
    return (
        f"carquery --help {help_time * 1000:.0f} ms, import typer {import_time * 1000:.0f} ms: "
        f"ratio {help_time / import_time:.2f} (promised: at most 1.2)"
    )


def _seconds(*command: str) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=ENVIRONMENT)  # noqa: S603  # our own commands
    return time.perf_counter() - started
