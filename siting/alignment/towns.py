"""What the towns of a district carry of what the city asks, and of what only the district wants."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from siting.alignment.comparing import assigned_to, check_levels
from siting.errors import stop

if TYPE_CHECKING:
    from siting.plan import Plan

_TOWN = {
    (True, True): "both",
    (True, False): "asked",
    (False, True): "own",
    (False, False): "none",
}


def by_town(city: Plan, district: Plan, places: pd.DataFrame) -> pd.DataFrame:
    """
    Return for each town which clusters the city asks of its district and which only the district wants.

    Parameters
    ----------
    city, district
        As in `compare`.
    places
        All towns of the district, index place_id.

    Returns
    -------
    DataFrame
        Index of `places`; ``asked`` and ``own`` [count] of the clusters that the town carries;
        ``asked_clusters`` and ``own_clusters``, their ids joined by ``;``; the same with ``_zh``
        and ``_en`` by name; ``status``: both, asked, own or none.

    Raises
    ------
    InputError
        If the plans are not of these levels, or the district's plan names a town that is not among
        `places`.

    Notes
    -----
    The city assigns clusters to districts, never to towns: ``asked`` says that the district lets
    this town carry what the city asks of the whole district.

    Examples
    --------
    >>> from siting.plan import read_plan
    >>> towns = pd.DataFrame(index=read_plan("jiading-2023").assignments["place_id"].unique())
    >>> by_town(read_plan("shanghai-2022"), read_plan("jiading-2023"), towns).loc[
    ...     "310114103", ["asked_zh", "own_zh", "status"]].tolist()
    ['未来智能、未来能源', '未来材料、未来健康', 'both']
    """
    check_levels(city, district)
    pairs = district.assignments[["place_id", "cluster_id"]].drop_duplicates()
    missing = pairs.loc[~pairs["place_id"].isin(places.index), "place_id"].unique()
    if missing.size:
        stop(
            code="E-ALIGN-13",
            column="place_id",
            value="、".join(missing),
            reason="区规划写到的街镇不在所给的地区表里",
            reason_en="the district's plan names towns that are not among the places",
            fix="请给出该区的全部街镇，年份与规划相同",
            fix_en="Give all towns of the district, of the plan's vintage",
        )
    asked = set(assigned_to(city, district.parent_id)["cluster_id"])
    carried = {place: set(group["cluster_id"]) for place, group in pairs.groupby("place_id")}
    rows = []
    for place in places.index:
        has = [one for one in district.clusters.index if one in carried.get(place, set())]
        row: dict[str, object] = {}
        for side, ids in (
            ("asked", [one for one in has if one in asked]),
            ("own", [one for one in has if one not in asked]),
        ):
            names = district.clusters.loc[ids]
            row[side] = len(ids)
            row[f"{side}_clusters"] = ";".join(ids)
            row[f"{side}_zh"] = "、".join(names["name_zh"])
            row[f"{side}_en"] = ", ".join(names["name_en"])
        row["status"] = _TOWN[bool(row["asked"]), bool(row["own"])]
        rows.append(row)
    columns = [
        f"{side}{end}" for side in ("asked", "own") for end in ("", "_clusters", "_zh", "_en")
    ]
    answer = pd.DataFrame(rows, index=places.index, columns=[*columns, "status"])
    return answer.astype({"asked": "int64", "own": "int64"})
