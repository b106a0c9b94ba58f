"""Sites that have demand within reach: most weight covered by p of them, and the fewest that cover all."""

from __future__ import annotations

from typing import Unpack

import pandas as pd

from siting.layout.placing import answer
from siting.layout.question import Asked, spelled_out
from siting.layout.record import Layout


@spelled_out
def max_coverage(distance: pd.DataFrame, radius: float, p: int, **asked: Unpack[Asked]) -> Layout:
    """
    Choose `p` sites so that as much weight as possible has a site within the radius.

    Parameters
    ----------
    distance
        Demand (rows) x candidate sites (columns), all >= 0.
    radius
        Demand at this distance or nearer is covered [unit of `distance`].
    p, weights, fixed, forbidden, groups, group_min, group_max
        As `p_median`.
    capacity, demand
        With capacities, a demand is covered where one site within the radius serves all of it.
    existing, site_distance, min_spacing_m, cover_within, cover_share, unreachable, ties, names
        As `p_median`.
    time_limit_s, memory_limit_mb, progress
        As `p_median`.

    Returns
    -------
    Layout
        `objective` is the covered weight; `served` tells which demand is covered.

    Raises
    ------
    InputError, InfeasibleLayoutError, SolverError
        As `p_median`; InputError also where no site has any demand within the radius.

    References
    ----------
    Church, R. and ReVelle, C. (1974). The Maximal Covering Location Problem. Papers of the Regional
    Science Association 32, 101-118.

    Examples
    --------
    Towns at 0, 1, 5 and 9 km: one site covers two of them within 1 km.

    >>> km = pd.Series([0, 1, 5, 9], index=list("abcd"))
    >>> distance = pd.DataFrame({j: (km - km[j]).abs() for j in km.index})
    >>> layout = max_coverage(distance, 1, 1)
    >>> layout.sites, layout.objective, layout.served.tolist()
    (['a'], 2.0, [True, True, False, False])
    """
    return answer("max_coverage", distance, asked, p=p, radius=radius)


@spelled_out
def set_coverage(distance: pd.DataFrame, radius: float, **asked: Unpack[Asked]) -> Layout:
    """
    Choose the fewest sites so that every demand has one within the radius.

    Parameters
    ----------
    distance
        Demand (rows) x candidate sites (columns), all >= 0.
    radius
        Demand at this distance or nearer is covered [unit of `distance`].
    weights
        Only tells which demand counts: that of weight 0 need not be covered.
    fixed, forbidden, groups, group_min, group_max, capacity, demand, existing, site_distance
        As `p_median`.
    min_spacing_m, cover_within, cover_share, unreachable, ties, names, time_limit_s
        As `p_median`.
    memory_limit_mb, progress
        As `p_median`.

    Returns
    -------
    Layout
        `objective` is the number of chosen sites, existing ones not counted.

    Raises
    ------
    InputError, InfeasibleLayoutError, SolverError
        As `p_median`; a radius that leaves a demand without any site is infeasible.

    References
    ----------
    Toregas, C., Swain, R., ReVelle, C. and Bergman, L. (1971). The Location of Emergency Service
    Facilities. Operations Research 19(6), 1363-1373.

    Examples
    --------
    Towns at 0, 1, 5 and 9 km: within 1 km three sites are needed, within 4 km two.

    >>> km = pd.Series([0, 1, 5, 9], index=list("abcd"))
    >>> distance = pd.DataFrame({j: (km - km[j]).abs() for j in km.index})
    >>> set_coverage(distance, 1).sites, set_coverage(distance, 4).sites
    (['a', 'c', 'd'], ['a', 'c'])
    """
    return answer("set_coverage", distance, asked, radius=radius)
