"""What one call of the Bot API, or of MAX's, costs the process that makes it: `python -m benchmarks.calls`.

A message with a keyboard of 13 buttons, answered as Telegram and MAX answer it, by a process of its own on loopback.
Counted is the CPU time of the caller alone, 16 calls at a time. MAX's limits are kept there as always, by a clock on
which seconds pass at once.
"""

import asyncio
import itertools
import json
import multiprocessing
import time
from collections.abc import Awaitable, Callable
from typing import Final

from carquery.adapters.max.api.connection import connect as connect_to_max
from carquery.adapters.max.api.keyboards import CallbackButton, InlineKeyboard, MaxKeyboard, NewMessage
from carquery.adapters.max.api.limits import Limits
from carquery.adapters.max.api.methods import SendToUser
from carquery.adapters.system.clock import SystemClock
from carquery.adapters.telegram.api.connection import connect
from carquery.adapters.telegram.api.keyboards import InlineKeyboardButton, InlineKeyboardMarkup
from carquery.adapters.telegram.api.methods import SendMessage

TOKEN: Final = "1:benchmark"  # noqa: S105
AT_ONCE: Final = 16
TEXT: Final = "<i>Продажа авто · Шаг 2 из 8</i>\n\n<b>Какого года автомобиль?</b>\n\nМожно и написать"
BUTTONS: Final = tuple((str(2000 + number), f"d:0123456789ABC:{number}:c:{number}") for number in range(13))

Call = Callable[[], Awaitable[object]]


def main(calls: int = 3000) -> None:
    """Print µs of each way."""
    print(measured(calls))


def measured(calls: int) -> str:
    """CPU µs per call of aiogram's way, of ours, and of bytes on a socket."""
    port, server = _server()
    try:
        figures = {
            "aiogram": asyncio.run(_by_aiogram(port, calls)),
            "carquery": asyncio.run(_by_carquery(port, calls)),
            "carquery to MAX": asyncio.run(_by_carquery_to_max(port, calls)),
            "raw bytes": asyncio.run(_by_streams(port, calls)),
        }
    finally:
        server.terminate()
    said = ", ".join(f"{way} {microseconds:.0f}" for way, microseconds in figures.items())
    return f"CPU µs per sendMessage with 13 buttons ({calls} calls): {said}"


async def _cost(call: Call, calls: int) -> float:
    async def some(number: int) -> None:
        for _ in range(number):
            await call()

    await asyncio.gather(*(some(10) for _ in range(AT_ONCE)))  # connections and caches are not what is measured
    began = time.process_time()
    await asyncio.gather(*(some(calls // AT_ONCE) for _ in range(AT_ONCE)))
    return (time.process_time() - began) / (calls // AT_ONCE * AT_ONCE) * 1e6


async def _by_aiogram(port: int, calls: int) -> float:
    # Here, for it takes seconds, and the process that answers imports this module too.
    from aiogram import Bot
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

    session = AiohttpSession(api=TelegramAPIServer.from_base(f"http://127.0.0.1:{port}"))
    async with Bot(TOKEN, session=session) as bot:

        def send() -> Awaitable[object]:
            row = [InlineKeyboardButton(text=label, callback_data=data) for label, data in BUTTONS]
            return bot.send_message(
                7001, TEXT, parse_mode="HTML", reply_markup=InlineKeyboardMarkup(inline_keyboard=[row])
            )

        return await _cost(send, calls)


async def _by_carquery(port: int, calls: int) -> float:
    async with connect(TOKEN, api_base=f"http://127.0.0.1:{port}", proxy=None) as api:

        def send() -> Awaitable[object]:
            row = tuple(InlineKeyboardButton(label, callback_data=data) for label, data in BUTTONS)
            return api(SendMessage(chat_id=7001, text=TEXT, reply_markup=InlineKeyboardMarkup((row,))))

        return await _cost(send, calls)


async def _by_carquery_to_max(port: int, calls: int) -> float:
    turns = Limits(_Hurrying())
    async with connect_to_max(TOKEN, api_base=f"http://127.0.0.1:{port}", ca_file=None, limits=turns) as api:

        def send() -> Awaitable[object]:
            row = tuple(CallbackButton(label, data) for label, data in BUTTONS)
            keyboard = InlineKeyboard(MaxKeyboard((row,)))
            return api(SendToUser(user_id=7001, message=NewMessage(TEXT, (keyboard,))))

        return await _cost(send, calls)


class _Hurrying(SystemClock):
    """A second passes between any two looks at it."""

    def __init__(self) -> None:
        self._seconds = itertools.count(step=2)

    def monotonic(self) -> float:
        return next(self._seconds)


async def _by_streams(port: int, calls: int) -> float:
    """The same bytes each time, and nothing is read of the answer but where it ends."""
    body = json.dumps({"chat_id": 7001, "text": TEXT, "buttons": BUTTONS}).encode()
    request = b"POST /bot/sendMessage HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
    idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(AT_ONCE)]

    async def send() -> None:
        reader, writer = idle.pop()
        writer.write(request)
        await reader.readexactly(len(ANSWER))
        idle.append((reader, writer))

    cost = await _cost(send, calls)
    for _, writer in idle:
        writer.close()
    return cost


class _Telegram(asyncio.Protocol):
    """Answers whatever is posted, as soon as it is whole."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("a listening socket makes TCP connections")
        self._transport = transport
        self._received = b""

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or b"0")
        is_chunked = b"chunked" in head
        if end and (body.endswith(b"0\r\n\r\n") if is_chunked else len(body) >= length):
            self._received = b""
            self._transport.write(ANSWER)


def _answer() -> bytes:
    buttons = [[{"text": label, "callback_data": data} for label, data in BUTTONS]]
    chat = {"id": 7001, "first_name": "Анна", "type": "private"}
    sender = {"id": 1, "is_bot": True, "first_name": "Bot", "username": "bot"}
    message = {"message_id": 9, "from": sender, "chat": chat, "date": 1_795_000_000, "text": TEXT}
    telegrams = {"ok": True, "result": {**message, "reply_markup": {"inline_keyboard": buttons}}}
    body = json.dumps(
        {**telegrams, "message": {"recipient": chat, "sender": sender, "body": {"mid": "mid.9"}}}
    ).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


ANSWER: Final = _answer()


def _server() -> tuple[int, multiprocessing.process.BaseProcess]:
    """A process that answers, and its port."""
    spawning = multiprocessing.get_context("spawn")
    ours, theirs = spawning.Pipe()
    server = spawning.Process(target=_serve, args=(theirs,), daemon=True)
    server.start()
    return ours.recv(), server


def _serve(told: "multiprocessing.connection.Connection") -> None:
    async def serve() -> None:
        server = await asyncio.get_running_loop().create_server(_Telegram, "127.0.0.1", 0)
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


if __name__ == "__main__":
    main()
