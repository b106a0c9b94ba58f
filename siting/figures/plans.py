"""Printed maps of a plan: how many clusters each place has and which, and one panel per cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
from matplotlib.figure import Figure

from siting.cartography import (
    basis,
    cluster_line,
    listed,
    members,
    names,
    open_note,
    stack_lines,
    zone_points,
)
from siting.colours import Sign, plan_signs
from siting.figures.furniture import Fill, Item, Legend
from siting.figures.ground import ground
from siting.figures.page import DOT, printed
from siting.figures.sheet import Point, Theme, map_sheet
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
    member = members(plan, places.index)
    signs = plan_signs(plan.clusters, names(plan.clusters, lang))
    chips = [
        tuple(c for c, held in zip(signs, member, strict=True) if i in held)
        for i in range(len(land.keys))
    ]
    counts = [len(one) for one in chips]
    shades, lines = stack_lines(counts, land.names, len(signs), lang)
    stack = tuple(Item(label, Fill(shades[number]), detail=said) for number, label, said in lines)
    zones, lost = zone_points(plan, lang)
    legends = [
        Legend(word("stack", lang), word("stack_rule", lang), stack),
        _cluster_legend(plan, signs, member, lang),
    ]
    if zones:
        legends.append(Legend("", "", (Item(word("zones", lang), zone="chosen"),)))
    theme = Theme(
        title=word("plan_title", lang, title=plan.title) if title is None else title,
        subtitle=DOT.join(basis(plan, lang)),
        fills=[Fill(shades[count]) for count in counts],
        legends=legends,
        notes=[
            *open_note(plan, lang),
            *lost,
            *map(str, listed(getattr(plan, f"notes_{lang}", ()))),
        ],
        chips=chips,
        points=[Point.of(name, row, f"zones {row.name}") for name, row in zones],
    )
    return map_sheet(theme, land, places, lang=lang).finish()


def _cluster_legend(plan: Plan, signs: list[Sign], member: list[set[int]], lang: Lang) -> Legend:
    called = names(plan.clusters, lang)
    items = tuple(
        Item(name, chips=(sign,), detail=DOT.join(cluster_line(plan, key, len(held), lang)))
        for name, sign, held, key in zip(called, signs, member, plan.clusters.index, strict=True)
    )
    return Legend(word("clusters", lang), "", items)
