"""The ground of a printed map: places in metres, and the view that puts metres on the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from siting import crs, geodata
from siting.errors import Finding, Findings
from siting.figures.page import Box
from siting.figures.words import word
from siting.schema import Lang, require_columns, require_unique

_FULL, _SMALL = 4000, 1500  # bends finer than this part of the extent are not seen in print
_DISTRICTS = "districts.geojson"


@dataclass(frozen=True)
class Ground:
    """Places to draw: ids, names, outlines and label points in `siting.crs.METRIC` [m]."""

    keys: list[Any]
    names: list[str]
    shapes: list[BaseGeometry]
    points: list[tuple[float, float]]

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north [m]."""
        west, south, east, north = shapely.total_bounds(self.shapes)
        return float(west), float(south), float(east), float(north)


@dataclass(frozen=True)
class View:
    """A part of the ground in a frame of the page: `scale` points per metre, centres together."""

    frame: Box
    scale: float
    centre: tuple[float, float]

    def __call__(self, shape: BaseGeometry) -> BaseGeometry:
        """Return a geometry in metres as points of the page."""
        middle = (self.frame.x + self.frame.width / 2, self.frame.y + self.frame.height / 2)
        return shapely.transform(
            shape, lambda xy: (xy - np.array(self.centre)) * self.scale + np.array(middle)
        )

    def clip(self, shape: BaseGeometry) -> BaseGeometry:
        """Return a geometry on the page, cut at the frame."""
        f = self.frame
        return shapely.clip_by_rect(self(shape), f.x, f.y, f.right, f.top)

    def at(self, point: tuple[float, float]) -> tuple[float, float]:
        """Return a point in metres as a point of the page."""
        moved = self(shapely.Point(point))
        return moved.x, moved.y


def view(frame: Box, bounds: tuple[float, float, float, float], *, pad: float = 6.0) -> View:
    """
    Return the view that fits `bounds` [m] into `frame` [pt] with `pad` to spare.

    Examples
    --------
    100 km in 100 points:

    >>> view(Box(0, 0, 112, 512), (0, 0, 100_000, 100_000)).scale
    0.001
    """
    west, south, east, north = bounds
    scale = min(
        (frame.width - 2 * pad) / max(east - west, 1.0),
        (frame.height - 2 * pad) / max(north - south, 1.0),
    )
    return View(frame, scale, ((west + east) / 2, (south + north) / 2))


def ground(places: gpd.GeoDataFrame, *, lang: Lang, small: bool = False) -> Ground:
    """Return places ready to draw, for a `small` map if so, or raise InputError for what is not."""
    require_columns(places, ("name_zh", "geometry"), "places")
    require_unique(places.index, "places")
    _check(places)
    metric = crs.to_metric(places[["geometry"]])
    shapes = metric.geometry.to_numpy()
    west, south, east, north = metric.total_bounds
    fine = max(east - west, north - south) / (_SMALL if small else _FULL)
    if shapely.coverage_is_valid(shapes):
        shapes = shapely.coverage_simplify(shapes, fine)
    else:
        shapes = shapely.simplify(shapes, fine)
    return Ground(
        list(places.index), names(places, lang), list(shapes), _label_points(places, shapes)
    )


def names(frame: pd.DataFrame, lang: Lang) -> list[str]:
    """Return the names in `lang`; where there is none, the Chinese name."""
    chinese = [str(name) for name in frame["name_zh"]]
    if lang == "zh" or "name_en" not in frame.columns:
        return chinese
    return [
        zh if pd.isna(en) or not str(en).strip() else str(en)
        for zh, en in zip(chinese, frame["name_en"], strict=True)
    ]


def enlarged(land: Ground) -> list[int]:
    """
    Return which places deserve an enlargement, or none.

    As on the interactive maps: three or more that each cover less than 1.2 % of the whole and lie
    at least two and a half times closer together than the whole map is wide.
    """
    areas = shapely.area(land.shapes)
    small = [i for i, area in enumerate(areas) if area < 0.012 * areas.sum()]
    if len(small) < 3:
        return []
    west, south, east, north = land.bounds
    part = shapely.total_bounds([land.shapes[i] for i in small])
    close = max(part[2] - part[0], part[3] - part[1]) * 2.5 <= max(east - west, north - south)
    return small if close else []


