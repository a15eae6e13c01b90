"""What happens between us and MAX, and what a call makes of it."""

import asyncio
import json
import ssl
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from carquery.adapters.max.api.calls import LONGEST_WAIT_SECONDS, TRIES, MaxCalls
from carquery.adapters.max.api.failures import MaxAway, MaxNotFound, in_words
from carquery.adapters.max.api.keyboards import CallbackButton, InlineKeyboard, MaxKeyboard, NewMessage
from carquery.adapters.max.api.methods import AnswerPress, EditMessage, GetMyself, MaxMethod, SendToUser
from carquery.adapters.max.api.trust import NotCertificates
from carquery.adapters.messenger.chats import Gone, MessageGone, NotReached
from carquery.adapters.outage import Outage
from tests.adapters.max.odd_max import TOKEN, OddServer, at_once, max_at
from tests.private_root import PrivateRoot

DENIED = '{"code": "chat.denied", "message": "Key: error.dialog.suspended"}'
HELLO: Final = NewMessage("Здравствуйте")


async def test_the_token_stands_alone_in_its_header_and_what_is_said_in_json() -> None:
    server = OddServer()
    keyboard = InlineKeyboard(MaxKeyboard(((CallbackButton("Да", "f:y:"),),)))
    async with max_at(server) as api:
        await api(SendToUser(user_id=5, message=NewMessage("<b>Да</b>", (keyboard,))))
        await api(AnswerPress(user_id=5, callback_id="a/5", notification="Нет"))

    sent, answered = server.asked
    assert sent.line == "POST /messages?user_id=5&disable_link_preview=true HTTP/1.1"
    assert (sent.headers["Authorization"], "?access" in sent.line) == (TOKEN, False)
    assert json.loads(sent.body) == {
        "text": "<b>Да</b>",
        "format": "html",
        "link": None,
        "attachments": [
            {
                "type": "inline_keyboard",
                "payload": {"buttons": [[{"type": "callback", "text": "Да", "payload": "f:y:"}]]},
            }
        ],
    }
    assert (answered.line, json.loads(answered.body)) == (
        "POST /answers?callback_id=a%2F5 HTTP/1.1",
        {"notification": "Нет"},
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a message to a customer, or of an edit, that is answered so.

    Attributes:
        tries: how often it was sent.
        edit_tries: how often it was edited.
    """

    status: int
    body: str
    send: type[Exception]
    tries: int
    edit: type[Exception]
    edit_tries: int
    is_perhaps_done: bool = False


OUTCOMES: Final = (
    Outcome(401, '{"code": "verify.token", "message": "no"}', NotReached, 1, NotReached, 1),
    Outcome(403, DENIED, Gone, 1, Gone, 1),
    Outcome(404, '{"code": "not.found", "message": "no"}', Gone, 1, MessageGone, 1),
    Outcome(400, '{"code": "too.old", "message": "no"}', Exception, 1, MessageGone, 1),
    Outcome(405, '{"code": "not.allowed", "message": "no"}', NotReached, 1, MessageGone, 1),
    Outcome(200, '{"success": false, "message": "no"}', NotReached, 1, MessageGone, 1),
    Outcome(500, '{"code": "internal", "message": "no"}', NotReached, 1, NotReached, TRIES, is_perhaps_done=True),
    Outcome(502, "<html>", NotReached, 1, NotReached, TRIES, is_perhaps_done=True),
    Outcome(503, "<html>", NotReached, TRIES, NotReached, TRIES),
    Outcome(200, "<html>", NotReached, 1, NotReached, TRIES, is_perhaps_done=True),
    Outcome(0, "it hangs up", NotReached, 1, NotReached, TRIES, is_perhaps_done=True),
    Outcome(429, "", NotReached, 1 + LONGEST_WAIT_SECONDS, NotReached, 1 + LONGEST_WAIT_SECONDS),
)


async def test_a_message_is_sent_again_only_if_it_surely_was_not() -> None:
    """No key makes a second one the same; an edit may be made twice."""
    server = OddServer({number: (one.status, one.body) for number, one in enumerate(OUTCOMES)})
    async with max_at(server) as api:
        calls = MaxCalls(api, Outage("max"), sleep=at_once)
        made: list[MaxMethod[object]] = [SendToUser(user_id=one, message=HELLO) for one in range(len(OUTCOMES))]
        made += [EditMessage(user_id=one, message_id=f"{one}", message=HELLO) for one in range(len(OUTCOMES))]
        ends = await asyncio.gather(*map(calls, made), return_exceptions=True)

    asked = Counter(request.line for request in server.asked)
    for number, one in enumerate(OUTCOMES):
        sent, edited = ends[number], ends[number + len(OUTCOMES)]
        assert isinstance(sent, one.send), one
        assert asked[f"POST /messages?user_id={number}&disable_link_preview=true HTTP/1.1"] == one.tries, one
        assert isinstance(edited, one.edit), one
        assert asked[f"PUT /messages?message_id={number} HTTP/1.1"] == one.edit_tries, one
        if isinstance(sent, NotReached):
            assert sent.is_perhaps_done == one.is_perhaps_done, one


async def test_a_file_is_asked_for_without_the_token_and_no_more_of_it_is_taken_than_wanted() -> None:
    server = OddServer({7: (403, "expired"), 8: (200, "x" * 100)})
    async with max_at(server) as api:
        for number in (7, 8):
            with pytest.raises(MaxNotFound):
                await api.download(f"{server.base}/i/{number}?r=a%2Bb&expires=5", seconds=5, at_most=10)

    assert server.asked[0].line == "GET /i/7?r=a%2Bb&expires=5 HTTP/1.1"
    assert not any("Authorization" in request.headers for request in server.asked)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> PrivateRoot:
    """One that nobody else knows, in PEM, in PEM that says in Russian what it is and, beside that, in DER."""
    root = PrivateRoot.made_in(tmp_path_factory.mktemp("authority"))
    root.ca_file.with_suffix(".crt").write_bytes("\ufeffМинцифры\n".encode() + root.ca_file.read_bytes())
    root.ca_file.with_suffix(".cer").write_bytes(ssl.PEM_cert_to_DER_cert(root.ca_file.read_text()))
    return root


@pytest.mark.parametrize("ending", [".pem", ".crt", ".cer"])
async def test_the_authority_of_the_setting_is_trusted_beside_the_usual(authority: PrivateRoot, ending: str) -> None:
    server = OddServer({1: (200, '{"user_id": 1}')})
    async with max_at(server, tls=authority.server, ca_file=authority.ca_file.with_suffix(ending)) as api:
        await api(SendToUser(user_id=5, message=HELLO))

    assert len(server.asked) == 1


async def test_a_certificate_that_nobody_trusts_says_what_to_set(authority: PrivateRoot) -> None:
    server = OddServer()
    async with max_at(server, tls=authority.server) as api:
        with pytest.raises(MaxAway) as away:
            await api(GetMyself())

    reason, remedy = in_words(away.value)
    assert "certificate" in reason
    assert "MAX_CA_FILE" in remedy
    assert (away.value.is_sent, server.asked) == (False, [])


@pytest.mark.parametrize(
    "content",
    [None, b"", b"nonsense", b"-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n", "рф".encode()],
    ids=["missing", "empty", "garbage", "garbage in PEM", "Cyrillic"],
)
async def test_a_file_that_is_no_certificate_is_one_line(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(NotCertificates, match=r"^MAX_CA_FILE: [^\n]+; expected: [^\n]+$"):
        async with max_at(OddServer(), ca_file=file):
            pass
