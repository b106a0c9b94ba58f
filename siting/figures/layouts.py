"""Printed maps of a layout: the chosen zones and their lead clusters, core and swing apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
from matplotlib.figure import Figure

from siting import crs
from siting.colours import NEUTRAL, cluster_colours, glyphs, ink, ramp
from siting.errors import Finding, Findings
from siting.figures.furniture import Fill, Item, Legend
from siting.figures.ground import ground, names
from siting.figures.page import DOT, printed
from siting.figures.sheet import Point, Theme, map_sheet
from siting.figures.signs import Chip
from siting.figures.words import word
from siting.schema import Lang, check_lang

if TYPE_CHECKING:
    from siting.layout import Layout

CORE = 0.999  # share of the near-best layouts from which a zone counts as certain


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
    held = [(_place_of(site, sites), cluster, site) for site, cluster in layout.sites]
    _check(held, places, clusters)
    ids = list(clusters.index)
    called = names(clusters, lang)
    looks = zip(glyphs(called), cluster_colours([str(key) for key in ids]), strict=True)
    signs = [Chip(letter, colour, ink(colour)) for letter, colour in looks]
    mine = [[ids.index(c) for place, c, _ in held if place == key] for key in known.keys]
    counts = [len(one) for one in mine]
    shades = [NEUTRAL, *ramp(max(*counts, 1))]
    theme = Theme(
        title=_title(title, lang),
        subtitle=_proof(layout, lang),
        fills=[Fill(shades[count]) for count in counts],
        legends=[
            _count_legend(counts, shades, lang),
            Legend(word("lead", lang), "", _leads(held, clusters, signs, firmness, lang)),
        ],
        chips=[tuple(signs[i] for i in sorted(set(one))) for one in mine],
        points=_points(held, sites, places, lang),
    )
    return map_sheet(theme, known, places, lang=lang, source=source).finish()


def _place_of(site: Any, sites: pd.DataFrame | None) -> Any:
    if sites is None or site not in sites.index or "place_id" not in sites:
        return site
    return sites.loc[site, "place_id"]


def _check(held: list[Any], places: gpd.GeoDataFrame, clusters: pd.DataFrame) -> None:
    findings = Findings()
    for column, at, known in (("place_id", 0, places.index), ("cluster_id", 1, clusters.index)):
        findings += [
            Finding(
                code="E-FIG-20",
                sheet="layout",
                column=column,
                value=str(one[at]),
                reason="布局里的地区或集群不在所给的表里",
                reason_en="the layout names a place or cluster that is not given",
                fix="请给出布局所用的地区和集群",
                fix_en="Give the places and clusters of the layout",
            )
            for one in held
            if one[at] not in known
        ]
    findings.stop()


def _title(title: str | None, lang: Lang) -> str:
    shown = title if title is not None else word("layout_title", lang)
    sketch = word("sketch", lang)
    if sketch in shown.lower():
        return shown
    return f"{shown}（{sketch}）" if lang == "zh" else f"{shown} ({sketch})"


def _proof(layout: Layout, lang: Lang) -> str:
    if layout.status == "optimal":
        return word("proven", lang)
    return word("gap", lang, gap=f"{100 * layout.gap:.2g}")


def _count_legend(counts: list[int], shades: list[str], lang: Lang) -> Legend:
    items = []
    for number in range(max(counts), -1, -1):
        said = word("zones_here", lang, count=number)
        label = word("counted", lang, text=said, count=counts.count(number))
        items.append(Item(label, Fill(shades[number])))
    return Legend(word("zone_count", lang), word("zone_rule", lang), tuple(items))


def _leads(
    held: list[Any],
    clusters: pd.DataFrame,
    signs: list[Chip],
    firmness: pd.Series | None,
    lang: Lang,
) -> tuple[Item, ...]:
    """Return a line of the legend for each cluster: how many zones it leads, and how many are sure."""
    sure = {} if firmness is None else dict(firmness.items())
    items = []
    for key, name, sign in zip(clusters.index, names(clusters, lang), signs, strict=True):
        mine = [site for _, cluster, site in held if cluster == key]
        core = sum(sure.get((site, key), 0.0) >= CORE for site in mine)
        parts = [word("zones_here", lang, count=len(mine))]
        if firmness is not None:
            parts.append(word("core_of", lang, count=core))
        items.append(Item(name, chips=(sign,), detail=DOT.join(parts)))
    return tuple(items)


def _points(
    held: list[Any], sites: pd.DataFrame | None, places: gpd.GeoDataFrame, lang: Lang
) -> list[Point]:
    """Return the zones that are not whole places, as points [m]."""
    found = []
    for place, _, site in held:
        if sites is None or site == place or site in places.index:
            continue
        row = sites.loc[[site]]
        spot = gpd.GeoSeries(gpd.points_from_xy(row["lon"], row["lat"]), crs=crs.WGS84)
        moved = crs.to_metric(spot)
        found.append(Point(names(row, lang)[0], (moved.x[0], moved.y[0]), f"sites {site}"))
    return found
