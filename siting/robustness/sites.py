"""What each site is worth: what it costs to do without a chosen one, and to take in another."""

from __future__ import annotations

import numpy as np
import pandas as pd

from siting.layout import Layout
from siting.robustness.asking import Again, check_share


def importance(
    layout: Layout, *, within: float = 0.01, time_limit_s: float | None = None
) -> pd.DataFrame:
    """
    Return for every candidate what the best layout loses without it, or with it.

    Parameters
    ----------
    layout
        A layout proven optimal, by any function of `siting.layout`.
    within
        How much worse a layout may be to count as nearly as good, as a share of the best objective.
    time_limit_s
        Seconds in all, or None; what could not be settled is NaN and ``unknown``.

    Returns
    -------
    DataFrame
        By site: ``chosen``; ``loss``, for a chosen site the replacement cost (how much worse the best
        layout without it is), for another the entry cost (how much worse the best layout with it is)
        [unit of the objective], infinite where there is none; ``loss_share`` of the best objective;
        ``kind``: ``core`` (in every layout within `within`), ``swing`` (in some), ``never`` (in
        none), or ``fixed`` and ``forbidden`` where that was asked, and then
        without a loss (NaN).

    Raises
    ------
    InputError
        If the layout is not proven optimal, or an option is out of range.

    Notes
    -----
    Core and never are exact and need no list of layouts: a site is core if no layout without it is
    within the share, and never if none with it is.

    Examples
    --------
    >>> from siting.layout import p_median
    >>> cost = pd.DataFrame({"a": [10.0], "b": [10.05], "c": [12.0]}, index=["x"])
    >>> found = importance(p_median(cost, 1), within=0.01)
    >>> found["loss"].round(2).tolist(), found["kind"].tolist()
    ([0.05, 0.05, 2.0], ['swing', 'swing', 'never'])
    """
    share = check_share(within, "within")
    again = Again(layout, time_limit_s)
    chosen = set(again.columns(layout.sites).tolist())
    allowed = abs(again.threshold(share) - layout.objective) + again.slack
    rows = []
    for k in range(len(again.sites)):
        settled = _settled(again, k)
        loss = np.nan if settled else _loss(again, k, shut=k in chosen)
        kind = settled or _kind(loss, allowed, chosen=k in chosen)
        rows.append((k in chosen, loss, kind))
    index = pd.Index(list(again.sites), tupleize_cols=False, name="site")
    made = pd.DataFrame(rows, columns=["chosen", "loss", "kind"], index=index)
    best = abs(layout.objective)
    made.insert(2, "loss_share", made["loss"] / best if best else made["loss"])
    return made


def _settled(again: Again, k: int) -> str:
    """Return what the conditions say of a site by themselves."""
    if again.rows.least[k]:
        return "fixed"
    return "" if again.rows.most[k] else "forbidden"


def _loss(again: Again, k: int, *, shut: bool) -> float:
    """Return how much worse the best layout without (or with) a site is; infinite if there is none."""
    at = np.array([k], dtype=np.intp)
    rows = again.forced(shut=at) if shut else again.forced(open_=at)
    solved = again.solve(rows)
    if solved.sites is None:
        return np.inf if solved.proven else np.nan
    return again.loss(again.objective(solved)) if solved.proven else np.nan


def _kind(loss: float, allowed: float, *, chosen: bool) -> str:
    if np.isnan(loss):
        return "unknown"
    if loss <= allowed:
        return "swing"
    return "core" if chosen else "never"
