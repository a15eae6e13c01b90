"""The composition root: the only place that knows which adapter serves which port."""

from dishka import STRICT_VALIDATION, AsyncContainer, Provider, Scope, make_async_container

from carquery.entrypoints.providers.checks import ChecksProvider
from carquery.entrypoints.providers.environment import EnvironmentProvider
from carquery.entrypoints.providers.stores import StoreProvider
from carquery.entrypoints.providers.visits import visits_provider
from carquery.entrypoints.settings.settings import BotSettings, Settings, parts_of


def make_store_container(settings: Settings) -> AsyncContainer:
    """The stores alone, for commands that only look at them."""
    return _made(settings)


def make_crm_container(settings: Settings, *overrides: Provider) -> AsyncContainer:
    """The stores and the connection to amoCRM, for commands that set it up."""
    from carquery.entrypoints.providers.amocrm import AmoCrmConnectionProvider, UnobservedProvider

    return _made(settings, AmoCrmConnectionProvider(), UnobservedProvider(), *overrides)


def make_evaluation_container(settings: Settings) -> AsyncContainer:
    """The classifiers, with a journal, a budget and alerts of their own that end with the container."""
    from carquery.entrypoints.providers.ai import ClassifierProvider
    from carquery.entrypoints.providers.dealership import DealershipProvider
    from carquery.entrypoints.providers.evaluation import EvaluationProvider

    return _made(settings, DealershipProvider(), ClassifierProvider(), EvaluationProvider())


def make_bot_container(settings: BotSettings, *overrides: Provider) -> AsyncContainer:
    """Everything the bot needs. Nothing is built or connected before it is asked for; close it when done.

    Args:
        overrides: providers that replace single ports; each says `override=True`.
    """
    # Imported here: what the bot needs takes longer to import than a command that does without it takes to run.
    from carquery.entrypoints.processes.alert_sender import AlertSender
    from carquery.entrypoints.processes.delivery_worker import DeliveryWorker
    from carquery.entrypoints.processes.digesting import Digesting
    from carquery.entrypoints.processes.draft_writer import DraftWriter
    from carquery.entrypoints.processes.first_touch_watch import FirstTouchWatch
    from carquery.entrypoints.processes.housekeeping import Housekeeping
    from carquery.entrypoints.processes.reconciling import Reconciling
    from carquery.entrypoints.processes.reminding import Reminding
    from carquery.entrypoints.processes.sending_unfinished import SendingUnfinished
    from carquery.entrypoints.processes.tally_writer import TallyWriter
    from carquery.entrypoints.processes.watching_people import WatchingPeople
    from carquery.entrypoints.providers.ai import ClassifierProvider
    from carquery.entrypoints.providers.channels import channel_providers
    from carquery.entrypoints.providers.crm import crm_providers
    from carquery.entrypoints.providers.dealership import DealershipProvider
    from carquery.entrypoints.providers.health import MetricsProvider
    from carquery.entrypoints.providers.use_cases import UseCaseProvider

    worker = Provider(scope=Scope.APP)
    worker.provide(DeliveryWorker)
    worker.provide(AlertSender)
    worker.provide(Reconciling)
    worker.provide(WatchingPeople)
    worker.provide(FirstTouchWatch)
    worker.provide(Housekeeping)
    worker.provide(DraftWriter)
    worker.provide(TallyWriter)
    worker.provide(Digesting)
    worker.provide(Reminding)
    worker.provide(SendingUnfinished)
    return _made(
        settings,
        DealershipProvider(),
        *channel_providers(settings),
        *crm_providers(settings),
        ClassifierProvider(),
        UseCaseProvider(),
        MetricsProvider(),
        worker,
        *overrides,
    )


def _made(settings: Settings, *providers: Provider) -> AsyncContainer:
    given = Provider(scope=Scope.APP)
    whole = BotSettings if isinstance(settings, BotSettings) else Settings
    given.from_context(whole)
    for kind in parts_of(whole):
        given.alias(whole, provides=kind)
    return make_async_container(
        given,
        EnvironmentProvider(),
        StoreProvider(),
        visits_provider(settings),
        ChecksProvider(),
        *providers,
        context={whole: settings},
        validation_settings=STRICT_VALIDATION,
    )
