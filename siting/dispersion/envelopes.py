"""Is a distance-based measure more than chance: the measure of many redrawn patterns, and one p for all radii."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from siting.dispersion.asking import (
    check_count,
    check_fraction,
    check_radii,
    check_sites,
    check_size,
    check_window,
)
from siting.dispersion.drawing import Question, even_curves, redrawn_curves
from siting.dispersion.ranking import pointwise, standing
from siting.dispersion.windows import Floats
from siting.errors import stop
from siting.schema import check_choice

Measure = Literal["k", "l", "m", "kd", "d"]
NULLS = {
    "k": ("csr", "random_location"),
    "l": ("csr", "random_location"),
    "m": ("random_location", "random_labelling"),
    "kd": ("random_location", "random_labelling"),
    "d": ("random_labelling", "random_location"),
}
_NAMES = {
    "ripley_k": "k",
    "ripley_l": "l",
    "m_function": "m",
    "duranton_overman": "kd",
    "diggle_chetwynd": "d",
}
_ARGUMENTS = {
    # measure: what it needs, what else it takes; a window only has to hold the points
    "k": (("window",), ("kind", "case")),
    "l": (("window",), ("kind", "case")),
    "m": (("kind", "case"), ("window", "neighbour", "weights")),
    "kd": (("kind", "case"), ("window", "weights", "bandwidth")),
    "d": (("window", "kind", "case"), ("control",)),
}
METHOD = "monte-carlo, extreme rank length"


@dataclass(frozen=True, slots=True)
class Envelope:
    """
    The answer of `envelope`.

    Parameters
    ----------
    measure
        ``k``, ``l``, ``m``, ``kd`` or ``d``.
    observed
        The measure, by radius [m].
    lower, upper
        Global band: a pattern of chance leaves it anywhere with probability `alpha` at most. The
        observed curve leaves it if p <= `alpha`. Infinite on a side that is not asked about.
    pointwise_lower, pointwise_upper
        Band of each radius by itself, to look at: no test.
    expected
        Mean of the simulated curves.
    p
        Chance [0..1] of a curve at least as extreme over all radii together; NaN if undefined.
    method
        How p was found, or ``undefined``.
    alternative, null, alpha, simulations, seed
        As asked.
    reason
        Why there is no p, in Chinese and English; else empty.
    """

    measure: str
    observed: pd.Series
    lower: pd.Series
    upper: pd.Series
    pointwise_lower: pd.Series
    pointwise_upper: pd.Series
    expected: pd.Series
    p: float
    method: str
    alternative: str
    null: str
    alpha: float
    simulations: int
    seed: int
    reason: str = ""

    def table(self) -> pd.DataFrame:
        """Return the curves side by side, one row for each radius."""
        names = ("observed", "expected", "lower", "upper", "pointwise_lower", "pointwise_upper")
        return pd.DataFrame({name: getattr(self, name) for name in names})


def envelope(
    measure: Measure | str | Callable[..., pd.Series],
    x: npt.ArrayLike | pd.Series,
    y: npt.ArrayLike | pd.Series,
    radii: npt.ArrayLike,
    *,
    kind: npt.ArrayLike | pd.Series | None = None,
    case: Hashable | None = None,
    neighbour: Hashable | None = None,
    control: Hashable | None = None,
    weights: npt.ArrayLike | pd.Series | None = None,
    window: Any = None,
    correction: str = "translation",
    bandwidth: float | None = None,
    null: Literal["csr", "random_location", "random_labelling"] | None = None,
    alternative: Literal["two-sided", "greater", "less"] = "two-sided",
    simulations: int = 199,
    alpha: float = 0.05,
    seed: int = 0,
) -> Envelope:
    """
    Return a measure with the band that chance alone would keep it in, and one p for all radii.

    Parameters
    ----------
    measure
        ``k``, ``l``, ``m``, ``kd``, ``d``, or the function: `ripley_k`, `ripley_l`, `m_function`,
        `duranton_overman`, `diggle_chetwynd`.
    x, y, radii, kind, case, neighbour, control, weights, window, correction, bandwidth
        As that function takes them. `kind` and `case` may be given with K and L too: K of the
        cases among all firms.
    null
        What chance is. ``csr``: as many points evenly over the window; the usual null of K and L,
        and the wrong one for firms, which never stand evenly. ``random_location``: every firm,
        with its kind and size, is sent to a site of the given ones; the usual null of M and Kd.
        ``random_labelling``: the kinds are dealt out anew and sizes stay at their sites; the usual
        null of D. None is the usual one; for K and L with `kind` it is ``random_location``.
    alternative
        ``greater`` asks for more concentrated than chance, ``less`` for more dispersed.
    simulations
        Patterns drawn; p is a multiple of 1 / (simulations + 1).
    alpha
        Probability [0..1] of leaving the band by chance.
    seed
        Of the draws.

    Returns
    -------
    Envelope

    Raises
    ------
    InputError
        As the function does, and if an argument that the measure needs is missing, the null does
        not belong to it, or there are too few simulations for `alpha`.

    Notes
    -----
    Pointwise bands are no test, so curves are compared as wholes (`ranking`). Radii at which the
    observed or a simulated curve is undefined are left out of the comparison and NaN in the bands.
    With D only cases and controls take part. Undefined, p NaN: a measure that is nowhere defined,
    or a null that leaves nothing to chance, as when all points are cases. Pairs are found once for
    all redrawn labels. Same input and seed, same bytes; the order of rows changes nothing.

    References
    ----------
    Myllymaki, M. et al. (2017). Global Envelope Tests for Spatial Processes. Journal of the Royal
    Statistical Society B 79(2), 381-404. Duranton, G. and Overman, H. G. (2005). Testing for
    Localization Using Micro-Geographic Data. Review of Economic Studies 72(4), 1077-1106, 2.2.

    Examples
    --------
    Four firms of a at one end of a street of forty. Within 2 they see 2 of 2, 3 of 3, 3 of 4 and 2
    of 4 of their kind, elsewhere 3 of 39: M(2) = 3.25 / (4 x 3 / 39). No draw of 199 comes near.

    >>> x, kind = range(40), ["a"] * 4 + ["b"] * 36
    >>> found = envelope("m", x, [0] * 40, [2, 4], kind=kind, case="a", alternative="greater")
    >>> found.p, found.observed.round(2).tolist()
    (0.005, [10.56, 7.41])
    """
    name = check_choice(
        _NAMES.get(getattr(measure, "__name__", str(measure)), measure), NULLS, "measure"
    )
    check_choice(alternative, ("two-sided", "greater", "less"), "alternative")
    steps = check_radii(radii)
    drawn = check_count(simulations, "simulations", 1)
    share, start = check_fraction(alpha, "alpha"), check_count(seed, "seed", 0)
    _check_enough(drawn, share)
    named = {"case": case, "neighbour": neighbour, "control": control}
    more = {"kind": kind, "window": window, "weights": weights, "bandwidth": bandwidth}
    _check_given(name, named | more)
    width = None if bandwidth is None else check_size(bandwidth, "bandwidth")
    chance = _null(name, null, labelled=kind is not None)
    if window is not None:
        check_window(window, correction)
    sites = check_sites(x, y, kind=kind, weights=weights, window=window, named=named)
    if name == "d" and control is not None:
        sites = sites.of(sites.are(case) | sites.are(control))
    ask = Question(name, steps, case, neighbour, weights is not None, window, correction, width)
    random = np.random.default_rng(start)
    if chance == "csr":
        curves = even_curves(ask, sites, drawn, random)
    else:
        curves = redrawn_curves(ask, sites, chance, drawn, random)
    asked = {"alternative": alternative, "null": chance, "simulations": drawn, "seed": start}
    return _answer(curves, ask, share, asked)


def _answer(curves: Floats, ask: Question, alpha: float, asked: dict[str, Any]) -> Envelope:
    """Return the record of the observed curve, the first, among all."""
    alternative = asked["alternative"]
    known = np.isfinite(curves).all(axis=0)
    bands = np.full((5, len(ask.radii)), np.nan)
    p, reason = np.nan, ""
    if not known.any():
        reason = "没有一个距离上有定义 / the measure is defined at none of the distances"
    elif (np.ptp(curves[:, known], axis=0) == 0).all():
        reason = "零假设下没有可变之处 / the null leaves nothing to chance"
    else:
        place = standing(curves[:, known], alternative, alpha)
        p = place.p
        bands[:2, known] = place.lower, place.upper
        bands[2:4, known] = pointwise(curves[1:, known], alternative, alpha)
        bands[4, known] = curves[1:, known].mean(axis=0)
    index = pd.Index(ask.radii, name="radius_m")
    observed = pd.Series(curves[0], index=index, name=ask.measure)
    lower, upper, low, high, expected = (pd.Series(band, index=index) for band in bands)
    return Envelope(
        measure=ask.measure,
        observed=observed,
        lower=lower.rename("lower"),
        upper=upper.rename("upper"),
        pointwise_lower=low.rename("pointwise_lower"),
        pointwise_upper=high.rename("pointwise_upper"),
        expected=expected.rename("expected"),
        p=p,
        method="undefined" if reason else METHOD,
        alpha=alpha,
        reason=reason,
        **asked,
    )


def _null(measure: str, null: str | None, *, labelled: bool) -> str:
    """Return the null that was asked for, or the usual one of the measure."""
    choices: tuple[str, ...] = NULLS[measure]
    if measure in ("k", "l"):
        choices = ("random_location", "csr") if labelled else ("csr",)
    return choices[0] if null is None else check_choice(null, choices, "null")


def _check_given(measure: str, given: dict[str, Any]) -> None:
    """Stop if the measure needs an argument that is missing, or cannot use one that is there."""
    needs, takes = _ARGUMENTS[measure]
    there = {name for name, value in given.items() if value is not None}
    missing = [name for name in needs if name not in there]
    if not missing and len(there & {"kind", "case"}) == 1:
        missing = sorted({"kind", "case"} - there)
    for names, reason, reason_en, fix, fix_en in (
        (missing, "此测度还缺参数", "the measure needs this argument", "请给出", "Give"),
        (
            sorted(there - {*needs, *takes}),
            "此测度用不到这个参数",
            "the measure has no use for this argument",
            "请去掉",
            "Leave out",
        ),
    ):
        if names:
            stop(
                code="E-DSP-10",
                column=", ".join(names),
                value=measure,
                reason=reason,
                reason_en=reason_en,
                fix=f"{fix} {'、'.join(names)}",
                fix_en=f"{fix_en} {', '.join(names)}",
            )


def _check_enough(simulations: int, alpha: float) -> None:
    """Stop if so few simulations cannot leave out a share of `alpha`."""
    if (simulations + 1) * alpha < 1 - 1e-9:
        stop(
            code="E-DSP-11",
            column="simulations",
            value=str(simulations),
            reason=f"模拟次数太少，达不到 alpha = {alpha}",
            reason_en=f"too few simulations for alpha = {alpha}",
            fix=f"至少 {int(np.ceil(1 / alpha - 1e-9)) - 1} 次，建议 199 次以上",
            fix_en=f"At least {int(np.ceil(1 / alpha - 1e-9)) - 1}, better 199 or more",
        )
