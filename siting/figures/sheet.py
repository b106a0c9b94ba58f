"""The sheet of a printed map: the map, an enlargement or the whereabouts beside it, and its legends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import geopandas as gpd
import pandas as pd
import shapely

from siting import crs
from siting.cartography import ZONE_INK, Mark, small_places, source_notes, vintage
from siting.colours import NEUTRAL, Sign
from siting.figures.furniture import (
    BORDER,
    Fill,
    Item,
    Legend,
    draw_foot,
    draw_head,
    draw_legends,
    draw_north,
    draw_scale,
    draw_zone,
    foot_height,
    scale_length,
)
from siting.figures.ground import Ground, View, parent, view
from siting.figures.labels import Name, arrange, draw_spots
from siting.figures.lettering import shown, wrap
from siting.figures.page import A4, DOT, GREY, INK, MARGIN, PAPER, RULE, Box, Page
from siting.figures.reach import draw_links, draw_reach
from siting.figures.words import word
from siting.schema import Lang

MARKED = "#c8553d"
_GAP = 12.0
_SIDE = (190.0, 300.0)
_LOST, _LOST_ROOM = 7.0, 120.0  # size and room of a name in the list of lost ones [pt]
_LEADERS = 60.0  # left free beside the map for names on lines [pt]


@dataclass(frozen=True)
class Point:
    """A point [m] with its mark; one without a name is named by the place that it is."""

    name: str
    at: tuple[float, float]
    where: str
    mark: Mark = "chosen"

    @classmethod
    def of(cls, name: str, row: pd.Series, where: str, mark: Mark = "chosen") -> Point:
        """Return the point of a row with ``lon lat`` [degrees]."""
        spot = gpd.GeoSeries([shapely.Point(row["lon"], row["lat"])], crs=crs.WGS84)
        (moved,) = crs.to_metric(spot)
        return cls(name, (moved.x, moved.y), where, mark)


@dataclass(frozen=True)
class Theme:
    """
    What a sheet shows: words, the fill, signs and note of each place, legends, points.

    `links` lead from point to point [m]; `reach` [m] is a circle around each point of the map.
    """

    title: str
    subtitle: str
    fills: Sequence[Fill]
    legends: Sequence[Legend]
    notes: Sequence[str] = ()
    chips: Sequence[tuple[Sign, ...]] | None = None
    values: Sequence[str] | None = None
    points: Sequence[Point] = ()
    links: Sequence[tuple[tuple[float, float], tuple[float, float]]] = ()
    reach: float | None = None


def map_sheet(
    theme: Theme, land: Ground, places: gpd.GeoDataFrame, *, lang: Lang, source: str = ""
) -> Page:
    """Return an A4 page with the map and all that a map has to say of itself."""
    page = Page(A4)
    notes = [*theme.notes, *source_notes(places, lang, source=source)]
    said = (theme.subtitle, *vintage(places, lang))
    top = draw_head(page, theme.title, DOT.join(text for text in said if text))
    low = foot_height(page, notes) + 8
    column, main = _columns(page, land, low, top)
    small = small_places(land.shapes)
    lost: list[str] = []
    if small:
        column, names = _enlargement(page, theme, land, small, column=column, lang=lang)
        lost += names
    used = draw_whereabouts(page, places, column, lang, most=0.38)
    column = column._replace(height=column.height - used)
    seen = view(main, land.bounds)
    page.box(main, fill=PAPER, line=RULE, layer=0)
    draw_land(page, seen, land, theme.fills)
    draw_service(page, seen, theme)
    taken = draw_marks(page, seen, land, lang)
    points = list(theme.points)
    if small:
        part = _around(seen, land, small)
        points = _named(points, land, small, inside=False)
        page.box(part, line=INK, weight=0.9, layer=3)
        taken += _edges(part)
    written = write_names(page, theme, land, seen, without=set(small), taken=taken, points=points)
    lost = list(dict.fromkeys([*written, *lost]))
    draw_legends(page, column, [*theme.legends, *unnamed(lost, lang)])
    draw_foot(page, notes, lang=lang)
    return page


def unnamed(lost: Sequence[str], lang: Lang) -> list[Legend]:
    """Return the line of a legend for the names that found no room on the map, if there are any."""
    if not lost:
        return []
    short = [wrap(shown(name), _LOST, _LOST_ROOM, lines=1)[0] for name in lost]
    listed = word("unlabelled", lang, names=word("joint", lang).join(short))
    return [Legend("", "", (Item("", detail=listed),))]


def draw_service(page: Page, seen: View, theme: Theme) -> None:
    """Draw which place each point serves, and how far it reaches."""
    draw_links(page, seen, theme.links)
    if theme.reach is not None:
        draw_reach(page, seen, [point.at for point in theme.points], theme.reach)


def draw_land(
    page: Page, seen: View, land: Ground, fills: Sequence[Fill], *, line: str = BORDER
) -> None:
    """Fill the places in a view and draw their borders."""
    for shape, fill in zip(land.shapes, fills, strict=True):
        part = seen.clip(shape)
        page.area(part, fill=fill.colour, line=line, weight=0.5)
        if fill.hatched:
            page.hatch(part)


def _columns(page: Page, land: Ground, low: float, top: float) -> tuple[Box, Box]:
    """Return the column of legends and the frame of the map, as wide as the map can use."""
    west, south, east, north = land.bounds
    wanted = (top - low) * (east - west) / max(north - south, 1.0) + _LEADERS
    whole = page.width - 2 * MARGIN - _GAP
    side = min(max(whole - wanted, _SIDE[0]), _SIDE[1])
    main = Box(MARGIN, low, whole - side, top - low)
    return Box(main.right + _GAP, low, side, top - low), main


def _enlargement(
    page: Page, theme: Theme, land: Ground, small: list[int], *, column: Box, lang: Lang
) -> tuple[Box, list[str]]:
    """Draw the small places large at the top of the column; return what is left of it."""
    west, south, east, north = shapely.total_bounds([land.shapes[i] for i in small])
    high = min(column.width * (north - south) / max(east - west, 1.0) + 6, column.height * 0.46)
    frame = Box(column.x, column.top - high, column.width, high)
    seen = view(frame, (west, south, east, north))
    page.box(frame, fill=PAPER, line=INK, weight=0.9, layer=0)
    draw_land(page, seen, land, theme.fills)
    draw_service(page, seen, theme)
    page.box(frame, line=INK, weight=0.9, layer=6)
    page.text((frame.x, frame.y - 7), word("enlarged", lang), 7.0, where="map", colour=GREY)
    room = frame.width * 0.22
    long = scale_length(seen.scale, room) * seen.scale
    at = _corner(frame, (long + 30, 20), seen, land)
    taken = [draw_scale(page, (at[0] + 8, at[1] + 4), seen.scale, room, lang)]
    others = set(range(len(land.keys))) - set(small)
    named = set(_named(theme.points, land, small, inside=True))
    inside = [one for one in theme.points if one in named and _within(frame, seen.at(one.at))]
    lost = write_names(page, theme, land, seen, without=others, taken=taken, points=inside)
    return column._replace(height=column.height - high - 18), lost


def draw_whereabouts(
    page: Page, places: gpd.GeoDataFrame, box: Box, lang: Lang, *, most: float = 1.0
) -> float:
    """
    Draw the city with the district of the towns marked, at the top of `box`; return its height.

    It takes `most` of the height; there is nothing to draw, and 0 is returned, for districts and
    for towns of no one bundled district.
    """
    found = parent(places, lang=lang)
    if found is None:
        return 0.0
    land, which, name = found
    high = min(box.width, box.height * most - 18)
    frame = Box(box.x, box.top - high, min(box.width, high), high)
    page.box(frame, fill=PAPER, line=RULE, layer=0)
    fills = [Fill(MARKED if i == which else NEUTRAL) for i in range(len(land.keys))]
    draw_land(page, view(frame, land.bounds, pad=4), land, fills)
    title = word("whereabouts", lang, name=name)
    page.text((frame.x, frame.y - 7), title, 7.0, where="map", colour=GREY)
    return high + 18


def draw_marks(page: Page, seen: View, land: Ground, lang: Lang) -> list[Box]:
    """Draw scale bar and north arrow in the emptiest corners; return their boxes."""
    room = seen.frame.width * 0.22
    long = scale_length(seen.scale, room) * seen.scale
    x, y = _corner(seen.frame, (long + 34, 24), seen, land)
    bar = draw_scale(page, (x + 10, y + 6), seen.scale, room, lang)
    x, y = _corner(seen.frame, (24, 44), seen, land, avoid=bar)
    return [bar, draw_north(page, (x + 12, y + 6), lang)]


def _corner(
    frame: Box,
    size: tuple[float, float],
    seen: View,
    land: Ground,
    *,
    avoid: Box | None = None,
) -> tuple[float, float]:
    """Return the left lower end of a box of this size in the corner with the least land."""
    w, h = size
    far = (frame.right - w, frame.top - h)
    ends = [(frame.x, frame.y), (far[0], far[1]), (far[0], frame.y), (frame.x, far[1])]
    shapes = [seen.clip(shape) for shape in land.shapes]

    def covered(at: tuple[float, float]) -> float:
        box = shapely.box(at[0], at[1], at[0] + w, at[1] + h)
        used = float(shapely.area(shapely.intersection(shapes, box)).sum())
        if avoid is not None:
            other = shapely.box(avoid.x, avoid.y, avoid.right, avoid.top)
            used += 100.0 * float(box.intersection(other).area)
        return round(used, 3)

    return min(ends, key=covered)


def _named(points: Sequence[Point], land: Ground, small: list[int], *, inside: bool) -> list[Point]:
    """Return the points, named only if they lie inside (or outside) the bounds of the small places."""
    west, south, east, north = shapely.total_bounds([land.shapes[i] for i in small])
    part = Box(west, south, east - west, north - south)
    return [one if _within(part, one.at) is inside else replace(one, name="") for one in points]


def _within(box: Box, at: tuple[float, float]) -> bool:
    """Tell whether a point lies in a box."""
    return bool(box.x < at[0] < box.right and box.y < at[1] < box.top)


def _around(seen: View, land: Ground, small: list[int]) -> Box:
    left, low, right, high = shapely.total_bounds([seen(land.shapes[i]) for i in small])
    return Box(left - 2, low - 2, right - left + 4, high - low + 4)


def _edges(box: Box) -> list[Box]:
    """Return the four sides of a box as narrow boxes, for names to keep off."""
    wide, high = box._replace(height=1.0), box._replace(width=1.0)
    return [wide, wide._replace(y=box.top), high, high._replace(x=box.right)]


def write_names(
    page: Page,
    theme: Theme,
    land: Ground,
    seen: View,
    *,
    without: set[int],
    taken: list[Box],
    points: Sequence[Point],
) -> list[str]:
    """Write names, signs and notes of the places and the named points; return what is lost."""
    names = [
        Name(
            land.keys[i],
            seen.clip(land.shapes[i]),
            seen.at(land.points[i]),
            land.names[i],
            theme.chips[i] if theme.chips else (),
            theme.values[i] if theme.values else "",
            f"places {land.keys[i]}",
        )
        for i in range(len(land.keys))
        if i not in without
    ]
    marks = []
    for point in points:
        x, y = seen.at(point.at)
        draw_zone(page, (x, y), point.mark)
        marks.append(Box(x - 5, y - 5, 10, 10))
        if not point.name:
            continue
        name = Name(
            point.name, shapely.Polygon(), (x, y), point.name, where=point.where, colour=ZONE_INK
        )
        names.append(name)
    spots = arrange(names, seen.frame, taken, marks)
    return draw_spots(page, names, spots)
