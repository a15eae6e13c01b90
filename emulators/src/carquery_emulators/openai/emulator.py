"""OpenAI on loopback: models with a brain of one's choice, and the HTTP server in front of them."""

import time
from collections import deque
from collections.abc import Callable

from aiohttp import web

from carquery_emulators.kit.emulator import Emulator
from carquery_emulators.kit.journal import Journal
from carquery_emulators.kit.listener import LOOPBACK, Listener
from carquery_emulators.kit.own_pages import own_pages_alone
from carquery_emulators.openai.brain import Brain, nothing_to_say
from carquery_emulators.openai.control import control_routes
from carquery_emulators.openai.faults import Faults
from carquery_emulators.openai.generated import Generator
from carquery_emulators.openai.journal import ModelReply, ModelRequest
from carquery_emulators.openai.server import PREFIX, OpenAiServer
from carquery_emulators.openai.tokens import CountTokens, estimated
from carquery_emulators.openai.usage import Meter

API_KEY = "sk-emulator-0123456789"
_BODY_LIMIT = 16 * 1024 * 1024  # bytes: more than any context, so that a long input is refused in the API's words
_REMEMBERED = 200  # replies


class OpenAiEmulator(Emulator):
    """Chat completions and responses with strict structured output, and nothing else of the API.

    It promises what is known of the real API: paths, shapes, statuses, words. Where it serves less, it refuses rather
    than pretend; where nothing is known, the severer reading is taken and said where it is made.

    Args:
        brain: what the models say; see Brain.
        host: an address of this machine; `port` 0 takes a free one.
        clock: Unix seconds of what is answered.
        count_tokens: how many a text has.

    Attributes:
        api_key: the only one that is accepted.
        faults: what is to go wrong.
        journal: every request.
        replies: the last 200 answers of the models, the newest last.
    """

    def __init__(
        self,
        brain: Brain = nothing_to_say,
        *,
        api_key: str = API_KEY,
        host: str = LOOPBACK,
        port: int = 0,
        clock: Callable[[], float] = time.time,
        count_tokens: CountTokens = estimated,
    ) -> None:
        self.api_key = api_key
        self.faults = Faults()
        self.journal: Journal[ModelRequest] = Journal()
        self.replies: deque[ModelReply] = deque(maxlen=_REMEMBERED)
        self._generator = Generator(brain, Meter(count_tokens))
        self._clock = clock
        self._listener = Listener(host, port)

    async def open(self) -> None:
        server = OpenAiServer(
            self._generator, self.faults, self.journal, self.replies, api_key=self.api_key, clock=self._clock
        )
        app = web.Application(client_max_size=_BODY_LIMIT, middlewares=[own_pages_alone("/control")])
        app.add_routes(control_routes(self))
        app.router.add_route("*", PREFIX + "/{path:.*}", server.handle)
        await self._listener.open(app)

    async def close(self) -> None:
        """End the server; who still waits for an answer gets none."""
        await self._listener.close()

    @property
    def base_url(self) -> str:
        """For the client's `base_url`; ends in `/v1`."""
        return f"{self.origin}{PREFIX}"

    @property
    def origin(self) -> str:
        """Scheme, host and port; the control API is below it."""
        return self._listener.url

    @property
    def brain(self) -> Brain:
        """What the models say from now on."""
        return self._generator.brain

    @brain.setter
    def brain(self, brain: Brain) -> None:
        self._generator.brain = brain
