"""Candidates finer than a place: cells of a grid inside chosen places, or the user's own parks."""

from __future__ import annotations

import os
from numbers import Real
from typing import Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from siting.boundaries import read_boundaries
from siting.crs import area_km2, to_metric, to_wgs84
from siting.errors import Finding, Findings, stop
from siting.schema import check_choice, require_unique

Shape = Literal["hexagon", "square"]
SHAPES = ("hexagon", "square")
MOST = 50_000  # cells; no layout of more candidates is solved in a session


def grid(
    places: gpd.GeoDataFrame,
    *,
    spacing_m: float,
    shape: Shape = "hexagon",
    least_share: float = 0.5,
) -> gpd.GeoDataFrame:
    """
    Cover places with a regular grid, and return the cells that lie in them.

    Parameters
    ----------
    places
        Polygons by ``place_id`` in EPSG:4326 [degrees].
    spacing_m
        Distance between the middles of neighbouring cells [m].
    shape
        ``hexagon`` (flat sides to east and west) or ``square``.
    least_share
        Share of a cell that must lie in its place [0..1]; smaller scraps at borders are dropped.

    Returns
    -------
    GeoDataFrame
        By ``candidate_id`` (place_id, a dash, number from the south-west): ``place_id``, ``lon lat``
        [deg] of a point inside, ``area_km2`` of the part inside, and that part in EPSG:4326. A cell
        on a border is cut, and each part belongs to its own place.

    Raises
    ------
    InputError
        If spacing or share are out of range, there is no place, or there would be more than 50,000
        cells.

    Warns
    -----
    SitingWarning
        Where there is no cell, since cells are larger than the places.

    Notes
    -----
    The grid is laid in the equal-area frame of siting, anchored at its origin, so the same spacing
    gives the same cells whatever places are asked for. An hexagon has the area spacing^2 x 0.866.

    Examples
    --------
    >>> square = gpd.GeoDataFrame(
    ...     index=pd.Index(["p"], name="place_id"), geometry=[shapely.box(121, 31, 121.1, 31.1)],
    ...     crs=4326)
    >>> cells = grid(square, spacing_m=2000, shape="square", least_share=0)
    >>> round(float(cells["area_km2"].sum()), 1)  # 9.545 km x 11.087 km
    105.8
    """
    if not isinstance(places, gpd.GeoDataFrame) or places.empty or places.crs is None:
        stop(
            code="E-CAN-07",
            sheet="places",
            reason="应为带坐标系的地区，至少一个",
            reason_en="give at least one place, with a geometry and its frame",
            fix="例如 siting.places.load() 的 places",
            fix_en="For instance the places of siting.places.load()",
        )
    require_unique(places.index, "places")
    check_choice(shape, SHAPES, "shape")
    _check_numbers(spacing_m, least_share)
    metric = to_metric(places[["geometry"]])
    bounds = metric.total_bounds
    _check_size(bounds, spacing_m)
    cells = _cells(bounds, float(spacing_m), shape)
    tree = shapely.STRtree(cells)
    whole = float(shapely.area(cells[0])) if len(cells) else 1.0
    parts = []
    for key, outline in metric.geometry.items():
        met = np.sort(tree.query(outline, predicate="intersects"))
        cut = shapely.intersection(cells[met], outline)
        keep = shapely.area(cut) > max(least_share * whole, 1e-6)
        names = [f"{key}-{i + 1:04d}" for i in range(int(keep.sum()))]
        frame = gpd.GeoDataFrame({"place_id": key}, index=names, geometry=cut[keep], crs=metric.crs)
        parts.append(frame)
    made = _finished(to_wgs84(pd.concat(parts)), "candidate_id")
    _say_empty(made, spacing_m)
    return made


def _say_empty(cells: gpd.GeoDataFrame, spacing_m: float) -> None:
    """Warn where no cell is left."""
    found = Findings()
    if cells.empty:
        found.append(
            Finding(
                code="W-CAN-01",
                severity="warning",
                column="spacing_m",
                value=f"{spacing_m:g}",
                reason="没有得到任何单元：单元比地区大",
                reason_en="there is no cell: cells are larger than the places",
                fix="请减小 spacing_m 或 least_share",
                fix_en="Take a smaller spacing_m or least_share",
            )
        )
    found.warn(stacklevel=4)


