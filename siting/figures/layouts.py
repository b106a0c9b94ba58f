"""Printed maps of a layout: the chosen zones, their lead clusters or what they serve, core and swing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
from matplotlib.figure import Figure

from siting.cartography import (
    CHOSEN,
    SERVED,
    SERVICE_FILLS,
    Drawn,
    Held,
    Mark,
    chosen_zones,
    cluster_marks,
    count_lines,
    is_core,
    mark_lines,
    names,
    open_sites,
    point_lines,
    point_names,
    proof,
    served_places,
    service_lines,
    sketch,
)
from siting.colours import Sign, plan_signs
from siting.figures.furniture import Fill, Item, Legend
from siting.figures.ground import Ground, ground
from siting.figures.page import DOT, PAPER, printed
from siting.figures.sheet import Point, Theme, map_sheet
from siting.figures.words import word
from siting.schema import Lang, numbers

if TYPE_CHECKING:
    from siting.layout import Layout


@printed
def layout_figure(
    layout: Layout,
    places: gpd.GeoDataFrame,
    *,
    clusters: pd.DataFrame | None = None,
    sites: pd.DataFrame | None = None,
    demand: pd.Series | None = None,
    distance: pd.DataFrame | None = None,
    radius_m: float | None = None,
    firmness: pd.Series | None = None,
    title: str | None = None,
    lang: Lang = "zh",
    source: str = "",
) -> Figure:
    """
    Draw a layout on an A4 page: the chosen zones, and their lead cluster or what they serve.

    Parameters
    ----------
    layout
        What a function of `siting.layout` gives. Pairs (site, cluster), as `assign_zones` gives
        them, are drawn as clusters on places; other sites as points with what they serve.
    places
        As for `plan_figure`.
    clusters, sites, demand, distance, radius_m, firmness
        As for `siting.maps.layout_map`; demand stands below the names.
    title, lang, source
        As for `measure_figure`.

    Returns
    -------
    Figure
        A matplotlib figure of 297 x 210 mm.

    Raises
    ------
    InputError
        As for `siting.maps.layout_map`, or if a text holds a character that the font lacks.

    Notes
    -----
    Marks and colours are those of `siting.maps.layout_map`.

    Examples
    --------
    >>> from siting.layout import assign_zones
    >>> from siting.places import read_places
    >>> districts = read_places("district")
    >>> scores = districts[["area_official_km2"]].rename(columns={"area_official_km2": "land"})
    >>> land = pd.DataFrame({"name_zh": ["土地"], "name_en": ["Land"]}, index=["land"])
    >>> drawn = layout_figure(assign_zones(scores, 2), districts, clusters=land)
    >>> [round(float(side) * 25.4) for side in drawn.get_size_inches()]
    [297, 210]
    """
    given = Drawn(
        layout,
        places,
        lang,
        clusters=clusters,
        sites=sites,
        demand=demand,
        distance=distance,
        radius_m=radius_m,
        firmness=firmness,
    )
    known = ground(places, lang=lang)
    shown = sketch(word("layout_title", lang) if title is None else title, lang)
    theme = layout_theme(given, known, shown)
    return map_sheet(theme, known, places, lang=lang, source=source).finish()


def layout_theme(given: Drawn, known: Ground, title: str, *, most: int = 0) -> Theme:
    """
    Return what a sheet shows of a layout: zones with their lead clusters, or sites and whom they serve.

    `most` zones of a place, or more if there are, have the darkest shade.
    """
    return _zones(given, known, title, most) if given.of_zones else _service(given, known, title)


def _zones(given: Drawn, known: Ground, title: str, most: int) -> Theme:
    """Return what a sheet shows of zones: how many each place has, and the signs of their clusters."""
    places, clusters, lang = given.places, given.leads, given.lang
    sites, firmness = given.sites, given.firmness
    held = chosen_zones(given.layout, places.index, clusters.index, sites)
    ids = list(clusters.index)
    signs = plan_signs(clusters, names(clusters, lang))
    by_id = dict(zip(ids, signs, strict=True))
    mine = [[one for one in held if one.place == key] for key in known.keys]
    counts = [len(one) for one in mine]
    shades, lines = count_lines(counts, lang, most=most)
    items = tuple(Item(label, Fill(shades[number])) for number, label in lines)
    points = [one for one in held if one.is_point(sites, places.index)]
    rule, said = point_lines(points, sites, lang)
    legends = [
        Legend(word("zone_count", lang), rule, items),
        Legend(word("lead", lang), "", _leads(held, clusters, signs, firmness, lang)),
    ]
    if points:
        legends.append(Legend("", "", (Item(said, zone="chosen"),)))
    # A zone has one mark: a point of its own, or a sign in its place.
    chips = [
        tuple(
            replace(signs[k], hollow=mark == "swing")
            for k, mark in cluster_marks([z for z in one if z not in points], ids, firmness).items()
        )
        for one in mine
    ]
    swing = any(chip.hollow for one in chips for chip in one)
    return Theme(
        title=title,
        subtitle=proof(given.layout, lang),
        fills=[Fill(shades[count]) for count in counts],
        legends=legends,
        notes=[word("swing_note", lang)] if swing else [],
        chips=chips,
        points=[]
        if sites is None
        else [
            Point.of(name, sites.loc[site], f"sites {site}")
            for site, name in point_names(points, sites, by_id, lang).items()
        ],
    )


def _leads(
    held: list[Held],
    clusters: pd.DataFrame,
    signs: list[Sign],
    firmness: pd.Series | None,
    lang: Lang,
) -> tuple[Item, ...]:
    """Return a line of the legend for each cluster: how many zones it leads, and how many are sure."""
    items = []
    for key, name, sign in zip(clusters.index, names(clusters, lang), signs, strict=True):
        mine = [one.site for one in held if one.cluster == key]
        core = sum(is_core(firmness, (site, key)) is True for site in mine)
        parts = [word("zones_here", lang, count=len(mine))]
        if firmness is not None:
            parts.append(word("core_of", lang, count=core))
        items.append(Item(name, chips=(sign,), detail=DOT.join(parts)))
    return tuple(items)


def _service(given: Drawn, known: Ground, title: str) -> Theme:
    """Return what a sheet shows of sites: which places are served, by which, and how far they reach."""
    lang, radius_m = given.lang, given.radius_m
    spots = open_sites(given)
    served = served_places(given, spots)
    points = {
        site: Point.of(
            # a place has its name on the map already
            "" if given.sites is None else spot.name,
            pd.Series({"lon": spot.lon, "lat": spot.lat}),
            f"sites {site}",
            spot.mark,
        )
        for site, spot in spots.items()
    }
    links = [
        (known.points[i], points[one.site.site].at)
        for i, one in enumerate(served)
        if one.kind in (CHOSEN, SERVED) and one.site and one.site.site != known.keys[i]
    ]
    lines = service_lines(given, served)
    items = tuple(Item(label, _fill(kind), detail=said) for kind, label, said in lines)
    notes = [word("link_note", lang)] if links else []
    if radius_m is not None:
        notes.append(word("reach_note", lang, radius=f"{radius_m / 1000:g}"))
    values = None
    if given.demand is not None:
        notes.append(word("demand_note", lang))
        sizes = numbers(given.demand).reindex(given.places.index)
        values = ["" if pd.isna(one) else f"{one:,.10g}" for one in sizes]
    return Theme(
        title=title,
        subtitle=proof(given.layout, lang),
        fills=[_fill(one.kind) for one in served],
        legends=[
            Legend(word("service", lang), word("category_rule", lang), items),
            _marks([spot.mark for spot in spots.values()], lang, firm=given.firmness is not None),
        ],
        notes=notes,
        values=values,
        points=list(points.values()),
        links=links,
        reach=radius_m,
    )


def _fill(kind: int) -> Fill:
    """Return how a place of a kind is filled."""
    colour = SERVICE_FILLS[kind]
    return Fill(colour or PAPER, hatched=not colour)


def _marks(marks: list[Mark], lang: Lang, *, firm: bool) -> Legend:
    """Return the lines of the legend that say what the marks are."""
    lines = mark_lines(marks, lang, firm=firm)
    return Legend("", "", tuple(Item(said, zone=mark) for mark, said in lines))
