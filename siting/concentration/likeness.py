"""How unlike two distributions are: Hoover, Krugman over sectors and over places, Hachman."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from siting.concentration.checking import (
    FloatArray,
    Values,
    check_shares,
    checked_reference,
    checked_table,
    checked_values,
    like_shares,
    matched,
)
from siting.concentration.sharing import (
    NO_PLACE,
    NO_SECTOR,
    ONE_PLACE,
    ONE_SECTOR,
    holds,
    ordered_sum,
    shares,
    sizes,
    told,
)
from siting.schema import check_choice

Benchmark = Literal["total", "mean_others"]
# Why there is none: the column is empty, it is the only one, there is one row only.
_REASONS = {
    "krugman_specialisation": (NO_PLACE, ONE_PLACE, ONE_SECTOR),
    "krugman_concentration": (NO_SECTOR, ONE_SECTOR, ONE_PLACE),
}


def hoover(values: Values, reference: Values) -> float:
    """
    Return the share that would have to move for `values` to lie as `reference` does.

    Parameters
    ----------
    values
        Amounts >= 0, such as the employment of a sector by place; or shares that sum to 1, if
        `reference` holds shares.
    reference
        What they are held against: counts of any unit, such as all employment by place, or shares
        that sum to 1. Matched by label if both are Series, else by position.

    Returns
    -------
    float
        0.5 sum |s_j - x_j| [share], 0 (alike) .. 1 (nothing in common); not a percentage. NaN where
        it is undefined: all values are zero, or there is one place only.

    Raises
    ------
    InputError
        If an amount is negative, missing, infinite or no number; if the two do not have the same
        labels or lengths; if `reference` is zero everywhere, or holds shares that do not sum to 1;
        if `values` beside such shares are fractions of at most 1 that do not.

    References
    ----------
    Hoover, E. M. (1936). The Measurement of Industrial Localization. Review of Economic Statistics
    18(4), 162-171.

    Examples
    --------
    Shares 0.8 and 0.2 against 0.5 and 0.5: 0.5 (0.3 + 0.3) = 0.3.

    >>> round(hoover([8, 2], [50, 50]), 9)
    0.3
    """
    amounts, _ = checked_values(values, "values")
    base, _ = checked_reference(matched(values, reference, "reference"))
    if like_shares(base):
        check_shares(amounts, "values")
    if amounts.size == 1:
        return float("nan")
    gap = np.abs(shares(amounts[:, None], 0) - shares(base[:, None], 0))
    return float(np.minimum(ordered_sum(gap, 0)[0, 0] / 2, 1.0))


def krugman_specialisation(table: pd.DataFrame, *, benchmark: Benchmark = "total") -> pd.Series:
    """
    Return how unlike the make-up of each place is to that of the others.

    Parameters
    ----------
    table
        Amounts >= 0 [count], places x sectors.
    benchmark
        ``total``: all places together, the place itself included. ``mean_others``: the plain mean of
        the shares of the other places that have anything.

    Returns
    -------
    Series
        ``krugman_specialisation`` by place, sum over sectors of |share - benchmark|: 0 (alike) .. 2
        (no sector in common). NaN where the place has nothing, or there is no other place or
        sector, with the reason in ``.attrs["undefined"]``.

    Raises
    ------
    InputError
        If the table has a bad cell (each is named), or `benchmark` is something else.

    Notes
    -----
    Half of it is the coefficient of specialisation (Hoover and Giarratani).

    References
    ----------
    Krugman, P. (1991). Geography and Trade, MIT Press, p. 75 f. For ``mean_others``: Palan, N.
    (2010). Measurement of Specialization: The Choice of Indices. FIW Working Paper 62.

    Examples
    --------
    p has 0.8 and 0.2, everything 0.5 and 0.5, q alone 0.2 and 0.8: 0.6, and 1.2.

    >>> table = pd.DataFrame({"chips": [8, 2], "cars": [2, 8]}, index=["p", "q"])
    >>> krugman_specialisation(table).round(9).to_dict()
    {'p': 0.6, 'q': 0.6}
    >>> krugman_specialisation(table, benchmark="mean_others").round(9).to_dict()
    {'p': 1.2, 'q': 1.2}
    """
    check_choice(benchmark, ("total", "mean_others"), "benchmark")
    frame, amounts = checked_table(table)
    return _krugman(amounts.T, frame.index, benchmark, "krugman_specialisation")


def krugman_concentration(table: pd.DataFrame, *, benchmark: Benchmark = "total") -> pd.Series:
    """
    Return how unlike the places of each sector are to the places of the others.

    Parameters
    ----------
    table
        Amounts >= 0 [count], places x sectors.
    benchmark
        ``total``: all sectors together, the sector itself included. ``mean_others``: the plain mean
        of the shares of the other sectors that are anywhere.

    Returns
    -------
    Series
        ``krugman_concentration`` by sector, sum over places of |share - benchmark|: 0 (alike) .. 2
        (no place in common). NaN where the sector is nowhere, or there is no other sector or
        place, with the reason in ``.attrs["undefined"]``.

    Raises
    ------
    InputError
        As `krugman_specialisation`.

    References
    ----------
    Krugman, P. (1991), as for `krugman_specialisation`. Südekum, J. (2006). Concentration and
    Specialization Trends in Germany since Re-unification. Regional Studies 40(8), 861-873.

    Examples
    --------
    Chips lie 0.9 and 0.1, everything 0.5 and 0.5: 0.4 + 0.4.

    >>> table = pd.DataFrame({"chips": [9, 1], "cars": [1, 9]}, index=["p", "q"])
    >>> krugman_concentration(table).round(9).to_dict()
    {'chips': 0.8, 'cars': 0.8}
    """
    check_choice(benchmark, ("total", "mean_others"), "benchmark")
    frame, amounts = checked_table(table)
    return _krugman(amounts, frame.columns, benchmark, "krugman_concentration")


def _krugman(amounts: FloatArray, labels: pd.Index, benchmark: str, name: str) -> pd.Series:
    """Return the index of each column of amounts; `name` says which of the two it is."""
    empty, alone, one_row = _REASONS[name]
    share, held = shares(amounts, 0), holds(amounts, 0)
    others_of, found = int(held.sum()) - 1, np.full(len(labels), np.nan)
    why = alone if others_of < 1 else one_row
    if others_of >= 1 and holds(amounts, 1).sum() > 1:
        if benchmark == "total":
            base = sizes(amounts, 1)
        else:
            base = (ordered_sum(share[:, held], 1) - share) / others_of
        found = np.minimum(ordered_sum(np.abs(share - base), 0).ravel(), 2.0)
    return told(found, labels, name, {i: why if held[i] else empty for i in range(len(labels))})


def hachman(table: pd.DataFrame) -> pd.Series:
    """
    Return how like the make-up of each place is to that of all places.

    Parameters
    ----------
    table
        Amounts >= 0 [count], places x sectors.

    Returns
    -------
    Series
        ``hachman`` by place, 1 / sum over sectors of LQ x share: above 0 (one rare sector) .. 1 (made
        up as everything is). NaN where the place has nothing, or no other place or no second
        sector has anything, with the reason in ``.attrs["undefined"]``.

    Raises
    ------
    InputError
        If the table has a bad cell; each is named.

    Notes
    -----
    The reference is the whole table, the place included, so the least value of a place is its own
    share of everything. Scale 0..1, not 0..100.

    References
    ----------
    Hachman, F. (1995). Economic Diversity, Bureau of Economic and Business Research, University of
    Utah.

    Examples
    --------
    p has 0.8 and 0.2, everything 0.5 and 0.5: 1 / (1.6 x 0.8 + 0.4 x 0.2) = 1 / 1.36 = 0.735.

    >>> table = pd.DataFrame({"chips": [8, 2], "cars": [2, 8]}, index=["p", "q"])
    >>> hachman(table).round(3).to_dict()
    {'p': 0.735, 'q': 0.735}
    """
    frame, amounts = checked_table(table)
    share, mix, held = shares(amounts, 1), sizes(amounts, 0), holds(amounts, 1)
    found = np.full((len(frame), 1), np.nan)
    alone = ONE_SECTOR if held.sum() > 1 else ONE_PLACE
    if held.sum() > 1 and holds(amounts, 0).sum() > 1:
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            found = 1 / ordered_sum(np.where(share == 0, 0.0, share * (share / mix)), 1)
    reason = {i: alone if held[i] else NO_PLACE for i in range(len(frame))}
    return told(np.minimum(found, 1.0), frame.index, "hachman", reason)
