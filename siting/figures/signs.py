"""The signs of clusters on printed figures: one letter on the colour of the cluster."""

from __future__ import annotations

from collections.abc import Sequence

import shapely

from siting.colours import Sign
from siting.figures.lettering import SMALLEST
from siting.figures.page import INK, PAPER, Page

CHIP, CHIP_GAP = 9.4, 0.8  # width of a sign, and the blank between two [pt]


def row_width(chips: Sequence[Sign]) -> float:
    """
    Return the width of signs in a row [pt].

    Examples
    --------
    >>> round(row_width([Sign("健", "#8a1538", "#ffffff")] * 2), 1)
    19.6
    """
    return len(chips) * (CHIP + CHIP_GAP) - CHIP_GAP if chips else 0.0


def draw_chips(page: Page, at: tuple[float, float], chips: Sequence[Sign], where: str) -> None:
    """Draw signs in a row from the middle of its left end."""
    x, y = at
    for chip in chips:
        middle = (x + CHIP / 2, y)
        disc = shapely.Point(middle).buffer(CHIP / 2)
        if chip.hollow:
            page.area(disc.buffer(-0.5), fill=PAPER, line=chip.colour, weight=1.0, layer=5)
        else:
            page.area(disc, fill=chip.colour, line=PAPER, weight=0.4, layer=5)
        ink = INK if chip.hollow else chip.ink
        page.text(middle, chip.letter, SMALLEST, where=where, colour=ink, across="center", layer=6)
        x += CHIP + CHIP_GAP
