"""Kd: how often two firms of a sector are a given distance apart."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial.distance import cdist, pdist

from siting.dispersion.asking import check_radii, check_sites, check_size
from siting.dispersion.ripley import as_series
from siting.dispersion.windows import Floats

_HELD = 4_000_000  # distances held at a time; up to as many, quartiles are exact
_FINE = 65_536  # cells that so many distances are gathered in, from which quartiles are read
_CELLS = 16_384  # cells that more distances within reach than this are gathered in
_REACH = 9.0  # bandwidths beyond which a normal kernel is 0 in all digits

NO_BANDWIDTH = "案例点间的距离无差异，定不出带宽 / distances between cases do not differ, so there is no bandwidth"


def duranton_overman(
    x: npt.ArrayLike | pd.Series,
    y: npt.ArrayLike | pd.Series,
    kind: npt.ArrayLike | pd.Series,
    radii: npt.ArrayLike,
    *,
    case: Hashable,
    weights: npt.ArrayLike | pd.Series | None = None,
    bandwidth: float | None = None,
) -> pd.Series:
    """
    Return Kd: the density of the distances between pairs of cases.

    Parameters
    ----------
    x, y
        Coordinates [m].
    kind
        Sector of each firm; only the cases count here, the others matter in `envelope`.
    radii
        Distances [m], increasing, at least 0.
    case
        The kind in question.
    weights
        Size of each firm, such as jobs, at least 0: a pair then counts the product of its sizes.
        None for the original measure, where each pair counts 1.
    bandwidth
        Bandwidth [m] of the kernel; None for Silverman's rule.

    Returns
    -------
    Series
        Kd [1/m], index ``radius_m``; over all distances from 0 it sums to 1. The bandwidth [m] is
        in ``attrs["bandwidth_m"]``.

    Raises
    ------
    InputError
        As `m_function` does, and if the bandwidth is not a positive number.

    Notes
    -----
    Normal kernel, reflected at 0 so that no mass leaks to negative distances. Silverman's rule:
    0.9 min(standard deviation, interquartile range / 1.34) N^(-1/5) of the N = n (n - 1) / 2
    distances between cases, unweighted, all of them (the R package dbmss leaves those beyond twice
    the largest radius out; give `bandwidth` for its value); the quartile range is left out if it
    is 0. Fewer than three cases, or all at equal distances: no bandwidth, NaN. More than 16,384
    distances within 9 bandwidths of the radii are gathered in as many cells, each at the mean of
    its distances: relative error below 1e-5. Beyond 4 million distances the quartiles are read off
    cells too: below 1e-4.

    References
    ----------
    Duranton, G. and Overman, H. G. (2005). Testing for Localization Using Micro-Geographic Data.
    Review of Economic Studies 72(4), 1077-1106, eq. 1. Silverman, B. W. (1986). Density
    Estimation for Statistics and Data Analysis, eq. 3.31 and section 2.10.

    Examples
    --------
    Two cases 3 apart, bandwidth 1: at 3 the kernel's height 0.3989, and its reflection is far off.

    >>> duranton_overman([0, 3], [0, 0], ["a", "a"], [3], case="a", bandwidth=1).round(4).tolist()
    [0.3989]
    """
    steps = check_radii(radii)
    width = None if bandwidth is None else check_size(bandwidth, "bandwidth")
    sites = check_sites(x, y, kind=kind, weights=weights, named={"case": case})
    cases = sites.of(sites.are(case))
    curve, used = kd_curve(cases.xy, steps, None if weights is None else cases.weight, width)
    reason = NO_BANDWIDTH
    if len(cases.xy) < 2:
        reason = "不足两个案例点 / fewer than two cases"
    elif np.isfinite(used):
        reason = "案例点的权重都是 0 / the cases weigh nothing"
    series = as_series(curve, steps, "kd", reason)
    series.attrs["bandwidth_m"] = used
    return series


def kd_curve(
    xy: Floats, radii: Floats, weight: Floats | None, bandwidth: float | None
) -> tuple[Floats, float]:
    """Return Kd [1/m] at each radius and the bandwidth [m]; NaN for what is not defined."""
    unknown = np.full(len(radii), np.nan)
    if len(xy) < 2:
        return unknown, np.nan
    distance, mass, rule = _distances(xy, weight)
    width = rule if bandwidth is None else bandwidth
    total = mass.sum()
    if not width > 0 or not total > 0:
        return unknown, width if width > 0 else np.nan
    close = distance <= radii[-1] + _REACH * width
    distance, mass = distance[close], mass[close]
    if len(distance) > _CELLS:
        distance, mass = _gathered(iter([(distance, mass)]), float(distance.max()), _CELLS)[1:]
    distance = distance / width
    curve = np.empty(len(radii))  # einsum: threads of a dot product only wait for each other here
    for i, at in enumerate(radii / width):
        gap = distance - at
        curve[i] = np.einsum("i,i->", mass, np.exp(-0.5 * gap * gap))
        low = distance < _REACH - at  # whose reflection is still felt
        mirrored = distance[low] + at
        curve[i] += np.einsum("i,i->", mass[low], np.exp(-0.5 * mirrored * mirrored))
    return curve / (width * total * np.sqrt(2 * np.pi)), width


def _distances(xy: Floats, weight: Floats | None) -> tuple[Floats, Floats, float]:
    """Return distances between points, the mass of each, and Silverman's bandwidth."""
    pairs = len(xy) * (len(xy) - 1) // 2
    if pairs <= _HELD:
        distance, mass = next(_parts(xy, weight))
        sd = float(np.std(distance, ddof=1)) if pairs > 1 else np.nan
        lower, upper = np.percentile(distance, (25, 75))
        return distance, mass, _silverman(sd, float(upper - lower), pairs)
    middle = xy.mean(axis=0)
    longest = 2 * float(np.sqrt(((xy - middle) ** 2).sum(axis=1).max()))
    count, distance, mass = _gathered(_parts(xy, weight), longest, _FINE)
    edges = np.linspace(0, longest, _FINE + 1)
    reached = np.concatenate([[0], np.cumsum(count)]) / pairs
    lower, upper = np.interp((0.25, 0.75), reached, edges)
    mean = (count * distance).sum() / pairs
    sd = float(np.sqrt((count * (distance - mean) ** 2).sum() / (pairs - 1)))
    return distance, mass, _silverman(sd, float(upper - lower), pairs)


