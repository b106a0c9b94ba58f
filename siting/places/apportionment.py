"""Figures of one set of units on another: counts to the unit, densities by their weights."""

from __future__ import annotations

from fractions import Fraction
from math import fsum
from typing import Any, Literal, NoReturn, TypeVar

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_integer_dtype, is_numeric_dtype

from siting.errors import Finding, Findings, stop
from siting.schema import check_choice, check_weights, require_columns, require_unique

Figures = TypeVar("Figures", pd.Series, pd.DataFrame)
WHOLE = 1e-9  # shares of one unit may miss 1 by so much


def apportion(
    values: Figures,
    crosswalk: pd.DataFrame,
    *,
    kind: Literal["extensive", "intensive"] = "extensive",
    weights: pd.Series | None = None,
) -> Figures:
    """
    Return figures of one set of units for another, nothing lost on the way.

    Parameters
    ----------
    values
        Numbers by ``from_id``, one for each unit of the crosswalk.
    crosswalk
        Columns ``from_id``, ``to_id``, ``share`` (0..1; the shares of one ``from_id`` sum to 1), as
        `siting.places.crosswalk` gives them.
    kind : {"extensive", "intensive"}
        What the numbers are. ``extensive``: counts and amounts that add up (persons, jobs, km2),
        each divided by the shares. ``intensive``: densities, rates, shares and quotients, which do
        not add up; they are averaged with `weights`.
    weights
        For intensive figures: what each is per (persons, km2), an extensive figure by ``from_id``.

    Returns
    -------
    Series or DataFrame
        As `values`, by ``to_id``, sorted. Whole numbers stay whole: each is divided by largest
        remainder (a tie goes to the lower ``to_id``), so its parts sum to it exactly. An intensive
        figure of a unit without weight is NaN, with the reason in ``attrs["undefined"]``. Where a
        figure was divided, ``attrs["notes_zh"]`` and ``attrs["notes_en"]`` say on what assumption.

    Raises
    ------
    InputError
        If a number is missing, infinite or none; if the units of `values` and of the crosswalk are
        not the same; if the crosswalk repeats a pair or its shares do not sum to 1; if an intensive
        figure comes without weights.

    Notes
    -----
    A share of ground is not a share of people or jobs: the parts of a divided unit are estimates
    that suppose an even spread, while sums over all units are exact. The way back therefore gives
    back all totals, and areas, but not each figure.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {"from_id": ["a", "a", "b"], "to_id": ["x", "y", "y"], "share": [0.25, 0.75, 1.0]})
    >>> apportion(pd.Series({"a": 10, "b": 1}), table).to_dict()
    {'x': 3, 'y': 8}
    >>> density, area = pd.Series({"a": 10.0, "b": 1.0}), pd.Series({"a": 4.0, "b": 1.0})
    >>> apportion(density, table, kind="intensive", weights=area).to_dict()
    {'x': 10.0, 'y': 7.75}
    """
    check_choice(kind, ("extensive", "intensive"), "kind")
    if (weights is None) != (kind == "extensive"):
        _stop_weights(kind)
    shares = _shares(crosswalk)
    table = values.to_frame() if isinstance(values, pd.Series) else values
    _check_values(table, shares)
    base: pd.Series | None = None
    if weights is None:
        columns = [_divided(table.iloc[:, i], shares) for i in range(table.shape[1])]
    else:
        per = check_weights(weights, pd.Index(shares["from_id"].unique()))
        base = _divided(per, shares)
        columns = [
            _divided(table.iloc[:, i] * per, shares) / base.where(base > 0)
            for i in range(table.shape[1])
        ]
    index = pd.Index(sorted(shares["to_id"].unique()), name=table.index.name)
    answer = pd.DataFrame(dict(enumerate(columns)), index=index)
    answer.columns = table.columns
    answer.attrs = _told(shares, base, kind)
    if isinstance(values, pd.Series):
        only: pd.Series = answer.iloc[:, 0]
        only.name = values.name
        only.attrs = dict(answer.attrs)
        return only
    return answer


def _divided(column: pd.Series, shares: pd.DataFrame) -> pd.Series:
    """Return the sums of the parts by ``to_id``; whole numbers are divided without a rest."""
    parts: dict[Any, list[Any]] = {}
    whole = is_integer_dtype(column)
    for unit, rows in shares.groupby("from_id", sort=False):
        cut = _by_largest_remainder if whole else _in_proportion
        for other, part in zip(rows["to_id"], cut(column[unit], rows["share"]), strict=True):
            parts.setdefault(other, []).append(part)
    total = sum if whole else fsum
    dtype = "int64" if whole else "float64"
    return pd.Series({key: total(one) for key, one in parts.items()}, dtype=dtype)


def _in_proportion(value: float, shares: pd.Series) -> list[float]:
    return [float(value) * share for share in shares]


