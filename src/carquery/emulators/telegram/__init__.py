"""A Telegram Bot API server for tests and the playground: real protocol, loopback only, nothing of CarQuery in it."""

from carquery.emulators.patience import NothingHappened
from carquery.emulators.telegram.chat import (
    Button,
    Chat,
    NothingWritten,
    ReplyButton,
    ReplyKeyboard,
    ShownMessage,
)
from carquery.emulators.telegram.contents import KINDS, Kind
from carquery.emulators.telegram.control import control_routes
from carquery.emulators.telegram.customer import ButtonNotShown, Customer, Group, Reply
from carquery.emulators.telegram.emulator import TelegramEmulator
from carquery.emulators.telegram.faults import How
from carquery.emulators.telegram.files import A_PHOTO
from carquery.emulators.telegram.journal import Call
from carquery.emulators.telegram.state import CallbackAnswer

__all__ = [
    "A_PHOTO",
    "KINDS",
    "Button",
    "ButtonNotShown",
    "Call",
    "CallbackAnswer",
    "Chat",
    "Customer",
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
