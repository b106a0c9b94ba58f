"""The two real cases: the city's leading zones and the district's parks, each assumption stated."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd

from siting import alignment
from siting.candidates import distances, within_reach
from siting.errors import stop
from siting.study.concentration import census_table
from siting.study.plans import Study
from siting.study.zones import Scores, ZoneCase, spread
from siting.suitability import Suitability, suitability

CITY_REACH_M, TOWN_REACH_M, SPACING_M = 15_000.0, 5_000.0, 4_000.0
_CITY = {"jobs": 0.5, "evidence": 0.3, "land": 0.2}
_TOWN = {"jobs": 0.6, "land": 0.4}
_WAYS = {"jobs": "more", "evidence": "more", "land": "more"}


def city_zones(study: Study, *, n_zones: int = 15, district_cap: int = 3) -> ZoneCase:
    """
    Return the case of the city's leading zones: (district, lead cluster) pairs of the plan.

    Parameters
    ----------
    study
        The city's plan on its districts.
    n_zones
        How many zones; the plan says about 15 (clause 一（二）—2).
    district_cap
        Most zones in one district, the named ones included.

    Returns
    -------
    ZoneCase
        Candidates are the districts that the plan gives a cluster, and the zones that it names, which
        are fixed; at least two zones for each cluster.

    Raises
    ------
    InputError
        If districts lack the bundled figures.

    Examples
    --------
    >>> from siting.study import study_plan
    >>> case = city_zones(study_plan("shanghai-2022"))
    >>> len(case.candidates), case.options["fixed"]
    (14, ('lingang', 'zhangjiang', 'zizhu'))
    """
    plan, places = study.plan, study.places
    held = study.by_cluster.index[study.by_cluster.sum(axis=1) > 0]
    _check(places)
    zones = plan.zones.dropna(subset=["lon", "lat"])
    spots = pd.concat([_districts(places.loc[held]), _named(zones)])
    far = distances(places, spots)
    jobs = within_reach(census_table().sum(axis=1), far, CITY_REACH_M)
    people = within_reach(places["population_2020"], far, CITY_REACH_M)
    evidence, land = alignment.section_evidence().location_quotient, places["area_official_km2"]
    pairs = _pairs(study.by_cluster, spots)
    table = pd.DataFrame(
        {
            "jobs": [jobs[one] for one, _ in pairs],
            "evidence": _shares(pairs, spots, evidence),
            "land": [float(land[spots.loc[one, "place_id"]]) for one, _ in pairs],
        },
        index=pairs,
    )
    by_people = table.assign(jobs=[people[one] for one, _ in pairs])
    groups = {one: str(places.loc[spots.loc[one, "place_id"], "name_zh"]) for one in spots.index}
    options = {
        "per_cluster": 2,
        "per_place": _caps(spots, zones, district_cap),
        "groups": groups,
        "group_max": district_cap,
        "fixed": tuple(zones.index),
        "names": _names(spots, plan.clusters),
    }
    scored = _score(table, _CITY)
    weighed = partial(_weighed, spots, plan.clusters)
    return ZoneCase(
        "city",
        (f"全市 {n_zones} 个先导区", f"{n_zones} leading zones of the city"),
        ("先导区", "zones"),
        spots,
        plan.clusters,
        scored,
        n_zones,
        options,
        weightings={
            ("用人口代替就业", "people for jobs"): weighed(by_people, _CITY),
            ("只看就业", "jobs alone"): weighed(table[["jobs"]], {"jobs": 1}),
            ("三项等权", "equal weights"): weighed(table, "equal"),
        },
        settings={
            ("每区最多 2 个", "2 a district at most"): {"group_max": 2},
            ("每区最多 5 个", "5 a district at most"): {
                "group_max": 5,
                "per_place": _caps(spots, zones, 5),
            },
            ("每个集群至少 3 个", "3 for each cluster at least"): {"per_cluster": 3},
            ("不固定点名的三处", "named zones free"): {"fixed": ()},
        },
        second=(("土地得分之和", "sum of land scores"), scored.scaled["land"]),
        assumptions=_city_assumptions(district_cap),
    )


def district_zones(study: Study, *, n_zones: int = 5, spacing_m: float = SPACING_M) -> ZoneCase:
    """
    Return the case of the district's parks: one feature each, all its clusters served.

    Parameters
    ----------
    study
        The district's plan on its towns.
    n_zones
        How many parks; Jiading plans at least 5 (clause 一（二）—2).
    spacing_m
        Least distance between the middles of towns that hold parks [m].

    Returns
    -------
    ZoneCase
        Candidates are the towns that the plan gives a cluster; one park a town and a cluster.

    Raises
    ------
    InputError
        If the towns are not Jiading's: only for those are jobs bundled.

    Examples
    --------
    >>> from siting.study import study_plan
    >>> case = district_zones(study_plan("jiading-2023"))
    >>> case.n_zones, len(case.candidates), case.options["per_cluster"]
    (5, 9, (1, 1))
    """
    plan, places = study.plan, study.places
    jobs_here = alignment.read_town_jobs().reindex(places.index)
    if jobs_here.isna().any():
        _no_jobs(places, jobs_here)
    held = study.by_cluster.index[study.by_cluster.sum(axis=1) > 0]
    spots = _districts(places.loc[held])
    reach = distances(places, spots)
    jobs = within_reach(jobs_here, reach, TOWN_REACH_M)
    pairs = _pairs(study.by_cluster, spots)
    table = pd.DataFrame(
        {
            "jobs": [jobs[one] for one, _ in pairs],
            "land": [float(places.loc[one, "area_official_km2"]) for one, _ in pairs],
        },
        index=pairs,
    )
    most = len(plan.clusters)
    options = {
        "per_cluster": (1, 1) if n_zones == most else (1, n_zones),
        "per_place": 1,
        "distance": distances(spots),
        "min_spacing_m": spacing_m,
        "names": _names(spots, plan.clusters),
    }
    scored = _score(table, _TOWN)
    weighed = partial(_weighed, spots, plan.clusters)
    return ZoneCase(
        "district",
        (f"{n_zones} 个特色园区", f"{n_zones} parks"),
        ("特色园区", "parks"),
        spots,
        plan.clusters,
        scored,
        n_zones,
        options,
        weightings={
            ("只看就业", "jobs alone"): weighed(table[["jobs"]], {"jobs": 1}),
            ("只看土地", "land alone"): weighed(table[["land"]], {"land": 1}),
            ("两项等权", "equal weights"): weighed(table, "equal"),
        },
        settings={
            ("不设间距", "no spacing"): {"min_spacing_m": None, "distance": None},
            (f"间距 {spacing_m / 500:g} 公里", f"{spacing_m / 500:g} km apart"): {
                "min_spacing_m": 2 * spacing_m
            },
            ("每镇可设 2 个", "2 a town allowed"): {"per_place": 2},
        },
        second=(("土地得分之和", "sum of land scores"), scored.scaled["land"]),
        assumptions=_district_assumptions(spacing_m),
    )


def _districts(places: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name_zh": places["name_zh"],
            "name_en": places["name_en"],
            "place_id": places.index,
            "lon": places["label_lon"],
            "lat": places["label_lat"],
            "clause": "",
        },
        index=places.index.astype("object"),
    )


def _caps(spots: pd.DataFrame, zones: pd.DataFrame, cap: int) -> dict[str, int]:
    """Return how many zones each candidate takes: a named one has one lead cluster."""
    return {str(one): 1 if one in zones.index else cap for one in spots.index}


def _named(zones: pd.DataFrame) -> pd.DataFrame:
    made = zones[["name_zh", "name_en", "place_id", "lon", "lat", "clause"]].copy()
    made.index = made.index.astype("object")
    return made


def _pairs(by_cluster: pd.DataFrame, spots: pd.DataFrame) -> pd.MultiIndex:
    """Return every (candidate, cluster) that the plan puts in the candidate's place."""
    found = [
        (spot, cluster)
        for spot, place in spots["place_id"].items()
        for cluster in by_cluster.columns
        if by_cluster.loc[place, cluster]
    ]
    return pd.MultiIndex.from_tuples(found, names=["place", "cluster"])


