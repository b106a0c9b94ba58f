"""Every combination of clusters that occurs, with its places, for print: an UpSet turned on its side."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from matplotlib.figure import Figure

from siting.figures.furniture import draw_foot, draw_head, foot_height
from siting.figures.heads import BAR, By, Heads, Names, called_by, heads
from siting.figures.lettering import LEADING, SMALLEST, shown, width, wrap
from siting.figures.page import A4, GREY, HALF, INK, MARGIN, PAPER, RULE, Box, Page, printed
from siting.figures.refusal import nothing, too_many
from siting.figures.signs import CHIP, draw_chips
from siting.figures.words import numbers_note, word
from siting.schema import Lang, check_choice, check_incidence, check_lang


@printed
def upset_figure(
    incidence: pd.DataFrame,
    *,
    names: Names = None,
    places: Names = None,
    by: By = "cluster",
    title: str | None = None,
    lang: Lang = "zh",
    source: str = "",
) -> Figure:
    """
    Draw every combination of clusters that occurs, with the places that have exactly it.

    Parameters
    ----------
    incidence
        What `siting.overlap.incidence` gives: 0/1, all places x clusters (or fields).
    names, places
        Id to name, of columns and of rows; an id without one is its own name.
    by, title, lang, source
        As for `overlap_matrix_figure`.

    Returns
    -------
    Figure
        Half an A4 page, or a whole one if it needs more room: a row per combination, most clusters
        first, with dots for its clusters, a bar for its places, and their names.

    Raises
    ------
    InputError
        If the table holds anything but 0 and 1, there are more combinations than a page has room
        for, or a text has a character that the font lacks.

    References
    ----------
    Lex, A. et al. (2014). UpSet: Visualization of Intersecting Sets. IEEE TVCG 20(12), 1983-1992;
    here turned, so that names can be read.

    Examples
    --------
    >>> table = pd.DataFrame({"x": [1, 1, 0], "y": [0, 1, 0]}, index=["p", "q", "r"])
    >>> [round(float(side) * 25.4) for side in upset_figure(table).get_size_inches()]
    [210, 149]
    """
    check_lang(lang)
    check_choice(by, ("cluster", "field"), "by")
    table = check_incidence(incidence)
    if table.empty:
        nothing("incidence")
    marks = heads(list(table.columns), names, by)
    called = called_by(list(table.index), places)
    groups = _combinations(table, called)
    notes = [word("upset_note", lang), *numbers_note(source, lang)]
    page, area, rows = _upset_room(
        groups, marks, notes, word(f"upset_{by}", lang) if title is None else title, lang
    )
    counts = table.sum(axis="index").to_numpy()
    step = min(20.0, (area.width * 0.42) / len(marks.names))
    _upset_heads(page, area, marks, counts, step=step, lang=lang)
    bars = area.x + step * len(marks.names) + 18
    longest = max(len(held) for _, held in groups)
    per_place = min(12.0, area.width * 0.16 / longest)
    y = area.top - _upset_head_height(marks, area.width)
    for k, ((combination, held), height) in enumerate(zip(groups, rows, strict=True)):
        if k % 2 == 0:
            page.box(Box(area.x, y - height, area.width, height), fill="#f3f5f7", layer=0)
        middle = y - height / 2
        _dots(page, (area.x, middle), combination, marks, step)
        page.box(Box(bars, middle - 4, per_place * len(held), 8), fill=BAR)
        page.text((bars + per_place * len(held) + 4, middle), str(len(held)), 7.0, where="bars")
        start = bars + per_place * longest + 20
        lines = wrap(shown(word("joint", lang).join(held)), 7.0, area.right - start)
        at = (start, middle + len(lines) * 7.0 * LEADING / 2)
        said = word("joint", lang).join(held)
        page.paragraph(at, said, 7.0, area.right - start, where="places")
        y -= height
    draw_foot(page, notes, lang=lang, review=False)
    return page.finish()


def _combinations(
    table: pd.DataFrame, called: list[str]
) -> list[tuple[tuple[int, ...], list[str]]]:
    """Return each combination of columns that a row has, and the names of the rows that have it."""
    found: dict[tuple[int, ...], list[str]] = {}
    for row, name in zip(table.to_numpy(), called, strict=True):
        found.setdefault(tuple(int(k) for k in np.flatnonzero(row)), []).append(name)
    return sorted(found.items(), key=lambda one: (-len(one[0]), -len(one[1]), one[0]))


def _upset_room(
    groups: list[tuple[tuple[int, ...], list[str]]],
    marks: Heads,
    notes: list[str],
    title: str,
    lang: Lang,
) -> tuple[Page, Box, list[float]]:
    """Return the smallest page that holds all rows, its area, and the height of each row."""
    for size in (HALF, A4):
        page = Page(size)
        top = draw_head(page, title, "")
        low = foot_height(page, notes) + 6
        area = Box(MARGIN, low, page.width - 2 * MARGIN, top - low)
        step = min(20.0, (area.width * 0.42) / len(marks.names))
        longest = max(len(held) for _, held in groups)
        used = step * len(marks.names) + 38 + min(12.0, area.width * 0.16 / longest) * longest
        room = area.width - used
        lines = [len(wrap(shown(word("joint", lang).join(held)), 7.0, room)) for _, held in groups]
        least = [max(n * 7.0 * LEADING + 2, CHIP + 3) for n in lines]
        spare = area.height - _upset_head_height(marks, area.width) - sum(least)
        if spare >= 0:
            more = min(spare / len(groups), 8.0)
            return page, area, [height + more for height in least]
    too_many(len(groups), len(groups) + int(spare / (CHIP + 3)))


def _columns(marks: Heads, room: float) -> int:
    """Return in how many columns the names stand, so that each fits in its own."""
    longest = max(width(shown(name), 7.0) for name in marks.names) + CHIP + 8
    return max(1, min(5, int(room / longest)))


def _upset_head_height(marks: Heads, room: float) -> float:
    lines = math.ceil(len(marks.names) / _columns(marks, room))
    return 46.0 + lines * 11.0


def _upset_heads(
    page: Page,
    area: Box,
    marks: Heads,
    counts: npt.NDArray[np.int64],
    *,
    step: float,
    lang: Lang,
) -> None:
    """Draw what the columns are called, and above each how many places it has in all."""
    columns = _columns(marks, area.width)
    room = area.width / columns
    for k, (name, chip) in enumerate(zip(marks.names, marks.chips, strict=True)):
        x, y = area.x + (k % columns) * room, area.top - 5 - (k // columns) * 11.0
        draw_chips(page, (x, y), (chip,), "names")
        line = wrap(shown(name), 7.0, room - CHIP - 8, lines=1)[0]
        page.text((x + CHIP + 4, y), line, 7.0, where="names")
    base = area.top - _upset_head_height(marks, area.width) + 14
    most = max(int(counts.max()), 1)
    for k, (count, chip, dot) in enumerate(zip(counts, marks.chips, marks.dots, strict=True)):
        x = area.x + k * step + step / 2
        high = 16.0 * int(count) / most
        page.box(Box(x - 4, base, 8, high), fill=dot, line=INK, weight=0.3)
        page.text((x, base + high + 4.5), str(int(count)), SMALLEST, where="bars", across="center")
        draw_chips(page, (x - CHIP / 2, base - 6), (chip,), "names")
    right = area.x + step * len(marks.names) + 18
    page.text((right, base - 6), word("upset_bars", lang), 7.0, where="bars", colour=GREY)


def _dots(
    page: Page, at: tuple[float, float], held: tuple[int, ...], marks: Heads, step: float
) -> None:
    """Draw a row of dots, filled for the columns of a combination."""
    x, y = at
    radius = min(4.0, step * 0.3)
    centre = [x + k * step + step / 2 for k in range(len(marks.names))]
    if len(held) > 1:
        page.lines([[(centre[held[0]], y), (centre[held[-1]], y)]], weight=1.0, layer=2)
    for k, middle in enumerate(centre):
        dot = shapely.Point(middle, y).buffer(radius)
        inside = k in held
        page.area(
            dot,
            fill=marks.dots[k] if inside else PAPER,
            line=INK if inside else RULE,
            weight=0.4,
            layer=3,
        )
