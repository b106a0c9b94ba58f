"""
Build jiading_units_2023.geojson and jiading_units_2026.geojson from the project's own drawing.

``jiading_borders.csv`` holds the borders between Jiading's units as junctions and bends, each line
once; ``jiading_faces.csv`` names the unit of each face in both vintages. Lines end at one another
or run out over the district outline. There they are cut, and the cut is moved to the nearest vertex
of the outline: the outline of districts.geojson stays as it is, and the units tile it exactly.
Usage::

    python geodata/build_units.py
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from itertools import groupby
from pathlib import Path

import numpy as np
import shapely
from coverage import dissolve, faces, fail, write_features
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from siting.crs import area_km2

HERE = Path(__file__).parent
DISTRICT = "310114"
VINTAGES = ("2023", "2026")
MOVE_M = 150.0  # an end moved further than this is a fault of the drawing, not its coarseness
GEOD = Geod(ellps="WGS84")

Junctions = set[tuple[float, float]]


def read_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a table in this folder."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_outline() -> BaseGeometry:
    """Return the outline of the district; the layer is in the order of place_id."""
    layer = shapely.from_geojson((HERE / "districts.geojson").read_text("utf-8"))
    ids = sorted(row["place_id"] for row in read_rows("tables/districts.csv"))
    return shapely.get_geometry(layer, ids.index(DISTRICT))


def read_borders() -> dict[str, BaseGeometry]:
    """Return the lines by name."""
    rows = sorted(read_rows("jiading_borders.csv"), key=lambda r: (r["line_id"], int(r["seq"])))
    return {
        key: shapely.linestrings([(float(r["lon"]), float(r["lat"])) for r in group])
        for key, group in groupby(rows, key=lambda r: r["line_id"])
    }


def junctions(borders: dict[str, BaseGeometry]) -> Junctions:
    """Return the points at which lines end on one another."""
    ends = Counter(
        tuple(vertex)
        for line in borders.values()
        for vertex in shapely.get_coordinates(line)[[0, -1]].tolist()
    )
    return {point for point, times in ends.items() if times > 1}


def cut(name: str, line: BaseGeometry, joined: Junctions, outline: BaseGeometry) -> BaseGeometry:
    """Return the part of a line inside `outline`, its free ends on vertices of the outline."""
    pieces = shapely.get_parts(shapely.intersection(line, outline))
    vertices = shapely.get_coordinates(max(pieces, key=shapely.length))
    ring = shapely.get_coordinates(outline)
    for end in (0, -1):
        x, y = vertices[end]
        if (x, y) in joined:
            continue
        _, _, metres = GEOD.inv(np.full(len(ring), x), np.full(len(ring), y), *ring.T)
        nearest = int(np.argmin(metres))
        print(f"  {name}: end moved {metres[nearest]:.0f} m along the outline")
        if metres[nearest] > MOVE_M:
            fail(f"{name}: no vertex of the outline within {MOVE_M:.0f} m of its end")
        vertices[end] = ring[nearest]
    moved = shapely.linestrings(vertices)
    if not shapely.covers(outline, moved):
        fail(f"{name}: leaves the district")
    return moved


def named_faces(lines: list[BaseGeometry]) -> tuple[np.ndarray, list[dict[str, str]]]:
    """Return the faces and, in the same order, the row of jiading_faces.csv that names each."""
    rows = read_rows("jiading_faces.csv")
    seeds = shapely.points([(float(r["lon"]), float(r["lat"])) for r in rows])
    found = faces(lines)
    face, seed = shapely.STRtree(seeds).query(found, predicate="contains")
    for i in range(len(found)):
        names = [rows[s]["face"] for s in seed[face == i]]
        if len(names) != 1:
            place = shapely.point_on_surface(found[i]).wkt
            size = area_km2(found[i]).iloc[0]
            fail(f"face of {size:.4f} km2 at {place} has the seeds {names}, not one")
    if len(found) != len(rows):
        fail(f"{len(rows)} seeds, {len(found)} faces")
    return found[face], [rows[s] for s in seed]


def main() -> None:
    """Build both files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--out", type=Path, default=HERE, help="folder to write to")
    out = parser.parse_args().out
    outline, borders = read_outline(), read_borders()
    joined = junctions(borders)
    lines = [cut(name, line, joined, outline) for name, line in borders.items()]
    shapes, rows = named_faces([outline.boundary, *lines])
    for vintage in VINTAGES:
        towns = [row for row in read_rows("tables/towns.csv") if row["vintage"] == vintage]
        units = []
        for town in sorted(towns, key=lambda row: row["place_id"]):
            mine = [row[f"unit_{vintage}"] == town["name_zh"] for row in rows]
            if not any(mine):
                fail(f"{town['name_zh']}: no face in {vintage}")
            properties = {k: town[k] for k in ("place_id", "name_zh", "name_en", "kind")}
            units.append((properties, dissolve(shapes[mine])))
        write_features(out / f"jiading_units_{vintage}.geojson", units)
        areas = area_km2([shape for _, shape in units])
        print(f"{vintage}: {len(units)} units, {areas.sum():.3f} km2")


if __name__ == "__main__":
    main()
