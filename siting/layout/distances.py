"""Conditions about how far: between sites, and between a demand and the site that serves it."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from siting.layout.conditions import Condition, Ease, incidence, switch
from siting.layout.labels import Words, number
from siting.layout.rows import RELATIVE, Flags, Floats, Ints

WHOLE_CHANGE = 10.0  # a change by 100 % weighs as much as ten zones more or fewer


def near_pairs(distance: Floats, limit: float, *, inclusive: bool = False) -> tuple[Ints, Ints]:
    """Return the pairs a < b nearer than `limit` (or as near) in either direction."""
    between = np.minimum(distance, distance.T)
    close = between <= limit if inclusive else between < limit
    a, b = np.nonzero(np.triu(close, 1))
    return a, b


def cliques(a: Ints, b: Ints, n: int) -> list[Ints]:
    """
    Return sets of sites, all near each other, that together hold every near pair.

    Examples
    --------
    >>> [c.tolist() for c in cliques(np.array([0, 0, 1, 2]), np.array([1, 2, 2, 3]), 4)]
    [[0, 1, 2], [2, 3]]
    """
    near = np.zeros((n, n), dtype=bool)
    near[a, b] = near[b, a] = True
    open_pairs = np.triu(near)
    found: list[Ints] = []
    for i in range(n):
        while open_pairs[i].any():
            members = np.array([i, np.flatnonzero(open_pairs[i])[0]])
            common = near[members[0]] & near[members[1]]
            while common.any():
                # The one that covers most open pairs first, so that few sets do.
                candidates = np.flatnonzero(common)
                gain = open_pairs[np.ix_(members, candidates)].sum(axis=0)
                gain = gain + open_pairs[np.ix_(candidates, members)].sum(axis=1)
                members = np.append(members, candidates[np.argmax(gain)])
                common &= near[members[-1]]
            clique = np.sort(members)
            open_pairs[np.ix_(clique, clique)] = False
            found.append(clique)
    return found


def spacing(
    distance: Floats, columns: Ints, metres: float | None, width: int, *, apart: bool = False
) -> Condition | None:
    """
    Return the condition that no two chosen `columns` are nearer than `metres`, if any pair is.

    None metres: no two at the very same point. `distance` is square, in the order of `columns`;
    `apart` where these are not sites.
    """
    limit = 0.0 if metres is None else metres
    a, b = near_pairs(distance, limit, inclusive=metres is None)
    if not a.size:
        return None
    between = np.minimum(distance, distance.T)[a, b]
    rows = np.repeat(np.arange(a.size), 2)
    matrix = incidence(rows, columns[np.column_stack([a, b]).ravel()], a.size, width)
    sets = cliques(a, b, len(distance))
    tight = incidence(
        np.repeat(np.arange(len(sets)), [len(one) for one in sets]),
        columns[np.concatenate(sets)],
        len(sets),
        width,
    )
    if metres is None:
        words = switch(
            ("同一地点只设一处", "one site at one point"),
            ("允许同一地点设多处", "several sites at one point"),
            1,
        )
        ease = Ease(np.ones(a.size), words, 1.0, -1.0, most=1.0)
    else:

        def words(now: float) -> Words:
            return Words(f"间距至少 {number(now)} 米", f"at least {number(now)} m apart")

        give = limit / (limit - between)
        ease = Ease(give, words, limit, -limit, WHOLE_CHANGE, 1.0, whole=False)
    return Condition(
        "spacing" if metres is not None else "same_point",
        ease.words(ease.asked),
        limit,
        matrix,
        np.full(a.size, -np.inf),
        np.ones(a.size),
        ease,
        (tight, np.full(len(sets), -np.inf), np.ones(len(sets))),
        apart,
    )


STEEP = 1e6  # most that one unit of a change may count for


def radius_on_pairs(far: Floats, columns: Ints, radius: float, width: int) -> Condition:
    """
    Return the condition that no demand is served from beyond the radius.

    `far` says how far each of the serving `columns` is that is too far.
    """
    beyond = far - radius
    rows = np.arange(columns.size)
    ease = None
    if columns.size:
        unit = radius if radius > 0 else float(beyond.max())
        # a pair that is too far by next to nothing would make a number that no solver takes
        give = np.minimum(unit / beyond, STEEP)
        ease = Ease(give, _radius_words, radius, unit, WHOLE_CHANGE, whole=False, levels=far)
    return Condition(
        "radius",
        _radius_words(radius),
        radius,
        incidence(rows, columns, columns.size, width),
        np.full(columns.size, -np.inf),
        np.zeros(columns.size),
        ease,
        apart=True,
    )


def radius_on_sites(near: Flags, radius: float, width: int) -> Condition:
    """Return the same condition by sites alone, for large questions; it does not give way."""
    rows, sites = np.nonzero(near)
    return Condition(
        "radius",
        _radius_words(radius),
        radius,
        incidence(rows, sites, len(near), width),
        np.ones(len(near)),
        np.full(len(near), np.inf),
        apart=True,
    )


def _radius_words(radius: float) -> Words:
    """Return the words of a radius within which everybody must be served."""
    return Words(f"每个需求点都在半径 {number(radius)} 内", f"all demand within {number(radius)}")


def within_capacity(
    served: Ints, sites: Ints, size: Floats, capacity: Floats, width: int
) -> Condition:
    """Return the condition that the demand that each site serves is within its capacity."""

    def words(factor: float) -> Words:
        if factor == 1:
            return Words("各点不超过容量", "no site beyond its capacity")
        return Words(f"容量扩大到 {number(factor)} 倍", f"all capacities times {number(factor)}")

    return Condition(
        "capacity",
        words(1.0),
        None,
        sparse.csr_array((size, (sites, served)), shape=(len(capacity), width)),
        np.full(len(capacity), -np.inf),
        capacity,
        Ease(capacity, words, 1.0, 1.0, WHOLE_CHANGE, whole=False),
        apart=True,
    )


def coverage_floor(
    weights: Floats, covers: Flags, columns: Ints, share: float, within: float
) -> Condition:
    """
    Return the condition that demand of at least `share` of all weight is within reach.

    `covers` is demand x sites; `columns` tell which demand is covered, and are the last ones.
    """
    width = int(columns[-1]) + 1
    whole = float(weights.sum())
    all_rows = None
    if share == 1:  # then each demand by itself, which needs no further columns
        rows, sites = np.nonzero(covers[weights > 0])
        n = int((weights > 0).sum())
        all_rows = (incidence(rows, sites, n, width), np.ones(n), np.full(n, np.inf))
    zeros = np.zeros(columns.size, np.intp)
    held = weights / whole

    def words(now: float) -> Words:
        percent = number(100 * now)
        return Words(
            f"至少 {percent}% 的需求在 {number(within)} 内",
            f"at least {percent} % of demand within {number(within)}",
        )

    return Condition(
        "floor",
        words(share),
        (within, share),
        sparse.csr_array((held, (zeros, columns)), shape=(1, width)),
        np.array([share * (1 - RELATIVE)]),
        np.array([np.inf]),
        Ease(np.array([share]), words, share, -share, WHOLE_CHANGE, 1.0, whole=False),
        all_rows,
        apart=all_rows is None,
    )
