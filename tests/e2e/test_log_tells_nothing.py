"""Whatever customers write, and whatever goes wrong meanwhile, the log tells neither secrets nor personal data."""

import json
import re
from itertools import cycle
from pathlib import Path
from typing import get_args

from carquery_emulators.amocrm import AmoCrmEmulator
from carquery_emulators.amocrm.faults import How as AmoCrmHow
from carquery_emulators.openai import OpenAiEmulator
from carquery_emulators.openai.faults import How as OpenAiHow
from carquery_emulators.telegram import Customer, TelegramEmulator
from tests.e2e.admin_chat import told
from tests.e2e.journeys import JOURNEYS, SEND
from tests.e2e.processes import a_process, environment_with, started
from tests.keyword_brain import keyword_brain
from tests.patience import eventually

PEOPLE = {
    "Анна": ("Аграфена Недоступная", "+7 916 555-66-77, это номер Аграфены"),
    "Boris": ("Boris Untold", "8(903)5550101"),
    "Гульнара": ("Гульнара Неназванная", "+49 151 23456789"),
}
"""By profile: the name and the phone that are typed."""

FREE = (
    "продаю солярис 2017, звоните +7 926 111-22-33, Аграфена",
    "мой телефон 8 9161234567, почта agrafena@nedostupnaya.ru, вин XTA210990Y1234567",
    "моя карта 4276 3800 1234 5678, паспорт 4509 123456",
    "я Аграфена Недоступная, госномер А123ВС777, ищу авто до миллиона",
)
SENTENCES = re.compile(r"Аграфен|Недоступн|Untold|Неназванн|солярис|ищу авто|agrafena|XTA210990|А123ВС|Спорная")
"""What only customers wrote."""
NUMBERS = ("5556677", "5550101", "23456789", "1112233", "1234567", "42763800", "4509123456", "12345678")
TELEGRAM_TROUBLES = ("500", "502 html", "429", "drop", "refuse", "blocked")


def digits(line: str) -> str:
    """A line's digits, as somebody would look for a phone however it is written; our own numbers are left out."""
    own = ("timestamp", "update_id", "customer", "replica", "event", "level", "logger", "port")
    said = {key: value for key, value in json.loads(line).items() if key not in own}
    return re.sub(r"[\s()+\-.–]", "", json.dumps(said, ensure_ascii=False))


async def live(customer: Customer, telegram: TelegramEmulator, name: str, phone: str) -> None:
    """All that a customer may do, with Telegram failing now and then."""
    troubles = cycle(TELEGRAM_TROUBLES)
    for text in FREE:
        telegram.fail("sendMessage", how=next(troubles))
        await customer.send_text(text)
        await handled(telegram)
    for service in ("legal", "callback"):
        await customer.send_text(f"/start {service}")
        await handled(telegram)
        for step, answer in JOURNEYS[service]:
            given = {"name": name, "phone": phone, "description": "Спорная покупка, продавец пропал"}.get(step, answer)
            if given.startswith("["):
                await pressed(customer, given[1:-1])
            else:
                await customer.send_text(given)
            await handled(telegram)
        await pressed(customer, SEND)
        await handled(telegram)
    template = {"chat": {"id": customer.id, "type": "private"}, "from": customer.user, "date": 0}
    telegram.inject({"message": {**template, "message_id": "кто я? Аграфена", "text": f"{name} {phone}"}})
    telegram.inject({"message": {**template, "message_id": 9, "contact": {"phone_number": phone, "first_name": name}}})
    telegram.inject({"business_message": {**template, "message_id": 9, "text": f"{name} {phone}"}})
    await handled(telegram)


async def pressed(customer: Customer, label: str) -> None:
    """Once the button is there: a reply may stand in the chat later than its update is confirmed."""
    await customer.chat.wait_for(lambda chat: label in chat.visible_buttons)
    await customer.press(label)


async def handled(telegram: TelegramEmulator) -> None:
    """Telegram has nothing left to bring."""
    await telegram.wait_for(lambda: not telegram.queue)


async def test_neither_secrets_nor_personal_data_are_in_the_log(telegram: TelegramEmulator, tmp_path: Path) -> None:
    async with AmoCrmEmulator(requests_per_second=10_000) as amocrm, OpenAiEmulator(keyword_brain) as openai:
        keys = {"OPENAI_API_KEY": openai.api_key, "OPENAI_BASE_URL": openai.base_url, "OPENAI_DAILY_BUDGET_USD": "100"}
        env = environment_with(telegram, amocrm, tmp_path, LOG_LEVEL="DEBUG", DELIVERY_INTERVAL="1", **keys)
        for trouble in ("500", "403 scope", "429", "html 200", "empty 200", "404 html", "redirect", "refuse"):
            assert trouble in get_args(AmoCrmHow)
            amocrm.faults.add(trouble)
        for how in get_args(OpenAiHow):
            openai.faults.add(how, times=1, seconds=0.1)
        async with a_process("bot", env=env, folder=tmp_path) as process:
            await started(telegram)
            for number, (profile, (name, phone)) in enumerate(PEOPLE.items()):
                customer = telegram.customer(8_000 + number, profile, phone=phone)
                await live(customer, telegram, name, phone)
            await eventually(lambda: bool(told(telegram)))
            process.terminate()
            _, err = await process.communicate()

    log = err.decode()
    events = {json.loads(line)["event"] for line in log.splitlines()}
    assert {"update_handled", "update_read_in_part", "telegram_not_reached"} <= events
    assert [line for line in log.splitlines() if SENTENCES.search(line)] == []
    assert [line for line in log.splitlines() if any(number in digits(line) for number in NUMBERS)] == []
    for secret in (telegram.token, openai.api_key, env["AMOCRM_LONG_LIVED_TOKEN"]):
        assert secret not in log
