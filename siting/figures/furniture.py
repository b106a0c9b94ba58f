"""What every printed page has around its picture: head, legends, foot, scale bar, north arrow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import shapely

from siting.cartography import ZONE, Mark
from siting.colours import Sign
from siting.figures.lettering import LEADING, SMALLEST, shown, width, wrap
from siting.figures.page import GREY, INK, MARGIN, PAPER, RULE, Box, Page, fitted
from siting.figures.signs import CHIP, CHIP_GAP, draw_chips
from siting.figures.words import word
from siting.schema import Lang

BORDER = "#5b6570"
_FOOT = 6.5  # [pt]
_FOOT_LINES = 14
_LEGEND_SIZES = (8.0, 7.5, 7.0, 6.5, SMALLEST)
_ROUND = (1, 2, 5)


@dataclass(frozen=True)
class Fill:
    """How a place is filled: with a colour, or hatched where there is nothing to show."""

    colour: str
    hatched: bool = False


@dataclass(frozen=True)
class Item:
    """A line of a legend: a swatch, signs or a mark, then text, and smaller text below."""

    text: str
    fill: Fill | None = None
    chips: tuple[Sign, ...] = ()
    detail: str = ""
    zone: Mark | None = None
    dot: bool = False  # the fill is that of a dot, not of an area


@dataclass(frozen=True)
class Legend:
    """A part of the legend: heading, class rule, items."""

    title: str
    rule: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class _Row:
    height: float
    draw: Callable[[float, float], None]


def draw_head(page: Page, title: str, subtitle: str) -> float:
    """Write title and subtitle; return the height that is free below them."""
    room = page.width - 2 * MARGIN
    size = fitted(title, room, (17.0, 15.0, 13.0, 11.0))
    y = page.paragraph(
        (MARGIN, page.height - MARGIN + 6), title, size, room, where="title", lines=2
    )
    if subtitle:
        at = (MARGIN, y - 1)
        y = page.paragraph(at, subtitle, 8.0, room, where="subtitle", colour=GREY, lines=3)
    return y - 6


def foot_height(page: Page, notes: Sequence[str]) -> float:
    """Return how high up the foot of the page reaches."""
    return MARGIN + len(_foot_lines(page, notes)) * _FOOT * LEADING + 6


def draw_foot(page: Page, notes: Sequence[str], *, lang: Lang, review: bool = True) -> None:
    """Write the notes, and for a map the blank for its review number and what it is not for."""
    lines = _foot_lines(page, notes)
    top = foot_height(page, notes)
    page.lines([[(MARGIN, top), (page.width - MARGIN, top)]], colour=RULE, weight=0.5)
    y = top - 3
    for line in lines:
        page.text((MARGIN, y - _FOOT * LEADING / 2), line, _FOOT, where="notes", colour=GREY)
        y -= _FOOT * LEADING
    if review:
        page.text((MARGIN, MARGIN - 8), word("review", lang), 7.0, where="review")
    page.text(
        (page.width - MARGIN, MARGIN - 8),
        word("internal", lang),
        7.0,
        where="internal",
        across="right",
    )


def _foot_lines(page: Page, notes: Sequence[str]) -> list[str]:
    room = page.width - 2 * MARGIN
    lines = [line for note in notes for line in wrap(shown(note), _FOOT, room, lines=6)]
    return lines if len(lines) <= _FOOT_LINES else [*lines[: _FOOT_LINES - 1], "…"]


def draw_legends(page: Page, box: Box, legends: Sequence[Legend]) -> float:
    """Write the legends from the top of `box`, as large as they fit; return the height below."""
    for size in _LEGEND_SIZES:
        rows = [row for legend in legends for row in _rows(page, legend, box, size)]
        if sum(row.height for row in rows[:-1]) <= box.height:  # the last is but air
            break
    y = box.top
    for i, row in enumerate(rows):
        rest = sum(one.height for one in rows[i:-1])
        if y - row.height < box.y and rest > y - box.y:
            page.text((box.x, box.y + 3), "…", SMALLEST, where="legend")
            break
        row.draw(box.x, y)
        y -= row.height
    return y


def _rows(page: Page, legend: Legend, box: Box, size: float) -> list[_Row]:
    """Return heading, rule and items of a legend as rows that know their height."""
    small = max(size - 1.0, SMALLEST)
    rows = []
    if legend.title:
        rows += _text_rows(page, legend.title, size + 1.5, box.width, indent=0.0, colour=INK)
    if legend.rule:
        rows += _text_rows(page, legend.rule, small, box.width, indent=0.0, colour=GREY)
    rows.append(_Row(2.0, lambda _x, _y: None))
    for item in legend.items:
        rows += _item_rows(page, item, box.width, size, small)
    rows.append(_Row(7.0, lambda _x, _y: None))
    return rows


def _item_rows(page: Page, item: Item, room: float, size: float, small: float) -> list[_Row]:
    marked = item.fill is not None or item.zone is not None
    indent = 22.0 if marked else len(item.chips) * (CHIP + CHIP_GAP) + (5.0 if item.chips else 0.0)
    rows = _text_rows(page, item.text, size, room, indent=indent, colour=INK)
    first = rows[0]
    start = indent + width(shown(item.text), size) + 6
    beside = start + width(shown(item.detail), small) <= room
    height = max(first.height, 12.0 if indent else 0.0)

    def draw(x: float, y: float) -> None:
        middle = y - height / 2
        if item.fill is not None and item.dot:
            draw_dot(page, (x + 8, middle), item.fill.colour)
        elif item.fill is not None:
            swatch = Box(x, middle - 4.5, 16, 9)
            page.box(swatch, fill=item.fill.colour, line=BORDER)
            if item.fill.hatched:
                page.hatch(shapely.box(swatch.x, swatch.y, swatch.right, swatch.top), layer=3)
        if item.zone is not None:
            draw_zone(page, (x + 8, middle), item.zone)
        draw_chips(page, (x, middle), item.chips, "legend")
        first.draw(x, y - (height - first.height) / 2)
        if beside:
            page.text((x + start, middle), item.detail, small, where="legend", colour=GREY)

    rows[0] = _Row(height, draw)
    if item.detail and not beside:
        rows += _text_rows(page, item.detail, small, room, indent=indent, colour=GREY)
    return rows


def _text_rows(
    page: Page, text: str, size: float, room: float, *, indent: float, colour: str
) -> list[_Row]:
    def row(line: str) -> _Row:
        high = size * LEADING

        def draw(x: float, y: float) -> None:
            page.text((x + indent, y - high / 2), line, size, where="legend", colour=colour)

        return _Row(high, draw)

    return [row(line) for line in wrap(shown(text), size, room - indent, lines=30)]


def draw_dot(page: Page, at: tuple[float, float], colour: str) -> None:
    """Draw the dot of an option; a blank one has a paler rim."""
    rim = GREY if colour == PAPER else INK
    page.area(shapely.Point(at).buffer(3.2), fill=colour, line=rim, layer=3)


def draw_zone(page: Page, at: tuple[float, float], mark: Mark = "chosen") -> None:
    """Draw the mark of a point: a diamond, a hollow one, or the square of what stood there already."""
    x, y = at
    shape = shapely.Polygon([(x - 4, y), (x, y + 4), (x + 4, y), (x, y - 4)])
    if mark == "existing":
        shape = shapely.box(x - 3, y - 3, x + 3, y + 3)
    page.area(shape, fill=PAPER, line=PAPER, weight=2.4, layer=4)
    if mark == "swing":
        page.area(shape.buffer(-0.5), fill=PAPER, line=ZONE, weight=1.3, layer=4.1)
    else:
        page.area(shape, fill=ZONE, layer=4.1)


def scale_length(scale: float, room: float) -> float:
    """
    Return the longest round length [m] that is at most `room` [pt] at `scale` [pt/m].

    Examples
    --------
    At 100 points per 30 km, 100 points hold 20 km:

    >>> scale_length(100 / 30_000, 100)
    20000.0
    """
    longest = room / scale
    power = 10.0 ** len(str(int(longest))[1:])
    return max(step * power for step in _ROUND if step * power <= longest)


def draw_scale(page: Page, at: tuple[float, float], scale: float, room: float, lang: Lang) -> Box:
    """Draw a scale bar of a round length in two halves, from its left end; return its box."""
    length = scale_length(scale, room)
    whole = length * scale
    x, y = at
    unit, size = ("kilometres", 1000.0) if length >= 1000 else ("metres", 1.0)
    text = word(unit, lang, length=f"{length / size:g}")
    whole_box = Box(x - 6, y - 4, whole + 12 + width(text, 6.5) / 2, 20)
    page.box(whole_box, fill=PAPER, layer=3.5)
    for i, fill in enumerate((INK, PAPER)):
        page.box(Box(x + i * whole / 2, y, whole / 2, 3.0), fill=fill, line=INK, layer=4)
    page.text((x, y + 9), "0", 6.5, where="scale", across="center")
    page.text((x + whole, y + 9), text, 6.5, where="scale", across="center")
    return whole_box


def draw_north(page: Page, at: tuple[float, float], lang: Lang) -> Box:
    """Draw an arrow to the north with the word at its head, from its foot; return its box."""
    x, y = at
    left = shapely.Polygon([(x, y + 20), (x - 5, y), (x, y + 5)])
    right = shapely.Polygon([(x, y + 20), (x + 5, y), (x, y + 5)])
    page.area(left, fill=INK, line=INK, weight=0.5, layer=4)
    page.area(right, fill=PAPER, line=INK, weight=0.5, layer=4)
    page.text((x, y + 26), word("north", lang), 8.0, where="north", across="center", rim=True)
    return Box(x - 8, y - 2, 16, 34)
