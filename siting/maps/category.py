"""What the map of a category shows, as plain data: one colour per category, never an order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd

from siting.colours import CATEGORIES as COLOURS
from siting.errors import Finding, Findings
from siting.maps.measure import heading, reasons, undefined_item
from siting.maps.scene import Scene, check_places, drawn_places, sheet, unknown_places
from siting.maps.words import word
from siting.schema import Lang, require_unique

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def category_scene(
    categories: pd.Series,
    places: gpd.GeoDataFrame,
    *,
    title: str,
    labels: Mapping[str, str],
    colours: Mapping[str, str],
    notes: pd.Series | None,
    lang: Lang,
    source: str,
) -> Scene:
    """Return the scene of a category per place; a place without one is hatched and says why."""
    check_places(places)
    _check(categories, places, labels, colours, notes)
    order = {key: i for i, key in enumerate(labels)}
    here = categories.reindex(places.index)
    kinds = [len(order) if pd.isna(one) else order[one] for one in here]
    why = reasons(categories, places, lang)
    remarks = _remarks(notes, places)
    drawn = drawn_places(places, lang=lang)
    texts = [*labels.values()]
    for place, kind, reason, lines in zip(drawn, kinds, why, remarks, strict=True):
        place["kind"] = kind
        said = {"text": texts[kind] if kind < len(texts) else reason, "lines": lines}
        place["card"] = {"head": place["name"], "sub": "", "rows": [said]}
    fills = _fills(labels, colours)
    items = [
        {"fill": fill, "label": word("counted", lang, text=text, count=kinds.count(i)), "kind": i}
        for i, (fill, text) in enumerate(zip(fills, texts, strict=True))
    ]
    missing = [-1 if kind == len(order) else kind for kind in kinds]
    rule = word("category_rule", lang)
    made = sheet(places, lang=lang, title=heading(title, lang), notes=[])
    if source:
        made["notes"].insert(0, word("numbers", lang, sources=source))
    if places.attrs.get("vintage") is not None:
        made["subtitles"] = [word("vintage", lang, vintage=places.attrs["vintage"])]
    return {
        **made,
        "places": drawn,
        "classes": [*({"fill": f, "hatch": False} for f in fills), {"fill": "", "hatch": True}],
        "legends": [
            {"title": title, "rule": rule, "items": [*items, *undefined_item(missing, why, lang)]}
        ],
    }


def _fills(labels: Mapping[str, str], colours: Mapping[str, str]) -> list[str]:
    """Return a colour for each category: the one given, else the next that is free."""
    free = iter(_free(colours))
    return [colours[key].lower() if key in colours else next(free) for key in labels]


def _free(colours: Mapping[str, str]) -> list[str]:
    """Return the colours that none of the given ones is."""
    taken = {str(colour).lower() for colour in colours.values()}
    return [one for one in COLOURS if one not in taken]


def _remarks(notes: pd.Series | None, places: gpd.GeoDataFrame) -> list[list[str]]:
    if notes is None:
        return [[] for _ in places.index]
    return [
        [] if pd.isna(one) or not str(one) else [str(one)] for one in notes.reindex(places.index)
    ]


def _check(
    categories: pd.Series,
    places: gpd.GeoDataFrame,
    labels: Mapping[str, str],
    colours: Mapping[str, str],
    notes: pd.Series | None,
) -> None:
    """Raise an InputError that names all that does not fit together."""
    findings = Findings()
    for what, series in (("categories", categories), ("notes", notes)):
        if series is not None:
            require_unique(series.index, what)
            findings += unknown_places(series.index, places, what)
    listed = (
        f"现有的类别：{'、'.join(map(str, labels))}",
        f"Categories: {', '.join(map(str, labels))}",
    )
    for key in (one for one in pd.unique(categories.dropna()) if one not in labels):
        said = ("这个类别没有名称", "this category has no label")
        findings.append(_wrong("E-MAP-07", "labels", key, said, listed))
    for key, colour in colours.items():
        if key not in labels:
            said = ("没有这个类别", "there is no such category")
            findings.append(_wrong("E-MAP-07", "colours", key, said, listed))
        elif not isinstance(colour, str) or not _COLOUR.fullmatch(colour):
            said = ("不是颜色", "not a colour")
            fix = ("请写成 #rrggbb", "Write it as #rrggbb")
            findings.append(_wrong("E-MAP-08", "colours", f"{key}: {colour}", said, fix))
    bare = [key for key in labels if key not in colours]
    if len(bare) > len(_free(colours)):
        said = ("类别太多，颜色无法分辨", "too many categories to tell apart by colour")
        fix = (
            f"请合并到 {len(COLOURS)} 类以内，或给出每一类的 colours",
            f"Merge them to {len(COLOURS)} at most, or give all of them colours",
        )
        findings.append(_wrong("E-MAP-09", "labels", len(labels), said, fix))
    findings.stop()


def _wrong(
    code: str, column: str, value: Any, said: tuple[str, str], fix: tuple[str, str]
) -> Finding:
    return Finding(
        code=code,
        column=column,
        value=str(value),
        reason=said[0],
        reason_en=said[1],
        fix=fix[0],
        fix_en=fix[1],
    )
