"""Who lies beside whom: places that share a border, small gaps forgiven."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, NoReturn

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy import sparse

from siting.crs import to_metric
from siting.errors import Finding, Findings, stop
from siting.schema import check_choice

ROOK_LENGTH = 10  # times snap_m: nearer than that all along, it is a border and not a corner
WIDE = 0.1  # a snap above this share of the side of the smallest place is said


@dataclass(frozen=True, eq=False)
class Neighbours:
    """
    Which places are neighbours of which, and no more than that.

    Parameters
    ----------
    sparse
        Places x places, 1 for a neighbour; the diagonal is empty.
    unique_ids
        The place_id of each row and column.
    """

    sparse: sparse.csr_array
    unique_ids: pd.Index

    @property
    def counts(self) -> pd.Series:
        """Neighbours [count] of each place."""
        return pd.Series(np.diff(self.sparse.indptr), self.unique_ids, "int64", "neighbours")

    @property
    def islands(self) -> pd.Index:
        """The places without neighbours."""
        islands: pd.Index = self.unique_ids[np.diff(self.sparse.indptr) == 0]
        return islands

    def to_libpysal(self) -> Any:
        """Return a ``libpysal.graph.Graph`` with the same ids; needs the extra ``pysal``."""
        from libpysal.graph import Graph  # noqa: PLC0415 - takes 6 s, and few need it

        focal, other = self.sparse.nonzero()
        ids = self.unique_ids.to_numpy()
        alone = self.islands.to_numpy()  # Graph marks an island by a link of 0 to itself
        return Graph.from_arrays(
            np.append(ids[focal], alone),
            np.append(ids[other], alone),
            np.append(np.ones(len(focal)), np.zeros(len(alone))),
        )


def contiguity(
    places: gpd.GeoDataFrame,
    *,
    snap_m: float = 1.0,
    rule: Literal["queen", "rook"] = "queen",
    islands: Literal["keep", "nearest"] = "keep",
) -> Neighbours:
    """
    Return which places touch, small gaps between their borders forgiven.

    Parameters
    ----------
    places
        Polygons by place_id, with a CRS.
    snap_m
        Borders that are no farther apart than this [m] touch.
    rule
        ``queen``: one common point is enough; ``rook``: a common stretch of border.
    islands
        Places that touch no other: ``keep`` leaves them without neighbours, and so without local
        p; ``nearest`` joins each to the place whose border is nearest, such as across a river.

    Returns
    -------
    Neighbours
        Symmetric; ids in the order of `places`.

    Raises
    ------
    InputError
        If a place is no polygon, has no geometry or occurs twice; without a CRS; if `snap_m` is
        below 0.

    Warns
    -----
    SitingWarning
        If `snap_m` is more than a tenth of the side of the smallest place, so that places may be
        joined over another one.

    Notes
    -----
    Distances are measured in metres, whatever the CRS. Places that touch or overlap as they are
    drawn are neighbours too, so that a border given with more points on one side than on the other
    is not torn apart by the projection. A stretch counts for ``rook`` if the outlines coincide along
    it, or if more than 10 `snap_m` of the one outline lie within `snap_m` of the other place.

    Examples
    --------
    Three squares in a row; a gap of 1 mm lies between the second and the third.

    >>> from siting.crs import METRIC
    >>> squares = [shapely.box(x, 0, x + 1000, 1000) for x in (0, 1000, 2000.001)]
    >>> row = gpd.GeoDataFrame(geometry=squares, index=["a", "b", "c"], crs=METRIC)
    >>> contiguity(row).counts.to_dict()
    {'a': 1, 'b': 2, 'c': 1}
    """
    check_choice(rule, ("queen", "rook"), "rule")
    check_choice(islands, ("keep", "nearest"), "islands")
    snap = positive(snap_m, "snap_m", least=0)
    shapes = shapes_of(places, ("Polygon", "MultiPolygon"))
    metric = to_metric(places).geometry.to_numpy()
    side = float(np.sqrt(shapely.area(metric).min(initial=np.inf)))
    if snap > WIDE * side:
        _warn_wide(snap, side)
    drawn = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    near = shapely.STRtree(metric).query(metric, predicate="dwithin", distance=snap)
    a, b = np.unique(np.hstack([drawn, near]), axis=1)
    a, b = a[a < b], b[a < b]
    if rule == "rook":
        edges = shapely.boundary(shapes)
        keep = shapely.length(shapely.intersection(edges[a], edges[b])) > 0
        if snap:
            held = shapely.intersection(
                shapely.buffer(metric[a], snap), shapely.boundary(metric[b])
            )
            keep |= shapely.length(held) > ROOK_LENGTH * snap
        a, b = a[keep], b[keep]
    if islands == "nearest" and len(shapes) > 1:
        alone = np.setdiff1d(np.arange(len(shapes)), np.append(a, b))
        a, b = np.append(a, alone), np.append(b, _nearest_border(metric, alone, places.index))
    return joined(np.append(a, b), np.append(b, a), places.index)


def _nearest_border(metric: Any, alone: Any, ids: pd.Index) -> list[int]:
    """Return for each of some places the one whose border is nearest; of equals the lowest id."""
    rank = rank_of(ids)
    found = []
    for i in alone:
        distance = np.rint(shapely.distance(metric[i], metric) * 1000)
        distance[i] = np.inf
        found.append(int(np.lexsort((rank, distance))[0]))
    return found


def rank_of(ids: pd.Index) -> Any:
    """Return the place of each id in their order."""
    return np.argsort(np.argsort(np.array([str(one) for one in ids]), kind="stable"))


def joined(focal: Any, other: Any, ids: pd.Index) -> Neighbours:
    """Return the links as a matrix of 1."""
    ones = np.ones(len(focal))
    matrix = sparse.csr_array((ones, (focal, other)), shape=(len(ids), len(ids)))
    matrix.data[:] = 1.0  # a link named twice, as of two islands to each other, is one link
    matrix.sort_indices()
    return Neighbours(sparse=matrix, unique_ids=ids)


def shapes_of(places: Any, kinds: Iterable[str]) -> Any:
    """Return the geometries if each place occurs once and has one of the kinds wanted."""
    if not isinstance(places, (gpd.GeoDataFrame, gpd.GeoSeries)):
        refuse("places", type(places).__name__, "GeoDataFrame", "a GeoDataFrame")
    shapes = places.geometry.to_numpy()
    findings = Findings()
    for place_id, twice, shape in zip(places.index, places.index.duplicated(), shapes, strict=True):
        empty = shape is None or shape.is_empty
        if not twice and not empty and shape.geom_type in kinds:
            continue
        kind = "空" if empty else shape.geom_type
        findings.append(
            Finding(
                code="E-ASC-10",
                column="place_id" if twice else "geometry",
                value=str(place_id),
                reason="编号重复" if twice else f"图形为{kind}，无法判断相邻",
                reason_en="the id occurs twice" if twice else "no shape that can have neighbours",
                fix="每个地区给一行" if twice else f"请给出 {'、'.join(kinds)}",
                fix_en="Give one row to each place" if twice else f"Give {' or '.join(kinds)}",
            )
        )
    findings.stop()
    return shapes


def positive(value: Any, name: str, *, least: float) -> float:
    """Return a finite number of at least `least`."""
    number = float(value) if isinstance(value, (int, float, np.number)) else np.nan
    if not least <= number < np.inf:
        refuse(name, value, "以米计的非负有限数", "a finite distance in metres, not below 0")
    return number


def refuse(name: str, value: object, wanted: str, wanted_en: str) -> NoReturn:
    """Stop and say what is wanted in place of `value`."""
    stop(
        code="E-ASC-11",
        column=name,
        value=str(value),
        reason="不能用来找相邻地区",
        reason_en="cannot be used to find neighbours",
        fix=f"请给出{wanted}",
        fix_en=f"Give {wanted_en}",
    )


def _warn_wide(snap: float, side: float) -> None:
    Findings(
        [
            Finding(
                code="W-ASC-13",
                severity="warning",
                column="snap_m",
                value=f"{snap:g}",
                reason=f"最小地区的边长只有约 {side:.3g} 米，隔着它的地区也可能算作相邻",
                reason_en=f"the smallest place is only some {side:.3g} m across, so that places on "
                "both sides of it may count as neighbours",
                fix="请减小 snap_m，或检查坐标系",
                fix_en="Make snap_m smaller, or check the CRS",
            )
        ]
    ).warn(stacklevel=4)
