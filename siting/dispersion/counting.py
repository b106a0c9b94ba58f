"""Pairs of points up to a distance, found on a tree and counted for many labellings at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.spatial import cKDTree

from siting.dispersion.windows import Floats, Weigh

Places = npt.NDArray[np.intp]
_PAIRS = 1_000_000  # pairs of a block
_PAIRS_ONCE = 5_000_000  # pairs that are found in one go
_GRID = 1024  # cells of distance from which the right radius is near
_CELLS = 6_000_000  # numbers of a block: its points x distances x labellings


@dataclass(frozen=True, slots=True)
class Block:
    """
    Some points with all their neighbours.

    Parameters
    ----------
    points
        Numbers of the points.
    near, far
        For each pair the place in `points` of the one, and the number of the other.
    step
        For each pair the place in the radii of the first that reaches it: distance <= radius.
    """

    points: Places
    near: Places
    far: Places
    step: Places

    def of(self, kept: npt.NDArray[np.bool_]) -> Block:
        """Return the block with some of its pairs."""
        return Block(self.points, self.near[kept], self.far[kept], self.step[kept])


def blocks(xy: Floats, radii: Floats, labellings: int = 1) -> Iterator[Block]:
    """
    Yield the points in blocks, each with its neighbours up to the last of the radii.

    A point is no neighbour of itself; another at the same place is one, at distance 0. Every pair
    comes twice, from either end. Memory stays bounded whatever the radii are.
    """
    if len(xy) < 2:
        return
    reach = float(radii[-1])
    wide = reach * (1 + 1e-9)  # the tree may round; what counts is decided below
    tree = cKDTree(xy)
    order = tree.indices.astype("intp")  # neighbours stand together
    ends = np.cumsum(tree.query_ball_point(xy[order], wide, return_length=True))
    most = max(1, _CELLS // (len(radii) * labellings))
    start = 0
    while start < len(order):
        done = ends[start - 1] if start else 0
        stop = int(np.searchsorted(ends, done + _PAIRS, side="right"))
        stop = min(max(stop, start + 1), start + most)
        points = order[start:stop]
        found = cKDTree(xy[points]).sparse_distance_matrix(tree, wide, output_type="ndarray")
        near, far = found["i"].astype("intp"), found["j"].astype("intp")
        kept = points[near] != far
        near, far = near[kept], far[kept]
        a, b = _ends(xy, points[near], far)
        step = _steps(b - a, radii)
        within = step < len(radii)
        yield Block(points, near[within], far[within], step[within])
        start = stop


def pair_sums(xy: Floats, radii: Floats, weigh: Weigh, chosen: Floats | None = None) -> Floats:
    """
    Return the edge weights of pairs summed up to each radius, every pair from both of its ends.

    Parameters
    ----------
    xy
        Points [m, shape (n, 2)].
    radii
        Distances [m], increasing.
    weigh
        Edge weight of pairs.
    chosen
        1 for a point that takes part and 0 for another, shape (n, labellings); None for all.

    Returns
    -------
    ndarray
        Shape (labellings, radii).
    """
    if chosen is None:
        sums = np.zeros((len(radii), 1))
        for ends, step in _pairs(xy, radii):
            sums[:, 0] += np.bincount(step, weigh(*ends), minlength=len(radii))
        return 2 * np.cumsum(sums, axis=0).T
    sums = np.zeros((len(radii), chosen.shape[1]))
    for whole in blocks(xy, radii, chosen.shape[1]):
        block = whole.of(whole.points[whole.near] < whole.far)  # the other end weighs the same
        weight = weigh(*_ends(xy, block.points[block.near], block.far))
        reached = _reached(block, weight, chosen, len(radii))
        sums += np.einsum("rbs,bs->rs", reached, chosen[block.points])
    return 2 * np.cumsum(sums, axis=0).T


def _pairs(xy: Floats, radii: Floats) -> Iterator[tuple[tuple[Floats, Floats], Places]]:
    """Yield both ends of each pair once, and the place of the first radius that reaches it."""
    if len(xy) < 2:
        return
    wide = float(radii[-1]) * (1 + 1e-9)
    tree = cKDTree(xy)
    if tree.count_neighbors(tree, wide) > 2 * _PAIRS_ONCE:
        for block in blocks(xy, radii):
            once = block.of(block.points[block.near] < block.far)
            yield _ends(xy, once.points[once.near], once.far), once.step
        return
    near_by = xy[tree.indices]  # points that are neighbours stand together
    found = cKDTree(near_by).query_pairs(wide, output_type="ndarray")
    a, b = _ends(near_by, found[:, 0], found[:, 1])
    step = _steps(b - a, radii)
    within = step < len(radii)
    if within.all():
        yield (a, b), step
    else:
        yield (a[:, within], b[:, within]), step[within]


def _ends(xy: Floats, first: Places, second: Places) -> tuple[Floats, Floats]:
    """Return the two ends of pairs, each of shape (2, pairs)."""
    flat = np.ascontiguousarray(xy.T)
    return flat.take(first, axis=1), flat.take(second, axis=1)


def _steps(shift: Floats, radii: Floats) -> Places:
    """Return for each pair, given as shape (2, pairs), the place of the first radius to reach it."""
    distance = np.sqrt(shift[0] * shift[0] + shift[1] * shift[1])
    # As np.searchsorted, from a start read off a fine grid: several times as fast.
    scale = _GRID / radii[-1] if radii[-1] > 0 else 0.0
    starts = np.searchsorted(radii, (np.arange(_GRID + 2) - 1) * (radii[-1] / _GRID))
    step: Places = starts[np.minimum(distance * scale, _GRID + 1).astype("intp")]
    beyond = np.append(radii, np.inf)
    while (late := distance > beyond[step]).any():
        step += late
    return step


def neighbour_weights(block: Block, radii: Floats, weight: Floats) -> Floats:
    """Return the weight within each radius of each point of a block: radii x points x labellings."""
    return np.cumsum(_reached(block, np.ones(len(block.near)), weight, len(radii)), axis=0)


def _reached(block: Block, each: Floats, of: Floats, radii: int) -> Floats:
    """Return the sums of `each` x `of` over the pairs of each radius and point, as one product."""
    points = len(block.points)
    rows = block.step * points + block.near
    table = sparse.csr_array((each, (rows, block.far)), shape=(radii * points, len(of)))
    found: Floats = (table @ of).reshape(radii, points, of.shape[1])
    return found
