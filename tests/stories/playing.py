"""Plays a story against the whole conversation on memory adapters, with the built-in classifier."""

from dataclasses import dataclass, field
from functools import cache
from typing import assert_never

from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.messenger.message import ContactButton, Message, Nothing, Passing, PressButton
from carquery.adapters.messenger.presenter import present
from carquery.adapters.rules.classifier import RulesClassifier
from carquery.application.conversation.reception import Arrival, Reply
from carquery.application.ports.dealership import ToldOfDealership
from carquery.application.screens import CallbackOffer, Screen
from carquery.domain.answers import SharedContact
from carquery.domain.attachments import Parcel, SentFile
from carquery.domain.ids import FileId, InputId, MessageToken
from carquery.domain.visit import Visit
from tests.application.in_memory import Dealership
from tests.builders import ANNA, NOW
from tests.stories.story import (
    Press,
    Rewrite,
    Say,
    SendFile,
    SendPhotos,
    SendSticker,
    ShareContact,
    Story,
    Turn,
)

CONTACT = "79160000001"


@dataclass(frozen=True, slots=True)
class Moment:
    """A turn and what came of it. `turn`: from 1; 0: the deep link. `text`: all that the customer read."""

    turn: int
    said: str
    screen: Screen
    text: str
    visit: Visit


@dataclass(slots=True)
class Played:
    """A story that was played."""

    dealership: Dealership
    moments: list[Moment] = field(default_factory=list)
    buttons: list[PressButton | ContactButton] = field(default_factory=list)
    sent: set[FileId] = field(default_factory=set)
    troubles: list[str] = field(default_factory=list)


@cache
def classifier() -> RulesClassifier:
    """One for all stories: it holds no state, and takes a while to make."""

    return RulesClassifier(SettableClock(NOW))


async def play(story: Story, told: ToldOfDealership) -> Played:
    """Play all turns, whatever comes of them."""
    played = Played(Dealership(interpreter=classifier(), told=told))
    if story.start is not None:
        await _note(played, 0, "", await played.dealership.inbound.wrote(_arrival(0), f"/start {story.start}"))
    for number, turn in enumerate(story.turns, start=1):
        reply = await _taken(played, number, turn)
        if reply is not None:
            await _note(played, number, turn.text if isinstance(turn, Say | Rewrite) else "", reply)
    return played


def _arrival(number: int, message: int | None = None) -> Arrival:
    token = MessageToken(f"m{number if message is None else message}")
    return Arrival(ANNA, InputId(f"{number}"), message=token)


async def _taken(played: Played, number: int, turn: Turn) -> Reply | None:  # one line for each
    inbound = played.dealership.inbound
    arrival = _arrival(number)
    match turn:
        case Say(text):
            return await inbound.wrote(arrival, text)
        case Press(label):
            button = _button(played, label)
            if isinstance(button, PressButton):
                return await inbound.pressed(arrival, button.press)
            played.troubles.append(f"turn {number}: no button «{label}»")
            return None
        case ShareContact():
            return await inbound.shared_contact(arrival, SharedContact(CONTACT, own=True))
        case SendPhotos(count, caption):
            photos = tuple(FileId(f"photo-{number}-{place}") for place in range(count))
            played.sent |= set(photos)
            return await inbound.sent(arrival, Parcel(photos, words=(caption,) if caption else ()))
        case SendFile(_, name):
            file = SentFile(FileId(f"file-{number}"), name, "application/octet-stream")
            played.sent.add(file.id)
            return await inbound.sent(arrival, Parcel(files=(file,)))
        case SendSticker():
            return await inbound.sent_something_else(arrival)
        case Rewrite(place, text):
            return await inbound.edited(_arrival(number, place), text)
        case _:
            assert_never(turn)


async def _note(played: Played, number: int, said: str, reply: Reply) -> None:
    dealership = played.dealership
    view = present(reply.screen, dealership.navigator.dealership(), at=dealership.clock.now())
    match view:
        case Message():
            buttons = [button for row in view.rows for button in row if isinstance(button, PressButton | ContactButton)]
            if buttons:
                played.buttons = buttons
            text = view.text.plain
        case Passing(text):
            pass
        case Nothing():
            text = ""
    played.moments.append(Moment(number, said, reply.screen, text, await played.dealership.visit()))


def _button(played: Played, label: str) -> PressButton | ContactButton | None:
    labels = [(_bare(button.label), button) for button in played.buttons]
    exact = [button for bare, button in labels if bare == label]
    return next(iter([*exact, *(button for bare, button in labels if label in bare)]), None)


def _bare(label: str) -> str:
    """Without emoji."""
    start = next((place for place, sign in enumerate(label) if sign.isalnum()), 0)
    return label[start:].strip()


def offers_callback(moment: Moment) -> bool:
    """Whether a call was offered, or the form for it is open."""
    dialog = moment.visit.dialog
    is_open = dialog is not None and dialog.form.service == "callback"
    return isinstance(moment.screen, CallbackOffer) or is_open
