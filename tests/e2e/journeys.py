"""What a customer answers, form by form: a text, `[a button]`, or an action of its own."""

from typing import Protocol, TypeVar

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


class Writer(Protocol[R_co]):
    """A customer in any messenger, as far as forms go."""

    async def send_text(self, text: str, /) -> int: ...

    async def press(self, label: str, /) -> int: ...

    async def reply(self) -> R_co: ...


PHONE = "+7 916 123-45-67"
SEND = "✅ Отправить"

JOURNEYS: dict[str, tuple[tuple[str, str], ...]] = {
    "sell": (
        ("car_brand", "Toyota Camry"),
        ("year", "[2018]"),
        ("mileage", "120 тыс"),
        ("price", "[1–2 млн ₽]"),
        ("photos", "[Пропустить]"),
        ("name", "Анна"),
        ("phone", PHONE),
        ("comment", "[Пропустить]"),
    ),
    "buy": (
        ("car_brand", "Kia Rio"),
        ("budget", "[до 1,5 млн ₽]"),
        ("year_from", "[Раньше]"),
        ("year_from", "2012"),
        ("transmission", "[Автомат]"),
        ("drive", "[Не важно]"),
        ("name", "Анна"),
        ("phone", PHONE),
        ("comment", "Лучше белую"),
    ),
    "find": (
        ("purpose", "[Для семьи]"),
        ("budget", "[до 3 млн ₽]"),
        ("brand_preference", "[Любая]"),
        ("body_type", "[Минивэн]"),
        ("name", "Анна"),
        ("phone", PHONE),
        ("comment", "[Пропустить]"),
    ),
    "check": (
        ("check_type", "[Комплексная проверка]"),
        ("car_brand", "BMW X5"),
        ("vin", "xta 21099-0у1234567"),
        ("name", "Анна"),
        ("phone", PHONE),
        ("comment", "[Пропустить]"),
    ),
    "legal": (
        ("question_type", "[Спор с продавцом]"),
        ("description", "Продавец не отдаёт ПТС после оплаты"),
        ("name", "Анна"),
        ("phone", PHONE),
        ("comment", "[Пропустить]"),
    ),
    "callback": (
        ("name", "Анна"),
        ("phone", PHONE),
    ),
}

BUTTONS = {
    "sell": "🚗 Продать авто",
    "buy": "🛒 Купить авто",
    "find": "🔎 Подобрать авто",
    "check": "🛠 Проверить авто",
    "legal": "⚖️ Юрпомощь",
}


async def give(customer: Writer[R], answer: str) -> R:
    """Press `[a button]`, or send anything else as text; wait for the bot."""
    if answer.startswith("["):
        await customer.press(answer[1:-1])
    else:
        await customer.send_text(answer)
    return await customer.reply()


async def open_form(customer: Writer[R], service: str) -> R:
    """The form's first question, by a deep link."""
    return await give(customer, f"/start {service}")


async def walk_to(customer: Writer[R], service: str, step: str) -> R:
    """Answer a form from its beginning up to (not including) that step."""
    reply = await open_form(customer, service)
    for name, answer in JOURNEYS[service]:
        if name == step:
            return reply
        reply = await give(customer, answer)
    raise AssertionError(f"{service} has no step {step}")


async def walk_to_summary(customer: Writer[R], service: str) -> R:
    """Answer all of a form."""
    reply = await open_form(customer, service)
    for _, answer in JOURNEYS[service]:
        reply = await give(customer, answer)
    return reply


async def send_lead(customer: Writer[R], service: str) -> R:
    """Answer all of a form and send it."""
    await walk_to_summary(customer, service)
    return await give(customer, f"[{SEND}]")
