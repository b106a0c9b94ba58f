"""A table as it stands in a file: columns of text, the row of each, and what is wrong with rows."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from siting.errors import Finding, Findings, stop

_TITLE_LETTERS = 26
_YEAR = re.compile(r"(?:19|20)[0-9]{2}(?:年(?:末|底|度|期末)?)?")


@dataclass
class Cells:
    """
    The rows of one table or of one piece of it.

    Parameters
    ----------
    file, sheet
        Where it comes from.
    headings
        Distinct headings.
    texts
        The cells by column, blanks around them gone.
    numbers
        The row of each, as a spreadsheet shows it.
    odd
        Rows that do not fit the headings: row and cells.
    faults
        Cells with an error value or a formula without result: (row, heading) to reason.
    filled
        Cells that hold the text of the one above with which they are merged: (row, heading).
    lonlat
        Coordinates [deg] from the geometry of the file, if it has any.
    findings
        What was found on the way.
    row_of_headings
        The row of the headings.
    is_whole
        Whether these are all rows of the table, and not one piece of it.
    """

    file: str
    sheet: str
    headings: list[str]
    texts: list[list[str]]
    numbers: list[int]
    odd: list[tuple[int, list[str]]] = field(default_factory=list)
    faults: dict[tuple[int, str], str] = field(default_factory=dict)
    filled: set[tuple[int, str]] = field(default_factory=set)
    lonlat: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None
    findings: Findings = field(default_factory=Findings)
    row_of_headings: int = 1
    is_whole: bool = True

    @property
    def spot(self) -> dict[str, Any]:
        """Return file and sheet, as findings want them."""
        return {"file": self.file, "sheet": self.sheet}

    def column(self, heading: str) -> list[str]:
        """Return the cells under a heading."""
        return self.texts[self.headings.index(heading)]


@contextmanager
def collector_held() -> Iterator[None]:
    """
    Hold Python's search for garbage cycles while millions of cells are made: none is in a cycle.

    Each search looks at all of them anew, which takes nine tenths of the time to read a large file.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def letter(position: int) -> str:
    """
    Return the letters that a spreadsheet shows for a column, counted from 0.

    Examples
    --------
    >>> letter(0), letter(25), letter(26)
    ('A', 'Z', 'AA')
    """
    first, last = divmod(position, _TITLE_LETTERS)
    return (letter(first - 1) if first else "") + chr(ord("A") + last)


def tidy_headings(
    rows: Sequence[Sequence[str]], at: int, numbers: Sequence[int], spot: Mapping[str, Any]
) -> tuple[list[str], int, Findings]:
    """
    Return distinct headings from row `at`, the position of their last row, and findings.

    Blank headings are filled from the row above. Where the row below parts a heading, as years part
    人数, both make one heading each: 人数/2022, 人数/2023.

    Raises
    ------
    InputError
        If a heading occurs twice.
    """
    findings = Findings()
    raw = [" ".join(cell.split()) for cell in rows[at]]
    above = [" ".join(cell.split()) for cell in rows[at - 1]] if at else []
    last = at
    if at + 1 < len(rows) and (parted := _parted(raw, rows[at + 1])):
        raw, last = parted, at + 1
        both = f"{numbers[at]}、{numbers[last]}"
        zh, en = (
            f"表头占两行（第 {both} 行），已合成一行",
            "the headings take two rows, joined to one",
        )
        listed = "、".join(one for one in raw if "/" in one)
        fix, fix_en = f"请核对合成的表头：{listed}", f"Check the joined headings: {listed}"
        findings.append(
            Finding("W-PNT-17", zh, fix, en, fix_en, severity="repaired", row=numbers[last], **spot)
        )
    above += [""] * (len(raw) - len(above))
    while raw and not raw[-1] and not above[len(raw) - 1]:
        raw.pop()
    headings = [one or above[i] or f"列{letter(i)}" for i, one in enumerate(raw)]
    row = numbers[at]
    blank = [headings[i] for i, one in enumerate(raw) if not one]
    if blank:
        zh = f"有 {len(blank)} 列的表头是空的，已取上一行的文字或列号：{'、'.join(blank)}"
        en = f"{len(blank)} headings are blank; taken from the row above, or by letter: {', '.join(blank)}"
        fix, fix_en = "请取消合并单元格，给每列一个表头", "Unmerge cells and give each column one"
        findings.append(
            Finding("W-PNT-04", zh, fix, en, fix_en, severity="repaired", row=row, **spot)
        )
    over = at - any(above[i] and not one for i, one in enumerate(raw))  # in two rows: both are read
    if over:
        zh = f"表头在第 {row} 行，其上 {over} 行视为标题，未读入"
        en = f"the headings are in row {row}; {over} rows above are a title and not read"
        fix, fix_en = "请把表头放在第 1 行", "Put the headings in row 1"
        findings.append(
            Finding("W-PNT-05", zh, fix, en, fix_en, severity="repaired", row=row, **spot)
        )
    twice = sorted({one for one in headings if headings.count(one) > 1})
    if twice:
        stop(
            code="E-PNT-07",
            row=row,
            value="、".join(twice),
            reason="表头重复",
            reason_en="headings occur twice",
            fix="请给每列不同的表头",
            fix_en="Give each column a heading of its own",
            **spot,
        )
    return headings, last, findings


