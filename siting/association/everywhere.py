"""Do like places lie together over the whole map: Moran's I and Geary's c."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy import sparse

from siting.association.moments import Moments, geary_moments, moran_moments
from siting.association.record import Association, said, verdict, z_of
from siting.association.weighing import (
    TIE,
    WHOLE,
    Alternative,
    Floats,
    Permutations,
    Test,
    Transform,
    Weighed,
    check_test,
    no_test,
    weigh,
    whole_weights,
)
from siting.chance import Tails, rearrangement_tails, whole_values
from siting.schema import check_choice

Assumption = Literal["randomisation", "normality"]
Parts = tuple[float, Moments, Tails | None]


def moran(
    values: pd.Series,
    graph: Any,
    *,
    transform: Transform = "r",
    permutations: Permutations = "auto",
    seed: int = 0,
    alternative: Alternative = "two-sided",
    assumption: Assumption = "randomisation",
) -> Association:
    """
    Return Moran's I: above its expectation where neighbours are alike, below where they differ.

    Parameters
    ----------
    values
        One finite number for each place, by place_id.
    graph : Neighbours or libpysal.graph.Graph
        Anything with `sparse` and `unique_ids`; matched by id, never by position.
    transform
        ``r``: the weights of each place add up to 1; ``b``: each neighbour counts 1; ``o``: as given.
    permutations
        ``auto`` counts every distinct arrangement of the values if there are at most 1,000,000, and
        draws 9,999 otherwise; a number draws that many; 0 gives no p.
    seed
        Of the draws.
    alternative
        ``two-sided``, twice the smaller tail, at most 1; ``greater``; ``less``.
    assumption
        Of `variance` and `z`; p does without either.

    Returns
    -------
    Association

    Raises
    ------
    InputError
        If values and graph do not have the same places, a value is missing or not finite, a weight
        is below 0, a place is its own neighbour, or an option is unknown.

    Notes
    -----
    I = (n / S0) sum w_ij z_i z_j / sum z_i^2 with z the values less their mean and S0 the sum of all
    weights; expected -1 / (n - 1), whatever the weights. Places without neighbours stay among the n.
    Values within a relative 1e-12 of each other are constant: no I. Fewer than 4 places: I, but no
    test. Values with up to 6 decimals, and weights of 1 or 1/k, are counted in whole numbers, so
    ties are ties; other values of I count as equal within 1e-10.

    References
    ----------
    Cliff, A. D. and Ord, J. K. (1981). Spatial Processes, section 2.3 and eq. 1.44. Phipson, B. and
    Smyth, G. K. (2010) for p, see `siting.chance`.

    Examples
    --------
    Four places in a row, 1 1 0 0: z = 0.5 0.5 -0.5 -0.5. The inner two have two neighbours, so
    the lags are 0.5 0 0 -0.5, and I = (0.25 + 0.25) / 1. Of C(4, 2) = 6 arrangements 1100 and
    0011 reach that, 2 / 6 in the upper tail.

    >>> from types import SimpleNamespace
    >>> links = np.array([[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]])
    >>> row = SimpleNamespace(sparse=links, unique_ids=["a", "b", "c", "d"])
    >>> test = moran(pd.Series([1, 1, 0, 0], ["a", "b", "c", "d"]), row, alternative="greater")
    >>> test.statistic, test.p == 2 / 6, test.method, test.n_arrangements
    (0.5, True, 'exact', 6)
    """
    test = check_test(permutations, seed, alternative)
    at = weigh(values, graph, transform)
    return said(_association(f"moran, transform {transform}", at, test, assumption, _moran))


def geary(
    values: pd.Series,
    graph: Any,
    *,
    transform: Transform = "r",
    permutations: Permutations = "auto",
    seed: int = 0,
    alternative: Alternative = "two-sided",
    assumption: Assumption = "randomisation",
) -> Association:
    """
    Return Geary's c: below 1 where neighbours are alike, above 1 where they differ.

    Parameters
    ----------
    values, graph, transform, permutations, seed, alternative, assumption
        As for `moran`.

    Returns
    -------
    Association
        z is negative, and ``less`` the tail, where neighbours are alike.

    Raises
    ------
    InputError
        As for `moran`.

    Notes
    -----
    c = ((n - 1) / (2 S0)) sum w_ij (x_i - x_j)^2 / sum z_i^2; expected 1. Ties, constant values,
    islands and few places as for `moran`.

    References
    ----------
    Geary, R. C. (1954). The Contiguity Ratio and Statistical Mapping. The Incorporated Statistician
    5(3), 115-145. Cliff, A. D. and Ord, J. K. (1981). Spatial Processes, section 2.3.

    Examples
    --------
    Four places in a row, 1 1 0 0, each neighbour counts 1: S0 = 6, one pair differs, counted both
    ways; c = (3 / 12) x 2 / 1.

    >>> from types import SimpleNamespace
    >>> links = np.array([[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]])
    >>> row = SimpleNamespace(sparse=links, unique_ids=["a", "b", "c", "d"])
    >>> test = geary(pd.Series([1, 1, 0, 0], ["a", "b", "c", "d"]), row, transform="b")
    >>> test.statistic, test.expected
    (0.5, 1.0)
    """
    test = check_test(permutations, seed, alternative)
    at = weigh(values, graph, transform)
    return said(_association(f"geary, transform {transform}", at, test, assumption, _geary))


def _moran(at: Weighed, test: Test) -> Parts:
    """Return I, its moments, and how often an arrangement reaches it."""
    statistic = at.n / at.weights.sum() * (at.z @ (at.weights @ at.z)) / (at.z @ at.z)
    # The values times n, less their sum, are whole numbers with mean 0.
    upper, x, whole = scaled(at, lambda v: at.n * v - v.sum())

    def products(m: Floats) -> Floats:
        return np.asarray(np.einsum("ij,ij->j", m, upper @ m))

    return statistic, moran_moments(at), tails_of(at, test, x, products, whole=whole)


def _geary(at: Weighed, test: Test) -> Parts:
    """Return c, its moments, and how often an arrangement reaches it."""
    pairs = sparse.triu(at.weights + at.weights.T, 1).tocoo()
    apart = pairs.data @ (at.z[pairs.row] - at.z[pairs.col]) ** 2
    statistic = (at.n - 1) / (2 * at.weights.sum()) * apart / (at.z @ at.z)
    upper, x, whole = scaled(at, lambda v: v)
    degree = upper.sum(axis=0) + upper.sum(axis=1)

    def differences(m: Floats) -> Floats:
        return np.asarray(degree @ (m * m) - 2 * np.einsum("ij,ij->j", m, upper @ m))

    return statistic, geary_moments(at), tails_of(at, test, x, differences, whole=whole)


def _association(
    name: str,
    at: Weighed,
    test: Test,
    assumption: Assumption,
    measure: Callable[[Weighed, Test], Parts],
) -> Association:
    """Put the answer together."""
    check_choice(assumption, ("randomisation", "normality"), "assumption")
    parts: Parts = (np.nan, {assumption: (np.nan, np.nan)}, None)
    if not at.constant and at.weights.nnz:
        parts = measure(at, test)
    statistic, moments, tails = parts
    expected, variance = moments[assumption]
    return Association(
        measure=name,
        statistic=float(statistic),
        expected=expected,
        variance=variance,
        z=z_of(statistic, expected, variance),
        assumption=assumption,
        **verdict(at, test, tails),
    )


def scaled(at: Weighed, place: Callable[[Floats], Floats]) -> tuple[sparse.csr_array, Floats, bool]:
    """Return pairs of places with both their weights, values, and whether all are whole numbers."""
    x, weights = whole_values(at.x), whole_weights(at.weights)
    if x is not None and weights is not None:
        x = place(x)
        if 8 * weights.sum() * np.abs(x).max() ** 2 < WHOLE:
            return sparse.csr_array(sparse.triu(weights + weights.T, 1)), x, True
    both = sparse.csr_array(sparse.triu(at.weights + at.weights.T, 1))
    size = 1.0 if at.constant else np.sqrt(at.z @ at.z / at.n)
    return both, at.z / size, False


def tails_of(
    at: Weighed,
    test: Test,
    x: Floats,
    statistic: Callable[[Floats], Floats],
    *,
    whole: bool,
) -> Tails | None:
    """Return the tails of a statistic that is of the order of the sum of all weights, or None."""
    if no_test(at, test):
        return None
    slack = 0.0 if whole else TIE * at.weights.sum()
    return rearrangement_tails(x, statistic, draws=test.permutations, seed=test.seed, slack=slack)
