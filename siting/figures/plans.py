"""Printed maps of a plan: how many clusters each place has and which, and one panel per cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from siting import crs
from siting.colours import NEUTRAL, cluster_colours, glyphs, ink, ramp
from siting.figures.furniture import Fill, Item, Legend
from siting.figures.ground import Ground, ground, listed, names
from siting.figures.page import DOT, printed
from siting.figures.sheet import Point, Theme, map_sheet
from siting.figures.signs import Chip
from siting.figures.words import word
from siting.schema import Lang, check_assigned, check_lang

if TYPE_CHECKING:
    from siting.plan import Plan


@printed
def plan_figure(
    plan: Plan,
    places: gpd.GeoDataFrame,
    *,
    lang: Lang = "zh",
    title: str | None = None,
) -> Figure:
    """
    Draw where a plan puts its clusters, on an A4 page.

    Parameters
    ----------
    plan
        The plan; its assignments name places of `places`.
    places
        Places indexed by ``place_id``, with ``name_zh`` and polygons with a CRS; ``name_en``,
        ``label_lon`` and ``label_lat`` [degrees] are used where they are. Sources, vintage and
        whether borders are generalised come from its ``attrs``.
    lang
        Language of the figure.
    title
        Title instead of the plan's own; it should say 示意图.

    Returns
    -------
    Figure
        A matplotlib figure of 297 x 210 mm; write it with `siting.export.save_figure`.

    Raises
    ------
    InputError
        If the plan names a place or cluster that is not there, a place has no polygon, or a text
        has a character that the font lacks: each is named.

    Notes
    -----
    The shade of a place is the number of its clusters, its signs say which; colours are those of
    the interactive maps. Drawn in `siting.crs.METRIC`, so that the scale bar is true. Names that
    do not fit into their place stand beside it on a line; small places that lie close together
    are shown enlarged.

    Examples
    --------
    >>> from siting.places import read_places
    >>> from siting.plan import read_plan
    >>> drawn = plan_figure(read_plan("shanghai-2022"), read_places("district"))
    >>> [round(float(side) * 25.4) for side in drawn.get_size_inches()]
    [297, 210]
    """
    check_lang(lang)
    check_assigned(plan, places)
    land = ground(places, lang=lang)
    member = members(plan, land)
    signs = signs_of(plan, lang)
    chips = [
        tuple(c for c, held in zip(signs, member, strict=True) if i in held)
        for i in range(len(land.keys))
    ]
    counts = [len(one) for one in chips]
    points, lost = _zones(plan, lang)
    notes = [*open_note(plan, lang), *lost, *map(str, listed(getattr(plan, f"notes_{lang}", ())))]
    shades = [NEUTRAL, *ramp(max(len(signs), 1))]
    legends = [
        _stack_legend(counts, shades, land, lang),
        _cluster_legend(plan, signs, member, lang),
    ]
    if points:
        legends.append(Legend("", "", (Item(word("zones", lang), zone=True),)))
    theme = Theme(
        title=word("plan_title", lang, title=plan.title) if title is None else title,
        subtitle=basis(plan, lang),
        fills=[Fill(shades[count]) for count in counts],
        legends=legends,
        notes=notes,
        chips=chips,
        points=points,
    )
    return map_sheet(theme, land, places, lang=lang).finish()


def members(plan: Plan, land: Ground) -> list[set[int]]:
    """Return for each cluster the places that it names, by their position."""
    row_of = {key: i for i, key in enumerate(land.keys)}
    named = plan.assignments
    return [
        {row_of[place] for place in named.loc[named["cluster_id"] == key, "place_id"]}
        for key in plan.clusters.index
    ]


def signs_of(plan: Plan, lang: Lang) -> list[Chip]:
    """Return the sign of each cluster: the letter and colour that the interactive maps give it."""
    colours = cluster_colours([str(key) for key in plan.clusters.index])
    letters = glyphs(names(plan.clusters, lang))
    return [Chip(s, colour, ink(colour)) for s, colour in zip(letters, colours, strict=True)]


def open_note(plan: Plan, lang: Lang) -> list[str]:
    """Return the note that lists are open, if any is."""
    closed = plan.assignments["is_exhaustive"].astype(bool).all()
    return [] if closed else [word("open_note", lang)]


def basis(plan: Plan, lang: Lang) -> str:
    """Return issuer, number and date of the document."""
    said = [str(p) for p in (plan.issuer, plan.document_no, plan.published) if str(p or "")]
    called = str(getattr(plan, "title_en", "") or plan.title)
    return DOT.join([word("basis", lang, title=called), *said] if lang == "en" else said)


def cluster_line(plan: Plan, key: Any, count: int, lang: Lang) -> str:
    """Return tier, clause and number of places of a cluster."""
    row = plan.clusters.loc[key]
    rows = plan.assignments[plan.assignments["cluster_id"] == key]
    kind = "cluster_places" if rows["is_exhaustive"].astype(bool).all() else "cluster_open"
    parts = [
        str(row["tier"]) if lang == "zh" and not pd.isna(row["tier"]) else "",
        word("clause", lang, clause=row["clause"]),
        word(kind, lang, count=count),
    ]
    return DOT.join(part for part in parts if part)


def _cluster_legend(plan: Plan, signs: list[Chip], member: list[set[int]], lang: Lang) -> Legend:
    called = names(plan.clusters, lang)
    items = tuple(
        Item(name, chips=(sign,), detail=cluster_line(plan, key, len(held), lang))
        for name, sign, held, key in zip(called, signs, member, plan.clusters.index, strict=True)
    )
    return Legend(word("clusters", lang), "", items)


def _stack_legend(counts: list[int], shades: list[str], land: Ground, lang: Lang) -> Legend:
    """Return the legend of the shades, most clusters first; places in none are named."""
    items = []
    for number in range(max(counts), 0, -1):
        text = word("stack_class", lang, count=number)
        said = word("counted", lang, text=text, count=counts.count(number))
        items.append(Item(said, Fill(shades[number])))
    none = [name for name, count in zip(land.names, counts, strict=True) if count == 0]
    if none:
        said = word("counted", lang, text=word("stack_none", lang), count=len(none))
        items.append(Item(said, Fill(NEUTRAL), detail=word("joint", lang).join(none)))
    return Legend(word("stack", lang), word("stack_rule", lang), tuple(items))


def _zones(plan: Plan, lang: Lang) -> tuple[list[Point], list[str]]:
    """Return the zones that have a point [m], and a note for each that has none."""
    found, lost = [], []
    for name, (key, row) in zip(names(plan.zones, lang), plan.zones.iterrows(), strict=True):
        at = float(row["lon"]), float(row["lat"])
        if not np.isfinite(at).all():
            lost.append(word("zone_lost", lang, name=name))
            continue
        spot = crs.to_metric(gpd.GeoSeries(gpd.points_from_xy([at[0]], [at[1]]), crs=crs.WGS84))
        found.append(Point(name, (spot.x[0], spot.y[0]), f"zones {key}"))
    return found, lost
