"""A client that is not ours, `amocrm-api` from PyPI, gets on with the emulator: it is not only our idea of amoCRM.

The client knows nothing but `https://{subdomain}.amocrm.ru`. Only its way there is bent: `requests`, on which it
stands, gets a transport that carries what is for that host to loopback. Its own code is as it came.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from amocrm.v2 import (  # type: ignore[import-untyped]  # the package brings no types
    Contact,
    Lead,
    Task,
    User,
    custom_field,
    exceptions,
    interaction,
    tokens,
)
from requests.adapters import HTTPAdapter

from carquery_emulators.amocrm import AmoCrmEmulator
from emulators.tests.amocrm.doubles import ManualClock

pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utc:DeprecationWarning")  # in the client

DAY = 24 * 3600
STORAGE = tokens.MemoryTokensStorage()
"""The client keeps the first storage it is given for good."""


class Detour(HTTPAdapter):
    """Carries requests for the account's host to loopback, and none to anywhere else."""

    base_url = ""

    def send(self, request: requests.PreparedRequest, *args: Any, **how: Any) -> requests.Response:
        asked = urlsplit(request.url or "")
        if asked.netloc != "example.amocrm.ru":
            raise requests.ConnectionError(f"nothing but loopback: {asked.netloc}")
        request.url = asked._replace(scheme="http", netloc=urlsplit(self.base_url).netloc).geturl()
        return super().send(request, *args, **{**how, "proxies": {}})


class Person(Contact):  # type: ignore[misc]  # the package brings no types
    """As the client's documentation tells to declare one's own fields."""

    phone = custom_field.ContactPhoneField("Телефон")


@pytest.fixture
def clock() -> ManualClock:
    """The client has no clock but the machine's."""
    return ManualClock(time.time())


@pytest.fixture(autouse=True)
def client(amocrm: AmoCrmEmulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(Detour, "base_url", amocrm.base_url)
    monkeypatch.setattr(requests.sessions, "HTTPAdapter", Detour)  # of the sessions that it opens for tokens
    detour = Detour()
    interaction._session.mount("https://", detour)  # noqa: SLF001  # it offers no other way
    tokens.default_token_manager(
        client_id="client-id",
        client_secret="client-secret",
        subdomain="example",
        redirect_url="https://example.org/amocrm",
        storage=STORAGE,
    )
    yield
    detour.close()
    interaction._session.mount("https://", HTTPAdapter())  # noqa: SLF001  # it offers no other way


def authorise(amocrm: AmoCrmEmulator) -> None:
    tokens.default_token_manager.init(code=amocrm.code())


async def in_thread(act: Callable[[], Any]) -> Any:
    """The client blocks whoever calls it."""
    return await asyncio.to_thread(act)


async def test_it_authorises_with_a_one_time_code(amocrm: AmoCrmEmulator) -> None:
    await in_thread(lambda: authorise(amocrm))

    users = await in_thread(lambda: [user.name for user in User.objects.all()])

    assert users == [user.name for user in amocrm.world.users.values()]


async def test_a_used_code_is_told_in_the_words_it_looks_for(amocrm: AmoCrmEmulator) -> None:
    code = amocrm.code()
    await in_thread(lambda: tokens.default_token_manager.init(code=code))

    with pytest.raises(Exception, match="Authorization code has been revoked"):
        await in_thread(lambda: tokens.default_token_manager.init(code=code))


async def test_it_renews_its_tokens_when_a_day_has_passed(amocrm: AmoCrmEmulator, clock: ManualClock) -> None:
    clock.advance(-2 * DAY)
    await in_thread(lambda: authorise(amocrm))
    old = STORAGE.get_access_token()
    clock.advance(2 * DAY)

    await in_thread(lambda: list(User.objects.all()))

    assert STORAGE.get_access_token() != old
    asked = [(request.method, request.path, request.status) for request in amocrm.journal]
    assert asked[1:] == [("POST", "/oauth2/access_token", 200), ("GET", "/api/v4/users", 200)]


async def test_it_creates_a_contact_and_finds_it_by_phone(amocrm: AmoCrmEmulator) -> None:
    def work() -> Any:
        authorise(amocrm)
        assert list(Person.objects.filter(query="9161234567")) == []
        Person(name="Анна", phone="+79161234567").save()
        return Person.objects.get(query="9161234567")

    found = await in_thread(work)

    [contact] = amocrm.world.contacts.values()
    assert (contact.name, contact.phones) == ("Анна", ("+79161234567",))
    assert (found.id, found.name, found.phone) == (contact.id, "Анна", "+79161234567")


async def test_it_creates_a_lead_with_contact_note_tag_and_task(amocrm: AmoCrmEmulator) -> None:
    def work() -> Any:
        authorise(amocrm)
        person = Person(name="Анна", phone="+79161234567").save()
        lead = Lead(name="Продажа CQ-7K3M9X", price=1_200_000)
        lead.tags.append("CarQuery")
        lead.save()
        lead.contacts.append(person, main=True)
        lead.notes(text="Toyota, 2018").save()
        lead.tasks.add(Task(text="Позвонить", complete_till=datetime.fromtimestamp(1_790_001_800), task_type_id=1))  # noqa: DTZ006 - the client's own way
        return Lead.objects.get(query="CQ-7K3M9X")

    found = await in_thread(work)

    [contact] = amocrm.world.contacts
    [lead] = amocrm.world.leads.values()
    assert (found.id, found.price) == (lead.id, 1_200_000)
    assert (lead.contacts, lead.tags) == ((contact,), ("CarQuery",))
    assert [(note.entity_id, note.text) for note in amocrm.world.notes.values()] == [(lead.id, "Toyota, 2018")]
    [task] = amocrm.world.tasks.values()
    assert (task.entity_id, task.text, task.complete_till) == (lead.id, "Позвонить", 1_790_001_800)


async def test_it_changes_a_lead_and_walks_through_pages(amocrm: AmoCrmEmulator) -> None:
    def work() -> list[str]:
        authorise(amocrm)
        for number in range(251):
            amocrm.world.add_contact(str(number), [])
        lead = Lead(name="Раз").save()
        lead.name = "Два"
        lead.save()
        return [contact.name for contact in Contact.objects.all()]

    names = await in_thread(work)

    assert names == [str(number) for number in range(251)]
    assert [lead.name for lead in amocrm.world.leads.values()] == ["Два"]


async def test_it_understands_refusals(amocrm: AmoCrmEmulator) -> None:
    def work() -> None:
        authorise(amocrm)
        with pytest.raises(exceptions.ValidationError, match="NotSupportedChoice"):
            Lead.objects.create({"name": "Раз", "pipeline_id": 1})
        with pytest.raises(exceptions.NotFound):
            Lead.objects.get(1)
        amocrm.revoke_tokens()
        with pytest.raises(exceptions.UnAuthorizedException):
            Lead.objects.get(1)

    await in_thread(work)

    assert amocrm.world.leads == {}
