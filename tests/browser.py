"""A headless Chromium, for pages on loopback: one for all tests of a process, in the event loop that lasts as long.

Starting one takes longer than most of what is looked at in it.
"""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.patience import patience
from tests.servers import ServerMissing

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox",  # tests may run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


IN_A_BROWSER = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
"""The marks of a module of such tests."""


@asynccontextmanager
async def a_browser() -> AsyncIterator[Browser]:
    """To open pages in."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise ServerMissing("Chromium; `make test` installs it")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=list(QUIET), timeout=patience() * 1000)
        yield browser
        await browser.close()


@asynccontextmanager
async def a_page(browser: Browser, home: str, *, width: int = 1280, height: int = 800) -> AsyncIterator[Page]:
    """`home` in a window of that size, as somebody who was never there; on leaving, no script may have failed and
    nothing foreign been fetched."""
    wrong: list[str] = []
    page = await browser.new_page(locale="ru-RU", viewport={"width": width, "height": height})
    page.set_default_timeout(patience() * 1000)
    expect.set_options(timeout=patience() * 1000)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
    page.on("request", lambda asked: None if asked.url.startswith((home, "blob:")) else wrong.append(asked.url))
    try:
        await page.goto(home)
        yield page
    finally:
        await page.close()
    assert wrong == []
