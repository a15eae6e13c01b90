"""The CRM, chosen by the settings; of the others, nothing is imported."""

from dishka import Provider

from carquery.entrypoints.settings.amocrm import AmoCrmSettings
from carquery.entrypoints.settings.crm import CrmChoice


def crm_providers(settings: AmoCrmSettings) -> tuple[Provider, ...]:
    """The providers of the CRM that the settings choose."""
    match settings.crm:
        case CrmChoice.AMOCRM:
            from carquery.entrypoints.providers.amocrm import AmoCrmConnectionProvider, AmoCrmProvider

            return AmoCrmConnectionProvider(), AmoCrmProvider()
        case CrmChoice.MEMORY:
            from carquery.entrypoints.providers.memory_crm import MemoryCrmProvider

            return (MemoryCrmProvider(),)
        case CrmChoice.NONE:
            from carquery.entrypoints.providers.no_crm import NoCrmProvider

            return (NoCrmProvider(),)
