"""What each two clusters share, for print: a matrix of counts, indices and q."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from siting.cartography import spans
from siting.colours import NEUTRAL, Classes, classify, ramp, written
from siting.figures.furniture import (
    Fill,
    Item,
    Legend,
    draw_foot,
    draw_head,
    draw_legends,
    foot_height,
)
from siting.figures.heads import By, Heads, Names, heads
from siting.figures.lettering import SMALLEST, shown, width, wrap
from siting.figures.page import A4, HALF, MARGIN, PAPER, RULE, Box, Page, printed
from siting.figures.refusal import nothing
from siting.figures.signs import CHIP, draw_chips
from siting.figures.words import numbers_note, word
from siting.schema import Lang, check_choice, check_lang, require_columns


@printed
def overlap_matrix_figure(
    pairs: pd.DataFrame,
    *,
    names: Names = None,
    by: By = "cluster",
    title: str | None = None,
    unit: str = "",
    lang: Lang = "zh",
    source: str = "",
) -> Figure:
    """
    Draw what each two clusters share as a matrix.

    Parameters
    ----------
    pairs
        What `siting.overlap.pairs` gives: columns ``a b shared jaccard``, and ``q`` where it is.
    names
        Id to name; an id without one is its own name.
    by
        ``cluster``: signs and colours of the clusters; ``field``: numbers.
    title
        Title instead of the usual one.
    unit
        Unit of ``shared``, where it is not a number of places.
    lang
        Language of the figure; names are shown as they are.
    source
        Where the pairs come from, in words.

    Returns
    -------
    Figure
        Half an A4 page, or a whole one for more than 8. Below the diagonal the shared places,
        shaded by their share of the most; above it the Jaccard index and, where there is room, q.

    Raises
    ------
    InputError
        If a column is missing, or a text has a character that the font lacks.

    Examples
    --------
    >>> from siting.overlap import pairs
    >>> table = pairs(pd.DataFrame({"x": [1, 1, 0, 0], "y": [0, 1, 1, 0]}))
    >>> [round(float(side) * 25.4) for side in overlap_matrix_figure(table).get_size_inches()]
    [210, 149]
    """
    check_lang(lang)
    check_choice(by, ("cluster", "field"), "by")
    require_columns(pairs, ("a", "b", "shared", "jaccard"), "pairs")
    ids = list(dict.fromkeys([*pairs["a"], *pairs["b"]]))
    if not ids:
        nothing("pairs")
    marks = heads(ids, names, by)
    page = Page(HALF if len(ids) <= 8 else A4)
    notes = [word("matrix_note", lang), *numbers_note(source, lang)]
    top = draw_head(page, word(f"matrix_{by}", lang) if title is None else title, "")
    low = foot_height(page, notes) + 8
    long = max(width(shown(name), 8.0) for name in marks.names)
    left = MARGIN + min(long, 170.0) + CHIP + 14
    side = 130.0
    cell = min((page.width - MARGIN - side - left) / len(ids), (top - low - 14) / len(ids), 46.0)
    grid = Box(left, top - 14 - cell * len(ids), cell * len(ids), cell * len(ids))
    _matrix_heads(page, marks, grid, cell)
    amounts = pairs["shared"].astype("float64")
    found = classify(amounts.where(amounts > 0), scheme="equal")
    shades = ramp(len(found.ranges)) if found.ranges else []
    known = [float(v) for v in amounts if np.isfinite(v)]
    text_of = dict(zip(known, written(known), strict=True))
    for row, shared, code in zip(pairs.itertuples(index=False), amounts, found.codes, strict=True):
        i, j = ids.index(row.a), ids.index(row.b)
        fill = shades[code] if code >= 0 else (NEUTRAL if shared == 0 else PAPER)
        _cell(page, grid, (max(i, j), min(i, j)), [text_of.get(shared, "—")], cell=cell, fill=fill)
        index = float(row.jaccard)  # type: ignore[arg-type]
        lines = ["—" if np.isnan(index) else f"{index:.2f}"]
        q = float(getattr(row, "q", np.nan))
        if not np.isnan(q) and cell >= 30:
            lines.append(f"q {q:.2f}" if q >= 0.005 else "q<0.005")
        _cell(page, grid, (min(i, j), max(i, j)), lines, cell=cell, fill=PAPER)
    for k in range(len(ids)):
        _cell(page, grid, (k, k), [], cell=cell, fill="#e3e6ea")
    column = Box(grid.right + 16, low, page.width - MARGIN - grid.right - 16, top - 14 - low)
    draw_legends(page, column, [_matrix_legend(found, shades, unit, lang)])
    draw_foot(page, notes, lang=lang, review=False)
    return page.finish()


def _matrix_heads(page: Page, marks: Heads, grid: Box, cell: float) -> None:
    for k, (name, chip) in enumerate(zip(marks.names, marks.chips, strict=True)):
        y = grid.top - (k + 0.5) * cell
        draw_chips(page, (grid.x - CHIP - 5, y), (chip,), "names")
        room = grid.x - CHIP - 10 - MARGIN
        lines = wrap(shown(name), 8.0, room, lines=2 if cell >= 20 else 1)
        for n, line in enumerate(lines):
            at = (grid.x - CHIP - 9, y + (len(lines) - 1 - 2 * n) * 4.8)
            page.text(at, line, 8.0, where="names", across="right")
        x = grid.x + (k + 0.5) * cell - CHIP / 2
        draw_chips(page, (x, grid.top + 7), (chip,), "names")


def _cell(
    page: Page, grid: Box, at: tuple[int, int], lines: list[str], *, cell: float, fill: str
) -> None:
    """Draw a cell (row, column) with up to two lines."""
    box = Box(grid.x + at[1] * cell, grid.top - (at[0] + 1) * cell, cell, cell)
    page.box(box, fill=fill, line=RULE, layer=1)
    middle = (box.x + cell / 2, box.y + cell / 2)
    for n, line in enumerate(lines):
        y = middle[1] + (len(lines) - 1 - 2 * n) * 4.5
        size = 8.0 if n == 0 and cell >= 26 else SMALLEST
        page.text((middle[0], y), line, size, where="pairs", across="center")


def _matrix_legend(found: Classes, shades: list[str], unit: str, lang: Lang) -> Legend:
    items = [Item("0", Fill(NEUTRAL))]
    for (low, high), shade in zip(spans(found.ranges), shades, strict=True):
        items.append(Item(low if low == high else f"{low} – {high}", Fill(shade)))
    heading = word("matrix_shared", lang)
    return Legend(
        word("counted", lang, text=heading, count=unit) if unit else heading,
        word("matrix_rule", lang, scheme=word(found.rule, lang)),
        tuple(items[::-1]),
    )
