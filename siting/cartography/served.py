"""What every map of a layout of sites says: which place is served, by which site, and how far it is."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from siting.cartography.drawn import Drawn
from siting.cartography.ground import label_points, names
from siting.cartography.marks import Mark
from siting.cartography.refusal import unknown_places, wrong
from siting.cartography.words import word
from siting.cartography.zoned import firm_mark
from siting.colours import NEUTRAL
from siting.schema import numbers

CHOSEN, SERVED, UNSERVED, OUTSIDE = range(4)
SERVICE_FILLS = ("#5b91bd", "#d6e6f2", "", NEUTRAL)  # none: hatched
SERVICE_WORDS = ("site_chosen", "served", "unserved", "outside")


class Spot(NamedTuple):
    """A site as a point: its id and name, where it lies [degrees], and its mark."""

    site: Any
    name: str
    lon: float
    lat: float
    mark: Mark


class Served(NamedTuple):
    """A place of the map: its kind, the site that serves it (or None), and how far that is [m]."""

    kind: int
    site: Spot | None
    far: float


def open_sites(given: Drawn) -> dict[Any, Spot]:
    """
    Return each open site by its id, chosen ones first: places themselves, or rows of `sites`.

    Raises
    ------
    InputError
        If the layout names a site that is not there; the findings name each.
    """
    layout, places, sites, lang = given.layout, given.places, given.sites, given.lang
    if sites is None:
        points = label_points(places)
        at, called = zip(points.x, points.y, strict=True), names(places, lang)
    else:
        at = zip(sites["lon"].astype(float), sites["lat"].astype(float), strict=True)
        called = names(sites, lang) if "name_zh" in sites else [str(key) for key in sites.index]
    index = places.index if sites is None else sites.index
    marks: dict[Any, Mark] = {site: firm_mark(given.firmness, site) for site in layout.sites}
    marks |= dict.fromkeys(getattr(layout, "existing", ()), "existing")
    unknown_places(marks, index, "layout" if sites is None else "sites").stop()
    found = {key: (name, *xy) for key, name, xy in zip(index, called, at, strict=True)}
    return {site: Spot(site, *found[site], mark) for site, mark in marks.items()}


def served_places(given: Drawn, spots: dict[Any, Spot]) -> list[Served]:
    """
    Return what the layout means for each place.

    Raises
    ------
    InputError
        If the layout serves a place that is not there, or `distance` lacks a pair that it needs.
    """
    layout, places, distance = given.layout, given.places, given.distance
    findings = unknown_places(layout.assignment.index, places.index, "layout")
    pairs = [(key, site) for key, site in layout.assignment.items() if site in spots]
    lacking = (
        []
        if distance is None
        else [
            (key, site)
            for key, site in pairs
            if key not in distance.index or site not in distance.columns
        ]
    )
    findings.extend(
        wrong(
            "E-MAP-16",
            "distance",
            f"{key} - {site}",
            ("表中没有这一对的距离", "请给出各地到每个选中点的距离"),
            ("the table has no distance of this pair", "Give the distances to every chosen site"),
        )
        for key, site in lacking[:5]
    )
    findings.stop()
    made = []
    for key in places.index:
        site = layout.assignment.get(key)
        spot = None if site is None or pd.isna(site) else spots.get(site)
        far = np.nan if distance is None or spot is None else float(distance[site].loc[key])
        made.append(Served(_kind(layout, key, spot, far, given.radius_m), spot, far))
    return made


def _kind(layout: Any, key: Any, spot: Spot | None, far: float, radius_m: float | None) -> int:
    if key in layout.sites:
        return CHOSEN
    if key not in layout.assignment.index:
        return OUTSIDE
    beyond = radius_m is not None and far > radius_m
    if spot is None or beyond or not getattr(layout, "served", {}).get(key, True):
        return UNSERVED
    return SERVED


def service_lines(given: Drawn, served: Sequence[Served]) -> list[tuple[int, str, str]]:
    """Return kind, label with the number of places, and demand with its share, of each kind there is."""
    lang, sizes = given.lang, None
    if given.demand is not None:
        sizes = numbers(given.demand).reindex(given.places.index).fillna(0.0)
    lines = []
    for kind, key in enumerate(SERVICE_WORDS):
        mine = [i for i, one in enumerate(served) if one.kind == kind]
        if not mine:
            continue
        text = word(key, lang)
        label = word("counted", lang, text=text[:1].upper() + text[1:], count=len(mine))
        said = ""
        if sizes is not None and kind != OUTSIDE and sizes.sum() > 0:
            part = fsum(sizes.iloc[mine])
            said = word(
                "demand_part", lang, demand=f"{part:,.10g}", share=f"{100 * part / sizes.sum():.3g}"
            )
        lines.append((kind, label, said))
    return lines
