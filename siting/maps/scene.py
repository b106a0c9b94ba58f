"""What a plan's map shows, as plain data: the page draws nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from siting.cartography import (
    Classed,
    basis,
    check_ground,
    cluster_line,
    label_points,
    listed,
    members,
    names,
    open_note,
    sketch,
    source_notes,
    stack_lines,
    vintage,
    zone_points,
)
from siting.colours import NEUTRAL, Sign, plan_signs
from siting.errors import Finding, Findings, InputError
from siting.maps.outlines import bounds, inset, outlines
from siting.maps.words import word
from siting.schema import Lang, check_assigned, in_language

if TYPE_CHECKING:
    from siting.plan import Plan

Scene = dict[str, Any]
DOT = " · "


def plan_scene(
    plan: Plan,
    places: gpd.GeoDataFrame,
    *,
    lang: Lang,
    title: str | None = None,
    layers: Iterable[str] = (),
) -> Scene:
    """Return the scene of a plan: clusters per place, a layer per cluster, the named zones."""
    check_ground(places)
    _check_plan(plan, places, layers)
    member = members(plan, places.index)
    signs = plan_signs(plan.clusters, names(plan.clusters, lang))
    clusters = [
        layer(
            name,
            DOT.join(cluster_line(plan, key, len(held), lang)),
            held,
            sign,
            shown=key in layers,
        )
        for key, name, held, sign in zip(
            plan.clusters.index, names(plan.clusters, lang), member, signs, strict=True
        )
    ]
    drawn = drawn_places(places, lang=lang)
    for i, (place, key) in enumerate(zip(drawn, places.index, strict=True)):
        place["clusters"] = [c for c, held in enumerate(member) if i in held]
        place["kind"] = len(place["clusters"])
        place["card"] = _place_card(plan, key, place, lang)
    counts = [place["kind"] for place in drawn]
    shades, lines = stack_lines(counts, [place["name"] for place in drawn], len(clusters), lang)
    items = [
        {
            "fill": shades[number],
            "label": label,
            "kind": number,
            **({"detail": said} if said else {}),
        }
        for number, label, said in lines
    ]
    zones, lost = zone_points(plan, lang)
    notes = [*open_note(plan, lang), *lost, *listed(getattr(plan, f"notes_{lang}", ()))]
    under = [*basis(plan, lang), *vintage(places, lang)]
    default = word("plan_title", lang, title=plan.title)
    base = sheet(places, lang=lang, title=default if title is None else title, notes=notes)
    if zones:
        base["words"]["search"] = word("search_zones", lang)
    return {
        **base,
        "subtitles": [DOT.join(under)] if under else [],
        "places": drawn,
        "classes": [{"fill": colour, "hatch": False} for colour in shades],
        "clusters": clusters,
        "zones": [_zone(plan, name, row, lang) for name, row in zones],
        "legends": [
            {"title": word("stack", lang), "rule": word("stack_rule", lang), "items": items}
        ],
    }


def layer(
    name: str, note: str, held: Iterable[int], sign: Sign, *, shown: bool = False
) -> dict[str, Any]:
    """Return a cluster as a layer of its own, with its sign and the places that it holds."""
    look = {"glyph": sign.letter, "colour": sign.colour, "ink": sign.ink}
    return {"name": name, "note": note, "members": sorted(held), **look, "shown": shown}


def sheet(
    places: gpd.GeoDataFrame, *, lang: Lang, title: str, notes: Sequence[str] = (), source: str = ""
) -> Scene:
    """Return what every map of places has: frame, words, sources, and the line of the review."""
    keys: tuple[str, ...] = (
        "stack",
        "cluster_layers",
        "zones",
        "inset",
        "north",
        "zoom_in",
        "zoom_out",
        "search",
    )
    keys += ("not_found", "picked", "pick", "full_screen", "close", "panel", "m", "km")
    return {
        "lang": lang,
        "title": title,
        "subtitles": vintage(places, lang),
        "words": {key: word(key, lang) for key in keys},
        "bounds": bounds(places),
        "inset": inset(places),
        "neutral": NEUTRAL,
        "review": word("review", lang),
        "internal": word("internal", lang),
        "notes": [*map(str, notes), *source_notes(places, lang, source=source)],
        "clusters": [],
        "zones": [],
        "shapes": [],
    }


def classed_scene(
    found: Classed,
    places: gpd.GeoDataFrame,
    *,
    title: str,
    lang: Lang,
    source: str,
) -> Scene:
    """Return the scene of places in classes; one without a class is hatched and says why."""
    drawn = drawn_places(places, lang=lang)
    for place, code, text in zip(drawn, found.codes, found.texts, strict=True):
        place["kind"] = len(found.colours) if code < 0 else code
        place["card"] = {"head": place["name"], "sub": "", "rows": [{"text": text}]}
    items: list[dict[str, Any]] = [
        {"fill": fill, "label": label, "kind": code}
        for code, (fill, label) in enumerate(zip(found.colours, found.labels, strict=True))
    ]
    if found.undefined:
        label, why = found.undefined
        items.append({"fill": "", "hatch": True, "label": label, "detail": why})
    fills = [{"fill": fill, "hatch": False} for fill in found.colours]
    return {
        **sheet(places, lang=lang, title=sketch(title, lang), source=source),
        "places": drawn,
        "classes": [*fills, {"fill": "", "hatch": True}],
        "legends": [{"title": found.heading, "rule": found.rule, "items": items}],
    }


def drawn_places(places: gpd.GeoDataFrame, *, lang: Lang) -> list[dict[str, Any]]:
    """Return name, what else finds it, label point and rings of each place; no cluster, class 0."""
    parts = zip(
        names(places, lang),
        found_by(places, lang),
        at_points(places),
        outlines(places),
        strict=True,
    )
    return [
        {"name": name, "keys": keys, "at": at, "rings": rings, "clusters": [], "kind": 0}
        for name, keys, at, rings in parts
    ]


def found_by(frame: pd.DataFrame, lang: Lang) -> list[list[str]]:
    """Return what else than its name finds each row: its name in the other language, its code."""
    shown, other = names(frame, lang), names(frame, "en" if lang == "zh" else "zh")
    return [
        [*([also] if also != name else []), str(key)]
        for key, name, also in zip(frame.index, shown, other, strict=True)
    ]


def at_points(places: gpd.GeoDataFrame) -> list[list[float]]:
    """Return ``[lat, lon]`` where each place's name goes."""
    return [[round(point.y, 5), round(point.x, 5)] for point in label_points(places)]


