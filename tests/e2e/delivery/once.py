"""Counting what stands in amoCRM for each lead: it must be exactly one of each, and all photos and files."""

from collections.abc import Sequence
from dataclasses import dataclass

from carquery.domain.lead import Lead
from carquery_emulators.amocrm import World


@dataclass(frozen=True, slots=True)
class Tally:
    """How much there should be and is, and which leads are wrong."""

    people: int
    leads: int
    files: int
    counts: dict[str, int]
    wrong: tuple[str, ...]

    @classmethod
    def of(cls, leads: Sequence[Lead], world: World) -> "Tally":
        """Compare the stored leads with the account."""
        wrong = [words for lead in leads for words in _wrong_with(lead, world)]
        people = {lead.phone for lead in leads}
        return cls(len(people), len(leads), sum(len(lead.attached) for lead in leads), world.counts(), tuple(wrong))

    @property
    def is_exactly_once(self) -> bool:
        """Whether all is there, and nothing twice."""
        expected = {
            "contacts": self.people,
            "leads": self.leads,
            "notes": self.leads,
            "tasks": self.leads,
            "files": self.files,
        }
        return not self.wrong and self.counts == expected

    def __str__(self) -> str:
        shown = " ".join(f"{name} {count}" for name, count in self.counts.items())
        return f"{shown} (for {self.leads} leads of {self.people} people, {self.files} files)"


def _wrong_with(lead: Lead, world: World) -> Sequence[str]:
    deals = [deal for deal in world.leads.values() if lead.reference in deal.name]
    if len(deals) != 1:
        return [f"{lead.reference}: {len(deals)} leads"]
    (deal,) = deals
    counted = {
        "notes": sum(note.entity_id == deal.id and lead.reference in note.text for note in world.notes.values()),
        "tasks": sum(task.entity_id == deal.id and lead.reference in task.text for task in world.tasks.values()),
    }
    wrong = [f"{lead.reference}: {count} {name}" for name, count in counted.items() if count != 1]
    files = len(world.lead_files.get(deal.id, ()))
    if files != len(lead.attached):
        wrong.append(f"{lead.reference}: {files} files of {len(lead.attached)}")
    return wrong
