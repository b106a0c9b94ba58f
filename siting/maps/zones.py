"""What the map of a layout shows, as plain data: chosen zones, what they serve, and what they do not."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from siting.errors import Findings
from siting.maps.classes import NEUTRAL, cluster_colours, glyphs, ink, ramp
from siting.maps.measure import heading
from siting.maps.outlines import label_points
from siting.maps.scene import Scene, check_places, drawn_places, names, sheet, unknown_places
from siting.maps.words import word
from siting.schema import Lang

_CHOSEN, _SERVED, _UNSERVED, _OUTSIDE = range(4)
_FILLS = ("#5b91bd", "#d6e6f2", "", NEUTRAL)
_SAID = ("site_chosen", "served", "unserved", "outside")
CORE = 0.999  # share of the near-best layouts from which a site counts as certain


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
    check_places(places)
    held = [(_place_of(site, sites), cluster, site) for site, cluster in layout.sites]
    chosen = [(place, cluster) for place, cluster, _ in held]
    findings = unknown_places([place for place, _ in chosen], places, "layout")
    findings += unknown_places(
        [c for _, c in chosen], gpd.GeoDataFrame(index=clusters.index), "clusters"
    )
    findings.stop()
    called = names(clusters, lang)
    row_of = {key: i for i, key in enumerate(places.index)}
    drawn = drawn_places(places, lang=lang)
    ids = list(clusters.index)
    for place, key in zip(drawn, places.index, strict=True):
        mine = [(ids.index(c), site) for one, c, site in held if one == key]
        place["clusters"] = sorted({i for i, _ in mine})
        place["kind"] = len(mine)
        rows = []
        for i, site in sorted(mine, key=lambda one: (one[0], str(one[1]))):
            own = [] if sites is None or site == key else names(sites.loc[[site]], lang)
            lines = [*own, *_firm(firmness, (site, ids[i]), lang)]
            rows.append({"cluster": i, "text": called[i], "lines": lines})
        sub = word("zones_here", lang, count=len(mine))
        place["card"] = {"head": place["name"], "sub": sub, "rows": rows}
    fills, legend = _count_legend([place["kind"] for place in drawn], lang)
    looks = zip(
        called, glyphs(called), cluster_colours([str(k) for k in clusters.index]), strict=True
    )
    made = [
        {
            "name": name,
            "note": word("zones_here", lang, count=sum(c == key for _, c in chosen)),
            "members": sorted({row_of[p] for p, c in chosen if c == key}),
            "glyph": sign,
            "colour": colour,
            "ink": ink(colour),
            "shown": False,
        }
        for (name, sign, colour), key in zip(looks, clusters.index, strict=True)
    ]
    base = _sheet(layout, places, title, lang, source)
    return {
        **base,
        "words": {**base["words"], "stack": word("zone_count", lang)},
        "places": drawn,
        "classes": [{"fill": fill, "hatch": False} for fill in fills],
        "clusters": made,
        "zones": _spots(held, sites, places, clusters, lang),
        "legends": [legend],
    }


def _count_legend(counts: list[int], lang: Lang) -> tuple[list[str], dict[str, Any]]:
    """Return the shade of each number of zones, and the legend, most zones first."""
    fills = [NEUTRAL, *ramp(max(counts))] if max(counts) else [NEUTRAL]
    items = []
    for n in range(max(counts), -1, -1):
        said = word("zones_here", lang, count=n)
        label = word("counted", lang, text=said, count=counts.count(n))
        items.append({"fill": fills[n], "label": label, "kind": n})
    legend = {"title": word("zone_count", lang), "rule": word("zone_rule", lang), "items": items}
    return fills, legend


def _place_of(site: Any, sites: pd.DataFrame | None) -> Any:
    """Return the place that a candidate lies in: itself, or what the table of sites says."""
    if sites is None or site not in sites.index or "place_id" not in sites:
        return site
    return sites.loc[site, "place_id"]


def _spots(
    held: list[tuple[Any, Any, Any]],
    sites: pd.DataFrame | None,
    places: gpd.GeoDataFrame,
    clusters: pd.DataFrame,
    lang: Lang,
) -> list[dict[str, Any]]:
    """Return the points of the zones that are not whole places."""
    called = dict(zip(clusters.index, names(clusters, lang), strict=True))
    found = []
    for place, cluster, site in held:
        if sites is None or site == place or site in places.index:
            continue
        row = sites.loc[site]
        name = names(sites.loc[[site]], lang)[0]
        card = {"head": name, "sub": word("site_chosen", lang), "rows": [{"text": called[cluster]}]}
        found.append({"name": name, "at": [float(row["lat"]), float(row["lon"])], "card": card})
    return found


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
    check_places(places)
    points = _points(sites, places, lang)
    findings: Findings = unknown_places(
        layout.sites, gpd.GeoDataFrame(index=points.index), "layout"
    )
    findings += unknown_places(layout.assignment.index, places, "layout")
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
    proof = (
        word("proven", lang)
        if layout.status == "optimal"
        else word("gap", lang, gap=f"{100 * layout.gap:.2g}")
    )
    shown = heading(title if title is not None else word("layout_title", lang), lang)
    made = sheet(places, lang=lang, title=shown, notes=[])
    if source:
        made["notes"].insert(0, word("numbers", lang, sources=source))
    made["subtitles"] = [proof]
    if places.attrs.get("vintage") is not None:
        made["subtitles"].append(word("vintage", lang, vintage=places.attrs["vintage"]))
    return made


def _points(sites: pd.DataFrame | None, places: gpd.GeoDataFrame, lang: Lang) -> pd.DataFrame:
    """Return name and [lat, lon] of each candidate: the places themselves, or the sites given."""
    if sites is None:
        at = label_points(places)
        return pd.DataFrame({"name": names(places, lang), "at": at}, index=places.index)
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
