"""MAX's API for bots, for tests and for trying bots out: the real protocol, on this machine only."""

from carquery_emulators.kit.acts import CustomerAct
from carquery_emulators.kit.calls import Call
from carquery_emulators.kit.chats import ButtonNotShown, NothingWritten
from carquery_emulators.kit.patience import NothingHappened
from carquery_emulators.max.api.rates import BOUNDLESS, Rates
from carquery_emulators.max.api.server import UPLOAD_LIMIT
from carquery_emulators.max.chat import MaxButton, MaxChat, ShownMaxMessage
from carquery_emulators.max.contents import KINDS, MaxKind
from carquery_emulators.max.control import control_routes
from carquery_emulators.max.customer import MaxCustomer, MaxReply
from carquery_emulators.max.emulator import MaxEmulator
from carquery_emulators.max.faults import How
from carquery_emulators.max.files import A_PHOTO
from carquery_emulators.max.state import PressAnswer

__all__ = [
    "A_PHOTO",
    "BOUNDLESS",
    "KINDS",
    "UPLOAD_LIMIT",
    "ButtonNotShown",
    "Call",
    "CustomerAct",
    "How",
    "MaxButton",
    "MaxChat",
    "MaxCustomer",
    "MaxEmulator",
    "MaxKind",
    "MaxReply",
    "NothingHappened",
    "NothingWritten",
    "PressAnswer",
    "Rates",
    "ShownMaxMessage",
    "control_routes",
]
