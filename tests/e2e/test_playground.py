"""The playground, in a real browser: from the start button to the deal in amoCRM beside the chat."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.leads import SqlLeads
from carquery.adapters.system.clock import SystemClock
from carquery.domain.effects import CrmId, Effect
from tests.browser import IN_A_BROWSER, a_page
from tests.builders import a_delivered_lead
from tests.e2e.playing import (
    filmed,
    have_a_car_checked,
    is_delivered_once,
    keep,
    played,
    sell_a_car,
    sell_a_car_in_one_message,
    send_the_lead,
    the_card,
)
from tests.sqlite_files import a_sqlite_database

pytestmark = IN_A_BROWSER


@pytest_asyncio.fixture(loop_scope="session")
async def address(tmp_path: Path) -> AsyncIterator[str]:
    async with played(tmp_path) as address:
        yield address


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
async def test_a_customer_sells_a_car_in_the_browser(browser: Browser, address: str, width: int, height: int) -> None:
    async with a_page(browser, address, width=width, height=height) as page:
        await sell_a_car(page)
        if width < 1000:
            await page.get_by_label("Что показать").get_by_role("button", name="Заявки").click()

        card = the_card(page)
        await expect(card).to_contain_text("В amoCRM")
        rows = card.get_by_role("list", name="Что стоит в amoCRM").get_by_role("listitem")
        await expect(rows).to_contain_text(["Контакт", "Сделка", "Примечание", "Задача", "Фотографии"])
        await expect(rows.nth(0)).to_contain_text("+7 916 123-45-67")
        await expect(rows.nth(1)).to_contain_text("Toyota Camry")
        await expect(rows.nth(2)).to_contain_text("Пробег: 120 000 км".replace("0 0", "0\u00a00"))
        await expect(rows.nth(3)).to_contain_text("Позвонить клиенту: Анна")
        await expect(page.get_by_role("heading", name="Первичный контакт")).to_contain_text("1 сделка")
        pictures = card.get_by_role("img")
        await expect(pictures).to_have_count(3)
        for number in range(3):
            await expect(pictures.nth(number)).to_have_js_property("naturalWidth", 400)

        await page.goto(f"{address}/report")
        steps = page.locator("section", has_text="Продажа авто").locator("li")
        await expect(steps.filter(has_text="отправили")).to_contain_text("1 100%")


async def test_an_advert_becomes_a_lead_which_waits_while_amocrm_is_down_and_arrives_once(
    browser: Browser, address: str
) -> None:
    async with a_page(browser, address, width=1200, height=760) as page, filmed(page, "first-minute.png") as film:
        faults, down = page.get_by_text("Сбои amoCRM"), page.get_by_role("switch", name="Недоступна")
        await keep(film, 1.5)
        await sell_a_car_in_one_message(page, film)
        await faults.click()
        await down.click()
        await expect(down).to_be_checked()
        await keep(film, 2)
        await faults.click()
        await send_the_lead(page)

        await expect(the_card(page)).to_contain_text("Не вышло")
        await expect(the_card(page)).to_contain_text("Нет связи с amoCRM")
        await expect(the_card(page)).to_contain_text("Повторим в")
        await expect(page.get_by_role("heading", name="В пути")).to_contain_text("1 заявка")
        await keep(film, 3.5)

        await faults.click()
        await down.click()
        await expect(down).not_to_be_checked()
        await faults.click()
        await is_delivered_once(page)
        await keep(film, 4)


async def test_an_earlier_runs_lead_is_shown_without_a_deal_and_the_next_one_is_delivered(
    browser: Browser, tmp_path: Path
) -> None:
    """Each run has an empty amoCRM, whose numbers must not be taken for those of the run before."""
    earlier = a_delivered_lead(1, made=dict.fromkeys(Effect, CrmId(1)))
    async with open_engine(a_sqlite_database(tmp_path)) as engine:
        await SqlLeads(engine, SystemClock()).add(earlier)

    async with played(tmp_path) as address, a_page(browser, address) as page:
        await expect(page.get_by_role("heading", name="Из прошлого запуска")).to_contain_text("1 заявка")
        await have_a_car_checked(page)
        await expect(page.get_by_role("heading", name="Первичный контакт")).to_contain_text("1 сделка")
        await expect(page.get_by_text("В amoCRM", exact=True)).to_have_count(2)
        shown = page.get_by_role("article", name=f"Заявка {earlier.reference}")
        await expect(shown.get_by_role("listitem")).to_have_count(0)
