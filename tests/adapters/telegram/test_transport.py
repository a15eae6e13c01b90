"""What happens between us and the Bot API, and what a call makes of it."""

import asyncio
import json
import re
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from structlog.testing import capture_logs

from carquery.adapters.messenger.chats import NotReached
from carquery.adapters.outage import Outage
from carquery.adapters.telegram.api.bot_api import BotApi
from carquery.adapters.telegram.api.calls import TRIES, Calls
from carquery.adapters.telegram.api.connection import connect
from carquery.adapters.telegram.api.failures import AT_PROXY, BotApiFailure, TelegramAway, in_words
from carquery.adapters.telegram.api.methods import GetMe, SendMessage
from carquery.adapters.telegram.api.sent_files import TelegramSentFiles
from carquery.adapters.telegram.channel import TELEGRAM
from carquery.application.ports.sent_files import FilesAway
from carquery.domain.ids import FileId
from carquery_emulators.telegram import A_PHOTO, TelegramEmulator
from tests.ports import free_port
from tests.proxies import Kind, a_proxy
from tests.switch import Line, a_switch
from tests.wire import in_bytes

ANSWERS = Path(__file__).parents[2] / "data" / "telegram" / "answers_to_a_send.jsonl"
TOKEN = "123456:SECRET"  # of this test alone


@asynccontextmanager
async def a_bot(port: int, proxy: str | None = None, *, scheme: str = "http") -> AsyncIterator[BotApi]:
    async with connect(TOKEN, api_base=f"{scheme}://127.0.0.1:{port}", proxy=proxy) as api:
        yield api


def port_of(address: str) -> int:
    port = urlsplit(address).port
    assert port is not None
    return port


class OddServer:
    """Answers each chat's messages as its line says, ends the connection, and counts them."""

    def __init__(self, answers: Sequence[Mapping[str, Any]]) -> None:
        self._answers = [in_bytes(answer) for answer in answers]
        self.asked: Counter[str] = Counter()
        self._names = [str(answer["name"]) for answer in answers]

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        asked = await reader.readexactly(int(re.findall(rb"Content-Length: (\d+)", head)[0]))
        chat = int(re.findall(rb'"chat_id":(\d+)', asked)[0])
        self.asked[self._names[chat]] += 1
        writer.write(self._answers[chat])
        writer.close()


async def test_a_message_is_sent_again_only_if_it_surely_was_not() -> None:
    """5xx is said by Telegram, or by a server in front of it that did not get through; anything else may lie."""
    answers = [json.loads(line) for line in ANSWERS.read_text().splitlines()]
    odd = OddServer(answers)
    server = await asyncio.start_server(odd.answer, "127.0.0.1", 0)
    async with server, a_bot(server.sockets[0].getsockname()[1]) as api:
        calls = Calls(api, Outage("telegram"))
        messages = [SendMessage(chat_id=chat, text="Здравствуйте") for chat in range(len(answers))]
        outcomes = await asyncio.gather(*map(calls, messages), return_exceptions=True)

    assert odd.asked == {answer["name"]: TRIES if answer["means"] == "not done" else 1 for answer in answers}
    assert all(isinstance(outcome, NotReached) for outcome in outcomes)


async def failure(api: BotApi, *, seconds: int = 1) -> BotApiFailure:
    with pytest.raises(BotApiFailure) as raised:
        await api(GetMe(), seconds=seconds)
    return raised.value


@dataclass(frozen=True, slots=True)
class Way:
    """A way in which a proxy fails, and what is said of it."""

    name: str
    said: str
    is_sent: bool = False
    user: str = "anna:right"
    line: Line = Line.PASSES
    words: bytes = b""
    kinds: tuple[Kind, ...] = ("socks5", "http")


SOCKS_NO_HOST = b"\x05\x00\x05\x04\x00\x01" + b"\0" * 6

