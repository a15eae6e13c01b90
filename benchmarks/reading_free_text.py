"""How long the built-in classifier takes to read a message, beside the least that it must do: split it and stem it."""

import time
from collections.abc import Callable

from carquery.adapters.rules.classifier import RulesClassifier
from carquery.adapters.rules.learned.data import MESSAGES
from carquery.adapters.rules.learned.labelled import read_labelled
from carquery.adapters.rules.text import normalised, stem, tokens_of
from carquery.adapters.system.clock import SystemClock

NASTY = (")", "1 ", "пол ", "а,", "1.2.3.", "бмв ", "1000000 ", "не ", "<", "камри 2018 120к 2 ляма ", "забудь ")
"""Repeated up to the longest message that is read."""

READ = MESSAGES / "early.jsonl"


def measured(*, rounds: int) -> str:
    """Milliseconds a message, each the best of the rounds, and the ratio of the sums."""
    messages = [message.text for message in read_labelled(READ)]
    reading = _best(messages, RulesClassifier(SystemClock()).understand, rounds)
    floor = _best(messages, _split_and_stem, rounds)
    p50, p95, worst = (1000 * sorted(reading)[int(share * (len(reading) - 1))] for share in (0.5, 0.95, 1))
    nasty = 1000 * max(_best([(sign * 500)[:500] for sign in NASTY], RulesClassifier(SystemClock()).understand, rounds))
    return (
        f"Free text by the built-in classifier, {len(messages)} messages: "
        f"p50 {p50:.2f} ms, p95 {p95:.2f} ms, most {worst:.2f} ms "
        f"(promised: under 2 ms); {sum(reading) / sum(floor):.0f} times splitting and stemming the same messages; "
        f"500 characters that are nasty on purpose: {nasty:.0f} ms at most."
    )


def _split_and_stem(message: str) -> None:
    stem.cache_clear()
    for token in tokens_of(normalised(message)):
        stem(token.text)


def _best(messages: list[str], work: Callable[[str], object], rounds: int) -> list[float]:
    best = [float("inf")] * len(messages)
    for _ in range(rounds):
        for place, message in enumerate(messages):
            began = time.perf_counter()
            work(message)
            best[place] = min(best[place], time.perf_counter() - began)
    return best
