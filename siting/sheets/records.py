"""Rows under headings: where the headings stand, what belongs to them, and what is amiss."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from siting.errors import Finding, Findings
from siting.sheets.encoding import suspected
from siting.sheets.table import Table

_TOTALS = {"合计", "小计", "总计"}
_SEARCHED = 20  # rows in which the headings may stand


def heading_key(text: str) -> str:
    """
    Return the spelling in which headings are compared: no case, blank, underscore or mark.

    Examples
    --------
    >>> heading_key(" Cluster-ID *") == heading_key("cluster_id")
    True
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\s_\-*:]+|[\u200b-\u200f\ufeff]", "", folded)


def records(
    table: Table,
    names: Mapping[str, Collection[str]],
    findings: Findings,
    *,
    required: Collection[str] = (),
) -> pd.DataFrame:
    """
    Return the rows of a table under the columns asked for, all as text.

    Parameters
    ----------
    table
        What was read.
    names
        Accepted headings by column; the name of the column itself is always accepted. A heading
        may have several lines or parts divided by ``/``, one of which decides.
    findings
        Grows by everything amiss: headings missing, doubled or unknown; rows above the headings;
        rows longer or shorter than the headings; totals; invisible characters; garbled text.
    required
        Columns without which the table is of no use.

    Returns
    -------
    DataFrame of str
        Index ``row``, the number that a spreadsheet shows; columns of `names` in their order, empty
        text where there is nothing. ``attrs["absent"]`` names the columns that were not found.

    Notes
    -----
    A row whose first cell is a total (合计, 小计, 总计) is left out with a warning. Blanks around a
    text go; invisible and control characters go with a report.

    Examples
    --------
    >>> table = Table("a.csv", "", (("名称", "Code"), ("甲 ", "01")), (1, 2))
    >>> records(table, {"name": ["名称"], "code": [], "note": []}, Findings()).to_dict("index")
    {2: {'name': '甲', 'code': '01', 'note': ''}}
    """
    findings.extend(table.findings)
    if not table.rows:
        findings.append(
            table.finding(
                "E-TAB-07",
                "是空的",
                "there is nothing in it",
                fix="请填写表头和内容",
                fix_en="Give headings and rows",
            )
        )
        return _frame({}, names, absent=tuple(names))
    start, columns = _find_headings(table, names, findings, required)
    width = max((i for i, name in enumerate(table.rows[start]) if name.strip()), default=-1) + 1
    kept: dict[int, dict[str, str]] = {}
    for number, cells in zip(table.numbers[start + 1 :], table.rows[start + 1 :], strict=True):
        first = next((cell.strip() for cell in cells if cell.strip()), "")
        if heading_key(first) in _TOTALS:
            findings.append(
                table.finding(
                    "W-TAB-06",
                    "合计行未读入",
                    "a row of totals is left out",
                    severity="warning",
                    row=number,
                    value=first,
                    fix="请删去此行，以免误会",
                    fix_en="Delete this row",
                )
            )
            continue
        if not table.sheet and len(cells) < width:
            findings.append(_odd_row(table, number, len(cells), width))
            continue
        if any(cell.strip() for cell in cells[width:]):
            findings.append(_odd_row(table, number, len(cells), width))
            continue
        kept[number] = {
            column: _clean(cells[i], table, number, column, findings) if i < len(cells) else ""
            for column, i in columns.items()
        }
    return _frame(kept, names, absent=tuple(name for name in names if name not in columns))


def _frame(
    kept: Mapping[int, Mapping[str, str]], names: Collection[str], *, absent: tuple[str, ...]
) -> pd.DataFrame:
    frame = pd.DataFrame(
        {name: [row.get(name, "") for row in kept.values()] for name in names},
        index=pd.Index(list(kept), dtype="int64", name="row"),
        dtype="str",
    )
    frame.attrs["absent"] = absent
    return frame


