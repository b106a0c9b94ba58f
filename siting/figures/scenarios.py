"""Layouts side by side for print: one map per scenario, all of one scale, and what is in which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
from matplotlib.figure import Figure

from siting.cartography import Drawn, chosen_zones, names, sketch, source_notes, vintage
from siting.errors import stop
from siting.figures.furniture import draw_foot, draw_head, draw_legends, foot_height
from siting.figures.ground import Ground, ground, view
from siting.figures.layouts import layout_theme
from siting.figures.lettering import LEADING, shown, wrap
from siting.figures.page import A4, DOT, GREY, MARGIN, PAPER, RULE, Box, Page, fitted, printed
from siting.figures.sheet import Theme, draw_land, draw_marks, draw_service, unnamed, write_names
from siting.figures.words import word
from siting.schema import Lang

if TYPE_CHECKING:
    from siting.layout import Layout

MOST = 3  # maps that one page has room for
_GAP = 14.0
_LEGEND = 0.26  # part of the height of a panel that its legend takes
_SIZES = (11.0, 10.0, 9.0, 8.0, 7.0)  # of the name of a scenario
_SMALL, _LINES = 7.5, 3  # of each text below it


@printed
def scenario_figure(
    layouts: Mapping[str, Layout],
    places: gpd.GeoDataFrame,
    *,
    clusters: pd.DataFrame | None = None,
    sites: pd.DataFrame | None = None,
    demand: pd.Series | None = None,
    title: str | None = None,
    lang: Lang = "zh",
    source: str = "",
) -> Figure:
    """
    Draw two or three layouts side by side on an A4 page, each with what only it has.

    Parameters
    ----------
    layouts
        Scenario to its layout: all of zones, or all of sites.
    places, clusters, sites, demand
        As for `layout_figure`, the same for all.
    title, lang, source
        As for `layout_figure`.

    Returns
    -------
    Figure
        A matplotlib figure of 297 x 210 mm.

    Raises
    ------
    InputError
        As for `layout_figure`, or if there are not two or three layouts.

    Examples
    --------
    >>> from siting.layout import assign_zones
    >>> from siting.places import read_places
    >>> districts = read_places("district")
    >>> land = districts[["area_official_km2"]].rename(columns={"area_official_km2": "land"})
    >>> drawn = scenario_figure({"A": assign_zones(land, 2), "B": assign_zones(land, 3)}, districts)
    >>> [round(float(side) * 25.4) for side in drawn.get_size_inches()]
    [297, 210]
    """
    if not isinstance(layouts, Mapping) or not 2 <= len(layouts) <= MOST:
        stop(
            code="E-FIG-16",
            column="layouts",
            value=str(len(layouts)) if isinstance(layouts, Mapping) else type(layouts).__name__,
            reason=f"应为两到 {MOST} 个情景及其布局",
            reason_en=f"must be two to {MOST} scenarios and their layouts",
            fix="请给 {情景名: 布局}；更多的请分几张图",
            fix_en="Give {scenario: layout}; draw more of them in several figures",
        )
    given = {
        str(said): Drawn(one, places, lang, clusters=clusters, sites=sites, demand=demand)
        for said, one in layouts.items()
    }
    land = ground(places, lang=lang)
    most = max(_most_zones(one) for one in given.values())
    # numbers below the names would crowd so small a map
    themes = {
        said: replace(layout_theme(one, land, said, most=most), values=None)
        for said, one in given.items()
    }
    page = Page(A4)
    rules = dict.fromkeys(note for theme in themes.values() for note in theme.notes)
    rules.pop(word("demand_note", lang), None)
    notes = [*rules, *source_notes(places, lang, source=source)]
    called = sketch(word("scenarios_title", lang) if title is None else title, lang)
    top = draw_head(page, called, DOT.join(vintage(places, lang)))
    low = foot_height(page, notes) + 8
    wide = (page.width - 2 * MARGIN - (len(themes) - 1) * _GAP) / len(themes)
    heads = {said: (theme.subtitle, _only(given, said)) for said, theme in themes.items()}
    lines = max(sum(len(_wrapped(one, wide)) for one in head) for head in heads.values())
    for k, (said, theme) in enumerate(themes.items()):
        cell = Box(MARGIN + k * (wide + _GAP), low, wide, top - low)
        _panel(page, cell, theme, land, head=heads[said], lines=lines, lang=lang)
    draw_foot(page, notes, lang=lang)
    return page.finish()


def _wrapped(text: str, room: float) -> list[str]:
    return wrap(shown(text), _SMALL, room, lines=_LINES)


def _panel(
    page: Page,
    cell: Box,
    theme: Theme,
    land: Ground,
    *,
    head: tuple[str, str],
    lines: int,
    lang: Lang,
) -> None:
    """Draw one scenario: its name, how sure it is, what only it has, its map and its legend."""
    size = fitted(theme.title, cell.width, _SIZES)
    page.paragraph((cell.x, cell.top), theme.title, size, cell.width, where="title", lines=1)
    top = y = cell.top - _SIZES[0] * LEADING
    for line in head:
        at = (cell.x, y)
        y = page.paragraph(at, line, _SMALL, cell.width, where="title", colour=GREY, lines=_LINES)
    top -= lines * _SMALL * LEADING  # as deep for all, so that the maps are of one scale
    under = cell.height * _LEGEND
    frame = Box(cell.x, cell.y + under, cell.width, top - 4 - cell.y - under)
    seen = view(frame, land.bounds)
    page.box(frame, fill=PAPER, line=RULE, layer=0)
    draw_land(page, seen, land, theme.fills)
    draw_service(page, seen, theme)
    taken = draw_marks(page, seen, land, lang)
    lost = write_names(page, theme, land, seen, without=set(), taken=taken, points=theme.points)
    first, second, *others = [*theme.legends, *unnamed(lost, lang)]
    half = (cell.width - _GAP) / 2
    for x, legends in ((cell.x, [first, *others]), (cell.x + half + _GAP, [second])):
        draw_legends(page, Box(x, cell.y, half, under - 6), legends)


def _most_zones(given: Drawn) -> int:
    """Return the most zones of one place: the same number has the same shade on every map."""
    if not given.of_zones:
        return 0
    held = chosen_zones(given.layout, given.places.index, given.leads.index, given.sites)
    return max(Counter(one.place for one in held).values())


def _only(given: Mapping[str, Drawn], said: str) -> str:
    """Return the words for the sites of a scenario that no other one has."""
    mine = given[said]
    others = {site for name, one in given.items() if name != said for site in one.layout.sites}
    only = [_called(mine, site) for site in mine.layout.sites if site not in others]
    return word(
        "only_here", mine.lang, sites=word("joint", mine.lang).join(only) or word("none", mine.lang)
    )


def _called(given: Drawn, site: Any) -> str:
    """Return the name of a site, with its lead cluster where it has one."""
    if isinstance(site, tuple):
        place, cluster = site
        (lead,) = names(given.leads.loc[[cluster]], given.lang)
        return f"{_called(given, place)}{DOT}{lead}"
    for frame in (given.sites, given.places):
        if frame is not None and site in frame.index and "name_zh" in frame:
            return names(frame.loc[[site]], given.lang)[0]
    return str(site)
