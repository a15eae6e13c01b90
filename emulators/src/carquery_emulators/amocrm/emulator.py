"""amoCRM on loopback: an account, and the two hosts in front of it."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace

from aiohttp import web
from yarl import URL

from carquery_emulators.amocrm.account.tokens import Tokens
from carquery_emulators.amocrm.account.world import ACCOUNT_ID, World
from carquery_emulators.amocrm.api.account_api import AccountApi
from carquery_emulators.amocrm.api.contacts import Contacts
from carquery_emulators.amocrm.api.custom_fields import CustomFields
from carquery_emulators.amocrm.api.files_api import FilesApi
from carquery_emulators.amocrm.api.lead_files import LeadFiles, Links
from carquery_emulators.amocrm.api.leads import Leads
from carquery_emulators.amocrm.api.notes import Notes
from carquery_emulators.amocrm.api.oauth import OAuth
from carquery_emulators.amocrm.api.tasks import Tasks
from carquery_emulators.amocrm.app import HostApp, Work
from carquery_emulators.amocrm.control import control_routes
from carquery_emulators.amocrm.faults import Faults
from carquery_emulators.amocrm.journal import HostJournal
from carquery_emulators.amocrm.limits import Limits
from carquery_emulators.amocrm.requests.answers import payment_required, unauthorized
from carquery_emulators.amocrm.requests.batches import Batches
from carquery_emulators.amocrm.requests.call import Act, ApiCall, Host, Route, Router
from carquery_emulators.kit.answers import Answer
from carquery_emulators.kit.changes import CLOSED, Changes
from carquery_emulators.kit.emulator import Emulator
from carquery_emulators.kit.json_types import Json
from carquery_emulators.kit.listener import LOOPBACK, Listener
from carquery_emulators.kit.own_pages import own_pages_alone

CLIENT_ID = "client-id"
CLIENT_SECRET = "client-secret"  # noqa: S105  # nobody's
REDIRECT_URI = "https://example.org/amocrm"
_BODY_LIMIT = 16 * 1024 * 1024  # bytes: a batch of leads, or a part that is too big and must be told so


class AmoCrmEmulator(Emulator):
    """One account with one integration, whose tokens are the administrator's.

    It promises what is known of the real API: paths, shapes, statuses, limits, words. Where nothing is known, the
    severer reading is taken and said where it is made.

    Args:
        name, subdomain: what the account is called.
        host: an address of this machine.
        port: of the account's host; 0 takes a free one.
        drive_port: of the drive's host; likewise.
        requests_per_second: to both hosts together.
        clock: Unix seconds of everything in the account.
        stopwatch: monotonic seconds, by which the rate is measured.

    Attributes:
        world: what stands in the account.
        faults: what is to go wrong.
        journal: every request.
        changes: who hears of what happens.
        is_down: nobody listens.
    """

    def __init__(
        self,
        *,
        name: str = "Компания",
        subdomain: str = "example",
        client_id: str = CLIENT_ID,
        client_secret: str = CLIENT_SECRET,
        redirect_uri: str = REDIRECT_URI,
        host: str = LOOPBACK,
        port: int = 0,
        drive_port: int = 0,
        requests_per_second: float = 7,
        clock: Callable[[], float] = time.time,
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        self.changes = Changes()
        self.world = World(clock, self.changes)
        self.faults = Faults()
        self.journal = HostJournal(self.changes)
        self.is_down = True
        self._name = name
        self._subdomain = subdomain
        self._work = Work()
        self._limits = Limits(self.faults, self.changes, requests_per_second=requests_per_second, stopwatch=stopwatch)
        self._tokens = Tokens(client_id=client_id, claims=self._claims, clock=clock)
        oauth = OAuth(
            self._tokens,
            self.faults,
            client_id=client_id,
            client_secret=client_secret,
            redirect_uri=redirect_uri,
            subdomain=subdomain,
        )
        batches = Batches(self.world, self.faults)
        self._oauth = Router(oauth.routes())
        self._api = Router(self._api_routes(batches))
        self._drive = Router(FilesApi(self.world, batches).routes())
        self._account_listener = Listener(host, port)
        self._drive_listener = Listener(host, drive_port)
        self._listeners = (self._account_listener, self._drive_listener)

    def _api_routes(self, batches: Batches) -> list[Route]:
        kinds = (
            AccountApi(
                self.world, self.faults, name=self._name, subdomain=self._subdomain, drive_url=self._drive_url_beside
            ),
            Contacts(self.world, batches, self.faults),
            Leads(self.world, batches, self.faults),
            Notes(self.world, batches),
            Notes(self.world, batches, "contacts"),
            Tasks(self.world, batches),
            LeadFiles(self.world, batches),
            Links(self.world, batches),
            CustomFields(self.world, batches, "leads"),
            CustomFields(self.world, batches, "contacts"),
        )
        return [route for kind in kinds for route in kind.routes()]

    async def open(self) -> None:
        account = web.Application(client_max_size=_BODY_LIMIT, middlewares=[own_pages_alone("/control")])
        account.add_routes(control_routes(self))
        account.router.add_route("*", "/{path:.*}", self._app("account", self._answer_account).handle)
        drive = web.Application(client_max_size=_BODY_LIMIT)
        drive.router.add_route("*", "/{path:.*}", self._app("drive", self._answer_drive).handle)
        await self._account_listener.open(account)
        await self._drive_listener.open(drive)
        self.is_down = False

    async def close(self) -> None:
        """End event streams, held requests and late effects, then the servers."""
        self.changes.tell(CLOSED)
        self.faults.clear()
        await self._work.drop()
        for listener in self._listeners:
            await listener.close()

    @property
    def base_url(self) -> str:
        """The account's host: the API, the tokens and the control API."""
        return self._account_listener.url

    @property
    def drive_url(self) -> str:
        """The drive's host."""
        return self._drive_listener.url

    def _drive_url_beside(self, origin: str) -> str:
        """The drive by the name by which the account was asked: whoever asks may see this machine as another."""
        return str(URL(origin).with_port(self._drive_listener.port))

    def code(self, *, is_of_this_account: bool = True) -> str:
        """A fresh one-time authorisation code, good for 20 minutes."""
        return self._tokens.new_code(is_of_this_account=is_of_this_account)

    def long_lived_token(self) -> str:
        """Accepted until revoked."""
        return self._tokens.new_long_lived()

    def grant(self, *, client_id: str | None = None) -> tuple[str, str]:
        """An access and a refresh token, as if a code had been exchanged; another integration's, if one is named."""
        return self._tokens.new_pair(client_id=client_id)

    def expire_access_tokens(self) -> None:
        """As if a day had passed; refresh tokens and long-lived tokens go on."""
        self._tokens.expire_access()

    def revoke_tokens(self) -> None:
        """As if the integration had been switched off: nothing that was issued is accepted any more."""
        self._tokens.revoke_all()

    async def stop_listening(self, *, sparing: asyncio.BaseTransport | None = None) -> None:
        """Cut all connections and refuse new ones, on both hosts. `sparing`: one connection that may go on."""
        self.is_down = True
        for listener in self._listeners:
            await listener.pause(sparing=sparing)

    async def start_listening(self) -> None:
        """Accept connections again, at the same ports, with everything as it was."""
        for listener in self._listeners:
            await listener.resume()
        self.is_down = False

    async def settled(self) -> None:
        """Wait until no request is under way and no late effect is to come."""
        await self._work.done()

    def _app(self, host: Host, act: Act) -> HostApp:
        return HostApp(host, act, faults=self.faults, limits=self._limits, journal=self.journal, work=self._work)

    def _answer_account(self, call: ApiCall) -> Answer:
        return self._signed_in(call, self._api) if call.path.startswith("/api/") else self._oauth.answer(call)

    def _answer_drive(self, call: ApiCall) -> Answer:
        return self._signed_in(call, self._drive)

    def _signed_in(self, call: ApiCall, router: Router) -> Answer:
        if self.faults.unpaid:
            return payment_required()
        if not self._tokens.is_good(call.bearer):
            return unauthorized()
        return router.answer(replace(call, user_id=self.world.admin))

    def _claims(self) -> Json:
        host = (
            self.base_url.removeprefix("http://") if self._account_listener.is_open else f"{self._subdomain}.amocrm.ru"
        )
        return {
            "sub": str(self.world.admin),
            "account_id": ACCOUNT_ID,
            "base_domain": "amocrm.ru",
            "api_domain": host,
            "version": 2,
            "scopes": ["crm", "files", "files_delete", "notifications", "push_notifications"],
        }