def _shares(pairs: pd.MultiIndex, spots: pd.DataFrame, evidence: pd.DataFrame) -> list[float]:
    """Return LQ / (1 + LQ): 0.5 where a section is as strong as in the city, or has no evidence."""
    found = []
    for spot, cluster in pairs:
        known = cluster in evidence.columns
        quotient = evidence.loc[spots.loc[spot, "place_id"], cluster] if known else 1.0
        found.append(0.5 if pd.isna(quotient) else float(quotient / (1 + quotient)))
    return found


def _score(table: pd.DataFrame, weights: Any) -> Suitability:
    ways = {column: _WAYS[column] for column in table.columns}
    bounds = {"evidence": (0.0, 1.0)} if "evidence" in table.columns else None
    return suitability(table, directions=ways, weights=weights, bounds=bounds)  # type: ignore[arg-type]


def _weighed(
    spots: pd.DataFrame, clusters: pd.DataFrame, table: pd.DataFrame, weights: Any
) -> Scores:
    """Return the scores of other criteria or weights, candidates x clusters."""
    return spread(_score(table, weights).score, spots, clusters)


def _names(spots: pd.DataFrame, clusters: pd.DataFrame) -> Mapping[str, str]:
    both = pd.concat([spots["name_zh"], clusters["name_zh"]])
    return {str(key): str(name) for key, name in both.items()}


