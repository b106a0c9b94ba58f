"""How wide a column and how high a row must be so that nothing is cut, and which columns stay in view."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from math import ceil

_WIDEST, _VERY_WIDEST, _MOST_LINES = 48.0, 100.0, 12
_PAGE = 140.0  # characters across A4, landscape
_NAME = 60.0  # what names a row takes no more of a screen than this
_PIECE = re.compile(r"[!-,.-~]+[- ]*|.")  # what stays on one line: a word, a hanzi

Cell = str | float | bool | None


def shown(cell: Cell, pattern: str) -> str:
    """Return about what a cell shows, to measure it."""
    if cell is None:
        return ""
    if isinstance(cell, (str, bool)):
        return str(cell)
    if pattern == "General" or "@" in pattern:
        return f"{cell:.11g}"
    decimals = re.search(r"\.([0#]+)", pattern.rsplit(";", maxsplit=1)[-1])
    return f"{cell:,.{len(decimals.group(1)) if decimals else 0}f}"


def _width(text: str) -> int:
    """Width in columns of the longest line: a hanzi takes two."""
    return max(_line_width(line) for line in text.split("\n"))


def _line_width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in line)


def lines(text: str, width: float) -> int:
    """
    Return how many lines a text takes in a column; no word is broken that fits on a line.

    Examples
    --------
    >>> lines("gene and cell therapy", 13.0), lines("基因和细胞治疗", 13.0)
    (3, 2)
    """
    room = max(width * 0.93 - 2, 1)
    return sum(_wrapped(line, room) for line in text.split("\n"))


def _wrapped(line: str, room: float) -> int:
    if _line_width(line) <= room:
        return 1
    full, here = 0, 0
    for piece in _PIECE.findall(line):
        size = _line_width(piece)
        if here and here + _line_width(piece.rstrip()) > room:
            full, here = full + 1, 0
        more = max(ceil(size / room) - 1, 0)
        full, here = full + more, here + size - int(more * room)
    return full + 1


def fitting(texts: list[str], *, filtered: bool, narrow: bool) -> float:
    """
    Return the width in which no text is cut and few wrap.

    A long heading wraps before the rest, at 13 letters or, in a `narrow` column, at 8, but never
    inside a word.
    """
    head, body = _width(texts[0]), max((_width(text) for text in texts[1:]), default=0)
    word = max(map(_line_width, _PIECE.findall(texts[0])), default=1)
    button = 3 if filtered and not narrow else 0
    title = max(min(head, 8 if narrow else 13), min(word, 24)) * 1.1 + 3 + button
    width = min(max(body * 1.1 + 3, title, 8), _WIDEST)
    longest = max(texts, key=len)
    while width < _VERY_WIDEST and lines(longest, width) > _MOST_LINES:
        width += 4
    return float(width)


def spread(widths: Sequence[float], longest: Sequence[str]) -> list[float]:
    """
    Share what is left of a page among the columns whose text wraps.

    Examples
    --------
    >>> spread([8.0, 48.0], ["1", "字" * 40])  # 80 characters fit in 92
    [8.0, 92.0]
    """
    made = list(widths)
    while sum(made) + 4 <= _PAGE:
        rows = [
            lines(text, width) if width < _VERY_WIDEST else 1
            for text, width in zip(longest, made, strict=True)
        ]
        if max(rows, default=1) == 1:
            break
        made[rows.index(max(rows))] += 4
    return made


def naming(columns: Sequence[Sequence[Cell]], widths: Sequence[float]) -> int:
    """
    Return how many columns at the left name the rows, to be kept in view: two at most.

    Notes
    -----
    They are texts, at least one column is left to be moved, and they are not wider than a third of
    a screen. A code alone tells nobody which row it is: the name beside it stays, too.

    Examples
    --------
    >>> naming([["甲", "甲"], ["乙", "丙"], [1, 2]], [9.0, 9.0, 9.0])
    2
    """
    rows = len(columns[0]) if columns else 0
    found: list[tuple[Cell, ...]] = [()] * rows
    for j, cells in enumerate(columns[: min(len(columns) - 1, 2)]):
        if rows < 2 or sum(widths[: j + 1]) > _NAME:
            break
        if not all(isinstance(cell, str) for cell in cells):
            return j
        found = [(*left, cell) for left, cell in zip(found, cells, strict=True)]
        codes = all(str(cell).isdigit() for cell in cells)
        if len(set(found)) == rows and not codes:
            return j + 1
    return 1 if rows > 1 and len(columns) > 1 and widths[0] <= _NAME else 0