def _check_plan(plan: Plan, places: gpd.GeoDataFrame, layers: Iterable[str]) -> None:
    """Raise InputError for places, clusters and layers that are named and not there."""
    findings = Findings()
    try:
        check_assigned(plan, places)
    except InputError as found:
        findings += found.findings
    findings += [
        Finding(
            code="E-MAP-04",
            sheet="layers",
            column="cluster_id",
            value=str(key),
            reason="规划里没有这个集群",
            reason_en="the plan has no such cluster",
            fix=f"规划中的集群：{'、'.join(map(str, plan.clusters.index))}",
            fix_en=f"Clusters of the plan: {', '.join(map(str, plan.clusters.index))}",
        )
        for key in layers
        if key not in plan.clusters.index
    ]
    findings.stop()


def _place_card(plan: Plan, key: Any, place: dict[str, Any], lang: Lang) -> dict[str, Any]:
    """Return what the tooltip of a place says: each cluster with its clause and its fields."""
    called = names(plan.clusters, lang)
    named = plan.assignments[plan.assignments["place_id"] == key]
    rows = []
    for c in place["clusters"]:
        cluster = plan.clusters.index[c]
        here = named[named["cluster_id"] == cluster]
        fields = plan.fields[plan.fields["cluster_id"] == cluster]
        shown = zip(names(fields, lang), fields["clause"], strict=True)
        said = word("joint", lang).join(
            word("counted", lang, text=field, count=clause) for field, clause in shown
        )
        lines = [word("clause", lang, clause=clause) for clause in here["clause"].unique()]
        lines += [
            word("as_written", lang, name=written)
            for written in here["place_as_written"].dropna().astype(str).unique()
            if written != place["name"]
        ]
        if not here["is_exhaustive"].astype(bool).all():
            lines.append(word("open_list", lang))
        texts = [word("pause", lang).join(lines)]
        texts += [word("fields", lang) + said] if said else []
        rows.append({"cluster": c, "text": called[c], "lines": texts})
    many = {0: "count_none", 1: "count_one"}.get(len(rows), "count_line")
    return {"head": place["name"], "sub": word(many, lang, count=len(rows)), "rows": rows}


def _zone(plan: Plan, name: str, row: pd.Series, lang: Lang) -> dict[str, Any]:
    """Return a named zone: its point, what else finds it, and what its tooltip says."""
    note = "" if pd.isna(row["note"]) else in_language(str(row["note"]), lang)
    lines = [word("clause", lang, clause=row["clause"]), note]
    rows = [{"text": word("zone_point", lang), "lines": [line for line in lines if line]}]
    at = [float(row["lat"]), float(row["lon"])]
    (keys,) = found_by(plan.zones.loc[[row.name]], lang)
    return {"name": name, "keys": keys, "at": at, "card": {"head": name, "sub": "", "rows": rows}}
