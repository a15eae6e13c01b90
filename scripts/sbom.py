#!/usr/bin/env python3
"""Print a software bill of materials of what a server installs: CycloneDX 1.6, JSON.

Made from requirements/run.txt alone: one lock gives one bill, to the letter.
"""

import json
import re
import sys
import tomllib
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LOCKED = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[^\s;\\]+)")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
WHOSE = re.compile(r"^ +# +(?:via +)?(?P<name>[a-z0-9-]+)(?: \(.*\))?$", re.MULTILINE)
"""Who needs it. One stands behind «via», several stand below it."""


@dataclass(frozen=True, slots=True)
class Library:
    """One that is locked.

    Attributes:
        hashes: of the files that may be installed, each for another platform.
        needed_by: by name; the program itself among them.
    """

    name: str
    version: str
    hashes: tuple[str, ...]
    needed_by: frozenset[str]

    @property
    def url(self) -> str:
        """Source: the purl specification, type «pypi»."""
        return f"pkg:pypi/{self.name}@{self.version}"


def libraries(lock: str) -> list[Library]:
    """Those of a lock that `uv pip compile --generate-hashes` has written."""
    found = []
    for block in re.split(r"^(?=[a-z0-9])", lock, flags=re.MULTILINE):
        if (locked := LOCKED.match(block)) is not None:
            needed_by = frozenset(WHOSE.findall(block)) - {"via"}
            found.append(Library(locked["name"], locked["version"], tuple(HASH.findall(block)), needed_by))
    return found


def bill(program: str, version: str, lock: str) -> dict[str, Any]:
    """The bill of that program, which needs what the lock names."""
    locked = libraries(lock)
    refs = {program: program} | {one.name: one.url for one in locked}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{program} {version} {lock}')}",
        "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": program, "name": program, "version": version}},
        "components": [
            {
                "type": "library",
                "bom-ref": one.url,
                "name": one.name,
                "version": one.version,
                "purl": one.url,
                "hashes": [{"alg": "SHA-256", "content": content} for content in one.hashes],
            }
            for one in locked
        ],
        "dependencies": [
            {"ref": ref, "dependsOn": [one.url for one in locked if name in one.needed_by]}
            for name, ref in refs.items()
        ],
    }


if __name__ == "__main__":
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lock = (ROOT / "requirements" / "run.txt").read_text("utf-8")
    json.dump(bill(project["name"], project["version"], lock), sys.stdout, indent=2)
    sys.stdout.write("\n")
