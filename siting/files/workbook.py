"""A workbook that an office can use as it is: text stays text, nothing is cut, it prints on A4."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
import xlsxwriter.exceptions

from siting.errors import Finding, Findings, InputError
from siting.files.disk import write_atomic

Paint = Callable[[str, object], tuple[str, str] | None]
_NOT_A_SHEET = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f\ufffe\uffff]|^'|'$|^(?i:history)$")
_HALF = re.compile("[\ud800-\udfff]")  # half of a character pair: UTF-8 has no place for it
_NO_HEADER = re.compile("[\x00-\x1f\ufffe\uffff\ud800-\udfff]")
_CELL_LIMIT = 32_767
_ROW_LIMIT = 1_048_576
# The font comes with every Chinese Windows; elsewhere the next one with hanzi takes its place.
_FONT = {"font_name": "Microsoft YaHei", "font_size": 10}
_STYLE = {"text_wrap": True, "valign": "top", "bottom": 1, "bottom_color": "#D5DCE3"}
_TEXT = {"align": "left", "indent": 1}
_LINE_PT, _TALLEST_PT = 16.5, 409.0
_WIDEST, _VERY_WIDEST, _MOST_LINES = 48.0, 100.0, 12
_A4 = 9


@dataclass(frozen=True)
class Sheet:
    """
    One sheet of a workbook: a frame whose columns are the headings, and how to show it.

    Parameters
    ----------
    frame
        What to write; its index is not written.
    formats
        Excel number format by heading.
    widths
        Width in characters by heading, where the one measured from the text will not do.
    title, notes
        What the sheet shows: printed above each page, and said in a list of contents.
    units, meanings
        Unit and meaning by heading, for a list of columns.
    paint
        Called with a heading and the value of a cell (for the heading itself with the heading
        twice); returns the colours of ground and letters, or None.
    links
        Heading of a column whose cells name sheets of this workbook: each becomes a link to it.
    filtered
        Whether the headings carry the buttons that sort and filter.
    """

    frame: pd.DataFrame
    formats: Mapping[str, str] = field(default_factory=dict)
    widths: Mapping[str, float] = field(default_factory=dict)
    title: str = ""
    notes: tuple[str, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    meanings: Mapping[str, str] = field(default_factory=dict)
    paint: Paint | None = None
    links: str | None = None
    filtered: bool = False


def write_workbook(
    path: str | os.PathLike[str], sheets: Mapping[str, Sheet], *, overwrite: bool = True
) -> Path:
    """
    Write an .xlsx in which every text is a text cell: no formula, the same bytes each time.

    Parameters
    ----------
    path
        The file.
    sheets
        Sheets by name, in their order. A missing value is an empty cell, a tuple is joined by 、.
    overwrite
        Whether an existing file may be replaced.

    Raises
    ------
    InputError
        If Excel could not hold the content: a sheet name, a row count or a cell that is too long.
    OutputError, ExistingOutputError
        As `write_atomic`.

    Notes
    -----
    The only links are those to sheets of the same workbook that `Sheet.links` asks for. Columns are
    as wide as their text up to a limit; longer text wraps in a row that is high enough for it.
    """
    _check_limits(sheets, Path(path).name)

    def write(part: Path) -> None:
        options = {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "default_format_properties": dict(_FONT),  # xlsxwriter writes into it
        }
        book = xlsxwriter.Workbook(part, options)
        # A fixed date: the same content must give the same bytes.
        book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001
        formats = _Formats(book)
        for name, sheet in sheets.items():
            _write_sheet(book.add_worksheet(name), sheet, formats, sheets)
        try:
            book.close()
        except xlsxwriter.exceptions.FileCreateError as error:
            raise error.args[0] from error  # the OSError inside says what the disk refused

    return write_atomic(path, write, overwrite=overwrite)


class _Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self.made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def get(self, paint: tuple[str, str] | None, **properties: Any) -> Any:
        """Return the format with these properties and colours."""
        whole = {**_FONT, **_STYLE, **properties}
        if paint is not None:
            whole |= {"bg_color": paint[0], "font_color": paint[1]}
        key = tuple(sorted(whole.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format(whole)
        return self.made[key]


def _write_sheet(page: Any, sheet: Sheet, formats: _Formats, sheets: Mapping[str, Sheet]) -> None:
    frame = sheet.frame
    columns = [_HALF.sub("\ufffd", str(column)) for column in frame.columns]
    cells = [[_cell(value) for value in frame.iloc[:, j]] for j in range(len(columns))]
    patterns = [sheet.formats.get(column, "General") for column in frame.columns]
    texts = [
        [column, *("" if cell is None else _shown(cell, pattern) for cell in column_cells)]
        for column, column_cells, pattern in zip(columns, cells, patterns, strict=True)
    ]
    widths = [
        sheet.widths.get(column, _fitting(column_texts, filtered=sheet.filtered))
        for column, column_texts in zip(frame.columns, texts, strict=True)
    ]
    for j, (column, column_cells) in enumerate(zip(columns, cells, strict=True)):
        head = _painted(sheet, column, column) or ("#E8EEF4", "#1B1B1B")
        page.write_string(
            0, j, column, formats.get(head, bold=True, bottom_color="#5B6B7A", **_TEXT)
        )
        for i, cell in enumerate(column_cells, start=1):
            paint = _painted(sheet, column, cell)
            kind = _TEXT if isinstance(cell, str) else {}
            body = formats.get(paint, num_format=patterns[j], **kind)
            if frame.columns[j] == sheet.links and cell in sheets:
                link = formats.get(paint, font_color="#0B5394", underline=1, **_TEXT)
                target = str(cell).replace("'", "''")
                page.write_url(i, j, f"internal:'{target}'!A1", link, string=str(cell))
            else:
                _write_cell(page, i, j, cell, body)
        page.set_column(j, j, widths[j])
    for i in range(len(frame) + 1):
        lines = max((_lines(texts[j][i], widths[j]) for j in range(len(columns))), default=1)
        if lines > 1:
            page.set_row(i, min(lines * _LINE_PT + 1.5, _TALLEST_PT))
    page.freeze_panes(1, 0)
    if sheet.filtered and len(frame) > 1:
        page.autofilter(0, 0, len(frame), len(columns) - 1)
    _set_up_print(page, sheet.title)


def _set_up_print(page: Any, title: str) -> None:
    page.set_paper(_A4)
    page.set_landscape()
    page.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.6)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    shown = _NO_HEADER.sub("\ufffd", title)[:100].replace("&", "&&")
    page.set_header(f"&L{shown}&R&A" if shown else "&R&A")
    page.set_footer("&C&P / &N")


def _painted(sheet: Sheet, heading: str, cell: object) -> tuple[str, str] | None:
    return None if sheet.paint is None or cell is None else sheet.paint(heading, cell)


def _write_cell(page: Any, i: int, j: int, cell: str | float | bool | None, body: Any) -> None:
    if cell is None:
        page.write_blank(i, j, None, body)
    elif isinstance(cell, bool):
        page.write_boolean(i, j, cell, body)
    elif isinstance(cell, str):
        page.write_string(i, j, cell, body)
    else:
        page.write_number(i, j, cell, body)


def _cell(value: object) -> str | float | bool | None:
    if isinstance(value, (tuple, list)):
        value = "、".join(map(str, value))
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        if abs(value) == float("inf"):  # Excel has no such number
            return "∞" if value > 0 else "-∞"
        return value if pd.notna(value) else None
    if isinstance(value, (bool, int)):
        return value
    return _HALF.sub("\ufffd", str(value))


def _shown(cell: str | float | bool, pattern: str) -> str:
    """Return about what a cell shows, to measure it."""
    if isinstance(cell, (str, bool)):
        return str(cell)
    if pattern == "General" or "@" in pattern:
        return f"{cell:.11g}"
    decimals = re.search(r"\.(0+)", pattern.rsplit(";", maxsplit=1)[-1])
    return f"{cell:,.{len(decimals.group(1)) if decimals else 0}f}"


def _width(text: str) -> int:
    """Width in columns of the longest line: a hanzi takes two."""
    return max(_line_width(line) for line in text.split("\n"))


def _line_width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in line)


def _lines(text: str, width: float) -> int:
    """Lines that a text takes in a column; words do not fill each to its end."""
    room = max(width * 0.93 - 2, 1)
    return sum(max(ceil(_line_width(line) / room), 1) for line in text.split("\n"))


def _fitting(texts: list[str], *, filtered: bool) -> float:
    """Return the width in which no text is cut and few wrap; a long heading wraps before the rest."""
    head, body = _width(texts[0]), max((_width(text) for text in texts[1:]), default=0)
    button = 3 if filtered else 0
    width = min(max(body * 1.1 + 3, min(head, 13) * 1.1 + 3 + button, 8), _WIDEST)
    longest = max(texts, key=len)
    while width < _VERY_WIDEST and _lines(longest, width) > _MOST_LINES:
        width += 4
    return float(width)


def _check_limits(sheets: Mapping[str, Sheet], file: str) -> None:
    findings = Findings()

    def refuse(sheet: str, value: str, zh: str, en: str) -> None:
        fix, fix_en = "请缩短或拆分", "Shorten or split it"
        findings.append(
            Finding("E-XLSX-01", zh, fix, en, fix_en, file=file, sheet=sheet, value=value)
        )

    folded = [name.casefold() for name in sheets]
    for name, sheet in sheets.items():
        if folded.count(name.casefold()) > 1:
            refuse(name, name, "两张表同名（不分大小写）", "two sheets of one name, case apart")
        if not 0 < _utf16(name) <= 31 or _NOT_A_SHEET.search(name) or _HALF.search(name):
            refuse(name, name, "Excel 不接受这个表名", "Excel does not take this sheet name")
        if len(sheet.frame) + 1 > _ROW_LIMIT:
            refuse(name, str(len(sheet.frame)), "行数超过 Excel 上限", "more rows than Excel holds")
        for j in range(len(sheet.frame.columns)):
            for value in sheet.frame.iloc[:, j]:
                cell = _cell(value)
                if isinstance(cell, str) and _utf16(cell) > _CELL_LIMIT:
                    refuse(name, cell, "单元格文字过长", "a text too long for a cell")
    findings.stop(InputError)


def _utf16(text: str) -> int:
    """Return the length of a text as Excel counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
