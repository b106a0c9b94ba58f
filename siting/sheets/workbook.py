"""An .xlsx file as text: opened only if it is one, of bearable size, and with every value there."""

from __future__ import annotations

import datetime as dt
import os
import warnings
import zipfile
import zlib
from pathlib import Path
from typing import Any, NoReturn

import openpyxl

from siting.errors import Finding, stop
from siting.files import local_file
from siting.sheets.encoding import read_limited
from siting.sheets.table import Table

MAX_INFLATED = 64 * 2**20  # bytes of a workbook when unpacked, counted while unpacking
MAX_CELLS = 2_000_000  # cells in the used range of a sheet
_STEP = 2**16


def read_workbook_text(path: str | os.PathLike[str]) -> dict[str, Table]:
    """
    Read every sheet of an .xlsx file as text.

    Parameters
    ----------
    path
        A file of this machine.

    Returns
    -------
    dict of str to Table
        By the name of the sheet, in their order. A number is written as it would be typed, a date
        as ISO date, TRUE and FALSE so; a formula counts with its saved value. Cells merged
        downwards all hold the text of the first.

    Raises
    ------
    InputError
        If it is not a workbook (a web page saved under that name, an old .xls, a file with a
        password), is damaged, unpacks to more than `MAX_INFLATED` bytes or declares entities.

    Notes
    -----
    Error cells, formulas without a saved value, hidden sheets and rows are in the `findings` of the
    table: a sheet that nobody uses stops nothing.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "a.xlsx")
    ...     book = openpyxl.Workbook()
    ...     book.active.append(["名称", 310101])
    ...     book.save(file)
    ...     read_workbook_text(file)["Sheet"].rows
    (('名称', '310101'),)
    """
    file = local_file(path, suffixes=(".xlsx",))
    _check_package(file)
    book = _open(file, values=False)
    saved: Any = None
    tables: dict[str, Table] = {}
    for page in book.worksheets:
        if (page.max_row or 0) * (page.max_column or 0) > MAX_CELLS:
            _refuse(
                file.name,
                "表的范围过大，多半是远处有零散的单元格",
                "the used range is too large: a stray cell far away, most likely",
                "请删去多余的行和列后另存",
                "Delete the rows and columns that are not needed",
                sheet=page.title,
            )
        if saved is None and any(c.data_type == "f" for row in page.iter_rows() for c in row):
            saved = _open(file, values=True)
        tables[page.title] = _read_page(page, saved and saved[page.title], file.name)
    return tables


def _read_page(page: Any, saved: Any, file: str) -> Table:
    """Return one sheet as a table; `saved` is the same sheet with the values of its formulas."""
    blank = Table(file, page.title, (), ())
    findings: list[Finding] = []
    if page.sheet_state != "visible":
        zh, en = "这个表是隐藏的，仍已读入", "this sheet is hidden, and was read"
        fix, fix_en = "如不需要，请删去", "Delete it if it is not meant"
        findings.append(
            blank.finding("W-TAB-15", zh, en, severity="warning", fix=fix, fix_en=fix_en)
        )
    hidden = sorted(number for number, look in page.row_dimensions.items() if look.hidden)
    if hidden:
        listed = "、".join(map(str, hidden[:10])) + ("…" if len(hidden) > 10 else "")
        zh, en = f"隐藏的行也已读入：{listed}", f"hidden rows were read too: {listed}"
        fix, fix_en = "如不需要，请删去", "Delete them if they are not meant"
        findings.append(
            blank.finding("W-TAB-16", zh, en, severity="warning", fix=fix, fix_en=fix_en)
        )
    filled = {
        (row, area.min_col): page.cell(area.min_row, area.min_col)
        for area in page.merged_cells.ranges
        if area.min_col == area.max_col
        for row in range(area.min_row + 1, area.max_row + 1)
    }
    rows: list[tuple[str, ...]] = []
    numbers: list[int] = []
    for number, cells in enumerate(page.iter_rows(min_row=1), start=1):
        texts: list[str] = []
        for cell in cells:
            source = filled.get((number, cell.column), cell)
            text, said = _cell_text(source, saved, blank)
            texts.append(text)
            findings += said if source is cell else ()
        if any(text.strip() for text in texts):
            rows.append(tuple(texts))
            numbers.append(number)
    places = frozenset((row, column - 1) for row, column in filled)
    return Table(file, page.title, tuple(rows), tuple(numbers), tuple(findings), places)


