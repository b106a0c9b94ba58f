"""Outlines for the screen: shared borders kept, figures small, for display and never for measure."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from siting import crs
from siting.errors import Finding, Findings

Rings = list[list[list[int]]]
STEP = 1e5  # a degree in units of the written figures: 0.00001 degrees are about 1 m
_DETAIL = 4000  # a screen shows some thousand dots across; finer bends only make the file long


def outlines(places: gpd.GeoDataFrame) -> list[Rings]:
    """
    Return each place as polygons of rings of whole numbers, ready to be written as JSON.

    Parameters
    ----------
    places
        Polygons in EPSG:4326 [degrees].

    Returns
    -------
    outlines
        Per place, per polygon, per ring (outer first): ``[lon, lat, dlon, dlat, ...]``, the first
        vertex and then the step to each next one, in 0.00001 degrees; the closing vertex left out.

    Raises
    ------
    InputError
        If a place has no polygon.

    Notes
    -----
    Bends finer than 1/4000 of the map's extent are dropped (about 30 m for Shanghai, 8 m for
    Jiading), for neighbours together, so that borders stay shared. Places that overlap or gape in
    the first place cannot be treated together and are simplified one by one.
    """
    _check(places)
    metric = crs.to_metric(places[["geometry"]])
    shapes = metric.geometry.to_numpy()
    west, south, east, north = metric.total_bounds
    tolerance = max(east - west, north - south) / _DETAIL
    if shapely.coverage_is_valid(shapes):
        shapes = shapely.coverage_simplify(shapes, tolerance)
    else:
        shapes = shapely.simplify(shapes, tolerance)
    back = crs.to_wgs84(gpd.GeoSeries(shapes, index=metric.index, crs=metric.crs))
    return [_polygons(shape) for shape in back]


def bounds(places: gpd.GeoDataFrame) -> list[list[float]]:
    """Return ``[[south, west], [north, east]]`` of the places [degrees]."""
    west, south, east, north = (round(float(v), 5) for v in places.total_bounds)
    return [[south, west], [north, east]]


def label_points(places: gpd.GeoDataFrame) -> list[list[float]]:
    """Return ``[lat, lon]`` where each place's name goes: its label columns, or a point within."""
    inside = places.geometry.representative_point()
    lon, lat = inside.x.to_numpy(), inside.y.to_numpy()
    if {"label_lon", "label_lat"} <= set(places.columns):
        given_lon = places["label_lon"].to_numpy(dtype="float64", na_value=np.nan)
        given_lat = places["label_lat"].to_numpy(dtype="float64", na_value=np.nan)
        lon = np.where(np.isfinite(given_lon), given_lon, lon)
        lat = np.where(np.isfinite(given_lat), given_lat, lat)
    return [[round(float(y), 5), round(float(x), 5)] for x, y in zip(lon, lat, strict=True)]


def inset(places: gpd.GeoDataFrame) -> list[list[float]] | None:
    """
    Return the bounds of the small places that deserve an enlargement, or None.

    Three or more places that each cover less than 1.2 % of the whole and lie close together
    (at least two and a half times closer than the whole map is wide) get one.
    """
    metric = crs.to_metric(places[["geometry"]])
    small = places[(metric.area < 0.012 * metric.area.sum()).to_numpy()]
    if len(small) < 3:
        return None
    whole, part = metric.total_bounds, metric.loc[small.index].total_bounds
    if max(part[2:] - part[:2]) * 2.5 > max(whole[2:] - whole[:2]):
        return None
    return bounds(small)


def _polygons(shape: BaseGeometry) -> Rings:
    """Return the polygons of one place, the largest first, as rings of steps."""
    parts = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon" and not p.is_empty]
    parts.sort(key=lambda part: -part.area)
    rings = []
    for part in parts:
        steps = [_steps(ring) for ring in (part.exterior, *part.interiors)]
        if steps[0]:
            rings.append([step for step in steps if step])
    return rings


def _steps(ring: BaseGeometry) -> list[int]:
    """Return a ring as its first vertex and the steps from each vertex to the next."""
    whole = np.rint(shapely.get_coordinates(ring)[:-1] * STEP).astype("int64")
    moved = np.vstack([whole[:1], np.diff(whole, axis=0)])
    moved = moved[np.r_[True, (moved[1:] != 0).any(axis=1)]]
    return [] if len(moved) < 3 else [int(v) for v in moved.ravel()]


def _check(places: gpd.GeoDataFrame) -> None:
    """Raise an InputError that names every place without a polygon."""
    findings = Findings()
    for key, shape in places.geometry.items():
        if shape is None or shape.is_empty or shape.geom_type not in ("Polygon", "MultiPolygon"):
            findings.append(
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
