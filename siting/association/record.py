"""The record of a measure of the whole map: the statistic, how likely it is, or why nobody can say."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any, Literal, TypeVar

import numpy as np

from siting.association.weighing import Test, Weighed, no_test
from siting.chance import Tails
from siting.errors import Finding, Findings

ALPHA = 0.05
NEGLIGIBLE = 1e-13  # a variance below this is rounding

Method = Literal["exact", "monte-carlo", "undefined"]
Answer = TypeVar("Answer", bound="Association")


@dataclass(frozen=True, kw_only=True)
class Association:
    """
    The answer of `moran`, `geary` and, for pairs of 1, `join_counts`.

    Parameters
    ----------
    measure
        Name and variant.
    statistic, expected
        The statistic, and its mean by chance; NaN where there is none.
    variance, z
        Under `assumption`; z = (statistic - expected) / the root of the variance.
    assumption
        ``randomisation``: the values could lie anywhere; ``normality``: each is a draw from one
        normal distribution.
    p
        Probability [0..1] under rearrangement of the values; NaN where there is no test.
    method
        ``exact``, ``monte-carlo`` or ``undefined``.
    n_arrangements
        Arrangements counted: all distinct ones, or the draws and the one observed.
    p_smallest
        The least p that any arrangement, or so many draws, could have given.
    alternative, seed
        As asked; `seed` is None where nothing was drawn.
    n, islands
        Places [count], and those without neighbours: their values count in mean and variance, but
        they have no links.
    reason
        Why there is no p, in Chinese and English; else empty.
    """

    measure: str
    statistic: float
    expected: float
    variance: float
    z: float
    assumption: str
    p: float
    method: Method
    n_arrangements: int
    p_smallest: float
    alternative: str
    seed: int | None
    n: int
    islands: tuple[Any, ...]
    reason: str = ""


def said(found: Answer) -> Answer:
    """Return the answer, with a warning to whoever asked if the draws were too few to find anything."""
    if found.method == "monte-carlo":
        warn_few(1, found.n_arrangements, found.alternative)
    return found


def z_of(statistic: float, expected: float, variance: float) -> float:
    """Return how many standard deviations the statistic lies from its mean; NaN if it cannot vary."""
    return float((statistic - expected) / np.sqrt(variance)) if variance > NEGLIGIBLE else np.nan


def verdict(at: Weighed, test: Test, tails: Tails | None, which: int = 0) -> dict[str, Any]:
    """Return the fields of a record that say how likely it is, or why nobody can say."""
    exact = tails is not None and bool(tails.exact[which])
    return {
        "p": float(tails.p(test.alternative)[which]) if tails else np.nan,
        "method": ("exact" if exact else "monte-carlo") if tails else "undefined",
        "n_arrangements": int(tails.total[which]) if tails else 0,
        "p_smallest": float(tails.p_smallest(test.alternative)[which]) if tails else np.nan,
        "alternative": test.alternative,
        "seed": test.seed if tails and not exact else None,
        "n": at.n,
        "islands": tuple(at.index[at.answer(at.islands)]),
        "reason": "" if tails else no_test(at, test),
    }


def warn_few(tests: int, arrangements: int, alternative: str) -> None:
    """Say so if the least p that so many draws can give, times the tests, is more than 0.05."""
    sides = 2 if alternative == "two-sided" else 1
    if sides * tests <= ALPHA * arrangements:
        return
    least = sides / arrangements
    needed = ceil(sides * tests / ALPHA) - 1
    Findings(
        [
            Finding(
                code="W-ASC-12",
                severity="warning",
                column="permutations",
                value=str(arrangements - 1),
                reason=f"最小可能的 p 为 {least:.2g}，{tests} 项检验中单独一项无法通过 q = 0.05",
                reason_en=f"the least p possible is {least:.2g}, with which no single one of "
                f"{tests} tests can pass at q = 0.05",
                fix=f"请给出 permutations={needed} 或更多",
                fix_en=f"Give permutations={needed} or more",
            )
        ]
    ).warn(stacklevel=5)  # the caller of the public function, two calls above this one