WAYS = (
    Way("refuses", "the proxy can't be reached", line=Line.REFUSES),
    Way("hangs", "no answer in time", line=Line.HANGS),
    Way("cuts the handshake", "the proxy refuses the user", line=Line.CUTS, kinds=("socks5",)),
    Way("wrong password", "the proxy refuses the user", user="anna:wrong", kinds=("socks5",)),
    Way("wrong password", "the proxy refuses to connect to it (407)", user="anna:wrong", kinds=("http",)),
    Way("nobody's password", "the proxy refuses", user="nobody:"),
    Way("says nothing", "the proxy refuses the user", line=Line.SAYS),
    Way("speaks HTTP", "the proxy refuses", line=Line.SAYS, words=b"HTTP/1.1 403 Forbidden\r\n\r\n", kinds=("socks5",)),
    Way("speaks SOCKS", "the proxy refuses the user", line=Line.SAYS, words=b"\x05\x00\r\n\r\n", kinds=("http",)),
    Way("wants GSSAPI", "the proxy refuses the user", line=Line.SAYS, words=b"\x05\x01", kinds=("socks5",)),
    Way("takes nobody", "the proxy refuses the user", line=Line.SAYS, words=b"\x05\xff", kinds=("socks5",)),
    Way("no such host", "connect to it (4)", line=Line.SAYS, words=SOCKS_NO_HOST, kinds=("socks5",)),
    Way("403", "connect to it (403)", line=Line.SAYS, words=b"HTTP/1.1 403 No\r\n\r\n", kinds=("http",)),
    Way("502", "connect to it (502)", line=Line.SAYS, words=b"HTTP/1.1 502 Bad\r\n\r\n<html>", kinds=("http",)),
    Way("no status", "the proxy refuses the user", line=Line.SAYS, words=b"HTTP/1.1 perhaps\r\n\r\n", kinds=("http",)),
    Way("binary", "the proxy refuses the user", line=Line.SAYS, words=bytes(range(256)), kinds=("http",)),
)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "way"), [pytest.param(kind, way, id=f"{kind}: {way.name}") for way in WAYS for kind in way.kinds]
)
async def test_whatever_a_proxy_does_is_telegram_away(kind: Kind, way: Way) -> None:
    async with (
        TelegramEmulator(token=TOKEN) as telegram,
        a_proxy(kind, asks_password=True) as proxy,
        a_switch(proxy.port) as switch,
        a_bot(port_of(telegram.base_url), proxy.url(switch.port, way.user)) as api,
    ):
        await switch.set(way.line, way.words)

        away = await failure(api)

        assert isinstance(away, TelegramAway)
        assert (way.said in away.reason, away.remedy, away.is_sent) == (True, AT_PROXY, way.is_sent), away.reason
        assert not any(secret in f"{away} {in_words(away)}" for secret in (way.user, "right", TOKEN, str(switch.port)))


@pytest.mark.parametrize("kind", ["socks5", "http"])
async def test_a_proxy_that_is_back_is_used_again(kind: Kind) -> None:
    async with (
        TelegramEmulator(token=TOKEN) as telegram,
        a_proxy(kind, asks_password=True) as proxy,
        a_switch(proxy.port) as switch,
        a_bot(port_of(telegram.base_url), proxy.url(switch.port)) as api,
    ):
        await api(GetMe())
        await switch.set(Line.REFUSES)
        assert isinstance(await failure(api), TelegramAway)

        await switch.set(Line.PASSES)
        assert (await api(GetMe())).username
        assert proxy.passed == 2


async def at_nobody(bot_at: int) -> BotApiFailure:
    async with a_bot(bot_at) as api:
        return await failure(api)


async def test_what_was_surely_not_sent_is_known() -> None:
    refused = await at_nobody(free_port())
    async with connect(TOKEN, api_base="http://no.such.host.invalid", proxy=None) as api:
        unnamed = await failure(api)
    async with a_switch(free_port()) as switch, a_bot(switch.port, scheme="https") as api:
        await switch.set(Line.SAYS, b"no TLS")
        no_tls = await failure(api)
        await switch.set(Line.HANGS)
        silent_tls = await failure(api, seconds=1)
    async with a_switch(free_port()) as switch, a_bot(switch.port) as api:
        await switch.set(Line.HANGS)
        silent = await failure(api, seconds=1)

    assert [isinstance(away, TelegramAway) and away.is_sent for away in (refused, unnamed, no_tls, silent_tls)] == [
        False
    ] * 4
    assert isinstance(silent, TelegramAway)
    assert silent.is_sent


async def test_a_certificate_that_nobody_trusts_is_named(tmp_path: Path) -> None:
    async with a_switch(free_port()) as switch, a_bot(switch.port, scheme="https") as api:
        await switch.set(Line.SAYS, ssl.DER_cert_to_PEM_cert(b"no certificate").encode())
        assert "TLS" in in_words(await failure(api))[0]


@pytest.mark.parametrize("line", [Line.REFUSES, Line.CUTS, Line.SAYS])
async def test_a_download_that_breaks_is_telegram_away(line: Line) -> None:
    async with (
        TelegramEmulator(token=TOKEN, delay_scale=0) as telegram,
        a_proxy("socks5") as proxy,
        a_switch(proxy.port) as switch,
        a_bot(port_of(telegram.base_url), proxy.url(switch.port)) as api,
    ):
        file = FileId(telegram.state.files.add(A_PHOTO, folder="photos").file_id)
        await TelegramSentFiles(api).read(TELEGRAM, file)
        await switch.set(line, b"nonsense")

        with pytest.raises(FilesAway):
            await TelegramSentFiles(api).read(TELEGRAM, file)


async def test_an_outage_has_a_line_when_it_begins_and_one_when_it_ends() -> None:
    async with (
        TelegramEmulator(token=TOKEN) as telegram,
        a_switch(port_of(telegram.base_url)) as switch,
        a_bot(switch.port) as api,
    ):
        chat = telegram.customer(7_001, "Анна")
        await chat.send_text("/start")
        calls = Calls(api, Outage("telegram"))
        hello = SendMessage(chat_id=chat.id, text="Здравствуйте")
        with capture_logs() as logs:
            await switch.set(Line.REFUSES)
            for _ in range(2):
                with pytest.raises(NotReached):
                    await calls(hello)
            await switch.set(Line.PASSES)
            await calls(hello)
            await calls(hello)

        assert [line["event"] for line in logs if "not_reached" not in line["event"]] == [
            "telegram_away",
            "telegram_back",
        ]
