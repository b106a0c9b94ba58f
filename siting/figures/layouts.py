"""Printed maps of a layout: the chosen zones and their lead clusters, core and swing apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
from matplotlib.figure import Figure

from siting.cartography import CORE, Held, chosen_zones, count_lines, names, proof, sketch
from siting.colours import Sign, cluster_signs
from siting.figures.furniture import Fill, Item, Legend
from siting.figures.ground import ground
from siting.figures.page import DOT, printed
from siting.figures.sheet import Point, Theme, map_sheet
from siting.figures.words import word
from siting.schema import Lang, check_lang

if TYPE_CHECKING:
    from siting.layout import Layout


@printed
def layout_figure(
    layout: Layout,
    places: gpd.GeoDataFrame,
    *,
    clusters: pd.DataFrame,
    sites: pd.DataFrame | None = None,
    firmness: pd.Series | None = None,
    title: str | None = None,
    lang: Lang = "zh",
    source: str = "",
) -> Figure:
    """
    Draw zones with their lead clusters, on an A4 page.

    Parameters
    ----------
    layout
        What `siting.layout.assign_zones` gives: pairs (site, cluster).
    places
        As for `plan_figure`.
    clusters
        ``name_zh name_en`` by ``cluster_id``.
    sites
        Candidates that are not places: ``place_id lon lat`` and names by id.
    firmness
        Share of the near-best layouts that hold each pair [0..1]; the legend then tells how many
        zones of a cluster are certain.
    title, lang, source
        As for `measure_figure`.

    Returns
    -------
    Figure
        A matplotlib figure of 297 x 210 mm.

    Raises
    ------
    InputError
        If the layout names a place or cluster that is not there, or a text holds a character that
        the font lacks.

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
    check_lang(lang)
    known = ground(places, lang=lang)
    held = chosen_zones(layout, places.index, clusters.index, sites)
    ids = list(clusters.index)
    signs = cluster_signs([str(key) for key in ids], names(clusters, lang))
    mine = [[ids.index(one.cluster) for one in held if one.place == key] for key in known.keys]
    counts = [len(one) for one in mine]
    shades, lines = count_lines(counts, lang)
    items = tuple(Item(label, Fill(shades[number])) for number, label in lines)
    points = list(dict.fromkeys(one.site for one in held if one.is_point(sites, places.index)))
    legends = [
        Legend(word("zone_count", lang), word("zone_rule", lang), items),
        Legend(word("lead", lang), "", _leads(held, clusters, signs, firmness, lang)),
    ]
    if points:
        legends.append(Legend("", "", (Item(word("site_layer", lang), zone=True),)))
    theme = Theme(
        title=sketch(word("layout_title", lang) if title is None else title, lang),
        subtitle=proof(layout, lang),
        fills=[Fill(shades[count]) for count in counts],
        legends=legends,
        chips=[tuple(signs[i] for i in sorted(set(one))) for one in mine],
        points=[] if sites is None else _points(sites.loc[points], lang),
    )
    return map_sheet(theme, known, places, lang=lang, source=source).finish()


def _leads(
    held: list[Held],
    clusters: pd.DataFrame,
    signs: list[Sign],
    firmness: pd.Series | None,
    lang: Lang,
) -> tuple[Item, ...]:
    """Return a line of the legend for each cluster: how many zones it leads, and how many are sure."""
    sure = {} if firmness is None else dict(firmness.items())
    items = []
    for key, name, sign in zip(clusters.index, names(clusters, lang), signs, strict=True):
        mine = [one.site for one in held if one.cluster == key]
        core = sum(sure.get((site, key), 0.0) >= CORE for site in mine)
        parts = [word("zones_here", lang, count=len(mine))]
        if firmness is not None:
            parts.append(word("core_of", lang, count=core))
        items.append(Item(name, chips=(sign,), detail=DOT.join(parts)))
    return tuple(items)


def _points(sites: pd.DataFrame, lang: Lang) -> list[Point]:
    """Return sites as points [m]."""
    rows = zip(names(sites, lang), sites.iterrows(), strict=True)
    return [Point.of(name, row, f"sites {key}") for name, (key, row) in rows]
