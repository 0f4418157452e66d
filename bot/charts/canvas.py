"""What every chart is drawn on: its widths, its colours, and the templates that draw it.

On a page a chart takes the page's tokens by its classes. Standing alone it carries their values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined

Theme = Literal["light", "dark"]
Width = Literal["wide", "narrow"]
_FOLDER = Path(__file__).parent / "templates"

TOKENS: Mapping[Theme, Mapping[str, str]] = {
    "light": {
        "cloth": "#fcfdfb",
        "ink": "#17202e",
        "ink_soft": "#465160",
        "ink_faint": "#5a6572",
        "line": "#d3d8d4",
        "thread": "#efb32b",
        "thread_line": "#a87200",
    },
    "dark": {
        "cloth": "#18212e",
        "ink": "#e8ecea",
        "ink_soft": "#b9c2ca",
        "ink_faint": "#9aa6b2",
        "line": "#2c3847",
        "thread": "#f0ba44",
        "thread_line": "#d9a436",
    },
}
"""The values of the pages' tokens that charts use (bot/web/static/tokens.css)."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The size of a drawing and of the plot in it, in the drawing's own units."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    most: int | None
    """Weeks that have room; None for all."""
    roomy: bool
    """Whether words fit beside the plot."""


WIDTHS: Mapping[Width, Frame] = {
    "wide": Frame(820, 270, 36, 700, 18, 236, None, roomy=True),
    "narrow": Frame(340, 262, 36, 332, 18, 196, 13, roomy=False),
}


def draw(template: str, width: Width, theme: Theme | None, **values: Any) -> str:
    """Fill the template of a chart; under a theme it stands alone, with its tokens inside."""
    tokens = None if theme is None else TOKENS[theme]
    whole = {"width": width, "tokens": tokens, **values}
    return templates_in(_FOLDER).get_template(f"{template}.j2").render(whole).strip()


@cache
def templates_in(folder: Path) -> Environment:
    """Set Jinja up for markup: everything escaped, an unknown name is an error."""
    return Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
