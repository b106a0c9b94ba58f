"""Theil's two measures of inequality, and their parts between and within groups of places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import kl_div

from siting.concentration.checking import (
    FloatArray,
    Values,
    checked_reference,
    checked_values,
    matched,
)
from siting.concentration.sharing import SAME, ordered_sum, shares
from siting.errors import Finding, Findings, stop
from siting.schema import check_choice

Variant = Literal["T", "L"]
UNDEFINED = {
    "zero": "全部为零 / all values are zero",
    "one": "只有一个地区，无从比较 / one place alone cannot be compared",
    "log": "L 型遇零无定义 / variant L is not defined where a value is zero",
}


@dataclass(frozen=True, slots=True)
class TheilParts:
    """
    Theil's measure of all places, and its two parts: total = between + within [nats].

    ``parts["total"]`` is the same as ``parts.total``. `reason` says why they are NaN, if they are.
    `groups` has a row for each group: its `share` of the values, its `size` in the reference, and
    `theil`, the inequality inside it.
    """

    total: float
    between: float
    within: float
    groups: pd.DataFrame
    variant: str = "T"
    reason: str = ""

    def __getitem__(self, name: str) -> float:
        """Return ``total``, ``between`` or ``within``."""
        return float(getattr(self, check_choice(name, ("total", "between", "within"), "part")))


def theil(values: Values, *, variant: Variant = "T", reference: Values | None = None) -> float:
    """
    Return Theil's measure of inequality, T or L.

    Parameters
    ----------
    values
        Amounts >= 0, one for each place.
    variant
        ``T``: sum s ln(s / x). ``L``, the mean log deviation: sum x ln(x / s). s are the shares of
        the values, x those of the reference.
    reference
        Counts of any unit, or shares that sum to 1, such as area or all employment: the measure is
        then relative, 0 where the values lie as the reference does. Without it each place counts
        1/n. Matched by label if both are Series.

    Returns
    -------
    float
        Nats: 0 (equal) .. ln n for T without reference; L has no upper end. NaN where it is
        undefined: all values are zero, there is one place only, or L meets a zero.

    Raises
    ------
    InputError
        If an amount is negative, missing, infinite or no number; if the reference does not belong
        to the values, or is zero where a value is not.

    Notes
    -----
    0 ln 0 is 0. Values in constant ratio to the reference, up to a relative 1e-12, give 0 exactly.

    References
    ----------
    Theil, H. (1967). Economics and Information Theory, North-Holland, ch. 4. Relative version:
    Brülhart, M. and Traeger, R. (2005). An Account of Geographic Concentration Patterns in Europe.
    Regional Science and Urban Economics 35(6), 597-624.

    Examples
    --------
    One of two holds all: T = 1 x ln(1 / 0.5) = ln 2. Shares 0.2 and 0.8:
    L = 0.5 ln(0.5 / 0.2) + 0.5 ln(0.5 / 0.8) = 0.223.

    >>> round(theil([0, 5], variant="T"), 6), round(theil([1, 4], variant="L"), 6)
    (0.693147, 0.223144)
    """
    check_choice(variant, ("T", "L"), "variant")
    share, base = _sides(values, reference)
    if _why_undefined(share, variant, base):
        return float("nan")
    return _divergence(*((share, base) if variant == "T" else (base, share)))


def theil_decomposition(
    values: Values,
    groups: pd.Series | Mapping[Any, Any] | npt.ArrayLike,
    *,
    variant: Variant = "T",
    reference: Values | None = None,
) -> TheilParts:
    """
    Return Theil's measure with its part between groups of places and its part within them.

    Parameters
    ----------
    values
        Amounts >= 0, one for each place.
    groups
        The group of each place, such as its district; matched by label if both are Series.
    variant, reference
        As for `theil`.

    Returns
    -------
    TheilParts
        ``total between within`` [nats], total = between + within; ``groups``; ``reason``. NaN
        where `theil` is.

    Raises
    ------
    InputError
        As `theil`; or if a place has no group.

    Notes
    -----
    With S_g and X_g the shares of group g in the values and in the reference, T = sum S_g ln(S_g /
    X_g) + sum S_g T_g; for L the roles of S and X change. A group without values adds nothing to
    the T within, and its own T is NaN. A group of one place has no inequality inside.

    References
    ----------
    Shorrocks, A. F. (1980). The Class of Additively Decomposable Inequality Measures. Econometrica
    48(3), 613-625. Relative version: Brülhart and Traeger (2005), as for `theil`.

    Examples
    --------
    All in group b, evenly: between = ln 2, within = 0.

    >>> parts = theil_decomposition([0, 0, 10, 10], ["a", "a", "b", "b"])
    >>> round(parts.total, 6), round(parts.between, 6), parts["within"]
    (0.693147, 0.693147, 0.0)
    """
    check_choice(variant, ("T", "L"), "variant")
    share, base = _sides(values, reference)
    code, names = _grouped(values, groups)
    of_group = np.array([ordered_sum(share[code == g, None], 0)[0, 0] for g in range(len(names))])
    size = np.array([ordered_sum(base[code == g, None], 0)[0, 0] for g in range(len(names))])
    reason = _why_undefined(share, variant, base)
    inside = np.full(len(names), np.nan)
    if not reason:
        inside = np.array(
            [_inside(share[code == g], base[code == g], variant) for g in range(len(names))]
        )
    table = pd.DataFrame({"share": of_group, "size": size, "theil": inside}, index=names)
    if reason:
        nan = float("nan")
        return TheilParts(nan, nan, nan, table, variant, UNDEFINED[reason])
    main, other = (share, base) if variant == "T" else (base, share)
    outer, outer_other = (of_group, size) if variant == "T" else (size, of_group)
    # A group without weight adds nothing, whatever its NaN inside.
    within = float(ordered_sum(np.where(outer > 0, outer * inside, 0.0)[:, None], 0)[0, 0])
    return TheilParts(
        _divergence(main, other), _divergence(outer, outer_other), within, table, variant
    )


def _sides(values: Values, reference: Values | None) -> tuple[FloatArray, FloatArray]:
    """Return the shares of the values (NaN if all are zero) and of the reference."""
    amounts, index = checked_values(values, "values")
    share = shares(amounts[:, None], 0).ravel()
    if reference is None:
        return share, np.full(amounts.size, 1 / amounts.size)
    base, _ = checked_reference(matched(values, reference, "reference"))
    findings = Findings(
        Finding(
            code="E-CON-11",
            sheet="reference",
            row=i + 2,
            value=f"{index[i]}: {amounts[i]:g}",
            reason="参照为零的地方却有数量",
            reason_en="an amount where the reference is zero",
            fix="请核对该地区的参照数",
            fix_en="Check the reference of this place",
        )
        for i in np.flatnonzero((base == 0) & (amounts > 0)).tolist()
    )
    findings.stop()
    return share, shares(base[:, None], 0).ravel()


def _why_undefined(share: FloatArray, variant: str, base: FloatArray) -> str:
    """Return the key of the reason why there is no value, or nothing."""
    if np.isnan(share).any():
        return "zero"
    if share.size == 1:
        return "one"
    return "log" if variant == "L" and ((share == 0) & (base > 0)).any() else ""


def _divergence(main: FloatArray, other: FloatArray) -> float:
    """Return sum main ln(main / other) of two lines of shares; each term is kept above zero."""
    held = (main > 0) | (other > 0)
    main, other = main[held], other[held]
    with np.errstate(divide="ignore", over="ignore"):
        ratio = main / other
    if ratio.max() - ratio.min() <= SAME * ratio.max():
        return 0.0
    return float(ordered_sum(kl_div(main, other)[:, None], 0)[0, 0])


def _inside(share: FloatArray, base: FloatArray, variant: str) -> float:
    """Return the inequality inside one group; NaN if it holds nothing."""
    own, own_base = shares(share[:, None], 0).ravel(), shares(base[:, None], 0).ravel()
    if np.isnan(own).any() or np.isnan(own_base).any():
        return float("nan")
    return _divergence(*((own, own_base) if variant == "T" else (own_base, own)))


def _grouped(values: Values, groups: Any) -> tuple[npt.NDArray[np.intp], pd.Index]:
    """Return the number of each place's group, and the names of the groups in order."""
    line = pd.Series(matched(values, groups, "groups"))
    findings = Findings(
        Finding(
            code="E-CON-10",
            sheet="groups",
            row=i + 2,
            value=str(line.index[i]),
            reason="这个地区没有归组",
            reason_en="this place has no group",
            fix="请为每个地区给出所属的组",
            fix_en="Give every place its group",
        )
        for i in np.flatnonzero(line.isna().to_numpy()).tolist()
    )
    findings.stop()
    return sorted_codes(line)


def sorted_codes(line: pd.Series) -> tuple[npt.NDArray[np.intp], pd.Index]:
    """Return codes and names in sorted order, so that the order of the rows cannot show."""
    codes, names = pd.factorize(line)
    try:
        order = sorted(range(len(names)), key=lambda i: names[i])
    except TypeError:
        stop(
            code="E-CON-12",
            sheet=str(line.name or "groups"),
            value=", ".join(sorted({type(name).__name__ for name in names})),
            reason="名称的类型不一",
            reason_en="names of several types",
            fix="请都用文本",
            fix_en="Use text for all of them",
        )
    place = np.empty(len(names), dtype=np.intp)
    place[order] = np.arange(len(names))
    return place[codes], pd.Index([names[i] for i in order])
