"""Both messengers of the playground: the people in them, and where the page finds what they sent."""

from dataclasses import dataclass
from typing import Final

from carquery.adapters.max.channel import MAX, MESSENGER, AttachmentPlace
from carquery.adapters.telegram.channel import MESSENGER as TELEGRAM
from carquery.domain.ids import FileId
from carquery.domain.lead import Lead
from carquery.entrypoints.playground.lead_cards import MaxSwitches
from carquery_emulators.max import MaxEmulator
from carquery_emulators.telegram import TelegramEmulator

CUSTOMERS: Final = (
    ("Анна", "Смирнова", "+79161234567"),
    ("Борис", None, "+79035550101"),
    ("Гульнара", "Ахметова", "+79272223344"),
)
"""The same people write in both."""


@dataclass(frozen=True, slots=True)
class EmulatedChats:
    """Two emulators that listen."""

    telegram: TelegramEmulator
    max: MaxEmulator

    def move_in(self) -> None:
        """Let there be people."""
        for first_name, last_name, phone in CUSTOMERS:
            self.telegram.customer(self.telegram.next_customer_id(), first_name, last_name, phone=phone)
            self.max.customer(self.max.next_customer_id(), first_name, last_name, phone=phone)

    def max_switches(self) -> MaxSwitches:
        hows = {fault.how for fault in self.max.faults.ordered if fault.countdown.times is None}
        return MaxSwitches(down="503" in hows, slow="delay" in hows)

    def photos_of(self, lead: Lead) -> tuple[str, ...]:
        """Where the page finds the pictures of a lead; those that are gone are left out."""
        if lead.customer is None or lead.customer.channel != MAX:
            return tuple(f"/control/files/{file}" for file in lead.photos)
        return tuple(address for file in lead.photos if (address := self._in_max(file)) is not None)

    def _in_max(self, file: FileId) -> str | None:
        place = AttachmentPlace.read(file)
        message = None if place is None else self.max.state.find_message(place.message)
        if place is None or message is None or place.index >= len(message.attachments):
            return None
        stored = message.attachments[place.index].file
        return None if stored is None else f"/max/control/files/{stored.token}"


def messenger_of(lead: Lead) -> str | None:
    """Where its customer wrote, as people call it; None after erasure."""
    if lead.customer is None:
        return None
    return MESSENGER if lead.customer.channel == MAX else TELEGRAM
