"""The tree of p-median: regions with and without a site, best bound first, more cuts as needed."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from siting.layout.master import Relaxed
from siting.layout.rows import Floats, Ints, Stopped

if TYPE_CHECKING:
    from siting.layout.median import Search

_WHOLE = 1e-6  # a site this near to 0 or 1 counts as decided
_NEW_CUTS = 0.05  # share of new cuts at which idle ones are dropped
_MASS = 0.05  # a region may be split on if its share of a site is this far from a whole number


class _Node(NamedTuple):
    """What is left to search: the best that may be in it, its number, ends of sites, regions."""

    bound: float
    number: int
    least: Floats
    most: Floats
    forced: frozenset[int]


def branch(search: Search, least: Floats, most: Floats) -> Stopped:
    """Search between `least` and `most` until nothing wanted is left."""
    heap = [_Node(search.bound, 0, least, most, frozenset())]
    number = 0
    while heap:
        node = heapq.heappop(heap)
        search.bound = max(search.bound, node.bound)
        if search.hopeless(node.bound):
            break
        children = None if search.watch.over else _opened(search, node)
        if children is None:
            return search.watch.over or "time"
        for child in children:
            number -= 1
            heapq.heappush(heap, child._replace(number=number))
        if search.notes["nodes"] % 20 == 0:
            search.watch.tell(search.best, search.bound)
    return search.settled()


def _opened(search: Search, node: _Node) -> list[_Node] | None:
    """Solve one node and return its children; None where time is over."""
    least, most = node.least.copy(), node.most.copy()
    search.notes["nodes"] += 1
    search.master.force(node.forced)
    while True:
        relaxed = search.relax(least, most)
        if relaxed is None:
            return None
        if not relaxed.feasible or search.hopeless(search.base + relaxed.bound):
            return []
        if not search.cut(relaxed):
            break
        if search.watch.over:
            return None
    search.master.forget(_NEW_CUTS)
    search.round(relaxed)
    search.fix(relaxed, least, most)
    bound = max(node.bound, search.base + relaxed.bound)
    if search.hopeless(bound):
        return []
    return _children(search, relaxed, node._replace(bound=bound, least=least, most=most))


def _children(search: Search, relaxed: Relaxed, node: _Node) -> list[_Node]:
    """Return the two halves of a node: a region without a site, and with one."""
    least, most = node.least, node.most
    free = least < most
    if not free.any():
        search.offer(search.kept[np.flatnonzero(least)])
        return []
    doubt = np.where(free, np.minimum(relaxed.y, 1 - relaxed.y), -1.0)
    j = int(np.argmax(doubt))
    if doubt[j] < _WHOLE:
        j = int(np.argmax(np.where(free, relaxed.y, -1.0)))
        region = np.array([j])
    else:
        region = _region(search.master.cost, relaxed.y, np.flatnonzero(most), j)
    opened, closed = least.copy(), most.copy()
    closed[region] = 0.0
    forced = node.forced
    if region.size == 1:
        opened[j] = 1.0
    else:
        forced = forced | {search.master.demand(region)}
    children = [node._replace(most=closed)] if (least[region] == 0).all() else []
    return [node._replace(least=opened, forced=forced), *children]


def _region(cost: Floats, y: Floats, able: Ints, j: int) -> Ints:
    """
    Return the sites about `j` that serve much the same demand and hold about half a site.

    Two sites are alike where their costs are, demand by demand, up to what `j` costs at most.
    """
    at = cost[:, [j]]
    with np.errstate(invalid="ignore"):
        apart = np.nan_to_num(np.abs(cost[:, able] - at), nan=0.0, posinf=1e300).sum(axis=0)
    order = np.argsort(apart, kind="stable")
    ranked, mass = able[order], np.cumsum(y[able[order]])
    whole = np.abs(mass - 0.5)
    last = int(np.argmin(whole))
    if not _MASS < mass[last] < 1 - _MASS:
        return np.array([j])
    more = np.flatnonzero(y[ranked[last + 1 :]] > 1e-9)
    edge = apart[order][last + 1 + more[0]] if more.size else np.inf
    middle = (apart[order][last] + edge) / 2
    wide = np.sort(ranked[apart[order] <= middle])
    # Sites that are quite alike join together: a whole number of them splits nothing.
    splits = np.isfinite(middle) and _MASS < y[wide].sum() < 1 - _MASS
    return wide if splits else np.sort(ranked[: last + 1])
