"""A drawing as SVG: a picture made of lines, in the colours of whoever looks at it."""

from typing import Final
from xml.sax.saxutils import escape, quoteattr

from carquery.entrypoints.pictures.bars import Box, Drawing, Label, Shape

COLOURS: Final = """\
.paper{fill:#fff}.ink{fill:#1c1e21}.faint{fill:#5b6169}.bar{fill:#2f7d6b}.track{fill:#e9ecef}
text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
@media (prefers-color-scheme:dark){
.paper{fill:#15181b}.ink{fill:#eceff1}.faint{fill:#a3abb2}.bar{fill:#4db89e}.track{fill:#2a2f34}
}
"""


def as_svg(drawing: Drawing) -> str:
    """A whole document, with light and dark colours."""
    size = f'width="{drawing.width}" height="{drawing.height}" viewBox="0 0 {drawing.width} {drawing.height}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label={quoteattr(_legal(drawing.title))}>',
        f"<style>{COLOURS}</style>",
        f'<rect class="paper" width="{drawing.width}" height="{drawing.height}"/>',
        *map(_element, drawing.shapes),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _element(shape: Shape) -> str:
    match shape:
        case Box(x, y, width, height, tone):
            return f'<rect class="{tone}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="3"/>'
        case Label(x, y, text, size, tone):
            return f'<text class="{tone}" x="{x:.1f}" y="{y:.1f}" font-size="{size}">{escape(_legal(text))}</text>'


def _legal(text: str) -> str:
    """Without what no XML may hold. Source: XML 1.0, «Char»."""
    return "".join(sign for sign in text if sign >= " " and not "\ud800" <= sign <= "\udfff")
