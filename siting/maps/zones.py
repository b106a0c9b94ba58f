"""What the map of a layout shows, as plain data: chosen zones, what they serve, and what they do not."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from siting.cartography import (
    CORE,
    Held,
    check_ground,
    chosen_zones,
    count_lines,
    names,
    proof,
    sketch,
    unknown_places,
)
from siting.colours import NEUTRAL, cluster_signs
from siting.errors import Findings
from siting.maps.scene import Scene, at_points, drawn_places, layer, sheet
from siting.maps.words import word
from siting.schema import Lang

_CHOSEN, _SERVED, _UNSERVED, _OUTSIDE = range(4)
_FILLS = ("#5b91bd", "#d6e6f2", "", NEUTRAL)
_SAID = ("site_chosen", "served", "unserved", "outside")


def zone_scene(
    layout: Any,
    places: gpd.GeoDataFrame,
    *,
    clusters: pd.DataFrame,
    sites: pd.DataFrame | None,
    firmness: pd.Series | None,
    title: str | None,
    lang: Lang,
    source: str,
) -> Scene:
    """Return the scene of zones with lead clusters: a layer per cluster, a shade per number of zones."""
    check_ground(places)
    held = chosen_zones(layout, places.index, clusters.index, sites)
    ids, called = list(clusters.index), names(clusters, lang)
    drawn = drawn_places(places, lang=lang)
    for place, key in zip(drawn, places.index, strict=True):
        mine = [one for one in held if one.place == key]
        mine.sort(key=lambda one: (ids.index(one.cluster), str(one.site)))
        place["clusters"] = sorted({ids.index(one.cluster) for one in mine})
        place["kind"] = len(mine)
        rows = []
        for one in mine:
            own = (
                names(sites.loc[[one.site]], lang) if sites is not None and one.site != key else []
            )
            lines = [*own, *_firm(firmness, (one.site, one.cluster), lang)]
            c = ids.index(one.cluster)
            rows.append({"cluster": c, "text": called[c], "lines": lines})
        sub = word("zones_here", lang, count=len(mine))
        place["card"] = {"head": place["name"], "sub": sub, "rows": rows}
    counts = [place["kind"] for place in drawn]
    fills, counted = count_lines(counts, lang)
    made = []
    for c, sign in enumerate(cluster_signs([str(key) for key in ids], called)):
        inside = [i for i, place in enumerate(drawn) if c in place["clusters"]]
        many = sum(one.cluster == ids[c] for one in held)
        made.append(layer(called[c], word("zones_here", lang, count=many), inside, sign))
    base = _sheet(layout, places, title, lang, source)
    items = [{"fill": fills[n], "label": label, "kind": n} for n, label in counted]
    return {
        **base,
        "words": {**base["words"], "stack": word("zone_count", lang)},
        "places": drawn,
        "classes": [{"fill": fill, "hatch": False} for fill in fills],
        "clusters": made,
        "zones": _spots(held, sites, places, clusters, lang),
        "legends": [
            {"title": word("zone_count", lang), "rule": word("zone_rule", lang), "items": items}
        ],
    }


def _spots(
    held: list[Held],
    sites: pd.DataFrame | None,
    places: gpd.GeoDataFrame,
    clusters: pd.DataFrame,
    lang: Lang,
) -> list[dict[str, Any]]:
    """Return the points of the zones that are not whole places."""
    called = dict(zip(clusters.index, names(clusters, lang), strict=True))
    if sites is None:
        return []
    found: dict[Any, dict[str, Any]] = {}
    for one in held:
        if not one.is_point(sites, places.index):
            continue
        if one.site not in found:
            row = sites.loc[one.site]
            name = names(sites.loc[[one.site]], lang)[0]
            card = {"head": name, "sub": word("site_chosen", lang), "rows": []}
            at = [float(row["lat"]), float(row["lon"])]
            found[one.site] = {"name": name, "at": at, "card": card}
        found[one.site]["card"]["rows"].append({"text": called[one.cluster]})
    return list(found.values())


def site_scene(
    layout: Any,
    places: gpd.GeoDataFrame,
    *,
    sites: pd.DataFrame | None,
    demand: pd.Series | None,
    distance: pd.DataFrame | None,
    radius_m: float | None,
    firmness: pd.Series | None,
    title: str | None,
    lang: Lang,
    source: str,
) -> Scene:
    """Return the scene of chosen sites: which places they serve, how far, and which they do not."""
    check_ground(places)
    points = _points(sites, places, lang)
    findings: Findings = unknown_places(layout.sites, points.index, "layout")
    findings += unknown_places(layout.assignment.index, places.index, "layout")
    findings.stop()
    drawn = drawn_places(places, lang=lang)
    links, kinds = [], []
    for place, key in zip(drawn, places.index, strict=True):
        site = layout.assignment.get(key)
        far = _far(distance, key, site)
        kind = _kind(key, site, far, layout, radius_m)
        kinds.append(kind)
        place["kind"] = kind
        lines = _served(kind, site, far, points, lang)
        if demand is not None and key in demand.index:
            lines.append(word("demand_here", lang, demand=f"{demand[key]:,.10g}"))
        place["card"] = {
            "head": place["name"],
            "sub": word(_SAID[kind], lang),
            "rows": [{"text": line} for line in lines],
        }
        if kind in (_CHOSEN, _SERVED) and site is not None and site != key:
            links.append([place["at"], points.loc[site, "at"]])
    zones = [
        {
            "name": points.loc[site, "name"],
            "at": points.loc[site, "at"],
            "card": {
                "head": points.loc[site, "name"],
                "sub": word("site_chosen", lang),
                "rows": [{"text": one} for one in _firm(firmness, site, lang)],
            },
        }
        for site in layout.sites
    ]
    base = _sheet(layout, places, title, lang, source)
    if radius_m is not None:
        base["notes"].insert(0, word("reach_note", lang, radius=f"{radius_m / 1000:g}"))
    shapes = [_line(link) for link in links]
    if radius_m is not None:
        shapes += [_circle(zone["at"], radius_m) for zone in zones]
    return {
        **base,
        "words": {**base["words"], "zones": word("site_layer", lang)},
        "places": drawn,
        "classes": [{"fill": fill, "hatch": not fill} for fill in _FILLS],
        "zones": zones,
        "shapes": shapes,
        "legends": [_legend(kinds, lang)],
    }


def _sheet(
    layout: Any, places: gpd.GeoDataFrame, title: str | None, lang: Lang, source: str
) -> Scene:
    """Return the frame of the map, which says how sure the layout is."""
    shown = sketch(title if title is not None else word("layout_title", lang), lang)
    made = sheet(places, lang=lang, title=shown, source=source)
    made["subtitles"].insert(0, proof(layout, lang))
    return made


def _points(sites: pd.DataFrame | None, places: gpd.GeoDataFrame, lang: Lang) -> pd.DataFrame:
    """Return name and [lat, lon] of each candidate: the places themselves, or the sites given."""
    if sites is None:
        own = {"name": names(places, lang), "at": at_points(places)}
        return pd.DataFrame(own, index=places.index)
    at = [[float(lat), float(lon)] for lat, lon in zip(sites["lat"], sites["lon"], strict=True)]
    called = names(sites, lang) if "name_zh" in sites else [str(key) for key in sites.index]
    return pd.DataFrame({"name": called, "at": at}, index=sites.index)


def _far(distance: pd.DataFrame | None, key: Any, site: Any) -> float:
    if distance is None or site is None or pd.isna(site):
        return np.nan
    return float(distance.loc[key, site])


def _kind(key: Any, site: Any, far: float, layout: Any, radius_m: float | None) -> int:
    if key in layout.sites:
        return _CHOSEN
    if key not in layout.assignment.index:
        return _OUTSIDE
    if site is None or pd.isna(site) or (radius_m is not None and far > radius_m):
        return _UNSERVED
    return _SERVED


def _served(kind: int, site: Any, far: float, points: pd.DataFrame, lang: Lang) -> list[str]:
    """Return which site serves a place, and how far it is."""
    if kind not in (_CHOSEN, _SERVED) or site is None or pd.isna(site):
        return []
    lines = [word("served_by", lang, site=points.loc[site, "name"])]
    if np.isfinite(far):
        lines.append(word("away", lang, distance=f"{far / 1000:,.1f}"))
    return lines


def _firm(firmness: pd.Series | None, site: Any, lang: Lang) -> list[str]:
    """Return how certain a chosen site is, where that was measured."""
    if firmness is None or site not in firmness.index:
        return []
    share = float(firmness.loc[[site]].iloc[0])
    return [word("core" if share >= CORE else "swing", lang, share=f"{100 * share:.0f}")]


def _line(link: list[list[float]]) -> dict[str, Any]:
    style = {"color": "#16212b", "weight": 1.4, "opacity": 0.75, "interactive": False}
    return {"kind": "line", "points": link, "style": style}


def _circle(at: list[float], radius_m: float) -> dict[str, Any]:
    style = {
        "color": "#16212b",
        "weight": 1,
        "dashArray": "4 4",
        "fill": False,
        "radius": radius_m,
        "interactive": False,
    }
    return {"kind": "circle", "at": at, "style": style}


def _legend(kinds: list[int], lang: Lang) -> dict[str, Any]:
    items = [
        {
            "fill": _FILLS[kind],
            "hatch": not _FILLS[kind],
            "label": word("counted", lang, text=word(text, lang), count=kinds.count(kind)),
            "kind": kind,
        }
        for kind, text in enumerate(_SAID)
        if kind in kinds
    ]
    return {
        "title": word("layout_title", lang),
        "rule": word("category_rule", lang),
        "items": items,
    }
