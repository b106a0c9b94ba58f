"""Places made ready to be asked which of them has a point: checked, in degrees, in the order of ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from siting.crs import WGS84, to_wgs84
from siting.errors import Finding, Findings, stop
from siting.points.cells import Floats, Raster, Shapes
from siting.schema import require_unique

_SAID = {
    # what is wrong: (Chinese, English, fix, fix in English)
    "missing": (
        "缺少几何",
        "the geometry is missing",
        "请补上边界，或去掉这一行",
        "Give its border, or drop the row",
    ),
    "empty": (
        "几何为空",
        "the geometry is empty",
        "请补上边界，或去掉这一行",
        "Give its border, or drop the row",
    ),
    "kind": ("几何不是面", "the geometry is not a polygon", "请只给面", "Give polygons only"),
    "range": (
        "坐标超出经纬度范围",
        "a coordinate is no longitude or latitude",
        "请声明数据真正的坐标系，例如 set_crs(..., allow_override=True)",
        "Declare the CRS the data are really in, for example set_crs(..., allow_override=True)",
    ),
    "invalid": (
        "几何无效",
        "the geometry is invalid",
        "请先修复，例如 shapely.make_valid",
        "Repair it first, for example with shapely.make_valid",
    ),
}


@dataclass(frozen=True, eq=False)
class Locator:
    """
    Places made ready once, to be asked many times which of them has a point.

    `siting.points.assign` and `siting.points.tabulate` take one instead of places, so that a table
    read in chunks pays for the preparation once.

    Parameters
    ----------
    ids
        Ids of the places as text, sorted: where two places share a point, the first has it.
    order
        The same ids in the order in which the places were given.
    raster
        The polygons, in the order of `ids`.

    Examples
    --------
    >>> squares = [shapely.box(121, 31, 122, 32), shapely.box(122, 31, 123, 32)]
    >>> places = gpd.GeoDataFrame(index=["b", "a"], geometry=squares, crs=4326)
    >>> locator = Locator.of(places)
    >>> list(locator.ids), list(locator.order)
    (['a', 'b'], ['b', 'a'])
    """

    ids: pd.Index
    order: pd.Index
    raster: Raster

    @classmethod
    def of(cls, places: Any) -> Locator:
        """
        Make places ready; a Locator is given back as it is.

        Parameters
        ----------
        places
            GeoDataFrame of polygons with a CRS; the index holds ids as text. Coordinates in
            another CRS are turned into EPSG:4326, edges between vertices being straight there.

        Raises
        ------
        InputError
            If there are no places, no CRS, an id is missing, no text or there twice, or a geometry
            is missing, empty, invalid, no polygon or not in degrees: each place is named.
        """
        if isinstance(places, Locator):
            return places
        if not isinstance(places, gpd.GeoDataFrame) or places.active_geometry_name is None:
            stop(
                code="E-ASG-01",
                column="places",
                value=type(places).__name__,
                reason="不是带几何的地区表",
                reason_en="not a frame of places with geometries",
                fix="请给 siting.places.read_places 的结果，或 GeoDataFrame",
                fix_en="Give what siting.places.read_places returns, or a GeoDataFrame",
            )
        ids = _checked_ids(places)
        degrees = places.geometry if places.crs == WGS84 else to_wgs84(places.geometry)
        shapes: Shapes = np.asarray(degrees.array, dtype=object)
        _check_shapes(ids, shapes)
        rank = np.argsort(ids.to_numpy(dtype=object), kind="stable")
        return cls(ids[rank], ids, Raster.of(shapes[rank]))

    def ranks(self, lon: Floats, lat: Floats) -> tuple[npt.NDArray[np.int32], dict[str, int]]:
        """
        Return the position in `ids` of the place of each point, -1 for none, and the account.

        The account counts the points ``assigned`` (of these, those ``on_border`` of their place),
        ``outside``, and ``missing`` a coordinate: not finite.
        """
        found, on_border = self.raster.locate(lon, lat)
        both = np.isfinite(lon)
        both &= np.isfinite(lat)
        finite = int(np.count_nonzero(both))
        assigned = int(np.count_nonzero(found >= 0))
        return found, {
            "assigned": assigned,
            "outside": finite - assigned,
            "missing": found.size - finite,
            "on_border": on_border,
        }


def _checked_ids(places: gpd.GeoDataFrame) -> pd.Index:
    """Return the index of `places`, or stop unless it holds an id as text for each."""
    findings = Findings(
        Finding(
            code="E-ASG-02",
            sheet="places",
            column="place_id",
            value=repr(one),
            reason="地区编号应为非空文本",
            reason_en="the id of a place is a text that is not empty",
            fix='请以编号为索引：places.set_index("place_id")，并用 astype(str) 转成文本',
            fix_en='Make the ids the index: places.set_index("place_id"), as text by astype(str)',
        )
        for one in places.index
        if not isinstance(one, str) or not one.strip()
    )
    if places.empty:
        findings.append(
            Finding(
                code="E-ASG-02",
                sheet="places",
                reason="一个地区也没有",
                reason_en="there are no places",
                fix="请至少给出一个地区",
                fix_en="Give at least one",
            )
        )
    findings.stop()
    ids: pd.Index = places.index
    require_unique(ids, "places")
    return ids


def _check_shapes(ids: pd.Index, shapes: Shapes) -> None:
    """Stop with every geometry that no point can be tested against."""
    bounds = shapely.bounds(shapes)
    with np.errstate(invalid="ignore"):
        beyond = (np.abs(bounds) > [180, 90, 180, 90]).any(axis=1)
    wrong = {
        "missing": shapely.is_missing(shapes),
        "empty": shapely.is_empty(shapes),
        "kind": ~np.isin(shapely.get_type_id(shapes), (3, 6)),
        "range": beyond,
        "invalid": ~shapely.is_valid(shapes),
    }
    findings = Findings()
    for i in np.flatnonzero(np.any(list(wrong.values()), axis=0)).tolist():
        what = next(name for name, those in wrong.items() if those[i])
        reason, reason_en, fix, fix_en = _SAID[what]
        detail = {"invalid": shapely.is_valid_reason, "kind": lambda shape: shape.geom_type}
        more = f" [{detail[what](shapes[i])}]" if what in detail else ""
        findings.append(
            Finding(
                code="E-ASG-03",
                sheet="places",
                column="geometry",
                value=f"{ids[i]}{more}",
                reason=reason,
                reason_en=reason_en,
                fix=fix,
                fix_en=fix_en,
            )
        )
    findings.stop()
