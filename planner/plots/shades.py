"""The colours of states, and inks that can be read on them."""

from __future__ import annotations

from planner.plots.families import LOOKS
from planner.plots.raster import KINDS

DARK, LIGHT = "#222222", "#ffffff"
FACTORS = {"ISSUE": 0.55, "CORE_BUSY": 1.0, "DATA": 1.45}
"""How light a state is beside the colour of its family."""
MIDDLE = 0.45
"""The luminance from which on dark letters read better than light ones."""


def shade(code: int, *, plain: bool = False) -> str:
    """The colour of a cell: that of its family, darker for ISSUE and lighter for a data window unless `plain`."""
    family, kind = divmod(code, len(KINDS))
    factor = 1.0 if plain else FACTORS[KINDS[kind]]
    parts = [part * factor if factor <= 1 else 1 - (1 - part) * (2 - factor) for part in rgb(LOOKS[family].colour)]
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts)


def readable_on(colour: str) -> str:
    """Dark or light ink, by the relative luminance of the colour (weights of ITU-R BT.709)."""
    red, green, blue = rgb(colour)
    return DARK if 0.2126 * red + 0.7152 * green + 0.0722 * blue > MIDDLE else LIGHT


def rgb(colour: str) -> tuple[float, float, float]:
    """The parts of `#rrggbb`, 0 to 1."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue
