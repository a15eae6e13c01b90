"""A Telegram Bot API server for tests and for trying bots out: the real protocol, on this machine only."""

from carquery_emulators.kit.acts import CustomerAct
from carquery_emulators.kit.calls import Call
from carquery_emulators.kit.chats import ButtonNotShown, NothingWritten
from carquery_emulators.kit.patience import NothingHappened
from carquery_emulators.telegram.api.server import UPLOAD_LIMIT
from carquery_emulators.telegram.chat import (
    Button,
    Chat,
    ReplyButton,
    ReplyKeyboard,
    ShownMessage,
)
from carquery_emulators.telegram.contents import KINDS, Kind
from carquery_emulators.telegram.control import control_routes
from carquery_emulators.telegram.customer import Customer, Group, Reply
from carquery_emulators.telegram.emulator import TelegramEmulator
from carquery_emulators.telegram.faults import How
from carquery_emulators.telegram.files import A_PHOTO
from carquery_emulators.telegram.state import CallbackAnswer

__all__ = [
    "A_PHOTO",
    "KINDS",
    "UPLOAD_LIMIT",
    "Button",
    "ButtonNotShown",
    "Call",
    "CallbackAnswer",
    "Chat",
    "Customer",
    "CustomerAct",
    "Group",
    "How",
    "Kind",
    "NothingHappened",
    "NothingWritten",
    "Reply",
    "ReplyButton",
    "ReplyKeyboard",
    "ShownMessage",
    "TelegramEmulator",
    "control_routes",
]
