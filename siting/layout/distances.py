"""Conditions about how far: between sites, and between a demand and the site that serves it."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import pandas as pd
from scipy import sparse

from siting.errors import Findings
from siting.layout import asking, limits, settings
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


def apart(
    found: Findings, distance: object, index: pd.Index, metres: object, what: str
) -> tuple[Floats, float | None] | None:
    """Return the distances between the sites of `index` (in order) and the least one allowed [m]."""
    if distance is None:
        if metres is not None:
            limits.needs(found, "min_spacing_m", what)
        return None
    frame = asking.table(found, distance, what)
    least = None if metres is None else settings.amount(found, metres, "min_spacing_m")
    for label in index:
        if label not in frame.index or label not in frame.columns:
            settings.refuse(
                found,
                "E-LAY-17",
                ("缺少这个点的距离", "行和列都要有每个候选点"),
                ("no distances of this site", "Rows and columns must both hold every site"),
                sheet=what,
                value=str(label),
            )
    if found:
        return None
    asking.unknown(found, frame.index.union(frame.columns, sort=False), index, what, spare=True)
    between = frame.loc[index, index].to_numpy()
    # a pair at one point, or one without a road, says nothing of the unit
    told = between[np.isfinite(between) & (between > 0)]
    hardly = bool(told.size) and told.max() < asking.DEGREES
    if least is not None and least >= 20 * asking.DEGREES and hardly:
        settings.refuse(
            found,
            "E-LAY-18",
            (
                f"最远的两点只有 {told.max():g}，不像是米",
                "距离要以米计；经纬度请先用 siting.crs 换算",
            ),
            (
                f"the farthest pair is {told.max():g}: hardly metres",
                "Distances are in metres; convert degrees with siting.crs first",
            ),
            sheet=what,
        )
        return None
    if least is None:
        _same_points(found, between, index, what)
    return between, least


def _same_points(found: Findings, between: Floats, index: pd.Index, what: str) -> None:
    """Warn of sites at one point, of which only one may be chosen."""
    for a, b in zip(*near_pairs(between, 0.0, inclusive=True), strict=True):
        settings.refuse(
            found,
            "W-LAY-02",
            ("两个候选点在同一地点，最多选其中一个", "如可同址，请给 min_spacing_m=0"),
            (
                "two sites at one point: at most one is chosen",
                "Pass min_spacing_m=0 where both may be",
            ),
            sheet=what,
            value=f"{index[a]}, {index[b]}",
            severity="warning",
        )


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
        give = limit / (limit - between)
        ease = Ease(give, _spacing_words, limit, -limit, WHOLE_CHANGE, 1.0, whole=False)
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


def _spacing_words(now: float) -> Words:
    return Words(f"间距至少 {number(now)} 米", f"at least {number(now)} m apart")


STEEP = 1e6  # most that one unit of a change may count for


def all_served(served: Ints, rows: Ints, width: int) -> Condition:
    """Return the condition that each demand is served; `rows` says whose each of `served` is."""
    n = int(rows.max()) + 1
    return Condition(
        "served",
        Words("每个需求点都要有着落", "all demand is served"),
        None,
        incidence(rows, served, n, width),
        np.ones(n),
        np.full(n, np.inf),
        apart=True,
    )


def radius_on_pairs(away: Floats, served: Ints, rows: Ints, radius: float, width: int) -> Condition:
    """
    Return the condition that each demand is served, and from within the radius.

    `away` says how far each of the serving columns is, `rows` whose it is. The radius may give way,
    that there is a site for each may not.
    """
    beyond = away > radius
    far, n = away[beyond], int(rows.max()) + 1
    matrix = incidence(
        np.concatenate([np.arange(far.size), far.size + rows]),
        np.concatenate([served[beyond], served]),
        far.size + n,
        width,
    )
    ease = None
    if far.size:
        unit = radius if radius > 0 else float(far.max())
        # a pair that is too far by next to nothing would make a number that no solver takes
        give = np.concatenate([np.minimum(unit / (far - radius), STEEP), np.zeros(n)])
        levels = np.concatenate([far, np.full(n, radius)])
        ease = Ease(give, _radius_words, radius, unit, WHOLE_CHANGE, whole=False, levels=levels)
    return Condition(
        "radius",
        _radius_words(radius),
        radius,
        matrix,
        np.concatenate([np.full(far.size, -np.inf), np.ones(n)]),
        np.concatenate([np.zeros(far.size), np.full(n, np.inf)]),
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


def _capacity_words(factor: float) -> Words:
    if factor == 1:
        return Words("各点不超过容量", "no site beyond its capacity")
    return Words(f"容量扩大到 {number(factor)} 倍", f"all capacities times {number(factor)}")


def within_capacity(
    served: Ints, sites: Ints, size: Floats, capacity: Floats, width: int
) -> Condition:
    """
    Return the condition that the demand that each site serves is within its capacity.

    A closed site has none: said of fractions of sites too, that makes a proof much shorter.
    """
    n = len(capacity)
    most = np.minimum(capacity, np.bincount(sites, size, n))  # no more than could ever come
    largest = max(float(size.max(initial=0.0)), float(most.max(initial=0.0)))
    unit = 2.0 ** math.frexp(largest)[1]  # what a solver sees is near 1, whatever the unit
    cells = (np.concatenate([sites, np.arange(n)]), np.concatenate([served, np.arange(n)]))
    return Condition(
        "capacity",
        _capacity_words(1.0),
        None,
        sparse.csr_array((np.concatenate([size, -most]) / unit, cells), shape=(n, width)),
        np.full(n, -np.inf),
        np.zeros(n),
        Ease(capacity / unit, _capacity_words, 1.0, 1.0, WHOLE_CHANGE, whole=False),
        apart=True,
    )


def _floor_words(within: float, now: float) -> Words:
    percent, reach = number(100 * now), number(within)
    return Words(
        f"至少 {percent}% 的需求在 {reach} 内", f"at least {percent} % of demand within {reach}"
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
    words = partial(_floor_words, within)
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
