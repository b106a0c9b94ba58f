"""Which ground footprints share: all of it cut into disjoint pieces, without losing area."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from siting.errors import Finding, Findings, SitingError, stop
from siting.schema import require_columns

CONSERVED = 1e-9  # of the total area: more than this, and `depth` gives an error, not a number
_NOISE_STEPS = 16  # a face thinner than this many steps of its coordinates is their rounding
_CLEARANCE = 4e-12  # of the largest coordinate: farther than noding can move a border
_NOISE_SHARE = 1e-10  # of the total area: as much rounding may be left out, never more

Shapes = npt.NDArray[np.object_]
Flags = npt.NDArray[np.bool_]


def depth(footprints: gpd.GeoDataFrame, *, by: str = "cluster_id") -> gpd.GeoDataFrame:
    """
    Cut overlapping footprints into disjoint pieces, each with the list of those it belongs to.

    Parameters
    ----------
    footprints
        Polygons in metres, any number of rows for an id; `siting.footprint.trace` gives them.
        Without a CRS the coordinates are taken as metres.
    by
        Column of ids. The rows of one id are dissolved first.

    Returns
    -------
    GeoDataFrame
        One row for each set of ids that has ground of its own: ``depth`` [count], ``members``
        (tuple of ids, sorted), ``area_km2`` [km2, planar in the CRS of the footprints: true in an
        equal-area CRS such as `siting.crs.METRIC`], ``geometry``. Sorted by depth and members;
        the order of the rows of `footprints` changes nothing.

    Raises
    ------
    InputError
        If the coordinates are degrees, in another unit than metres or on a Mercator map, an id is
        missing, or a geometry is missing, invalid or not a polygon: each row is named.
    SitingError
        If a footprint would lose or gain more than 1e-9 of the total area: then there is no answer
        rather than a wrong one.

    Notes
    -----
    All borders are noded together and polygonized; each face is found in the footprints by one
    point well inside it. Empty geometries have no ground and so no piece. Where borders coincide,
    rounding leaves faces thinner than 16 steps of the coordinates (some 1e-10 m around Shanghai
    in `siting.crs.METRIC`): they are no overlap, and are left out as long as all of them together
    are under 1e-10 of the total area.

    Examples
    --------
    Two squares of 2 km, half of each shared:

    >>> squares = [shapely.box(0, 0, 2000, 2000), shapely.box(1000, 0, 3000, 2000)]
    >>> frame = gpd.GeoDataFrame({"cluster_id": ["x", "y"]}, geometry=squares)
    >>> depth(frame)[["depth", "members", "area_km2"]]
       depth members  area_km2
    0      1    (x,)       2.0
    1      1    (y,)       2.0
    2      2  (x, y)       2.0
    """
    _check_footprints(footprints, by)
    solid = footprints[~footprints.geometry.is_empty.to_numpy()]
    ids = sorted(solid[by].unique(), key=str)
    if not ids:
        return _pieces([], [], [], footprints.crs)
    shapes, origin, step = _near_origin(solid.geometry.to_numpy())
    whole = _dissolve(shapes, pd.Index(ids).get_indexer(solid[by]), len(ids))
    faces, inside = _conserving_faces(whole, step)
    sets, group = np.unique(np.packbits(inside, axis=1), axis=0, return_inverse=True)
    bits = np.unpackbits(sets, axis=1, count=len(ids)).astype(bool)
    joined = _join(faces, group.ravel(), len(sets))
    members = [tuple(ids[i] for i in np.flatnonzero(row)) for row in bits]
    areas = (shapely.area(joined) / 1e6).tolist()
    return _pieces(members, areas, _moved_back(joined, origin), footprints.crs)


def _near_origin(shapes: Shapes) -> tuple[Shapes, npt.NDArray[np.float64], float]:
    """
    Move the shapes to where numbers are finer, if that changes no bit of them; heights go.

    Also return the move, and the step between neighbouring coordinates where they came from.
    """
    west, south, east, north = shapely.total_bounds(shapes)
    step = float(np.spacing(max(abs(west), abs(south), abs(east), abs(north))))
    origin = np.round([(west + east) / 2, (south + north) / 2])
    moved = shapely.transform(shapes, lambda vertices: vertices - origin)
    back = shapely.get_coordinates(moved) + origin
    if np.array_equal(back, shapely.get_coordinates(shapes)):
        return moved, origin, step
    return shapely.force_2d(shapes), np.zeros(2), step


def _dissolve(shapes: Shapes, of: npt.NDArray[np.intp], n: int) -> Shapes:
    """Return one shape for each of `n` ids, the same whatever the order of the rows."""
    whole = np.empty(n, dtype=object)
    for i in range(n):
        mine = shapes[of == i]
        if mine.size > 1:
            mine = mine[np.argsort(shapely.to_wkb(mine).astype("S"), kind="stable")]
        whole[i] = mine[0] if mine.size == 1 else shapely.union_all(mine)
    return whole


def _conserving_faces(whole: Shapes, step: float) -> tuple[Shapes, Flags]:
    """
    Return the faces of the shapes, and which shapes hold each, so that every shape keeps its area.

    Noding in floating point now and then leaves a crossing out where borders all but coincide, and
    a face is lost. Snapping to a grid cannot, so that comes next: the finest that numbers allow.
    """
    owed = shapely.area(whole)
    unit = np.exp2(np.ceil(np.log2(np.abs(shapely.get_coordinates(whole)).max())))
    share = np.inf
    for grid in (None, unit * 2.0**-46, unit * 2.0**-42):
        faces, inside = _faces(whole, step, grid)
        share = np.abs(inside.T @ shapely.area(faces) - owed).max() / owed.sum()
        if share <= CONSERVED:
            return faces, inside
    stop(
        SitingError,
        code="E-DEPTH-03",
        value=f"{share:.3g}",
        reason="切分后的面积与原面积不符，不给出结果",
        reason_en="the pieces do not add up to the footprints, so there is no answer",
        fix="请去掉边界上几乎重合的线，或请把数据报告给我们",
        fix_en="Remove borders that all but coincide, or report the data to us",
    )


def _faces(whole: Shapes, step: float, grid: float | None) -> tuple[Shapes, Flags]:
    """Return the faces that the borders draw inside the shapes, and which shapes hold each."""
    lines = shapely.union_all(shapely.boundary(whole), grid_size=grid)
    faces = shapely.get_parts(shapely.polygonize([lines]))
    area = shapely.area(faces)
    noise = 2 * area < _NOISE_STEPS * step * shapely.length(faces)
    if area[noise].sum() <= _NOISE_SHARE * shapely.area(whole).sum():
        faces = faces[~noise]
    inside = np.zeros((faces.size, whole.size), dtype=bool)
    shape, face = shapely.STRtree(_inner_points(faces)).query(whole, predicate="contains")
    inside[face, shape] = True
    covered = inside.any(axis=1)  # a face of no shape is a hole or a gap
    return faces[covered], inside[covered]


def _inner_points(faces: Shapes) -> Shapes:
    """Return a point inside each face, farther from its border than noding can move borders."""
    points: Shapes = shapely.point_on_surface(faces)
    clearance = _CLEARANCE * float(np.abs(shapely.get_coordinates(faces)).max(initial=0.0))
    close = shapely.distance(points, shapely.boundary(faces)) < clearance
    for i in np.flatnonzero(close):  # a waist at half height, for example; hardly ever
        triangles = shapely.get_parts(shapely.constrained_delaunay_triangles(faces[i]))
        if triangles.size:
            width = shapely.area(triangles) / shapely.length(triangles)
            points[i] = shapely.centroid(triangles[width.argmax()])
    return points


def _join(faces: Shapes, group: npt.NDArray[np.intp], n: int) -> Shapes:
    """Return one shape for each of `n` groups of faces."""
    order = np.argsort(group, kind="stable")
    joined: Shapes = shapely.multipolygons(faces[order], indices=group[order])
    single = np.bincount(group, minlength=n) == 1
    joined[single] = shapely.get_geometry(joined[single], 0)
    for i in np.flatnonzero(~shapely.is_valid(joined)):  # faces of one group share a border
        joined[i] = shapely.union_all(faces[group == i])
    ordered: Shapes = shapely.normalize(joined)
    return ordered


def _moved_back(shapes: Shapes, origin: npt.NDArray[np.float64]) -> Shapes:
    """Return the shapes where they came from; rounding may fold a very thin part, which goes."""
    placed: Shapes = shapely.transform(shapes, lambda vertices: vertices + origin)
    for i in np.flatnonzero(~shapely.is_valid(placed)):
        sound = shapely.make_valid(shapely.get_parts(placed[i]))
        parts = shapely.get_parts(shapely.get_parts(sound))
        placed[i] = shapely.union_all(parts[shapely.get_type_id(parts) == 3])
    return placed


def _pieces(members: list[Any], areas: list[float], shapes: Any, crs: Any) -> gpd.GeoDataFrame:
    """Return the answer of `depth`, sorted."""
    order = sorted(range(len(members)), key=lambda i: (len(members[i]), [*map(str, members[i])]))
    column = pd.Series([members[i] for i in order], dtype=object)
    return gpd.GeoDataFrame(
        {
            "depth": np.array([len(one) for one in column], dtype="int64"),
            "members": column,
            "area_km2": np.array([areas[i] for i in order], dtype="float64"),
        },
        geometry=gpd.GeoSeries([shapes[i] for i in order], crs=crs),
        crs=crs,
    )


def _check_footprints(footprints: gpd.GeoDataFrame, by: str) -> None:
    """Stop at coordinates that are no metres, and with every row that cannot be measured."""
    require_columns(footprints, [by, footprints.active_geometry_name or "geometry"], "footprints")
    _check_metres(footprints.crs)
    shapes = footprints.geometry.to_numpy()
    polygonal = np.isin(shapely.get_type_id(shapes), (3, 6)) | shapely.is_empty(shapes)
    missing, valid = shapely.is_missing(shapes), shapely.is_valid(shapes)
    nameless = footprints[by].isna().to_numpy()
    findings = Findings()
    for i in np.flatnonzero(missing | ~polygonal | ~valid | nameless):
        if nameless[i]:
            said = ("缺少编号", "the id is missing", "请补上编号", "Give the row an id")
        elif missing[i]:
            said = (
                "缺少几何",
                "the geometry is missing",
                "请补上边界，或去掉这一行",
                "Give its border, or drop the row",
            )
        elif not polygonal[i]:
            said = (
                f"不是面：{shapes[i].geom_type}",
                f"not a polygon: {shapes[i].geom_type}",
                "请只给面",
                "Give polygons only",
            )
        else:
            why = shapely.is_valid_reason(shapes[i])
            said = (
                f"几何无效：{why}",
                f"the geometry is invalid: {why}",
                "请先修复，例如 shapely.make_valid",
                "Repair it first, for example with shapely.make_valid",
            )
        findings.append(
            Finding(
                code="E-DEPTH-02",
                sheet="footprints",
                column=by if nameless[i] else "geometry",
                value=f"{footprints[by].iloc[i]} [{footprints.index[i]}]",
                reason=said[0],
                reason_en=said[1],
                fix=said[2],
                fix_en=said[3],
            )
        )
    findings.stop()


def _check_metres(crs: Any) -> None:
    """Stop unless planar areas in `crs` are square metres, as far as its name can tell."""
    if crs is None:
        return
    flat = crs.source_crs if crs.is_bound else crs
    flat = flat.sub_crs_list[0] if flat.is_compound else flat
    method = flat.coordinate_operation.method_name if flat.coordinate_operation else ""
    mercator = "Mercator" in method and "Transverse" not in method and "Oblique" not in method
    metres = all(axis.unit_conversion_factor == 1.0 for axis in flat.axis_info)
    if flat.is_geographic:
        reason, reason_en = "坐标是经纬度（度），不是米", "the coordinates are degrees, not metres"
    elif mercator:
        reason, reason_en = "墨卡托投影的面积不真实", "areas on a Mercator map are not true"
    elif not metres:
        reason, reason_en = "坐标的单位不是米", "the coordinates are not in metres"
    else:
        return
    stop(
        code="E-DEPTH-01",
        value=crs.name,
        reason=reason,
        reason_en=reason_en,
        fix="请用 siting.footprint.trace 的结果，或先用 siting.crs.to_metric 换成米",
        fix_en="Use what siting.footprint.trace gives, or siting.crs.to_metric first",
    )
