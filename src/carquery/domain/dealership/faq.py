"""What customers ask a dealership, and what it answers."""

from collections.abc import Mapping
from dataclasses import field
from typing import Final, NewType

from carquery.domain.values import dataclass

Topic = NewType("Topic", str)
"""What a question is about: one of `TOPICS`, or the dealership's own."""

HOURS: Final = Topic("hours")
ADDRESS: Final = Topic("address")
CONTACT: Final = Topic("contact")

TOPICS: Final = (
    HOURS,
    ADDRESS,
    CONTACT,
    *map(
        Topic,
        (
            "credit",
            "leasing",
            "tradein",
            "testdrive",
            "documents",
            "delivery",
            "warranty",
            "service",
            "parts",
            "jobs",
            "price",
            "why_phone",
            "free",
        ),
    ),
)
"""Those that are known without a file."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One topic. `examples`: ways to ask; `answer`: all that the customer gets; empty: a person answers."""

    answer: str = ""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Faq:
    """Topics that the dealership has said something of."""

    entries: Mapping[Topic, Entry] = field(default_factory=dict)

    def answer_to(self, topic: Topic) -> str | None:
        """What is answered; None: a person has to."""
        entry = self.entries.get(topic)
        return entry.answer or None if entry is not None else None
