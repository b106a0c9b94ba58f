"""The ground of a printed map: places in metres, and the view that puts metres on the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from siting import crs, geodata
from siting.cartography import check_ground, label_points, names, simplified
from siting.figures.page import Box
from siting.schema import Lang

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
    check_ground(places)
    metric = crs.to_metric(places[["geometry"]])
    shapes = list(simplified(metric, _SMALL if small else _FULL))
    spots = crs.to_metric(label_points(places))
    points = [(float(spot.x), float(spot.y)) for spot in spots]
    return Ground(list(places.index), names(places, lang), shapes, points)


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
