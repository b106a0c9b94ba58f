"""A table of firms or parks of any quality, read so that every row is accounted for."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Literal

import shapely

from siting.crs import FRAMES, to_wgs84
from siting.errors import Findings, stop
from siting.points.accounting import account
from siting.points.headings import check_columns
from siting.points.judging import SHANGHAI, Rules
from siting.points.opening import open_cells
from siting.points.record import Points
from siting.schema import check_choice


def read_points(
    path: str | os.PathLike[str],
    *,
    frame: str = "wgs84",
    columns: Mapping[str, str | None] | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    within: Any = None,
    swap: Literal["refuse", "fix"] = "refuse",
    missing_weight: Literal["reject", "zero", "keep"] = "reject",
    dedupe: bool = False,
    sectors: Collection[str] | None = None,
) -> Points:
    """
    Read a table of firms, parks or institutes with coordinates, whatever its quality.

    Parameters
    ----------
    path
        A local ``.csv``, ``.tsv``, ``.txt``, ``.xlsx``, ``.geojson``, ``.json``, ``.gpkg``,
        ``.shp``, ``.zip`` (one shapefile) or ``.parquet`` (with pyarrow) file.
    frame : {"wgs84", "cgcs2000", "gcj02", "bd09"}
        What the coordinates are in. Amap gives ``gcj02``, Baidu ``bd09``.
    columns
        Headings by role, where they are not the usual ones: ``lon`` and ``lat``, or ``lonlat`` for
        both in one cell; ``name``, ``id``, ``weight``, ``sector``, ``place``. None as a heading
        means that there is no such column. ``{"经度": "lon"}`` is understood too.
    encoding
        The encoding of a text file, if it shall not be found out.
    sheet
        The sheet of a workbook; needed if several have coordinates.
    within
        The study area: (west, south, east, north) [deg, WGS-84], a polygon in WGS-84, or a
        GeoDataFrame. Shanghai and a rim of some 5 km (120.85, 30.65, 122.35, 31.9) without it.
    swap : {"refuse", "fix"}
        Whether rows whose axes are swapped are rejected, or swapped back.
    missing_weight : {"reject", "zero", "keep"}
        What a row without a weight is: rejected, 0, or kept with NaN.
    dedupe
        Whether rows that repeat a row before in every cell are rejected.
    sectors
        The codes that the sector column may hold, of one declared edition.

    Returns
    -------
    Points
        ``frame``, a row per row that stands, and ``report``, the account of all.

    Raises
    ------
    InputError
        If the file is not what it claims, is empty, cannot be decoded, or has no coordinates; if
        two columns could be the longitude, the latitude or the weight.

    Warns
    -----
    SitingWarning
        For each reason to reject or repair rows, with their number and the first of them; for
        doubled ids, equal rows, 20 and more rows at one point, dates among names.

    Notes
    -----
    Everything is read as text: codes keep their zeros and their last digits, and a firm called NA
    stays. Numbers are read in the forms of `siting.points.numbers.figure`, coordinates in decimals
    or degrees, minutes and seconds. A row is rejected for one reason, the first of: total row,
    error or formula, coordinate (missing, unreadable, 0,0, swapped, in another unit, outside),
    weight, id, sector, duplicate. Blank rows do not count.

    The frame is believed: GCJ-02 coordinates that are read as WGS-84 lie some 475 m off, mostly
    still inside the city. `siting.points.frame_doubts` notices where a column names the places.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "firms.csv")
    ...     text = "企业名称,经度,纬度,从业人数;甲,121.25,31.38,120;乙,121.3,31.3,35"
    ...     _ = file.write_text(text.replace(";", chr(10)), "utf-8")
    ...     points = read_points(file)
    >>> points.frame[["企业名称", "lon", "lat", "weight", "source_row"]].values.tolist()
    [['甲', 121.25, 31.38, 120.0, 2], ['乙', 121.3, 31.3, 35.0, 3]]
    >>> points.report.rows_in, points.report.used
    (2, 2)
    """
    rules = _rules(
        frame=frame,
        within=within,
        swap=swap,
        missing_weight=missing_weight,
        dedupe=dedupe,
        sectors=sectors,
    )
    asked = check_columns(columns)
    if sheet is not None and not isinstance(sheet, str):
        check_choice(sheet, ("表名",), "sheet")
    (cells,) = open_cells(path, asked, encoding=encoding, sheet=sheet, chunk=None)
    points = account(cells, asked, rules)
    Findings(points.report.findings).warn()
    return points


def scan_points(
    path: str | os.PathLike[str],
    *,
    chunk_rows: int = 500_000,
    frame: str = "wgs84",
    columns: Mapping[str, str | None] | None = None,
    encoding: str | None = None,
    within: Any = None,
    swap: Literal["refuse", "fix"] = "refuse",
    missing_weight: Literal["reject", "zero", "keep"] = "reject",
    dedupe: bool = False,
    sectors: Collection[str] | None = None,
) -> Iterator[Points]:
    """
    Read a text file that is larger than memory, `chunk_rows` rows at a time.

    Parameters
    ----------
    path
        A local ``.csv``, ``.tsv`` or ``.txt`` file.
    chunk_rows
        Rows in a chunk; the last one has fewer.
    frame, columns, encoding, within, swap, missing_weight, dedupe, sectors
        As `read_points`.

    Yields
    ------
    Points
        Each chunk with its own account; the accounts add up to that of the whole file.

    Raises
    ------
    InputError
        As `read_points`, when the chunk with the fault is reached.

    Notes
    -----
    Doubled ids, equal rows and piles of points are seen within a chunk only, `dedupe` included.
    The encoding is told from the first 8 MB; what follows has to keep to it.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "firms.csv")
    ...     rows = ["lon,lat", *(f"121.2{i},31.38" for i in range(5))]
    ...     _ = file.write_text(chr(10).join(rows), "utf-8")
    ...     [len(chunk) for chunk in scan_points(file, chunk_rows=2)]
    [2, 2, 1]
    """
    rules = _rules(
        frame=frame,
        within=within,
        swap=swap,
        missing_weight=missing_weight,
        dedupe=dedupe,
        sectors=sectors,
    )
    asked = check_columns(columns)
    if not isinstance(chunk_rows, int) or isinstance(chunk_rows, bool) or chunk_rows < 1:
        stop(
            code="E-PNT-15",
            column="chunk_rows",
            value=str(chunk_rows),
            reason="应为正整数",
            reason_en="a whole number of at least 1 is needed",
            fix="如 500000",
            fix_en="For instance 500000",
        )
    for cells in open_cells(path, asked, encoding=encoding, sheet=None, chunk=chunk_rows):
        points = account(cells, asked, rules)
        Findings(points.report.findings).warn()
        yield points


def _rules(
    *,
    frame: str,
    within: Any,
    swap: str,
    missing_weight: str,
    dedupe: bool,
    sectors: Collection[str] | None,
) -> Rules:
    """Return the options, each checked."""
    check_choice(frame, FRAMES, "frame")
    check_choice(swap, ("refuse", "fix"), "swap")
    check_choice(missing_weight, ("reject", "zero", "keep"), "missing_weight")
    check_choice(str(dedupe), ("True", "False"), "dedupe")
    if sectors is not None and (isinstance(sectors, str) or not isinstance(sectors, Collection)):
        _bad_option("sectors", sectors, "一组行业代码", "a collection of codes")
    return Rules(frame, _area(within), swap, missing_weight, bool(dedupe), sectors)


def _area(within: Any) -> Any:
    """Return the study area as a box or one polygon in WGS-84."""
    if within is None:
        return SHANGHAI
    if hasattr(within, "geometry") and hasattr(within, "crs"):
        return shapely.union_all(to_wgs84(within).geometry.to_numpy())
    if isinstance(within, shapely.Geometry) and within.area > 0:
        return within
    try:
        box = tuple(float(one) for one in within)
    except (TypeError, ValueError):
        box = ()
    if len(box) != 4 or not (box[0] < box[2] and box[1] < box[3]):
        _bad_option(
            "within",
            within,
            "（西, 南, 东, 北）四个度数或面",
            "(west, south, east, north) or a polygon",
        )
    return box


def _bad_option(name: str, value: Any, zh: str, en: str) -> None:
    stop(
        code="E-PNT-16",
        column=name,
        value=str(value),
        reason=f"应为{zh}",
        reason_en=f"{en} is needed",
        fix="请改正此参数",
        fix_en="Correct this option",
    )
