"""Which CRM it is."""

from enum import Enum


class CrmChoice(Enum):
    """Where leads are delivered to: amoCRM, the in-memory CRM, or nowhere yet (they are stored and wait)."""

    AMOCRM = "amocrm"
    MEMORY = "memory"
    NONE = "none"
