"""All layouts that are nearly as good as the best, one after the other, and how often each site is in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from siting.layout import Layout
from siting.layout.labels import Label
from siting.robustness.asking import Again, check_count, check_share, one_row
from siting.robustness.counting import count_all


@dataclass(frozen=True, eq=False)
class NearOptima:
    """
    The layouts within a share of the best.

    Parameters
    ----------
    layouts
        A row per layout, the best first, `limit` at most: ``objective``, ``gap`` (how much worse, as
        a share of the best), ``sites`` (list). Equal ones stand in the order of their ids.
    frequency
        Share of the counted layouts that hold each site, for every candidate [0..1].
    count
        How many layouts were counted.
    threshold
        The worst objective that was let in.
    complete
        True: all that there are were counted, listed or not. False: the limit or the time came
        first, so `frequency` is that of the best layouts only; `importance` tells core from swing
        without counting them.
    """

    layouts: pd.DataFrame
    frequency: pd.Series
    count: int
    threshold: float
    complete: bool


def near_optima(
    layout: Layout, *, within: float = 0.01, limit: int = 1000, time_limit_s: float | None = None
) -> NearOptima:
    """
    List every layout whose objective is within a share of the best one.

    Parameters
    ----------
    layout
        A layout proven optimal, by any function of `siting.layout`.
    within
        How much worse a layout may be, as a share of the best objective; 0: ties only.
    limit
        Most layouts to list.
    time_limit_s
        Seconds in all, or None.

    Returns
    -------
    NearOptima

    Raises
    ------
    InputError
        If the layout is not proven optimal, or an option is out of range.

    Notes
    -----
    Zones, whose objective is a sum over pairs, are counted one by one where that takes at most three
    million steps. Otherwise, after each layout, a row is added that keeps out its choice of sites
    (Balas and Jeroslow 1972), and the question is asked again, so that nothing between is missed. For ``set_coverage`` one site more
    than the least is far more than 1 %: ask for a share of 1 / n to see layouts with one more.

    References
    ----------
    Balas, E. and Jeroslow, R. (1972). Canonical Cuts on the Unit Hypercube. SIAM Journal on Applied
    Mathematics 23(1), 61-69.

    Examples
    --------
    Three sites, one to choose: a costs 10, b 10.05 and c 12.

    >>> from siting.layout import p_median
    >>> cost = pd.DataFrame({"a": [10.0], "b": [10.05], "c": [12.0]}, index=["x"])
    >>> near = near_optima(p_median(cost, 1), within=0.01)
    >>> near.layouts["sites"].tolist(), near.frequency.to_dict(), near.complete
    ([['a'], ['b']], {'a': 0.5, 'b': 0.5, 'c': 0.0}, True)
    """
    share, most = check_share(within, "within"), check_count(limit, "limit")
    again = Again(layout, time_limit_s)
    threshold = again.threshold(share)
    counted = count_all(again, threshold)
    if counted is not None:
        found = [(value, [again.sites[k] for k in sites]) for value, sites in counted]
        complete = True
    else:
        found, complete = _one_by_one(again, threshold, most)
    frequency = _frequency(again, found)
    listed = _listed(again, found).head(most)
    return NearOptima(listed, frequency, len(found), threshold, complete)


def _one_by_one(
    again: Again, threshold: float, most: int
) -> tuple[list[tuple[float, list[Label]]], bool]:
    """Return the best layouts one after the other, and whether there is none left."""
    rows, layout = again.rows, again.layout
    found: list[tuple[float, list[Label]]] = []
    while len(found) < most and not again.over:
        solved = again.solve(rows)
        if solved.sites is None:
            return found, solved.proven
        objective = again.objective(solved)
        beyond = again.loss(objective) - abs(threshold - layout.objective)
        if beyond > again.slack:
            return found, solved.proven
        if not solved.proven:
            break
        chosen = np.setdiff1d(solved.sites, again.question.existing)
        found.append((objective, [again.sites[k] for k in chosen]))
        row = -np.ones(rows.n_sites)
        row[solved.sites] = 1.0
        rows = one_row(rows, row, -np.inf, solved.sites.size - 1.0)
    return found, False


def _listed(again: Again, found: list[tuple[float, list[Label]]]) -> pd.DataFrame:
    best, slack = abs(again.layout.objective), again.slack
    place = {label: k for k, label in enumerate(again.sites)}
    losses = sorted({again.loss(objective) for objective, _ in found})
    # losses that rounding alone keeps apart are one and the same
    steps = np.cumsum(np.diff(losses, prepend=losses[:1]) > slack)
    step = dict(zip(losses, steps.tolist(), strict=True))
    ordered = sorted(
        found, key=lambda one: (step[again.loss(one[0])], [place[site] for site in one[1]])
    )
    return pd.DataFrame(
        {
            "objective": [objective for objective, _ in ordered],
            "gap": [
                again.loss(objective) / best if best else again.loss(objective)
                for objective, _ in ordered
            ],
            "sites": pd.Series([sites for _, sites in ordered], dtype="object"),
        }
    )


def _frequency(again: Again, found: list[tuple[float, list[Label]]]) -> pd.Series:
    counts = dict.fromkeys(again.sites, 0)
    for _, sites in found:
        for site in sites:
            counts[site] += 1
    total = max(len(found), 1)
    index = pd.Index(list(counts), tupleize_cols=False, name="site")
    return pd.Series([n / total for n in counts.values()], index=index, name="frequency")
