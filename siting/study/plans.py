"""One plan through every room: the frames that a briefing, a notebook or a script needs."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from siting import footprint, overlap
from siting.places import read_places
from siting.plan import Plan, read_plan


@dataclass(frozen=True)
class Study:
    """
    A plan on its places, and what the two together say.

    Parameters
    ----------
    plan, places
        What was studied.
    by_cluster, by_field
        Incidence [0/1], all places x clusters, all places x fields.
    stack
        Clusters per place [count].
    cluster_pairs, field_pairs
        Overlap of each pair, places counted; see `siting.overlap.pairs`.
    weighted_pairs
        Overlap of cluster pairs weighted by official area and, where known, population: by weight.
    footprints, depth
        Clusters on the ground and the disjoint pieces they share, in metres.
    """

    plan: Plan
    places: gpd.GeoDataFrame
    by_cluster: pd.DataFrame
    by_field: pd.DataFrame
    stack: pd.Series
    cluster_pairs: pd.DataFrame
    field_pairs: pd.DataFrame
    weighted_pairs: dict[str, pd.DataFrame]
    footprints: gpd.GeoDataFrame
    depth: gpd.GeoDataFrame


def study_plan(
    source: str | Plan,
    *,
    boundaries: object = None,
    frame: str = "wgs84",
    vintage: int | None = None,
) -> Study:
    """
    Read a plan and its places, and measure what overlaps.

    Parameters
    ----------
    source
        A Plan, or what `siting.plan.read_plan` takes.
    boundaries, frame, vintage
        As `siting.places.read_places`.

    Returns
    -------
    Study

    Raises
    ------
    InputError
        If the plan or the boundaries are not right, or name different places: a plan that was
        written on units of another vintage goes through `siting.plan.carry_plan` first.

    Examples
    --------
    >>> study = study_plan("shanghai-2022")
    >>> int(study.stack.max()), int((study.stack == 0).sum())
    (5, 5)
    """
    plan = source if isinstance(source, Plan) else read_plan(source)
    within = plan.parent_id if plan.level == "town" else None
    places = read_places(
        plan.level, vintage=vintage, within=within, boundaries=boundaries, frame=frame
    )
    by_cluster = overlap.incidence(plan, places)
    by_field = overlap.incidence(plan, places, by="field")
    footprints = footprint.trace(plan, places)
    weights = [
        column
        for column in ("area_official_km2", "population_2020")
        if column in places and places[column].notna().all()
    ]
    return Study(
        plan=plan,
        places=places,
        by_cluster=by_cluster,
        by_field=by_field,
        stack=overlap.stack(by_cluster),
        cluster_pairs=overlap.pairs(by_cluster),
        field_pairs=overlap.pairs(by_field),
        weighted_pairs={w: overlap.pairs(by_cluster, weights=places[w]) for w in weights},
        footprints=footprints,
        depth=overlap.depth(footprints),
    )
