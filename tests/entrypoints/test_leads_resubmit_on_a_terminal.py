"""`carquery leads resubmit` as a person runs it: it asks, and shows how far it is."""

import os
import pty
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from carquery.domain.lead import LeadStatus
from tests.entrypoints.command_line import CARQUERY
from tests.entrypoints.leads_desk import LeadsDesk, a_dead_lead, a_pending_lead
from tests.patience import patience
from tests.warm_processes import WarmPopen

A_MOMENT = 1.0


class Terminal:
    """A command, and the person in front of it."""

    def __init__(self, command: subprocess.Popen[bytes] | WarmPopen, screen: int) -> None:
        self._command = command
        self._screen = screen
        self.shown = ""

    def sees(self, words: str) -> None:
        """Wait until that is shown."""
        give_up_at = time.monotonic() + patience()
        while words not in self.shown:
            left = give_up_at - time.monotonic()
            assert self._read(within=left), f"«{words}» was not shown within {patience():.0f} s, but:\n{self.shown}"

    def types(self, text: str) -> None:
        os.write(self._screen, text.encode())

    def presses_ctrl_c(self) -> None:
        self._command.send_signal(signal.SIGINT)

    def exit_code(self) -> int:
        """Of the command, once it has ended."""
        while self._read(within=patience()):
            pass
        return self._command.wait(patience())

    def exit_code_after_ctrl_c(self) -> int:
        """As a person does it, who presses again: a signal just before the program reads does not wake it."""
        give_up_at = time.monotonic() + patience()
        while time.monotonic() < give_up_at:
            self.presses_ctrl_c()
            with suppress(subprocess.TimeoutExpired):
                return self._command.wait(A_MOMENT)
        raise AssertionError(f"Ctrl-C did not end it within {patience():.0f} s; it shows:\n{self.shown}")

    def _read(self, *, within: float) -> bool:
        """More of what is shown. False: there will be no more, or not in time."""
        if not select.select([self._screen], [], [], max(0.0, within))[0]:
            return False
        try:
            shown = os.read(self._screen, 65_536)
        except OSError:  # so Linux says that nobody writes to a terminal any more
            return False
        self.shown += shown.decode(errors="replace")
        return bool(shown)


@contextmanager
def a_terminal(*arguments: str, is_fresh: bool = False) -> Iterator[Terminal]:
    """`carquery leads resubmit …` on a terminal of its own. `is_fresh`: not a warm process."""
    screen, theirs = pty.openpty()
    env = os.environ | {"TERM": "xterm-256color", "COLUMNS": "120", "LINES": "40"}
    words = [str(CARQUERY), "leads", "resubmit", *arguments]
    command: subprocess.Popen[bytes] | WarmPopen
    if is_fresh:
        command = subprocess.Popen(words, stdin=theirs, stdout=theirs, stderr=theirs, env=env)  # noqa: S603  # ours
    else:
        command = WarmPopen(words, env=env, cwd=Path.cwd(), streams=(theirs, theirs, theirs))
    os.close(theirs)
    try:
        yield Terminal(command, screen)
    finally:
        command.kill()
        command.wait(patience())
        os.close(screen)


def test_it_asks_before_it_puts_anything_back(desk: LeadsDesk) -> None:
    lead = a_dead_lead()
    desk.has(lead)

    with a_terminal("--all-failed", is_fresh=True) as terminal:
        terminal.sees("Resubmit 1 lead? [y/N]")
        assert desk.stored(lead) == lead
        terminal.types("y\n")
        code = terminal.exit_code()

    assert code == 0
    assert "delivered: 1" in terminal.shown
    assert desk.stored(lead).status is LeadStatus.DELIVERED


@pytest.mark.parametrize("answer", ["n\n", "\n"])
def test_without_a_yes_nothing_is_changed(desk: LeadsDesk, answer: str) -> None:
    lead = a_dead_lead()
    desk.has(lead)

    with a_terminal("--all-failed") as terminal:
        terminal.sees("[y/N]")
        terminal.types(answer)
        code = terminal.exit_code()

    assert code == 0
    assert "Nothing was changed." in terminal.shown
    assert desk.stored(lead) == lead


def test_a_bar_shows_how_far_it_is(desk: LeadsDesk) -> None:
    desk.has(*(a_dead_lead(number) for number in range(1, 61)))

    with a_terminal("--all-failed", "--yes") as terminal:
        assert terminal.exit_code() == 0

    assert "60/60" in terminal.shown
    assert "… and 10 more" in terminal.shown
    assert "delivered: 60" in terminal.shown


def test_the_bar_says_what_is_waited_for(desk: LeadsDesk) -> None:
    lead = a_pending_lead()
    desk.has(lead)
    desk.is_held(lead, lease_for=timedelta(hours=1))

    with a_terminal(lead.reference, "--yes") as terminal:
        terminal.sees("1 left, waiting until")
        terminal.sees("another process is delivering it")
        terminal.presses_ctrl_c()
        code = terminal.exit_code()

    assert code == 130
    assert "Interrupted. Delivered: 0 of 1 lead." in terminal.shown


def test_an_interrupted_question_changes_nothing(desk: LeadsDesk) -> None:
    lead = a_dead_lead()
    desk.has(lead)

    with a_terminal("--all-failed") as terminal:
        terminal.sees("[y/N]")
        assert terminal.exit_code_after_ctrl_c() != 0

    assert desk.stored(lead) == lead
