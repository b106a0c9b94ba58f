"""A workbook that an office can use as it is: text stays text, nothing is cut, it prints on A4."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
import xlsxwriter.exceptions
from xlsxwriter.utility import xl_range

from siting.errors import Finding, Findings, InputError
from siting.files.disk import write_atomic
from siting.files.fitting import Cell, fitting, lines, naming, shown, spread
from siting.files.marks import Mark, set_mark

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
_FONT_NOTE = {"font_name": "Microsoft YaHei", "font_size": 9}
_HEAD = ("#E8EEF4", "#1B1B1B")
_LINK = {"font_color": "#0B5394", "underline": 1}
_A4 = 9
_MANY = 10  # columns, from which headings wrap early


@dataclass(frozen=True)
class Sheet:
    """
    One sheet of a workbook: a frame whose columns are the headings, and how to show it.

    Parameters
    ----------
    frame
        What to write; its index is not written.
    formats
        Excel number format by heading, or one for each row of it.
    widths
        Width in characters by heading, where the one measured from the text will not do.
    title, notes
        What the sheet shows: printed above each page, and said in a list of contents.
    units, meanings
        Unit and meaning by heading, for a list of columns and for a note at the heading.
    paint
        Called with a heading and the value of a cell (for the heading itself with the heading
        twice); returns the colours of ground and letters, or None.
    marks
        Marks by heading that the spreadsheet sets on numbers itself.
    links
        Heading of a column whose cells name sheets of this workbook: each becomes a link to it.
    back
        Name of the sheet to which the first heading leads.
    filtered
        Whether the headings carry the buttons that sort and filter.
    """

    frame: pd.DataFrame
    formats: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    widths: Mapping[str, float] = field(default_factory=dict)
    title: str = ""
    notes: tuple[str, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    meanings: Mapping[str, str] = field(default_factory=dict)
    paint: Paint | None = None
    marks: Mapping[str, Mark] = field(default_factory=dict)
    links: str | None = None
    back: str = ""
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
        return self._made(whole)

    def hit(self, ground: str) -> Any:
        """Return the format that a mark lays over that of a cell."""
        return self._made({"bg_color": ground})

    def _made(self, whole: dict[str, Any]) -> Any:
        key = tuple(sorted(whole.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format(whole)
        return self.made[key]


def _write_sheet(page: Any, sheet: Sheet, formats: _Formats, sheets: Mapping[str, Sheet]) -> None:
    frame = sheet.frame
    rows = len(frame)
    columns = [_HALF.sub("\ufffd", str(column)) for column in frame.columns]
    cells = [[_cell(value) for value in frame.iloc[:, j]] for j in range(len(columns))]
    given = [sheet.formats.get(column, "General") for column in frame.columns]
    patterns = [[one] * rows if isinstance(one, str) else list(one) for one in given]
    texts = [
        [head, *map(shown, body, shapes)]
        for head, body, shapes in zip(columns, cells, patterns, strict=True)
    ]
    widths = _widths(sheet, texts)
    for j, (head, column_cells) in enumerate(zip(columns, cells, strict=True)):
        _write_heading(page, sheet, j, head, formats)
        for i, cell in enumerate(column_cells, start=1):
            paint = _painted(sheet, head, cell)
            side = _TEXT if isinstance(cell, str) else {}
            if frame.columns[j] == sheet.links and cell in sheets:
                link = formats.get(paint, **_LINK, **_TEXT)
                page.write_url(i, j, _to(str(cell)), link, string=str(cell))
            else:
                body = formats.get(paint, num_format=patterns[j][i - 1], **side)
                _write_cell(page, i, j, cell, body)
        mark = sheet.marks.get(head)
        if mark is not None and rows:
            set_mark(page, mark, formats.hit(mark.colour), column=j, rows=rows)
        page.set_column(j, j, widths[j])
    for i in range(rows + 1):
        most = max((lines(texts[j][i], widths[j]) for j in range(len(columns))), default=1)
        if most > 1:
            page.set_row(i, min(most * _LINE_PT + 1.5, _TALLEST_PT))
    page.freeze_panes(1, naming(cells, widths))
    if sheet.filtered and rows > 1:
        page.autofilter(0, 0, rows, len(columns) - 1)
    if rows and columns:  # a code is text on purpose
        page.ignore_errors({"number_stored_as_text": xl_range(1, 0, rows, len(columns) - 1)})
    _set_up_print(page, sheet.title)


def _widths(sheet: Sheet, texts: list[list[str]]) -> list[float]:
    """Return the widths of the columns: those given, else what the text takes and the page allows."""
    narrow = len(texts) > _MANY
    fitted = [fitting(column, filtered=sheet.filtered, narrow=narrow) for column in texts]
    longest = [
        "" if head in sheet.widths else max(column, key=len)
        for head, column in zip(sheet.frame.columns, texts, strict=True)
    ]
    given = [sheet.widths.get(h, w) for h, w in zip(sheet.frame.columns, fitted, strict=True)]
    return spread(given, longest)


def _write_heading(page: Any, sheet: Sheet, j: int, head: str, formats: _Formats) -> None:
    """Write a heading with the note of its unit and meaning; the first leads back."""
    paint = _painted(sheet, head, head) or _HEAD
    look = {"bold": True, "bottom_color": "#5B6B7A", **_TEXT}
    if j == 0 and sheet.back:
        link = formats.get(paint, **{**look, **_LINK})
        page.write_url(0, j, _to(sheet.back), link, string=head, tip=f"← {sheet.back}")
    else:
        page.write_string(0, j, head, formats.get(paint, **look))
    column = sheet.frame.columns[j]
    unit = sheet.units.get(column)
    said = "\n".join(filter(None, (unit and f"[{unit}]", sheet.meanings.get(column))))
    if said:
        high = 18.0 * lines(said, 34.0) + 12
        page.write_comment(0, j, said, {"author": "", "width": 220, "height": high, **_FONT_NOTE})


def _to(sheet: str) -> str:
    return "internal:'{}'!A1".format(sheet.replace("'", "''"))


def _set_up_print(page: Any, title: str) -> None:
    page.set_paper(_A4)
    page.set_landscape()
    page.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.6)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    said = _NO_HEADER.sub("\ufffd", title)[:100].replace("&", "&&")
    if said:
        page.set_header(f"&L{said}")
    page.set_footer("&L&A&R&P / &N")


def _painted(sheet: Sheet, heading: str, cell: object) -> tuple[str, str] | None:
    return None if sheet.paint is None or cell is None else sheet.paint(heading, cell)


def _write_cell(page: Any, i: int, j: int, cell: Cell, body: Any) -> None:
    if cell is None:
        page.write_blank(i, j, None, body)
    elif isinstance(cell, bool):
        page.write_boolean(i, j, cell, body)
    elif isinstance(cell, str):
        page.write_string(i, j, cell, body)
    else:
        page.write_number(i, j, cell, body)


def _cell(value: object) -> Cell:
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
