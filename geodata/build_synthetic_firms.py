"""
Build tables/synthetic_firms.csv: a made-up sample of firms for trying out and for examples.

No row is a real firm. Jiading's employment by unit (tables/jiading_employment_2023.csv) is taken at
one hundredth, each unit gets firms in proportion, the headcounts of a unit add up to its share
exactly, and the points lie anywhere within the unit. Sectors are drawn at random from the clusters
of the district's plan, so that they say nothing of where an industry is. Usage::

    python geodata/build_synthetic_firms.py
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import shapely

HERE = Path(__file__).parent
FIRMS, SCALE, SEED = 600, 100, 20231231
SAID = "合成数据，非真实企业 SYNTHETIC, not a real firm"
COLUMNS = ("编号", "企业名称", "所属集群（合成）", "从业人数", "经度", "纬度", "街镇", "说明")


def read_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a table in this folder."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def allotted(total: int, shares: np.ndarray) -> np.ndarray:
    """Return whole numbers in proportion to `shares` that add up to `total`, by largest remainder."""
    exact = total * shares / shares.sum()
    whole = np.floor(exact).astype(int)
    whole[np.argsort(whole - exact, kind="stable")[: total - whole.sum()]] += 1
    return whole


def points_within(shape: shapely.Geometry, count: int, random: np.random.Generator) -> np.ndarray:
    """Return points at random within a polygon [deg, five decimals]."""
    west, south, east, north = shape.bounds
    found = np.empty((0, 2))
    while len(found) < count:
        tried = np.round(random.uniform((west, south), (east, north), (4 * count, 2)), 5)
        found = np.vstack([found, tried[shapely.contains_xy(shape, tried[:, 0], tried[:, 1])]])
    return found[:count]


def firms() -> list[dict[str, object]]:
    """Return the sample, unit by unit."""
    random = np.random.default_rng(SEED)
    units = sorted(read_rows("tables/jiading_employment_2023.csv"), key=lambda r: r["place_id"])
    layer = shapely.from_geojson((HERE / "jiading_units_2023.geojson").read_text("utf-8"))
    shapes = dict(zip([u["place_id"] for u in units], shapely.get_parts(layer), strict=True))
    clusters = [row["cluster_id"] for row in read_rows("plans/jiading-2023/clusters.csv")]
    counts = allotted(FIRMS, np.array([float(unit["employment"]) for unit in units]))
    rows: list[dict[str, object]] = []
    for unit, count in zip(units, counts, strict=True):
        # Sizes of firms are skewed: many small ones and a few large, each with one person at least.
        size = random.lognormal(mean=0.0, sigma=1.2, size=count)
        staff = 1 + allotted(round(float(unit["employment"]) / SCALE) - count, size)
        where = points_within(shapes[unit["place_id"]], int(count), random)
        sectors = random.choice(clusters, size=count)
        for (lon, lat), people, sector in zip(where.tolist(), staff, sectors, strict=True):
            number = len(rows) + 1
            cells = (
                f"SYN{number:04}",
                f"合成样本企业{number:04}（SYNTHETIC）",
                str(sector),
                int(people),
                f"{lon:.5f}",
                f"{lat:.5f}",
                unit["name_zh"],
                SAID,
            )
            rows.append(dict(zip(COLUMNS, cells, strict=True)))
    return rows


def main() -> None:
    """Write the table."""
    where = HERE / "tables" / "synthetic_firms.csv"
    rows = firms()
    with where.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{len(rows)} made-up firms in {where}")


if __name__ == "__main__":
    main()
