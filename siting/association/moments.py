"""Mean and variance by chance of the measures of the whole map, in closed form (Cliff and Ord 1981)."""

from __future__ import annotations

from math import perm

import numpy as np

from siting.association.weighing import TESTABLE, Weighed

Moments = dict[str, tuple[float, float]]  # assumption: mean and variance


def link_sums(at: Weighed) -> tuple[float, float, float]:
    """Return S0, S1 and S2 of Cliff and Ord: what the moments need to know of the weights."""
    both = at.weights + at.weights.T
    edges = at.weights.sum(axis=0) + at.weights.sum(axis=1)
    return float(at.weights.sum()), float((both.data**2).sum() / 2), float((edges**2).sum())


def moran_moments(at: Weighed) -> Moments:
    """Return mean and variance of I under both assumptions."""
    n, (s0, s1, s2) = at.n, link_sums(at)
    expected = -1 / (n - 1)
    normal = (n * n * s1 - n * s2 + 3 * s0 * s0) / ((n * n - 1) * s0 * s0) - expected**2
    if n < TESTABLE:
        return {"randomisation": (expected, np.nan), "normality": (expected, normal)}
    b2 = n * (at.z**4).sum() / (at.z @ at.z) ** 2
    random = (
        n * ((n * n - 3 * n + 3) * s1 - n * s2 + 3 * s0 * s0)
        - b2 * ((n * n - n) * s1 - 2 * n * s2 + 6 * s0 * s0)
    ) / ((n - 1) * (n - 2) * (n - 3) * s0 * s0) - expected**2
    return {"randomisation": (expected, random), "normality": (expected, normal)}


def geary_moments(at: Weighed) -> Moments:
    """Return mean and variance of c under both assumptions."""
    n, (s0, s1, s2) = at.n, link_sums(at)
    normal = ((2 * s1 + s2) * (n - 1) - 4 * s0 * s0) / (2 * (n + 1) * s0 * s0)
    if n < TESTABLE:
        return {"randomisation": (1.0, np.nan), "normality": (1.0, normal)}
    b2 = n * (at.z**4).sum() / (at.z @ at.z) ** 2
    random = (
        (n - 1) * s1 * (n * n - 3 * n + 3 - (n - 1) * b2)
        - (n - 1) * s2 * (n * n + 3 * n - 6 - (n * n - n + 2) * b2) / 4
        + s0 * s0 * (n * n - 3 - (n - 1) ** 2 * b2)
    ) / (n * (n - 2) * (n - 3) * s0 * s0)
    return {"randomisation": (1.0, random), "normality": (1.0, normal)}


def join_moments(at: Weighed, ones: int) -> dict[str, tuple[float, float]]:
    """Return mean and variance of the counts bb, ww and bw, the number of ones being fixed."""
    n, (s0, s1, s2) = at.n, link_sums(at)

    def falling(*counts: int) -> float:
        """Return the chance that so many places of 1, and of 0, are drawn in turn."""
        drawn = sum(counts)
        if drawn > n:
            return 0.0
        return perm(ones, counts[0]) * perm(n - ones, counts[1]) / perm(n, drawn)

    def alike(k: int, which: int) -> float:
        return falling(k, 0) if which else falling(0, k)

    found = {}
    for name, which in (("bb", 1), ("ww", 0)):
        mean = s0 * alike(2, which) / 2
        square = (
            s1 * alike(2, which)
            + (s2 - 2 * s1) * alike(3, which)
            + (s0 * s0 + s1 - s2) * alike(4, which)
        ) / 4
        found[name] = (mean, max(square - mean**2, 0.0))
    mean = s0 * falling(1, 1)
    square = (
        2 * s1 * falling(1, 1)
        + (s2 - 2 * s1) * (falling(2, 1) + falling(1, 2))
        + 4 * (s0 * s0 + s1 - s2) * falling(2, 2)
    ) / 4
    found["bw"] = (mean, max(square - mean**2, 0.0))
    return found
