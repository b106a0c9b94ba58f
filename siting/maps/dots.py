"""What a map of points shows, as plain data: thousands of firms or parks over the outlines of places."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from siting.cartography import check_ground, names, sketch
from siting.colours import CATEGORIES, NEUTRAL, plan_signs
from siting.errors import Finding, Findings
from siting.escape import safe_json
from siting.maps.scene import Scene, drawn_places, sheet
from siting.maps.words import word
from siting.schema import Lang, require_columns

ROOM = 7_000_000  # bytes that names may take: with 100,000 positions a page stays below 10 MB
OTHERS = "#6b7680"  # of what has no colour of its own
_STEP = 1e5


def dot_scene(
    points: pd.DataFrame,
    places: gpd.GeoDataFrame,
    *,
    title: str,
    by: str | None,
    clusters: pd.DataFrame | None,
    name: str | None,
    lang: Lang,
    source: str,
) -> Scene:
    """Return the scene of points coloured by a column: clusters, or its most frequent values."""
    check_ground(places)
    wanted = [column for column in (by, name) if column is not None]
    require_columns(points, ("lon", "lat", *wanted), "points")
    _check(points)
    kinds, labels, colours = _kinds(points, by, clusters, lang)
    drawn = drawn_places(places, lang=lang)
    for place in drawn:
        place["card"] = {"head": place["name"], "sub": "", "rows": []}
    items = [
        {
            "fill": colour,
            "label": word("counted", lang, text=label, count=f"{(kinds == i).sum():,}"),
            "dot": i,
        }
        for i, (colour, label) in enumerate(zip(colours, labels, strict=True))
    ]
    heading = word("clusters", lang) if clusters is not None else by or word("dots", lang)
    called = [] if name is None else _names(points[name])
    made = sheet(places, lang=lang, title=sketch(title, lang), source=source)
    made["words"]["grid"] = word("grid", lang)
    made["words"]["grid_rule"] = word("grid_rule", lang, size="{size}")
    if name is not None:
        made["words"]["search"] = word("search_points" if called else "search_crowd", lang)
    return {
        **made,
        "inset": None,
        "places": drawn,
        "classes": [{"fill": NEUTRAL, "hatch": False}],
        "dots": {
            "steps": _steps(points),
            "kinds": kinds.tolist(),
            "colours": colours,
            "labels": labels,
            "names": called,
        },
        "legends": [{"title": heading, "rule": word("dots_rule", lang), "items": items}],
    }


def _check(points: pd.DataFrame) -> None:
    """Raise an InputError that names each point that cannot be drawn."""
    findings = Findings()
    for column, most in (("lon", 180.0), ("lat", 90.0)):
        numbers = pd.to_numeric(points[column], errors="coerce").astype("float64")
        bad = ~(numbers.abs() <= most)
        findings += [
            Finding(
                code="E-MAP-10",
                sheet="points",
                column=column,
                value=f"{key}: {value}",
                reason="不是经纬度",
                reason_en="not a coordinate in degrees",
                fix="请先用 siting.points.read_points 读表，它会列出坐标有误的行",
                fix_en="Read the table with siting.points.read_points, which lists such rows",
            )
            for key, value in points.loc[bad, column].items()
        ]
    findings.stop()


def _kinds(
    points: pd.DataFrame, by: str | None, clusters: pd.DataFrame | None, lang: Lang
) -> tuple[Any, list[str], list[str]]:
    """
    Return the category of each point as a number, and label and colour of each category.

    Clusters come in their order and in their colours, what else there is after them in grey;
    without `clusters` the most frequent comes first, and grey is what lies beyond the eighth.
    """
    if by is None:
        return np.zeros(len(points), dtype="int64"), [word("dots", lang)], [CATEGORIES[0]]
    texts = points[by].astype("object").where(points[by].notna(), word("no_kind", lang)).astype(str)
    first: list[str] = []
    own = list(CATEGORIES)
    if clusters is not None:
        first = names(clusters, lang)
        own = [sign.colour for sign in plan_signs(clusters, first)]
        said = [clusters.index, *(clusters[c] for c in ("name_zh", "name_en") if c in clusters)]
        texts = texts.replace(
            {str(k): n for keys in said for k, n in zip(keys, first, strict=True)}
        )
    counts = texts.value_counts()
    rest = sorted(counts.index.difference(first), key=lambda one: (-counts[one], one))
    ordered = [*first, *rest]
    place = {text: i for i, text in enumerate(ordered)}
    colours = [*own[: len(ordered)], *[OTHERS] * (len(ordered) - len(own))]
    return texts.map(place).to_numpy(dtype="int64"), ordered, colours


def _names(names: pd.Series) -> list[str]:
    """Return the name of each point, or nothing where all would make the page too large."""
    called = ["" if pd.isna(one) else str(one) for one in names]
    fit = sum(map(len, called)) < ROOM and len(safe_json(called).encode()) < ROOM
    return called if fit else []


def _steps(points: pd.DataFrame) -> list[int]:
    """Return the points as steps of a hundred-thousandth of a degree, each from the one before."""
    at = np.rint(points[["lon", "lat"]].to_numpy(dtype="float64") * _STEP).astype("int64")
    return np.diff(at, axis=0, prepend=np.zeros((1, 2), dtype="int64")).ravel().tolist()
