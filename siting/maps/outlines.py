"""Outlines for the screen: shared borders kept, figures small, for display and never for measure."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from siting import crs
from siting.cartography import simplified, small_places

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

    Notes
    -----
    Bends finer than 1/4000 of the map's extent are dropped: about 30 m for Shanghai, 8 m for
    Jiading.
    """
    metric = crs.to_metric(places[["geometry"]])
    shapes = simplified(metric, _DETAIL)
    back = crs.to_wgs84(gpd.GeoSeries(shapes, index=metric.index, crs=metric.crs))
    return [_polygons(shape) for shape in back]


def bounds(places: gpd.GeoDataFrame) -> list[list[float]]:
    """Return ``[[south, west], [north, east]]`` of the places [degrees]."""
    west, south, east, north = (round(float(v), 5) for v in places.total_bounds)
    return [[south, west], [north, east]]


def inset(places: gpd.GeoDataFrame) -> list[list[float]] | None:
    """Return the bounds of the small places that deserve an enlargement, or None."""
    small = small_places(crs.to_metric(places[["geometry"]]).geometry.to_numpy())
    return bounds(places.iloc[small]) if small else None


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
