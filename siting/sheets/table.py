"""Rows of text as they stand in a file, with the number that a spreadsheet shows for each."""

from __future__ import annotations

import csv
import io
import os
from dataclasses import dataclass
from typing import Any

from siting.errors import Finding, stop
from siting.files import local_file
from siting.sheets.encoding import decode, read_limited

_DELIMITERS = {",": "逗号", "\t": "制表符", ";": "分号", "，": "中文逗号", "|": "竖线"}
_SEARCHED = 20  # lines looked at to find the separator


@dataclass(frozen=True)
class Table:
    """
    The rows of one CSV file or one sheet, as text.

    Parameters
    ----------
    file, sheet
        Where it comes from; `sheet` is empty for a CSV file.
    rows
        The cells of each row that is not blank.
    numbers
        The number that a spreadsheet shows for each of these rows.
    findings
        What was found on the way, errors included: whoever uses the table gathers them.
    filled
        Row number and position of each cell that holds the text of the one it is merged with.
    """

    file: str
    sheet: str
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]
    findings: tuple[Finding, ...] = ()
    filled: frozenset[tuple[int, int]] = frozenset()

    def finding(self, code: str, reason: str, reason_en: str, **more: Any) -> Finding:
        """Return a finding placed in this table."""
        given: dict[str, Any] = {
            "fix": "请改正后重试",
            "fix_en": "Correct it and try again",
            **more,
        }
        return Finding(code, reason, reason_en=reason_en, file=self.file, sheet=self.sheet, **given)


def read_csv_text(path: str | os.PathLike[str]) -> Table:
    """
    Read a CSV file as text, whatever its encoding and delimiter.

    Parameters
    ----------
    path
        A .csv, .tsv or .txt file of this machine.

    Returns
    -------
    Table
        Every row that is not blank, headings included; a quoted cell may hold line breaks and its
        row still counts as one, as in a spreadsheet.

    Raises
    ------
    InputError
        If it is not such a file, cannot be decoded, or a quote is never closed.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "a.csv")
    ...     _ = file.write_text("名称;代码;;;甲;310101".replace(";;;", chr(10) * 2), "utf-8")
    ...     table = read_csv_text(file)
    >>> table.rows, table.numbers
    ((('名称', '代码'), ('甲', '310101')), (1, 3))
    """
    file = local_file(path, suffixes=(".csv", ".tsv", ".txt"))
    text, findings = decode(read_limited(file), file.name)
    delimiter = _delimiter(text)
    rows: list[tuple[str, ...]] = []
    numbers: list[int] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, row in enumerate(reader, start=1):
            if any(cell.strip() for cell in row):
                rows.append(tuple(row))
                numbers.append(number)
    except csv.Error as error:
        stop(
            code="E-TAB-04",
            file=file.name,
            row=number + 1,
            value=str(error),
            reason="这一行起引号没有成对，或单元格过长",
            reason_en="from this row on a quote is not closed, or a cell is too long",
            fix="请补上引号，或用表格软件重新另存为 CSV",
            fix_en="Close the quote, or save the table as CSV again",
        )
    table = Table(file.name, "", tuple(rows), tuple(numbers))
    if delimiter != ",":
        named = _DELIMITERS[delimiter]
        findings.append(
            table.finding(
                "N-TAB-05",
                f"按{named}分列",
                f"cells are separated by U+{ord(delimiter):04X}",
                severity="repaired" if delimiter == "，" else "note",
                fix="如有不符，请另存为逗号分隔的 CSV",
                fix_en="If that is wrong, save it with commas",
            )
        )
    return Table(file.name, "", tuple(rows), tuple(numbers), tuple(findings))


def _delimiter(text: str) -> str:
    """Return the separator that cuts the first rows into the most cells of equal number."""
    best, most = ",", (0.0, 1)
    head = "".join(text.splitlines(keepends=True)[:_SEARCHED])
    for delimiter in _DELIMITERS:
        try:
            rows = [r for r in csv.reader(io.StringIO(head, newline=""), delimiter=delimiter) if r]
        except csv.Error:
            continue
        widths = [len(row) for row in rows]
        if not widths or max(widths) == 1:
            continue
        usual = max(set(widths) - {1}, key=lambda w: (widths.count(w), w))
        score = (widths.count(usual) / len(widths), usual)
        if score > most:
            best, most = delimiter, score
    return best
