"""What a printed figure shows, read back from it: texts with their boxes, and filled shapes."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text

from siting.figures.page import RimmedText, defaults

Extent = tuple[float, float, float, float]


def texts(figure: Figure, *, rimmed: bool | None = None) -> list[str]:
    """Return all texts in the order in which they were written; with `rimmed`, those on the map."""
    return [t.get_text() for t in _texts(figure, rimmed)]


def extents(figure: Figure) -> list[tuple[str, Extent]]:
    """Return each text and its box on the page [pt], as matplotlib lays it out."""
    figure.set_dpi(72)
    with defaults():
        renderer = figure.canvas.get_renderer()
        found = [(t.get_text(), t.get_window_extent(renderer).extents) for t in _texts(figure)]
    return [(text, tuple(map(float, box))) for text, box in found]


def overlapping(figure: Figure, *, least: float = 0.5) -> list[tuple[str, str]]:
    """Return each two texts whose boxes overlap by more than `least` [pt] both ways."""
    found = []
    for (one, a), (other, b) in combinations(extents(figure), 2):
        wide = min(a[2], b[2]) - max(a[0], b[0])
        high = min(a[3], b[3]) - max(a[1], b[1])
        if wide > least and high > least:
            found.append((one, other))
    return found


def off_page(figure: Figure) -> list[str]:
    """Return the texts that do not lie on the page as a whole."""
    width, height = figure.get_size_inches() * 72
    return [
        text
        for text, (x0, y0, x1, y1) in extents(figure)
        if x0 < 0 or y0 < 0 or x1 > width or y1 > height
    ]


def sizes(figure: Figure) -> list[float]:
    """Return the sizes of all texts [pt]."""
    return [float(t.get_fontsize()) for t in _texts(figure)]


def fills(figure: Figure) -> list[str]:
    """Return the colour of each filled shape in the order in which it was drawn."""
    shapes = figure.axes[0].patches
    return [to_hex(p.get_facecolor()) for p in shapes if p.get_facecolor()[3] > 0]


def boxes(figure: Figure, fill: str) -> list[Extent]:
    """Return the boxes of the shapes filled with a colour [pt]."""
    shapes = figure.axes[0].patches
    return [
        tuple(np.round(p.get_path().transformed(p.get_patch_transform()).get_extents().extents, 9))
        for p in shapes
        if to_hex(p.get_facecolor()) == fill
    ]


def _texts(figure: Figure, rimmed: bool | None = None) -> list[Text]:
    found = [t for t in figure.findobj(Text) if t.get_text() and t.get_visible()]
    if rimmed is None:
        return found
    return [t for t in found if isinstance(t, RimmedText) == rimmed]
