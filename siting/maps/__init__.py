"""Interactive maps for people: a plan's clusters on its places, or any measure of the places."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from siting.maps.classes import Scheme
from siting.maps.lean import LeanMap
from siting.maps.measure import measure_scene
from siting.maps.scene import plan_scene
from siting.schema import Lang, check_lang

if TYPE_CHECKING:
    from siting.plan import Plan

__all__ = ["LeanMap", "measure_map", "plan_map"]


def plan_map(
    plan: Plan,
    places: gpd.GeoDataFrame,
    *,
    lang: Lang = "zh",
    title: str | None = None,
    layers: Iterable[str] = (),
) -> LeanMap:
    """
    Draw where a plan puts its clusters.

    Parameters
    ----------
    plan
        The plan; its assignments name places of `places`.
    places
        Places indexed by ``place_id``, with ``name_zh`` and polygons in EPSG:4326 [degrees];
        ``name_en``, ``label_lon`` and ``label_lat`` [degrees] are used where they are. Sources,
        vintage and whether borders are generalised come from its ``attrs``.
    lang
        Language of the map.
    title
        Title instead of the plan's own; it should say 示意图.
    layers
        Clusters whose stripes are switched on when the map opens; all can be switched by hand.

    Returns
    -------
    map
        A folium map. Save it with `siting.export.save_html`; a notebook shows it as it is.

    Raises
    ------
    InputError
        If the plan names a place or a cluster that is not there, or a place has no polygon.

    Notes
    -----
    The shade of a place is the number of its clusters; places in none keep a look of their own.
    Borders are simplified together, for display only. All text is shown as it is written.

    Examples
    --------
    >>> from siting.places import read_places
    >>> from siting.plan import read_plan
    >>> drawn = plan_map(read_plan("shanghai-2022"), read_places("district"))
    >>> drawn.get_bounds()[0][1] < 121 < drawn.get_bounds()[1][1]
    True
    """
    wanted = [layers] if isinstance(layers, str) else list(layers)
    return LeanMap(plan_scene(plan, places, lang=check_lang(lang), title=title, layers=wanted))


def measure_map(
    values: pd.Series,
    places: gpd.GeoDataFrame,
    *,
    title: str,
    unit: str = "",
    lang: Lang = "zh",
    classes: int = 5,
    scheme: Scheme = "quantile",
    source: str = "",
) -> LeanMap:
    """
    Draw one number per place in classes.

    Parameters
    ----------
    values
        Numbers by ``place_id`` [in `unit`]; a place that is missing or NaN is undefined, and
        ``values.attrs["undefined"]`` (place_id to reason) says why.
    places
        As for `plan_map`.
    title
        What the number is; 示意图 is added if it is not there.
    unit
        Unit of the number, for legend and tooltip.
    lang
        Language of the map.
    classes
        Most classes, 1 to 9; equal numbers share a class, and with as few different numbers as
        `classes` each is a class of its own.
    scheme
        ``quantile``: about equally many places per class; ``equal``: equally wide intervals.
    source
        Where the numbers come from, in words; added to the sources of the places.

    Returns
    -------
    map
        A folium map.

    Raises
    ------
    InputError
        If a value belongs to no place, is infinite or no number, or an option is unknown.

    Notes
    -----
    The legend gives the rule and, for each class, the least and greatest value found and the
    number of places. Undefined places are hatched and never coloured.

    Examples
    --------
    >>> from siting.places import read_places
    >>> districts = read_places("district")
    >>> type(measure_map(districts["area_official_km2"], districts, title="面积")).__name__
    'LeanMap'
    """
    scene = measure_scene(
        values,
        places,
        title=title,
        unit=unit,
        lang=check_lang(lang),
        classes=classes,
        scheme=scheme,
        source=source,
    )
    return LeanMap(scene)
