"""What points on a printed map serve: lines to the places, and circles of reach."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import shapely

from siting.cartography import LINK
from siting.figures.ground import View
from siting.figures.page import Page

Spot = tuple[float, float]
_DASH = 4.0  # length of a dash, and of the blank after it [pt]


def draw_links(page: Page, seen: View, links: Iterable[tuple[Spot, Spot]]) -> None:
    """Draw lines from point to point [m] within a view."""
    parts = [seen.clip(shapely.LineString(link)) for link in links]
    _draw(page, parts, 0.7)


def draw_reach(page: Page, seen: View, points: Sequence[Spot], metres: float) -> None:
    """Draw a dashed circle around each point [m] within a view."""
    frame = seen.frame
    for point in points:
        quarter = max(8, round(0.5 * math.pi * metres * seen.scale / _DASH) * 2)
        around = seen(shapely.Point(point).buffer(metres, quad_segs=quarter)).exterior
        steps = shapely.get_coordinates(around)
        dashes = [shapely.LineString(steps[k : k + 3]) for k in range(0, len(steps) - 2, 4)]
        kept = shapely.clip_by_rect(dashes, frame.x, frame.y, frame.right, frame.top)
        _draw(page, list(kept), 0.6)


def _draw(page: Page, parts: Sequence[shapely.Geometry], weight: float) -> None:
    drawn = [list(map(tuple, shapely.get_coordinates(one))) for one in parts if not one.is_empty]
    page.lines(drawn, colour=LINK, weight=weight, layer=2)
