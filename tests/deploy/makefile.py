"""What `make` can make."""

import re
from typing import Final

from tests.deploy.compose_files import ROOT

MAKEFILE: Final = (ROOT / "Makefile").read_text("utf-8")
TARGETS: Final = frozenset(re.findall(r"^([a-z.][a-z./-]*):(?!=)", MAKEFILE, re.MULTILINE))
