"""Which lead cluster gets a zone in which place: the most suitable pairs that all conditions allow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from siting.layout.checking import check_zones
from siting.layout.deciding import decide
from siting.layout.question import Groups, Limit, Listener, Options
from siting.layout.record import Layout
from siting.layout.zoning import Quotas, Zoning

Quota = int | tuple[int, int] | Mapping[Any, int | tuple[int, int]]


def assign_zones(
    suitability: pd.DataFrame,
    n_zones: int,
    *,
    per_cluster: Quota | None = None,
    per_place: Limit = 1,
    groups: Groups | None = None,
    group_min: Limit | None = None,
    group_max: Limit | None = None,
    fixed: Any = (),
    forbidden: Any = (),
    distance: pd.DataFrame | None = None,
    min_spacing_m: float | None = None,
    ties: bool | str = "auto",
    names: Any = None,
    time_limit_s: float | None = None,
    memory_limit_mb: float | None = None,
    progress: Listener | None = None,
) -> Layout:
    """
    Choose `n_zones` pairs (place, cluster) so that the sum of their suitability is greatest.

    Parameters
    ----------
    suitability
        Places (rows) x clusters (columns): any finite score, more is better; NaN: not allowed.
    n_zones
        How many zones, fixed ones included.
    per_cluster
        Zones of each cluster: at least so many, or (least, most); for all clusters, or a mapping for
        some.
    per_place
        Most zones in one place: a number for all places, or a mapping of every place.
    groups
        Place -> group, such as its district.
    group_min, group_max
        Fewest and most zones of a group: a number for every group, or a mapping for some.
    fixed, forbidden
        Pairs (place, cluster), or a place alone: a zone of some cluster must be there, or none.
    distance, min_spacing_m
        Places x places [m]; two places nearer than `min_spacing_m` in either direction do not both
        hold zones. Zones in one and the same place are `per_place`'s business.
    ties, names, time_limit_s, memory_limit_mb, progress
        As `p_median`; `names` may name places, clusters and groups.

    Returns
    -------
    Layout
        `sites` are pairs (place, cluster); `objective` is the sum of suitability; `assignment` is
        place -> cluster with a row for each zone.

    Raises
    ------
    InputError, InfeasibleLayoutError, SolverError
        As `p_median`.

    Notes
    -----
    Scores may be below 0; sums that differ by less than 1e-9 of their parts, signs left out, count as
    equal.

    Examples
    --------
    The best place for b is that for a as well; a place takes one zone, and both clusters need one:
    9 + 5 is more than 8 + 4.

    >>> scores = pd.DataFrame({"a": [8, 5], "b": [9, 4]}, index=["north", "south"])
    >>> layout = assign_zones(scores, 2, per_cluster=1)
    >>> layout.sites, layout.objective
    ([('north', 'b'), ('south', 'a')], 14.0)

    Three zones in two places that take one each cannot be.

    >>> from siting.errors import InfeasibleLayoutError
    >>> try:
    ...     assign_zones(scores, 3)
    ... except InfeasibleLayoutError as error:
    ...     print(error.conflict, error.relaxation[0])
    ('恰好选 3 个先导区', '每个地区最多 1 个') 恰好选 3 个先导区 → 恰好选 2 个先导区
    """
    options = Options(
        fixed=fixed,
        forbidden=forbidden,
        groups=groups,
        group_min=group_min,
        group_max=group_max,
        site_distance=distance,
        min_spacing_m=min_spacing_m,
        ties=ties,
        names=names,
        time_limit_s=time_limit_s,
        memory_limit_mb=memory_limit_mb,
        progress=progress,
    )
    posing = Zoning(suitability, options)
    question = posing.question(n_zones, per_cluster, per_place)
    quotas = Quotas(posing.quotas, posing.room)
    return decide(question, lambda sites, _: check_zones(question, suitability, sites, quotas))
