"""
Fill label_lon and label_lat of the tables: for each place the point farthest from its borders.

It is the centre of the largest circle inside the largest part, so that a label lies within its
place whatever the shape. Usage::

    python geodata/build_labels.py
"""

from __future__ import annotations

import csv
from pathlib import Path

import geopandas as gpd
import shapely

from siting.crs import to_metric, to_wgs84

HERE = Path(__file__).parent
TOLERANCE_M = 10.0
LAYERS = {
    ("districts.csv", ""): "districts.geojson",
    ("towns.csv", "2023"): "jiading_units_2023.geojson",
    ("towns.csv", "2026"): "jiading_units_2026.geojson",
}


def label_points(layer: Path) -> dict[str, tuple[str, str]]:
    """Return longitude and latitude [deg, five decimals] by place_id."""
    frame = to_metric(gpd.read_file(layer).set_index("place_id"))
    largest = [
        max(shapely.get_parts(shape), key=shapely.area) for shape in frame.geometry.to_numpy()
    ]
    circles = shapely.maximum_inscribed_circle(largest, tolerance=TOLERANCE_M)
    centres = gpd.GeoSeries(shapely.get_point(circles, 0), index=frame.index, crs=frame.crs)
    return {key: (f"{p.x:.5f}", f"{p.y:.5f}") for key, p in to_wgs84(centres).items()}


def main() -> None:
    """Rewrite the tables in place."""
    for name in sorted({table for table, _ in LAYERS}):
        where = HERE / "tables" / name
        with where.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for (table, vintage), layer in LAYERS.items():
            if table != name or not (HERE / layer).exists():
                continue
            points = label_points(HERE / layer)
            for row in rows:
                if row.get("vintage", "") == vintage:
                    row["label_lon"], row["label_lat"] = points[row["place_id"]]
        with where.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        print(f"labels in {where}")


if __name__ == "__main__":
    main()
