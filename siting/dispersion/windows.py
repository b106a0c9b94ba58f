"""The study window: how much of the pairs at a distance its border hides, and points drawn in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]
Weigh = Callable[[Floats, Floats], Floats]
"""Takes the two ends of pairs [m, shape (2, pairs) each]; gives the weight of each pair."""

EXACT_WORK = 4_000_000  # pairs x vertices up to which each overlap is measured, some seconds
NEAR_ENOUGH = (
    2e-4  # mean relative error of overlaps read off a table, tested on the pairs themselves
)
_TESTED = 100  # overlaps measured to test the table
# Distances and directions of the table, and the share of its area by which its window may differ
# from the given one: finer until it is near enough.
_STEPS = ((64, 2e-3), (128, 5e-4), (256, 1e-4))
_EDGES = 64  # the longest edges, whose directions are in the table too
_VERTICES = 1_000_000  # vertices of moved windows held at a time


def edge_weight(
    window: Any, correction: str, reach: float, *, exact_work: int = EXACT_WORK
) -> Weigh:
    """
    Return the function that gives each pair its edge weight, at least 1.

    Parameters
    ----------
    window
        Polygon or MultiPolygon [m].
    correction
        ``translation``, ``isotropic`` (upright rectangles only) or ``none``.
    reach
        Largest distance [m] asked for.
    exact_work
        Pairs times vertices up to which the overlaps of a window that is no upright rectangle are
        each measured; above, they are read off a table.
    """
    west, south, east, north = window.bounds
    width, height = east - west, north - south
    if correction == "none":
        return lambda a, _: np.ones(a.shape[1])
    if correction == "isotropic":
        corner, size = np.array([[west], [south]]), np.array([width, height])
        return lambda a, b: (
            (_around(a - corner, b - a, size) + _around(b - corner, a - b, size)) / 2
        )
    if is_rectangle(window):

        def upright(a: Floats, b: Floats) -> Floats:
            shift = np.abs(b - a)
            kept = (width - shift[0]) * (height - shift[1])
            with np.errstate(divide="ignore"):
                weight: Floats = width * height / np.maximum(kept, 0.0)
            return weight

        return upright
    covariance = SetCovariance(window, reach, exact_work)

    def shifted(a: Floats, b: Floats) -> Floats:
        with np.errstate(divide="ignore"):
            return covariance.area / covariance((b - a).T)

    return shifted


def is_rectangle(window: Any) -> bool:
    """Tell whether the window is a rectangle with upright sides."""
    west, south, east, north = window.bounds
    return bool(window.area >= (1 - 1e-12) * (east - west) * (north - south))


def _around(place: Floats, move: Floats, size: Floats) -> Floats:
    """
    Return the inverse of the share of the circle about `place` through `move` that is in a rectangle.

    Each side nearer than the radius hides an arc of 2 acos(distance / radius); near a corner two
    arcs overlap, and what they share is given back.
    """
    radius = np.hypot(move[0], move[1])
    sides = np.stack([place[0], place[1], size[0] - place[0], size[1] - place[1]])
    with np.errstate(divide="ignore", invalid="ignore"):
        half = np.where(sides < radius, np.arccos(np.clip(sides / radius, 0.0, 1.0)), 0.0)
    hidden = 2 * half.sum(axis=0)
    for side in range(4):
        hidden -= np.maximum(half[side] + half[(side + 1) % 4] - np.pi / 2, 0.0)
    with np.errstate(divide="ignore"):
        weight: Floats = 1 / np.maximum(1 - hidden / (2 * np.pi), 0.0)
    return weight


@dataclass
class SetCovariance:
    """
    The area [m2] that a window shares with itself moved: exact for few moves, else off a table.

    The table holds distances x directions of a window with fewer vertices, its areas in proportion.
    The area shared is quadratic in the move between kinks; the kinks that matter start in the
    directions of the edges, so those are among the directions. The table is tested against exact
    overlaps of the given window for the pairs themselves, and refined until their mean error is at
    most `NEAR_ENOUGH`.
    """

    window: Any
    reach: float
    exact_work: int = EXACT_WORK
    error: float = field(default=0.0, init=False)
    _table: tuple[Floats, Floats] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        west, south, _, _ = self.window.bounds
        self.window = shapely.transform(
            shapely.force_2d(self.window), lambda points: points - (west, south)
        )
        self.area = float(self.window.area)
        self.reach = max(float(self.reach), np.finfo(float).tiny)

    def __call__(self, move: Floats) -> Floats:
        """Return the areas [m2] shared after each move [m, shape (n, 2)]."""
        vertices = int(shapely.get_num_coordinates(self.window))
        if len(move) * vertices * (1 + vertices / 500) <= self.exact_work:
            return shared_area(self.window, move)
        if self._table is None:
            self._prepare(move)
        return self._read(move)

    def _prepare(self, move: Floats) -> None:
        """Build the table, finer until it is right for moves taken evenly from those asked for."""
        tested = move[np.unique(np.linspace(0, len(move) - 1, _TESTED).astype("intp"))]
        truth = shared_area(self.window, tested)
        for steps, loss in _STEPS:
            self._build(plainer(self.window, loss), steps)
            found = self._read(tested)
            with np.errstate(divide="ignore", invalid="ignore"):
                self.error = float(np.nan_to_num(np.abs(found / truth - 1), nan=0.0).mean())
            if self.error <= NEAR_ENOUGH:
                return

    def _build(self, window: Any, steps: int) -> None:
        corners = shapely.get_coordinates(window)
        edges = np.diff(corners, axis=0)
        longest = np.argsort(-np.hypot(edges[:, 0], edges[:, 1]), kind="stable")
        edges = edges[longest[:_EDGES]]
        own = np.arctan2(edges[:, 1], edges[:, 0]) % np.pi
        angles = np.unique(np.r_[np.linspace(0, np.pi, steps + 1), own].round(12))
        angles = angles[angles <= np.pi]
        distance = np.linspace(0, self.reach, steps + 1)
        moves = distance[:, None, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        areas = shared_area(window, moves.reshape(-1, 2)).reshape(len(distance), len(angles))
        self._table = angles, areas * (self.area / window.area)

    def _read(self, move: Floats) -> Floats:
        """Interpolate between the four nearest entries of the table."""
        if self._table is None:
            raise AssertionError
        angles, areas = self._table
        turn = np.arctan2(move[:, 1], move[:, 0]) % np.pi  # the other way shares as much
        far = np.hypot(move[:, 0], move[:, 1]) / self.reach * (len(areas) - 1)
        row = np.minimum(far.astype("intp"), len(areas) - 2)
        column = np.clip(np.searchsorted(angles, turn, side="right") - 1, 0, len(angles) - 2)
        down = far - row
        along = (turn - angles[column]) / (angles[column + 1] - angles[column])
        flat, at = areas.ravel(), row * len(angles) + column
        near = flat[at] * (1 - along) + flat[at + 1] * along
        at += len(angles)
        beyond = flat[at] * (1 - along) + flat[at + 1] * along
        shared: Floats = near * (1 - down) + beyond * down
        return shared


def shared_area(window: Any, move: Floats) -> Floats:
    """Return the area that the window shares with itself after each move, measured one by one."""
    vertices = int(shapely.get_num_coordinates(window))
    rows = max(1, _VERTICES // vertices)
    areas = [np.empty(0)]
    for start in range(0, len(move), rows):
        part = move[start : start + rows]
        copies = np.full(len(part), window, dtype=object)
        steps = np.repeat(part, vertices, axis=0)
        moved = shapely.transform(copies, lambda points, steps=steps: points + steps)
        areas.append(shapely.area(shapely.intersection(window, moved)))
    return np.concatenate(areas)


def plainer(window: Any, loss: float) -> Any:
    """Return the window with fewer vertices, all but a share `loss` of its area where it was."""
    best, low, high = window, 1e-6 * float(np.sqrt(window.area)), float(np.sqrt(window.area))
    for _ in range(10):
        tolerance = np.sqrt(low * high)
        candidate = shapely.simplify(window, tolerance)
        sound = candidate.is_valid and not candidate.is_empty
        if sound and shapely.symmetric_difference(window, candidate).area <= loss * window.area:
            best, low = candidate, tolerance
        else:
            high = tolerance
    return best


def uniform_points(window: Any, n: int, random: np.random.Generator) -> Floats:
    """Return `n` points [m, shape (n, 2)] drawn evenly over the window."""
    if is_rectangle(window):
        west, south, east, north = window.bounds
        drawn: Floats = np.array([west, south]) + random.random((n, 2)) * (
            east - west,
            north - south,
        )
        return drawn
    triangles = shapely.get_parts(shapely.constrained_delaunay_triangles(window))
    corners = shapely.get_coordinates(triangles).reshape(-1, 4, 2)
    share = np.cumsum(shapely.area(triangles))
    chosen = np.minimum(
        np.searchsorted(share, random.random(n) * share[-1], side="right"), len(share) - 1
    )
    a, b, c = (corners[chosen, k] for k in range(3))
    u, v = random.random((2, n, 1))
    folded = u + v > 1
    u, v = np.where(folded, 1 - u, u), np.where(folded, 1 - v, v)
    return np.asarray(a + u * (b - a) + v * (c - a))
