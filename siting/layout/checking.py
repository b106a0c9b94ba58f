"""The independent check: every condition and the objective once more, from the tables as they were given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from math import fsum, isfinite
from typing import Any

import numpy as np
import pandas as pd

from siting.errors import Finding, SolverError
from siting.layout.labels import Label
from siting.layout.question import Options, Question

NEAR = 1e-9  # sums of rounded numbers may differ by this share
AGREED = 1e-6  # the solver's own sum may differ from the exact one by this share


def fail(reasons: Iterable[tuple[str, str]]) -> None:
    """Raise a SolverError with all `reasons`, if there are any."""
    findings = [
        Finding(
            code="E-LAY-70",
            reason=f"求解结果未通过独立检查：{zh}",
            fix="结果已弃用，请把输入报告给我们",
            reason_en=f"the solver's answer failed the independent check: {en}",
            fix_en="The answer was thrown away; report the input to us",
        )
        for zh, en in reasons
    ]
    if findings:
        raise SolverError(findings)


def by_label(given: object, index: pd.Index, default: float = 1.0) -> dict[Label, float]:
    """Return a number for each label of `index` from what a caller gave."""
    if given is None:
        return dict.fromkeys(index, default)
    if isinstance(given, (pd.Series, Mapping)):
        return {label: float(given[label]) for label in index}
    assert isinstance(given, Iterable)
    return dict(zip(index, map(float, given), strict=True))


def check_sites(
    question: Question, table: pd.DataFrame, sites: list[Label], assignment: Mapping[Label, Label]
) -> float:
    """
    Return the objective of `sites` computed from `table`, after checking every condition.

    Raises
    ------
    SolverError
        With each condition that does not hold.
    """
    options = question.options
    opened = [*sites, *options.existing]
    lost: list[tuple[str, str]] = []

    def must(holds: object, zh: str, en: str) -> None:
        if not holds:
            lost.append((zh, en))

    known = set(table.columns)
    must(
        len(set(opened)) == len(opened) and set(opened) <= known,
        "选点重复或不存在",
        "repeated or unknown sites",
    )
    must(
        question.count is None or len(sites) == question.count,
        "选点个数不对",
        "wrong number of sites",
    )
    must(set(options.fixed) <= set(sites), "缺少固定的点", "a fixed site is missing")
    must(not set(options.forbidden) & set(opened), "选了禁止的点", "a forbidden site is chosen")
    _groups(must, options.groups, opened, options, set(table.columns))
    if options.site_distance is not None:
        _spacing(must, options, opened)
    fail(lost)
    weights = by_label(options.weights, table.index)
    nearest = dict(zip(table.index, table[opened].to_numpy(dtype=float).min(axis=1), strict=True))
    if options.cover_share is not None:
        reached = fsum(w for i, w in weights.items() if nearest[i] <= options.cover_within)
        must(
            reached >= options.cover_share * fsum(weights.values()) * (1 - 2 * NEAR),
            "覆盖率不足",
            "too little demand is covered",
        )
    far = nearest
    if options.capacity is not None:
        far = _served(must, question, table, opened, assignment)
    objective = _objective(must, question, weights, far, sites)
    fail(lost)
    return objective


def _served(
    must: Any,
    question: Question,
    table: pd.DataFrame,
    opened: list[Label],
    assignment: Mapping[Label, Label],
) -> dict[Label, float]:
    """Return how far each demand is from the site that serves it, after checking capacities."""
    options = question.options
    weights = by_label(options.weights, table.index)
    capacity = by_label(options.capacity, table.columns)
    size = dict(weights) if options.demand is None else by_label(options.demand, table.index)
    loads: dict[Label, list[float]] = {site: [] for site in opened}
    far: dict[Label, float] = {}
    for i, row in table.iterrows():
        site = assignment.get(i)
        if site is None:
            far[i] = float("inf")
            optional = question.model == "max_coverage" or (weights[i] == 0 and size[i] == 0)
            must(optional, f"{i} 没有着落", f"{i} is not served")
            continue
        if site not in loads:
            must([], f"{i} 分给了未选的点", f"{i} is served by a closed site")
            continue
        loads[site].append(size[i])
        far[i] = float(row[site])
    for site, load in loads.items():
        must(
            fsum(load) <= capacity[site] * (1 + NEAR),
            f"{site} 超出容量",
            f"{site} is beyond its capacity",
        )
    return far


def _objective(
    must: Any,
    question: Question,
    weights: Mapping[Label, float],
    far: Mapping[Label, float],
    sites: list[Label],
) -> float:
    """Return the objective from how far each demand is from its site."""
    counted = {i: w for i, w in weights.items() if w > 0}
    if question.model == "max_coverage":
        return fsum(w for i, w in counted.items() if far[i] <= (question.radius or 0.0))
    must(all(isfinite(far[i]) for i in counted), "有需求点到不了", "a demand reaches no site")
    if question.model == "set_coverage":
        near = all(far[i] <= (question.radius or 0.0) for i in counted)
        must(near, "有需求点在半径之外", "a demand lies beyond the radius")
        return float(len(sites))
    if question.model == "p_center":
        return max(far[i] for i in counted)
    return fsum(w * far[i] for i, w in counted.items())


def _groups(
    must: Any, groups: Any, members: list[Label], options: Options | Any, known: set[Label]
) -> None:
    """Check how many members each group has; a zone counts for its place."""
    if groups is None:
        return
    counts = Counter(groups[one] for one in members)
    kinds = {groups[one] for one in known}
    for given, name in ((options.group_min, "下限"), (options.group_max, "上限")):
        for kind in kinds if given is not None else ():
            if isinstance(given, (Mapping, pd.Series)) and kind not in given:
                continue
            limit = given[kind] if isinstance(given, (Mapping, pd.Series)) else given
            holds = counts[kind] >= limit if name == "下限" else counts[kind] <= limit
            must(holds, f"{kind} 不合{name}", f"{kind} breaks its limit")


def _spacing(must: Any, options: Options | Any, places: list[Label], distance: Any = None) -> None:
    """Check that no two of `places` are too near each other."""
    frame = options.site_distance if distance is None else distance
    between = frame.loc[places, places].to_numpy(dtype=float)
    for a in range(len(places)):
        for b in range(a):
            near = min(between[a, b], between[b, a])
            least = options.min_spacing_m
            holds = near > 0 if least is None else near >= least
            must(holds, f"{places[a]} 与 {places[b]} 太近", f"{places[a]} and {places[b]} too near")


def agree(objective: float, said: float, status: str, scale: float) -> None:
    """Raise a SolverError where the exact objective is not what the solver said; `scale` is its size."""
    if not np.isfinite(said) or abs(objective - said) > AGREED * scale:
        fail(
            [
                (
                    f"目标值应为 {objective!r}，求解器给出 {said!r}（{status}）",
                    f"the objective is {objective!r}, the solver said {said!r} ({status})",
                )
            ]
        )


def check_zones(question: Question, table: pd.DataFrame, sites: list[Label], quotas: Any) -> float:
    """
    Return the sum of suitability of `sites`, after checking every condition.

    Raises
    ------
    SolverError
        With each condition that does not hold.
    """
    options = question.options
    lost: list[tuple[str, str]] = []

    def must(holds: object, zh: str, en: str) -> None:
        if not holds:
            lost.append((zh, en))

    rows = {place: row.to_dict() for place, row in table.iterrows()}
    scores = [float(rows[place][cluster]) for place, cluster in sites]
    must(all(map(isfinite, scores)), "选了不允许的一对", "a pair that is not allowed is chosen")
    must(len(set(sites)) == len(sites) == question.count, "个数不对", "wrong number of zones")
    in_place = Counter(place for place, _ in sites)
    of_cluster = Counter(cluster for _, cluster in sites)
    for one in options.fixed:
        there = tuple(one) in sites if isinstance(one, (tuple, list)) else one in in_place
        must(there, f"缺少固定的 {one}", f"fixed {one} is missing")
    for one in options.forbidden:
        there = tuple(one) in sites if isinstance(one, (tuple, list)) else one in in_place
        must(not there, f"选了禁止的 {one}", f"forbidden {one} is chosen")
    for cluster, (least, most) in quotas.clusters.items():
        n = of_cluster[cluster]
        must(
            least <= n and (most is None or n <= most),
            f"{cluster} 个数不对",
            f"{cluster} breaks its quota",
        )
    for place, most in quotas.places.items():
        must(in_place[place] <= most, f"{place} 过多", f"{place} holds too many")
    _groups(must, options.groups, [place for place, _ in sites], options, set(table.index))
    if options.site_distance is not None:
        _spacing(must, options, sorted(in_place, key=str))
    fail(lost)
    return fsum(scores)
