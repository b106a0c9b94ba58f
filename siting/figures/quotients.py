"""Location quotients for print: bars from 1 on a logarithmic axis, with their intervals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import shapely
from matplotlib.figure import Figure

from siting.cartography import reasons, wrong
from siting.errors import Findings
from siting.figures.furniture import draw_foot, draw_head, foot_height
from siting.figures.lettering import shown, width, wrap
from siting.figures.page import A4, FIELD, GREY, GRID, HALF, INK, MARGIN, RULE, Box, Page, printed
from siting.figures.refusal import nothing, too_many
from siting.figures.words import numbers_note, word
from siting.schema import Lang, check_lang, require_unique

_OVER, _UNDER, _PALE = "#2f6ea5", "#c98118", ("#c3d8ea", "#f5dcb2")
_ROW = 9.0  # least height of a bar's row [pt]


@printed
def quotient_figure(
    values: pd.Series,
    lower: pd.Series | None = None,
    upper: pd.Series | None = None,
    names: Mapping[Any, str] | pd.Series | None = None,
    *,
    title: str,
    note: str = "",
    lang: Lang = "zh",
    source: str = "",
) -> Figure:
    """
    Draw location quotients as bars from 1 on a logarithmic axis, with their intervals.

    Parameters
    ----------
    values
        Quotients [>= 0] by id; NaN is undefined, and ``values.attrs["undefined"]`` (id to reason)
        says why.
    lower, upper
        Ends of the intervals, by the same ids; both or none. A lower end of 0 runs off the axis.
    names
        Id to name; an id without one is its own name.
    title
        What the quotients are of.
    note
        A sentence for the foot, such as why there are no intervals.
    lang
        Language of the figure; names, title and note are shown as they are.
    source
        Where the numbers come from, in words.

    Returns
    -------
    Figure
        Half an A4 page, or a whole one for many bars; the greatest first, undefined ones last.

    Raises
    ------
    InputError
        If a value is negative, infinite or no number, an interval lacks an end or does not hold
        its value, there are more bars than a page has room for, or the font lacks a character.

    Notes
    -----
    A bar is pale if its interval includes 1. A quotient of 0 has no place on a logarithmic axis:
    its bar runs to the left edge, and the number says 0.

    Examples
    --------
    >>> drawn = quotient_figure(pd.Series({"甲": 2.0, "乙": 0.5}), title="区位商")
    >>> [round(float(side) * 25.4) for side in drawn.get_size_inches()]
    [210, 149]
    """
    check_lang(lang)
    table = _quotients(values, lower, upper)
    table["name"] = [str(key) if names is None else str(names.get(key, key)) for key in table.index]
    table["why"] = reasons(values, table.index, lang, none=word("no_reason", lang))
    table = table.sort_values(["value", "name"], ascending=[False, True], kind="stable")
    ends = [word("quotient_interval", lang)] if table["lower"].notna().any() else []
    notes = [word("quotient_note", lang), *ends, *filter(None, [note]), *numbers_note(source, lang)]
    page, area, name_room, row = _quotient_room(table, title, notes)
    plot = Box(area.x + name_room, area.y + 14, area.width - name_room - 92, area.height - 32)
    low, high = _quotient_range(table)

    def at(value: float) -> float:
        if value <= 0:
            return plot.x
        return plot.x + plot.width * float(np.log(value / low) / np.log(high / low))

    page.box(plot, fill=FIELD, line=RULE, layer=0)
    for tick in _decades(low, high):
        page.lines([[(at(tick), plot.y), (at(tick), plot.top)]], colour=GRID, layer=0.5)
        page.text((at(tick), plot.y - 7), f"{tick:g}", 7.0, where="axis", across="center")
    for k, one in enumerate(table.itertuples()):
        y = plot.top - (k + 0.5) * (plot.height / len(table))
        line = wrap(shown(one.name), 7.5, name_room - 8, lines=1)[0]
        page.text((plot.x - 5, y), line, 7.5, where="names", across="right")
        _quotient_bar(page, plot, at, one, y=y, thick=min(row * 0.62, 12.0), lang=lang)
    page.lines([[(at(1.0), plot.y), (at(1.0), plot.top)]], weight=0.9, layer=4)
    _quotient_legend(page, Box(area.x, area.top - 12, area.width, 12), table, lang)
    draw_foot(page, notes, lang=lang, review=False)
    return page.finish()


def _quotients(values: pd.Series, lower: pd.Series | None, upper: pd.Series | None) -> pd.DataFrame:
    """Return value, lower and upper by id as floats, or raise InputError with all that is wrong."""
    require_unique(values.index, "values")
    findings = Findings()
    if (lower is None) != (upper is None):
        found = ("缺少区间的一端", "one end of the intervals is missing")
        fix = ("请同时给出 lower 和 upper", "Give both lower and upper")
        findings.append(wrong("E-FIG-13", "lower" if lower is None else "upper", "", found, fix))
    columns = {"value": values}
    columns |= {} if lower is None or upper is None else {"lower": lower, "upper": upper}
    table = pd.DataFrame(
        {
            name: pd.to_numeric(one, errors="coerce").reindex(values.index).astype("float64")
            for name, one in columns.items()
        }
    ).reindex(columns=["value", "lower", "upper"])
    for key, given, low, value, high in zip(
        table.index, values, table["lower"], table["value"], table["upper"], strict=True
    ):
        text = f"{key}: {given} [{low}, {high}]"
        if (pd.notna(given) and np.isnan(value)) or np.isinf(value) or value < 0:
            found = ("不是不小于 0 的有限数", "not a finite number of at least 0")
            fix = ("没有值的请留空（NaN）", "Put NaN where there is none")
            findings.append(wrong("E-FIG-13", "values", text, found, fix))
        elif not np.isnan(value) and (low > value or high < value or low < 0):
            found = (
                "区间不含该值，或小于 0",
                "the interval does not hold the value, or is below 0",
            )
            fix = ("请核对 lower 与 upper", "Check lower and upper")
            findings.append(wrong("E-FIG-13", "lower, upper", text, found, fix))
    findings.stop()
    if table.empty:
        nothing("values")
    return table


def _quotient_room(
    table: pd.DataFrame, title: str, notes: list[str]
) -> tuple[Page, Box, float, float]:
    """Return the smallest page that holds all bars, its area, room for names, height of a row."""
    for size in (HALF, A4):
        page = Page(size)
        top = draw_head(page, title, "")
        low = foot_height(page, notes) + 4
        area = Box(MARGIN, low, page.width - 2 * MARGIN, top - low)
        row = (area.height - 32) / len(table)
        if row >= _ROW:
            longest = max(width(shown(name), 7.5) for name in table["name"])
            return page, area, min(longest + 10, area.width * 0.3), row
    too_many(len(table), int((area.height - 32) / _ROW))


def _quotient_range(table: pd.DataFrame) -> tuple[float, float]:
    """Return the ends of the axis: around all values and ends above 0, and around 1."""
    seen = table[["value", "lower", "upper"]].to_numpy(dtype="float64").ravel()
    seen = seen[np.isfinite(seen) & (seen > 0)]
    low, high = min([0.5, *seen]), max([2.0, *seen])
    return float(low) / 1.15, float(high) * 1.15


def _decades(low: float, high: float) -> list[float]:
    """Return 1, 2, 5 times powers of ten within the axis; powers alone where it is long."""
    powers = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    steps = (1, 2, 5) if len(powers) <= 5 else (1,)
    ticks = [step * 10.0**power for power in powers for step in steps]
    return [tick for tick in ticks if low <= tick <= high]


def _quotient_bar(
    page: Page, plot: Box, at: Any, one: Any, *, y: float, thick: float, lang: Lang
) -> None:
    """Draw the bar, interval and number of one quotient, or say why it has none."""
    if np.isnan(one.value):
        text = word("undefined_because", lang, reason=one.why)
        line = wrap(shown(text), 7.0, plot.width + 80, lines=1)[0]
        page.hatch(shapely.box(plot.x + 6, y - thick / 2, plot.x + 22, y + thick / 2), layer=2)
        behind = Box(plot.x + 25, y - 4.5, width(line, 7.0) + 4, 9)
        page.box(behind, fill=FIELD, layer=4.5)  # the line at 1 does not run through it
        page.text((plot.x + 27, y), line, 7.0, where="undefined", colour=GREY)
        return
    crossing = one.lower <= 1 <= one.upper
    shade = (_PALE if crossing else (_OVER, _UNDER))[0 if one.value >= 1 else 1]
    left, right = sorted((at(one.value), at(1.0)))
    page.box(Box(left, y - thick / 2, right - left, thick), fill=shade, line=INK, weight=0.3)
    text = _written(one.value)
    if not np.isnan(one.lower):
        low, high = at(one.lower), at(one.upper)
        caps = [[(x, y - 2), (x, y + 2)] for x in ([low] if one.lower > 0 else []) + [high]]
        page.lines([[(low, y), (high, y)], *caps], weight=0.8, layer=3.5)
        text = f"{text} [{_written(one.lower)}, {_written(one.upper)}]"
    page.text((plot.right + 6, y), text, 7.0, where="values")


def _written(value: float) -> str:
    """
    Return a quotient with two decimals, or two digits where it is small.

    Examples
    --------
    >>> _written(0.9), _written(0.0123), _written(0.0)
    ('0.90', '0.012', '0')
    """
    if value == 0:
        return "0"
    return f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"


def _quotient_legend(page: Page, box: Box, table: pd.DataFrame, lang: Lang) -> None:
    """Write the colours in one line: above 1, below 1, and pale where the interval includes 1."""
    x, y = box.x, box.y + 6
    parts: list[tuple[str, tuple[str, ...]]] = [
        ("quotient_over", (_OVER,)),
        ("quotient_under", (_UNDER,)),
    ]
    if table["lower"].notna().any():
        parts.append(("quotient_crossing", _PALE))
    for key, colours in parts:
        for colour in colours:
            page.box(Box(x, y - 4, 12, 8), fill=colour, line=INK, weight=0.3)
            x += 13
        page.text((x + 3, y), word(key, lang), 7.0, where="legend")
        x += width(word(key, lang), 7.0) + 16
