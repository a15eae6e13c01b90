#!/usr/bin/env python3
"""Make a release of what is committed: its number wherever it stands, its date in the changelog, a commit, a tag.

All of it or nothing; and nothing is pushed.
"""

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
NUMBER = r"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)){2}"
UNRELEASED = "## Unreleased\n"
OWN = r'(?<=^version = "){}(?="$)'
PLACES = {
    "pyproject.toml": (OWN, r'(?<=carquery-emulators==){}(?=")'),
    "emulators/pyproject.toml": (OWN,),
    "Dockerfile": (r"(?<=^ARG VERSION=){}$",),
    "docker-compose.yml": (r"(?<=image: carquery:){}$",),
}
"""Where the version stands, once for each pattern. The emulators have the bot's: its playground is made for them."""


class NotReleased(Exception):
    """Why there is no release; the tree is as it was."""


def main(version: str) -> None:
    """Release `version`, such as 0.2.0."""
    tag = f"v{version}"
    if not re.fullmatch(NUMBER, version):
        raise NotReleased(f"«{version}» is no version: make release VERSION=0.2.0")
    if changed := git("status", "--porcelain"):
        raise NotReleased(f"commit or put away first:\n{changed}")
    if git("tag", "--list", tag):
        raise NotReleased(f"there is a tag {tag} already")

    texts = {name: numbered(name, version) for name in PLACES}
    texts["CHANGELOG.md"] = dated((ROOT / "CHANGELOG.md").read_text("utf-8"), version)
    before = git("rev-parse", "HEAD")
    try:
        for name, text in texts.items():
            (ROOT / name).write_text(text, "utf-8")
        git("commit", "--quiet", "--message", f"Release {version}", "--", *texts)
        git("tag", "--annotate", "--message", f"CarQuery {version}", tag)
    except NotReleased:
        git("reset", "--quiet", "--hard", before)  # loses nothing: there was nothing but what is committed
        raise
    print(f"Released {version}, on this machine only. To publish it:\n  git push --atomic origin HEAD {tag}")


def numbered(name: str, version: str) -> str:
    """The text of the file with `version` in the old one's place."""
    text = (ROOT / name).read_text("utf-8")
    for pattern in PLACES[name]:
        place = re.compile(pattern.format(NUMBER), re.MULTILINE)
        found = list(place.finditer(text))
        if len(found) != 1:
            raise NotReleased(f"{name} should name the version once, not {len(found)} times")
        if in_order(version) < in_order(found[0].group()):
            raise NotReleased(f"{name} is at {found[0].group()} already; {version} is older")
        text = place.sub(version, text)
    return text


def in_order(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def dated(changelog: str, version: str) -> str:
    """The changelog with what is unreleased under `version` and today's date."""
    before, heading, after = changelog.partition(UNRELEASED)
    if not re.match(r"\s*- ", after):
        raise NotReleased("CHANGELOG.md has no line under «Unreleased»: what will users notice?")
    return f"{before}{heading}\n## {version} – {datetime.now(UTC).date()}\n{after}"


def git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603, S607  # the user's git
    if done.returncode != 0:
        raise NotReleased(f"git {arguments[0]} says: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout.rstrip()


if __name__ == "__main__":
    try:
        main(" ".join(sys.argv[1:]))
    except NotReleased as why:
        sys.exit(f"Not released: {why}")