def _check(places: pd.DataFrame) -> None:
    missing = places.index.difference(census_table().index)
    if len(missing) or "population_2020" not in places:
        _no_jobs(places, census_table().sum(axis=1).reindex(places.index))


def _no_jobs(places: pd.DataFrame, jobs: pd.Series) -> None:
    stop(
        code="E-STUDY-02",
        sheet="places",
        value="、".join(map(str, places.index[jobs.isna()])),
        reason="这些地区没有自带的就业数",
        reason_en="no figures of jobs are bundled for these places",
        fix="请自备得分表，直接用 siting.layout.assign_zones",
        fix_en="Bring scores of your own and call siting.layout.assign_zones",
    )


def _city_assumptions(cap: int) -> tuple[tuple[str, str], ...]:
    return (
        (
            "先导区的个数取文件的“15 个左右”（一（二）—2），点名的三处（三（二））固定",
            "about 15 zones as the plan says (一（二）—2); the three that it names (三（二）) are fixed",
        ),
        (
            "文件没有说每个先导区的主导集群：这里只允许其所在区在规划中列有的集群",
            "the plan gives no lead cluster: only clusters that it puts in the district are allowed",
        ),
        (
            "每个集群至少 2 个、每区最多 " + f"{cap} 个：文件没有规定，是本项研究的设定",
            f"at least 2 for each cluster and at most {cap} a district are settings of this study, not of the plan",
        ),
        (
            "得分 = 0.5 × 15 公里内的就业 + 0.3 × 就业证据（区位商）+ 0.2 × 土地面积，各项化为 0 到 1；权重是设定",
            "score = 0.5 x jobs within 15 km + 0.3 x evidence (LQ) + 0.2 x land, each scaled to 0..1; the weights are a setting",
        ),
        (
            "距离按区的标注点直线计，不是路程；没有就业证据的集群该项取中值",
            "distances are straight lines between label points, not roads; clusters without evidence count as average there",
        ),
    )


def _district_assumptions(spacing_m: float) -> tuple[tuple[str, str], ...]:
    return (
        (
            "园区取文件的下限 5 个（一（二）—2），一园区一特色，五个集群各一",
            "5 parks, the least that the plan asks for (一（二）—2), one feature each, all five clusters served",
        ),
        (
            "只在规划列出该集群的街镇中选；名单以“等”收尾，其他街镇也可能合适",
            "only towns that the plan lists for the cluster; its lists are open, others may suit as well",
        ),
        (
            f"每镇最多一个，标注点相距不少于 {spacing_m / 1000:g} 公里：文件没有规定，是本项研究的设定",
            f"one a town, label points at least {spacing_m / 1000:g} km apart: settings of this study, not of the plan",
        ),
        (
            "得分 = 0.6 × 5 公里内的就业 + 0.4 × 土地面积，各项化为 0 到 1；权重是设定",
            "score = 0.6 x jobs within 5 km + 0.4 x land, each scaled to 0..1; the weights are a setting",
        ),
        (
            "就业按街镇合计、落在标注点上，误差约 ±450 人；距离是直线，不是路程",
            "jobs are totals of towns put at their label points, right to some 450 persons; distances are straight lines",
        ),
    )
