"""The other side of the playground, in a real browser: its clock, the staff chat, and what managers do with a deal."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.browser import IN_A_BROWSER, a_page
from tests.e2e.playing import asked, have_a_car_checked, is_delivered_once, keep_picture, played, press, say, the_card

pytestmark = IN_A_BROWSER


@pytest_asyncio.fixture(loop_scope="session")
async def address(tmp_path: Path) -> AsyncIterator[str]:
    async with played(tmp_path) as address:
        yield address


async def look_into_the_salon(page: Page) -> None:
    await page.get_by_text("Салон и сотрудники").click()


async def test_a_form_that_was_left_is_reminded_of_when_the_clock_has_gone_on(browser: Browser, address: str) -> None:
    async with a_page(browser, address) as page:
        await press(page, "Запустить")
        await press(page, "🚗 Продать авто")
        await asked(page, "Шаг 1 из 8")
        await say(page, "Toyota Camry")
        await asked(page, "Шаг 2 из 8")
        await look_into_the_salon(page)
        await expect(page.locator("#salon-state")).to_contain_text("открыто")

        await press(page, "Ночь")
        await expect(page.locator("#salon-state")).to_contain_text("02:00 · закрыто")
        await expect(page.get_by_role("button", name="Не напоминать")).to_have_count(0)
        await press(page, "Салон открылся")

        await expect(page.get_by_role("button", name="Не напоминать")).to_be_visible()
        await expect(page.locator("#salon-state")).to_contain_text("открыто")
        await keep_picture(page, "play-reminder.png")
        await press(page, "Продолжить")
        await asked(page, "Шаг 2 из 8")


async def test_the_staff_take_a_lead_and_work_on_its_deal(browser: Browser, address: str) -> None:
    async with a_page(browser, address) as page:
        await look_into_the_salon(page)
        await have_a_car_checked(page)
        await is_delivered_once(page)
        staff = page.get_by_role("list", name="Чат сотрудников")
        await expect(staff).to_contain_text("Lada Vesta")
        await expect(staff).not_to_contain_text("916")

        await staff.get_by_role("button", name="Взять").click()
        await expect(staff).to_contain_text("Олег")
        await expect(staff.get_by_role("button", name="Взять")).to_have_count(0)
        await keep_picture(page, "play-staff.png")
        await press(page, "Позвонить")
        await expect(page.get_by_text("Менеджер позвонил клиенту")).to_be_visible()
        await press(page, "Дальше")
        await expect(page.get_by_role("heading", name="Переговоры")).to_contain_text("1 сделка")
        await press(page, "Закрыть")
        await expect(page.get_by_role("heading", name="Успешно реализовано")).to_contain_text("1 сделка")
        await expect(the_card(page).get_by_role("button", name="Дальше")).to_have_count(0)


async def test_a_repeat_request_is_seen_to_join_the_open_deal(browser: Browser, address: str) -> None:
    async with a_page(browser, address) as page:
        await have_a_car_checked(page)
        await is_delivered_once(page)
        await say(page, "/start check")
        await press(page, "Техническая диагностика")
        await say(page, "Lada Vesta")
        await press(page, "Пропустить")
        await press(page, "Оставить")
        await press(page, "Оставить")
        await press(page, "Пропустить")
        await press(page, "✅ Отправить")

        await expect(the_card(page)).to_have_count(2)
        await expect(page.get_by_text("Повторное обращение, ранее CQ-").first).to_be_visible()
        await expect(page.get_by_role("heading", name="Первичный контакт")).to_contain_text("1 сделка")
