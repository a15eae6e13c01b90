"""The playground with its bot, and what a customer does in its chat."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Locator, Page, expect

from carquery.adapters.dealership_file.reading import read_dealership
from carquery.adapters.system.clock import SystemClock
from carquery.entrypoints.playground.moved_clock import MovedClock, When, wait_until
from carquery.entrypoints.playground.play import DEALERSHIP, playground
from carquery.entrypoints.processes.bot import serve
from tests.e2e.car_pictures import pictures_of_a_car
from tests.moving_picture import MovingPicture

SCREENSHOTS = "CARQUERY_SCREENSHOTS"
"""A folder that keeps the pictures; `make screenshots` sets it to the README's."""


@asynccontextmanager
async def played(folder: Path) -> AsyncIterator[str]:
    """The page's address, while the bot runs; the dealership has been open for an hour."""
    stop, clock = asyncio.Event(), MovedClock(SystemClock())
    hours = read_dealership(DEALERSHIP).hours
    assert hours is not None
    clock.move(wait_until(When.OPEN, hours, now=clock.now()))
    async with playground(folder, port=0, clock=clock) as (address, container):
        serving = asyncio.create_task(serve(container, stop))
        yield address
        stop.set()
        await serving


NOT_MAX = "#chat, .leads, dialog"
"""Where one presses who writes in Telegram."""
IN_MAX = "#max-chat, dialog"


async def press(page: Page, label: str, *, where: str = NOT_MAX) -> None:
    await page.locator(where).get_by_role("button", name=label, exact=True).last.click()


async def say(page: Page, text: str, *, where: str = NOT_MAX) -> None:
    box = page.locator(where).get_by_role("textbox").last
    await box.fill(text)
    await box.press("Enter")


async def asked(page: Page, question: str) -> None:
    """Wait until the bot has asked that."""
    await expect(page.get_by_text(question).last).to_be_visible()


async def sell_a_car(page: Page) -> None:
    """Fill the longest form as a customer would: typing, pressing, sending photos, sharing the number."""
    await press(page, "Запустить")
    await press(page, "🚗 Продать авто")
    await asked(page, "Шаг 1 из 8")
    await say(page, "Toyota Camry")
    await press(page, "2018")
    await asked(page, "Шаг 3 из 8")
    await say(page, "120")
    await press(page, "120 000 км".replace(" ", "\u00a0"))
    await press(page, "1–2 млн ₽")
    await asked(page, "Шаг 5 из 8")
    await page.set_input_files("#files", await pictures_of_a_car(page))
    await press(page, "Отправить")
    await press(page, "Готово (3)")
    await press(page, "Оставить")
    await asked(page, "Шаг 7 из 8")
    await press(page, "📱 Поделиться номером")
    await press(page, "Поделиться")
    await asked(page, "Шаг 8 из 8")
    await press(page, "Пропустить")
    await send_the_lead(page)


async def have_a_car_checked(page: Page) -> None:
    """Fill the shortest form."""
    await press(page, "Запустить")
    await press(page, "🛠 Проверить авто")
    await press(page, "Юридическая чистота")
    await asked(page, "Шаг 2 из 6")
    await say(page, "Lada Vesta")
    await press(page, "Пропустить")
    await press(page, "Оставить")
    await asked(page, "Шаг 5 из 6")
    await press(page, "📱 Поделиться номером")
    await press(page, "Поделиться")
    await asked(page, "Шаг 6 из 6")
    await press(page, "Пропустить")
    await send_the_lead(page)


async def sell_a_car_in_one_message(page: Page, film: MovingPicture | None = None) -> None:
    """Write an advert, and fill in what it does not say; the summary stands at the end."""
    await press(page, "Запустить")
    await expect(page.get_by_role("button", name="🚗 Продать авто")).to_be_visible()
    await say(page, "продаю камри 2018, пробег 120к, хочу 2 ляма")
    await asked(page, "Заполнить заявку?")
    await keep(film, 2.5)
    await press(page, "Да")
    await press(page, "Оставить всё")
    await asked(page, "Шаг 5 из 8")
    await keep(film, 2.5)
    await press(page, "Пропустить")
    await press(page, "Оставить")
    await asked(page, "Шаг 7 из 8")
    await press(page, "📱 Поделиться номером")
    await press(page, "Поделиться")
    await asked(page, "Шаг 8 из 8")
    await press(page, "Пропустить")
    await asked(page, "Проверьте заявку")
    await keep(film, 2.5)


async def keep(film: MovingPicture | None, seconds: float) -> None:
    """A frame that stays that long, if there is a film."""
    if film is not None:
        await film.keep(seconds)


async def send_the_lead(page: Page, *, where: str = NOT_MAX) -> None:
    await asked(page, "Проверьте заявку")
    await press(page, "✅ Отправить", where=where)
    await asked(page, "принята. ")  # whether somebody calls soon depends on the hour


def the_card(page: Page) -> Locator:
    """The only lead there is."""
    return page.get_by_role("article", name="Заявка CQ-")


async def is_delivered_once(page: Page) -> None:
    """Wait until the only lead, without photos, stands in amoCRM with everything; there is one deal, not two."""
    await expect(the_card(page).get_by_text("В amoCRM", exact=True)).to_be_visible()
    await expect(page.get_by_role("heading", name="Первичный контакт")).to_contain_text("1 сделка")
    await expect(the_card(page).locator(".made")).to_have_count(4)


@asynccontextmanager
async def filmed(page: Page, name: str) -> AsyncIterator[MovingPicture | None]:
    """A moving picture of what follows, if somebody wants pictures."""
    folder = os.environ.get(SCREENSHOTS)
    film = MovingPicture(page) if folder else None
    yield film
    if folder and film:
        (Path(folder) / name).write_bytes(film.png())


async def keep_picture(page: Page, name: str) -> None:
    """Take a picture of the page, if somebody wants one."""
    if folder := os.environ.get(SCREENSHOTS):
        await page.screenshot(path=Path(folder) / name, animations="disabled")