def _by_largest_remainder(value: int, shares: pd.Series) -> list[int]:
    """Return whole parts that sum to `value`, each less than 1 from its share, in exact figures."""
    exact = [Fraction(share) for share in shares]
    quotas = [int(value) * share / sum(exact) for share in exact]
    parts = [quota.__floor__() for quota in quotas]
    most = sorted(range(len(parts)), key=lambda i: (parts[i] - quotas[i], i))
    for i in most[: int(value) - sum(parts)]:
        parts[i] += 1
    return parts


def _shares(crosswalk: pd.DataFrame) -> pd.DataFrame:
    """Return the crosswalk sorted, the shares of each unit summing to 1; or stop."""
    require_columns(crosswalk, ("from_id", "to_id", "share"), "crosswalk")
    require_unique(pd.MultiIndex.from_frame(crosswalk[["from_id", "to_id"]]), "crosswalk")
    table = crosswalk[["from_id", "to_id", "share"]].sort_values(
        ["from_id", "to_id"], ignore_index=True
    )
    total = table.groupby("from_id")["share"].transform("sum")
    wrong = ~(table["share"].between(0, 1) & ((total - 1).abs() <= WHOLE))
    sums = total[wrong].groupby(table["from_id"]).first()
    Findings(
        Finding(
            code="E-PLACE-09",
            sheet="crosswalk",
            column="share",
            value=f"{unit}: {one:.12g}",
            reason="份额须在 0 到 1 之间，同一单元的份额合计须为 1",
            reason_en="shares must be from 0 to 1, and those of a unit must sum to 1",
            fix="请用 siting.places.crosswalk 的结果，或改正份额",
            fix_en="Take what siting.places.crosswalk gives, or correct the shares",
        )
        for unit, one in sums.items()
    ).stop()
    return table.assign(share=table["share"] / total)


def _check_values(table: pd.DataFrame, shares: pd.DataFrame) -> None:
    """Stop with every unit that is unknown or missing, and every number that is none."""
    require_unique(table.index, "values")
    known = pd.Index(shares["from_id"].unique())
    findings = Findings()
    for key in table.index.difference(known, sort=False):
        said = ("换算表里没有这个单元", "the crosswalk has no such unit")
        findings.append(_wrong("E-PLACE-10", "", str(key), said))
    for key in known.difference(table.index, sort=False):
        said = ("这个单元没有数", "this unit has no figure")
        findings.append(_wrong("E-PLACE-11", "", str(key), said))
    for i, name in enumerate(table.columns):
        column = table.iloc[:, i]
        number = is_numeric_dtype(column) and not is_bool_dtype(column)
        for key, value in column.items():
            if not number or pd.isna(value) or not np.isfinite(float(value)):
                said = ("缺数，或不是有限的数", "missing, or no finite number")
                findings.append(_wrong("E-PLACE-12", str(name), f"{key}: {value}", said))
    findings.stop()


def _wrong(code: str, column: str, value: str, said: tuple[str, str]) -> Finding:
    return Finding(
        code=code,
        sheet="values",
        column=column,
        value=value,
        reason=said[0],
        reason_en=said[1],
        fix="请给换算表的每个 from_id 一个数；确知为零才写 0",
        fix_en="Give one number for each from_id of the crosswalk; 0 only where it is known to be 0",
    )


def _stop_weights(kind: str) -> NoReturn:
    needs = kind == "intensive"
    stop(
        code="E-PLACE-13",
        column="weights",
        value=kind,
        reason="密度、比率不能直接分摊，须有权重" if needs else "总量按份额分摊，不用权重",
        reason_en="densities and rates need weights"
        if needs
        else "amounts are divided by shares and take no weights",
        fix="请给出 weights=（分母，如面积、人口）" if needs else '比率请用 kind="intensive"',
        fix_en="Give weights= (what they are per)" if needs else 'For rates say kind="intensive"',
    )


def _told(shares: pd.DataFrame, base: pd.Series | None, kind: str) -> dict[Any, Any]:
    """Return what a reader has to know of the answer."""
    attrs: dict[Any, Any] = {}
    divided = shares.loc[shares["share"].between(0, 1, inclusive="neither"), "from_id"].unique()
    if len(divided):
        listed = "、".join(map(str, divided))
        way = ("分摊", "divided") if kind == "extensive" else ("加权平均", "averaged")
        attrs["notes_zh"] = [f"按面积份额{way[0]}，假定单元内部分布均匀（被划分的单元：{listed}）"]
        attrs["notes_en"] = [
            f"Figures are {way[1]} by shares of area, as if spread evenly (divided: {listed})"
        ]
    if base is not None:
        attrs["undefined"] = {
            key: "权重合计为零 / no weight" for key, weight in base.items() if not weight > 0
        }
    return attrs
