"""Values and neighbours brought together by place, checked, and weighted as asked."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from math import lcm
from numbers import Real
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from siting.errors import Finding, Findings, stop
from siting.schema import check_choice

Alternative = Literal["two-sided", "greater", "less"]
Transform = Literal["r", "b", "o"]
Permutations = int | Literal["auto"]
Floats = npt.NDArray[np.float64]

ALTERNATIVES = ("two-sided", "greater", "less")
CONSTANT = 1e-12  # a relative spread below this is rounding, not difference
TIE = 1e-10  # of the scale of a statistic: nearer than that is equal
TESTABLE = 4  # places
WHOLE = 2.0**53  # below this, floats hold every whole number

NO_TEST = {
    "constant": "各地区的值相同 / all values are equal",
    "no links": "没有相邻的地区 / no place has a neighbour",
    "few": "地区少于 4 个，不作检验 / fewer than 4 places are not tested",
    "none": "未要求置换 / no permutations were asked for",
    "island": "没有相邻的地区 / the place has no neighbour",
}


@dataclass(frozen=True)
class Weighed:
    """Values and weights in the order of the ids, so that the order of the rows cannot matter."""

    index: pd.Index  # of the question
    order: npt.NDArray[np.intp]  # rows of the question, in the order used here
    x: Floats
    z: Floats  # less their mean, in a unit of their own
    weights: sparse.csr_array
    constant: bool

    @property
    def n(self) -> int:
        """Places [count]."""
        return self.x.size

    @property
    def islands(self) -> npt.NDArray[np.bool_]:
        """True for a place without neighbours."""
        return np.asarray(np.diff(self.weights.indptr) == 0)

    def answer(self, here: Any) -> Any:
        """Return an array of this order in the order of the question."""
        there = np.empty_like(here)
        there[self.order] = here
        return there


@dataclass(frozen=True)
class Test:
    """How the p-values are to be had."""

    permutations: Permutations
    seed: int
    alternative: Alternative


def check_test(permutations: Any, seed: Any, alternative: Any) -> Test:
    """Return the options of a test if they are possible."""
    check_choice(alternative, ALTERNATIVES, "alternative")
    count = "auto" if isinstance(permutations, str) and permutations == "auto" else permutations
    return Test(
        "auto" if count == "auto" else _whole(count, "permutations", "auto 或不小于 0 的整数"),
        _whole(seed, "seed", "不小于 0 的整数"),
        alternative,
    )


def weigh(values: Any, graph: Any, transform: Any, *, self_weights: bool = False) -> Weighed:
    """Return values and weights matched by id; stop with all that is wrong with them."""
    check_choice(transform, ("r", "b", "o"), "transform")
    x = _numbers(values)
    rows, ids = _links(graph)
    _match(values.index, ids)
    order = np.argsort(np.array([str(one) for one in values.index], dtype=str), kind="stable")
    place = pd.Index(ids).get_indexer(values.index[order])
    weights = sparse.csr_array(rows[place][:, place])
    _check_weights(weights, values.index[order], self_weights=self_weights)
    if transform == "b":
        weights.data = np.ones_like(weights.data)
    elif transform == "r":
        total = weights.sum(axis=1)
        weights.data /= np.repeat(np.where(total > 0, total, 1.0), np.diff(weights.indptr))
    x = x[order]
    return Weighed(
        index=values.index,
        order=order,
        x=x,
        z=_centred(x),
        weights=weights,
        constant=bool(np.ptp(_small(x)) <= CONSTANT) if x.size else True,
    )


def _small(x: Floats) -> Floats:
    """Return the values times a power of 2, the largest between 0.5 and 1: nothing overflows."""
    return np.asarray(np.ldexp(x, -np.frexp(np.abs(x).max(initial=0.0))[1]))


def _centred(x: Floats) -> Floats:
    """Return the values less their mean, in a unit of their own; the minimum is taken off first."""
    above = _small(x) - _small(x).min(initial=np.inf)
    return np.asarray(above - above.mean()) if x.size else x


def no_test(at: Weighed, test: Test) -> str:
    """Return why there is nothing to test, in Chinese and English, or nothing."""
    for true, why in (
        (at.constant, "constant"),
        (not at.weights.nnz, "no links"),
        (at.n < TESTABLE, "few"),
        (test.permutations == 0, "none"),
    ):
        if true:
            return NO_TEST[why]
    return ""


def whole_weights(weights: sparse.csr_array) -> sparse.csr_array | None:
    """Return weights of the form 1, or 1 / whole number, in whole numbers of the same proportions."""
    if not weights.nnz:
        return None
    parts = 1.0 / weights.data
    near = np.rint(parts)
    if (np.abs(parts - near) > 1e-12 * parts).any() or near.max() > 1e6:
        return None
    common = lcm(*np.unique(near).astype("int64").tolist())
    if common > WHOLE:
        return None
    data = np.rint(common / near)
    return sparse.csr_array((data, weights.indices, weights.indptr), shape=weights.shape)


def _numbers(values: Any) -> Floats:
    """Return the values as floats if each place has one, and finite."""
    if not isinstance(values, pd.Series):
        stop(
            code="E-ASC-01",
            column="values",
            value=type(values).__name__,
            reason="没有地区编号，无法与相邻关系对应",
            reason_en="it has no place ids to be matched with the neighbours",
            fix="请给出以 place_id 为索引的 Series",
            fix_en="Give a Series indexed by place_id",
        )
    numbers = values
    if values.dtype.kind not in "biuf":  # text is not read as a number
        numbers = values.map(lambda one: one if isinstance(one, Real) else np.nan)
    x = numbers.to_numpy(dtype="float64", na_value=np.nan)
    twice = values.index.duplicated()
    bad = ~np.isfinite(x)
    Findings(
        Finding(
            code="E-ASC-03" if twice[i] else "E-ASC-02",
            column="place_id" if twice[i] else str(values.name or "values"),
            value=str(values.index[i]) if twice[i] else f"{values.index[i]}: {values.iloc[i]}",
            reason="编号重复" if twice[i] else "缺少数值或不是有限的数",
            reason_en="the id occurs twice" if twice[i] else "missing, or not a finite number",
            fix="每个地区给一个值" if twice[i] else "请补上数值，或将该地区从数据和相邻关系中去掉",
            fix_en="Give one value to each place"
            if twice[i]
            else "Give a number, or take the place out of both values and neighbours",
        )
        for i in np.flatnonzero(bad | twice).tolist()
    ).stop()
    return x


def _links(graph: Any) -> tuple[sparse.csr_array, pd.Index]:
    """Return the matrix and the ids of anything that has `sparse` and `unique_ids`."""
    try:
        rows = sparse.csr_array(graph.sparse, dtype="float64")
        ids = pd.Index(graph.unique_ids)
    except (AttributeError, TypeError, ValueError):
        rows, ids = sparse.csr_array((1, 0)), pd.Index([])
    if rows.shape != (len(ids), len(ids)) or ids.has_duplicates:
        stop(
            code="E-ASC-05",
            column="graph",
            value=type(graph).__name__,
            reason="不是相邻关系：需要 sparse 方阵，和同样多且不重复的 unique_ids",
            reason_en="no neighbours: a square `sparse` and as many distinct `unique_ids` are needed",
            fix="请用 contiguity() 的结果，或 libpysal.graph.Graph",
            fix_en="Use what contiguity() gives, or a libpysal.graph.Graph",
        )
    return rows, ids


def _match(index: pd.Index, ids: pd.Index) -> None:
    """Stop unless both have the same ids, in whatever order."""
    sides = (
        (index.difference(ids, sort=False), "values", "相邻关系中没有此编号", "not in the graph"),
        (ids.difference(index, sort=False), "graph", "数值中没有此编号", "not among the values"),
    )
    Findings(
        Finding(
            code="E-ASC-04",
            column=column,
            value=str(one),
            reason=f"{reason}（{type(one).__name__}）",
            reason_en=f"{reason_en} ({type(one).__name__})",
            fix="两者须为同一批地区，编号均为文本",
            fix_en="Both need the same places, with their ids as text",
        )
        for missing, column, reason, reason_en in sides
        for one in missing
    ).stop()


def _check_weights(weights: sparse.csr_array, ids: pd.Index, *, self_weights: bool) -> None:
    """Stop with each place that has an impossible weight; drop weights of 0."""
    bad = ~(np.isfinite(weights.data) & (weights.data >= 0))
    rows = np.repeat(np.arange(len(ids)), np.diff(weights.indptr))
    own = np.zeros(len(ids), dtype=bool) if self_weights else weights.diagonal() != 0
    findings = Findings(
        Finding(
            code="E-ASC-06",
            column="graph",
            value=str(ids[i]),
            reason="有的权重为负或不是有限的数",
            reason_en="a weight is below 0 or not finite",
            fix="权重应为不小于 0 的数",
            fix_en="Weights are numbers of at least 0",
        )
        for i in np.unique(rows[bad]).tolist()
    )
    findings += [
        Finding(
            code="E-ASC-07",
            column="graph",
            value=str(ids[i]),
            reason="与自己相邻",
            reason_en="the place is its own neighbour",
            fix="请去掉对角线上的权重；Gi* 会自行加上",
            fix_en="Take the weights off the diagonal; Gi* adds its own",
        )
        for i in np.flatnonzero(own).tolist()
    ]
    findings.stop()
    weights.eliminate_zeros()
    weights.sort_indices()


def _whole(value: Any, name: str, wanted: str) -> int:
    try:
        number = -1 if isinstance(value, bool) else operator.index(value)
    except TypeError:
        number = -1
    if number < 0:
        stop(
            code="E-ASC-08",
            column=name,
            value=str(value),
            reason="不是可用的次数或种子",
            reason_en="not a possible number of draws, or seed",
            fix=f"请给出{wanted}",
            fix_en="Give a whole number of at least 0"
            + (", or auto" if name == "permutations" else ""),
        )
    return number
