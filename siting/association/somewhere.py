"""Where like places lie together: local Moran, and the hot and cold spots of Getis and Ord."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Literal

import numpy as np
import pandas as pd

from siting.association.around import Local, frame, without_self, z_of_all, z_of_others
from siting.association.weighing import (
    CONSTANT,
    Alternative,
    Permutations,
    Transform,
    check_test,
    weigh,
)
from siting.schema import check_choice


def local_moran(
    values: pd.Series,
    graph: Any,
    *,
    transform: Transform = "r",
    permutations: Permutations = "auto",
    seed: int = 0,
    alternative: Alternative = "two-sided",
    divisor: Literal["n", "n-1"] = "n",
) -> pd.DataFrame:
    """
    Return local Moran's I: for each place, whether its neighbours are like it, beyond chance.

    Parameters
    ----------
    values, graph, transform
        As for `moran`.
    permutations
        ``auto`` counts every possible set of neighbours of a place if there are at most 1,000,000,
        and otherwise draws 9,999, or 99,999 where the places are so many that the fewer draws could
        not carry one finding through the false discovery rate; a number draws that many; 0: no p.
    seed, alternative
        As for `moran`.
    divisor
        Of the mean square m2 of the values less their mean: ``n`` (Anselin) or ``n-1`` (esda).

    Returns
    -------
    DataFrame
        By place_id, in the order of `values`: ``statistic z p q kind method n_arrangements
        p_smallest``; q is the false discovery rate over all places; `kind` is ``high-high``,
        ``low-low``, ``high-low`` or ``low-high`` (place, then neighbours), significant or not. What
        is not defined is NaN, with the reason in ``.attrs["undefined"]``: {place_id: reason}.
        ``.attrs`` also has measure, divisor, alternative and seed (None if nothing was drawn).

    Raises
    ------
    InputError
        As for `moran`.

    Warns
    -----
    SitingWarning
        If so few arrangements are drawn that no single place could pass at q = 0.05.

    Notes
    -----
    I_i = (z_i / m2) sum_j w_ij z_j. With transform r and divisor n, and no islands, their mean is
    Moran's I. z and p hold the place and move the others (conditional randomisation); z is
    that of Sokal, Oden and Thomson. A place at the mean has I = 0 in any case: p = 1 and no z.

    References
    ----------
    Anselin, L. (1995). Local Indicators of Spatial Association. Geographical Analysis 27(2),
    93-115, eq. 12. Sokal, R. R., Oden, N. L. and Thomson, B. A. (1998). Local Spatial
    Autocorrelation in a Biological Model. Geographical Analysis 30(4), 331-354, eq. A4. Caldas de
    Castro, M. and Singer, B. H. (2006) for q. Geographical Analysis 38(2), 180-208.

    Examples
    --------
    Four places in a row, 1 1 0 0: z = 0.5 0.5 -0.5 -0.5 and m2 = 0.25; lags 0.5 0 0 -0.5. The
    second keeps its 1; its two neighbours are any two of 1 0 0, and 2 of the 3 choices hold the 1.

    >>> from types import SimpleNamespace
    >>> links = np.array([[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]])
    >>> row = SimpleNamespace(sparse=links, unique_ids=["a", "b", "c", "d"])
    >>> found = local_moran(pd.Series([1, 1, 0, 0], ["a", "b", "c", "d"]), row, alternative="greater")
    >>> found["statistic"].tolist(), found["p"].round(3).tolist(), set(found["method"])
    ([1.0, 0.0, 0.0, 1.0], [0.333, 0.667, 0.667, 0.333], {'exact'})
    """
    check_choice(divisor, ("n", "n-1"), "divisor")
    test = check_test(permutations, seed, alternative)
    at = weigh(values, graph, transform)
    lag = at.weights @ at.z
    scale = CONSTANT * np.abs(at.z).max(initial=0.0)
    place = np.where(np.abs(at.z) <= scale, 0.0, np.sign(at.z))
    around = np.where(np.abs(lag) <= scale * at.weights.sum(axis=1), 0.0, np.sign(lag))
    squares = at.z @ at.z if not at.constant else np.nan
    words = np.array(["low", "", "high"])
    ends = words[place.astype(int) + 1], words[around.astype(int) + 1]
    both = np.char.add(np.char.add(ends[0], "-"), ends[1])
    local = Local(
        statistic=np.abs(place) * at.z * lag / squares * (at.n - (divisor == "n-1")),
        z=np.where(place == 0, np.nan, place * z_of_others(at)),
        kind=np.where(place * around == 0, "", both),
        side=place,
    )
    about: dict[Hashable, str] = {
        "measure": f"local moran, transform {transform}",
        "divisor": divisor,
    }
    return frame(at, test, local, about)


def getis_ord(
    values: pd.Series,
    graph: Any,
    *,
    star: bool = True,
    transform: Transform = "o",
    permutations: Permutations = "auto",
    seed: int = 0,
    alternative: Alternative = "two-sided",
    variance: Literal["n", "n-1"] = "n",
) -> pd.DataFrame:
    """
    Return Gi* or Gi: for each place, whether high or low values gather around it.

    Parameters
    ----------
    values, graph
        As for `moran`.
    star
        True: Gi*, the place counts among its neighbours, with the largest weight of its row if the
        graph gives it none; False: Gi, it does not.
    transform
        As for `moran`; ``o``, as given, is 1 for each neighbour where the graph is a contiguity. It
        changes `statistic`, but never z and p if only whole rows are scaled.
    permutations, seed, alternative
        As for `local_moran`.
    variance
        Divisor of the variance of the values: their number ``n``, as published, or ``n-1``.

    Returns
    -------
    DataFrame
        As `local_moran`: ``statistic`` is the share of the total that lies around the place, where
        no value is below 0; ``z`` the standardised Gi* or Gi; ``kind`` is ``hot`` for z above 0 and
        ``cold`` below, significant or not.

    Raises
    ------
    InputError
        As for `moran`; with `star` a place may be its own neighbour.

    Warns
    -----
    SitingWarning
        As `local_moran`.

    Notes
    -----
    z = (sum w x - W m) / (s sqrt((N S1 - W^2) / (N - 1))), W and S1 the sums of the weights and of
    their squares, N, m and s^2 number, mean and variance of the values: of all places for Gi*, of
    all others for Gi. p holds the place and moves the others, for both. A place without neighbours
    has neither.

    References
    ----------
    Ord, J. K. and Getis, A. (1995). Local Spatial Autocorrelation Statistics: Distributional Issues
    and an Application. Geographical Analysis 27(4), 286-306, eq. 3 (Gi) and eq. 5 (Gi*). Getis, A.
    and Ord, J. K. (1992). The Analysis of Spatial Association by Use of Distance Statistics.
    Geographical Analysis 24(3), 189-206 (the share).

    Examples
    --------
    Four places in a row, 3 3 0 0. The first and its neighbour hold all: share 1; m = 1.5, s = 1.5,
    W = S1 = 2: z = (6 - 3) / (1.5 x sqrt((8 - 4) / 3)) = 1.732.

    >>> from types import SimpleNamespace
    >>> links = np.array([[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]])
    >>> row = SimpleNamespace(sparse=links, unique_ids=["a", "b", "c", "d"])
    >>> found = getis_ord(pd.Series([3, 3, 0, 0], ["a", "b", "c", "d"]), row)
    >>> found.loc["a", ["statistic", "z"]].astype(float).round(3).tolist(), found.loc["a", "kind"]
    ([1.0, 1.732], 'hot')
    """
    check_choice(variance, ("n", "n-1"), "variance")
    check_choice(str(star), ("True", "False"), "star")
    test = check_test(permutations, seed, alternative)
    at = weigh(values, graph, transform, self_weights=bool(star))
    own = at.weights.diagonal()
    at = without_self(at)
    if star:
        largest = at.weights.max(axis=1).toarray().ravel() if at.n else own
        own = np.where(own > 0, own, np.where(largest > 0, largest, 1.0))
    count = at.n if star else at.n - 1
    z = z_of_all(at, own) if star else z_of_others(at)
    if variance == "n-1" and at.n > 1:
        z *= np.sqrt((count - 1) / count)
    x = at.x / (np.abs(at.x).max(initial=0.0) or 1.0)
    whole = np.full(at.n, x.sum()) if star else x.sum() - x
    whole[(whole <= 0) | (x < 0).any()] = np.nan
    local = Local(
        statistic=(at.weights @ x + own * x) / whole,
        z=z,
        kind=np.where(z > 0, "hot", np.where(z < 0, "cold", "")),
        side=np.ones(at.n),
    )
    about: dict[Hashable, str] = {
        "measure": f"{'Gi*' if star else 'Gi'}, transform {transform}",
        "variance": variance,
    }
    return frame(at, test, local, about)
