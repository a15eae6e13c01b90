"""An amoCRM (API v4) for tests and the playground: real HTTP, loopback only, nothing of CarQuery in it."""

from carquery.emulators.amocrm.control import control_routes
from carquery.emulators.amocrm.emulator import AmoCrmEmulator
from carquery.emulators.amocrm.faults import Fault, Faults, Hold, How, Poison
from carquery.emulators.amocrm.journal import Journal, Request
from carquery.emulators.amocrm.rows import (
    Contact,
    CustomField,
    Lead,
    Note,
    Pipeline,
    Status,
    StoredFile,
    Tag,
    Task,
    User,
)
from carquery.emulators.amocrm.world import World

__all__ = [
    "AmoCrmEmulator",
    "Contact",
    "CustomField",
    "Fault",
    "Faults",
    "Hold",
    "How",
    "Journal",
    "Lead",
    "Note",
    "Pipeline",
    "Poison",
    "Request",
    "Status",
    "StoredFile",
    "Tag",
    "Task",
    "User",
    "World",
    "control_routes",
]
