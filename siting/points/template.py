"""The workbook that a planner fills in with firms, and a page that says how."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd

from siting.errors import stop
from siting.files import Sheet, write_workbook

SHEET, GUIDE = "企业表", "说明"
_ROWS = 300  # blank rows that already have the format of their column
# Heading: (Excel format, Chinese, English, example).
_FIELDS: dict[str, tuple[str, str, str, str]] = {
    "企业名称": ("@", "全称；一行一家", "Full name; a firm in each row", "示例公司（虚构）"),
    "统一社会信用代码": (
        "@",
        "18 位；该列为文本，以免 Excel 丢失末位。没有可留空",
        "18 characters; the column is text so that none is lost. May be blank",
        "（留空）",
    ),
    "行业": (
        "@",
        "行业名称或代码，全表用同一种分类",
        "Sector by name or code, one classification",
        "汽车",
    ),
    "从业人数": (
        "General",
        "期末人数，写数字；没有这项统计时删去整列",
        "Persons at year's end, a number; delete the column if it is not known",
        "120",
    ),
    "经度": (
        "General",
        "十进制度数，东经为正；读取时须声明坐标系：WGS-84、CGCS2000、GCJ-02（高德）或 BD-09（百度）",
        "Decimal degrees, east; the frame is declared when reading: WGS-84, CGCS2000, GCJ-02, BD-09",
        "121.2505",
    ),
    "纬度": ("General", "十进制度数，北纬为正", "Decimal degrees, north", "31.3803"),
    "街镇": (
        "@",
        "登记或经营地所在街镇；可留空，供核对",
        "Town, to check against; may be blank",
        "菊园新区",
    ),
    "备注": ("@", "其他说明；可留空", "Anything else; may be blank", ""),
}


def write_template(path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
    """
    Write an .xlsx that a planner fills in with firms; `read_points` reads it back.

    Parameters
    ----------
    path
        The file; must end in .xlsx.
    overwrite
        Whether an existing file may be replaced.

    Returns
    -------
    Path
        The file: sheet 企业表 with headings over blank rows, sheet 说明 with what each column takes.

    Raises
    ------
    InputError
        If the name does not end in .xlsx.
    ExistingOutputError
        If the file is there and may not be replaced.
    OutputError
        If it cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_template(Path(folder, "firms.xlsx")).name
    'firms.xlsx'
    """
    target = Path(path)
    if target.suffix.lower() != ".xlsx":
        stop(
            code="E-PNT-17",
            file=target.name,
            value=target.suffix,
            reason="模板只能是 .xlsx",
            reason_en="a template is an .xlsx",
            fix="请把文件名改为以 .xlsx 结尾",
            fix_en="Let the name end in .xlsx",
        )
    blank = pd.DataFrame({heading: [None] * _ROWS for heading in _FIELDS}, dtype="object")
    formats = {heading: field[0] for heading, field in _FIELDS.items()}
    widths = {heading: 22.0 if field[0] == "@" else 14.0 for heading, field in _FIELDS.items()}
    guide = pd.DataFrame(
        [(heading, zh, en, example) for heading, (_, zh, en, example) in _FIELDS.items()],
        columns=["列 Column", "怎么填", "How to fill in", "例子（虚构）Example (made up)"],
    )
    sheets = {SHEET: Sheet(blank, formats, widths), GUIDE: Sheet(guide)}
    return write_workbook(target, sheets, overwrite=overwrite)
