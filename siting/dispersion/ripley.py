"""Ripley's K and L of points in a study window, and the difference of K between two kinds."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from siting.dispersion.asking import check_radii, check_sites, check_window
from siting.dispersion.counting import pair_sums
from siting.dispersion.windows import Floats, Weigh, edge_weight

TOO_FEW = "不足两个点 / fewer than two points"
HIDDEN = "某对点的位移使研究范围与自身不再相交 / a pair is so far apart that the window moved by it no longer meets itself"


def ripley_k(
    x: npt.ArrayLike | pd.Series,
    y: npt.ArrayLike | pd.Series,
    window: Any,
    radii: npt.ArrayLike,
    *,
    correction: str = "translation",
) -> pd.Series:
    """
    Return Ripley's K: how many neighbours a point has within each distance, over the density.

    Parameters
    ----------
    x, y
        Coordinates [m] of the points.
    window
        Study area, a shapely Polygon or MultiPolygon in the same metres; its border belongs to it.
    radii
        Distances [m], increasing, at least 0. A pair at the distance itself counts.
    correction
        ``translation``: a pair counts |A| / |A and A moved by the pair|, in any window.
        ``isotropic``: a pair counts the inverse of the share of the circle about one point through
        the other that lies in the window; upright rectangles only. ``none``: a pair counts 1.

    Returns
    -------
    Series
        K [m2], index ``radius_m``.

    Raises
    ------
    InputError
        If coordinates are missing, degrees or outside the window (each row is named), the window
        is no valid polygon, or the radii do not increase.

    Notes
    -----
    K(r) = |A| / (n (n - 1)) sum over ordered pairs of 1(d <= r) e. Points evenly at random give
    pi r^2. Firms never are: compare them with other firms (`m_function`, `duranton_overman`,
    `diggle_chetwynd`) before calling them clustered. Firms at one place are pairs at distance 0.
    Fewer than two points: NaN, the reason is in ``attrs["undefined"]``.

    The overlaps of a window that is no upright rectangle are measured one by one as long as that
    takes some seconds; with more pairs they are read off a table, whose mean error is tested to be
    at most 2e-4 (`siting.dispersion.windows`). Where the window and the window moved by a pair share
    no ground, as for two points on opposite sides of a rectangle, the pair has no finite weight: NaN
    from its distance on.

    References
    ----------
    Ripley, B. D. (1977). Modelling Spatial Patterns. Journal of the Royal Statistical Society B
    39(2), 172-212. Ohser, J. (1983). On Estimators for the Reduced Second Moment Measure of Point
    Processes. Mathematische Operationsforschung und Statistik, Series Statistics 14(1), 63-71.

    Examples
    --------
    Two points 3 apart in a square of 10: moved by (3, 0) it shares 7 x 10 with itself, so that
    K(3) = 100 / 2 x 2 x 100 / 70.

    >>> import shapely
    >>> ripley_k([1, 4], [5, 5], shapely.box(0, 0, 10, 10), [2, 3]).round(4).tolist()
    [0.0, 142.8571]
    """
    steps = check_radii(radii)
    check_window(window, correction)
    sites = check_sites(x, y, window=window)
    curve = k_curves(sites.xy, window, steps, correction)[0]
    reason = TOO_FEW if len(sites.xy) < 2 else HIDDEN
    return as_series(curve, steps, "k", reason)


def ripley_l(
    x: npt.ArrayLike | pd.Series,
    y: npt.ArrayLike | pd.Series,
    window: Any,
    radii: npt.ArrayLike,
    *,
    correction: str = "translation",
) -> pd.Series:
    """
    Return Besag's L = sqrt(K / pi), which is r for points evenly at random.

    Parameters
    ----------
    x, y, window, radii, correction
        As in `ripley_k`.

    Returns
    -------
    Series
        L [m], index ``radius_m``.

    Raises
    ------
    InputError
        As `ripley_k` does.

    References
    ----------
    Besag, J. (1977). Contribution to the discussion of Ripley's paper. Journal of the Royal
    Statistical Society B 39(2), 193-195.

    Examples
    --------
    >>> import shapely
    >>> ripley_l([1, 4], [5, 5], shapely.box(0, 0, 10, 10), [3]).round(4).tolist()
    [6.7434]
    """
    k = ripley_k(x, y, window, radii, correction=correction)
    found = pd.Series(np.sqrt(k / np.pi), name="l")
    found.attrs = k.attrs
    return found


def diggle_chetwynd(
    x: npt.ArrayLike | pd.Series,
    y: npt.ArrayLike | pd.Series,
    kind: npt.ArrayLike | pd.Series,
    window: Any,
    radii: npt.ArrayLike,
    *,
    case: Hashable,
    control: Hashable | None = None,
    correction: str = "translation",
) -> pd.Series:
    """
    Return D, Ripley's K of the cases less that of the controls: clustering beyond that of the rest.

    Parameters
    ----------
    x, y
        Coordinates [m] of the points.
    kind
        Sector of each point.
    window, radii
        As in `ripley_k`.
    case
        The kind in question.
    control
        The kind it is compared with; None for all points that are no cases.
    correction
        As in `ripley_k`.

    Returns
    -------
    Series
        D [m2], index ``radius_m``; above 0 where cases are more clustered than controls.

    Raises
    ------
    InputError
        As `ripley_k` does, and if no point is of a kind that is named.

    Notes
    -----
    Fewer than two cases or two controls: NaN with the reason in ``attrs["undefined"]``.

    References
    ----------
    Diggle, P. J. and Chetwynd, A. G. (1991). Second-Order Analysis of Spatial Clustering for
    Inhomogeneous Populations. Biometrics 47(3), 1155-1163.

    Examples
    --------
    The two cases are 3 apart, the two controls 7:

    >>> import shapely
    >>> square = shapely.box(0, 0, 10, 10)
    >>> x, y, kind = [1, 4, 1, 8], [5, 5, 6, 6], ["a", "a", "b", "b"]
    >>> diggle_chetwynd(x, y, kind, square, [3], case="a").round(4).tolist()
    [142.8571]
    """
    steps = check_radii(radii)
    check_window(window, correction)
    named = {"case": case, "control": control}
    sites = check_sites(x, y, kind=kind, window=window, named=named)
    cases = sites.are(case)
    controls = ~cases if control is None else sites.are(control)
    curve = np.subtract(
        *(k_curves(sites.xy[one], window, steps, correction)[0] for one in (cases, controls))
    )
    few = min(cases.sum(), controls.sum()) < 2
    reason = "不足两个案例点或对照点 / fewer than two cases or two controls"
    return as_series(curve, steps, "d", reason if few else HIDDEN)


def k_curves(
    xy: Floats,
    window: Any,
    radii: Floats,
    correction: str,
    chosen: Floats | None = None,
    *,
    weigh: Weigh | None = None,
) -> Floats:
    """
    Return K [m2] of all points, or of the chosen ones of each labelling: labellings x radii.

    `weigh` is what `edge_weight` gave before, for patterns that share a window.
    """
    weigh = weigh or edge_weight(window, correction, radii[-1])
    sums = pair_sums(xy, radii, weigh, chosen)
    n = np.array([len(xy)]) if chosen is None else chosen.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        k = window.area * sums / (n * (n - 1.0))[:, None]
    return np.where(np.isfinite(k), k, np.nan)


def as_series(curve: Floats, radii: Floats, name: str, reason: str) -> pd.Series:
    """Return a curve by radius, with the reason for each value that is missing."""
    series = pd.Series(curve, index=pd.Index(radii, name="radius_m"), name=name)
    series.attrs["undefined"] = dict.fromkeys(radii[np.isnan(curve)].tolist(), reason)
    return series
