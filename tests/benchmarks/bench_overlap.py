"""`overlap.depth` against repeated `geopandas.overlay(how="union")`, same polygons, same areas."""

from __future__ import annotations

import warnings

import geopandas as gpd
import numpy as np
import shapely

from siting.overlap import depth
from tests.benchmarks.measure import Row, median_s

VERTICES = 200


def smooth(rng: np.random.Generator) -> shapely.Polygon:
    """Return a round shape such as a service area: a few waves on a circle."""
    angle = np.linspace(0, 2 * np.pi, VERTICES, endpoint=False)
    waves = [
        rng.uniform(-0.15, 0.15) * np.cos(k * angle + rng.uniform(0, 2 * np.pi))
        for k in range(1, 5)
    ]
    return _placed(angle, 1 + np.sum(waves, axis=0), rng)


def spiky(rng: np.random.Generator) -> shapely.Polygon:
    """Return a star with a random reach at each vertex, which crosses others hundreds of times."""
    angle = 2 * np.pi / VERTICES * (np.arange(VERTICES) + rng.uniform(0, 0.9, VERTICES))
    return _placed(angle, rng.uniform(0.8, 1.2, VERTICES), rng)


def _placed(angle: np.ndarray, reach: np.ndarray, rng: np.random.Generator) -> shapely.Polygon:
    x, y = 3.5e6 + rng.uniform(0, 40_000, 2)
    return shapely.Polygon(
        np.c_[x + 9000 * reach * np.cos(angle), y + 9000 * reach * np.sin(angle)]
    )


def repeated_overlay(shapes: list[shapely.Polygon]) -> gpd.GeoDataFrame:
    """Cut shape after shape into what was cut before: the way the geopandas manual shows."""
    answer = gpd.GeoDataFrame({"m0": [1]}, geometry=shapes[:1], crs=32651)
    for i, shape in enumerate(shapes[1:], 1):
        other = gpd.GeoDataFrame({f"m{i}": [1]}, geometry=[shape], crs=32651)
        answer = gpd.overlay(answer, other, how="union")
    return answer


def rows() -> list[Row]:
    """Measure 25 and 60 smooth polygons, and 25 spiky ones."""
    found = []
    for kind, n, peer_runs in ((smooth, 25, 5), (smooth, 60, 3), (spiky, 25, 1)):
        rng = np.random.default_rng(1)
        shapes = [kind(rng) for _ in range(n)]
        frame = gpd.GeoDataFrame(
            {"cluster_id": [f"c{i:02}" for i in range(n)]}, geometry=shapes, crs=32651
        )
        pieces = depth(frame)
        mine = median_s(lambda frame=frame: depth(frame), 9)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            cut = repeated_overlay(shapes)
            theirs = median_s(lambda shapes=shapes: repeated_overlay(shapes), peer_runs)
        same = abs(cut.area.sum() / 1e6 / pieces["area_km2"].sum() - 1) < 1e-9
        what = f"depth, {n} {kind.__name__} polygons, {len(pieces)} pieces"
        target = "x20, areas =" if same else "AREAS DIFFER"
        found.append(
            Row(what, mine, "s", theirs, "overlay, repeated", target, same and theirs >= 20 * mine)
        )
    return found
