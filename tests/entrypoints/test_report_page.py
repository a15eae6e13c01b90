"""`/report`, as an owner sees it: on a phone and a screen, by day and by night."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web
from playwright.async_api import Browser, expect

from carquery.adapters.memory.database import MemoryDatabase
from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.memory.first_touches import MemoryFirstTouches
from carquery.adapters.memory.leads import MemoryLeads
from carquery.adapters.memory.outcomes import MemoryOutcomes
from carquery.adapters.memory.tallies import MemoryTallies
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.ports.tallies import BatchId
from carquery.application.reports.read_reports import ReadReports
from carquery.domain.dealership.dealership import Dealership
from carquery.domain.ids import Source
from carquery.domain.moscow import moscow_day
from carquery.domain.tallied import SUMMARY, Occurrence, Tallied, seconds_told
from carquery.entrypoints.report_page.figures import ReportFigures
from carquery.entrypoints.report_page.routes import ReportPage
from tests.browser import a_page
from tests.builders import NOW, a_pending_lead

HOSTILE = "<img-src-x-onerror=alert(1)>"
NAMED = Dealership(name=f"Салон {HOSTILE}")


class Shop:
    """What its customers did, and the page that tells of it."""

    def __init__(self) -> None:
        self.database, self.clock = MemoryDatabase(), SettableClock(NOW)
        self.tallies = MemoryTallies(self.database)
        self.leads = MemoryLeads(self.database, self.clock)

    async def is_visited(self) -> None:
        """Twenty open the form of those who sell, on each of three days; one sends it."""

        def one(what: Occurrence, step: str = "", detail: str = "", *, days: int = 0, channel: str = "a") -> Tallied:
            day = moscow_day(NOW) - timedelta(days=days)
            source = HOSTILE if what is Occurrence.OPENED else ""
            return Tallied(day=day, what=what, channel=channel, form="sell", step=step, detail=detail, source=source)

        counts = {one(Occurrence.OPENED, days=days, channel=channel): 10 for days in range(3) for channel in "ab"}
        counts |= {
            one(Occurrence.REACHED, "car_brand"): 60,
            one(Occurrence.REACHED, "year"): 20,
            one(Occurrence.REACHED, SUMMARY): 10,
            one(Occurrence.PASSED, "car_brand", seconds_told(14)): 20,
            one(Occurrence.REFUSED, "car_brand", "аа <0>"): 4,
            one(Occurrence.OFFERED): 7,
            one(Occurrence.ACCEPTED): 4,
            one(Occurrence.ASKED, detail="credit"): 5,
            one(Occurrence.UNANSWERED, detail="credit"): 5,
        }
        await self.tallies.add(counts, batch=BatchId("one"), at=NOW)
        await self.leads.add(a_pending_lead(1, source=Source("avito")))

    @asynccontextmanager
    async def shown(self) -> AsyncIterator[str]:
        """The page's address."""
        reports = ReadReports(
            tallies=self.tallies,
            outcomes=MemoryOutcomes(self.database),
            touches=MemoryFirstTouches(self.database, self.clock),
        )
        figures = ReportFigures(reports, lambda: NAMED, self.clock, kept_seconds=0)
        page = ReportPage(figures, lambda: NAMED, {"a": "Телега"}, refresh_seconds=60)
        app = web.Application()
        app.router.add_get("/report", page.show)
        runner = web.AppRunner(app)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            yield f"http://127.0.0.1:{runner.addresses[0][1]}/report"
        finally:
            await runner.cleanup()
            await page.close()


async def read(address: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as http, http.get(address) as answer:
        return answer.status, await answer.text()


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("width", [390, 1280])
async def test_it_shows_where_customers_leave_and_nothing_runs_in_it(browser: Browser, width: int) -> None:
    shop = Shop()
    await shop.is_visited()

    async with shop.shown() as address, a_page(browser, address, width=width) as page:
        sell = page.locator("section", has_text="Продажа авто")
        await expect(sell.locator("li").first).to_contain_text("60 100%")
        await expect(sell.get_by_text("здесь уходят чаще всего: 40")).to_be_visible()
        await expect(sell).to_contain_text("аа <0>")
        await expect(sell).to_contain_text("Предложено по сообщению: 7, согласились 4")
        await expect(page.locator("section", has_text="О чём спрашивают")).to_contain_text("без ответа: 5")
        await expect(page.get_by_role("heading", name=NAMED.name)).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth") <= width

        paper = []
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme)
            paper.append(await page.evaluate("getComputedStyle(document.body).backgroundColor"))
        assert len(set(paper)) == 2, paper

        await page.get_by_role("link", name="сегодня").click()
        await expect(sell.locator("li").first).to_contain_text("20 100%")


async def test_where_nobody_came_it_says_so() -> None:
    async with Shop().shown() as address:
        status, text = await read(f"{address}?days=<script>")

    assert (status, "никто не открывал форм" in text, "<script" in text) == (200, True, False)


async def test_while_the_database_is_away_it_says_so() -> None:
    shop = Shop()
    shop.database.fail_next(StoreUnavailable("away"))

    async with shop.shown() as address:
        status, text = await read(address)
        again, _ = await read(address)

    assert (status, again) == (503, 200)
    assert "недоступна" in text


async def test_a_form_that_was_offered_and_never_opened_is_told() -> None:
    shop = Shop()
    offered = Tallied(day=moscow_day(NOW), what=Occurrence.OFFERED, channel="a", form="sell")
    await shop.tallies.add({offered: 7}, batch=BatchId("one"), at=NOW)

    async with shop.shown() as address:
        status, page = await read(address)

    assert status == 200
    assert "Предложено по сообщению: 7" in page


async def test_requests_that_were_sent_before_anything_was_counted_are_told() -> None:
    shop = Shop()
    await shop.leads.add(a_pending_lead(1))

    async with shop.shown() as address:
        status, page = await read(address)

    assert status == 200
    assert "отправили" in page
