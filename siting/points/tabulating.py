"""How many rows of each category, or how much of their weight, every place has; no row is lost."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from siting.errors import Finding, Findings, stop
from siting.points.assigning import coordinates, numbers, stop_at_rows
from siting.points.cells import Floats
from siting.points.locating import Locator
from siting.schema import require_columns

MOST_CELLS = 50_000_000  # of a table: more, and `by` names a column of ids, not of categories
HEAVIEST = 1e200  # no sum of such weights can overflow

Codes = npt.NDArray[np.int64]


def tabulate(frame: Any, places: Any, *, by: str, weight: str | None = None) -> pd.DataFrame:
    """
    Count the rows of each category in each place, or add up their weights.

    Parameters
    ----------
    frame : DataFrame or Points
        A row per firm, park or job: the column `by`, and ``place_id``, or else ``lon`` and ``lat``
        [deg, WGS-84]. Where there is a ``place_id`` it is believed, and no point is tested.
    places : GeoDataFrame or Locator
        As for `siting.points.assign`.
    by
        Column of categories. They become text (13 and 13.0 are "13"); a blank one is missing.
    weight
        Column of weights, finite and not negative: employees, floor area, money [any unit].

    Returns
    -------
    DataFrame
        Index ``place_id``: all places, in their order. Columns: all categories of the frame, sorted
        as text. Counts are integers; sums of weights [unit of the weights] are floats, the same
        whatever the order of the rows. ``.attrs`` accounts for the rows: ``total`` is ``used``
        (in the table), ``unassigned`` (in no place) and ``missing_category`` (in a place, but of no
        category) together; with weights, ``weights`` has the same four for the sums.
        ``unknown_places`` counts the rows of each ``place_id`` that is none of the places.

    Raises
    ------
    InputError
        If a column is missing; if a weight is missing, negative, infinite, beyond 1e200 or no
        number: each row is named; if there are more than 50 million cells; or as `assign`.

    Warns
    -----
    SitingWarning
        If a ``place_id`` is none of the places: such rows count as unassigned.

    Notes
    -----
    Weights are added without rounding: each is cut into pieces on common grids, whose sums are exact
    (Rump, Ogita and Oishi 2008, section 3), and only the sums of the pieces are rounded.

    References
    ----------
    S. M. Rump, T. Ogita, S. Oishi, Accurate floating-point summation part I: faithful rounding,
    SIAM J. Sci. Comput. 31 (2008), 189-224.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> squares = [shapely.box(121, 31, 122, 32), shapely.box(122, 31, 123, 32)]
    >>> places = gpd.GeoDataFrame(index=["b", "a"], geometry=squares, crs=4326)
    >>> firms = pd.DataFrame({"lon": [121.5, 121.6, 120.0], "lat": 31.5, "kind": ["x", "y", "x"]})
    >>> table = tabulate(firms, places, by="kind")
    >>> table
    kind      x  y
    place_id
    b         1  1
    a         0  0
    >>> table.attrs["used"], table.attrs["unassigned"], table.attrs["total"]
    (2, 1, 3)
    """
    rows = _rows(frame)
    located = ["place_id"] if "place_id" in rows.columns else ["lon", "lat"]
    _check_columns(rows, [*located, by] if weight is None else [*located, by, weight])
    locator = Locator.of(places)
    size = None if weight is None else _weights(rows, weight)
    rank, account = _placed(rows, locator)
    category, names = texts(rows[by])
    _check_size(locator.ids.size, names.size, by)
    in_table = locator.ids.size * names.size
    cell = rank * np.int64(names.size) + category
    cell[category < 0] = in_table + 1
    cell[rank < 0] = in_table
    counts = np.bincount(cell, minlength=in_table + 2)
    sums = counts if size is None else exact_sums(cell, size, in_table + 2)
    table = pd.DataFrame(
        sums[:in_table].reshape(locator.ids.size, names.size),
        index=pd.Index(locator.ids, name="place_id"),
        columns=names.rename(by),
    ).reindex(locator.order.rename("place_id"))
    table.attrs.update(account | _account(counts))
    if size is not None:
        table.attrs.update({"weight": weight, "weights": _account(sums)})
    return table


def texts(column: pd.Series) -> tuple[Codes, pd.Index]:
    """
    Return the distinct values of a column as sorted texts, and which of them each row has.

    Rows without a value have -1, and so have blank texts. Whole numbers lose their ".0": a column
    of codes with a gap is one of floats in pandas.

    Examples
    --------
    >>> texts(pd.Series(["b", "a", None, "b", " "]))[0].tolist()
    [1, 0, -1, 1, -1]
    >>> list(texts(pd.Series([2, 1.0, np.nan]))[1])
    ['1', '2']
    """
    code, values = pd.factorize(column)
    written = [
        str(int(one)) if isinstance(one, (float, np.floating)) and one.is_integer() else str(one)
        for one in values
    ]
    names = pd.Index(sorted({one for one in written if one.strip()}), dtype="str")
    return np.append(names.get_indexer(pd.Index(written)), -1)[code], names


def exact_sums(cell: Codes, weight: Floats, length: int) -> Floats:
    """
    Return the sum of the weights of each of `length` cells, the same whatever the order of rows.

    Examples
    --------
    A weight of 1 would be lost beside 1e16, if they were added as they come:

    >>> exact_sums(np.zeros(3, dtype=int), np.array([1e16, 1.0, 1.0]), 1).tolist()
    [1.0000000000000002e+16]
    """
    pieces = []
    rest = weight
    while rest.size and (largest := float(np.abs(rest).max())) > 0:
        # adding and taking off this power of two rounds to a grid on which all sums have 53 bits
        grid = math.ldexp(1.0, math.frexp(largest)[1] + weight.size.bit_length() + 1)
        piece = (rest + grid) - grid
        rest = rest - piece
        pieces.append(np.bincount(cell, weights=piece, minlength=length))
    return np.sum(pieces[::-1], axis=0) if pieces else np.zeros(length)


def _rows(frame: Any) -> pd.DataFrame:
    """Return the rows of a frame, or of Points."""
    rows = frame if isinstance(frame, pd.DataFrame) else getattr(frame, "frame", None)
    if isinstance(rows, pd.DataFrame):
        return rows
    stop(
        code="E-ASG-06",
        column="frame",
        value=type(frame).__name__,
        reason="不是一张表",
        reason_en="not a table",
        fix="请给 siting.points.read_points 的结果，或 DataFrame",
        fix_en="Give what siting.points.read_points returns, or a DataFrame",
    )


def _check_columns(rows: pd.DataFrame, needed: list[str]) -> None:
    """Stop unless each column that is needed is there, once."""
    for name in needed:
        if not isinstance(name, str) or list(rows.columns).count(name) > 1:
            stop(
                code="E-ASG-07",
                sheet="points",
                column=str(name),
                reason="应为一列的列名，且只出现一次",
                reason_en="not the name of one column",
                fix=f"现有的列：{'、'.join(map(str, rows.columns))}",
                fix_en=f"Columns found: {', '.join(map(str, rows.columns))}",
            )
    require_columns(rows, needed, "points")


def _check_size(places: int, categories: int, by: str) -> None:
    """Stop if the table would fill the memory, which no table of categories does."""
    if places * categories > MOST_CELLS:
        stop(
            code="E-ASG-09",
            sheet="points",
            column=by,
            value=f"{places} x {categories}",
            reason="类别太多，像是编号而不是类别",
            reason_en="too many categories: this looks like a column of ids",
            fix="请换成行业、领域一类的列",
            fix_en="Name a column such as sector or field",
        )


def _weights(rows: pd.DataFrame, weight: str) -> Floats:
    """Return the weights, or stop with every row whose weight cannot be added."""
    shown = rows.get("source_row")
    found = numbers(rows[weight], weight, shown)
    stop_at_rows(
        rows[weight],
        np.flatnonzero(~((found >= 0) & (found <= HEAVIEST))),
        shown,
        code="E-ASG-08",
        sheet="points",
        column=weight,
        reason="权重缺失、为负或不是有限数",
        reason_en="weight missing, negative or not finite",
        fix="请给出不小于 0 的数；要当作 0 的请写 0",
        fix_en="Give a number of at least 0; write 0 where 0 is meant",
    )
    return found


def _placed(rows: pd.DataFrame, locator: Locator) -> tuple[Codes, dict[str, Any]]:
    """Return the position in the ids of the locator of each row, -1 for none, and the account."""
    if "place_id" not in rows.columns:
        ranks, account = locator.ranks(*coordinates(rows["lon"], rows["lat"]))
        return ranks.astype(np.int64), dict(account)
    code, ids = texts(rows["place_id"])
    rank = np.append(locator.ids.get_indexer(ids), -1)
    per_id = np.bincount(code[code >= 0], minlength=ids.size)
    unknown = {one: int(per_id[i]) for i, one in enumerate(ids) if rank[i] < 0}
    Findings(
        Finding(
            code="W-ASG-01",
            severity="warning",
            sheet="points",
            column="place_id",
            value=one,
            reason=f"地区表里没有这个编号，{n} 行计入未分配",
            reason_en=f"no place has this id; its {n} rows count as unassigned",
            fix="请核对编号、层级与区划年份",
            fix_en="Check the id, the level and the vintage",
        )
        for one, n in unknown.items()
    ).warn(stacklevel=4)
    return rank[code], {"unknown_places": unknown}


def _account(sums: npt.NDArray[Any]) -> dict[str, Any]:
    """Return what is in the table, what is behind it, and all of it."""
    add = math.fsum if sums.dtype.kind == "f" else sum
    *used, unassigned, missing_category = sums.tolist()
    return {
        "used": add(used),
        "unassigned": unassigned,
        "missing_category": missing_category,
        "total": add(sums.tolist()),
    }
