"""Layouts held against each other's aims: what each loses if another scenario comes true."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from siting.errors import Finding, Findings
from siting.layout import Layout
from siting.layout.labels import rank
from siting.robustness.asking import Again, question_of


@dataclass(frozen=True, eq=False)
class Regret:
    """
    What each layout loses in each scenario.

    Parameters
    ----------
    objective
        Layouts (rows, by the scenario they are best in) x scenarios: the objective; NaN where the
        conditions of the scenario do not allow the layout.
    regret
        The same, as a loss against the best of the scenario, a share of it; 0 on the diagonal.
    worst
        Greatest regret of each layout; infinite where a scenario does not allow it.
    choice
        The layout whose worst regret is least; of several the first.
    """

    objective: pd.DataFrame
    regret: pd.DataFrame
    worst: pd.Series
    choice: str


def regret(layouts: Mapping[str, Layout]) -> Regret:
    """
    Hold the best layout of each scenario against all scenarios.

    Parameters
    ----------
    layouts
        Scenario to its best layout: the same candidates under other weights, costs or conditions.

    Returns
    -------
    Regret

    Raises
    ------
    InputError
        If there is one scenario only, a layout is not proven optimal, or candidates differ.

    References
    ----------
    Savage, L. J. (1951). The Theory of Statistical Decision. Journal of the American Statistical
    Association 46(253), 55-67.

    Examples
    --------
    a is best for x and b for y. Where y counts, a costs 4 against 1: a regret of 3 times the best.

    >>> from siting.layout import p_median
    >>> cost = pd.DataFrame({"a": [1.0, 4.0], "b": [2.0, 1.0]}, index=["x", "y"])
    >>> now = p_median(cost, 1, weights={"x": 1, "y": 0})
    >>> later = p_median(cost, 1, weights={"x": 0, "y": 1})
    >>> found = regret({"now": now, "later": later})
    >>> found.regret.values.tolist(), found.choice
    ([[0.0, 3.0], [1.0, 0.0]], 'later')
    """
    again = _again(layouts)
    objective = pd.DataFrame(index=list(layouts), columns=list(layouts), dtype="float64")
    share = objective.copy()
    for scenario, asked in again.items():
        best = abs(asked.layout.objective)
        for name, layout in layouts.items():
            found = _under(asked, layout)
            objective.loc[name, scenario] = found
            loss = 0.0 if name == scenario else asked.loss(found)
            share.loc[name, scenario] = loss / best if best else loss
    worst = share.max(axis=1, skipna=False).fillna(np.inf).rename("worst")
    return Regret(objective, share, worst, str(worst.idxmin()))


def difference(layouts: Mapping[str, Layout]) -> pd.DataFrame:
    """
    Lay scenarios side by side: which site is in which.

    Parameters
    ----------
    layouts
        Scenario to layout: of any model, proven or not, as long as they share a candidate.

    Returns
    -------
    DataFrame
        Sites that any of them chose x scenarios: True where it holds the site; ``everywhere`` last.
        A site that is no candidate of a scenario is not in it.

    Raises
    ------
    InputError
        If there is no layout, or no candidate is in all scenarios.

    Examples
    --------
    >>> from siting.layout import p_median
    >>> cost = pd.DataFrame({"a": [1.0, 4.0], "b": [2.0, 1.0]}, index=["x", "y"])
    >>> one, two = p_median(cost, 1), p_median(cost, 2)
    >>> difference({"one": one, "two": two}).values.tolist()
    [[False, True, False], [True, True, True]]
    """
    asked = [question_of(layout) for layout in _scenarios(layouts, least=1).values()]
    if not set.intersection(*(set(one.sites) for one in asked)):
        Findings([_wrong("layouts", "没有共同的候选点", "no candidate is in all of them")]).stop()
    held = sorted({site for layout in layouts.values() for site in layout.sites}, key=rank)
    index = pd.Index(held, tupleize_cols=False, name="site")
    made = pd.DataFrame(
        {name: [site in layout.sites for site in held] for name, layout in layouts.items()},
        index=index,
    )
    made["everywhere"] = made.all(axis=1)
    return made


def _under(again: Again, layout: Layout) -> float:
    """Return the objective of a layout's sites in another scenario; NaN where it is not allowed."""
    sites = again.columns(layout.sites)
    shut = np.setdiff1d(np.arange(len(again.sites)), np.union1d(sites, again.question.existing))
    rows = again.forced(open_=sites, shut=shut)
    solved = again.solve(rows)
    return np.nan if solved.sites is None else again.objective(solved)


def _scenarios(layouts: Mapping[str, Layout], *, least: int) -> Mapping[str, Layout]:
    """Return the scenarios, or raise InputError where they are too few."""
    if not isinstance(layouts, Mapping) or len(layouts) < least:
        Findings([_wrong("layouts", "情景太少", "too few scenarios")]).stop()
    return layouts


def _again(layouts: Mapping[str, Layout]) -> dict[str, Again]:
    """Return the questions, or raise InputError where they cannot be held against each other."""
    findings = Findings()
    made = {str(name): Again(layout) for name, layout in _scenarios(layouts, least=2).items()}
    sites = {one.sites for one in made.values()}
    models = {one.question.model for one in made.values()}
    if len(sites) > 1 or len(models) > 1:
        findings.append(_wrong("layouts", "候选点或模型不同", "candidates or models differ"))
    findings.stop()
    return made


def _wrong(column: str, reason: str, reason_en: str) -> Finding:
    return Finding(
        code="E-ROB-05",
        column=column,
        reason=reason,
        reason_en=reason_en,
        fix="请给同一批候选点、同一模型的两个以上布局",
        fix_en="Give two or more layouts of the same candidates and model",
    )
