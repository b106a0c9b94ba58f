"""Names on a printed map: inside their place where they fit, else beside it on a line; never over each other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from siting.colours import Sign
from siting.figures.clearance import Choice, Numbers, Row, Taken
from siting.figures.lettering import LEADING, SMALLEST, shown, unbroken, width, wrap
from siting.figures.page import GREY, INK, Box, Page
from siting.figures.signs import CHIP, draw_chips, row_width

SIZES = (9.0, 8.0, 7.0, SMALLEST)  # [pt]
_NOTE = 6.5
_MARK = 5.5  # half a point's mark
_AIR = 1.5  # kept free around each label [pt]
_WIDEST = 110.0
_ROUNDS = 4
_MINE = 0.8  # least part of a label that lies in its own place
_SHORTEST = 4.0  # least length of a line [pt]
_MOST = 350  # spots tried inside a place
_ANGLES = 32
_REACH = (1.0, 1.25, 1.6, 2.0, 2.6, 3.4, 4.4, 5.6, 7.0, 9.0)  # lengths of a line, in reaches


@dataclass(frozen=True)
class Name:
    """
    What to write at a place: its outline and label point on the page [pt], text, signs, note.

    The name of a point has an empty outline.
    """

    key: Any
    home: BaseGeometry
    at: tuple[float, float]
    text: str
    chips: tuple[Sign, ...] = ()
    note: str = ""
    where: str = ""
    colour: str = INK


@dataclass(frozen=True)
class Block:
    """A name set in lines of one size, and how much room it takes [pt]."""

    lines: list[str]
    size: float
    width: float
    height: float


@dataclass(frozen=True)
class Spot:
    """Where a block goes, and the line that leads from it to its place, if it lies outside."""

    block: Block
    box: Box
    line: tuple[tuple[float, float], tuple[float, float]] | None = None


def arrange(
    names: Sequence[Name], frame: Box, taken: Sequence[Box] = (), marks: Sequence[Box] = ()
) -> list[Spot | None]:
    """
    Return a spot for each name, free of all others; None only where the frame has no room left.

    All names have one size: the one of `SIZES` that loses the fewest names, then leads the fewest
    out of their places, then is largest. The order of `names` does not matter. Nothing covers
    `taken` and `marks`; lines may start in `marks`.

    Examples
    --------
    >>> square = shapely.box(10, 10, 90, 90)
    >>> spot = arrange([Name("a", square, (50, 50), "浦东新区")], Box(0, 0, 100, 100))[0]
    >>> spot.block.size, spot.line, spot.box.x + spot.box.width / 2
    (9.0, None, 50.0)
    """
    order = sorted(range(len(names)), key=lambda i: (str(names[i].key), names[i].text))
    best: tuple[float, dict[int, Spot]] | None = None
    for size in SIZES:
        found = _settle(names, order, frame, (taken, marks), size)
        lost = len(names) - len(found)
        led = sum(spot.line is not None for spot in found.values())
        cost = 1000 * lost + 2.5 * led + (SIZES[0] - size)
        if best is None or cost < best[0]:
            best = (cost, found)
    return [best[1].get(i) if best else None for i in range(len(names))]


def draw_spots(page: Page, names: Sequence[Name], spots: Sequence[Spot | None]) -> list[str]:
    """Write the names; return those that found no room."""
    for name, spot in zip(names, spots, strict=True):
        if spot is None:
            continue
        if spot.line is not None:
            page.lines([list(spot.line)], colour=GREY, weight=0.6, layer=4)
            (x, y), _ = spot.line
            page.area(shapely.Point(x, y).buffer(1.3), fill=GREY, layer=4)
        x, y = spot.box.x + spot.box.width / 2, spot.box.top - _AIR
        size = spot.block.size
        for line in spot.block.lines:
            middle = (x, y - size * LEADING / 2)
            page.text(
                middle,
                line,
                size,
                where=name.where,
                colour=name.colour,
                across="center",
                rim=True,
            )
            y -= size * LEADING
        if name.chips:
            draw_chips(page, (x - row_width(name.chips) / 2, y - CHIP / 2), name.chips, name.where)
            y -= CHIP
        if name.note:
            page.text(
                (x, y - _NOTE * LEADING / 2),
                name.note,
                _NOTE,
                where=name.where,
                across="center",
                rim=True,
            )
    return [name.text for name, spot in zip(names, spots, strict=True) if spot is None]


def _blocks(name: Name, size: float) -> list[Block]:
    """Return the name in one line, and in two or three where it is long."""
    text = shown(name.text)
    settings = [wrap(text, size, _WIDEST, lines=3)]
    long = width(text, size)
    narrow = max([long * 0.62, *(width(word, size) for word in unbroken(text))])
    if len(settings[0]) == 1 and long > 4.5 * size and narrow < long:
        settings.append(wrap(text, size, narrow, lines=3))
    below = (CHIP if name.chips else 0.0) + (_NOTE * LEADING if name.note else 0.0)
    return [
        Block(
            lines,
            size,
            max(
                *(width(line, size) for line in lines),
                row_width(name.chips),
                width(name.note, _NOTE),
            )
            + 2 * _AIR,
            len(lines) * size * LEADING + below + 2 * _AIR,
        )
        for lines in settings
    ]


def _settle(
    names: Sequence[Name],
    order: list[int],
    frame: Box,
    before: tuple[Sequence[Box], Sequence[Box]],
    size: float,
) -> dict[int, Spot]:
    """Return the spots of all names that find one: those with the least choice go first."""
    blocks = {i: _blocks(names[i], size) for i in order}
    inside = {i: _inside(names[i], blocks[i], frame) for i in order}
    # a label inside its place cannot go elsewhere, one on a line can
    first = sorted((i for i in order if len(inside[i].boxes)), key=lambda i: len(inside[i].boxes))
    then = [i for i in order if not len(inside[i].boxes)]
    land = shapely.union_all([name.home for name in names])
    without = shapely.union_all([names[i].home for i in then])
    outside: dict[int, Choice] = {}
    for _ in range(_ROUNDS):
        taken = Taken([_ends(box) for box in before[0]], [_ends(box) for box in before[1]])
        found: dict[int, Spot] = {}
        for i in (*first, *then):
            best = taken.first(inside[i])
            if best is not None:
                found[i] = _spot(blocks[i], inside[i], best)
                continue
            if i not in outside:
                outside[i] = _outside(names[i], blocks[i], frame, (land, without))
            best = taken.first(outside[i])
            if best is not None:
                found[i] = _spot(blocks[i], outside[i], best)
        failed = [i for i in (*first, *then) if i not in found]
        if not failed:
            break
        first = [*failed, *(i for i in first if i not in failed)]  # they choose first next time
        then = [i for i in then if i not in failed]
    return found


def _inside(name: Name, blocks: list[Block], frame: Box) -> Choice:
    """Return spots in the place itself, the best first; none if the name does not fit there."""
    if name.home.is_empty:
        return _beside(name, blocks, frame)
    home = shapely.simplify(name.home, 0.5)
    left, low, right, high = home.bounds
    step = max(2.0, math.sqrt((right - left) * (high - low) / _MOST))
    xs = np.concatenate([[name.at[0]], np.arange(left + step / 2, right, step)])
    ys = np.concatenate([[name.at[1]], np.arange(low + step / 2, high, step)])
    x, y = (each.ravel() for each in np.meshgrid(xs, ys))
    kinds, boxes = _around(blocks, x, y)
    part = _part(boxes, home)
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    cost = np.hypot(*(middle - name.at).T) + 150 * (1 - part) + 3 * kinds
    return _best(cost, part > _MINE, kinds, boxes, frame)


def _beside(name: Name, blocks: list[Block], frame: Box) -> Choice:
    """Return spots that touch the mark of a point: right, left, below, above, in the corners."""
    sides = np.array([(1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (-1, -1), (1, 1), (-1, 1)])
    kinds = np.repeat(np.arange(len(blocks)), len(sides))
    half = np.array([(block.width / 2, block.height / 2) for block in blocks])[kinds]
    middle = name.at + np.tile(sides, (len(blocks), 1)) * (half + _MARK)
    boxes = np.hstack([middle - half, middle + half])
    return _best(
        np.arange(len(kinds), dtype="float64"), np.ones(len(kinds), dtype=bool), kinds, boxes, frame
    )


def _outside(
    name: Name, blocks: list[Block], frame: Box, grounds: tuple[BaseGeometry, BaseGeometry]
) -> Choice:
    """
    Return spots around the place, each with a line to it, the best first.

    `grounds` are all places, and those whose names do not fit: on these it would read as theirs.
    """
    turns = np.arange(_ANGLES) * (2 * math.pi / _ANGLES)
    kinds = np.repeat(np.arange(len(blocks)), _ANGLES * len(_REACH))
    half = np.array([(block.width / 2, block.height / 2) for block in blocks])[kinds]
    reach = np.tile(np.repeat(_REACH, _ANGLES), len(blocks))[:, None]
    way = np.tile(np.column_stack([np.cos(turns), np.sin(turns)]), (len(blocks) * len(_REACH), 1))
    anchor = np.array(name.at)
    middle = anchor + way * (half + 12 * reach)
    boxes = np.hstack([middle - half, middle + half])
    ends = np.clip(anchor, boxes[:, :2], boxes[:, 2:])
    far = np.hypot(*(ends - anchor).T)
    lines = np.hstack([np.broadcast_to(anchor, ends.shape), ends])
    land, without = (_part(boxes, ground) for ground in grounds)
    cost = far + 40 * land + 80 * without + 3 * kinds
    return _best(cost, far >= _SHORTEST, kinds, boxes, frame, lines=lines)


def _part(boxes: Numbers, ground: BaseGeometry) -> Numbers:
    """Return how much of each box lies on the ground: the share of 7 x 3 points, its ends too."""
    shapely.prepare(ground)
    across, up = (each.ravel() for each in np.meshgrid(np.linspace(0, 1, 7), np.linspace(0, 1, 3)))
    x = boxes[:, :1] + across * (boxes[:, 2:3] - boxes[:, :1])
    y = boxes[:, 1:2] + up * (boxes[:, 3:] - boxes[:, 1:2])
    return np.asarray(shapely.contains_xy(ground, x, y).mean(axis=1))


def _around(blocks: list[Block], x: Numbers, y: Numbers) -> tuple[npt.NDArray[np.int64], Numbers]:
    """Return the boxes of all settings around all points, and the setting of each."""
    boxes = [
        np.column_stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2])
        for w, h in ((block.width, block.height) for block in blocks)
    ]
    return np.repeat(np.arange(len(blocks)), len(x)), np.vstack(boxes)


def _best(
    cost: Numbers,
    good: npt.NDArray[np.bool_],
    kinds: npt.NDArray[np.int64],
    boxes: Numbers,
    frame: Box,
    *,
    lines: Numbers | None = None,
) -> Choice:
    """Return the good spots within the frame, the cheapest first, ties from left and from below."""
    inside = (boxes[:, 0] >= frame.x) & (boxes[:, 2] <= frame.right)
    inside &= (boxes[:, 1] >= frame.y) & (boxes[:, 3] <= frame.top)
    order = np.lexsort((boxes[:, 1].round(3), boxes[:, 0].round(3), np.round(cost, 3)))
    order = order[(inside & good)[order]]
    return Choice(kinds[order], boxes[order], None if lines is None else lines[order])


def _spot(blocks: list[Block], choice: Choice, best: int) -> Spot:
    x0, y0, x1, y1 = (float(v) for v in choice.boxes[best])
    box = Box(x0, y0, x1 - x0, y1 - y0)
    block = blocks[int(choice.kinds[best])]
    if choice.lines is None:
        return Spot(block, box)
    a, b, c, d = (float(v) for v in choice.lines[best])
    return Spot(block, box, ((a, b), (c, d)))


def _ends(box: Box) -> Row:
    return box.x, box.y, box.right, box.top
