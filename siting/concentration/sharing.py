"""Totals and shares that neither overflow nor depend on the order of the rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from siting.concentration.checking import FloatArray, checked_table
from siting.schema import check_choice

Over = Literal["places", "sectors"]
SAME = 1e-12  # a relative spread below this is the noise of floats, so the values are equal

NO_PLACE = "该地区合计为零 / the place has a total of zero"
NO_SECTOR = "该行业合计为零 / the sector has a total of zero"
ONE_PLACE = "只有一个地区，无从比较 / one place alone cannot be compared"
ONE_SECTOR = "只有一个行业，无从比较 / one sector alone cannot be compared"
TOO_LARGE = "超出浮点数的范围 / beyond the range of floats"


def holds(amounts: FloatArray, axis: int) -> npt.NDArray[np.bool_]:
    """Return which slices along `axis` hold anything."""
    return np.asarray(amounts.any(axis=axis), dtype=bool)


def ordered_sum(amounts: FloatArray, axis: int) -> FloatArray:
    """Return sums along `axis`, which stays as 1; sorted first, so that row order cannot show."""
    ordered = np.sort(np.ascontiguousarray(amounts), axis=axis)
    return np.asarray(ordered.sum(axis=axis, keepdims=True), dtype="float64")


def totals(amounts: FloatArray, axis: int) -> tuple[FloatArray, FloatArray, npt.NDArray[np.int32]]:
    """
    Return the amounts scaled, their totals, and the powers of two that the scaling took out.

    Each slice is scaled by a power of two, which is exact: 1e-300 keeps all its digits and 1e300
    cannot overflow.
    """
    exponent = np.frexp(amounts.max(axis=axis, keepdims=True))[1]
    scaled = np.ldexp(amounts, -exponent)
    return scaled, ordered_sum(scaled, axis), exponent


def shares(amounts: FloatArray, axis: int) -> FloatArray:
    """Return each amount as a share of its slice along `axis`; NaN where that slice is zero."""
    scaled, total, _ = totals(amounts, axis)
    out = np.full(scaled.shape, np.nan)
    np.divide(scaled, total, out=out, where=total > 0)
    return out


def sizes(amounts: FloatArray, axis: int) -> FloatArray:
    """Return the total of each slice along `axis` as a share of everything; NaN if all is zero."""
    _, total, exponent = totals(amounts, axis)
    # The empty slices have no say in the scale: they would push tiny ones below the least float.
    top = exponent[total > 0].max(initial=-2000)
    return shares(np.ldexp(total, exponent - top), 1 - axis)


def weighed(table: pd.DataFrame | pd.Series, over: Over) -> tuple[FloatArray, pd.Index, str, str]:
    """
    Return shares over places (or sectors) with the things that are asked about as columns.

    Returns
    -------
    shares, labels, reason, reason_one
        Shares of each column sum to 1, or are NaN; the label of each column; why a column can be
        NaN; what to say where a column has one row only.
    """
    check_choice(over, ("places", "sectors"), "over")
    frame, amounts = checked_table(table)
    if over == "places":
        return shares(amounts, 0), frame.columns, NO_SECTOR, ONE_PLACE
    return shares(amounts, 1).T, frame.index, NO_PLACE, ONE_SECTOR


def told(
    values: Iterable[float] | FloatArray, index: pd.Index, name: str, reason: str | dict[int, str]
) -> pd.Series:
    """Return a Series whose `attrs` say why a value is NaN; `reason` for all, or by position."""
    answer = pd.Series(np.asarray(values, dtype="float64").ravel(), index=index, name=name)
    missing = np.flatnonzero(answer.isna().to_numpy()).tolist()
    answer.attrs["undefined"] = {
        index[i]: reason if isinstance(reason, str) else reason[i] for i in missing
    }
    return answer
