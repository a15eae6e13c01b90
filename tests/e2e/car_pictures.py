"""Pictures of cars to send, so that the pages in the docs show something."""

from playwright.async_api import FilePayload, Page

_COLOURS = ("#c0392b", "#2f6fb0", "#3b8f5a")
_CAR = """
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300" width="400" height="300">
  <linearGradient id="s" x2="0" y2="1">
    <stop stop-color="#8fc3ea"/><stop offset="1" stop-color="#e9f3fa"/>
  </linearGradient>
  <rect width="400" height="300" fill="url(#s)"/>
  <path d="M0 165 70 120l60 30 80-50 90 60 100-40v90H0z" fill="#9db8a4"/>
  <rect y="205" width="400" height="95" fill="#6d737a"/>
  <path d="M0 252h90m60 0h90m60 0h100" stroke="#e6e6e0" stroke-width="5"/>
  <path d="M52 212c-8-30 6-42 60-50 24-30 46-44 96-44 46 0 66 16 92 44 44 6 56 20 54 50z" fill="COLOUR"/>
  <path d="M134 160c18-22 34-30 62-30v30zm72-30c34 0 50 8 70 30h-70z" fill="#dcecf5"/>
  <g fill="#22272c"><circle cx="118" cy="214" r="30"/><circle cx="292" cy="214" r="30"/></g>
  <g fill="#c9cfd4"><circle cx="118" cy="214" r="14"/><circle cx="292" cy="214" r="14"/></g>
</svg>
"""


async def pictures_of_a_car(page: Page) -> list[FilePayload]:
    """Three PNG files, drawn by the browser that shows the page."""
    browser = page.context.browser
    assert browser is not None, "the page belongs to no browser"
    easel = await browser.new_page(viewport={"width": 400, "height": 300})
    pictures: list[FilePayload] = []
    for number, colour in enumerate(_COLOURS, start=1):
        await easel.set_content(f"<style>body{{margin:0}}</style>{_CAR.replace('COLOUR', colour)}")
        pictures.append({"name": f"{number}.png", "mimeType": "image/png", "buffer": await easel.screenshot()})
    await easel.close()
    return pictures
