"""Health: what is counted, what is looked at, and who answers for it."""

from dishka import Provider, Scope, alias, decorate, provide

from carquery.adapters.messenger.watch import UpdateWatch
from carquery.adapters.system.logged_replies import LoggedReplies
from carquery.application.conversation.navigator import Messengers
from carquery.application.ports.ai_journal import AiJournal
from carquery.application.ports.watch import Watch
from carquery.entrypoints.health.counted_journal import CountedAiJournal
from carquery.entrypoints.health.metrics import Metrics


class MetricsProvider(Provider):
    """Everything that can be counted is."""

    scope = Scope.APP

    update_watch = alias(source=Metrics, provides=UpdateWatch)

    @provide
    def metrics(self, messengers: Messengers) -> Metrics:
        return Metrics(tuple(messengers))

    @provide
    def watch(self, metrics: Metrics) -> Watch:
        return LoggedReplies(metrics)

    @decorate
    def journal(self, journal: AiJournal, metrics: Metrics) -> AiJournal:
        return CountedAiJournal(journal, metrics)
