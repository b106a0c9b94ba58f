"""What is around one place, against what chance would put there: z, p, q, and how they are shown."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from siting.association.record import warn_few
from siting.association.weighing import (
    NO_TEST,
    TESTABLE,
    TIE,
    Floats,
    Test,
    Weighed,
    no_test,
)
from siting.chance import Tails, false_discovery, neighbour_tails, whole_values

NEGLIGIBLE = 1e-12  # of the variance of all values; less is rounding
NO_Z = "随机时也只能是此值，没有 z / chance could not give another value, so there is no z"
NO_SHARE = "有负值，没有份额 / some values are below 0, so there is no share"
OPPOSITE = {"greater": "less", "less": "greater", "two-sided": "two-sided"}


@dataclass(frozen=True)
class Local:
    """The columns of an answer in the order of the ids; `side` is 0 where nothing can vary."""

    statistic: Floats
    z: Floats
    kind: npt.NDArray[Any]
    side: Floats


def without_self(at: Weighed) -> Weighed:
    """Return the same without weights on the diagonal."""
    weights = at.weights - sparse.diags_array(at.weights.diagonal())
    weights = sparse.csr_array(weights)
    weights.eliminate_zeros()
    weights.sort_indices()
    return replace(at, weights=weights)


def z_of_others(at: Weighed) -> Floats:
    """Return z of the sum of the neighbours, the place itself left out of mean and variance."""
    n, z = at.n, at.z
    if n < TESTABLE or at.constant:
        return np.full(n, np.nan)
    all_squares = z @ z
    mean = -z / (n - 1)
    variance = (all_squares - z**2) / (n - 1) - mean**2
    variance[variance <= NEGLIGIBLE * all_squares / n] = np.nan
    return _standard(at.weights, at.weights @ z, mean, variance, count=n - 1)


def z_of_all(at: Weighed, own: Floats) -> Floats:
    """Return z of the sum of the neighbours and the place, with the weight that it gives itself."""
    n, z = at.n, at.z
    if n < TESTABLE or at.constant:
        return np.full(n, np.nan)
    variance = np.full(n, z @ z / n)
    weights = sparse.csr_array(at.weights + sparse.diags_array(own))
    found = _standard(weights, weights @ z, np.zeros(n), variance, count=n)
    found[at.islands] = np.nan
    return found


def _standard(weights: Any, sums: Floats, mean: Floats, variance: Floats, *, count: int) -> Floats:
    """Return (sum - W mean) / (s sqrt((count S1 - W^2) / (count - 1))); NaN where that cannot vary."""
    total = weights.sum(axis=1)
    squares = weights.multiply(weights).sum(axis=1)
    room = count * squares - total**2
    free = room > NEGLIGIBLE * count * squares
    spread = np.sqrt(variance * np.where(free, room, np.nan) / (count - 1))
    return np.asarray((sums - total * mean) / spread, dtype="float64")


def frame(at: Weighed, test: Test, local: Local, about: dict[Hashable, Any]) -> pd.DataFrame:
    """Return the answer: p by rearrangement of the others, q over all places, reasons for NaN."""
    tails = _tails(at, test)
    p, smallest = np.full(at.n, np.nan), np.full(at.n, np.nan)
    total, exact = np.zeros(at.n, dtype="int64"), np.zeros(at.n, dtype=bool)
    if tails is not None:
        total, exact = tails.total, tails.exact
        p = _turned(tails.p, test.alternative, local.side)
        smallest = _turned(tails.p_smallest, test.alternative, local.side)
        if drawn := int(total[~exact].max(initial=0)):
            warn_few(int((total > 0).sum()), drawn, test.alternative)
    tested = total > 0
    method = np.where(tested, np.where(exact, "exact", "monte-carlo"), "undefined")
    gone = at.islands | at.constant
    columns = {
        "statistic": np.where(gone, np.nan, local.statistic) + 0.0,  # never -0.0
        "z": np.where(gone, np.nan, local.z),
        "p": p,
        "q": false_discovery(p),
        "kind": np.where(gone, "", local.kind).astype(object),
        "method": method.astype(object),
        "n_arrangements": total,
        "p_smallest": smallest,
    }
    answer = pd.DataFrame(
        {name: at.answer(column) for name, column in columns.items()}, index=at.index
    )
    answer.attrs = {
        **about,
        "alternative": test.alternative,
        "seed": test.seed if (tested & ~exact).any() else None,
        "undefined": _reasons(at, test, answer),
    }
    return answer


def _tails(at: Weighed, test: Test) -> Tails | None:
    """Return how often other places sum to as much as the neighbours do, or None for no test."""
    if no_test(at, test):
        return None
    x = whole_values(at.x)
    if x is None:
        x = at.z
    # Whole numbers stay below 1e9, so this is less than 1 and parts no tie and joins no others.
    slack = TIE * float(np.abs(x).max())
    return neighbour_tails(x, at.weights, draws=test.permutations, seed=test.seed, slack=slack)


def _turned(p: Any, alternative: str, side: Floats) -> Floats:
    """Return p where the statistic grows with the neighbours' sum, falls with it, or is fixed."""
    straight, turned = p(alternative), p(OPPOSITE[alternative])
    fixed = np.where(np.isnan(straight), np.nan, 1.0)
    return np.where(side > 0, straight, np.where(side < 0, turned, fixed))


def _reasons(at: Weighed, test: Test, answer: pd.DataFrame) -> dict[Any, str]:
    """Return why something is NaN, by place."""
    whole = no_test(at, test)
    islands = at.answer(at.islands)
    no_z = answer["z"].isna().to_numpy() & ~islands
    no_share = answer["statistic"].isna().to_numpy() & ~islands
    missing = answer.isna().any(axis=1).to_numpy()
    reasons = {}
    for i, place in enumerate(answer.index):
        if not missing[i]:
            continue
        parts = [whole] if whole else []
        if islands[i] and not whole:
            parts.append(NO_TEST["island"])
        if no_z[i] and not at.constant and at.n >= TESTABLE:
            parts.append(NO_Z)
        if no_share[i] and not at.constant:
            parts.append(NO_SHARE)
        reasons[place] = "; ".join(parts)
    return reasons
