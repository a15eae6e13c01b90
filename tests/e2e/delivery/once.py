"""Counting what stands in amoCRM for each lead: it must be exactly one of each, and all photos and files."""

from collections.abc import Sequence
from dataclasses import dataclass

from carquery.application.leads.crm_texts import is_note_of, is_task_of
from carquery.domain.lead import Lead
from carquery_emulators.amocrm import World


@dataclass(frozen=True, slots=True)
class Tally:
    """How much there should be and is, and which leads are wrong. `joined`: those with another's deal."""

    people: int
    leads: int
    joined: int
    files: int
    counts: dict[str, int]
    wrong: tuple[str, ...]

    @classmethod
    def of(cls, leads: Sequence[Lead], world: World) -> "Tally":
        """Compare the stored leads with the account."""
        wrong = [words for lead in leads for words in _wrong_with(lead, world)]
        people, joined = {lead.phone for lead in leads}, [lead for lead in leads if lead.joined_to is not None]
        files = sum(len(lead.attached) for lead in leads)
        return cls(len(people), len(leads), len(joined), files, world.counts(), tuple(wrong))

    @property
    def is_exactly_once(self) -> bool:
        """Whether all is there, and nothing twice."""
        expected = {
            "contacts": self.people,
            "leads": self.leads - self.joined,
            "notes": self.leads,
            "tasks": self.leads,
            "files": self.files,
        }
        return not self.wrong and self.counts == expected

    def __str__(self) -> str:
        shown = " ".join(f"{name} {count}" for name, count in self.counts.items())
        return f"{shown} (for {self.leads} leads of {self.people} people, {self.files} files)"


def _wrong_with(lead: Lead, world: World) -> Sequence[str]:
    named = [deal for deal in world.leads.values() if lead.reference in deal.name]
    joined = lead.joined_to
    deals = named if joined is None else [*named, world.leads[joined.id]]
    if len(deals) != 1:
        return [f"{lead.reference}: {len(deals)} leads"]
    (deal,) = deals
    notes = [note for note in world.notes.values() if is_note_of(lead.reference, note.text)]
    tasks = [task for task in world.tasks.values() if is_task_of(lead.reference, task.text)]
    counted = {
        "notes": [note.entity_id for note in notes].count(deal.id),
        "tasks": [task.entity_id for task in tasks].count(deal.id),
    }
    wrong = [f"{lead.reference}: {count} {name}" for name, count in counted.items() if count != 1]
    attached = [world.files[uuid].name for uuid in world.lead_files.get(deal.id, ())]
    files = sum(name.startswith(lead.reference) for name in attached)
    if files != len(lead.attached):
        wrong.append(f"{lead.reference}: {files} files of {len(lead.attached)}")
    return wrong
