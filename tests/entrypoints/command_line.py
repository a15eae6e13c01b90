"""The command as an operator types it, in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path
from typing import TypeAlias

from tests.patience import patience

CARQUERY = Path(sys.executable).with_name("carquery")

Ended: TypeAlias = "subprocess.CompletedProcess[str]"


def carquery(folder: Path, *arguments: str, **environment: str) -> Ended:
    """Run the command in a folder of its own, with nothing of our environment."""
    return subprocess.run(  # noqa: S603  # our own command
        [CARQUERY, *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "COLUMNS": "160", **environment},
        capture_output=True,
        text=True,
        timeout=patience(),
        check=False,
    )
