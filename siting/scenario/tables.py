"""Tables beside a file of conditions: names down and across, a number in each cell, read as text first."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import numpy as np
import pandas as pd

from siting.errors import Finding
from siting.files import local_file
from siting.scenario.values import Refusals
from siting.sheets import Table, read_csv_text, read_workbook_text

_PLAIN = set("0123456789.eE+-")
_FIGURE = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?([eE][+-]?\d+)?")
_TOTALS = {"合计", "小计", "总计", "total", "sum"}
_INFINITE = {"inf", "∞", "infinity"}
_SHOWN = 20


def read_numbers(path: Path, wrong: Refusals, *, scores: bool = False) -> pd.DataFrame | None:
    """
    Return a table of numbers: the first column names the rows, the first row the columns.

    ``inf`` or ``∞`` is infinite. `scores` may be below 0 or blank (NaN); other tables may not. What
    is refused is in `wrong`, and None returned.
    """
    table = open_table(path, wrong)
    if table is None:
        return None
    before = len(wrong.found)
    heads, rows = _cells(table, wrong)
    if not heads or not rows:
        wrong.found.append(
            table.finding(
                "E-TOML-06",
                "没有内容",
                "there is nothing in it",
                fix="第一列写名称，第一行写列名，其余写数",
                fix_en="Names in the first column and row, numbers elsewhere",
            )
        )
    values = np.full((len(rows), len(heads)), np.nan)
    for i, (number, cells) in enumerate(rows):
        into = values[i]
        _fill(into, cells[1:], table, number, heads=heads, wrong=wrong)
        if not scores:
            _not_negative(into, table, number, heads, wrong)
        if len(wrong.found) - before > _SHOWN:
            break
    if len(wrong.found) > before:
        return None
    return pd.DataFrame(values, index=[cells[0] for _, cells in rows], columns=heads)


def read_column(path: Path, wrong: Refusals) -> dict[str, str] | None:
    """Return the second column of a table by the first, as text."""
    table = open_table(path, wrong)
    if table is None:
        return None
    before = len(wrong.found)
    heads, rows = _cells(table, wrong)
    if len(heads) != 1:
        wrong.found.append(
            table.finding(
                "E-TOML-06",
                f"应有两列，实有 {len(heads) + 1} 列",
                f"two columns are needed, {len(heads) + 1} are there",
                fix="第一列写名称，第二列写值",
                fix_en="Names in the first column, values in the second",
            )
        )
    made: dict[str, str] = {}
    for number, cells in rows:
        if cells[0] in made:
            wrong.found.append(
                _at(table, number, "", cells[0], "名称重复", "this name occurs more than once")
            )
        made[cells[0]] = cells[1] if len(cells) > 1 else ""
    return made if len(wrong.found) == before else None


def amounts(path: Path, wrong: Refusals) -> dict[str, float] | None:
    """Return a column of numbers by name."""
    column = read_column(path, wrong)
    if column is None:
        return None
    made = {name: figure(text) for name, text in column.items()}
    for name, value in made.items():
        if value is None or not np.isfinite(value) or value < 0:
            wrong.found.append(
                Finding(
                    "E-TOML-06",
                    "不是不小于 0 的数",
                    "请改为数字",
                    "not a number of at least 0",
                    "Put a number",
                    file=path.name,
                    value=f"{name}: {column[name]}",
                )
            )
    return {name: value for name, value in made.items() if value is not None}


def open_table(path: Path, wrong: Refusals) -> Table | None:
    """Return the one table of a file as text, or None where it is refused."""
    local_file(path, suffixes=(".csv", ".tsv", ".txt", ".xlsx"))
    if path.suffix.lower() != ".xlsx":
        table = read_csv_text(path)
    else:
        filled = [one for one in read_workbook_text(path).values() if one.rows]
        if len(filled) != 1:
            wrong.found.append(
                Finding(
                    "E-TOML-06",
                    f"应有一个有内容的工作表，实有 {len(filled)} 个",
                    "请只留一个，或另存为 CSV",
                    f"one sheet with something in it is needed, there are {len(filled)}",
                    "Keep one, or save it as CSV",
                    file=path.name,
                )
            )
            return None
        table = filled[0]
    wrong.found.extend(table.findings)
    return None if any(one.severity == "error" for one in table.findings) else table


def _cells(table: Table, wrong: Refusals) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the headings but the first, and each row as number and cells of that width."""
    if not table.rows:
        return [], []
    top = [_clean(cell) for cell in table.rows[0]]
    width = max((i + 1 for i, head in enumerate(top) if head), default=1)
    heads = top[1:width]
    for i, head in enumerate(heads):
        if not head or head.casefold() in _TOTALS:
            zh, en = (
                ("缺少列名", "a heading is missing")
                if not head
                else ("合计列", "a column of totals")
            )
            wrong.found.append(_at(table, table.numbers[0], f"{i + 2}", head, zh, en))
    rows = []
    for number, cells in zip(table.numbers[1:], table.rows[1:], strict=True):
        name = _clean(cells[0])
        beyond = any(cell.strip() for cell in cells[width:])
        if beyond or (not table.sheet and len(cells) < width):
            zh, en = (
                f"这一行有 {len(cells)} 格，表头有 {width} 格",
                f"{len(cells)} cells under {width} headings",
            )
            wrong.found.append(_at(table, number, "", name, zh, en))
        elif not name or name.casefold() in _TOTALS:
            zh, en = (
                ("缺少名称", "the name is missing") if not name else ("合计行", "a row of totals")
            )
            wrong.found.append(_at(table, number, "", name, zh, en))
        else:
            rows.append((number, [name, *cells[1:width], *[""] * (width - len(cells))]))
    return heads, rows


