"""The playground, in a real browser: from the start button to the lead beside the chat."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from carquery.emulators.telegram import A_PHOTO
from carquery.entrypoints.bot import serve
from carquery.entrypoints.playground.play import playground
from tests.browser import a_page

pytestmark = pytest.mark.browser

SCREENSHOTS = "CARQUERY_SCREENSHOTS"
"""A folder that keeps the pictures; `make screenshots` sets it to the README's."""


@pytest.fixture
async def address(tmp_path: Path) -> AsyncIterator[str]:
    stop = asyncio.Event()
    async with playground(tmp_path, port=0) as (address, container):
        serving = asyncio.create_task(serve(container, stop))
        yield address
        stop.set()
        await serving


async def press(page: Page, label: str) -> None:
    await page.get_by_role("button", name=label, exact=True).last.click()


async def say(page: Page, text: str) -> None:
    box = page.get_by_role("textbox").last
    await box.fill(text)
    await box.press("Enter")


async def asked(page: Page, question: str) -> None:
    """Wait until the bot has asked that."""
    await expect(page.get_by_text(question).last).to_be_visible()


async def walk_the_sell_form(page: Page) -> None:
    """As a customer would: typing, pressing, sending photos, sharing the number."""
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
    photos = [{"name": f"{n}.png", "mimeType": "image/png", "buffer": A_PHOTO} for n in range(3)]
    await page.set_input_files("input[type=file]", photos)  # type: ignore[arg-type]  # FilePayload is a TypedDict
    await press(page, "Отправить")
    await press(page, "Готово (3)")
    await press(page, "Оставить")
    await asked(page, "Шаг 7 из 8")
    await press(page, "📱 Поделиться номером")
    await press(page, "Поделиться")
    await asked(page, "Шаг 8 из 8")
    await press(page, "Пропустить")
    await asked(page, "Проверьте заявку")
    await press(page, "✅ Отправить")
    await asked(page, "Менеджер скоро свяжется с вами")


def keep(picture: Path) -> None:
    if folder := os.environ.get(SCREENSHOTS):
        shutil.copy(picture, folder)


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
async def test_a_customer_sells_a_car_in_the_browser(address: str, tmp_path: Path, width: int, height: int) -> None:
    async with a_page(address, width=width, height=height) as page:
        await walk_the_sell_form(page)
        if width < 1000:
            await page.get_by_text("Заявки").first.click()

        card = page.get_by_role("article").filter(has_text="amoCRM").first
        await expect(card).to_contain_text("В CRM")
        await expect(card).to_contain_text("+7 916 123-45-67")
        await expect(card.get_by_role("img")).to_have_count(3)
        picture = tmp_path / f"play-{width}.png"
        await page.screenshot(path=picture)
        keep(picture)
