"""What a plan's map shows, as plain data: the page draws nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from siting import geodata
from siting.errors import Finding, Findings
from siting.maps.classes import NEUTRAL, cluster_colours, glyphs, ink, ramp
from siting.maps.outlines import bounds, inset, label_points, outlines
from siting.maps.words import word
from siting.schema import Lang, require_columns, require_unique

if TYPE_CHECKING:
    from siting.plan import Plan

Scene = dict[str, Any]


def plan_scene(
    plan: Plan,
    places: gpd.GeoDataFrame,
    *,
    lang: Lang,
    title: str | None = None,
    layers: Iterable[str] = (),
) -> Scene:
    """Return the scene of a plan: clusters per place, a layer per cluster, the named zones."""
    check_places(places)
    _check_plan(plan, places, layers)
    member = {
        key: plan.assignments[plan.assignments["cluster_id"] == key] for key in plan.clusters.index
    }
    row_of = {key: i for i, key in enumerate(places.index)}
    clusters = _clusters(plan, member, row_of, set(layers), lang)
    held: list[list[int]] = [[] for _ in places.index]
    for c, cluster in enumerate(clusters):
        for i in cluster["members"]:
            held[i].append(c)
    counts = [len(one) for one in held]
    drawn = drawn_places(places, lang=lang)
    for i, (place, key) in enumerate(zip(drawn, places.index, strict=True)):
        place["clusters"] = held[i]
        place["kind"] = counts[i]
        mine = [(c, member[plan.clusters.index[c]]) for c in held[i]]
        mine = [(c, rows[rows["place_id"] == key]) for c, rows in mine]
        place["card"] = _place_card(plan, place["name"], mine, lang)
    kinds, legend = _stack_legend(counts, len(clusters), [place["name"] for place in drawn], lang)
    zones, lost = _zones(plan, lang)
    open_lists = not plan.assignments["is_exhaustive"].astype(bool).all()
    notes = [word("open_note", lang)] if open_lists else []
    notes += [f"{zone}：{word('zone_lost', lang)}" for zone in lost]
    notes += _listed(getattr(plan, f"notes_{lang}", ()))
    default = word("plan_title", lang, title=plan.title)
    return {
        **sheet(places, lang=lang, title=default if title is None else title, notes=notes),
        "subtitles": _subtitles(plan, places, lang),
        "places": drawn,
        "classes": kinds,
        "clusters": clusters,
        "zones": zones,
        "legends": [legend],
    }


def sheet(places: gpd.GeoDataFrame, *, lang: Lang, title: str, notes: list[str]) -> Scene:
    """Return what every map of places has: frame, words, sources, and the line of the review."""
    attrs = places.attrs
    files = [str(name) for name in attrs.get("sources", ())]
    known = set(geodata.register()["file"]) if files else set()
    if "findings" in attrs:  # the user's own file comes first, whatever it is called
        known -= set(files[:1])
    texts = [geodata.attribution([f for f in files if f in known], lang)] if files else []
    texts += [name for name in files if name not in known]
    told = [str(note) for note in _listed(attrs.get(f"notes_{lang}", ()))]
    if attrs.get("generalised"):
        told.append(word("generalised", lang))
    sources = word("pause", lang).join(t for t in texts if t) or word("no_source", lang)
    keys: tuple[str, ...] = (
        "stack",
        "clusters",
        "zones",
        "inset",
        "north",
        "zoom_in",
        "zoom_out",
        "search",
    )
    keys += ("not_found", "picked", "pick", "full_screen", "close", "panel")
    return {
        "lang": lang,
        "title": title,
        "subtitles": [],
        "words": {key: word(key, lang) for key in keys},
        "bounds": bounds(places),
        "inset": inset(places),
        "neutral": NEUTRAL,
        "review": word("review", lang),
        "internal": word("internal", lang),
        "notes": [*notes, *told, word("sources", lang, sources=sources)],
        "clusters": [],
        "zones": [],
        "shapes": [],
    }


def drawn_places(places: gpd.GeoDataFrame, *, lang: Lang) -> list[dict[str, Any]]:
    """Return name, label point and rings of each place; no cluster, class 0."""
    parts = zip(
        names(places, lang), label_points(places), outlines(places), places.index, strict=True
    )
    return [
        {"name": name, "at": at, "rings": rings, "clusters": [], "kind": 0}
        for name, at, rings, _ in parts
    ]


def names(frame: pd.DataFrame, lang: Lang) -> list[str]:
    """Return the names in `lang`; where there is none, the Chinese name."""
    chinese = [str(name) for name in frame["name_zh"]]
    if lang == "zh" or "name_en" not in frame.columns:
        return chinese
    return [
        zh if pd.isna(en) or not str(en).strip() else str(en)
        for zh, en in zip(chinese, frame["name_en"], strict=True)
    ]


def check_places(places: gpd.GeoDataFrame) -> None:
    """Raise InputError if the frame cannot be a map of places."""
    require_columns(places, ("name_zh", "geometry"), "places")
    require_unique(places.index, "places")


def unknown_places(keys: Iterable[Any], places: gpd.GeoDataFrame, what: str) -> Findings:
    """Return a finding for each of `keys` that no place has."""
    return Findings(
        Finding(
            code="E-MAP-03",
            sheet=what,
            column="place_id",
            value=str(key),
            reason="要画的地区里没有这个代码",
            reason_en="none of the places to draw has this code",
            fix="请核对代码、层级与区划年份，或补上这个地区",
            fix_en="Check code, level and vintage, or add the place",
        )
        for key in dict.fromkeys(keys)
        if key not in places.index
    )


def _check_plan(plan: Plan, places: gpd.GeoDataFrame, layers: Iterable[str]) -> None:
    """Raise InputError for places or clusters that are named and not there."""
    findings = unknown_places(plan.assignments["place_id"], places, "assignments")
    named = {"assignments": list(plan.assignments["cluster_id"].unique()), "layers": list(layers)}
    for where, keys in named.items():
        findings += [
            Finding(
                code="E-MAP-04",
                sheet=where,
                column="cluster_id",
                value=str(key),
                reason="规划里没有这个集群",
                reason_en="the plan has no such cluster",
                fix=f"规划中的集群：{'、'.join(map(str, plan.clusters.index))}",
                fix_en=f"Clusters of the plan: {', '.join(map(str, plan.clusters.index))}",
            )
            for key in keys
            if key not in plan.clusters.index
        ]
    findings.stop()


def _clusters(
    plan: Plan,
    member: dict[str, pd.DataFrame],
    row_of: dict[Any, int],
    shown: set[str],
    lang: Lang,
) -> list[dict[str, Any]]:
    called = names(plan.clusters, lang)
    colours = cluster_colours([str(key) for key in plan.clusters.index])
    made = []
    for name, sign, colour, (key, row) in zip(
        called, glyphs(called), colours, plan.clusters.iterrows(), strict=True
    ):
        rows = member[str(key)]
        inside = sorted({row_of[place] for place in rows["place_id"]})
        parts = [
            str(row["tier"]) if lang == "zh" and not pd.isna(row["tier"]) else "",
            word("clause", lang, clause=row["clause"]),
            word(
                "cluster_places" if rows["is_exhaustive"].astype(bool).all() else "cluster_open",
                lang,
                count=len(inside),
            ),
        ]
        note = " · ".join(part for part in parts if part)
        look = {"glyph": sign, "colour": colour, "ink": ink(colour), "shown": key in shown}
        made.append({"name": name, "note": note, "members": inside, **look})
    return made


def _place_card(
    plan: Plan,
    name: str,
    rows_of: list[tuple[int, pd.DataFrame]],
    lang: Lang,
) -> dict[str, Any]:
    """Return what the tooltip of a place says: each cluster with its clause and its fields."""
    ids = list(plan.clusters.index)
    called = names(plan.clusters, lang)
    rows = []
    for c, here in rows_of:
        fields = plan.fields[plan.fields["cluster_id"] == ids[c]]
        shown = zip(names(fields, lang), fields["clause"], strict=True)
        listed = word("joint", lang).join(
            word("counted", lang, text=field, count=clause) for field, clause in shown
        )
        lines = [word("clause", lang, clause=clause) for clause in here["clause"].unique()]
        lines += [
            word("as_written", lang, name=written)
            for written in here["place_as_written"].dropna().astype(str).unique()
            if written != name
        ]
        if not here["is_exhaustive"].astype(bool).all():
            lines.append(word("open_list", lang))
        texts = [word("pause", lang).join(lines)]
        texts += [word("fields", lang) + listed] if listed else []
        rows.append({"cluster": c, "text": called[c], "lines": texts})
    many = {0: "count_none", 1: "count_one"}.get(len(rows), "count_line")
    return {"head": name, "sub": word(many, lang, count=len(rows)), "rows": rows}


def _stack_legend(
    counts: list[int], clusters: int, called: list[str], lang: Lang
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return the class of each number of clusters, and their legend, most clusters first."""
    most = max(counts)
    # the same number has the same shade on every plan of as many clusters
    colours = [NEUTRAL, *ramp(clusters)] if clusters else [NEUTRAL]
    items = []
    for number in range(most, 0, -1):
        places = counts.count(number)
        text = word("stack_class", lang, count=number)
        label = word("counted", lang, text=text, count=places)
        items.append({"fill": colours[number], "label": label, "kind": number})
    none = [name for name, count in zip(called, counts, strict=True) if count == 0]
    if none:
        label = word("counted", lang, text=word("stack_none", lang), count=len(none))
        listed = word("joint", lang).join(none)
        items.append({"fill": NEUTRAL, "label": label, "detail": listed, "kind": 0})
    legend = {"title": word("stack", lang), "rule": word("stack_rule", lang), "items": items}
    return [{"fill": colour, "hatch": False} for colour in colours], legend


