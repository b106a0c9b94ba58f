"""The ground of a map: which places it has, what they are called, and outlines as fine as is seen."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from siting import crs
from siting.errors import Finding, Findings
from siting.schema import Lang, require_columns, require_unique

_KINDS = ("Polygon", "MultiPolygon")
_SMALL = 0.012  # share of the whole below which a place is small
_CLOSER = 2.5  # times closer together than the whole is wide, for an enlargement


def check_ground(places: gpd.GeoDataFrame) -> None:
    """
    Stop if a frame cannot be a map of places: names, one row per id, a polygon each.

    Raises
    ------
    InputError
        With a finding for each place without a polygon, or for a frame without places.
    """
    require_columns(places, ("name_zh", "geometry"), "places")
    require_unique(places.index, "places")
    findings = Findings(
        Finding(
            code="E-MAP-01",
            sheet="places",
            column="geometry",
            value=str(key),
            reason="没有面状边界，无法上图",
            reason_en="has no polygon and cannot be drawn",
            fix="请为它补上边界，或先把它去掉",
            fix_en="Give it a polygon, or leave it out",
        )
        for key, shape in places.geometry.items()
        if shape is None or shape.is_empty or shape.geom_type not in _KINDS
    )
    if places.empty:
        findings.append(
            Finding(
                code="E-MAP-02",
                sheet="places",
                reason="没有任何地区可画",
                reason_en="no place to draw",
                fix="请给出至少一个带边界的地区",
                fix_en="Give at least one place with a polygon",
            )
        )
    findings.stop()


def names(frame: pd.DataFrame, lang: Lang) -> list[str]:
    """
    Return the names in `lang`; where there is none, the Chinese name.

    Examples
    --------
    >>> names(pd.DataFrame({"name_zh": ["甲", "乙"], "name_en": ["A", None]}), "en")
    ['A', '乙']
    """
    chinese = [str(name) for name in frame["name_zh"]]
    if lang == "zh" or "name_en" not in frame.columns:
        return chinese
    return [
        zh if pd.isna(en) or not str(en).strip() else str(en)
        for zh, en in zip(chinese, frame["name_en"], strict=True)
    ]


def simplified(metric: gpd.GeoDataFrame, detail: int) -> npt.NDArray[np.object_]:
    """
    Return the outlines [m] without bends finer than 1/`detail` of the extent, for display only.

    Neighbours are simplified together, so that borders stay shared. Places that overlap or gape in
    the first place cannot be treated together and are simplified one by one.
    """
    shapes = metric.geometry.to_numpy()
    west, south, east, north = metric.total_bounds
    tolerance = max(east - west, north - south) / detail
    if shapely.coverage_is_valid(shapes):
        return np.asarray(shapely.coverage_simplify(shapes, tolerance))
    return np.asarray(shapely.simplify(shapes, tolerance))


def label_points(places: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Return where each place's name goes [degrees]: its label columns, or a point within."""
    inside = crs.to_wgs84(places.geometry.representative_point())
    lon, lat = inside.x.to_numpy(), inside.y.to_numpy()
    if {"label_lon", "label_lat"} <= set(places.columns):
        given = places[["label_lon", "label_lat"]].to_numpy(dtype="float64", na_value=np.nan)
        known = np.isfinite(given).all(axis=1)
        lon, lat = np.where(known, given[:, 0], lon), np.where(known, given[:, 1], lat)
    return gpd.GeoSeries(gpd.points_from_xy(lon, lat), index=places.index, crs=crs.WGS84)


def small_places(shapes: npt.ArrayLike) -> list[int]:
    """
    Return which of the outlines [m] deserve an enlargement together, or none.

    Three or more places that each cover less than 1.2 % of the whole and lie close together (at
    least two and a half times closer than the whole map is wide) get one.
    """
    parts = np.asarray(shapes)
    areas = shapely.area(parts)
    small = np.flatnonzero(areas < _SMALL * areas.sum())
    if len(small) < 3:
        return []
    whole, part = shapely.total_bounds(parts), shapely.total_bounds(parts[small])
    close = max(part[2:] - part[:2]) * _CLOSER <= max(whole[2:] - whole[:2])
    return [int(i) for i in small] if close else []