def _find_headings(
    table: Table,
    names: Mapping[str, Collection[str]],
    findings: Findings,
    required: Collection[str],
) -> tuple[int, dict[str, int]]:
    """Return the position of the row of headings, and the position of each column in it."""
    keys = {heading_key(n): column for column, all_n in names.items() for n in (*all_n, column)}
    matched = [
        [_column(cell, keys) for cell in row]
        for row in table.rows[: min(_SEARCHED, len(table.rows))]
    ]
    start = max(range(len(matched)), key=lambda i: (len(set(matched[i]) - {None}), -i))
    columns: dict[str, int] = {}
    for i, column in enumerate(matched[start]):
        if column is not None:
            columns.setdefault(column, i)
    _report_headings(table, start, matched[start], list(names), findings)
    if start and columns:
        findings.append(
            table.finding(
                "W-TAB-10",
                f"表头在第 {table.numbers[start]} 行，其上 {start} 行视为标题，未读入",
                f"the headings are in row {table.numbers[start]}; {start} rows above are a title",
                severity="repaired",
                row=table.numbers[start],
                fix="请把表头放在第 1 行",
                fix_en="Put the headings in row 1",
            )
        )
    for column in required:
        if column not in columns:
            shown = "、".join(cell.strip() for cell in table.rows[start] if cell.strip())
            findings.append(
                table.finding(
                    "E-TAB-11",
                    "缺少此列",
                    "column missing",
                    row=table.numbers[start],
                    column=column,
                    fix=f"请加上这一列；现有的列：{shown}",
                    fix_en=f"Add this column; columns found: {shown}",
                )
            )
    return start, columns


def _report_headings(
    table: Table, start: int, found: list[str | None], names: list[str], findings: Findings
) -> None:
    """Report headings that are doubled or not known; `found` gives the column of each."""
    for i, (column, cell) in enumerate(zip(found, table.rows[start], strict=True)):
        spot: dict[str, Any] = {"row": table.numbers[start], "value": cell}
        if column is not None and column in found[:i]:
            fix, fix_en = "请只保留一列", "Keep one of the columns"
            zh, en = "表头重复", "this heading occurs twice"
            findings.append(
                table.finding("E-TAB-08", zh, en, column=column, fix=fix, fix_en=fix_en, **spot)
            )
        elif column is None and cell.strip() and any(found):
            findings.append(
                table.finding(
                    "W-TAB-09",
                    "不认识这一列，未读入",
                    "this column is not known and not read",
                    severity="warning",
                    fix=f"可用的列：{'、'.join(names)}",
                    fix_en=f"Columns that are read: {', '.join(names)}",
                    **spot,
                )
            )


def _column(cell: str, keys: Mapping[str, str]) -> str | None:
    for part in (cell, *re.split(r"[\n/|]", cell)):
        if heading_key(part) in keys:
            return keys[heading_key(part)]
    return None


def _odd_row(table: Table, number: int, cells: int, width: int) -> Finding:
    return table.finding(
        "E-TAB-12",
        f"这一行有 {cells} 格，表头有 {width} 格",
        f"this row has {cells} cells under {width} headings",
        row=number,
        fix="请检查多出或缺少的分隔符；含逗号的文字要加引号",
        fix_en="Look for a separator too many or too few; quote a text that holds commas",
    )


def _clean(cell: str, table: Table, row: int, column: str, findings: Findings) -> str:
    """Return a cell without what nobody can see; report it, and text in a wrong encoding."""
    text = cell.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    seen = "".join(c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf"))
    spot: dict[str, Any] = {"row": row, "column": column, "value": cell}
    if seen.strip() != text.strip():
        zh, en = "删去了看不见的字符", "invisible characters were removed"
        findings.append(table.finding("W-TAB-13", zh, en, severity="repaired", **spot))
    original = suspected(seen)
    if original is not None:
        hint = "" if original == "?" else f"，原文可能是“{original}”"
        hint_en = "" if original == "?" else f'; it may have been "{original}"'
        findings.append(
            table.finding(
                "E-TAB-14",
                f"疑似乱码{hint}",
                f"the text looks garbled{hint_en}",
                fix="请从原文件重新另存为 UTF-8",
                fix_en="Save the original again as UTF-8",
                **spot,
            )
        )
    return seen.strip()
