"""What a process has used so far (Linux)."""

import time
from typing import Final

_ALL_THREADS: Final = 2
"""CPUCLOCK_SCHED. Source: Linux, include/linux/posix-timers.h, which clock_getcpuclockid(3) makes a clock of."""


def cpu_seconds(pid: int) -> float:
    """User and system time of all its threads, those that have ended too, to the nanosecond."""
    return time.clock_gettime((~pid << 3) | _ALL_THREADS)
