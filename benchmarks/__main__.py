"""`python -m benchmarks`: run them all; `--smoke`: as short as still shows that they run."""

import asyncio
import sys

from benchmarks import bot_cost, catching_up, command_start, reading_free_text, storing_leads


def main() -> None:
    """Print each benchmark's figures."""
    is_smoke = "--smoke" in sys.argv[1:]
    print(command_start.measured(runs=3 if is_smoke else 15))
    print(reading_free_text.measured(rounds=1 if is_smoke else 10))
    print(asyncio.run(bot_cost.measured(customers=4 if is_smoke else 50, rounds=1 if is_smoke else 3)))
    print(asyncio.run(storing_leads.measured(leads=50 if is_smoke else 1000)))
    print(asyncio.run(catching_up.measured(leads=100 if is_smoke else 1000)))


if __name__ == "__main__":
    main()
