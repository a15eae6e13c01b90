"""How this program speaks of CRMs: light, for commands that call none."""

from typing import Final

from carquery.adapters.amocrm.reasons import AMOCRM, DEAL_PAGE, AmoReason
from carquery.adapters.memory.crm import MEMORY, MemoryReason
from carquery.application.leads.reasons import LeadReason
from carquery.application.wording import CrmInWords, Wording
from carquery.entrypoints.settings.amocrm import AmoCrmSettings
from carquery.entrypoints.settings.crm import CrmChoice

HANGS_ON: Final = ("amocrm_", "database_", "secret_")
"""How the variables begin without which no CRM can be looked at: tokens are sealed, and in the database."""

REASONS: Final = Wording(LeadReason, AmoReason, MemoryReason)
"""Of all CRMs: a lead that failed in one of them may be read with another in the settings."""


def crm_in_words(settings: AmoCrmSettings) -> CrmInWords:
    """The CRM that the settings choose; while they choose none, the one that they would set up."""
    chosen, page = AMOCRM, f"{settings.amocrm_base_url}{DEAL_PAGE}"
    if settings.crm is CrmChoice.MEMORY:
        chosen, page = MEMORY, ""
    return CrmInWords(name=chosen.name, reasons=REASONS, check=chosen.check, recount=chosen.recount, deal_page=page)
