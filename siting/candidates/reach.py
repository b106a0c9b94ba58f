"""How far candidates are from demand, and how much of it lies within reach."""

from __future__ import annotations

from numbers import Real

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from pyproj import Geod

from siting.crs import WGS84
from siting.errors import Finding, Findings, stop
from siting.schema import check_weights, numbers, require_unique

_GEOD = Geod(ellps="WGS84")
Floats = npt.NDArray[np.float64]


def distances(demand: pd.DataFrame, sites: pd.DataFrame | None = None) -> pd.DataFrame:
    """
    Return geodesic distances between points of demand and candidate sites.

    Parameters
    ----------
    demand, sites
        Places or points by id: with ``label_lon label_lat`` or ``lon lat`` [deg, WGS-84], or with a
        geometry, of which a point inside is taken. Without `sites`, from `demand` to itself.

    Returns
    -------
    DataFrame
        Demand x sites [m], along the ellipsoid; 0 from a point to itself. Road distances that you
        have take its place: a frame with the same rows and columns.

    Raises
    ------
    InputError
        If there are no coordinates, one is missing or beyond its range, or an id occurs twice.

    References
    ----------
    C. F. F. Karney, Algorithms for geodesics, J. Geodesy 87 (2013).

    Examples
    --------
    A degree of latitude at the equator is 110.574 km:

    >>> points = pd.DataFrame({"lon": [0.0, 0.0], "lat": [0.0, 1.0]}, index=["a", "b"])
    >>> distances(points).round(0).values.tolist()
    [[0.0, 110574.0], [110574.0, 0.0]]
    """
    here = coordinates(demand, "demand")
    there = here if sites is None else coordinates(sites, "sites")
    index = demand.index if sites is None else sites.index
    n, m = len(here), len(there)
    one, other = np.repeat(here, m, axis=0), np.tile(there, (n, 1))
    _, _, metres = _GEOD.inv(one[:, 0], one[:, 1], other[:, 0], other[:, 1])
    return pd.DataFrame(np.reshape(metres, (n, m)), index=demand.index, columns=index)


def within_reach(amounts: pd.Series, distance: pd.DataFrame, reach_m: float) -> pd.Series:
    """
    Return how much demand lies within reach of each site.

    Parameters
    ----------
    amounts
        Demand by id [jobs, persons, ...], not negative.
    distance
        Demand x sites [m].
    reach_m
        Reach [m]; demand exactly that far counts.

    Returns
    -------
    Series
        By site [unit of `amounts`]; NaN where a distance is missing, with the reason in
        ``.attrs["undefined"]``. Infinite: there is no way.

    Raises
    ------
    InputError
        If a row of `distance` has no amount, a distance is no number, or the reach is none.

    Examples
    --------
    >>> far = pd.DataFrame({"s": [0.0, 900.0], "t": [2000.0, 500.0]}, index=["a", "b"])
    >>> within_reach(pd.Series({"a": 10, "b": 5}), far, 1000).to_dict()
    {'s': 15.0, 't': 5.0}
    """
    real = isinstance(reach_m, Real) and not isinstance(reach_m, bool)
    if not (real and np.isfinite(reach_m) and reach_m >= 0):
        stop(
            code="E-CAN-03",
            column="reach_m",
            value=str(reach_m),
            reason="服务半径须为不小于 0 的米数",
            reason_en="a reach is a number of metres, at least 0",
            fix="例如 5000",
            fix_en="For instance 5000",
        )
    held = check_weights(amounts, distance.index, "amounts")
    known = distance.apply(numbers)
    Findings(
        Finding(
            code="E-CAN-08",
            sheet="distance",
            column=str(distance.columns[j]),
            value=f"{distance.index[i]}: {distance.iloc[i, j]}",
            reason="距离不是数",
            reason_en="a distance is no number",
            fix="请给米数，不知道的留空",
            fix_en="Give metres; leave empty what is not known",
        )
        for i, j in np.argwhere((known.isna() & distance.notna()).to_numpy())
    ).stop()
    reached = (known <= reach_m).mul(held, axis=0).sum().astype("float64")
    lost = known.isna().sum()
    made = reached.where(lost == 0).rename("within_reach")
    made.attrs["undefined"] = {
        site: (f"缺少 {n} 个距离", f"{n} distances are missing")
        for site, n in lost[lost > 0].items()
    }
    return made


def coordinates(points: pd.DataFrame, what: str) -> Floats:
    """Return longitude and latitude of each row [deg], or raise InputError."""
    require_unique(points.index, what)
    for lon, lat in (("label_lon", "label_lat"), ("lon", "lat")):
        if lon in points and lat in points and points[[lon, lat]].notna().all(axis=None):
            found = points[[lon, lat]].apply(numbers).to_numpy()
            said = points[[lon, lat]].to_numpy()
            break
    else:
        said = found = _inside(points, what)
    bad = ~(np.abs(found[:, 0]) <= 180) | ~(np.abs(found[:, 1]) <= 90)
    Findings(
        Finding(
            code="E-CAN-02",
            sheet=what,
            value=f"{points.index[int(i)]}: {said[i, 0]}, {said[i, 1]}",
            reason="缺少坐标，或不是经纬度",
            reason_en="a coordinate is missing, or not in degrees",
            fix="请给 WGS-84 经纬度",
            fix_en="Give degrees in WGS-84",
        )
        for i in np.flatnonzero(bad)
    ).stop()
    return found


def _inside(points: pd.DataFrame, what: str) -> Floats:
    if not isinstance(points, gpd.GeoDataFrame) or points.crs is None:
        stop(
            code="E-CAN-01",
            sheet=what,
            reason="没有坐标列，也没有带坐标系的图形",
            reason_en="neither columns of coordinates nor geometries with a frame",
            fix="请给 lon、lat 两列（度）",
            fix_en="Give the columns lon and lat (degrees)",
        )
    inner = points.geometry.to_crs(WGS84).representative_point()
    return np.column_stack([inner.x, inner.y]).astype("float64")
