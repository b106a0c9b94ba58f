"""Is it more than chance: exact p-values for shared places, and false discovery rates for many of them."""

from __future__ import annotations

import operator
from math import comb
from typing import NoReturn, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from siting.errors import Finding, Findings, InputError, stop

PValues = TypeVar("PValues", pd.Series, npt.NDArray[np.float64])


def hypergeometric_p(shared: int, a: int, b: int, n: int) -> float:
    """
    Return the chance that two sets of places share at least as many places as they do.

    One set of `a` places is held where it is; the other `b` places are drawn from the `n` places of
    the world, every choice of `b` being as likely as any other. The answer is P(X >= shared).

    Parameters
    ----------
    shared
        Places [count] in both sets.
    a, b
        Places [count] in the one set and in the other; they may change roles.
    n
        Places [count] in the world, those of neither set included.

    Returns
    -------
    float
        Probability [0..1]. Counted in whole numbers and divided once, so it is the double nearest
        to the exact fraction, and ties in the plan cannot move it.

    Raises
    ------
    InputError
        If a count is not a whole number, or the four cannot go together: a set larger than the
        world, more shared than the smaller set holds, or fewer than the two must share.

    Notes
    -----
    An empty set shares nothing and cannot do otherwise: the answer is 1. The same holds for a set
    that is the whole world. One-sided on purpose: the question is whether clusters gather in the
    same places. Made for worlds of up to some thousand places.

    References
    ----------
    Fisher, R. A. (1935). The Logic of Inductive Inference. Journal of the Royal Statistical
    Society 98(1), 39-82 (the exact test with both margins fixed).

    Examples
    --------
    Two sets of 2 among 4 places: 6 ways to draw the second, of which 1 shares both places and
    4 share one.

    >>> hypergeometric_p(2, 2, 2, 4) == 1 / 6, hypergeometric_p(1, 2, 2, 4) == 5 / 6
    (True, True)
    """
    counts = {"shared": shared, "a": a, "b": b, "n": n}
    shared, a, b, n = (whole_number(value, name) for name, value in counts.items())
    if max(a, b) > n:
        _impossible(counts, "集合比全部地区还多", "a set is larger than the world")
    if not max(0, a + b - n) <= shared <= min(a, b):
        _impossible(counts, "共有的地区数不可能出现", "so many shared places cannot occur")
    ways = sum(comb(a, k) * comb(n - a, b - k) for k in range(shared, min(a, b) + 1))
    return ways / comb(n, b)


def false_discovery(p: PValues) -> PValues:
    """
    Return the false discovery rate at which each test of a family would just be called a finding.

    Parameters
    ----------
    p
        P-values [0..1] of one family of tests, any shape; NaN is a test that could not be made.

    Returns
    -------
    Series or ndarray
        q-values [0..1], with the index or the shape of `p`. NaN stays NaN and is not counted as a
        test. Never below its p; equal p have equal q.

    Raises
    ------
    InputError
        If a p-value lies outside 0..1.

    Notes
    -----
    Step-up: with the m p-values sorted, q(i) is the least of m p(j) / j over all j >= i. Valid for
    independent tests and for tests that depend on each other positively.

    References
    ----------
    Benjamini, Y. and Hochberg, Y. (1995). Controlling the False Discovery Rate. Journal of the
    Royal Statistical Society B 57(1), 289-300, procedure (1).

    Examples
    --------
    Three tests: 3 x 0.01 / 1 = 0.03; 3 x 0.04 / 2 = 0.06; 3 x 0.05 / 3 = 0.05, which also caps
    the one before it.

    >>> false_discovery(np.array([0.05, 0.01, 0.04])).round(6).tolist()
    [0.05, 0.03, 0.05]
    """
    values = np.asarray(p, dtype="float64").ravel()
    known = np.flatnonzero(~np.isnan(values))
    findings = Findings(
        Finding(
            code="E-CHANCE-02",
            column="p",
            value=str(values[i]),
            reason=f"第 {i + 1} 个 p 值不在 0 到 1 之间",
            reason_en=f"p-value number {i + 1} is not between 0 and 1",
            fix="请给出概率；无法检验的用 NaN",
            fix_en="Give probabilities; NaN for a test that cannot be made",
        )
        for i in known
        if not 0 <= values[i] <= 1
    )
    findings.stop()
    order = known[np.argsort(values[known], kind="stable")]
    # m / j is taken first: it is at least 1, so that rounding cannot put q below p.
    factors = order.size / np.arange(1, order.size + 1)
    rates = np.minimum.accumulate((values[order] * factors)[::-1])[::-1]
    q = np.full(values.shape, np.nan)
    q[order] = np.minimum(rates, 1.0)
    if isinstance(p, pd.Series):
        return pd.Series(q, index=p.index, name="q")
    return q.reshape(np.shape(p))


def whole_number(value: object, name: str) -> int:
    """Return `value` as an int if it is a whole number of at least 0."""
    try:
        number = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        number = -1
    if number < 0:
        stop(
            InputError,
            code="E-CHANCE-01",
            column=name,
            value=str(value),
            reason="应为不小于 0 的整数",
            reason_en="should be a whole number of at least 0",
            fix="请给出地区的个数",
            fix_en="Give a number of places",
        )
    return number


def _impossible(counts: dict[str, int], reason: str, reason_en: str) -> NoReturn:
    """Raise an InputError that shows the four counts."""
    stop(
        InputError,
        code="E-CHANCE-01",
        value=", ".join(f"{name}={value}" for name, value in counts.items()),
        reason=reason,
        reason_en=reason_en,
        fix="请核对四个数：共有、甲、乙、全部",
        fix_en="Check the four counts: shared, a, b, n",
    )
