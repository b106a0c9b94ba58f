"""Which place each point lies in: exactly one for a point on a border, none outside, all counted."""

from __future__ import annotations

from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from siting.errors import Finding, Findings, stop
from siting.points.cells import Floats
from siting.points.locating import Locator

NAMED = 1000  # bad rows that get a finding each; the others are counted in one more


def assign(lon: Any, lat: Any, places: Any) -> pd.Series:
    """
    Return the place that each point lies in.

    Parameters
    ----------
    lon, lat : array-like or Series
        Coordinates [deg, WGS-84], one of each for a point; two Series have the same index.
    places : GeoDataFrame or Locator
        Polygons with ids as index, as `siting.places.read_places` gives them; or what
        `Locator.of(places)` made of them, for a table that comes in chunks.

    Returns
    -------
    Series
        ``place_id`` for each point, missing where no place has it; index of `lon` if it is a
        Series, else a RangeIndex. ``.attrs`` counts the points: ``assigned``, of these
        ``on_border`` of their place, ``outside`` all places, ``missing`` a coordinate.

    Raises
    ------
    InputError
        If a coordinate is no number (each row is named), the two differ in number or index, or the
        places are not fit: see `Locator.of`.

    Notes
    -----
    The answer is that of one exact test per place and point (``shapely.intersects_xy``), found
    with far fewer tests: see `siting.points.cells`. A point on a border, or where places overlap,
    is given to the lowest id, compared as text, whatever the order of the rows. Points with an
    infinite coordinate are missing one; points beyond 180 or 90 degrees are outside.

    Examples
    --------
    Two squares side by side, a point in each, one on their common border, one outside:

    >>> import geopandas as gpd, shapely
    >>> squares = [shapely.box(121, 31, 122, 32), shapely.box(122, 31, 123, 32)]
    >>> places = gpd.GeoDataFrame(index=["b", "a"], geometry=squares, crs=4326)
    >>> found = assign([121.5, 122.5, 122.0, 120.0], [31.5, 31.5, 31.2, 31.5], places)
    >>> found.fillna("-").tolist()
    ['b', 'a', 'a', '-']
    >>> found.attrs
    {'assigned': 3, 'outside': 1, 'missing': 0, 'on_border': 1}
    """
    locator = Locator.of(places)
    x, y = coordinates(lon, lat)
    ranks, account = locator.ranks(x, y)
    index = next((one.index for one in (lon, lat) if isinstance(one, pd.Series)), None)
    named = locator.ids.array.take(ranks, allow_fill=True)  # -1 takes the missing value
    found = pd.Series(named, index=index, name="place_id", copy=False)
    found.attrs.update(account)
    return found


def coordinates(lon: Any, lat: Any) -> tuple[Floats, Floats]:
    """Return longitudes and latitudes as floats, missing ones as NaN; stop unless they pair up."""
    x, y = numbers(lon, "lon"), numbers(lat, "lat")
    both = isinstance(lon, pd.Series) and isinstance(lat, pd.Series)
    if x.shape != y.shape or (both and not lon.index.equals(lat.index)):
        stop(
            code="E-ASG-05",
            column="lon, lat",
            value=f"{x.size} / {y.size}",
            reason="经度与纬度的个数或索引不一致",
            reason_en="longitudes and latitudes differ in number or index",
            fix="请成对给出经度和纬度",
            fix_en="Give them in pairs",
        )
    return x, y


def numbers(values: Any, name: str, rows: pd.Series | None = None) -> Floats:
    """
    Return a column of numbers as floats, missing ones as NaN.

    Text is refused row by row: what it means is for `siting.points.read_points` to judge. `rows`
    are the rows that a spreadsheet shows, where they are known.
    """
    column = values if isinstance(values, pd.Series) else _column(values, name)
    kind = column.dtype
    if pd.api.types.is_numeric_dtype(kind) and kind.kind in "iuf":
        if isinstance(kind, np.dtype):
            return column.to_numpy(dtype="float64")  # not copied where they are floats
        return column.to_numpy(dtype="float64", na_value=np.nan)
    cells, missing = column.to_numpy(dtype=object, copy=True), column.isna().to_numpy()
    real = np.array([isinstance(cell, (Real, Decimal)) for cell in cells], dtype=bool)
    stop_at_rows(
        column,
        np.flatnonzero(~(real | missing)),
        rows,
        code="E-ASG-04",
        column=name,
        reason="不是数",
        reason_en="not a number",
        fix="请用 siting.points.read_points 读表，或先把这一列转成数",
        fix_en="Read the table with siting.points.read_points, or turn the column into numbers",
    )
    cells[missing] = np.nan
    return cells.astype("float64")


def stop_at_rows(
    cells: pd.Series, bad: npt.NDArray[np.intp], rows: pd.Series | None, **said: Any
) -> None:
    """Stop, if there are any, with a finding for each of the `bad` positions of a column."""
    findings = Findings()
    for i in bad[:NAMED]:
        if rows is None:
            findings.append(Finding(value=f"{cells.index[i]}: {cells.iloc[i]}", **said))
        else:
            findings.append(Finding(value=str(cells.iloc[i]), row=int(rows.iloc[i]), **said))
    if bad.size > NAMED:
        findings.append(Finding(value=f"… + {bad.size - NAMED}", **said))
    findings.stop()


def _column(values: Any, name: str) -> pd.Series:
    """Return a list of values, an array or one value as a column."""
    try:
        return pd.Series(values, copy=False)
    except (TypeError, ValueError) as error:
        stop(
            code="E-ASG-04",
            column=name,
            value=str(error),
            reason="不是一列数",
            reason_en="not a column of numbers",
            fix="请给一维的数组、列表或 Series",
            fix_en="Give a list, a Series or an array of one dimension",
        )
