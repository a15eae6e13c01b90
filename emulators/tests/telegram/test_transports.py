"""The ways in which a Bot API call may be written."""

import json

import pytest
from aiohttp import ClientSession, FormData

from carquery_emulators.telegram import A_PHOTO, Customer, TelegramEmulator

_MARKUP = {"inline_keyboard": [[{"text": "Да", "callback_data": "yes"}]]}


async def test_parameters_in_the_query_string_of_a_get(
    telegram: TelegramEmulator, http: ClientSession, anna: Customer
) -> None:
    query = {"chat_id": str(anna.id), "text": "Да?", "reply_markup": json.dumps(_MARKUP)}

    async with http.get(f"/bot{telegram.token}/sendMessage", params=query) as answer:
        body = await answer.json()

    assert (answer.status, body["ok"], body["result"]["reply_markup"]) == (200, True, _MARKUP)


async def test_parameters_as_json(telegram: TelegramEmulator, http: ClientSession, anna: Customer) -> None:
    call = {"chat_id": anna.id, "text": "Да?", "reply_markup": _MARKUP}

    async with http.post(f"/bot{telegram.token}/sendMessage", json=call) as answer:
        assert (await answer.json())["result"]["reply_markup"] == _MARKUP


async def test_parameters_as_a_form(telegram: TelegramEmulator, http: ClientSession, anna: Customer) -> None:
    call = {"chat_id": str(anna.id), "text": "Да?", "reply_markup": json.dumps(_MARKUP)}

    async with http.post(f"/bot{telegram.token}/sendMessage", data=call) as answer:
        assert (await answer.json())["result"]["reply_markup"] == _MARKUP


@pytest.mark.parametrize("field", ["photo", "file7"])
async def test_files_in_multipart_by_field_or_by_reference(
    field: str, telegram: TelegramEmulator, http: ClientSession, anna: Customer
) -> None:
    form = FormData({"chat_id": str(anna.id), **({} if field == "photo" else {"photo": f"attach://{field}"})})
    form.add_field(field, A_PHOTO, filename="car.png", content_type="image/png")

    async with http.post(f"/bot{telegram.token}/sendPhoto", data=form) as answer:
        [_, largest] = (await answer.json())["result"]["photo"]

    assert (largest["width"], largest["height"], largest["file_size"]) == (1, 1, len(A_PHOTO))


async def test_method_names_are_read_without_regard_to_case(telegram: TelegramEmulator, http: ClientSession) -> None:
    async with http.get(f"/bot{telegram.token}/GETME") as answer:
        assert (await answer.json())["result"]["username"] == "emulated_bot"
    assert [call.method for call in telegram.calls] == ["getMe"]


@pytest.mark.parametrize("body", [b"{", b"[]"])
async def test_json_that_is_no_object_is_refused(body: bytes, telegram: TelegramEmulator, http: ClientSession) -> None:
    headers = {"Content-Type": "application/json"}

    async with http.post(f"/bot{telegram.token}/getMe", data=body, headers=headers) as answer:
        assert (answer.status, (await answer.json())["ok"]) == (400, False)


async def test_an_unknown_method_and_a_wrong_token(telegram: TelegramEmulator, http: ClientSession) -> None:
    async with http.get(f"/bot{telegram.token}/sendRegards") as unknown:
        assert await unknown.json() == {"ok": False, "error_code": 404, "description": "Not Found"}
    async with http.get("/bot1:X/getMe") as wrong:
        assert await wrong.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}
    async with http.get("/file/bot1:X/photos/file_1.png") as wrong_file:
        assert wrong_file.status == 401
    async with http.get(f"/file/bot{telegram.token}/photos/file_99.png") as missing:
        assert missing.status == 404


async def test_a_parameter_that_is_no_number_is_refused(
    telegram: TelegramEmulator, http: ClientSession, anna: Customer
) -> None:
    call = {"chat_id": anna.id, "message_id": "седьмое"}

    async with http.post(f"/bot{telegram.token}/deleteMessage", json=call) as answer:
        assert (await answer.json())["description"] == 'Bad Request: field "message_id" must be an Integer'


async def test_every_call_is_written_down_with_its_outcome(
    telegram: TelegramEmulator, http: ClientSession, anna: Customer
) -> None:
    call = {"chat_id": str(anna.id), "text": "Да?", "reply_markup": json.dumps(_MARKUP)}
    for address in ("sendMessage", "getMe"):
        async with http.post(f"/bot{telegram.token}/{address}", data=call if address == "sendMessage" else None):
            pass
    async with http.post(f"/bot{telegram.token}/sendMessage", json={"chat_id": 404}):
        pass

    sent, asked, refused = telegram.calls
    assert sent.params == {**call, "reply_markup": _MARKUP}
    assert (sent.method, sent.ok, asked.method, asked.ok) == ("sendMessage", True, "getMe", True)
    assert (refused.ok, refused.description) == (False, "Bad Request: chat not found")
    assert sent.at <= asked.at <= refused.at
    assert telegram.calls_of("sendMessage") == [sent, refused]