def _fill(
    into: np.ndarray[tuple[int], np.dtype[np.float64]],
    cells: list[str],
    table: Table,
    number: int,
    *,
    heads: list[str],
    wrong: Refusals,
) -> None:
    """Put the numbers of a row into an array; most rows are plain numbers and go at once."""
    if all(cells) and set("".join(cells)) <= _PLAIN:
        try:
            into[:] = list(map(float, cells))
        except ValueError:
            pass
        else:
            if np.isfinite(into).all():
                return
    for j, cell in enumerate(cells):
        value = figure(cell)
        if value is None:
            wrong.found.append(_at(table, number, heads[j], cell, "不是数", "not a number"))
        else:
            into[j] = value


def _not_negative(
    values: np.ndarray[tuple[int], np.dtype[np.float64]],
    table: Table,
    number: int,
    heads: list[str],
    wrong: Refusals,
) -> None:
    """Refuse what is blank or below 0 in a row of distances."""
    for j in np.flatnonzero(~(values >= 0)):
        if any(one.row == number and one.column == heads[j] for one in wrong.found):
            continue  # refused already
        low = values[j] < 0
        zh, en = ("小于 0", "below 0") if low else ("没有填", "blank")
        said = f"{values[j]:g}" if low else ""
        wrong.found.append(_at(table, number, heads[j], said, zh, en))


def figure(text: str) -> float | None:
    """
    Return the number that a cell holds, NaN for a blank one, None for what is no number.

    Examples
    --------
    >>> figure("１,200.5"), figure(" "), figure("∞"), figure("约 50"), figure("1_0")
    (1200.5, nan, inf, None, None)
    """
    plain = _clean(text)
    if not plain:
        return float("nan")
    if plain.casefold() in _INFINITE:
        return float("inf")
    if not any(c.isdigit() for c in plain) or not _FIGURE.fullmatch(plain):
        return None
    value = float(plain.replace(",", ""))
    return value if np.isfinite(value) else None


def _clean(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _at(table: Table, row: int, column: str, value: str, *said: str) -> Finding:
    return table.finding(
        "E-TOML-06",
        *said,
        row=row,
        column=column,
        value=value,
        fix="请改正后重试",
        fix_en="Correct it and try again",
    )
