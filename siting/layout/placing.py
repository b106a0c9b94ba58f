"""Sites that are near to demand: least total cost (p-median), and least distance of the farthest (p-center)."""

from __future__ import annotations

from dataclasses import replace
from typing import Unpack

import pandas as pd

from siting.layout.checking import check_sites
from siting.layout.deciding import decide
from siting.layout.posing import options_of, pose
from siting.layout.question import Asked, Model, spelled_out
from siting.layout.record import Layout


def answer(
    model: Model, frame: pd.DataFrame, asked: Asked, *, p: object = None, radius: object = None
) -> Layout:
    """Return the layout of one of the four models, its tables in the order of `frame`."""
    question = pose(model, frame, options_of(asked), p=p, radius=radius)
    layout = decide(
        question, lambda sites, assignment: check_sites(question, frame, sites, assignment)
    )
    index = frame.index
    return replace(layout, assignment=layout.assignment.loc[index], served=layout.served.loc[index])


@spelled_out
def p_median(cost: pd.DataFrame, p: int, **asked: Unpack[Asked]) -> Layout:
    """
    Choose `p` sites so that the sum of weight x cost from each demand to its nearest site is least.

    Parameters
    ----------
    cost
        Demand (rows) x candidate sites (columns): distance, time or cost, all >= 0, in one unit of
        your choice. Ids are text or whole numbers.
    p
        How many sites are chosen, fixed ones included, existing ones not.
    weights
        Weight of each demand, such as jobs; a Series is matched by id. Default 1 each.
    fixed, forbidden
        Ids of sites that must, or must not, be chosen.
    groups
        Site -> group, such as its district.
    group_min, group_max
        Fewest and most sites of a group, existing ones included: a number for every group, or a
        mapping for some.
    capacity, demand
        By site, what it can take; by demand, what it takes up (default: `weights`). Each demand is
        then served by one site, not always the nearest.
    existing
        Sites that are open already: they serve, stand in groups and keep others at a distance, and
        are not counted in `p`.
    site_distance, min_spacing_m
        Sites x sites [m]; sites nearer than `min_spacing_m` in either direction are not chosen
        together. Without `min_spacing_m`, no two at distance 0; pass 0 to allow them.
    cover_within, cover_share
        At least this share [0..1] of the weight must have an open site within `cover_within` [unit
        of `cost`].
    unreachable
        ``refuse`` infinite costs, or ``allow pairs``: an infinite cost is a site that cannot serve.
    ties
        Whether the optimum with the smallest ids is looked for: ``auto`` up to 300 sites, and with
        capacities no longer than the answer itself took (5 s at least); the result says so.
    names
        Id -> name, used in words.
    time_limit_s
        Time [s] after which the best so far is returned with its bound and gap. The check, and a
        first layout where there is none yet, may take some seconds more.
    memory_limit_mb
        Memory [MB] of the solver's rows after which the same happens. It is counted, not measured, so
        that the same question stops at the same point; the tables themselves come on top.
    progress
        Called with seconds, best objective and bound, from 2 s on.

    Returns
    -------
    Layout
        `objective` is the sum of weight x cost; `ending` says why the search ended.

    Raises
    ------
    InputError
        Before anything is solved, with all that is wrong (codes E-LAY-01 to E-LAY-23).
    InfeasibleLayoutError
        If the conditions clash; it carries the smallest clashing set and the least change.
    SolverError
        If the solver fails, or its answer does not pass the independent check.

    Notes
    -----
    Rows and columns may come in any order. Objectives that differ by less than 1e-9 of their size
    count as equal. A demand of weight 0 counts for nothing, but for its load on capacities.

    References
    ----------
    Hakimi, S. L. (1964). Optimum Locations of Switching Centers and the Absolute Centers and
    Medians of a Graph. Operations Research 12(3), 450-459. ReVelle, C. S. and Swain, R. W. (1970).
    Central Facilities Location. Geographical Analysis 2(1), 30-42.

    Examples
    --------
    Four towns on a road at 0, 1, 5 and 6 km; two parks. One in each pair costs 1 + 1, and of the
    four such choices the one with the smallest ids is taken.

    >>> km = pd.Series([0, 1, 5, 6], index=list("abcd"))
    >>> cost = pd.DataFrame({j: (km - km[j]).abs() for j in km.index})
    >>> layout = p_median(cost, 2)
    >>> layout.sites, layout.objective, layout.status, layout.tie.unique
    (['a', 'c'], 2.0, 'optimal', False)

    With d fixed and ten people at c: a or b for the other leaves 1 + 10, c leaves 5 + 4.

    >>> p_median(cost, 2, fixed=["d"], weights={"a": 1, "b": 1, "c": 10, "d": 1}).sites
    ['c', 'd']
    """
    return answer("p_median", cost, asked, p=p)


@spelled_out
def p_center(distance: pd.DataFrame, p: int, **asked: Unpack[Asked]) -> Layout:
    """
    Choose `p` sites so that the demand that is farthest from its nearest site is as near as possible.

    Parameters
    ----------
    distance
        Demand (rows) x candidate sites (columns), all >= 0.
    p
        As `p_median`.
    weights
        Only tells which demand counts: that of weight 0 does not. The distance is not multiplied.
    fixed, forbidden, groups, group_min, group_max, capacity, demand, existing, site_distance
        As `p_median`.
    min_spacing_m, cover_within, cover_share, unreachable, ties, names, time_limit_s
        As `p_median`.
    memory_limit_mb, progress
        As `p_median`.

    Returns
    -------
    Layout
        `objective` is the largest distance from a demand to its nearest site (to the one that
        serves it, with capacities).

    Raises
    ------
    InputError, InfeasibleLayoutError, SolverError
        As `p_median`.

    References
    ----------
    Hakimi, S. L. (1964), as `p_median`. Minieka, E. (1970). The m-Center Problem. SIAM Review
    12(1), 138-139 (by set covers).

    Examples
    --------
    Towns at 0, 1, 5 and 6 km: with two sites nobody is farther than 1 km.

    >>> km = pd.Series([0, 1, 5, 6], index=list("abcd"))
    >>> distance = pd.DataFrame({j: (km - km[j]).abs() for j in km.index})
    >>> layout = p_center(distance, 2)
    >>> layout.sites, layout.objective
    (['a', 'c'], 1.0)
    """
    return answer("p_center", distance, asked, p=p)
