"""Polygons that share their borders exactly: how they are noded, put in order and written."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

GRID_DEG = 1e-6  # coordinates have six decimals: 0.1 m
DECIMALS = 6


def faces(lines: Iterable[BaseGeometry]) -> np.ndarray:
    """
    Node all `lines` with one another on the six-decimal grid and return the faces they enclose.

    Snap rounding puts every crossing on the grid once, so that faces on the two sides of a border
    get the same vertices; intersecting polygon by polygon would give each side its own.
    """
    noded = shapely.union_all(np.array(list(lines)), grid_size=GRID_DEG)
    return shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))


def fail(message: str) -> NoReturn:
    """End the build with a message."""
    raise SystemExit(message)


def dissolve(parts: Iterable[BaseGeometry]) -> BaseGeometry:
    """Return the union of faces of one noding, without adding or moving a vertex."""
    return ordered(shapely.coverage_union_all(np.array(list(parts))))


def ordered(geometry: BaseGeometry) -> BaseGeometry:
    """Return `geometry` with rings and parts in one fixed order, exteriors counter-clockwise."""
    parts = shapely.get_parts(shapely.normalize(geometry))
    turned = [shapely.orient_polygons(part) for part in parts]
    return turned[0] if len(turned) == 1 else shapely.multipolygons(turned)


def _rounded(coordinates: Any) -> Any:
    if isinstance(coordinates, float):
        return round(coordinates, DECIMALS)
    return [_rounded(item) for item in coordinates]


def write_features(path: Path, rows: Iterable[tuple[dict[str, str], BaseGeometry]]) -> None:
    """Write GeoJSON (RFC 7946, WGS-84), a feature per line, the same bytes for the same input."""
    lines = []
    for properties, geometry in rows:
        shape = mapping(geometry)
        feature = {
            "type": "Feature",
            "properties": properties,
            "geometry": {"type": shape["type"], "coordinates": _rounded(shape["coordinates"])},
        }
        lines.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    body = ",\n".join(lines)
    text = f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n'
    path.write_text(text, encoding="utf-8", newline="\n")
