"""A user's borders against the bundled ones: how far off they are, and which frame explains it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import geopandas as gpd
import numpy as np
import shapely

from siting import geodata
from siting.crs import convert_geometry, to_metric
from siting.errors import Finding

DISTRICTS = "districts.geojson"
UNITS = ("jiading_units_2023.geojson", "jiading_units_2026.geojson")
SUSPECT_M, EXPLAINED_M = 150.0, 100.0  # true borders stay below 65 m, the shifts are 480 and 1140
TITLES = {"wgs84": "WGS-84", "gcj02": "GCJ-02", "bd09": "BD-09"}
_SAME_IOU = 0.4  # a shift of 475 m leaves even the smallest unit above this
_REACH_M = 1500.0  # borders at sea and on the shore differ by more, and say nothing of a shift
_SPACING_M = 250.0
_ROUNDS = 12
_ENOUGH = 30


@dataclass(frozen=True)
class Fit:
    """
    How borders lie against the bundled ones.

    Parameters
    ----------
    median_m
        Median distance of the borders from the bundled ones [m].
    east_m, north_m
        The translation that they carry against the bundled ones [m], by best fit.
    left_m
        Median distance when that translation is taken off [m].
    """

    median_m: float
    east_m: float
    north_m: float
    left_m: float

    @property
    def shift_m(self) -> float:
        """Length of the translation [m]."""
        return float(np.hypot(self.east_m, self.north_m))


def fit(frame: gpd.GeoDataFrame) -> Fit | None:
    """
    Measure polygons in EPSG:4326 against the bundled outline, or return None if none is alike.

    Each unit is compared with the bundled unit that covers most of the same ground (districts and
    Jiading's units); where no unit has a counterpart, all units together with a district. Points
    along the borders go to the nearest point of the counterpart's border; the translation solves
    the distances along these directions by least squares, a few times over (point-to-line ICP).

    References
    ----------
    Y. Chen, G. Medioni, Object modelling by registration of multiple range images, Image and
    Vision Computing 10 (1992) 145-155: the distance to the tangent instead of the point.
    """
    shapes = to_metric(frame.geometry).to_numpy()
    pairs = _pairs(shapes) or _pairs(np.array([shapely.union_all(shapes)]))
    points = [_along(shape) for shape, _ in pairs]
    borders = [shapely.simplify(other.boundary, 5.0) for _, other in pairs]
    if not points:
        return None
    start = _offsets(points, borders, np.zeros(2))
    near = np.hypot(*start.T) < _REACH_M
    if near.sum() < _ENOUGH:
        return None
    shift = np.zeros(2)
    offsets = start
    for _ in range(_ROUNDS):
        size = np.hypot(*offsets.T)
        use = near & (size > 0.01) & (size < 3 * np.median(size[near]) + 20)
        if use.sum() < _ENOUGH:
            break
        towards = offsets[use] / size[use][:, None]
        step, *_ = np.linalg.lstsq(towards, size[use], rcond=None)
        shift += step
        offsets = _offsets(points, borders, shift)
        if np.hypot(*step) < 0.5:
            break
    median, left = (float(np.median(np.hypot(*one[near].T))) for one in (start, offsets))
    return Fit(median, -float(shift[0]), -float(shift[1]), left)


def judge(frame: gpd.GeoDataFrame, *, declared: str, file: str) -> list[Finding]:
    """
    Return a warning if the borders are off and another frame would explain it.

    Parameters
    ----------
    frame
        Boundaries in EPSG:4326, already converted from the frame that was declared.
    declared
        That frame: wgs84, cgcs2000, gcj02 or bd09.
    file
        The file, for messages.
    """
    as_is = fit(frame)
    if as_is is None or as_is.shift_m <= SUSPECT_M:
        return []
    raw = convert_geometry(frame.geometry.to_numpy(), source="wgs84", target=declared)
    best, after = "", as_is
    for other in TITLES:
        if other == declared.replace("cgcs2000", "wgs84"):
            continue
        moved = convert_geometry(raw, source=other, target="wgs84")
        tried = fit(frame.set_geometry(gpd.GeoSeries(moved, index=frame.index, crs=4326)))
        if tried is not None and tried.shift_m < after.shift_m:
            best, after = other, tried
    zh, en = _measured(as_is)
    if best and after.shift_m <= EXPLAINED_M:
        title = TITLES[best]
        zh += f"；若按 {title} 理解，只差 {after.shift_m:.0f} 米，坐标很可能是 {title}"
        en += f"; read as {title} only {after.shift_m:.0f} m are left: very likely {title}"
        fix, fix_en = f'请用 frame="{best}" 重新读取', f'Read it again with frame="{best}"'
        code = "W-BND-01"
    else:
        fix, fix_en = "请核对坐标系和数据来源", "Check its CRS and its source"
        code = "W-BND-02"
    return [Finding(code, zh, fix, en, fix_en, severity="warning", file=file)]


def _measured(one: Fit) -> tuple[str, str]:
    zh = (
        f"与内置边界相比整体偏移 {one.shift_m:.0f} 米（东 {one.east_m:+.0f}，北 {one.north_m:+.0f}），"
        f"边界中位距离 {one.median_m:.0f} 米"
    )
    en = (
        f"off the bundled borders by {one.shift_m:.0f} m (east {one.east_m:+.0f}, "
        f"north {one.north_m:+.0f}); median distance {one.median_m:.0f} m"
    )
    return zh, en


@cache
def _bundled() -> tuple[np.ndarray, shapely.STRtree]:
    """Return the bundled outlines in metres: districts, then Jiading's units."""
    shapes = np.concatenate([_read(name) for name in (DISTRICTS, *UNITS)])
    return shapes, shapely.STRtree(shapes)


def _read(name: str) -> np.ndarray:
    text = geodata.path(name).read_bytes()
    collection = shapely.from_geojson(text)
    series = gpd.GeoSeries(shapely.get_parts(collection), crs=4326)
    return np.asarray(to_metric(series).to_numpy())


def _pairs(shapes: np.ndarray) -> list[tuple[shapely.Geometry, shapely.Geometry]]:
    """Return each shape with the bundled outline that is most like it, if one is."""
    bundled, tree = _bundled()
    answer = []
    for shape in shapes:
        near = bundled[tree.query(shape)]
        if not near.size:
            continue
        shared = shapely.area(shapely.intersection(shape, near))
        alike = shared / (shapely.area(near) + shape.area - shared)
        if alike.max() > _SAME_IOU:
            answer.append((shape, near[alike.argmax()]))
    return answer


def _along(shape: shapely.Geometry) -> np.ndarray:
    border = shape.boundary
    steps = np.arange(0.0, border.length, max(_SPACING_M, border.length / 400))
    parts = shapely.get_parts(border)
    ends = np.cumsum(shapely.length(parts))
    which = np.searchsorted(ends, steps, side="right").clip(max=len(parts) - 1)
    on_part = steps - np.concatenate([[0.0], ends])[which]
    points: np.ndarray = shapely.get_coordinates(
        shapely.line_interpolate_point(parts[which], on_part)
    )
    return points


def _offsets(
    points: list[np.ndarray], borders: list[shapely.Geometry], shift: np.ndarray
) -> np.ndarray:
    """Return from each shifted point the way to the nearest point of its border [m]."""
    ways = []
    for here, border in zip(points, borders, strict=True):
        moved = here + shift
        lines = shapely.shortest_line(shapely.points(moved), border)
        ways.append(shapely.get_coordinates(lines)[1::2] - moved)
    return np.concatenate(ways)
