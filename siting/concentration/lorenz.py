"""The Gini coefficient and what is made of it: locational Gini in three variants, Gini of specialisation."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from siting.concentration.checking import (
    FloatArray,
    Values,
    checked_table,
    checked_values,
    matched,
)
from siting.concentration.quotients import quotients
from siting.concentration.sharing import (
    NO_PLACE,
    NO_SECTOR,
    ONE_PLACE,
    ONE_SECTOR,
    SAME,
    TOO_LARGE,
    holds,
    ordered_sum,
    shares,
    sizes,
    told,
)
from siting.schema import check_choice


def gini(values: Values, *, weights: Values | None = None, corrected: bool = False) -> float:
    """
    Return the Gini coefficient: twice the area between the Lorenz curve and equality.

    Parameters
    ----------
    values
        Amounts >= 0, one for each holder (or, with weights, for each class of holders: the amount
        of one holder).
    weights
        How many holders each value stands for, >= 0; matched by label if both are Series.
    corrected
        True: times n / (n - 1), for small samples; n is the number of values, or the sum of the
        weights, which must then be counts.

    Returns
    -------
    float
        0 (equal) .. 1 - 1/n (one holds all); corrected 0..1. NaN where it is undefined: all values
        are zero, or there is one holder only.

    Raises
    ------
    InputError
        If a value is negative, missing, infinite or no number (each is named), or the weights do
        not belong to the values.

    Notes
    -----
    The order of the values does not matter; the weights go with their values. Values whose spread is
    less than 1e-12 of the largest are equal up to the noise of floats: the answer is 0.

    References
    ----------
    Gini, C. (1912). Variabilità e mutabilità. Bologna: Cuppini. Deltas, G. (2003). The Small-Sample
    Bias of the Gini Coefficient. Review of Economics and Statistics 85(1), 226-234 (correction).

    Examples
    --------
    Sorted 10 20 20 50, n = 4: 2 (1 x 10 + 2 x 20 + 3 x 20 + 4 x 50) / (4 x 100) - 5/4 = 0.3;
    corrected 0.3 x 4 / 3 = 0.4.

    >>> round(gini([20, 50, 20, 10]), 9), round(gini([20, 50, 20, 10], corrected=True), 9)
    (0.3, 0.4)
    """
    amounts, _ = checked_values(values, "values")
    if weights is None:
        weight = np.ones(amounts.size)
    else:
        weight, _ = checked_values(matched(values, weights, "weights"), "weights")
    held = weight > 0
    amounts, weight = amounts[held], weight[held]
    # One holder is no distribution; a single class of several equal holders is one.
    if amounts.size == 1 and weight[0] <= 1:
        return float("nan")
    if not amounts.any():
        return float("nan")
    share = shares(weight[:, None], 0)
    mass = shares((np.ldexp(amounts, -int(np.frexp(amounts.max())[1])))[:, None] * share, 0)
    found = float(_area(mass, share)[0])
    if not corrected:
        return found
    n = float(amounts.size if weights is None else weight.sum())
    return found * n / (n - 1) if n > 1 else float("nan")


def locational_gini(
    table: pd.DataFrame, *, variant: Literal["lorenz", "krugman", "unweighted"]
) -> pd.Series:
    """
    Return how far the places of each sector depart from the places of everything.

    Parameters
    ----------
    table
        Amounts >= 0 [count], places x sectors.
    variant
        Three numbers go by this name, and differ on the same data:
        ``lorenz``: twice the area under the diagonal of the curve of the sector's shares s_j against
        the places' shares x_j, ordered by LQ; 0..1 - min(x).
        ``krugman``: the area itself, half of ``lorenz``; 0..0.5.
        ``unweighted``: the Gini of the LQs, every place counting alike; 0..1 - 1/n.

    Returns
    -------
    Series
        ``locational_gini`` by sector. NaN where the sector is nowhere, or fewer than two places or
        sectors have anything, with the reason in ``.attrs["undefined"]``: a sector that is all
        there is cannot depart from it.

    Raises
    ------
    InputError
        If the table has a bad cell (each is named), or `variant` is something else.

    Notes
    -----
    The reference is the whole table, the sector included. A place without anything has no LQ and is
    left out. Places of equal LQ may come in any order.

    References
    ----------
    Hoover, E. M. (1936). The Measurement of Industrial Localization. Review of Economic Statistics
    18(4), 162-171. Krugman, P. (1991). Geography and Trade, MIT Press, p. 56. Nakamura, R. and
    Morrison Paul, C. J. (2009). Measuring Agglomeration, in: Handbook of Regional Growth and
    Development Theories.

    Examples
    --------
    Two equal places, all chips in p. The curve runs (0, 0), (0.5, 0), (1, 1): the area under the
    diagonal is 0.25, twice that is 0.5. The LQs are 2 and 0: their Gini is 0.5 too.

    >>> table = pd.DataFrame({"chips": [4, 0], "cars": [0, 4]}, index=["p", "q"])
    >>> [locational_gini(table, variant=v).to_dict() for v in ("lorenz", "krugman")]
    [{'chips': 0.5, 'cars': 0.5}, {'chips': 0.25, 'cars': 0.25}]
    >>> locational_gini(table, variant="unweighted").to_dict()
    {'chips': 0.5, 'cars': 0.5}
    """
    check_choice(variant, ("lorenz", "krugman", "unweighted"), "variant")
    frame, amounts = checked_table(table)
    amounts = amounts[holds(amounts, 1)]
    empty = ~holds(amounts, 0)
    found = np.full(frame.shape[1], np.nan)
    alone = ONE_SECTOR if len(amounts) > 1 else ONE_PLACE
    reason = {j: NO_SECTOR if empty[j] else alone for j in range(frame.shape[1])}
    if len(amounts) > 1 and (~empty).sum() > 1:
        if variant == "unweighted":
            found = _unweighted(quotients(amounts))
        else:
            found = _area(shares(amounts, 0), sizes(amounts, 1)) / (1 + (variant == "krugman"))
        reason |= {j: TOO_LARGE for j in range(frame.shape[1]) if not empty[j]}
    return told(found, frame.columns, "locational_gini", reason)


def specialisation_gini(table: pd.DataFrame) -> pd.Series:
    """
    Return how far the make-up of each place departs from that of all places.

    Parameters
    ----------
    table
        Amounts >= 0 [count], places x sectors.

    Returns
    -------
    Series
        By place, the Gini of its LQs, every sector counting alike: 0 (made up as everything is)
        .. 1 - 1/n. NaN where the place has nothing, or fewer than two places or sectors have
        anything, with the reason in ``.attrs["undefined"]``.

    Raises
    ------
    InputError
        If the table has a bad cell; each is named.

    Notes
    -----
    The unweighted variant. The reference is the whole table, the place included. A sector that is
    nowhere has no LQ and is left out.

    References
    ----------
    Nakamura, R. and Morrison Paul, C. J. (2009), as for `locational_gini`. Farhauer, O. and Kröll,
    A. (2013). Standorttheorien, Springer, on regional specialisation.

    Examples
    --------
    p is all chips: LQs 2 and 0, mean 1; the Gini of 0 and 2 is 0.5.

    >>> table = pd.DataFrame({"chips": [4, 0], "cars": [0, 4]}, index=["p", "q"])
    >>> specialisation_gini(table).to_dict()
    {'p': 0.5, 'q': 0.5}
    """
    frame, amounts = checked_table(table)
    amounts = amounts[:, holds(amounts, 0)]
    empty = ~holds(amounts, 1)
    found = np.full(len(frame), np.nan)
    alone = ONE_PLACE if amounts.shape[1] > 1 else ONE_SECTOR
    reason = {i: NO_PLACE if empty[i] else alone for i in range(len(frame))}
    if amounts.shape[1] > 1 and (~empty).sum() > 1:
        found = _unweighted(quotients(amounts).T)
        reason |= {i: TOO_LARGE for i in range(len(frame)) if not empty[i]}
    return told(found, frame.index, "specialisation_gini", reason)


def _unweighted(quotient: FloatArray) -> FloatArray:
    """Return the Gini of each column of quotients; NaN where one of them is not finite."""
    known = np.isfinite(quotient).all(axis=0)
    found = np.full(quotient.shape[1], np.nan)
    n = len(quotient)
    found[known] = _area(shares(quotient[:, known], 0), np.full((n, 1), 1 / n))
    return found


def _area(mass: FloatArray, weight: FloatArray) -> FloatArray:
    """
    Return twice the area between diagonal and Lorenz curve, by column.

    `mass` and `weight` are shares that sum to 1 in each column, ordered here by mass / weight. With C
    the running weight, the area is the sum of mass x (2 C - weight - 1). The weights of that sum add
    up to nothing, so the least ratio is taken off first: it would only bring rounding.
    """
    weight = np.broadcast_to(weight, mass.shape)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratio = np.where(mass == 0, 0.0, mass / weight)
    # Different masses can round to one ratio, so they decide next: the order of rows never does.
    order: npt.NDArray[np.intp] = np.lexsort((mass, weight, ratio), axis=0)
    mass, weight, ratio = (np.take_along_axis(a, order, axis=0) for a in (mass, weight, ratio))
    least, most = ratio[:1], ratio[-1:]
    terms = (mass - least * weight) * (2 * np.cumsum(weight, axis=0) - weight - 1)
    area = np.maximum(ordered_sum(terms, 0), 0.0)
    with np.errstate(invalid="ignore"):
        return np.where(most - least <= SAME * most, 0.0, area).ravel()
