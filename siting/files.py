"""Files on disk: opened only if they are local and regular, replaced whole or not at all."""

from __future__ import annotations

import errno
import os
import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pandas as pd
import xlsxwriter
import xlsxwriter.exceptions

from siting.errors import ExistingOutputError, Finding, Findings, InputError, OutputError, stop

# What GDAL or pandas would take for something else than a file on this machine.
_NOT_A_PATH = re.compile(r"^\s*(/vsi|[<{]|[A-Za-z][A-Za-z0-9+.-]+:|\\\\)")
_NOT_A_SHEET = re.compile(r"[\[\]:*?/\\]")
_CELL_LIMIT = 32_767
_ROW_LIMIT = 1_048_576


def local_file(path: str | os.PathLike[str], *, suffixes: Iterable[str] = ()) -> Path:
    """
    Return `path` if it is an existing regular file of this machine with one of the `suffixes`.

    Parameters
    ----------
    path
        What the user gave; never opened here.
    suffixes
        Allowed endings in lower case, such as ``(".csv", ".xlsx")``; empty allows any.

    Raises
    ------
    InputError
        If it is a URL, a connection string, inline data or a virtual path; if nothing is there; if
        it is a folder or a device; or if the ending is another one.
    """
    text = os.fspath(path)
    allowed = tuple(suffixes)
    if _NOT_A_PATH.match(text) or "\0" in text:
        stop(
            code="E-FILE-01",
            value=text,
            reason="不是本机文件的路径",
            reason_en="not the path of a file on this machine",
            fix="请先把文件存到本机，再给出它的路径",
            fix_en="Save the file on this machine and give its path",
        )
    found = Path(text)
    if not found.is_file():
        stop(
            code="E-FILE-02",
            file=found.name,
            value=text,
            reason="此处是文件夹或设备，不是文件" if found.exists() else "找不到此文件",
            reason_en="a folder or a device" if found.exists() else "no such file",
            fix="请检查路径和文件名",
            fix_en="Check the path and the name",
        )
    if allowed and found.suffix.lower() not in allowed:
        stop(
            code="E-FILE-03",
            file=found.name,
            value=found.suffix,
            reason="不支持这种文件",
            reason_en="files of this kind are not read here",
            fix=f"请另存为 {'、'.join(allowed)}",
            fix_en=f"Save it as {', '.join(allowed)}",
        )
    return found


