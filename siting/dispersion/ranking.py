"""Where a curve stands among simulated ones: global envelopes by extreme rank length."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from siting.dispersion.windows import Floats

_DIGITS = 11  # of a curve's largest value: what differs by less is a tie, not rounding


@dataclass(frozen=True, slots=True)
class Standing:
    """The global p, and the band of curves that stand no lower than `alpha`."""

    p: float
    lower: Floats
    upper: Floats


def standing(curves: Floats, alternative: str, alpha: float) -> Standing:
    """
    Return where the first of the curves stands among all of them.

    Parameters
    ----------
    curves
        The observed curve and the simulated ones, shape (1 + simulations, radii), no NaN.
    alternative
        ``greater``: high is extreme; ``less``: low is; ``two-sided``: both are.
    alpha
        Share of curves [0..1] that the band may leave out.

    Returns
    -------
    Standing
        p: the share of curves at least as extreme as the observed one, itself included. The band
        is the hull of the curves whose own p is above `alpha`; a side that is not asked about is
        infinite.

    Notes
    -----
    At each radius a curve has a rank from the extreme (ties share the mean rank). Its ranks in
    ascending order are its extreme rank length; curves are compared by the first that differs.
    Equal ones count as at least as extreme, so that p cannot be too small.

    References
    ----------
    Myllymaki, M., Mrkvicka, T., Grabarnik, P., Seijo, H. and Hahn, U. (2017). Global Envelope Tests
    for Spatial Processes. Journal of the Royal Statistical Society B 79(2), 381-404, section 4.

    Examples
    --------
    The first of four curves is the highest at both radii: p = 1 / 4.

    >>> standing(np.array([[9.0, 9], [1, 2], [2, 3], [3, 1]]), "greater", 0.25).p
    0.25
    """
    n = len(curves)
    scale = np.abs(curves).max(axis=0)
    level = np.round(curves / np.where(scale > 0, scale, 1.0), _DIGITS)
    ranks = np.empty(curves.shape)
    for column, values in enumerate(level.T):
        ordered = np.sort(values)
        below = np.searchsorted(ordered, values, side="left")
        ranks[:, column] = (below + np.searchsorted(ordered, values, side="right") + 1) / 2
    if alternative == "greater":
        ranks = n + 1 - ranks
    elif alternative == "two-sided":
        ranks = np.minimum(ranks, n + 1 - ranks)
    _, place, count = np.unique(
        np.sort(ranks, axis=1), axis=0, return_inverse=True, return_counts=True
    )
    share = np.cumsum(count)[place.ravel()] / n
    kept = curves[share > alpha]
    lower, upper = kept.min(axis=0), kept.max(axis=0)
    if alternative == "greater":
        lower = np.full_like(lower, -np.inf)
    if alternative == "less":
        upper = np.full_like(upper, np.inf)
    return Standing(float(share[0]), lower, upper)


def pointwise(simulated: Floats, alternative: str, alpha: float) -> tuple[Floats, Floats]:
    """
    Return the band that leaves out `alpha` of the simulated values at each radius by itself.

    For the eye only: over many radii far more than `alpha` of chance curves leave it somewhere.
    """
    out = alpha / 2 if alternative == "two-sided" else alpha
    ordered = np.sort(simulated, axis=0)
    cut = int(out * (len(simulated) + 1) + 1e-9)
    low, high = ordered[max(cut - 1, 0)], ordered[min(len(ordered) - cut, len(ordered) - 1)]
    if alternative == "greater":
        low = np.full_like(low, -np.inf)
    if alternative == "less":
        high = np.full_like(high, np.inf)
    return low, high
