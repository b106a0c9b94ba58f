"""Marks on numbers that a spreadsheet sets itself, anew whenever a number is edited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from xlsxwriter.utility import xl_rowcol_to_cell


@dataclass(frozen=True)
class Mark:
    """
    How the numbers of a column are marked.

    Parameters
    ----------
    kind
        ``at_most`` and ``above`` colour a cell by its limit; ``bar`` draws a bar in it, from 0 to the
        limit or, where that is None, to the largest number of the column.
    colour
        Ground of a cell, light enough for its letters, or the bar.
    limit
        In the unit of the column; ``at_most`` and ``above`` need one.

    Examples
    --------
    >>> [Mark("at_most", "#fde3b5", 0.05).holds(one) for one in (0.05, 0.051, float("nan"))]
    [True, False, False]
    """

    kind: Literal["at_most", "above", "bar"]
    colour: str
    limit: float | None = None

    def holds(self, value: float) -> bool:
        """Return whether the mark colours the ground of a cell with this number."""
        if self.limit is None or self.kind == "bar":
            return False
        return value <= self.limit if self.kind == "at_most" else value > self.limit


def set_mark(page: Any, mark: Mark, hit: Any, *, column: int, rows: int) -> None:
    """Let a sheet mark so many rows of a column below its heading; `hit` is the format of a hit."""
    if mark.kind == "bar":
        # Without the extension of 2010, which other programs drop; nought has no bar.
        rule = {
            "type": "data_bar",
            "bar_color": mark.colour,
            "min_type": "num",
            "min_value": 0,
            "min_length": 0,
            "max_length": 100,
        }
        if mark.limit is not None:
            rule |= {"max_type": "num", "max_value": mark.limit}
    else:
        # An empty cell counts as 0 and a text as more than any number, so numbers are asked for.
        cell = xl_rowcol_to_cell(1, column)
        sign = "<=" if mark.kind == "at_most" else ">"
        rule = {
            "type": "formula",
            "criteria": f"=AND(ISNUMBER({cell}),{cell}{sign}{mark.limit!r})",
            "format": hit,
        }
    page.conditional_format(1, column, rows, column, rule)