def write_atomic(
    path: str | os.PathLike[str], write: Callable[[Path], object], *, overwrite: bool = True
) -> Path:
    """
    Write a file so that its path holds the old file or the new one, never a part of it.

    Parameters
    ----------
    path
        Where the file shall be; missing folders are made.
    write
        Called with the path of a temporary file in the same folder, which it fills.
    overwrite
        Whether an existing file may be replaced.

    Raises
    ------
    ExistingOutputError
        If the file exists and may not be replaced.
    OutputError
        If the folder or the disk refuses.
    """
    target = Path(path)
    if target.exists() and not overwrite:
        stop(
            ExistingOutputError,
            code="E-OUT-01",
            file=target.name,
            value=str(target),
            reason="输出文件已存在",
            reason_en="the output file exists already",
            fix="请换一个路径，或声明可以覆盖（overwrite）",
            fix_en="Choose another path, or say that it may be replaced (overwrite)",
        )
    part = target.with_name(f".{secrets.token_hex(4)}.part{target.suffix}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write(part)
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        part.replace(target)
    except OSError as error:
        raise output_error(target, error) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return target


def write_text(path: str | os.PathLike[str], text: str, *, overwrite: bool = True) -> Path:
    """Write `text` as UTF-8 with LF, by `write_atomic`."""
    return write_atomic(path, lambda part: part.write_bytes(text.encode()), overwrite=overwrite)


def output_error(path: Path, error: OSError) -> OutputError:
    """Return the OutputError that says why `path` could not be written, and what to do."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        zh, en = "磁盘空间不足", "the disk is full"
        fix, fix_en = "请清理磁盘或换一个位置", "Free some space or choose another place"
    elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY):
        zh, en = "没有写入权限，或文件正被别的程序打开", "not permitted, or open in another program"
        fix, fix_en = (
            "请关闭 Excel 等程序，或换一个可写的文件夹",
            "Close Excel or choose another folder",
        )
    else:
        zh, en = f"无法写入（{error.strerror}）", f"cannot be written ({error.strerror})"
        fix, fix_en = "请检查输出路径", "Check the output path"
    return OutputError(
        Finding("E-OUT-02", zh, fix, en, fix_en, file=path.name, value=str(path.parent))
    )


@dataclass(frozen=True)
class Sheet:
    """
    One sheet of a workbook: a frame whose columns are the headings, and how to show it.

    `formats` gives an Excel number format by column; `widths` a width in characters where the one
    measured from the text will not do. The index of the frame is not written.
    """

    frame: pd.DataFrame
    formats: Mapping[str, str] = field(default_factory=dict)
    widths: Mapping[str, float] = field(default_factory=dict)


def write_workbook(
    path: str | os.PathLike[str], sheets: Mapping[str, Sheet], *, overwrite: bool = True
) -> Path:
    """
    Write an .xlsx in which every text is a text cell: no formula, no link, the same bytes each time.

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
    """
    _check_limits(sheets, Path(path).name)

    def write(part: Path) -> None:
        options = {"strings_to_formulas": False, "strings_to_urls": False}
        book = xlsxwriter.Workbook(part, options)
        # A fixed date: the same content must give the same bytes.
        book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001
        for name, sheet in sheets.items():
            _write_sheet(book, name, sheet)
        try:
            book.close()
        except xlsxwriter.exceptions.FileCreateError as error:
            raise error.args[0] from error  # the OSError inside says what the disk refused

    return write_atomic(path, write, overwrite=overwrite)


def _write_sheet(book: xlsxwriter.Workbook, name: str, sheet: Sheet) -> None:
    page = book.add_worksheet(name)
    style = {"text_wrap": True, "valign": "top"}
    head = book.add_format({**style, "bold": True, "bg_color": "#E8EEF4", "bottom": 1})
    for j, column in enumerate(sheet.frame.columns):
        body = book.add_format({**style, "num_format": sheet.formats.get(column, "General")})
        page.write_string(0, j, str(column), head)
        cells = [_cell(value) for value in sheet.frame[column]]
        for i, cell in enumerate(cells, start=1):
            if cell is None:
                page.write_blank(i, j, None, body)
            elif isinstance(cell, bool):
                page.write_boolean(i, j, cell, body)
            elif isinstance(cell, str):
                page.write_string(i, j, cell, body)
            else:
                page.write_number(i, j, cell, body)
        longest = max((_width(str(c)) for c in (column, *cells) if c is not None), default=8)
        page.set_column(j, j, sheet.widths.get(column, min(longest + 2, 48)))
    page.freeze_panes(1, 0)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


def _cell(value: object) -> str | float | bool | None:
    if isinstance(value, (tuple, list)):
        return "、".join(map(str, value))
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        if abs(value) == float("inf"):  # Excel has no such number
            return "∞" if value > 0 else "-∞"
        return value if pd.notna(value) else None
    return value if isinstance(value, (bool, int, str)) else str(value)


def _width(text: str) -> int:
    """Width in columns of the longest line: a hanzi takes two."""
    return max(sum(2 if ord(c) > 0x2E80 else 1 for c in line) for line in text.split("\n"))


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
        if not 0 < len(name) <= 31 or _NOT_A_SHEET.search(name):
            refuse(name, name, "Excel 不接受这个表名", "Excel does not take this sheet name")
        if len(sheet.frame) + 1 > _ROW_LIMIT:
            refuse(name, str(len(sheet.frame)), "行数超过 Excel 上限", "more rows than Excel holds")
        for column in sheet.frame.columns:
            for value in sheet.frame[column]:
                if isinstance(value, str) and len(value) > _CELL_LIMIT:
                    refuse(name, value, "单元格文字过长", "a text too long for a cell")
    findings.stop(InputError)
