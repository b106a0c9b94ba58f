"""Whether a user's outlines lie where their units are: a right name on the wrong ground is no use."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from siting.crs import to_metric
from siting.errors import Finding, Findings

_LEAST = 0.2  # of the smaller of two outlines: less in common, and they are not of one unit
_LEAST_INSIDE = 0.5  # of a town that must lie in its district


def check_ground(shapes: gpd.GeoSeries, known: gpd.GeoSeries, names: pd.Series) -> None:
    """
    Stop with every unit whose outline shares next to no ground with the one that is known of it.

    Parameters
    ----------
    shapes
        The user's outlines by ``place_id``, EPSG:4326.
    known
        Bundled outlines by ``place_id``, EPSG:4326; of units that have none, nothing is said.
    names
        Names by ``place_id``, for the message.

    Raises
    ------
    InputError
        With a finding for each unit: how much is shared, and how far apart the middles are.
    """
    both = shapes.index.intersection(known.index)
    mine, theirs = _metres(shapes.loc[both]), _metres(known.loc[both])
    shared = shapely.area(shapely.intersection(mine, theirs))
    share = shared / np.minimum(shapely.area(mine), shapely.area(theirs))
    apart = shapely.distance(shapely.centroid(mine), shapely.centroid(theirs)) / 1000
    findings = Findings(
        _finding(
            f"{names[one]} {one}",
            f"与内置边界几乎不重合（共有 {part:.0%}，中心相距 {far:.1f} 公里）",
            f"shares next to no ground with the bundled outline ({part:.0%}, middles {far:.1f} km apart)",
        )
        for one, part, far in zip(both, share, apart, strict=True)
        if part < _LEAST
    )
    findings.stop()


def check_inside(shapes: gpd.GeoSeries, district: gpd.GeoSeries, names: pd.Series) -> None:
    """
    Stop with every town whose outline lies for the most part outside its district.

    Parameters
    ----------
    shapes
        The user's outlines by ``place_id``, EPSG:4326.
    district
        The outline of the district, one row, EPSG:4326.
    names
        Names by ``place_id``, for the message.

    Raises
    ------
    InputError
        With a finding for each town.
    """
    mine, ground = _metres(shapes), _metres(district)[0]
    share = shapely.area(shapely.intersection(mine, ground)) / shapely.area(mine)
    findings = Findings(
        _finding(
            f"{names[one]} {one}",
            f"只有 {part:.0%} 落在所属的区里",
            f"only {part:.0%} of it lies in its district",
        )
        for one, part in zip(shapes.index, share, strict=True)
        if part < _LEAST_INSIDE
    )
    findings.stop()


def _metres(shapes: gpd.GeoSeries) -> np.ndarray:
    return np.asarray(to_metric(gpd.GeoDataFrame(geometry=shapes)).geometry.to_numpy())


def _finding(value: str, reason: str, reason_en: str) -> Finding:
    return Finding(
        code="E-BND-16",
        value=value,
        reason=reason,
        reason_en=reason_en,
        fix="请核对坐标，以及代码、名称与图形是否对应",
        fix_en="Check the coordinates, and that codes and names go with the right shapes",
    )
