"""How well a site suits: criteria with declared direction, scale and weight; each score opens to its parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from siting.errors import Findings
from siting.schema import numbers, require_unique
from siting.suitability.weighing import Floats, weigh, wrong

Direction = Literal["more", "less"]
Weighing = Literal["equal", "ranked", "entropy"]


@dataclass(frozen=True, eq=False)
class Suitability:
    """
    Scores and what they are made of.

    Parameters
    ----------
    score
        Of each alternative, 0..1, better is more; NaN where a criterion is missing, with the reason
        in ``.attrs["undefined"]``.
    parts
        Alternatives x criteria: what each criterion adds; a row sums to its score.
    scaled
        Alternatives x criteria, 0 the worst end of the scale and 1 the best.
    weights
        By criterion, summing to 1.
    scales
        Per criterion ``direction low high``: the values that count as 0 and 1 (``less``: 1 and 0).
    weighing
        Where the weights come from: ``given``, ``equal``, ``ranked`` or ``entropy``.
    """

    score: pd.Series
    parts: pd.DataFrame
    scaled: pd.DataFrame
    weights: pd.Series
    scales: pd.DataFrame
    weighing: str


def suitability(
    criteria: pd.DataFrame,
    *,
    directions: Mapping[str, Direction],
    weights: Mapping[str, float] | pd.Series | Weighing = "equal",
    bounds: Mapping[str, tuple[float, float]] | None = None,
) -> Suitability:
    """
    Score alternatives by a weighted sum of scaled criteria.

    Parameters
    ----------
    criteria
        Alternatives x criteria, each in its own unit; NaN where a value is not known.
    directions
        ``more`` or ``less`` is better, for every criterion.
    weights
        By criterion, not negative, of any sum, a mapping or a Series; or a scheme: ``equal``;
        ``ranked``, the centroid of all weights that keep the order of the columns, the first the
        most important; ``entropy``, more for criteria that tell alternatives apart more.
    bounds
        (low, high) that count as the two ends of a scale, by criterion; values beyond are refused.
        Without them the ends are the least and the greatest value among the alternatives.

    Returns
    -------
    Suitability

    Raises
    ------
    InputError
        If a criterion has no direction, a weight is negative or missing, all weights are 0, or a
        value is infinite or beyond its bounds.

    Notes
    -----
    scaled = (x - low) / (high - low), or 1 - that for ``less``. Where all alternatives are equal,
    nothing is told apart and every one is at 0.5. With bounds of its own for every criterion a score
    does not depend on the other alternatives, so leaving one out never turns the order of the rest;
    with ends taken from the alternatives it can: see `rank_reversals`. The entropy scheme depends
    on the alternatives too; it takes each criterion over those whose value is known.

    References
    ----------
    Barron, F. H. and Barrett, B. E. (1996). Decision Quality Using Ranked Attribute Weights.
    Management Science 42(11), 1515-1523 (rank order centroid). Zeleny, M. (1982). Multiple Criteria
    Decision Making, ch. 7 (entropy). Dezert, J. et al. (2020). The SPOTIS Rank Reversal Free Method
    for Multi-Criteria Decision-Making Support. FUSION 2020 (fixed bounds).

    Examples
    --------
    b has all the jobs and lies farthest: 3/4 for the jobs, 0 for the distance.

    >>> table = pd.DataFrame({"jobs": [0.0, 100.0], "km": [2.0, 10.0]}, index=["a", "b"])
    >>> made = suitability(
    ...     table, directions={"jobs": "more", "km": "less"}, weights={"jobs": 3, "km": 1})
    >>> made.score.tolist(), made.parts.loc["b"].tolist()
    ([0.25, 0.75], [0.75, 0.0])
    """
    known = _numbers(criteria)
    directions = _checked(known, directions)
    scales = _scales(known, directions, bounds)
    scaled = _scaled(known, scales)
    share, weighing = weigh(scaled, weights)
    parts = scaled * share
    score = parts.sum(axis=1, skipna=False).rename("score")
    score.attrs["undefined"] = {
        key: (
            f"缺少：{'、'.join(map(str, known.columns[row.isna()]))}",
            f"missing: {', '.join(map(str, known.columns[row.isna()]))}",
        )
        for key, row in known.iterrows()
        if row.isna().any()
    }
    return Suitability(score, parts, scaled, share, scales, weighing)


def rank_reversals(
    criteria: pd.DataFrame,
    *,
    directions: Mapping[str, Direction],
    weights: Mapping[str, float] | pd.Series | Weighing = "equal",
    bounds: Mapping[str, tuple[float, float]] | None = None,
) -> pd.DataFrame:
    """
    Leave out each alternative in turn, and return the pairs whose order that turns round.

    Parameters
    ----------
    criteria, directions, weights, bounds
        As `suitability`.

    Returns
    -------
    DataFrame
        A row per turned pair: ``without``, the alternative left out, ``before``, which was better
        with it, ``after``, which is better without it. Empty: the order is stable.

    Raises
    ------
    InputError
        As `suitability`.

    Examples
    --------
    With fixed bounds nothing turns.

    >>> table = pd.DataFrame({"x": [1.0, 2.0, 9.0], "y": [5.0, 4.0, 0.0]}, index=list("abc"))
    >>> ways = {"x": "more", "y": "more"}
    >>> len(rank_reversals(table, directions=ways, bounds={"x": (0, 10), "y": (0, 10)}))
    0
    """
    whole = suitability(criteria, directions=directions, weights=weights, bounds=bounds).score
    rows = []
    for left in criteria.index:
        rest = criteria.drop(index=[left])
        if len(rest) < 2:
            continue
        now = suitability(rest, directions=directions, weights=weights, bounds=bounds).score
        was = whole.drop(index=[left]).to_numpy()
        turned = _turned(was, now.to_numpy())
        rows += [(left, rest.index[i], rest.index[j]) for i, j in turned]
    return pd.DataFrame(rows, columns=["without", "before", "after"])


def _turned(was: Floats, now: Floats) -> list[tuple[int, int]]:
    """Return pairs (i, j) where i was better and j is; differences below 1e-12 are ties."""
    one = was[:, None] - was[None, :] > 1e-12
    other = now[None, :] - now[:, None] > 1e-12
    return [(int(i), int(j)) for i, j in np.argwhere(one & other)]


def _numbers(criteria: pd.DataFrame) -> pd.DataFrame:
    """Return the criteria as floats, yes and no as 1 and 0; what is infinite or no number is refused."""
    findings = Findings()
    if not isinstance(criteria, pd.DataFrame) or criteria.empty:
        findings.append(
            wrong("E-SUI-01", "criteria", type(criteria).__name__, "应为非空的表", "give a table")
        )
    findings.stop()
    require_unique(criteria.index, "criteria")
    require_unique(criteria.columns, "criteria")
    yes_or_no = dict.fromkeys(criteria.select_dtypes("bool"), "int8")
    known: pd.DataFrame = criteria.astype(yes_or_no).apply(numbers)
    bad = np.isinf(known.to_numpy()) | (known.isna() & criteria.notna()).to_numpy()
    findings += [
        wrong(
            "E-SUI-02",
            str(criteria.columns[j]),
            f"{criteria.index[i]}: {criteria.iloc[i, j]}",
            "不是有限的数",
            "not a finite number",
        )
        for i, j in np.argwhere(bad)
    ]
    findings.stop()
    return known


def _checked(
    known: pd.DataFrame, directions: Mapping[str, Direction] | pd.Series
) -> Mapping[str, Direction]:
    """Return the direction of each criterion, or raise InputError where one has none."""
    findings = Findings()
    if not isinstance(directions, (Mapping, pd.Series)):
        name = type(directions).__name__
        reason = ("应为 指标 → more 或 less", "give criterion -> more or less")
        findings.append(wrong("E-SUI-03", "directions", name, *reason))
        findings.stop()
    directions = dict(directions)
    for column in known.columns:
        if directions.get(column) not in ("more", "less"):
            findings.append(
                wrong(
                    "E-SUI-03",
                    str(column),
                    str(directions.get(column)),
                    "没有说明越多越好（more）还是越少越好（less）",
                    "say whether more or less is better",
                )
            )
    findings += [
        wrong("E-SUI-03", str(key), "", "没有这项指标", "there is no such criterion")
        for key in directions
        if key not in known.columns
    ]
    findings.stop()
    return directions


def _scales(
    known: pd.DataFrame,
    directions: Mapping[str, str],
    bounds: Mapping[str, tuple[float, float]] | None,
) -> pd.DataFrame:
    """Return the two ends of each scale, those given or those found."""
    scales = pd.DataFrame({"low": known.min(), "high": known.max()})
    findings = Findings()
    if bounds is not None and not isinstance(bounds, Mapping):
        name = type(bounds).__name__
        reason = ("应为 指标 → (下限, 上限)", "give criterion -> (low, high)")
        findings.append(wrong("E-SUI-04", "bounds", name, *reason))
        findings.stop()
    for column, ends in (bounds or {}).items():
        pair = list(ends) if isinstance(ends, (tuple, list, np.ndarray)) else []
        low, high = numbers(pd.Series(pair, dtype=object)) if len(pair) == 2 else (np.nan, np.nan)
        if not (column in scales.index and np.isfinite([low, high]).all() and low < high):
            findings.append(
                wrong("E-SUI-04", str(column), str(ends), "界限无效", "not a pair of bounds")
            )
            continue
        beyond = known[column][(known[column] < low) | (known[column] > high)]
        findings += [
            wrong(
                "E-SUI-04",
                str(column),
                f"{key}: {value:g} ({low:g} … {high:g})",
                "超出给定的界限",
                "beyond the bounds given",
            )
            for key, value in beyond.items()
        ]
        scales.loc[column] = low, high
    findings.stop()
    scales.insert(0, "direction", [directions[column] for column in scales.index])
    return scales


def _scaled(known: pd.DataFrame, scales: pd.DataFrame) -> pd.DataFrame:
    """Return the criteria on their scales, 0 the worst end and 1 the best."""
    made = {}
    for column, (direction, low, high) in scales.T.items():
        values = known[column]
        one = (values - low) / (high - low) if high > low else values.where(values.isna(), 0.5)
        made[column] = 1 - one if direction == "less" else one
    return pd.DataFrame(made, index=known.index, columns=known.columns)
