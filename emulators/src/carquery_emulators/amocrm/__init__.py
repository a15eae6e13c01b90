"""An amoCRM (API v4) for tests and for trying programs out: real HTTP, on this machine only."""

from carquery_emulators.amocrm.account.rows import (
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
from carquery_emulators.amocrm.account.salesperson import NotDone, Salesperson
from carquery_emulators.amocrm.account.world import World
from carquery_emulators.amocrm.control import control_routes
from carquery_emulators.amocrm.emulator import AmoCrmEmulator
from carquery_emulators.amocrm.faults import Fault, Faults, Hold, How, Poison
from carquery_emulators.amocrm.journal import HostRequest

__all__ = [
    "AmoCrmEmulator",
    "Contact",
    "CustomField",
    "Fault",
    "Faults",
    "Hold",
    "HostRequest",
    "How",
    "Lead",
    "NotDone",
    "Note",
    "Pipeline",
    "Poison",
    "Salesperson",
    "Status",
    "StoredFile",
    "Tag",
    "Task",
    "User",
    "World",
    "control_routes",
]
