"""Concentration beyond what few large plants give by chance: Ellison-Glaeser, alone and together."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from siting.concentration.checking import FloatArray, refuse_type
from siting.concentration.darts import Darts, thrown
from siting.concentration.sharing import ordered_sum, shares
from siting.concentration.theil import sorted_codes
from siting.errors import Finding, Findings

NO_PLANT = "没有规模大于零的企业 / no plant with a size above zero"
ONE_PLANT = "只有一家企业 / one plant only"
ONE_HOLDS_ALL = "一家企业占了全部 / one plant holds everything"
ONE_REFERENCE = "参照只在一个地区 / the reference lies in one place only"
NO_VARIANCE = "随机分布下没有波动 / chance gives no variance"
ONE_OF_GROUP = "组内不足两个行业 / fewer than two sectors in the group"


def ellison_glaeser(plants: pd.DataFrame, *, reference: pd.Series) -> pd.DataFrame:
    """
    Return the Ellison-Glaeser index of each sector: concentration net of plant sizes.

    Parameters
    ----------
    plants
        A row for each plant or firm: ``place_id sector size`` [persons, or 1 for each]. Other columns
        are passed over.
    reference
        Size of every place by place_id: counts of any unit, such as all employment, or shares that
        sum to 1. Its places are the world: those without plants belong in it.

    Returns
    -------
    DataFrame
        By sector, sorted: ``gamma``, 0 by chance, below 0 if more even than chance (above 0.05 is
        called high, below 0.02 low; it has no fixed ends, and passes 1 where all plants are in a
        small place); ``G`` = sum (s_j - x_j)^2, 0..2; ``H``, the HHI of plant sizes, 1/n_plants..1;
        ``z``, the standardised G under chance; ``n_plants`` [count]. What is undefined
        is NaN, with the reason in ``.attrs["undefined"]``: {(sector, column): reason}.
        ``.attrs["dropped"]``: {sector: plants of size zero, left out}.

    Raises
    ------
    InputError
        If a size is negative, missing, infinite or no number, a place or sector is missing, or a
        place is not in `reference`; if the reference is zero or its shares do not sum to 1.

    Notes
    -----
    gamma = [G - (1 - X) H] / [(1 - X)(1 - H)] with X = sum x_j^2. A sector of one plant has no gamma.
    The sign depends on the reference: all employment, population and area give different answers.
    Without sizes, a size of 1 each makes H = 1 / n_plants.

    References
    ----------
    Ellison, G. and Glaeser, E. L. (1997). Geographic Concentration in U.S. Manufacturing Industries:
    A Dartboard Approach. Journal of Political Economy 105(5), 889-927, equation (5); variance p. 907.

    Examples
    --------
    Two equal places, two equal plants in p: G = 0.5^2 + 0.5^2 = 0.5, X = 0.5, H = 0.5, so
    gamma = (0.5 - 0.25) / (0.5 x 0.5) = 1.

    >>> plants = pd.DataFrame({"place_id": ["p", "p"], "sector": ["chips"] * 2, "size": [5, 5]})
    >>> ellison_glaeser(plants, reference=pd.Series({"p": 10, "q": 10})).round(6)
            gamma    G    H    z  n_plants
    sector
    chips     1.0  0.5  0.5  1.0         2
    """
    darts = thrown(plants, reference)
    x, h, room = darts.reference[:, None], darts.herfindahl, darts.room
    raw = ordered_sum(darts.gap**2, 1).ravel()
    x2, x3 = 1 - room, float(ordered_sum(x**3, 0)[0, 0])
    variance = 2 * (h**2 * (x2 - 2 * x3 + x2**2) - darts.fourth * (x2 - 4 * x3 + 3 * x2**2))
    excess = raw - room * h
    single = (darts.n_plants < 2) | (1 - h <= 0) | (room <= 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        gamma = np.where(single, np.nan, excess / (room * (1 - h)))
        flat = single | ~(variance > np.finfo("float64").eps * h**2)
        z = np.where(flat, np.nan, excess / np.sqrt(np.maximum(variance, 0)))
    answer = pd.DataFrame(
        {"gamma": gamma, "G": raw, "H": h, "z": z, "n_plants": darts.n_plants},
        index=darts.sectors,
    )
    undefined: dict[tuple[Any, str], str] = {}
    for i, j in np.argwhere(answer[["gamma", "G", "H", "z"]].isna().to_numpy()).tolist():
        why = _why(int(darts.n_plants[i]), room, float(h[i]))
        undefined[darts.sectors[i], ("gamma", "G", "H", "z")[j]] = why or NO_VARIANCE
    answer.attrs["undefined"] = undefined
    answer.attrs["dropped"] = darts.dropped
    return answer


def coagglomeration(plants: pd.DataFrame, *, reference: pd.Series) -> pd.DataFrame:
    """
    Return for each two sectors whether their plants gather in the same places.

    Parameters
    ----------
    plants, reference
        As for `ellison_glaeser`.

    Returns
    -------
    DataFrame
        A row for each pair a < b: ``a b gamma``, gamma = sum (s_aj - x_j)(s_bj - x_j) / (1 - X): 0 by
        chance, above 0 together, below 0 apart. NaN where one of them has no plant, with the
        reason in ``.attrs["undefined"]``: {(a, b, "gamma"): reason}; ``.attrs["dropped"]`` as there.

    Raises
    ------
    InputError
        As `ellison_glaeser`.

    Notes
    -----
    Plant sizes do not enter beyond the shares: plants of two sectors fall independently.

    References
    ----------
    Ellison, G., Glaeser, E. L. and Kerr, W. R. (2010). What Causes Industry Agglomeration? American
    Economic Review 100(3), 1195-1213, equation (1).

    Examples
    --------
    Two equal places, chips in p and cars in q: (0.5)(-0.5) + (-0.5)(0.5) = -0.5, over 1 - 0.5: -1.

    >>> plants = pd.DataFrame({"place_id": ["p", "q"], "sector": ["chips", "cars"], "size": [5, 5]})
    >>> coagglomeration(plants, reference=pd.Series({"p": 10, "q": 10}))
          a      b  gamma
    0  cars  chips   -1.0
    """
    darts = thrown(plants, reference)
    first, second = np.triu_indices(len(darts.sectors), 1)
    answer = pd.DataFrame(
        {
            "a": darts.sectors[first],
            "b": darts.sectors[second],
            "gamma": _together(darts)[first, second],
        }
    )
    missing = answer.loc[answer["gamma"].isna(), ["a", "b"]].itertuples(index=False)
    why = ONE_REFERENCE if darts.room <= 0 else NO_PLANT
    answer.attrs["undefined"] = {(a, b, "gamma"): why for a, b in missing}
    answer.attrs["dropped"] = darts.dropped
    return answer


def group_coagglomeration(
    plants: pd.DataFrame, groups: Mapping[Any, Any] | pd.Series, *, reference: pd.Series
) -> pd.Series:
    """
    Return for each group of sectors whether its sectors gather in the same places.

    Parameters
    ----------
    plants
        As for `ellison_glaeser`.
    groups
        The group of each sector, such as field to cluster.
    reference
        As for `ellison_glaeser`.

    Returns
    -------
    Series
        ``gamma`` by group, sorted: 0 if its sectors lie independently, above 0 together. NaN where
        fewer than two sectors of the group have plants, with the reason in
        ``.attrs["undefined"]``.

    Raises
    ------
    InputError
        As `ellison_glaeser`; or if a sector has no group.

    Notes
    -----
    With v_k the size of sector k as a share of its group, H = sum v_k^2 H_k, and s the shares of the
    group taken together, gamma = [G / (1 - X) - H - sum gamma_k v_k^2 (1 - H_k)] / (1 - sum v_k^2).
    Putting in gamma_k (1 - H_k) = G_k / (1 - X) - H_k leaves (G - sum v_k^2 G_k) over (1 - X)(1 - sum
    v_k^2): the mean of the pairs of `coagglomeration`, each weighted with v_k v_l. So a sector of one
    plant, which has no gamma_k, is no obstacle.

    References
    ----------
    Ellison and Glaeser (1997), as for `ellison_glaeser`, section V.

    Examples
    --------
    >>> plants = pd.DataFrame({"place_id": ["p", "q"], "sector": ["chips", "cars"], "size": [5, 5]})
    >>> group_coagglomeration(plants, {"chips": "it", "cars": "it"},
    ...                       reference=pd.Series({"p": 10, "q": 10})).to_dict()
    {'it': -1.0}
    """
    darts = thrown(plants, reference)
    if not isinstance(groups, (Mapping, pd.Series)):
        refuse_type(
            "groups", groups, "行业到组的 Series 或 dict", "a Series or dict sector -> group"
        )
    known = dict(groups.items())
    of_sector = pd.Series([known.get(s) for s in darts.sectors], index=darts.sectors, dtype=object)
    Findings(_no_group(s) for s in of_sector.index[of_sector.isna()]).stop()
    code, names = sorted_codes(of_sector)
    pair, found = _together(darts), np.full(len(names), np.nan)
    for g in range(len(names)):
        member = np.flatnonzero((code == g) & (darts.n_plants > 0))
        both = list(combinations(member, 2))
        if both:
            size = dict(zip(member, shares(darts.amount[member, None], 0).ravel(), strict=True))
            weight = np.array([size[k] * size[m] for k, m in both])
            each = np.array([pair[k, m] for k, m in both])
            found[g] = float((weight * each).sum() / weight.sum())
    answer = pd.Series(found, index=names, name="gamma")
    why = ONE_REFERENCE if darts.room <= 0 else ONE_OF_GROUP
    answer.attrs["undefined"] = dict.fromkeys(names[np.isnan(found)], why)
    return answer


def _together(darts: Darts) -> FloatArray:
    """Return gamma of all pairs, sectors x sectors."""
    if darts.room <= 0:
        return np.full((len(darts.sectors),) * 2, np.nan)
    return np.asarray(darts.gap @ darts.gap.T / darts.room, dtype="float64")


def _why(n_plants: int, room: float, herfindahl: float) -> str:
    """Return why a sector has no gamma, or nothing."""
    if n_plants == 0:
        return NO_PLANT
    if room <= 0:
        return ONE_REFERENCE
    if n_plants == 1:
        return ONE_PLANT
    return ONE_HOLDS_ALL if 1 - herfindahl <= 0 else ""


def _no_group(sector: object) -> Finding:
    """Return the finding about a sector without group."""
    return Finding(
        code="E-CON-10",
        sheet="groups",
        value=str(sector),
        reason="这个行业没有归组",
        reason_en="this sector has no group",
        fix="请为每个行业给出所属的组",
        fix_en="Give every sector its group",
    )
