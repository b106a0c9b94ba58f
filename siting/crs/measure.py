"""Metres and areas: the one projection that siting measures in, and areas on the ellipsoid."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS, Geod
from shapely.geometry.base import BaseGeometry

from siting.crs.frames import degrees
from siting.errors import stop

WGS84 = CRS.from_epsg(4326)
METRIC = CRS.from_proj4("+proj=laea +lat_0=31.23 +lon_0=121.47 +datum=WGS84 +units=m +no_defs")

_GEOD = Geod(ellps="WGS84")
_POLYGON = 3  # the type id of shapely


def area_km2(geometries: Any) -> pd.Series:
    """
    Return areas on the WGS-84 ellipsoid.

    Parameters
    ----------
    geometries : GeoSeries, GeoDataFrame, shapely geometry or array-like of them
        Without a CRS the coordinates are degrees; a projected CRS is turned back to degrees first.

    Returns
    -------
    Series
        Areas [km2], with the index of the question. Points, lines and empty geometries have 0,
        missing ones NaN.

    Raises
    ------
    InputError
        If a coordinate is no longitude or latitude.

    Notes
    -----
    Rings may run either way; holes are taken off and parts added up. Edges are geodesics.

    References
    ----------
    C. F. F. Karney, Algorithms for geodesics, J. Geodesy 87 (2013), section 6.

    Examples
    --------
    One degree by one degree at the equator is 110.57 km by 111.32 km:

    >>> area_km2([shapely.box(0, 0, 1, 1)]).round(0).tolist()
    [12309.0]
    """
    if isinstance(geometries, gpd.GeoDataFrame):
        geometries = geometries.geometry
    if isinstance(geometries, BaseGeometry):
        geometries = [geometries]
    series = gpd.GeoSeries(geometries)  # a Series keeps its index
    if series.crs is not None and series.crs.is_projected:
        series = series.to_crs(WGS84)
    values = series.to_numpy()
    vertices = shapely.get_coordinates(values)
    degrees(vertices[:, 0], "lon", 180.0)
    degrees(vertices[:, 1], "lat", 90.0)
    areas = [np.nan if shape is None else _area_m2(shape) / 1e6 for shape in values]
    return pd.Series(areas, index=series.index, name="area_km2", dtype="float64")


def to_metric(frame: Any) -> Any:
    """
    Project a GeoSeries or GeoDataFrame to `METRIC`.

    Parameters
    ----------
    frame : GeoSeries or GeoDataFrame
        With a CRS.

    Returns
    -------
    The same kind
        In metres [m], index kept. `METRIC` is a Lambert azimuthal equal-area projection centred on
        31.23 N, 121.47 E: areas are true, and lengths within Shanghai are true to 1 in 10 000.

    Raises
    ------
    InputError
        If the CRS is missing, or a coordinate cannot be projected.

    Examples
    --------
    >>> centre = gpd.GeoSeries([shapely.Point(121.47, 31.23)], crs=4326)
    >>> to_metric(centre).distance(shapely.Point(0, 0)).round(6).tolist()
    [0.0]
    """
    return _reproject(frame, METRIC)


def to_wgs84(frame: Any) -> Any:
    """
    Turn a GeoSeries or GeoDataFrame into longitudes and latitudes, EPSG:4326.

    Parameters
    ----------
    frame : GeoSeries or GeoDataFrame
        With a CRS.

    Returns
    -------
    The same kind
        Coordinates [deg], index kept; errors as `to_metric`.

    Examples
    --------
    >>> to_wgs84(gpd.GeoSeries([shapely.Point(0, 0)], crs=METRIC)).x.round(6).tolist()
    [121.47]
    """
    return _reproject(frame, WGS84)


def _reproject(frame: Any, crs: CRS) -> Any:
    if frame.crs is None:
        stop(
            code="E-CRS-04",
            reason="缺少坐标系",
            reason_en="no CRS is set",
            fix="请先声明坐标系，例如 set_crs(4326)",
            fix_en="Declare it first, for example set_crs(4326)",
        )
    answer = frame.to_crs(crs)
    reached = np.isfinite(shapely.get_coordinates(answer.geometry.to_numpy())).all(axis=1)
    bad = shapely.get_coordinates(frame.geometry.to_numpy())[~reached]  # PROJ made these inf
    if len(bad):
        stop(
            code="E-CRS-05",
            value=f"{bad[0][0]}, {bad[0][1]}",
            reason="坐标无法换算",
            reason_en="a coordinate cannot be projected",
            fix="请检查坐标系声明与坐标值是否一致",
            fix_en="Check that the declared CRS is the one of the coordinates",
        )
    return answer


def _area_m2(shape: BaseGeometry) -> float:
    parts = shapely.get_parts(shapely.get_parts(shape))  # twice, for collections of multiparts
    polygons = shapely.orient_polygons(parts[shapely.get_type_id(parts) == _POLYGON])
    return sum(_GEOD.geometry_area_perimeter(one)[0] for one in polygons if not one.is_empty)
