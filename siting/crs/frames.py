"""Convert coordinates and geometries between WGS-84, CGCS2000, GCJ-02 and BD-09."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from siting.crs.gcj import Floats, shifted
from siting.errors import stop
from siting.schema import check_choice

FRAMES = ("wgs84", "cgcs2000", "gcj02", "bd09")


def convert(lon: Any, lat: Any, *, source: str, target: str) -> tuple[Any, Any]:
    """
    Convert longitudes and latitudes from one frame to another.

    Parameters
    ----------
    lon, lat : float, array-like or Series
        Coordinates [deg]: two numbers, or two of the same shape.
    source, target : {"wgs84", "cgcs2000", "gcj02", "bd09"}
        The frame that the coordinates are in, and the one wanted.

    Returns
    -------
    tuple of float, ndarray or Series
        Longitudes and latitudes [deg], in the form of the question.

    Raises
    ------
    InputError
        If a frame has another name; if a value is infinite or no number; if a longitude is outside
        -180..180 or a latitude outside -90..90; if the shapes or the indexes differ.

    Notes
    -----
    GCJ-02 has no published definition; this is the formula in general use, which is within metres
    of what devices do. The inverse solves that formula to 1e-6 m. GCJ-02 and BD-09 apply inside
    China's box (72.004..137.8347 E, 0.8293..55.8271 N, tested in WGS-84) and equal WGS-84 outside
    it; along the edge of the box itself the inverse is not unique. CGCS2000 is taken as WGS-84:
    they differ by less than a metre. A missing coordinate gives a missing pair.

    Examples
    --------
    >>> lon, lat = convert(121.47, 31.23, source="wgs84", target="gcj02")
    >>> round(lon - 121.47, 4), round(lat - 31.23, 4)
    (0.0045, -0.0019)
    >>> convert(-0.1278, 51.5074, source="wgs84", target="gcj02")
    (-0.1278, 51.5074)
    """
    check_choice(source, FRAMES, "source")
    check_choice(target, FRAMES, "target")
    lons, lats = degrees(lon, "lon", 180.0), degrees(lat, "lat", 90.0)
    both = isinstance(lon, pd.Series) and isinstance(lat, pd.Series)
    if lons.shape != lats.shape or (both and not lon.index.equals(lat.index)):
        stop(
            code="E-CRS-03",
            column="lon, lat",
            value=f"{lons.shape} / {lats.shape}",
            reason="经度与纬度的个数或索引不一致",
            reason_en="longitudes and latitudes differ in number or index",
            fix="请成对给出经度和纬度",
            fix_en="Give them in pairs",
        )
    out_lon, out_lat = shifted(lons, lats, source, target)
    return _like(lon, lat, out_lon), _like(lat, lon, out_lat)


def convert_geometry(geometries: Any, *, source: str, target: str) -> Any:
    """
    Convert the vertices of geometries from one frame to another.

    Parameters
    ----------
    geometries : shapely geometry, array-like of them, or GeoSeries
        Coordinates [deg], x east and y north.
    source, target : {"wgs84", "cgcs2000", "gcj02", "bd09"}
        The frame that the coordinates are in, and the one wanted.

    Returns
    -------
    The same kind
        New geometries. A GeoSeries keeps its index and gets EPSG:4326 (WGS-84), EPSG:4490
        (CGCS2000) or no CRS: the other two frames have no code.

    Raises
    ------
    InputError
        As `convert`; or if a GeoSeries has a projected CRS.

    Notes
    -----
    Equal vertices stay equal, so shared borders stay shared. Heights are dropped.

    Examples
    --------
    >>> point = convert_geometry(shapely.Point(121.4737, 31.2304), source="gcj02", target="wgs84")
    >>> back = convert_geometry(point, source="wgs84", target="gcj02")
    >>> round(back.x, 9), round(back.y, 9)
    (121.4737, 31.2304)
    """

    def move(vertices: Floats) -> Floats:
        return np.column_stack(
            convert(vertices[:, 0], vertices[:, 1], source=source, target=target)
        )

    if isinstance(geometries, gpd.GeoSeries):
        if geometries.crs is not None and geometries.crs.is_projected:
            stop(
                code="E-CRS-06",
                value=geometries.crs.name,
                reason="坐标是投影坐标（米），不是经纬度",
                reason_en="the coordinates are projected metres, not degrees",
                fix="请先用 to_wgs84 换成经纬度",
                fix_en="Turn them into degrees with to_wgs84 first",
            )
        epsg = {"wgs84": 4326, "cgcs2000": 4490}.get(target)
        moved = shapely.transform(geometries.to_numpy(), move)
        return gpd.GeoSeries(moved, index=geometries.index, crs=epsg, name=geometries.name)
    if isinstance(geometries, BaseGeometry):
        return shapely.transform(geometries, move)
    return shapely.transform(np.asarray(geometries, dtype=object), move)


def degrees(values: Any, name: str, limit: float) -> Floats:
    """Return `values` as floats, missing ones as NaN; stop at what is no coordinate."""
    try:
        if isinstance(values, pd.Series):
            numbers = values.to_numpy(dtype="float64", na_value=np.nan)
        else:
            numbers = np.asarray(values, dtype="float64")
        bad = numbers[np.isinf(numbers) | (np.abs(numbers) > limit)]
        shown = str(bad.flat[0]) if bad.size else ""
    except (TypeError, ValueError) as error:
        numbers, shown = np.empty(0), str(error)
    if shown:
        stop(
            code="E-CRS-02",
            column=name,
            value=shown,
            reason=f"不是有效的{'经度' if name == 'lon' else '纬度'}",
            reason_en=f"not a {'longitude' if name == 'lon' else 'latitude'}",
            fix=f"应为 -{limit:g} 至 {limit:g} 之间的度数；请检查经纬度是否颠倒",
            fix_en=f"Use degrees from -{limit:g} to {limit:g}; check that the two are not swapped",
        )
    return numbers


def _like(asked: Any, other: Any, answer: Floats) -> Any:
    """Give an answer the form of its question; a Series beside an array lends its index."""
    for one in (asked, other):
        if isinstance(one, pd.Series):
            return pd.Series(answer, index=one.index, name=getattr(asked, "name", None))
    return float(answer) if answer.ndim == 0 else answer
