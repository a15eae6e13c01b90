"""A git repository of a test's own, which no other git, hook or setting of this machine can reach."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

PERSON = {f"GIT_{role}_{what}": "anna@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


@dataclass(frozen=True, slots=True)
class Repository:
    folder: Path

    def run(self, *command: str) -> "subprocess.CompletedProcess[str]":
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "GIT_CONFIG_NOSYSTEM": "1", **PERSON}
        return subprocess.run(  # noqa: S603  # ours
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )

    def git(self, *arguments: str) -> str:
        """What git says; it must succeed."""
        done = self.run("git", *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def commit_all(self) -> "subprocess.CompletedProcess[str]":
        self.git("add", "--all")
        return self.run("git", "commit", "--quiet", "--message", "Work")

    def read(self, name: str) -> str:
        return (self.folder / name).read_text("utf-8")

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