def _cell_text(cell: Any, saved: Any, table: Table) -> tuple[str, list[Finding]]:
    """Return a cell as text, and what is wrong with it."""
    value, kind = cell.value, cell.data_type
    if kind == "f":
        behind = saved.cell(cell.row, cell.column)
        value, kind = behind.value, behind.data_type
        if value is None:
            return "", [
                table.finding(
                    "E-TAB-17",
                    "公式没有保存结果",
                    "a formula without a saved value",
                    row=cell.row,
                    column=cell.column_letter,
                    value=str(getattr(cell.value, "text", cell.value)),
                    fix="请用 Excel 或 WPS 打开并保存一次，或改成数值",
                    fix_en="Open and save it once in a spreadsheet program, or put the value",
                )
            ]
    if kind == "e":
        return str(value), [
            table.finding(
                "E-TAB-18",
                "单元格是错误值",
                "the cell holds an error value",
                row=cell.row,
                column=cell.column_letter,
                value=str(value),
                fix="请改正公式或填写数值",
                fix_en="Mend the formula or put the value",
            )
        ]
    return _typed(value), []


def _typed(value: Any) -> str:
    """Return a value as a person would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(" ") if value.time() != dt.time() else value.date().isoformat()
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return str(value)


def _open(file: Path, *, values: bool) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about charts and rules, which are not read
            return openpyxl.load_workbook(file, data_only=values, keep_links=False)
    except Exception as error:  # noqa: BLE001 (a damaged file can fail anywhere inside)
        kind = type(error).__name__
        zh, en = f"工作簿已损坏（{kind}）", f"the workbook is damaged ({kind})"
        fix, fix_en = (
            "请用 Excel 或 WPS 打开并另存",
            "Open it in a spreadsheet program, save it anew",
        )
        _refuse(file.name, zh, en, fix, fix_en)


def _check_package(file: Path) -> None:
    """Stop unless the file is a zip archive with a workbook, of bearable size, without entities."""
    head = read_limited(file)[:512]
    if not head.startswith(b"PK\x03\x04"):
        text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        if text.startswith(b"\xd0\xcf\x11\xe0"):
            zh, en = "是旧式 .xls 或带密码的工作簿", "an old .xls, or a workbook with a password"
        elif text.startswith(b"<"):
            zh, en = "是改名的网页或 XML，不是工作簿", "a web page or XML under this name"
        else:
            zh, en = "不是工作簿", "not a workbook"
        fix, fix_en = (
            "请用 Excel 或 WPS 另存为 .xlsx，不设密码",
            "Save it as .xlsx, without password",
        )
        _refuse(file.name, zh, en, fix, fix_en)
    damage = (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        RuntimeError,
        OSError,
        EOFError,
        zlib.error,
    )
    try:
        with zipfile.ZipFile(file) as package:
            _check_members(package, file.name)
    except damage as error:
        zh, en = f"压缩包已损坏（{type(error).__name__}）", f"damaged ({type(error).__name__})"
        _refuse(file.name, zh, en, "请重新取得此文件", "Get the file again")


def _check_members(package: zipfile.ZipFile, file: str) -> None:
    """Unpack everything once, counting real bytes: the sizes in the headers may lie."""
    size = 0
    for member in package.infolist():
        with package.open(member) as stream:
            chunk = stream.read(_STEP)
            if b"<!DOCTYPE" in chunk.replace(b"\0", b""):
                zh, en = "含有文档类型声明，拒绝打开", "it declares a document type"
                fix, fix_en = "请用 Excel 或 WPS 另存", "Save it in a spreadsheet program"
                _refuse(file, zh, en, fix, fix_en)
            while chunk:
                size += len(chunk)
                if size > MAX_INFLATED:
                    zh = f"解压后超过 {MAX_INFLATED} 字节"
                    en = f"it unpacks to more than {MAX_INFLATED} bytes"
                    fix, fix_en = "请确认来源，或拆成较小的表", "Check its origin, or split it"
                    _refuse(file, zh, en, fix, fix_en)
                chunk = stream.read(_STEP)


def _refuse(file: str, zh: str, en: str, fix: str, fix_en: str, *, sheet: str = "") -> NoReturn:
    stop(code="E-TAB-19", file=file, sheet=sheet, reason=zh, reason_en=en, fix=fix, fix_en=fix_en)
