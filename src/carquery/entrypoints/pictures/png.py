"""A drawing as PNG. It needs what a bot does without: `pip install 'carquery[report]'`."""

from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from carquery.entrypoints.pictures.bars import Box, Drawing, Label, Tone

SCALE: Final = 2
"""Dots for each pixel: screens have that many."""

_PAPER: Final = "#ffffff"
_COLOURS: Final = {Tone.INK: "#1c1e21", Tone.FAINT: "#5b6169", Tone.BAR: "#2f7d6b", Tone.TRACK: "#e9ecef"}


def as_png(drawing: Drawing) -> bytes:
    """The picture, on white. Its font comes with the library: no machine has to have one."""
    image = Image.new("RGB", (drawing.width * SCALE, drawing.height * SCALE), _PAPER)
    pen = ImageDraw.Draw(image)
    for shape in drawing.shapes:
        match shape:
            case Box(x, y, width, height, tone) if width > 0:
                corners = (x * SCALE, y * SCALE, (x + width) * SCALE, (y + height) * SCALE)
                pen.rounded_rectangle(corners, radius=3 * SCALE, fill=_COLOURS[tone])
            case Label(x, y, text, size, tone):
                font = ImageFont.load_default(size * SCALE)
                pen.text((x * SCALE, y * SCALE), _in_font(text), fill=_COLOURS[tone], font=font, anchor="ls")
            case _:
                continue
    written = BytesIO()
    image.save(written, format="PNG", optimize=True)
    return written.getvalue()


def _in_font(text: str) -> str:
    """Its font has no other letters than reports in English need."""
    return text.replace("–", "-").encode("ascii", "replace").decode()
