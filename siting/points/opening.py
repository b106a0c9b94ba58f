"""Files opened as what they are: the first bytes against the ending, then the reader for it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

from siting.errors import Finding, Findings, stop, visible
from siting.files import local_file
from siting.points.cellular import Cells, gather, tidy_headings
from siting.points.delimited import no_rows, read_delimited
from siting.points.headings import finds_axes, header_row
from siting.points.layers import read_geojson_points, read_geopackage_points, read_shapefile_points
from siting.sheets import Table, read_workbook_text

TEXT = (".csv", ".tsv", ".txt")
SUFFIXES = (*TEXT, ".xlsx", ".geojson", ".json", ".gpkg", ".shp", ".zip", ".parquet")
_ROW_LIMITS = (65_536, 1_048_576)  # rows of an .xls and of an .xlsx sheet
_KINDS: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", "压缩包或 .xlsx", "a zip archive or an .xlsx"),
    (b"\xd0\xcf\x11\xe0", "旧式 .xls 或带密码的工作簿", "an old .xls or one with a password"),
    (b"SQLite format 3\0", "数据库（GeoPackage）", "a database (GeoPackage)"),
    (b"PAR1", "Parquet", "Parquet"),
    (b"%PDF", "PDF", "PDF"),
    (b"\x00\x00\x27\x0a", "Shapefile 的 .shp", "the .shp of a shapefile"),
    (b"\x1f\x8b", "gzip 压缩文件", "a gzip file"),
    (b"Rar!", "RAR 压缩包", "a RAR archive"),
    (b"7z\xbc\xaf", "7z 压缩包", "a 7z archive"),
    (b"\x89PNG", "图片", "a picture"),
    (b"\xff\xd8\xff", "图片", "a picture"),
)
_STARTS = {
    ".xlsx": b"PK\x03\x04",
    ".zip": b"PK\x03\x04",
    ".gpkg": b"SQLite format 3\0",
    ".shp": b"\x00\x00\x27\x0a",
    ".parquet": b"PAR1",
}


def open_cells(
    path: str | os.PathLike[str],
    columns: Mapping[str, str | None],
    *,
    encoding: str | None,
    sheet: str | None,
    chunk: int | None,
) -> Iterator[Cells]:
    """
    Yield the rows of a file, whatever its kind; in pieces of `chunk` rows if it is text.

    Raises
    ------
    InputError
        If it is no local file, of another kind than its ending says, damaged, too large or empty.
    """
    file = local_file(path, suffixes=SUFFIXES if chunk is None else TEXT)
    suffix = file.suffix.lower()
    try:
        with file.open("rb") as raw:
            head = raw.read(512)
        _check_kind(file, suffix, head)
        if suffix in TEXT:
            yield from _limited(read_delimited(file, columns, encoding=encoding, chunk=chunk))
        elif suffix == ".xlsx":
            yield from _limited(iter([_workbook(file, columns, sheet)]))
        elif suffix == ".parquet":
            yield _parquet(file)
        elif suffix == ".gpkg":
            yield read_geopackage_points(file, layer=sheet)
        else:
            reader = read_geojson_points if "json" in suffix else read_shapefile_points
            yield reader(file)
    except OSError as error:
        stop(
            code="E-PNT-03",
            file=file.name,
            value=str(error.strerror or error),
            reason="文件打不开",
            reason_en="the file cannot be opened",
            fix="请关闭占用它的程序，或检查权限",
            fix_en="Close the program that holds it, or check the permissions",
        )


def _check_kind(file: Path, suffix: str, head: bytes) -> None:
    """Stop if the first bytes belong to another kind of file than the ending says."""
    body = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    should = _STARTS.get(suffix)
    if should and head.startswith(should):
        return
    for start, zh, en in _KINDS:
        if head.startswith(start):
            _another(file, zh, en)
    if body[:1] == b"<" and (b"<" in head[1:] or b">" in head):
        _another(file, "网页或 XML", "a web page or XML")
    if should and not head.strip(b"\0"):
        _another(file, "空文件", "an empty file")
    if should:
        _another(file, "文本（如 CSV）", "text, such as CSV")


def _another(file: Path, zh: str, en: str) -> NoReturn:
    stop(
        code="E-PNT-12",
        file=file.name,
        value=file.suffix,
        reason=f"名不副实：内容是{zh}",
        reason_en=f"not what its ending says: it is {en}",
        fix="请改用与内容相符的后缀，或另存为 .csv 或 .xlsx",
        fix_en="Give it the right ending, or save it as .csv or .xlsx",
    )


def _limited(pieces: Iterator[Cells]) -> Iterator[Cells]:
    """Pass the pieces on; warn at the end if the rows are exactly as many as a sheet can hold."""
    last = 0
    for cells in pieces:
        odd = cells.odd[-1][0] if cells.odd else 0
        last = max(last, cells.numbers[-1] if cells.numbers else 0, odd)
        if last in _ROW_LIMITS:
            cells.findings.append(
                Finding(
                    "W-PNT-06",
                    f"行数正好是表格软件的上限 {last}，数据可能被截断",
                    "请核对原始数据的条数",
                    f"exactly {last} rows, the limit of a spreadsheet: rows may have been cut off",
                    "Compare with the number of records at the source",
                    severity="warning",
                    row=last,
                    **cells.spot,
                )
            )
        yield cells


def _workbook(file: Path, columns: Mapping[str, str | None], sheet: str | None) -> Cells:
    """Return the one sheet with coordinates, or the one asked for."""
    tables = read_workbook_text(file)
    if sheet is not None and sheet not in tables:
        _which_sheet(file, sheet, list(tables), "没有这个表", "no such sheet")
    full = {name: t for name, t in tables.items() if t.rows and sheet in (None, name)}
    if not full:
        _which_sheet(file, "", list(tables), "工作簿是空的", "the workbook is empty")
    known = {
        name: table for name, table in full.items() if _has_axes(table, columns)
    } or full  # no sheet has coordinates: the first one says what is missing
    if len(known) > 1 and sheet is None and known is not full:
        zh, en = "不止一个表有坐标", "several sheets have coordinates"
        _which_sheet(file, "", list(known), zh, en)
    table = next(iter(known.values()))
    at = header_row(table.rows, columns) or 0
    spot = {"file": file.name, "sheet": table.sheet}
    headings, at, findings = tidy_headings(table.rows, at, table.numbers, spot)
    if at + 1 == len(table.rows):
        raise no_rows(spot, table.numbers[at])
    below = zip(table.numbers[at + 1 :], table.rows[at + 1 :], strict=True)
    texts, numbers, odd = gather(below, len(headings), padded=True)
    cells = Cells(file.name, table.sheet, headings, texts, numbers, odd)
    cells.row_of_headings = table.numbers[at]
    cells.findings = findings
    _take_faults(cells, table)
    cells.filled = {
        (row, headings[i])
        for row, cut in zip(table.numbers[at + 1 :], table.rows[at + 1 :], strict=True)
        for i, text in enumerate(cut[: len(headings)])
        if (row, i) in table.filled and text.strip()
    }
    return cells


def _has_axes(table: Table, columns: Mapping[str, str | None]) -> bool:
    """Whether a sheet has headings for coordinates."""
    at = header_row(table.rows, columns)
    return at is not None and finds_axes(table.rows[at], columns)


def _take_faults(cells: Cells, table: Table) -> None:
    """Turn the findings of the sheet into faults of cells; keep the others."""
    reasons = {"E-TAB-17": "formula", "E-TAB-18": "error_cell"}
    for finding in table.findings:
        reason = reasons.get(finding.code)
        if reason is None:
            cells.findings.append(finding)
        elif finding.row is not None and finding.row > cells.row_of_headings:
            position = _position(finding.column)
            if position < len(cells.headings):
                cells.faults[finding.row, cells.headings[position]] = reason


def _position(letters: str) -> int:
    """Return the position of a spreadsheet column, counted from 0."""
    position = 0
    for one in letters:
        position = position * 26 + ord(one) - ord("A") + 1
    return position - 1


def _which_sheet(file: Path, value: str, names: list[str], zh: str, en: str) -> NoReturn:
    stop(
        code="E-PNT-13",
        file=file.name,
        value=value,
        reason=zh,
        reason_en=en,
        fix=f'请用 sheet="{visible(names[0])}" 这样的写法指明其中一个：{"、".join(names)}',
        fix_en=f'Name one, as in sheet="{visible(names[0])}": {", ".join(names)}',
    )


def _parquet(file: Path) -> Cells:
    """Return a Parquet table as text, if the package that reads it is installed."""
    try:
        import pyarrow.parquet as pq  # type: ignore[import-not-found]  # noqa: PLC0415
    except ImportError:
        stop(
            code="E-PNT-14",
            file=file.name,
            reason="读取 Parquet 需要 pyarrow，这里没有安装",
            reason_en="Parquet needs pyarrow, which is not installed here",
            fix="请安装 pyarrow（14.0.1 以上），或另存为 CSV",
            fix_en="Install pyarrow (14.0.1 or newer), or save the table as CSV",
        )
    try:
        table: Any = pq.ParquetFile(file).read()
        columns = {
            name: ["" if one is None else str(one) for one in column.to_pylist()]
            for name, column in zip(table.column_names, table.columns, strict=True)
        }
    except Exception as error:  # noqa: BLE001 (a damaged file can fail anywhere inside)
        _another(file, f"损坏的 Parquet（{type(error).__name__}）", "damaged Parquet")
    spot = {"file": file.name, "sheet": ""}
    headings, _, findings = tidy_headings([list(columns)], 0, [0], spot)
    numbers = list(range(1, table.num_rows + 1))
    return Cells(
        file.name, "", headings, list(columns.values()), numbers, findings=Findings(findings)
    )