def _zones(plan: Plan, lang: Lang) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the zones that have a point, and the names of those that have none."""
    found, lost = [], []
    for name, (_, row) in zip(names(plan.zones, lang), plan.zones.iterrows(), strict=True):
        at = [float(row["lat"]), float(row["lon"])]
        if not np.isfinite(at).all():
            lost.append(name)
            continue
        note = "" if pd.isna(row["note"]) else str(row["note"])
        lines = [word("clause", lang, clause=row["clause"]), note if lang == "zh" else ""]
        rows = [{"text": word("zone_point", lang), "lines": [line for line in lines if line]}]
        found.append({"name": name, "at": at, "card": {"head": name, "sub": "", "rows": rows}})
    return found, lost


def _subtitles(plan: Plan, places: gpd.GeoDataFrame, lang: Lang) -> list[str]:
    basis = [str(p) for p in (plan.issuer, plan.document_no, plan.published) if str(p or "")]
    called = str(getattr(plan, "title_en", "") or plan.title)
    first = [word("basis", lang, title=called), *basis] if lang == "en" else basis
    lines = [" · ".join(first)]
    if places.attrs.get("vintage") is not None:
        lines[0] += " · " + word("vintage", lang, vintage=places.attrs["vintage"])
    return [line for line in lines if line]


def _listed(value: Any) -> list[Any]:
    return [value] if isinstance(value, str) else list(value or ())
