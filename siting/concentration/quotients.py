"""Location quotients: how many times its expected share a place has of a sector, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import betaincinv

from siting.concentration.checking import (
    FloatArray,
    as_number,
    checked_table,
    refuse_option,
    refuse_type,
)
from siting.concentration.sharing import NO_PLACE, NO_SECTOR, TOO_LARGE, holds, shares, sizes
from siting.errors import Finding, Findings
from siting.schema import require_unique

WHOLE = 2.0**53  # above it floats no longer tell whole numbers apart
SMALL = 5.0  # plants expected in a cell, below which a quotient says little


@dataclass(frozen=True, slots=True)
class QuotientInterval:
    """
    Location quotients with the interval that the number of plants allows.

    `quotient`, `lower` and `upper` are places x sectors; `small` is True where fewer than 5 plants
    were to be expected; `level` is the confidence level [0..1].
    """

    quotient: pd.DataFrame
    lower: pd.DataFrame
    upper: pd.DataFrame
    small: pd.DataFrame
    level: float


def location_quotient(table: pd.DataFrame) -> pd.DataFrame:
    """
    Return the location quotient: the share of a sector in a place over its share in all places.

    Parameters
    ----------
    table
        Amounts >= 0 [count, such as plants or persons], places x sectors.

    Returns
    -------
    DataFrame
        LQ = (e_ij / e_j) / (e_i / e) [ratio, 0 to e / e_j], places x sectors: 1 is as everywhere, 2
        is twice as much. NaN where the place or the sector has a total of zero, with the reason in
        ``.attrs["undefined"]``: {(place, sector): reason}.

    Raises
    ------
    InputError
        If the table is empty, a label occurs twice, or a cell is negative, missing, infinite or no
        number; every such cell is named.

    Notes
    -----
    The benchmark is the whole table, the place itself included: a place that holds half of
    everything cannot reach more than 2. For a 0/1 table of a plan it is (1 / fields of the place)
    over (places of the field / all marks): a statement about the plan, not about firms.

    References
    ----------
    Florence, P. S. (1939). Report on the Location of Industry. Political and Economic Planning.
    Isard, W. (1960). Methods of Regional Analysis, MIT Press, ch. 7.

    Examples
    --------
    p has 8 of 10 in chips, all places 10 of 20: 0.8 / 0.5 = 1.6.

    >>> location_quotient(pd.DataFrame({"chips": [8, 2], "cars": [2, 8]}, index=["p", "q"]))
       chips  cars
    p    1.6   0.4
    q    0.4   1.6
    """
    frame, amounts = checked_table(table)
    return _framed(quotients(amounts), frame, amounts)


def symmetric_location_quotient(table: pd.DataFrame) -> pd.DataFrame:
    """
    Return the location quotient bent to -1..1: (LQ - 1) / (LQ + 1).

    Parameters
    ----------
    table
        Amounts >= 0 [count], places x sectors.

    Returns
    -------
    DataFrame
        Places x sectors: -1 is none of the sector, 0 as everywhere, near 1 far more. NaN as in
        `location_quotient`, with the reason in ``.attrs["undefined"]``.

    Raises
    ------
    InputError
        As `location_quotient`.

    Notes
    -----
    LQ and 1 / LQ are equally far from 0. Not the standardised LQ, which is a z-score over places.

    References
    ----------
    Dalum, B., Laursen, K. and Villumsen, G. (1998). Structural Change in OECD Export
    Specialisation Patterns. International Review of Applied Economics 12(3), 423-443.

    Examples
    --------
    LQ = 1.6 gives 0.6 / 2.6 = 0.231; LQ = 0.4 gives -0.6 / 1.4 = -0.429.

    >>> symmetric_location_quotient(pd.DataFrame({"chips": [8, 2], "cars": [2, 8]})).round(3)
       chips   cars
    0  0.231 -0.429
    1 -0.429  0.231
    """
    frame, amounts = checked_table(table)
    held, size = shares(amounts, 0), sizes(amounts, 1)
    with np.errstate(invalid="ignore"):
        bent = np.where(held == 0, -1.0, (held - size) / (held + size))
    bent[~holds(amounts, 1)] = np.nan
    return _framed(bent, frame, amounts, neutral=0)


def location_quotient_interval(
    table: pd.DataFrame, *, level: float = 0.95, units: pd.Series | None = None
) -> QuotientInterval:
    """
    Return location quotients with exact small-count intervals.

    Parameters
    ----------
    table
        Whole numbers of plants or firms, places x sectors. Persons alone will not do: they come to
        a place by the plantful, so that an interval from them is far too narrow.
    level
        Confidence level [0..1, both excluded].
    units
        How many plants of equal size the amounts of each place are worth [count > 0], by place;
        the amounts may then be persons or any other size. For plants of sizes w this is
        (sum w)^2 / sum w^2 over the plants of the place.

    Returns
    -------
    QuotientInterval
        `quotient`, `lower`, `upper`, `small`, `level`. NaN where the quotient is.

    Raises
    ------
    InputError
        As `location_quotient`; if a count is not whole and there are no `units`; if `units` lacks
        a place that holds something, or is none there; if `level` is not between 0 and 1.

    Warns
    -----
    SitingWarning
        W-CON-01, once, if fewer than 5 plants were to be expected in some cells.

    Notes
    -----
    Each plant of place j is of sector i with the chance LQ W_i, independently of the others; W_i =
    e_i / e, the share of the sector in the whole, is taken as known. The number e_ij out of e_j is
    then binomial, and the interval is Clopper and Pearson's for its chance, divided by W_i. It
    covers the true LQ with at least `level`, however small the counts; usually with more. Where
    plants follow each other (suppliers, one park), the doubt is greater than this. With `units` the
    same is done with that many plants in the shares of the table (Korn and Graubard); the cover is
    then near `level`, not proven.

    References
    ----------
    Clopper, C. J. and Pearson, E. S. (1934). The Use of Confidence or Fiducial Limits. Biometrika
    26(4), 404-413. Korn, E. L. and Graubard, B. I. (1998). Confidence Intervals for Proportions with
    Small Expected Number of Positive Counts Estimated from Survey Data. Survey Methodology 24(2),
    193-201. Kish, L. (1965). Survey Sampling, ch. 11.7 (the number of units). For LQ with large counts: Moineddin, R., Beyene, J. and Boyle, E. (2003). On the
    Location Quotient Confidence Interval. Geographical Analysis 35(3), 249-256.

    Examples
    --------
    None of the 20 plants of q is in chips, which are a quarter of all. The chance of that is
    (1 - p)^20, which is 0.025 at p = 0.1684: the LQ lies between 0 and 0.1684 / 0.25 = 0.674.

    >>> table = pd.DataFrame({"chips": [20, 0], "others": [40, 20]}, index=["p", "q"])
    >>> found = location_quotient_interval(table)
    >>> found.lower["chips"].round(3).to_dict()["q"], found.upper["chips"].round(3).to_dict()["q"]
    (0.0, 0.674)
    """
    if not 0 < as_number(level) < 1:
        refuse_option("level", level, "0 到 1 之间的数", "a number between 0 and 1")
    frame, amounts = checked_table(table)
    if units is None:
        _whole(frame, amounts)
        count = amounts
    else:
        count = shares(amounts, 1) * _units(frame, amounts, units)[:, None]
    n, mix, tail = count.sum(axis=1, keepdims=True), sizes(amounts, 0), (1 - level) / 2
    with np.errstate(invalid="ignore", divide="ignore"):
        low = np.where(count == 0, 0.0, betaincinv(count, n - count + 1, tail)) / mix
        high = np.where(count == n, 1.0, betaincinv(count + 1, n - count, 1 - tail)) / mix
    centre = quotients(amounts)
    # both ways of computing round for themselves: an end may not pass the quotient by that
    low, high = np.fmin(low, centre), np.fmax(high, centre)
    low, high = np.where(mix == 1, centre, low), np.where(mix == 1, centre, high)  # all there is
    low[np.isnan(centre)] = high[np.isnan(centre)] = np.nan
    small = np.isfinite(centre) & (n * mix < SMALL) & (mix < 1)
    _warn_small(int(small.sum()), small.size)
    return QuotientInterval(
        quotient=_framed(centre, frame, amounts),
        lower=_framed(low, frame, amounts),
        upper=_framed(high, frame, amounts),
        small=pd.DataFrame(small, index=frame.index, columns=frame.columns),
        level=level,
    )


def quotients(amounts: FloatArray) -> FloatArray:
    """Return LQ of bare amounts; NaN where undefined, infinite beyond the range of floats."""
    held, size = shares(amounts, 0), sizes(amounts, 1)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        found = np.where(held == 0, 0.0, held / size)
    found[~holds(amounts, 1)] = np.nan
    return found


def _framed(
    found: FloatArray, frame: pd.DataFrame, amounts: FloatArray, *, neutral: float = 1
) -> pd.DataFrame:
    """Return an array as a frame whose `attrs` say why a cell is NaN, and what is as everywhere."""
    found = np.where(np.isinf(found), np.nan, found)
    answer = pd.DataFrame(found, index=frame.index, columns=frame.columns)
    place, sector = holds(amounts, 1), holds(amounts, 0)
    answer.attrs["neutral"] = neutral  # where maps part their classes
    answer.attrs["undefined"] = {
        (frame.index[i], frame.columns[j]): (
            TOO_LARGE if place[i] and sector[j] else NO_SECTOR if place[i] else NO_PLACE
        )
        for i, j in np.argwhere(np.isnan(found)).tolist()
    }
    return answer


def _whole(frame: pd.DataFrame, amounts: FloatArray) -> None:
    """Stop with every count that is not whole."""
    findings = Findings(
        Finding(
            code="E-CON-09",
            sheet="table",
            row=i + 2,
            column=str(frame.columns[j]),
            value=f"{frame.index[i]}: {amounts[i, j]:.15g}",
            reason="区间需要企业或工厂的整数个数",
            reason_en="an interval needs whole numbers of plants or firms",
            fix="请用企业数，不用人数、产值或份额",
            fix_en="Count firms, not persons, output or shares",
        )
        for i, j in np.argwhere((amounts % 1 != 0) | (amounts > WHOLE)).tolist()
    )
    findings.stop()


def _units(frame: pd.DataFrame, amounts: FloatArray, units: pd.Series) -> FloatArray:
    """Return the plants that each row is worth, or stop with every place that has none."""
    if not isinstance(units, pd.Series):
        refuse_type("units", units, "按地区的 Series", "a Series by place")
    require_unique(units.index, "units")
    worth = pd.to_numeric(units, errors="coerce").reindex(frame.index)
    found = worth.to_numpy(dtype="float64", na_value=np.nan)
    bad = (amounts.sum(axis=1) > 0) & ~(np.isfinite(found) & (found > 0))
    Findings(
        Finding(
            code="E-CON-09",
            sheet="units",
            row=i + 2,
            value=f"{frame.index[i]}: {found[i]}",
            reason="这个地区有数，却没有大于 0 的企业数",
            reason_en="this place holds something, but is worth no number of plants above 0",
            fix="请给出每个有数的地区相当于多少家同样大小的企业",
            fix_en="Give the plants of equal size that each place with amounts is worth",
        )
        for i in np.flatnonzero(bad).tolist()
    ).stop()
    return np.where(np.isfinite(found), found, 0.0)


def _warn_small(count: int, cells: int) -> None:
    """Warn once that some cells have a small base."""
    if not count:
        return
    finding = Finding(
        code="W-CON-01",
        sheet="table",
        value=f"{count} / {cells}",
        reason=f"样本过小：这些单元格的期望企业数不足 {SMALL:.0f} 家",
        reason_en=f"small base: fewer than {SMALL:.0f} plants were to be expected in these cells",
        fix="请看区间，不要只看区位商；small 标出了它们",
        fix_en="Read the interval and not the quotient alone; `small` marks them",
        severity="warning",
    )
    Findings([finding]).warn(stacklevel=4)