def _parted(raw: Sequence[str], below: Sequence[str]) -> list[str] | None:
    """
    Return the headings joined with the row below, if that is a second row of headings.

    It is one if all that it says is years, or if it says something under a heading that spans several
    columns and nothing elsewhere but the same heading again; a number is none, unless it is a year.

    Examples
    --------
    >>> _parted(["企业", "人数", ""], ["", "2022", "2023年"])
    ['企业', '人数/2022', '人数/2023年']
    >>> _parted(["企业", "人数", ""], ["", "男", "女"])
    ['企业', '人数/男', '人数/女']
    >>> _parted(["企业", "人数", ""], ["甲", "20", "30"]), _parted(["企业", "人数"], ["甲", "2022"])
    (None, None)
    """
    width = max(len(raw), len(below))
    tops = [*raw, *[""] * (width - len(raw))]
    parts = [" ".join(cell.split()) for cell in below] + [""] * (width - len(below))
    parts = [part if part != top else "" for part, top in zip(parts, tops, strict=True)]
    spanned: set[int] = set()
    for i in range(1, width):
        if not tops[i] and parts[i] and parts[i - 1] and (tops[i - 1] or i - 1 in spanned):
            tops[i] = tops[i - 1]
            spanned |= {i - 1, i}
    said = {i for i, part in enumerate(parts) if part}
    years = {i for i in said if _YEAR.fullmatch(parts[i])}
    if any(parts[i][0].isdigit() for i in said - years) or not said:
        return None
    if said != years and not (spanned and (said <= spanned or spanned <= years)):
        return None
    return [
        "/".join(filter(None, dict.fromkeys((top, part))))
        for top, part in zip(tops, parts, strict=True)
    ]


def gather(
    rows: Iterable[tuple[int, Sequence[str]]], width: int, *, padded: bool
) -> tuple[list[list[str]], list[int], list[tuple[int, list[str]]]]:
    """
    Return columns, row numbers and the rows that do not fit; blank rows are passed over.

    Parameters
    ----------
    rows
        Row numbers and cells.
    width
        How many headings there are.
    padded
        Whether a short row is only one whose last cells are empty, as in a workbook.
    """
    kept: list[Sequence[str]] = []
    numbers: list[int] = []
    odd: list[tuple[int, list[str]]] = []
    for number, row in rows:
        if len(row) == width and row[0]:
            pass
        elif not any(map(str.strip, row)):
            continue
        elif len(row) < width:
            if not padded:
                odd.append((number, list(row)))
                continue
            row = [*row, *[""] * (width - len(row))]  # noqa: PLW2901
        elif len(row) > width:
            if any(map(str.strip, row[width:])):
                odd.append((number, list(row)))
                continue
            row = row[:width]  # noqa: PLW2901
        kept.append(row)
        numbers.append(number)
    columns = [_shared(list(map(str.strip, one))) for one in zip(*kept, strict=True)]
    return columns or [[] for _ in range(width)], numbers, odd


def _shared(column: list[str]) -> list[str]:
    """Return a column in which equal texts are one object, if there are few different ones."""
    if len(set(column[:1000])) * 2 > min(len(column), 1000):
        return column
    different = {text: text for text in column}
    return [different[text] for text in column]
