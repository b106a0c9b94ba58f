"""What the map of a layout shows, as plain data: chosen zones, what they serve, and what they do not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from siting.cartography import (
    CHOSEN,
    LINK,
    SERVED,
    SERVICE_FILLS,
    SERVICE_WORDS,
    SIGNS,
    Drawn,
    Held,
    Mark,
    Served,
    Spot,
    chosen_zones,
    cluster_marks,
    count_lines,
    firm_words,
    mark_lines,
    names,
    open_sites,
    point_lines,
    point_names,
    proof,
    served_places,
    service_lines,
    sketch,
)
from siting.colours import Sign, plan_signs
from siting.maps.scene import Scene, drawn_places, found_by, layer, sheet
from siting.maps.words import word
from siting.schema import Lang


def zone_scene(given: Drawn, title: str | None, source: str) -> Scene:
    """Return the scene of zones with lead clusters: a layer per cluster, a shade per number of zones."""
    places, clusters, lang = given.places, given.leads, given.lang
    sites, firmness = given.sites, given.firmness
    held = chosen_zones(given.layout, places.index, clusters.index, sites)
    ids, called = list(clusters.index), names(clusters, lang)
    signs = plan_signs(clusters, called)
    points = [one for one in held if one.is_point(sites, places.index)]
    drawn = drawn_places(places, lang=lang)
    for place, key in zip(drawn, places.index, strict=True):
        mine = [one for one in held if one.place == key]
        mine.sort(key=lambda one: (ids.index(one.cluster), str(one.site)))
        place["clusters"] = sorted({ids.index(one.cluster) for one in mine})
        place["kind"] = len(mine)
        # A zone has one mark: a point of its own, or a sign in its place.
        marks = cluster_marks([one for one in mine if one not in points], ids, firmness)
        place["signs"] = list(marks)
        place["swing"] = [c for c, mark in marks.items() if mark == "swing"]
        rows = []
        for one in mine:
            own = (
                names(sites.loc[[one.site]], lang) if sites is not None and one.site != key else []
            )
            lines = [*own, *firm_words(firmness, (one.site, one.cluster), lang)]
            c = ids.index(one.cluster)
            rows.append({"cluster": c, "text": called[c], "lines": lines})
        sub = word("zones_here", lang, count=len(mine))
        place["card"] = {"head": place["name"], "sub": sub, "rows": rows}
    counts = [place["kind"] for place in drawn]
    fills, counted = count_lines(counts, lang)
    made = []
    for c, sign in enumerate(signs):
        inside = [i for i, place in enumerate(drawn) if c in place["clusters"]]
        many = sum(one.cluster == ids[c] for one in held)
        made.append(layer(called[c], word("zones_here", lang, count=many), inside, sign))
    base = _sheet(given, title, source)
    if any(place["swing"] for place in drawn):
        base["notes"].insert(0, word("swing_note", lang))
    items = [{"fill": fills[n], "label": label, "kind": n} for n, label in counted]
    rule, said = point_lines(points, sites, lang)
    spots = _spots(points, sites, dict(zip(ids, signs, strict=True)), clusters, lang)
    if spots:
        base["words"] |= {"search": word("search_zones", lang), "zones": said}
    return {
        **base,
        "words": {**base["words"], "stack": word("zone_count", lang)},
        "places": drawn,
        "classes": [{"fill": fill, "hatch": False} for fill in fills],
        "clusters": made,
        "zones": spots,
        "legends": [{"title": word("zone_count", lang), "rule": rule, "items": items}],
    }


def _spots(
    held: list[Held],
    sites: pd.DataFrame | None,
    signs: Mapping[Any, Sign],
    clusters: pd.DataFrame,
    lang: Lang,
) -> list[dict[str, Any]]:
    """Return the points of the zones that are not whole places."""
    called = dict(zip(clusters.index, names(clusters, lang), strict=True))
    if sites is None:
        return []
    labels = point_names(held, sites, signs, lang)
    found: dict[Any, dict[str, Any]] = {}
    for one in held:
        if one.site not in found:
            row = sites.loc[one.site]
            name = names(sites.loc[[one.site]], lang)[0]
            card = {"head": name, "sub": word("site_chosen", lang), "rows": []}
            at = [float(row["lat"]), float(row["lon"])]
            (keys,) = found_by(sites.loc[[one.site]], lang)
            label = labels[one.site]
            found[one.site] = {"name": name, "keys": keys, "label": label, "at": at, "card": card}
        found[one.site]["card"]["rows"].append({"text": called[one.cluster]})
    return list(found.values())


def site_scene(given: Drawn, title: str | None, source: str) -> Scene:
    """Return the scene of chosen sites: which places they serve, how far, and which they do not."""
    places, lang, radius_m = given.places, given.lang, given.radius_m
    demand, firmness = given.demand, given.firmness
    spots = open_sites(given)
    served = served_places(given, spots)
    drawn = drawn_places(places, lang=lang)
    links = []
    for place, key, one in zip(drawn, places.index, served, strict=True):
        place["kind"] = one.kind
        lines = _served(one, lang)
        if demand is not None and key in demand.index:
            lines.append(word("demand_here", lang, demand=f"{demand[key]:,.10g}"))
        place["card"] = {
            "head": place["name"],
            "sub": word(SERVICE_WORDS[one.kind], lang),
            "rows": [{"text": line} for line in lines],
        }
        if one.kind in (CHOSEN, SERVED) and one.site is not None and one.site.site != key:
            links.append([place["at"], _at(one.site)])
    base = _sheet(given, title, source)
    if radius_m is not None:
        base["notes"].insert(0, word("reach_note", lang, radius=f"{radius_m / 1000:g}"))
    if links:
        base["notes"].insert(0, word("link_note", lang))
    shapes = [_line(link) for link in links]
    if radius_m is not None:
        shapes += [_circle(_at(spot), radius_m) for spot in spots.values()]
    marks = mark_lines([spot.mark for spot in spots.values()], lang, firm=firmness is not None)
    return {
        **base,
        "words": {**base["words"], "zones": word("site_layer", lang)},
        "places": drawn,
        "classes": [{"fill": fill, "hatch": not fill} for fill in SERVICE_FILLS],
        "zones": [_open(spot, given) for spot in spots.values()],
        "shapes": shapes,
        "legends": [_legend(service_lines(given, served), marks, lang)],
    }


def _open(spot: Spot, given: Drawn) -> dict[str, Any]:
    """Return an open site as a mark, and what its tooltip says; a place has its own name already."""
    sites, lang, new = given.sites, given.lang, spot.mark != "existing"
    lines = firm_words(given.firmness, spot.site, lang) if new else []
    sub = word("site_chosen" if new else "mark_existing", lang)
    card = {"head": spot.name, "sub": sub, "rows": [{"text": one} for one in lines]}
    label = "" if spot.site in given.places.index else spot.name
    keys: list[str] = []
    if label and sites is not None and "name_zh" in sites:
        (keys,) = found_by(sites.loc[[spot.site]], lang)
    at = _at(spot)
    return {
        "name": spot.name,
        "keys": keys,
        "label": label,
        "at": at,
        "mark": spot.mark,
        "card": card,
    }


def _at(spot: Spot) -> list[float]:
    """Return ``[lat, lon]`` of a site."""
    return [round(spot.lat, 5), round(spot.lon, 5)]


def _sheet(given: Drawn, title: str | None, source: str) -> Scene:
    """Return the frame of the map, which says how sure the layout is."""
    lang = given.lang
    shown = sketch(title if title is not None else word("layout_title", lang), lang)
    made = sheet(given.places, lang=lang, title=shown, source=source)
    made["subtitles"].insert(0, proof(given.layout, lang))
    return made


def _served(one: Served, lang: Lang) -> list[str]:
    """Return which site serves a place, and how far it is."""
    if one.kind not in (CHOSEN, SERVED) or one.site is None:
        return []
    lines = [word("served_by", lang, site=one.site.name)]
    if np.isfinite(one.far):
        lines.append(word("away", lang, distance=f"{one.far / 1000:,.1f}"))
    return lines


def _line(link: list[list[float]]) -> dict[str, Any]:
    style = {"color": LINK, "weight": 1.4, "opacity": 0.75, "interactive": False}
    return {"kind": "line", "points": link, "style": style}


def _circle(at: list[float], radius_m: float) -> dict[str, Any]:
    style = {
        "color": LINK,
        "weight": 1,
        "dashArray": "4 4",
        "fill": False,
        "radius": radius_m,
        "interactive": False,
    }
    return {"kind": "circle", "at": at, "style": style}


def _legend(
    lines: list[tuple[int, str, str]], marks: list[tuple[Mark, str]], lang: Lang
) -> dict[str, Any]:
    items: list[dict[str, Any]] = [
        {
            "fill": SERVICE_FILLS[kind],
            "hatch": not SERVICE_FILLS[kind],
            "label": label,
            "kind": kind,
            **({"detail": said} if said else {}),
        }
        for kind, label, said in lines
    ]
    items += [{"sign": SIGNS[mark], "label": said} for mark, said in marks]
    return {
        "title": word("service", lang),
        "rule": word("category_rule", lang),
        "items": items,
    }
