"""Small multiples of a plan: one small map per cluster, all of one scale, on an A4 page."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import geopandas as gpd
from matplotlib.figure import Figure

from siting.cartography import (
    basis,
    cluster_line,
    members,
    names,
    open_note,
    source_notes,
    vintage,
)
from siting.colours import NEUTRAL, Sign, plan_signs
from siting.figures.furniture import Fill, draw_foot, draw_head, foot_height
from siting.figures.ground import Ground, ground, view
from siting.figures.lettering import LEADING, shown, width, wrap
from siting.figures.page import A4, DOT, GREY, MARGIN, PAPER, RULE, Box, Page, fitted, printed
from siting.figures.sheet import draw_land, draw_marks, draw_whereabouts
from siting.figures.signs import CHIP, draw_chips
from siting.figures.words import word
from siting.schema import Lang, check_assigned, check_lang

if TYPE_CHECKING:
    from siting.plan import Plan

_GAP = 12.0
_LISTED = 7.0  # size of the names below a panel [pt]


@printed
def small_multiples(
    plan: Plan,
    places: gpd.GeoDataFrame,
    *,
    lang: Lang = "zh",
    title: str | None = None,
) -> Figure:
    """
    Draw a small map for each cluster of a plan, on one A4 page.

    Parameters
    ----------
    plan, places, lang, title
        As for `siting.figures.plan_figure`.

    Returns
    -------
    Figure
        A matplotlib figure of 297 x 210 mm. The places of a cluster have its colour, and their
        names stand below the panel in the order of `places`.

    Raises
    ------
    InputError
        As for `siting.figures.plan_figure`; or if the plan has no cluster.

    Examples
    --------
    >>> from siting.places import read_places
    >>> from siting.plan import read_plan
    >>> drawn = small_multiples(read_plan("shanghai-2022"), read_places("district"))
    >>> [round(float(side) * 25.4) for side in drawn.get_size_inches()]
    [297, 210]
    """
    check_lang(lang)
    check_assigned(plan, places)
    land = ground(places, lang=lang, small=True)
    page = Page(A4)
    notes = [word("panel_rule", lang), *open_note(plan, lang), *source_notes(places, lang)]
    under = (*basis(plan, lang), *vintage(places, lang))
    heading = word("panels_title", lang, title=plan.title) if title is None else title
    top = draw_head(page, heading, DOT.join(under))
    low = foot_height(page, notes) + 8
    whole = Box(MARGIN, low, page.width - 2 * MARGIN, top - low)
    held = members(plan, places.index)
    called = names(plan.clusters, lang)
    signs = plan_signs(plan.clusters, called)
    lines = [
        DOT.join(cluster_line(plan, key, len(one), lang))
        for key, one in zip(plan.clusters.index, held, strict=True)
    ]
    joint, none = word("joint", lang), word("no_places", lang)
    listed = [joint.join(land.names[i] for i in sorted(one)) or none for one in held]
    cells = _cells(whole, len(called))
    foot = _foot(listed, cells[0].width) if cells else 0.0
    for i, (cell, sign) in enumerate(zip(cells, signs, strict=False)):
        frame = _head(page, cell, sign, (called[i], lines[i]), foot)
        _panel(page, frame, land, sign, held[i])
        below = (cell.x, frame.y - 2)
        page.paragraph(below, listed[i], _LISTED, cell.width, where="places", colour=GREY)
        if i == 0:
            draw_marks(page, view(frame, land.bounds), land, lang)
    if len(cells) > len(called):
        spare = cells[-1]
        draw_whereabouts(page, places, spare._replace(height=spare.height - 16), lang)
    draw_foot(page, notes, lang=lang)
    return page.finish()


def _cells(whole: Box, count: int) -> list[Box]:
    """Return boxes for `count` panels, in rows from the top, and what is free in the last row."""
    if count == 0:
        return []
    rows = max(1, math.floor(math.sqrt(count * whole.height / whole.width) + 0.6))
    columns = math.ceil(count / rows)
    w = (whole.width - (columns - 1) * _GAP) / columns
    h = (whole.height - (rows - 1) * _GAP) / rows
    return [
        Box(whole.x + (i % columns) * (w + _GAP), whole.top - h - (i // columns) * (h + _GAP), w, h)
        for i in range(rows * columns)
    ]


def _foot(listed: list[str], room: float) -> float:
    """Return the height of the longest list of names below a panel [pt]."""
    lines = max(len(wrap(shown(text), _LISTED, room)) for text in listed)
    return lines * _LISTED * LEADING + 4


def _head(page: Page, cell: Box, sign: Sign, said: tuple[str, str], foot: float) -> Box:
    """Write sign, name and clause of a cluster; return the frame of its map."""
    name, line = said
    where, middle = "clusters", cell.top - 7
    draw_chips(page, (cell.x, middle), (sign,), where)
    room = cell.width - CHIP - 6
    size = fitted(name, room, (10.0, 9.0, 8.0, 7.0, 6.0))
    start = cell.x + CHIP + 5
    page.paragraph((start, middle + size * LEADING / 2), name, size, room, where=where, lines=1)
    used = width(shown(name), size) + 8
    if used + width(shown(line), 7.0) <= room:
        page.text((start + used, middle), line, 7.0, where=where, colour=GREY)
    return Box(cell.x, cell.y + foot, cell.width, cell.height - foot - 16)


def _panel(page: Page, frame: Box, land: Ground, sign: Sign, held: set[int]) -> None:
    """Draw the map of one cluster."""
    page.box(frame, fill=PAPER, line=RULE, layer=0)
    fills = [Fill(sign.colour if i in held else NEUTRAL) for i in range(len(land.keys))]
    draw_land(page, view(frame, land.bounds), land, fills, line=RULE)
