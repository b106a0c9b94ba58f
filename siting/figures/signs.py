"""The signs of clusters on printed figures: one letter on the colour of the cluster."""

from __future__ import annotations

from collections.abc import Sequence

from siting.colours import Sign
from siting.figures.lettering import SMALLEST
from siting.figures.page import INK, Box, Page

CHIP, CHIP_GAP = 8.6, 1.2  # side of a sign, and the blank between two [pt]


def row_width(chips: Sequence[Sign]) -> float:
    """
    Return the width of signs in a row [pt].

    Examples
    --------
    >>> round(row_width([Sign("健", "#8a1538", "#ffffff")] * 2), 1)
    18.4
    """
    return len(chips) * (CHIP + CHIP_GAP) - CHIP_GAP if chips else 0.0


def draw_chips(page: Page, at: tuple[float, float], chips: Sequence[Sign], where: str) -> None:
    """Draw signs in a row from the middle of its left end."""
    x, y = at
    for chip in chips:
        page.box(Box(x, y - CHIP / 2, CHIP, CHIP), fill=chip.colour, line=INK, weight=0.3, layer=5)
        middle = (x + CHIP / 2, y)
        page.text(
            middle, chip.letter, SMALLEST, where=where, colour=chip.ink, across="center", layer=6
        )
        x += CHIP + CHIP_GAP