def parent(places: gpd.GeoDataFrame, *, lang: Lang) -> tuple[Ground, int, str] | None:
    """Return the bundled districts, which of them the towns lie in, and its name; or None."""
    if places.attrs.get("level") != "town" or "parent_id" not in places.columns:
        return None
    parents = places["parent_id"].dropna().astype(str).unique()
    if len(parents) != 1:
        return None
    around = gpd.read_file(geodata.path(_DISTRICTS)).set_index("place_id")
    if parents[0] not in around.index:
        return None
    land = ground(around, lang=lang, small=True)
    which = land.keys.index(parents[0])
    return land, which, land.names[which]


def source_notes(places: gpd.GeoDataFrame, *, lang: Lang, source: str = "") -> list[str]:
    """Return what a map has to say of its places: notes, generalised borders, and sources."""
    attrs = places.attrs
    files = [str(name) for name in attrs.get("sources", ())]
    known = set(geodata.register()["file"]) if files else set()
    if "findings" in attrs:  # the user's own file comes first, whatever it is called
        known -= set(files[:1])
    texts = [geodata.attribution([f for f in files if f in known], lang)] if files else []
    texts += [name for name in files if name not in known]
    told = [str(note) for note in listed(attrs.get(f"notes_{lang}", ()))]
    if attrs.get("generalised"):
        told.append(word("generalised", lang))
    if source:
        told.append(word("numbers", lang, sources=source))
    sources = word("pause", lang).join(t for t in texts if t) or word("no_source", lang)
    return [*told, word("sources", lang, sources=sources)]


def vintage(places: gpd.GeoDataFrame, *, lang: Lang) -> str:
    """Return the words for the year of the units, empty where it is not known."""
    year = places.attrs.get("vintage")
    return "" if year is None else word("vintage", lang, vintage=year)


def listed(value: Any) -> list[Any]:
    """Return a list of what is one text, several, or nothing."""
    return [value] if isinstance(value, str) else list(value or ())


def reasons(values: pd.Series, places: gpd.GeoDataFrame, lang: Lang) -> list[str]:
    """Return for each place why it has no value, if the measure said so."""
    told = values.attrs.get("undefined", {})
    none = word("no_value", lang)
    if not isinstance(told, Mapping):
        return [str(told) if told else none for _ in places.index]
    return [said(told.get(key), lang) or none for key in places.index]


def said(reason: Any, lang: Lang) -> str:
    """Return a reason in `lang`: a pair of Chinese and English, or one text."""
    if isinstance(reason, tuple) and len(reason) == 2:
        return str(reason[lang == "en"])
    return "" if reason is None else str(reason)


def _label_points(places: gpd.GeoDataFrame, shapes: Any) -> list[tuple[float, float]]:
    """Return where each name goes: the label columns, or a point within."""
    inside = [shape.representative_point() for shape in shapes]
    points = [(point.x, point.y) for point in inside]
    if not {"label_lon", "label_lat"} <= set(places.columns):
        return points
    lon = places["label_lon"].to_numpy(dtype="float64", na_value=np.nan)
    lat = places["label_lat"].to_numpy(dtype="float64", na_value=np.nan)
    given = np.isfinite(lon) & np.isfinite(lat)
    spots = gpd.GeoSeries(gpd.points_from_xy(lon[given], lat[given]), crs=crs.WGS84)
    moved = iter(crs.to_metric(spots))
    for i in np.flatnonzero(given):
        spot = next(moved)
        points[i] = (spot.x, spot.y)
    return points


def _check(places: gpd.GeoDataFrame) -> None:
    """Raise an InputError that names every place without a polygon."""
    kinds = ("Polygon", "MultiPolygon")
    findings = Findings(
        Finding(
            code="E-FIG-04",
            sheet="places",
            column="geometry",
            value=str(key),
            reason="没有面状边界，无法上图",
            reason_en="has no polygon and cannot be drawn",
            fix="请为它补上边界，或先把它去掉",
            fix_en="Give it a polygon, or leave it out",
        )
        for key, shape in places.geometry.items()
        if shape is None or shape.is_empty or shape.geom_type not in kinds
    )
    if places.empty:
        findings.append(
            Finding(
                code="E-FIG-04",
                sheet="places",
                reason="没有任何地区可画",
                reason_en="no place to draw",
                fix="请给出至少一个带边界的地区",
                fix_en="Give at least one place with a polygon",
            )
        )
    findings.stop()