def parks(
    source: str | os.PathLike[str] | gpd.GeoDataFrame,
    places: gpd.GeoDataFrame,
    *,
    frame: str = "wgs84",
) -> gpd.GeoDataFrame:
    """
    Take the user's own park polygons as candidates, each in the place that holds most of it.

    Parameters
    ----------
    source
        A GeoJSON, GeoPackage or shapefile, or a frame of polygons.
    places
        Polygons by ``place_id`` in EPSG:4326.
    frame
        Frame of the coordinates in `source`.

    Returns
    -------
    GeoDataFrame
        By ``candidate_id``: ``name_zh`` where the file has names, ``place_id``, ``place_share`` (of
        its area in that place, 0..1), ``lon lat`` [deg], ``area_km2`` and the polygon.

    Raises
    ------
    InputError
        If the file is not what it claims, or a park lies in no place.

    Examples
    --------
    >>> box = lambda *ends: [shapely.box(*ends)]
    >>> towns = gpd.GeoDataFrame(
    ...     index=pd.Index(["p"], name="place_id"), geometry=box(121.1, 31, 121.2, 31.1), crs=4326)
    >>> own = gpd.GeoDataFrame({"name": ["甲园"]}, geometry=box(121.12, 31.02, 121.13, 31.03), crs=4326)
    >>> parks(own, towns)[["place_id", "place_share"]].values.tolist()
    [['p', 1.0]]
    """
    read = _own(source, frame)
    metric, ground = to_metric(read[["geometry"]]), to_metric(places[["geometry"]])
    shares = pd.DataFrame(
        {
            key: shapely.area(shapely.intersection(metric.geometry.to_numpy(), outline))
            for key, outline in ground.geometry.items()
        },
        index=read.index,
    ).div(shapely.area(metric.geometry.to_numpy()), axis=0)
    lost = shares.max(axis=1) <= 0
    Findings(
        Finding(
            code="E-CAN-06",
            sheet="parks",
            value=str(key),
            reason="园区不在任何一个地区内",
            reason_en="the park lies in none of the places",
            fix="请核对坐标系，或换一批地区",
            fix_en="Check its frame, or take other places",
        )
        for key in read.index[lost]
    ).stop()
    made = read.copy()
    made["place_id"] = shares.idxmax(axis=1)
    made["place_share"] = shares.max(axis=1).round(12)
    return _finished(made, "candidate_id")


def _own(source: str | os.PathLike[str] | gpd.GeoDataFrame, frame: str) -> gpd.GeoDataFrame:
    read = read_boundaries(source, frame=frame, units=False)
    names = next((c for c in ("name_zh", "name", "名称", "园区", "园区名称") if c in read), None)
    columns = {} if names is None else {"name_zh": read[names].astype(str).to_numpy()}
    made = gpd.GeoDataFrame(columns, geometry=read.geometry.to_numpy(), crs=read.crs)
    made.index = pd.Index([f"park-{i + 1:04d}" for i in range(len(made))])
    return made


def _finished(made: gpd.GeoDataFrame, name: str) -> gpd.GeoDataFrame:
    """Return the candidates with a point inside and their area."""
    inner = shapely.point_on_surface(made.geometry.to_numpy())
    made = made.assign(lon=shapely.get_x(inner), lat=shapely.get_y(inner))
    made["area_km2"] = area_km2(made).to_numpy()
    made.index.name = name
    return made


def _cells(bounds: npt.NDArray[np.float64], spacing: float, shape: str) -> npt.NDArray[np.object_]:
    """Return the cells that touch the bounds, row by row from the south-west."""
    west, south, east, north = bounds
    tall = spacing if shape == "square" else spacing * np.sqrt(3) / 2
    rows = np.arange(np.floor(south / tall) - 1, np.ceil(north / tall) + 2)
    columns = np.arange(np.floor(west / spacing) - 1, np.ceil(east / spacing) + 2)
    across, up = np.meshgrid(columns, rows)
    x, y = across.ravel() * spacing, up.ravel()
    if shape == "square":
        half = spacing / 2
        return np.asarray(shapely.box(x - half, y * tall - half, x + half, y * tall + half))
    x = x + np.where(y % 2 == 1, spacing / 2, 0.0)
    turns = np.deg2rad(np.arange(30, 390, 60))
    radius = spacing / np.sqrt(3)
    corners = np.column_stack([np.cos(turns), np.sin(turns)]) * radius
    middles = np.column_stack([x, y * tall])
    return np.asarray(shapely.polygons(middles[:, None, :] + corners[None, :, :]))


def _check_numbers(spacing_m: float, least_share: float) -> None:
    given = {"spacing_m": spacing_m, "least_share": least_share}
    real = {
        name: isinstance(one, Real) and not isinstance(one, bool) for name, one in given.items()
    }
    good = (
        real["spacing_m"] and np.isfinite(spacing_m) and spacing_m > 0,
        real["least_share"] and 0 <= least_share <= 1,
    )
    Findings(
        Finding(
            code="E-CAN-04",
            column=name,
            value=str(value),
            reason="间距须为正的米数，份额须在 0 到 1 之间",
            reason_en="spacing is a positive number of metres, a share between 0 and 1",
            fix="例如 spacing_m=1000",
            fix_en="For instance spacing_m=1000",
        )
        for ok, (name, value) in zip(good, given.items(), strict=True)
        if not ok
    ).stop()


def _check_size(bounds: npt.NDArray[np.float64], spacing_m: float) -> None:
    west, south, east, north = bounds
    count = (east - west) * (north - south) / spacing_m**2
    if count > MOST:
        stop(
            code="E-CAN-05",
            column="spacing_m",
            value=f"{spacing_m:g}",
            reason=f"格网约有 {count:,.0f} 个单元，超过 {MOST:,}",
            reason_en=f"the grid would have some {count:,.0f} cells, more than {MOST:,}",
            fix="请加大间距，或只选几个地区",
            fix_en="Take a wider spacing, or fewer places",
        )
