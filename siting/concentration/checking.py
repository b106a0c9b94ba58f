"""What may enter an index: tables, vectors and references of amounts, checked cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from numbers import Real
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt
import pandas as pd

from siting.errors import Finding, Findings, InputError, stop
from siting.schema import require_unique

FloatArray = npt.NDArray[np.float64]
Values = pd.Series | npt.ArrayLike
TOGETHER = 1e-6  # how far shares may be from 1 together


def checked_table(table: pd.DataFrame | pd.Series) -> tuple[pd.DataFrame, FloatArray]:
    """
    Return a table of places x sectors and its amounts as floats; a Series is one sector.

    Raises
    ------
    InputError
        With one finding for each cell that is negative, missing, infinite or no number, and for
        each label that occurs twice; or if there is no cell at all.
    """
    frame = table.to_frame() if isinstance(table, pd.Series) else table
    if not isinstance(frame, pd.DataFrame):
        refuse_type("table", table, "地区 × 行业的 DataFrame", "a DataFrame of places x sectors")
    if frame.size == 0:
        refuse_empty("table")
    findings = Findings(repeated(frame.index, "table") + repeated(frame.columns, "table"))
    amounts = as_floats(frame)
    for i, j in np.argwhere(~(np.isfinite(amounts) & (amounts >= 0))).tolist():
        cell: Any = frame.iloc[i, j]
        findings.append(bad_amount("table", i, frame.columns[j], f"{frame.index[i]}: {cell}", cell))
    findings.stop()
    return frame, amounts


def checked_values(values: Values, what: str) -> tuple[FloatArray, pd.Index]:
    """Return one line of amounts and its labels; positions where it comes without labels."""
    if not _is_line(values):
        refuse_type(what, values, "一列数", "one line of numbers")
    line = values if isinstance(values, pd.Series) else pd.Series(values)
    if line.size == 0:
        refuse_empty(what)
    amounts = as_floats(line.to_frame()).ravel()
    good = np.isfinite(amounts) & (amounts >= 0)
    findings = Findings(
        bad_amount(what, i, "", f"{line.index[i]}: {line.iloc[i]}", line.iloc[i])
        for i in np.flatnonzero(~good).tolist()
    )
    findings.stop()
    return amounts, line.index


def _is_line(given: Any) -> bool:
    """Return whether something is one line of values."""
    if isinstance(given, (str, bytes, Mapping, pd.DataFrame)):
        return False
    try:
        return bool(np.ndim(given) == 1)
    except ValueError:  # lists of unequal lengths
        return False


def matched(values: Values, other: Any, what: str) -> Any:
    """
    Return `other` in the order of `values`: by label where both have labels, else by position.

    Raises
    ------
    InputError
        If the labels are not the same, one of them occurs twice, or the lengths differ.
    """
    if isinstance(other, Mapping):
        other = pd.Series(other)
    if isinstance(values, pd.Series) and isinstance(other, pd.Series):
        if values.index.equals(other.index):
            return other
        require_unique(values.index, "values")
        require_unique(other.index, what)
        lone = values.index.symmetric_difference(other.index, sort=False)
        findings = Findings(_lone_label(key, key in other.index, what) for key in lone)
        findings.stop()
        return other.reindex(values.index)
    if not _is_line(other):
        refuse_type(what, other, "一列值", "one line of values")
    if len(other) != np.size(values):
        stop(
            code="E-CON-05",
            sheet=what,
            value=f"{np.size(values)} / {len(other)}",
            reason="两列长度不同",
            reason_en="the two lines are not of the same length",
            fix="请逐项给出，或都用带标签的 Series",
            fix_en="Give one for each, or give both as Series with labels",
        )
    return other


def checked_reference(reference: Values, what: str = "reference") -> tuple[FloatArray, pd.Index]:
    """
    Return a reference as amounts: counts of any unit, or shares that sum to 1.

    Raises
    ------
    InputError
        As for `checked_values`; if all is zero; or if it holds fractions of at most 1, as shares
        do, that do not sum to 1: whether something is missing there nobody can know.
    """
    amounts, index = checked_values(reference, what)
    if not amounts.any():
        stop(
            code="E-CON-06",
            sheet=what,
            reason="参照全部为零",
            reason_en="the reference is zero everywhere",
            fix="请给出各地区的总量，例如全部从业人员",
            fix_en="Give the size of each place, such as all employment",
        )
    check_shares(amounts, what)
    return amounts, index


def like_shares(amounts: FloatArray) -> bool:
    """Return whether amounts are fractions of at most 1, as shares are."""
    return amounts.max() <= 1 and bool((amounts % 1).any())


def check_shares(amounts: FloatArray, what: str) -> None:
    """Stop if amounts that look like shares do not sum to 1."""
    if like_shares(amounts) and abs(amounts.sum() - 1) > TOGETHER:
        stop(
            code="E-CON-07",
            sheet=what,
            value=f"{amounts.sum():.6g}",
            reason="份额之和不为 1",
            reason_en="the shares do not sum to 1",
            fix="请补齐份额，或改给原始数量；数量都不到 1 的，请换成较小的单位",
            fix_en="Complete the shares, or give the counts that they come from; amounts below 1 in a "
            "smaller unit",
        )


def as_floats(frame: pd.DataFrame) -> FloatArray:
    """Return the cells as floats; what is no number is NaN, and text is no number."""
    if all(pd.api.types.is_any_real_numeric_dtype(t) or t.kind == "b" for t in frame.dtypes):
        return frame.to_numpy(dtype="float64", na_value=np.nan)
    cells = frame.to_numpy(dtype=object)
    return np.array([as_number(c) for c in cells.ravel()], dtype="float64").reshape(cells.shape)


def as_number(cell: Any) -> float:
    """Return a cell as a float: NaN for what is no number, infinity for what is too large."""
    if not isinstance(cell, (Real, np.bool_)):
        return np.nan
    try:
        return float(cell)
    except OverflowError:
        return np.inf


def repeated(index: pd.Index, what: str) -> list[Finding]:
    """Return a finding for each label that occurs more than once."""
    return gathered(require_unique, index, what)


def gathered(check: Callable[..., object], *given: Any) -> list[Finding]:
    """Return what a check of `schema` would stop with, so that it can be told with the rest."""
    try:
        check(*given)
    except InputError as error:
        return list(error.findings)
    return []


def bad_amount(what: str, position: int, column: object, value: str, cell: Any) -> Finding:
    """Return the finding about one cell; `position` counts from 0 below the header."""
    number = as_number(cell)
    if number < 0:
        said = ("数量不能为负", "an amount cannot be negative")
    elif np.isinf(number):
        said = ("数量不能为无穷大", "an amount cannot be infinite")
    elif pd.api.types.is_scalar(cell) and pd.isna(cell):
        said = ("缺少数量", "the amount is missing")
    else:
        said = ("不是数", "not a number")
    return Finding(
        code="E-CON-01",
        sheet=what,
        row=position + 2,
        column=str(column),
        value=value,
        reason=said[0],
        reason_en=said[1],
        fix="请填不小于 0 的数；没有的填 0",
        fix_en="Put a number of at least 0; 0 where there is nothing",
    )


def _lone_label(key: object, only_there: bool, what: str) -> Finding:
    """Return the finding about a label that only one of two lines has."""
    zh, en = (f"只有 {what} 里有", f"only {what} has it") if only_there else ("", "")
    return Finding(
        code="E-CON-04",
        sheet=what,
        value=str(key),
        reason=zh or f"{what} 里没有这个标签",
        reason_en=en or f"{what} does not have this label",
        fix="两边的标签须一致",
        fix_en="Both sides must have the same labels",
    )


def refuse_type(what: str, given: object, zh: str, en: str) -> NoReturn:
    """Raise an InputError that says what kind of thing is expected."""
    stop(
        code="E-CON-02",
        sheet=what,
        value=type(given).__name__,
        reason="类型不对",
        reason_en="wrong type",
        fix=f"应为{zh}",
        fix_en=f"Give {en}",
    )


def refuse_empty(what: str) -> NoReturn:
    """Raise an InputError about a table or a line without any cell."""
    stop(
        code="E-CON-03",
        sheet=what,
        reason="没有数据",
        reason_en="nothing in it",
        fix="请给出至少一行一列",
        fix_en="Give at least one row and one column",
    )


def refuse_option(name: str, value: object, zh: str, en: str) -> NoReturn:
    """Raise an InputError about a number given as an option."""
    stop(
        code="E-CON-08",
        column=name,
        value=str(value),
        reason="选项的值不可用",
        reason_en="this value cannot be used",
        fix=f"应为{zh}",
        fix_en=f"Give {en}",
    )