def _silverman(sd: float, quartiles: float, pairs: int) -> float:
    """Return the bandwidth by Silverman's rule, NaN if there is none."""
    spread = min(sd, quartiles / 1.34) if quartiles > 0 else sd
    return 0.9 * spread * pairs**-0.2 if spread > 0 else np.nan


def _gathered(
    parts: Iterator[tuple[Floats, Floats]], longest: float, cells: int
) -> tuple[Floats, Floats, Floats]:
    """Return the count, the mean distance and the mass of each cell."""
    count, mass, moment = np.zeros((3, cells))
    scale = cells / longest if longest > 0 else 0.0
    for distance, each in parts:
        cell = np.minimum((distance * scale).astype("intp"), cells - 1)
        count += np.bincount(cell, minlength=cells)
        mass += np.bincount(cell, each, minlength=cells)
        moment += np.bincount(cell, each * distance, minlength=cells)
    centre = (np.arange(cells) + 0.5) * longest / cells
    return count, np.divide(moment, mass, out=centre, where=mass > 0), mass


def _parts(xy: Floats, weight: Floats | None) -> Iterator[tuple[Floats, Floats]]:
    """Yield distances of pairs and their masses, some at a time."""
    n = len(xy)
    rows = n if n * (n - 1) // 2 <= _HELD else max(1, _HELD // n)
    for start in range(0, n, rows):
        some, rest = slice(start, start + rows), slice(start + rows, n)
        inner = pdist(xy[some])
        outer = cdist(xy[some], xy[rest]).ravel()
        distance = np.concatenate([inner, outer]) if outer.size else inner
        if weight is None:
            yield distance, np.ones(len(distance))
            continue
        mine = weight[some]
        products = [mine[i] * mine[i + 1 :] for i in range(len(mine))]
        yield distance, np.concatenate([*products, np.outer(mine, weight[rest]).ravel()])
