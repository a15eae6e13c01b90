"""A headless Chromium, for pages on loopback."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Page, async_playwright, expect

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


@asynccontextmanager
async def a_page(home: str, *, width: int = 1280, height: int = 800) -> AsyncIterator[Page]:
    """`home` in a window of that size; on leaving, no script may have failed and nothing foreign been fetched."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise ServerMissing("Chromium; `make test` installs it")
    wrong: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=list(QUIET), timeout=patience() * 1000)
        page = await browser.new_page(locale="ru-RU", viewport={"width": width, "height": height})
        page.set_default_timeout(patience() * 1000)
        expect.set_options(timeout=patience() * 1000)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
        page.on("request", lambda asked: None if asked.url.startswith((home, "blob:")) else wrong.append(asked.url))
        await page.goto(home)
        yield page
        await browser.close()
    assert wrong == []
