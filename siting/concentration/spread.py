"""How many hold it, and how evenly: Herfindahl-Hirschman, equivalent number, entropy and variety."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from siting.concentration.checking import (
    FloatArray,
    as_number,
    checked_table,
    refuse_option,
    refuse_type,
)
from siting.concentration.sharing import NO_PLACE, Over, ordered_sum, shares, told, weighed
from siting.errors import Finding, Findings


def hhi(table: pd.DataFrame, *, over: Over, normalised: bool = False) -> pd.Series:
    """
    Return the Herfindahl-Hirschman index, the sum of squared shares.

    Parameters
    ----------
    table
        Amounts >= 0 [count], places x sectors. The n of the range counts every row (or column)
        of it, the empty ones too: give all places and sectors of the register. The shares are made
        here, so any unit will do, and amounts below 1 are amounts (0.6 of 10,000 persons).
    over
        ``places``: how a sector is spread over places, one value for each sector. ``sectors``: how
        a place is made up of sectors, one value for each place.
    normalised
        False: H in 1/n..1. True: (H - 1/n) / (1 - 1/n), 0..1; NaN where n is 1.

    Returns
    -------
    Series
        ``hhi``, by sector or by place; a scale of 0..1, not of 0..10000. NaN where nothing is held,
        with the reason in ``.attrs["undefined"]``: {label: reason}.

    Raises
    ------
    InputError
        If the table has a bad cell (each is named), or `over` is something else.

    References
    ----------
    Hirschman, A. O. (1945). National Power and the Structure of Foreign Trade. Herfindahl, O. C.
    (1950). Concentration in the Steel Industry, dissertation, Columbia University.

    Examples
    --------
    0.2^2 + 0.5^2 + 0.2^2 + 0.1^2 = 0.34; (0.34 - 0.25) / 0.75 = 0.12.

    >>> table = pd.DataFrame({"chips": [20, 50, 20, 10]})
    >>> hhi(table, over="places").round(4).to_dict()
    {'chips': 0.34}
    >>> hhi(table, over="places", normalised=True).round(4).to_dict()
    {'chips': 0.12}
    """
    share, labels, empty, single = weighed(table, over)
    found = ordered_sum(share**2, 0).ravel()
    n = share.shape[0]
    if not normalised:
        return told(found, labels, "hhi", empty)
    if n == 1:
        return told(np.full(len(labels), np.nan), labels, "hhi", single)
    # Below 1/n by rounding alone: shares that are all equal give 0.
    return told(np.maximum((found - 1 / n) / (1 - 1 / n), 0.0), labels, "hhi", empty)


def equivalent_number(table: pd.DataFrame, *, over: Over) -> pd.Series:
    """
    Return how many equal holders would give the same concentration: 1 / HHI.

    Parameters
    ----------
    table
        Amounts >= 0 [count], places x sectors.
    over
        ``places``: places that a sector is spread over, by sector. ``sectors``: sectors that a place
        is made up of, by place.

    Returns
    -------
    Series
        ``equivalent_number`` [places or sectors], 1..n. NaN where nothing is held, with the reason
        in ``.attrs["undefined"]``.

    Raises
    ------
    InputError
        As `hhi`.

    References
    ----------
    Adelman, M. A. (1969). Comment on the "H" Concentration Measure as a Numbers-Equivalent. Review
    of Economics and Statistics 51(1), 99-101.

    Examples
    --------
    1 / 0.34 = 2.941.

    >>> table = pd.DataFrame({"chips": [20, 50, 20, 10]})
    >>> equivalent_number(table, over="places").round(3).to_dict()
    {'chips': 2.941}
    """
    share, labels, empty, _ = weighed(table, over)
    return told(1 / ordered_sum(share**2, 0), labels, "equivalent_number", empty)


def entropy(table: pd.DataFrame, *, over: Over, base: float = 2) -> pd.Series:
    """
    Return Shannon's entropy of the shares: high where evenly spread, 0 where one holds all.

    Parameters
    ----------
    table
        Amounts >= 0 [count], places x sectors.
    over
        ``places``: one value for each sector. ``sectors``: one value for each place.
    base
        Base of the logarithm, above 0 and not 1: 2 gives bits.

    Returns
    -------
    Series
        ``entropy`` [bits for base 2], 0..log(n). NaN where nothing is held, with the reason in
        ``.attrs["undefined"]``.

    Raises
    ------
    InputError
        As `hhi`; or if `base` is no such number.

    Notes
    -----
    0 log 0 is 0: an empty holder changes nothing. Nothing is added to the shares to avoid it.

    References
    ----------
    Shannon, C. E. (1948). A Mathematical Theory of Communication. Bell System Technical Journal
    27(3), 379-423, section 6.

    Examples
    --------
    Halves and two quarters: 0.5 x 1 + 0.25 x 2 + 0.25 x 2 = 1.5 bits.

    >>> entropy(pd.DataFrame({"chips": [2, 1, 1, 0]}), over="places").to_dict()
    {'chips': 1.5}
    """
    if not 0 < as_number(base) < np.inf or base == 1:
        refuse_option("base", base, "大于 0 且不为 1 的数", "a number above 0 and not 1")
    share, labels, empty, _ = weighed(table, over)
    return told(_bits(share, 0) / np.log2(base), labels, "entropy", empty)


def variety(table: pd.DataFrame, groups: Mapping[object, object] | pd.Series) -> pd.DataFrame:
    """
    Return how varied each place is: between groups of sectors, and within them.

    Parameters
    ----------
    table
        Amounts >= 0 [count], places x sectors.
    groups
        The group of each sector, such as field to cluster; sectors that the table does not have
        are passed over.

    Returns
    -------
    DataFrame
        By place, in bits: ``unrelated``, the entropy over groups; ``related``, the entropy over
        sectors within each group, weighted by the size of the group; ``total`` = unrelated +
        related, the entropy over sectors, 0..log2(sectors). NaN where the place has nothing, with
        the reason in ``.attrs["undefined"]``: {(place, column): reason}.

    Raises
    ------
    InputError
        If the table has a bad cell, or a sector has no group.

    References
    ----------
    Frenken, K., Van Oort, F. and Verburg, T. (2007). Related Variety, Unrelated Variety and Regional
    Economic Growth. Regional Studies 41(5), 685-697, equations (1)-(4).

    Examples
    --------
    Half in x1; the other half in group z, evenly in two: unrelated 1 bit, related 0.5 x 1 bit.

    >>> table = pd.DataFrame({"x1": [2], "z1": [1], "z2": [1]}, index=["p"])
    >>> variety(table, {"x1": "x", "z1": "z", "z2": "z"})
       unrelated  related  total
    p        1.0      0.5    1.5
    """
    frame, amounts = checked_table(table)
    member = _members(frame.columns, groups)
    share = shares(amounts, 1)
    of_group = np.column_stack([ordered_sum(share[:, m], 1) for m in member.values()])
    within = np.zeros((len(frame), 1))
    for g, columns in enumerate(member.values()):
        # Shares within the group come from the amounts, so that a tiny group keeps its digits.
        inner = np.nan_to_num(_bits(shares(amounts[:, columns], 1), 1))
        within += of_group[:, [g]] * inner
    answer = pd.DataFrame(
        np.hstack([_bits(of_group, 1), within, _bits(share, 1)]),
        index=frame.index,
        columns=pd.Index(["unrelated", "related", "total"]),
    )
    answer.attrs["undefined"] = {
        (place, column): NO_PLACE
        for place in frame.index[answer["total"].isna().to_numpy()]
        for column in answer.columns
    }
    return answer


def _bits(share: FloatArray, axis: int) -> FloatArray:
    """Return the entropy [bits] of shares along `axis`, which stays as 1."""
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(share == 0, 0.0, -share * np.log2(share))
    return ordered_sum(terms, axis) + 0.0  # no minus zero


def _members(
    sectors: pd.Index, groups: Mapping[object, object] | pd.Series
) -> dict[object, list[int]]:
    """Return the columns of each group, or stop with every sector that has no group."""
    if not isinstance(groups, (Mapping, pd.Series)):
        refuse_type(
            "groups", groups, "行业到组的 Series 或 dict", "a Series or dict sector -> group"
        )
    known = dict(groups.items())
    findings, member = Findings(), dict[object, list[int]]()
    for position, sector in enumerate(sectors):
        group = known.get(sector)
        if group is None or pd.isna(group):
            findings.append(
                Finding(
                    code="E-CON-10",
                    sheet="groups",
                    value=str(sector),
                    reason="这个行业没有归组",
                    reason_en="this sector has no group",
                    fix="请为表中每个行业给出所属的组",
                    fix_en="Give every sector of the table its group",
                )
            )
        else:
            member.setdefault(group, []).append(position)
    findings.stop()
    return member
