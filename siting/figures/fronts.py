"""Options by two criteria for print: the front that no option beats, and the chosen ones."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from siting.cartography import wrong
from siting.colours import written
from siting.errors import Findings
from siting.figures.furniture import (
    Fill,
    Item,
    Legend,
    draw_dot,
    draw_foot,
    draw_head,
    draw_legends,
    draw_zone,
    foot_height,
)
from siting.figures.labels import Name, arrange, draw_spots
from siting.figures.lettering import shown, wrap
from siting.figures.page import (
    FIELD,
    GRID,
    HALF,
    MARGIN,
    PAPER,
    RULE,
    Box,
    Page,
    printed,
)
from siting.figures.refusal import nothing
from siting.figures.words import numbers_note, word
from siting.schema import Lang, check_choice, check_lang, require_columns, require_unique

Better = Literal["less", "more"]
_BEST = "#2f6ea5"


@printed
def pareto_figure(
    points: pd.DataFrame,
    *,
    title: str,
    x_title: str,
    y_title: str,
    chosen: Iterable[Any] = (),
    better: tuple[Better, Better] = ("less", "less"),
    lang: Lang = "zh",
    source: str = "",
) -> Figure:
    """
    Draw options by two criteria, the front that no option beats, and the chosen ones.

    Parameters
    ----------
    points
        An option per row, by id: ``x y label``.
    title, x_title, y_title
        What is compared, and the criteria with their units.
    chosen
        Ids of the options to mark.
    better
        For x and for y whether ``less`` or ``more`` is better.
    lang
        Language of the figure; titles and labels are shown as they are.
    source
        Where the options come from, in words.

    Returns
    -------
    Figure
        Half an A4 page. Options of the front and chosen ones are labelled.

    Raises
    ------
    InputError
        If a column is missing, an id occurs twice, a chosen one is not there, no option has finite
        coordinates, or the font lacks a character.

    Notes
    -----
    Of options that are equal in both criteria, all are on the front.

    Examples
    --------
    >>> points = pd.DataFrame({"x": [1, 2, 2], "y": [2, 1, 2], "label": ["甲", "乙", "丙"]})
    >>> drawn = pareto_figure(points, title="方案", x_title="距离", y_title="最大后悔")
    >>> [round(float(side) * 25.4) for side in drawn.get_size_inches()]
    [210, 149]
    """
    check_lang(lang)
    for one in better:
        check_choice(one, ("less", "more"), "better")
    marked = list(chosen)
    drawn, lost = _options(points, marked)
    on_front = front(drawn["x"], drawn["y"], better=better)
    notes = [word("front_note", lang)]
    notes += [word("not_drawn", lang, names=word("joint", lang).join(lost))] if lost else []
    notes += numbers_note(source, lang)
    page = Page(HALF)
    top = draw_head(page, title, "")
    low = foot_height(page, notes) + 8
    side = 120.0
    plot = Box(MARGIN + 42, low + 30, page.width - 2 * MARGIN - 42 - side, top - low - 46)
    x_at = _axis(page, plot, drawn["x"], word(better[0], lang, title=x_title), across=True)
    y_at = _axis(page, plot, drawn["y"], word(better[1], lang, title=y_title), across=False)
    spots = {
        key: (x_at(x), y_at(y))
        for key, x, y in zip(drawn.index, drawn["x"], drawn["y"], strict=True)
    }
    _front_line(page, [spots[key] for key in drawn.index[on_front]])
    for key, best in zip(drawn.index, on_front, strict=True):
        if key in marked:
            draw_zone(page, spots[key])
            continue
        draw_dot(page, spots[key], _BEST if best else PAPER)
    named = [key for key, best in zip(drawn.index, on_front, strict=True) if best or key in marked]
    names = [
        Name(key, shapely.Polygon(), spots[key], str(drawn.loc[key, "label"]), where="label")
        for key in named
    ]
    marks = [Box(x - 3.5, y - 3.5, 7, 7) for x, y in spots.values()]
    unlabelled = draw_spots(page, names, arrange(names, plot, marks=marks))
    column = Box(plot.right + 14, low, page.width - MARGIN - plot.right - 14, plot.top - low)
    draw_legends(page, column, [_front_legend(on_front, bool(marked), unlabelled, lang)])
    draw_foot(page, notes, lang=lang, review=False)
    return page.finish()


def front(x: pd.Series, y: pd.Series, *, better: tuple[Better, Better]) -> npt.NDArray[np.bool_]:
    """
    Return which options no other one beats: none is at least as good in both and better in one.

    Examples
    --------
    >>> front(pd.Series([1, 2, 2]), pd.Series([2, 1, 2]), better=("less", "less")).tolist()
    [True, True, False]
    """
    costs = np.column_stack(
        [
            one.to_numpy(dtype="float64") * (1 if kind == "less" else -1)
            for one, kind in zip((x, y), better, strict=True)
        ]
    )
    beaten = [
        bool(((costs <= mine).all(axis=1) & (costs < mine).any(axis=1)).any()) for mine in costs
    ]
    return ~np.array(beaten, dtype=bool)


def _options(points: pd.DataFrame, chosen: list[Any]) -> tuple[pd.DataFrame, list[str]]:
    """Return the options with finite coordinates, and the labels of the others."""
    require_columns(points, ("x", "y", "label"), "points")
    require_unique(points.index, "points")
    listed = ("请用 points 的行号", "Use ids of the rows of points")
    unknown = ("没有这个方案", "there is no such option")
    findings = Findings(
        wrong("E-FIG-14", "chosen", str(key), unknown, listed)
        for key in chosen
        if key not in points.index
    )
    findings.stop()
    numbers = points[["x", "y"]].apply(pd.to_numeric, errors="coerce").astype("float64")
    good = np.isfinite(numbers).all(axis="columns")
    if not good.any():
        nothing("points")
    drawn = numbers[good].assign(label=points.loc[good, "label"].astype(str))
    return drawn, points.loc[~good, "label"].astype(str).tolist()


def _axis(page: Page, plot: Box, values: pd.Series, title: str, *, across: bool) -> Any:
    """Draw an axis with round ticks; return where on it a value lies [pt]."""
    least, most = float(values.min()), float(values.max())
    pad = (most - least) * 0.12 or abs(most) * 0.1 or 1.0
    ticks = [float(t) for t in MaxNLocator(6, steps=[1, 2, 5, 10]).tick_values(least, most)]
    low, high = min(ticks[0], least - pad * 0.3), max(ticks[-1], most + pad * 0.3)
    start, room = (plot.x, plot.width) if across else (plot.y, plot.height)

    def at(value: float) -> float:
        return start + room * (value - low) / (high - low)

    if across:
        page.box(plot, fill=FIELD, line=RULE, layer=0)
    for tick, text in zip(ticks, written(ticks), strict=True):
        where = at(tick)
        ends = (
            [(where, plot.y), (where, plot.top)]
            if across
            else [(plot.x, where), (plot.right, where)]
        )
        page.lines([ends], colour=GRID, layer=0.5)
        spot = (where, plot.y - 7) if across else (plot.x - 4, where)
        page.text(spot, text, 7.0, where="axis", across="center" if across else "right")
    line = wrap(shown(title), 8.0, plot.width, lines=1)[0]
    spot = (plot.x + plot.width / 2, plot.y - 20) if across else (plot.x - 40, plot.top + 9)
    page.text(spot, line, 8.0, where="axis", across="center" if across else "left")
    return at


def _front_line(page: Page, spots: list[tuple[float, float]]) -> None:
    """Draw the front from option to option."""
    if len(spots) > 1:
        page.lines([sorted(spots)], colour=_BEST, weight=1.0, layer=2)


def _front_legend(
    on_front: npt.NDArray[np.bool_], marked: bool, unlabelled: list[str], lang: Lang
) -> Legend:
    items = [Item(word("front", lang), Fill(_BEST), dot=True)]
    if not on_front.all():
        items.append(Item(word("dominated", lang), Fill(PAPER), dot=True))
    if marked:
        items.append(Item(word("chosen", lang), zone="chosen"))
    if unlabelled:
        listed = word("joint", lang).join(unlabelled)
        items.append(Item("", detail=word("unlabelled", lang, names=listed)))
    return Legend("", "", tuple(items))
