"""The maps of points on places: a layout of zones, and any number of firms or parks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from siting.cartography import Drawn
from siting.maps.dots import dot_scene
from siting.maps.lean import LeanMap
from siting.maps.zones import site_scene, zone_scene
from siting.schema import Lang, check_lang

if TYPE_CHECKING:
    from siting.layout import Layout


def layout_map(
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
) -> LeanMap:
    """
    Draw a layout: the chosen zones, their lead cluster, what they serve and what they do not.

    Parameters
    ----------
    layout
        What a function of `siting.layout` gives. Zones with a lead cluster, as `assign_zones`
        gives them, are drawn as clusters on places; other sites as points with what they serve.
    places
        As for `plan_map`: the demand, or the places that hold zones.
    clusters
        Names of the clusters by ``cluster_id`` (``name_zh``, ``name_en``); without it they are
        called by their id.
    sites
        ``lon lat`` [degrees] and names of candidates by id, where they are not the places; for zones
        ``place_id`` too, the place that each lies in.
    demand
        Demand by place id, for the tooltips.
    distance
        Demand x sites [m], for the tooltips and for what lies beyond `radius_m`.
    radius_m
        Reach of a zone [m]: drawn as circles, and what lies farther is not served.
    firmness
        How certain each site is: the share of the near-best layouts that hold it [0..1], as
        ``near_optima(...).frequency`` gives it, or ``importance(...)["kind"]``.
    title
        Title instead of the usual one; 示意图 is added if it is not there.
    lang
        Language of the map.
    source
        Where demand and distances come from, in words.

    Returns
    -------
    map
        A folium map.

    Raises
    ------
    InputError
        If an argument is not what it should be, the layout names a place, site or cluster that is
        not there, or `distance` lacks a pair that it needs.

    Examples
    --------
    >>> from siting.layout import assign_zones
    >>> from siting.places import read_places
    >>> districts = read_places("district")
    >>> scores = districts[["area_official_km2"]].rename(columns={"area_official_km2": "any"})
    >>> type(layout_map(assign_zones(scores, 2), districts)).__name__
    'LeanMap'
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
    made = zone_scene if given.of_zones else site_scene
    return LeanMap(made(given, title, source))


def point_map(
    points: pd.DataFrame,
    places: gpd.GeoDataFrame,
    *,
    title: str,
    by: str | None = None,
    clusters: pd.DataFrame | None = None,
    name: str | None = None,
    lang: Lang = "zh",
    source: str = "",
) -> LeanMap:
    """
    Draw any number of points on one canvas over the outlines of places.

    Parameters
    ----------
    points
        ``lon lat`` [degrees, WGS-84] of each point; ``read_points(...).frame`` is one.
    places
        As for `plan_map`.
    title
        What the points are; 示意图 is added if it is not there.
    by
        Column whose values give the colour; the most frequent first, those beyond the eighth share
        one grey. A missing value is a category of its own.
    clusters
        ``plan.clusters``, if `by` holds their ids or names: each has the colour that it has on every
        other map and figure, and what is none of them is grey.
    name
        Column shown under the mouse and found by the search box; left out, and the search box says
        so, where the names of all points would take more than 7 MB.
    lang
        Language of the map.
    source
        Where the points come from, in words.

    Returns
    -------
    map
        A folium map.

    Raises
    ------
    InputError
        If a column is missing or a coordinate is none.

    Notes
    -----
    With more than 20,000 points in view a grid of counts takes the place of dots. Positions are
    drawn to a hundred-thousandth of a degree, about 1 m.

    Examples
    --------
    >>> from siting.places import read_places
    >>> firms = pd.DataFrame({"lon": [121.2, 121.3], "lat": [31.3, 31.4], "kind": ["a", "b"]})
    >>> drawn = point_map(firms, read_places("district"), title="企业", by="kind")
    >>> type(drawn).__name__
    'LeanMap'
    """
    scene = dot_scene(
        points,
        places,
        title=title,
        by=by,
        clusters=clusters,
        name=name,
        lang=check_lang(lang),
        source=source,
    )
    return LeanMap(scene)
