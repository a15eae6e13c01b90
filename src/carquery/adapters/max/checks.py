"""Whether MAX knows the bot, and brings updates."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Final, NoReturn

from carquery.adapters.checks import Finding, State, Unwell
from carquery.adapters.max.api.failures import AT_TOKEN, MaxFailure, MaxTokenRefused, in_words
from carquery.adapters.max.api.max_api import MaxApi
from carquery.adapters.max.api.methods import GetMyself, GetSubscriptions
from carquery.adapters.max.updates.subscription import unmarked
from carquery.adapters.messenger.no_updates import NoUpdates

AT_MAX: Final = "MAX_API_BASE, MAX_CA_FILE: is MAX reached from this machine, and its certificate trusted?"
AT_UPDATES: Final = "carquery config check says whether MAX has a subscription of ours"
SECONDS: Final = 2.0
"""For a look at a MAX in use."""


@dataclass(frozen=True, slots=True)
class BeforeMaxUpdates:
    """What the settings say of MAX, before anything comes from there. `webhook_url`: None: updates are polled."""

    webhook_url: str | None

    async def examine(self, api: MaxApi) -> AsyncIterator[Finding]:
        try:
            me = await api(GetMyself())
            yield Finding("MAX", f"@{me.username}" if me.username else f"bot {me.user_id}")
            urls = {unmarked(one.url) for one in await api(GetSubscriptions())}
        except MaxFailure as failure:
            _refuse(failure)
        yield self._subscription(urls)

    def _subscription(self, urls: set[str]) -> Finding:
        if self.webhook_url is None:
            if not urls:
                return Finding("MAX updates", "polled, which MAX means for trying out", State.NOTE, "MAX_WEBHOOK_URL")
            remedy = "MAX_WEBHOOK_URL, or carquery bot --delete-webhook"
            return Finding("MAX updates", f"{len(urls)} subscribed, so nobody can poll", State.WRONG, remedy)
        if self.webhook_url not in urls:
            return Finding("MAX updates", "not subscribed yet: the bot does it when it starts", State.NOTE)
        if len(urls) > 1:
            says = f"subscribed, and so are {len(urls) - 1} other addresses, which get every update too"
            return Finding("MAX updates", says, State.NOTE, "is another service yours? Else renew MAX_BOT_TOKEN")
        return Finding("MAX updates", "subscribed")


async def known_to_max(api: MaxApi) -> AsyncIterator[Finding]:
    """Ask it who we are."""
    try:
        await api(GetMyself(), seconds=SECONDS)
    except MaxFailure as failure:
        _refuse(failure)
    yield Finding("max", "answers")


async def brought_by_max(look: Callable[[], Awaitable[str]]) -> AsyncIterator[Finding]:
    """`look`: the way in's own; raises NoUpdates, MaxFailure."""
    try:
        yield Finding("max_updates", await look())
    except NoUpdates as none:
        raise Unwell(str(none)) from none
    except MaxFailure as failure:
        _refuse(failure)


def _refuse(failure: MaxFailure) -> NoReturn:
    """Raises Unwell."""
    if isinstance(failure, MaxTokenRefused):
        raise Unwell("the token is refused", AT_TOKEN) from failure
    says, remedy = in_words(failure)
    raise Unwell(says, remedy) from failure
