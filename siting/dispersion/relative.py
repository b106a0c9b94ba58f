"""M: how over-represented a kind is among the neighbours of its own points."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
import numpy.typing as npt
import pandas as pd

from siting.dispersion.asking import check_radii, check_sites
from siting.dispersion.counting import blocks, neighbour_weights
from siting.dispersion.ripley import as_series
from siting.dispersion.windows import Floats


def m_function(
    x: npt.ArrayLike | pd.Series,
    y: npt.ArrayLike | pd.Series,
    kind: npt.ArrayLike | pd.Series,
    radii: npt.ArrayLike,
    *,
    case: Hashable,
    neighbour: Hashable | None = None,
    weights: npt.ArrayLike | pd.Series | None = None,
) -> pd.Series:
    """
    Return M: the share of a kind around its points, over its share in all of the area.

    Parameters
    ----------
    x, y
        Coordinates [m] of all firms, not only of the cases.
    kind
        Sector of each firm.
    radii
        Distances [m], increasing, at least 0. A neighbour at the distance itself counts.
    case
        The kind whose points are looked around from.
    neighbour
        The kind that is looked for; None for the cases themselves.
    weights
        Size of each firm, such as jobs, at least 0; None for 1 each.

    Returns
    -------
    Series
        M, index ``radius_m``: 1 where the kind is as common near its points as anywhere, 2 where
        it is twice as common.

    Raises
    ------
    InputError
        If coordinates, kinds or weights are missing or unsound (each row is named), the
        coordinates are degrees, the radii do not increase, or no point is of a kind that is named.

    Notes
    -----
    For each case i the weight of the kind within r over the weight of all firms within r; summed
    over the cases, over the sum of (W_kind - w_i) / (W - w_i) over the same cases (W_kind alone if
    another kind is looked for). The point i itself is in neither numerator nor denominator. A case
    without neighbours within r, or whose neighbours weigh nothing, is in neither sum, as in the R
    package dbmss. No window and no edge correction: the border hides as much of one kind as of the
    others. NaN, with the reason in ``attrs["undefined"]``, where no case has a neighbour and where
    there is but one case to compare with itself.

    References
    ----------
    Marcon, E. and Puech, F. (2010). Measures of the Geographic Concentration of Industries:
    Improving Distance-Based Methods. Journal of Economic Geography 10(5), 745-762. Marcon, E. and
    Puech, F. (2017). A Typology of Distance-Based Measures of Spatial Concentration. Regional
    Science and Urban Economics 62, 56-67.

    Examples
    --------
    Two firms of a side by side, two of b far off. Within 1 each a sees a alone: share 1. Elsewhere
    1 of 3 others is an a. So M(1) = (1 + 1) / (1/3 + 1/3) = 3, and M(100) = 1.

    >>> m_function([0, 1, 50, 51], [0] * 4, ["a", "a", "b", "b"], [1, 100], case="a").tolist()
    [3.0, 1.0]
    """
    steps = check_radii(radii)
    named = {"case": case, "neighbour": neighbour}
    sites = check_sites(x, y, kind=kind, weights=weights, named=named)
    cases = sites.are(case)
    sought = cases if neighbour is None else sites.are(neighbour)
    curve = m_curves(
        sites.xy,
        steps,
        cases[:, None],
        sought[:, None] * sites.weight[:, None],
        sites.weight[:, None],
    )[0]
    reason = "没有案例点在此距离内有邻点 / no case has a neighbour within this distance"
    if cases.sum() == 1 and (neighbour is None or neighbour == case):
        reason = "只有一个案例点 / there is but one case"
    return as_series(curve, steps, "m", reason)


def m_curves(
    xy: Floats,
    radii: Floats,
    cases: npt.NDArray[np.bool_],
    sought: Floats,
    weight: Floats,
) -> Floats:
    """
    Return M for many labellings of the same points: labellings x radii.

    Parameters
    ----------
    xy
        Points [m, shape (n, 2)].
    radii
        Distances [m].
    cases, sought, weight
        Which points are cases, what each weighs as a neighbour sought for (0 if it is none), and
        what it weighs; shape (n, labellings), the last also (n, 1) for all labellings.
    """
    # A point that is sought for itself is not its own neighbour.
    own = np.where(cases, sought, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        overall = (sought.sum(axis=0) - own) / (weight.sum(axis=0) - weight)
    local, expected = np.zeros((2, len(radii), cases.shape[1]))
    for block in blocks(xy, radii, cases.shape[1]):
        around = neighbour_weights(block, radii, weight)
        with np.errstate(divide="ignore", invalid="ignore"):
            share = neighbour_weights(block, radii, sought) / around
        counted = cases[block.points] & (around > 0)
        local += np.where(counted, share, 0.0).sum(axis=1)
        expected += np.where(counted, overall[block.points], 0.0).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        m = local / expected
    found: Floats = np.where(expected > 0, m, np.nan).T
    return found
