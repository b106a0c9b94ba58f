"""The maps of places: a plan's clusters, any measure, any category."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from siting.cartography import categorised, check_ground, measured, remarks
from siting.colours import Scheme
from siting.maps.lean import LeanMap
from siting.maps.scene import classed_scene, plan_scene
from siting.schema import Lang, check_lang

if TYPE_CHECKING:
    from siting.plan import Plan


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
        ``values.attrs["undefined"]`` (place_id to reason) says why. ``values.attrs["neutral"]``,
        where it is set (1 for location quotients), is a value that no class reaches over.
    places
        As for `plan_map`.
    title
        What the number is; 示意图 is added if it is not there.
    unit
        Unit of the number, for legend and tooltip.
    lang
        Language of the map.
    classes
        Most classes, 1 to 9 (with a neutral value one on each side at least); equal numbers share a
        class, and with as few different numbers as `classes` each is a class of its own.
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
    The legend gives the rule and, for each class, the least and greatest value found, rounded
    outwards so that they hold every value of the class, and the number of places. Undefined places
    are hatched and never coloured.

    Examples
    --------
    >>> from siting.places import read_places
    >>> districts = read_places("district")
    >>> type(measure_map(districts["area_official_km2"], districts, title="面积")).__name__
    'LeanMap'
    """
    check_lang(lang)
    check_ground(places)
    found = measured(
        values, places, title=title, unit=unit, classes=classes, scheme=scheme, lang=lang
    )
    scene = classed_scene(found, places, title=title, lang=lang, source=source)
    for place, code, text in zip(scene["places"], found.codes, found.texts, strict=True):
        place["note"] = "" if code < 0 else text
        if code >= 0 and unit:
            place["card"]["rows"] = [{"text": f"{text} {unit}"}]
    (legend,) = scene["legends"]
    ranges = len(found.colours)  # the greatest comes first, what is undefined last
    legend["items"] = [*legend["items"][:ranges][::-1], *legend["items"][ranges:]]
    return LeanMap(scene)


def category_map(
    categories: pd.Series,
    places: gpd.GeoDataFrame,
    *,
    title: str,
    labels: Mapping[str, str],
    colours: Mapping[str, str] | None = None,
    notes: pd.Series | None = None,
    lang: Lang = "zh",
    source: str = "",
) -> LeanMap:
    """
    Draw one category per place, in colours that say nothing of more or less.

    Parameters
    ----------
    categories
        Category of each place by ``place_id``; a place that is missing or NaN is hatched, and
        ``categories.attrs["undefined"]`` (place_id to reason) says why.
    places
        As for `plan_map`.
    title
        What the categories are; 示意图 is added if it is not there.
    labels
        Category to what the legend calls it, in the order of the legend.
    colours
        Category to colour (``#rrggbb``). Those that are not given get colours that stay apart for
        every kind of sight and carry dark text; there are 8.
    notes
        A remark on a place by ``place_id``, shown in its tooltip under the category.
    lang
        Language of the map; `title`, `labels` and `notes` are shown as they are.
    source
        Where the categories come from, in words; added to the sources of the places.

    Returns
    -------
    map
        A folium map.

    Raises
    ------
    InputError
        If a category has no label, a place or a category is unknown, a colour is none, or there are
        more categories than colours.

    Notes
    -----
    The legend gives the number of places of each category, 0 too.

    Examples
    --------
    >>> from siting.places import read_places
    >>> districts = read_places("district")
    >>> kind = districts["area_official_km2"].gt(100).map({True: "large", False: "small"})
    >>> drawn = category_map(
    ...     kind, districts, title="大区和小区", labels={"large": "大区", "small": "小区"})
    >>> type(drawn).__name__
    'LeanMap'
    """
    check_lang(lang)
    check_ground(places)
    said = remarks(notes, places.index)
    found = categorised(
        categories, places, title=title, labels=labels, colours=colours or {}, lang=lang
    )
    scene = classed_scene(found, places, title=title, lang=lang, source=source)
    for place, line in zip(scene["places"], said, strict=True):
        place["card"]["rows"][0]["lines"] = [line] if line else []
    return LeanMap(scene)
