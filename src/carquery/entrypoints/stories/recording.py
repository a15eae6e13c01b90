"""A conversation that was had in an emulated chat, as a story that expects what came of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import yaml

from carquery.application.ports.dealership import ToldOfDealership
from carquery.domain.answers import Value
from carquery.domain.forms.form import Service
from carquery.domain.lead import Lead
from carquery.domain.visit import Visit
from carquery.entrypoints.stories.labels import without_emoji
from carquery.entrypoints.stories.story import HUMAN, NONE
from carquery_emulators.kit.acts import CustomerAct

_START = "/start"
Entry = dict[str, object]


class _Read(Protocol):
    """A message, as its reader sees it."""

    @property
    def text(self) -> str: ...


class _Dialog(Protocol):
    @property
    def bot_messages(self) -> Sequence[_Read]: ...


class TalkingCustomer(Protocol):
    """A customer of an emulated messenger."""

    @property
    def acts(self) -> Sequence[CustomerAct]: ...

    @property
    def chat(self) -> _Dialog: ...


@dataclass(frozen=True, slots=True)
class Recorder:
    """Writes stories as `docs/stories.md` defines them."""

    dealership: ToldOfDealership

    def story(self, customer: TalkingCustomer, visit: Visit | None, leads: Sequence[Lead], *, name: str) -> str:
        """The chat so far, as YAML. `leads`: those that came of it, oldest first."""
        start, acts = _begun(customer.acts)
        entry: Entry = {"id": name, **({"start": start} if start else {}), "turns": list(_turns(acts))}
        entry["expect"] = self._expected(customer, visit, leads)
        return yaml.safe_dump([entry], allow_unicode=True, sort_keys=False, width=120, default_flow_style=False)

    def _expected(self, customer: TalkingCustomer, visit: Visit | None, leads: Sequence[Lead]) -> Entry:
        form, held = _form(visit, leads)
        answers = {step: value.shown for step, value in held.items()}
        return {
            "form": form,
            **({"answers": answers} if answers else {}),
            "answered": list(self._answered(customer, form)),
            "lead": bool(leads),
            "keeps_form_open": visit is not None and (visit.dialog is not None or visit.offer is not None),
        }

    def _answered(self, customer: TalkingCustomer, form: str) -> Iterator[str]:
        read = "\n".join(message.text for message in customer.chat.bot_messages)
        dealership = self.dealership()
        for topic in dealership.topics:
            answer = dealership.answer_to(topic)
            if answer is not None and answer in read:
                yield topic
        if form == Service.CALLBACK:
            yield HUMAN


def _begun(acts: Sequence[CustomerAct]) -> tuple[str, Sequence[CustomerAct]]:
    """The payload of the deep link that it began with, and the rest."""
    if not acts or acts[0].kind != "text" or acts[0].text.split()[:1] != [_START]:
        return "", acts
    return acts[0].text.removeprefix(_START).strip(), acts[1:]


def _turns(acts: Iterable[CustomerAct]) -> Iterator[Entry]:
    said: dict[int | str, int] = {}
    turn = 0
    for act in acts:
        entry = _turn(act, said)
        if entry is None:
            continue
        turn += 1
        if act.kind == "text":
            said[act.message] = turn
        yield {**entry, **({"caption": act.caption} if act.caption else {})}


def _turn(act: CustomerAct, said: Mapping[int | str, int]) -> Entry | None:
    """`None`: no story has such a turn."""
    match act.kind:
        case "text":
            return {"say": act.text}
        case "press":
            return {"press": without_emoji(act.text)}
        case "photos":
            return {"photo": act.count}
        case "file":
            return {"file": act.text}
        case "contact" | "voice" | "video":
            return {act.kind: True}
        case "edit":
            return {"edit": {"turn": said[act.message], "say": act.text}} if act.message in said else None
        case "other":
            return {"sticker": True}


def _form(visit: Visit | None, leads: Sequence[Lead]) -> tuple[str, Mapping[str, Value]]:
    """The form as the judge sees it, and what it holds."""
    if visit is not None and visit.dialog is not None:
        return visit.dialog.form.service.value, {**visit.dialog.suggestions, **visit.dialog.answers}
    if leads:
        return leads[-1].service.value, leads[-1].answers
    if visit is not None and visit.offer is not None and not visit.offer.alternatives:
        return visit.offer.service.value, visit.offer.suggestions
    return NONE, {}
