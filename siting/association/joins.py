"""Do places that have a thing lie together: pairs of neighbours that both have it, or one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import chi2_contingency

from siting.association.everywhere import scaled, tails_of
from siting.association.moments import join_moments
from siting.association.record import Association, said, verdict, z_of
from siting.association.weighing import (
    Alternative,
    Floats,
    Permutations,
    Transform,
    Weighed,
    check_test,
    weigh,
)
from siting.errors import Finding, Findings

KINDS = ("bb", "ww", "bw")


@dataclass(frozen=True, kw_only=True)
class JoinCounts(Association):
    """
    The answer of `join_counts`; `statistic`, `z`, `p` and the like are those of bb.

    Parameters
    ----------
    bb, ww, bw
        Pairs of neighbours [count, or sum of weights] that are both 1, both 0, and unlike.
    J
        All pairs: bb + ww + bw.
    chi2
        Of the table of pairs, with the correction of Yates; NaN if all places are alike.
    by_kind
        A row for bb, ww and bw: statistic expected variance z p p_smallest.
    """

    bb: float
    ww: float
    bw: float
    J: float
    chi2: float
    by_kind: pd.DataFrame


def join_counts(
    values: pd.Series,
    graph: Any,
    *,
    transform: Transform = "b",
    permutations: Permutations = "auto",
    seed: int = 0,
    alternative: Alternative = "two-sided",
) -> JoinCounts:
    """
    Return how many pairs of neighbours both have a thing, both lack it, or differ.

    Parameters
    ----------
    values
        1 or True where a place has it, else 0 or False, by place_id.
    graph, transform, permutations, seed, alternative
        As for `moran`.

    Returns
    -------
    JoinCounts

    Raises
    ------
    InputError
        If a value is neither 0 nor 1; and as for `moran`.

    Notes
    -----
    Each pair counts once, at the mean of its two weights. The number of places that have the thing
    is fixed (non-free sampling), by chance each choice of as many is as likely as any other; so p is
    exact where there are at most 1,000,000 choices. Places that are all alike: counts, but no test.

    References
    ----------
    Cliff, A. D. and Ord, J. K. (1981). Spatial Processes, section 1.4, eq. 1.24 to 1.31. Moran,
    P. A. P. (1948). The Interpretation of Statistical Maps. Journal of the Royal Statistical Society
    B 10(2), 243-251.

    Examples
    --------
    Four places in a row, 1 1 0 0: one pair of each kind. Of 6 arrangements, 3 keep the ones together.

    >>> from types import SimpleNamespace
    >>> links = np.array([[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]])
    >>> row = SimpleNamespace(sparse=links, unique_ids=["a", "b", "c", "d"])
    >>> held = pd.Series([1, 1, 0, 0], ["a", "b", "c", "d"])
    >>> found = join_counts(held, row, alternative="greater")
    >>> found.bb, found.ww, found.bw, found.expected, found.p
    (1.0, 1.0, 1.0, 0.5, 0.5)
    """
    test = check_test(permutations, seed, alternative)
    at = weigh(values, graph, transform)
    _check_binary(at)
    upper, _, whole = scaled(at, lambda v: v)
    half = (upper.sum(axis=0) + upper.sum(axis=1)) / 2
    all_pairs = upper.sum()

    def pairs(m: Floats) -> Floats:
        """Return bb, ww and bw in the units of `upper`."""
        bb, ends = np.einsum("ij,ij->j", m, upper @ m), half @ m
        return np.stack([bb, all_pairs - 2 * ends + bb, 2 * (ends - bb)])

    total = at.weights.sum() / 2
    unit = total / all_pairs if all_pairs else 0.0
    counts = dict(zip(KINDS, (pairs(at.x[:, None])[:, 0] * unit).tolist(), strict=True))
    tails = tails_of(at, test, at.x, pairs, whole=whole)
    rows = {}
    for which, (kind, (mean, variance)) in enumerate(join_moments(at, int(at.x.sum())).items()):
        likely = verdict(at, test, tails, which)
        rows[kind] = {
            "statistic": counts[kind],
            "expected": mean,
            "variance": variance,
            "z": z_of(counts[kind], mean, variance),
            "p": likely["p"],
            "p_smallest": likely["p_smallest"],
        }
    by_kind = pd.DataFrame.from_dict(rows, orient="index")
    first = {key: rows["bb"][key] for key in ("statistic", "expected", "variance", "z")}
    found = JoinCounts(
        measure=f"join counts, transform {transform}",
        assumption="randomisation",
        J=float(total),
        chi2=_chi2(**counts),
        by_kind=by_kind,
        **counts,
        **first,
        **verdict(at, test, tails),
    )
    return said(found)


def _chi2(bb: float, ww: float, bw: float) -> float:
    """Return Pearson's chi-square of focal place by neighbour, an unlike pair half in each cell."""
    if min(bb + bw / 2, ww + bw / 2) <= 0:
        return np.nan
    return float(chi2_contingency([[ww, bw / 2], [bw / 2, bb]]).statistic)


def _check_binary(at: Weighed) -> None:
    """Stop with each place whose value is neither 0 nor 1."""
    Findings(
        Finding(
            code="E-ASC-09",
            column="values",
            value=f"{place}: {x:g}",
            reason="不是 0 或 1",
            reason_en="neither 0 nor 1",
            fix="有则为 1，无则为 0",
            fix_en="Give 1 where a place has it and 0 where not",
        )
        for place, x in zip(at.index, at.answer(at.x), strict=True)
        if x not in (0.0, 1.0)
    ).stop()
