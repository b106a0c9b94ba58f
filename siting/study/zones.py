"""Leading zones under stated assumptions: the best layout, how firm it is, and what changes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import pandas as pd

from siting.errors import InfeasibleLayoutError
from siting.layout import Layout, assign_zones
from siting.robustness import (
    Front,
    NearOptima,
    Regret,
    difference,
    importance,
    near_optima,
    pareto,
    regret,
)
from siting.suitability import Suitability

Said = tuple[str, str]  # Chinese, English
Scores = pd.DataFrame  # places x clusters, NaN where a zone is not allowed


@dataclass(frozen=True, eq=False)
class ZoneCase:
    """
    What is asked: candidates, scores, conditions, and the other ways to see it.

    Parameters
    ----------
    id, title
        Of the case.
    kind
        What one of the places to choose is called.
    candidates
        By id: ``name_zh name_en place_id lon lat``, and ``clause`` where the plan names it; else
        that is empty.
    clusters
        By cluster_id: ``name_zh name_en``.
    suitability
        Of each pair (candidate, cluster), open to its parts.
    n_zones, options
        As `siting.layout.assign_zones` takes them.
    weightings
        Scenarios that change the scores: words to scores (places x clusters).
    settings
        Scenarios that change the conditions: words to ``n_zones`` or options that differ.
    second
        A second aim by pair, and what it is; or None.
    assumptions
        What the documents do not give.
    """

    id: str
    title: Said
    kind: Said
    candidates: pd.DataFrame
    clusters: pd.DataFrame
    suitability: Suitability
    n_zones: int
    options: Mapping[str, Any]
    weightings: Mapping[Said, Scores] = field(default_factory=dict)
    settings: Mapping[Said, Mapping[str, Any]] = field(default_factory=dict)
    second: tuple[Said, pd.Series] | None = None
    assumptions: tuple[Said, ...] = ()

    @property
    def scores(self) -> Scores:
        """Scores as candidates x clusters; NaN where the plan puts no such cluster."""
        return spread(self.suitability.score, self.candidates, self.clusters)


@dataclass(frozen=True, eq=False)
class Added:
    """
    What adding up scores gives: the pairs of the highest scores, conditions left aside.

    Parameters
    ----------
    sites
        Pairs (place, cluster).
    total
        Sum of their scores.
    broken
        Words of the conditions that they break.
    """

    sites: list[tuple[str, str]]
    total: float
    broken: tuple[Said, ...]


@dataclass(frozen=True, eq=False)
class ZoneStudy:
    """
    A case and its answers.

    Parameters
    ----------
    case, layout
        What was asked, and the best layout.
    near, sites
        Layouts within `within` of the best, and what each pair is worth; see `siting.robustness`.
    within
        That share.
    scenarios
        Layout of each scenario by its words; a scenario that cannot be is its error.
    laid
        Pairs x scenarios: which pair is in which.
    regret
        Of the scenarios that change the scores alone, ``基准`` first; None without any.
    front
        Objective against the second aim; None without one.
    added
        What adding up scores gives instead.
    """

    case: ZoneCase
    layout: Layout
    near: NearOptima
    sites: pd.DataFrame
    within: float
    scenarios: Mapping[Said, Layout | InfeasibleLayoutError]
    laid: pd.DataFrame
    regret: Regret | None
    front: Front | None
    added: Added


def spread(score: pd.Series, candidates: pd.DataFrame, clusters: pd.DataFrame) -> Scores:
    """Return scores by (candidate, cluster) as candidates x clusters; NaN where there is none."""
    wide = pd.DataFrame(index=candidates.index, columns=clusters.index, dtype="float64")
    for pair, value in score.items():
        place, cluster = cast("tuple[str, str]", pair)
        wide.loc[place, cluster] = value
    return wide


BASE: Said = ("基准", "base")


def study_zones(
    case: ZoneCase,
    *,
    within: float = 0.01,
    limit: int = 200,
    progress: Callable[[str], None] | None = None,
) -> ZoneStudy:
    """
    Choose the zones of a case, and show how firm the choice is.

    Parameters
    ----------
    case
        Such as `siting.study.city_zones` or `district_zones` make.
    within
        How much worse a layout may be to count as nearly as good.
    limit
        Most near-best layouts to list.
    progress
        Called before each step with its number and its words, Chinese / English.

    Returns
    -------
    ZoneStudy

    Raises
    ------
    InfeasibleLayoutError
        If the base conditions clash; a scenario that clashes is kept as its error.
    """
    steps = _Steps(case, progress)
    scores = case.scores
    steps.next(BASE)
    layout = assign_zones(scores, case.n_zones, **case.options)
    scenarios: dict[Said, Layout | InfeasibleLayoutError] = {BASE: layout}
    for said, other in case.weightings.items():
        steps.next(said)
        scenarios[said] = _tried(other, case.n_zones, case.options)
    for said, change in case.settings.items():
        steps.next(said)
        asked = {**case.options, **change}
        n_zones = asked.pop("n_zones", case.n_zones)
        scenarios[said] = _tried(scores, n_zones, asked)
    solved = {said: one for said, one in scenarios.items() if isinstance(one, Layout)}
    weighed = {said[0]: solved[said] for said in (BASE, *case.weightings) if said in solved}
    steps.next(("差不多好的布局", "layouts nearly as good"))
    near = near_optima(layout, within=within, limit=limit)
    steps.next(("每个候选的代价", "what each candidate is worth"))
    sites = importance(layout, within=within)
    steps.next(("情景之间的后悔值、两个目标", "regret between scenarios, two aims at once"))
    return ZoneStudy(
        case,
        layout,
        near,
        sites,
        within,
        scenarios,
        difference({said[0]: one for said, one in solved.items()}),
        regret(weighed) if len(weighed) > 1 else None,
        None if case.second is None else pareto(layout, case.second[1], limit=40),
        _added(case),
    )


class _Steps:
    """The steps of a study, each told before it begins."""

    def __init__(self, case: ZoneCase, told: Callable[[str], None] | None) -> None:
        self.title, self.told, self.done = case.title, told, 0
        self.all = 1 + len(case.weightings) + len(case.settings) + 3

    def next(self, said: Said) -> None:
        """Tell the next step."""
        self.done += 1
        if self.told is not None:
            zh, en = f"{self.title[0]}：{said[0]}", f"{self.title[1]}: {said[1]}"
            self.told(f"{self.done}/{self.all} {zh} / {en}")


def _tried(
    scores: Scores, n_zones: int, options: Mapping[str, Any]
) -> Layout | InfeasibleLayoutError:
    try:
        return assign_zones(scores, n_zones, **options)
    except InfeasibleLayoutError as error:
        return error


def _added(case: ZoneCase) -> Added:
    """Return the pairs of the highest scores, and which conditions they break."""
    ranked = case.suitability.score
    order = sorted(ranked.items(), key=lambda one: (-one[1], one[0]))[: case.n_zones]
    sites = [cast("tuple[str, str]", key) for key, _ in order]
    broken = [*_counts_broken(case, sites), *_sites_broken(case, sites), *_near_broken(case, sites)]
    return Added(sorted(sites), float(sum(score for _, score in order)), tuple(broken))


def _counts_broken(case: ZoneCase, sites: list[tuple[str, str]]) -> list[Said]:
    """Return clusters, places and groups that hold too few or too many."""
    options, n_zones = case.options, case.n_zones
    groups = options.get("groups") or {}
    english = dict(zip(case.candidates["name_zh"], case.candidates["name_en"], strict=True))
    called = {
        group: (f"{group}连同区内点名的", f"{english.get(group, group)} with those named in it")
        for group in groups.values()
    }
    asked = (
        (_said(case.clusters), options.get("per_cluster"), None, [c for _, c in sites]),
        (_said(case.candidates), None, options.get("per_place", 1), [p for p, _ in sites]),
        (
            called,
            options.get("group_min"),
            options.get("group_max"),
            [groups.get(p) for p, _ in sites],
        ),
    )
    found = []
    for names, lower, upper, held in asked:
        for key, name in names.items():
            least, most = _of(lower, key), _of(upper, key)
            if isinstance(least, tuple):
                least, most = least
            count = held.count(key)
            if count < (least or 0):
                found.append(_counted(case, name, count, (f"至少 {least}", f"at least {least}")))
            elif count > (n_zones if most is None else most):
                found.append(_counted(case, name, count, (f"至多 {most}", f"at most {most}")))
    return found


def _counted(case: ZoneCase, name: Said, count: int, limit: Said) -> Said:
    """Return how many one thing has, and how many it may have."""
    return (
        f"{name[0]}有 {count} 个{case.kind[0]}（{limit[0]} 个）",
        f"{name[1]} has {count} {case.kind[1]} ({limit[1]})",
    )


def _of(limit: Any, key: str) -> Any:
    return limit.get(key) if isinstance(limit, Mapping) else limit


def _said(frame: pd.DataFrame) -> dict[str, Said]:
    return {str(key): (row["name_zh"], row["name_en"]) for key, row in frame.iterrows()}


def _sites_broken(case: ZoneCase, sites: list[tuple[str, str]]) -> list[Said]:
    """Return what is fixed and not there, and what is forbidden and there."""
    names = {**_said(case.candidates), **_said(case.clusters)}
    found = []
    for kind, zh, en in (("fixed", "没有选", "without "), ("forbidden", "选了", "with ")):
        for one in case.options.get(kind, ()):
            parts = one if isinstance(one, tuple) else (one,)
            there = one in sites if isinstance(one, tuple) else any(p == one for p, _ in sites)
            if there is (kind == "forbidden"):
                words = ["·".join(names[part][i] for part in parts) for i in (0, 1)]
                found.append((zh + words[0], en + words[1]))
    return found


def _near_broken(case: ZoneCase, sites: list[tuple[str, str]]) -> list[Said]:
    """Return the pairs of places that are nearer to each other than the spacing."""
    least, distance = case.options.get("min_spacing_m"), case.options.get("distance")
    if least is None or distance is None:
        return []
    names, held = _said(case.candidates), sorted({place for place, _ in sites})
    return [
        (f"{names[a][0]}与{names[b][0]}太近", f"{names[a][1]} and {names[b][1]} too near")
        for k, a in enumerate(held)
        for b in held[k + 1 :]
        if min(distance.loc[a, b], distance.loc[b, a]) < least
    ]
