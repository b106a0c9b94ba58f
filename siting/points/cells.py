"""A raster of cells over places: it knows at once where most points lie, and whom to ask of the rest."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

CELLS = 1024  # across the longer side: finer takes more memory, coarser more exact tests
GUARD = 1e-7  # of a cell: far more than rounding can move a point, far less than any cell
MARGIN = 2  # cells around the places that no edge can touch
SMALLEST = 1e-6  # side of the smallest raster [deg]: below it, numbers have too few steps
CHUNK = 1 << 20  # points answered at a time by each thread, so that the memory taken has a bound
_THREADS = 4  # at most: each holds a chunk
_HANDY = 1 << 16  # of these, points looked up at a time: what the processor holds at hand
_EDGES = 1 << 10  # edges marked at a time

Shapes = npt.NDArray[np.object_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Ranks = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Grid:
    """Where the cells are: the corner, cells in a degree, and the number of columns and rows."""

    west: float
    south: float
    per_degree: float
    columns: int
    rows: int

    @classmethod
    def over(cls, bounds: Floats, cells: int) -> Grid:
        """Lay a grid of `cells` across the longer side of west, south, east, north, and a margin."""
        west, south, east, north = bounds.tolist()
        per_degree = cells / max(east - west, north - south, SMALLEST)
        columns, rows = (
            int((high - low) * per_degree) + 2 * MARGIN + 1
            for low, high in ((west, east), (south, north))
        )
        margin = MARGIN / per_degree
        return cls(west - margin, south - margin, per_degree, columns, rows)

    def cell_of(self, x: Floats, y: Floats) -> Ranks:
        """Return the cell of each point; what is outside or no number is in a cell of the edge."""
        cell = self._steps(y, self.south, self.rows)
        cell *= np.int32(self.columns)
        cell += self._steps(x, self.west, self.columns)
        return cell

    def _steps(self, values: Floats, first: float, count: int) -> Ranks:
        """Return how many whole cells each value is from the first, at least 0 and below `count`."""
        steps = (values - first) * self.per_degree
        if not (steps.min() >= 0 and steps.max() < count):  # no number is neither
            steps = np.fmin(np.fmax(steps, 0), count - 1)
        whole: Ranks = steps.astype(np.int32)
        return whole

    def centre_of(self, cell: Ints) -> tuple[Floats, Floats]:
        """Return the middle of each cell."""
        row, column = np.divmod(cell, self.columns)
        return (
            self.west + (column + 0.5) / self.per_degree,
            self.south + (row + 0.5) / self.per_degree,
        )


@dataclass(frozen=True, eq=False)
class Raster:
    """
    Polygons and what each cell says of them.

    `code` of a cell is the lowest polygon that holds all of it, -1 if none does, or -2 - m for the
    cell number m among those that an edge touches. Of these, `base` is the lowest polygon that
    holds all of the cell, and `candidates` from `start[m]` to `start[m + 1]` are the polygons
    whose edges touch it, lowest first.
    """

    shapes: Shapes
    grid: Grid
    code: Ranks
    base: Ranks
    start: Ints
    candidates: Ranks

    @classmethod
    def of(cls, shapes: Shapes, *, cells: int = CELLS) -> Raster:
        """
        Lay the raster over valid polygons; where they share a point, the first of them has it.

        Cells that come within `GUARD` of an edge are marked. A run of other cells along a row has
        no edge inside, so one exact test answers for all of it; so does one for a polygon that has
        no edge in a cell that edges of others touch.
        """
        own = shapely.force_2d(shapes)  # a copy: preparing must not touch what was given
        _prepare(own)
        grid = Grid.over(shapely.total_bounds(own), cells)
        cell, owner = touched(own, grid)
        marked, place = np.unique(cell, return_inverse=True)
        base = first_with(own, *grid.centre_of(marked), except_for=(place, owner))
        code = _runs(own, grid, marked)
        code[marked] = base
        asked = (base[place] < 0) | (owner < base[place])  # the others could not be the first
        cell, owner = cell[asked], owner[asked]
        marked, start = np.unique(cell, return_index=True)
        base = code[marked]
        code[marked] = -2 - np.arange(marked.size)
        return cls(own, grid, code, base, np.append(start, cell.size), owner)

    def locate(self, x: Floats, y: Floats) -> tuple[Ranks, int]:
        """
        Return the first polygon that has each point, or -1, and how many are on its border.

        Each point is answered on its own, so nothing depends on the number of threads.
        """
        found = np.empty(x.size, dtype=np.int32)
        threads = min(os.cpu_count() or 1, _THREADS)
        size = min(CHUNK, max(_HANDY, -(-x.size // threads)))
        parts = [slice(i, i + size) for i in range(0, x.size, size)]
        with ThreadPoolExecutor(threads) as pool:  # starts none before there is a part
            counts = pool.map(lambda part: self._answer(x[part], y[part], found[part]), parts)
            return found, sum(counts)

    def _answer(self, x: Floats, y: Floats, found: Ranks) -> int:
        """Fill `found` for one chunk, and return how many points are on a border."""
        for i in range(0, x.size, _HANDY):
            part = slice(i, i + _HANDY)
            with np.errstate(over="ignore"):  # 1e308 degrees are outside, as infinite ones are
                cell = self.grid.cell_of(x[part], y[part])
            np.take(self.code, cell, out=found[part], mode="clip")
        near = np.flatnonzero(found < -1)
        at = -2 - found[near]
        few = self.base.size // (1 << 16) + 1  # 16 bits are sorted in no time
        order = np.argsort((at // few).astype(np.uint16), kind="stable")
        near, at = near[order], at[order]  # neighbours ask the same edges
        found[near] = self.base[at]
        nth, end = self.start[at], self.start[at + 1]
        on_border = 0
        while near.size:
            asked = self.candidates[nth]
            held = shapely.intersects_xy(self.shapes[asked], x[near], y[near])
            here, whose = near[held], asked[held]
            found[here] = whose
            inside = shapely.contains_xy(self.shapes[whose], x[here], y[here])
            on_border += here.size - int(np.count_nonzero(inside))
            nth += 1
            left = ~held & (nth < end)
            near, nth, end = near[left], nth[left], end[left]
        return on_border


def _prepare(shapes: Shapes) -> None:
    """Prepare polygons, and ask each until its index is there: threads must not build it at once."""
    shapely.prepare(shapes)
    west, south = shapely.bounds(shapes)[:, :2].T  # a point of the box, else none is asked for
    for ask in (shapely.intersects_xy, shapely.contains_xy) * 2:
        ask(shapes, west, south)


def _runs(shapes: Shapes, grid: Grid, marked: Ints) -> Ranks:
    """Return the first polygon that holds each cell not marked, -1 for none."""
    free = np.ones((grid.rows, grid.columns), dtype=bool)
    free.flat[marked] = False
    opens = free.copy()
    opens[:, 1:] &= ~free[:, :-1]
    held_by = first_with(shapes, *grid.centre_of(np.flatnonzero(opens)))
    code: Ranks = held_by[np.cumsum(opens) - 1]  # the first cell is of the margin: it opens a run
    return code


def first_with(
    shapes: Shapes, x: Floats, y: Floats, *, except_for: tuple[Ints, Ranks] | None = None
) -> Ranks:
    """
    Return the first polygon that has each point, -1 for none, by exact tests; `y` ascends.

    `except_for` holds pairs of a point and a polygon that is not asked about it.
    """
    found = np.full(x.size, -1, dtype=np.int32)
    left_out = [np.empty(0, dtype=np.int64)] * shapes.size
    if except_for is not None:
        by_polygon = np.argsort(except_for[1], kind="stable")
        until = np.cumsum(np.bincount(except_for[1], minlength=shapes.size))
        left_out = np.split(except_for[0][by_polygon], until[:-1])
    for i in reversed(range(shapes.size)):
        west, south, east, north = shapely.bounds(shapes[i])
        low, high = np.searchsorted(y, south), np.searchsorted(y, north, side="right")
        asked = (x[low:high] >= west) & (x[low:high] <= east)
        unasked = left_out[i][(left_out[i] >= low) & (left_out[i] < high)]
        asked[unasked - low] = False
        near = low + np.flatnonzero(asked)
        found[near[shapely.intersects_xy(shapes[i], x[near], y[near])]] = i
    return found


def touched(shapes: Shapes, grid: Grid) -> tuple[Ints, Ranks]:
    """Return the pairs of a cell and a polygon that has an edge within `GUARD` of it, sorted."""
    start, end, owner = edges(shapes)
    corner = np.array([grid.west, grid.south])
    start, end = (start - corner) * grid.per_degree, (end - corner) * grid.per_degree
    pairs = []
    for i in range(0, owner.size, _EDGES):
        part = slice(i, i + _EDGES)
        edge, column, row = crossed(start[part], end[part])
        pairs.append(np.unique((row * grid.columns + column) * shapes.size + owner[part][edge]))
    cell, polygon = np.divmod(np.unique(np.concatenate(pairs)), shapes.size)
    return cell, polygon.astype(np.int32)


def edges(shapes: Shapes) -> tuple[Floats, Floats, Ints]:
    """Return both ends of every edge of the polygons, and which polygon it is of."""
    parts, polygon = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    vertices, ring = shapely.get_coordinates(rings, return_index=True)
    follows = ring[1:] == ring[:-1]
    return vertices[:-1][follows], vertices[1:][follows], polygon[part[ring[1:][follows]]]


def crossed(start: Floats, end: Floats) -> tuple[Ints, Ints, Ints]:
    """Return which edge comes within `GUARD` of which column and row; ends in units of cells."""
    upward = (start[:, 1] <= end[:, 1])[:, None]
    (x, y), (x_end, y_end) = np.where(upward, start, end).T, np.where(upward, end, start).T
    edge, row = _each(y - GUARD, y_end + GUARD)
    rise = np.maximum(y_end - y, np.finfo(float).tiny)[edge]
    enters = np.clip((row - GUARD - y[edge]) / rise, 0, 1)  # as a share of the edge
    leaves = np.clip((row + 1 + GUARD - y[edge]) / rise, 0, 1)
    run = (x_end - x)[edge]
    west, east = np.sort([x[edge] + run * enters, x[edge] + run * leaves], axis=0)
    piece, column = _each(west - GUARD, east + GUARD)
    return edge[piece], column, row[piece]


def _each(low: Floats, high: Floats) -> tuple[Ints, Ints]:
    """Return every whole number from the floor of `low` to that of `high`, and of which pair."""
    first = np.floor(low).astype(np.int64)
    count = np.floor(high).astype(np.int64) - first + 1
    pair = np.repeat(np.arange(low.size), count)
    before = np.repeat(np.cumsum(count) - count, count)
    return pair, first[pair] + np.arange(pair.size) - before
