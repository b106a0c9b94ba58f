"""A layout's own question, asked again with more conditions, and how far an answer is from the best."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from numbers import Integral, Real

import numpy as np
from scipy import sparse

from siting.errors import stop
from siting.layout import Layout
from siting.layout.labels import Label
from siting.layout.question import Question
from siting.layout.rows import RELATIVE, Floats, Ints, SiteRows, Solved
from siting.layout.solving import MAXIMISED, Solver
from siting.layout.value import scale, value


@dataclass
class Again:
    """
    The question of a layout, ready to be asked again.

    Parameters
    ----------
    layout
        A layout that was proven optimal.
    time_limit_s
        Seconds for all questions together, or None.
    """

    layout: Layout
    time_limit_s: float | None = None
    solver: Solver = field(init=False)

    def __post_init__(self) -> None:
        question = _proven(self.layout)
        limit = self.time_limit_s
        if limit is not None:
            _check_seconds(limit)
        deadline = None if limit is None else time.monotonic() + limit
        self.solver = Solver(question, deadline, None, None)

    @property
    def question(self) -> Question:
        """What was asked."""
        return self.solver.question

    @property
    def over(self) -> bool:
        """Whether the time is up."""
        return self.solver.deadline is not None and time.monotonic() >= self.solver.deadline

    @property
    def rows(self) -> SiteRows:
        """The conditions on sites."""
        return self.solver.rows

    @property
    def sites(self) -> tuple[Label, ...]:
        """All candidates, in the order of their ids."""
        return self.question.sites

    def columns(self, sites: list[Label]) -> Ints:
        """Return the numbers of sites."""
        place = {label: k for k, label in enumerate(self.sites)}
        return np.array(sorted(place[one] for one in sites), dtype=np.intp)

    def forced(self, *, open_: Ints | None = None, shut: Ints | None = None) -> SiteRows:
        """Return the conditions with sites forced open or shut."""
        least, most = self.rows.least.copy(), self.rows.most.copy()
        if open_ is not None:
            least[open_] = 1
        if shut is not None:
            most[shut] = 0
        return replace(self.rows, least=least, most=most)

    def solve(self, rows: SiteRows, *, cutoff: float | None = None) -> Solved:
        """Return the best choice under `rows`."""
        if (rows.least > rows.most).any():
            return Solved(None, np.nan, np.nan, proven=True, stopped="infeasible", seconds=0.0)
        return self.solver.solve(more=rows, cutoff=cutoff)

    def objective(self, solved: Solved) -> float:
        """Return the objective of an answer, from the tables."""
        assert solved.sites is not None
        return value(self.question, solved.sites, solved.assignment)

    def loss(self, objective: float) -> float:
        """Return how much worse an objective is than the layout's [its unit], at least 0; NaN of NaN."""
        worse = objective - self.layout.objective
        worse = -worse if self.question.model in MAXIMISED else worse
        return worse if np.isnan(worse) else max(0.0, worse)

    @property
    def slack(self) -> float:
        """How far apart two objectives may be by rounding alone [their unit]."""
        sites = self.columns([*self.layout.sites, *self.layout.existing])
        return RELATIVE * scale(self.question, sites, self.layout.objective)

    def threshold(self, within: float) -> float:
        """Return the objective that is worse than the layout's by the share `within`."""
        slack = abs(self.layout.objective) * within
        up = self.question.model not in MAXIMISED
        return self.layout.objective + (slack if up else -slack)


def one_row(rows: SiteRows, coefficients: Floats, least: float, most: float) -> SiteRows:
    """Return conditions and one more row."""
    row = sparse.csr_array(coefficients[None, :])
    return rows.with_rows(row, np.array([least]), np.array([most]))


def check_share(share: object, name: str) -> float:
    """Return a share of at least 0, or raise InputError."""
    if isinstance(share, Real) and not isinstance(share, bool) and 0 <= float(share) < np.inf:
        return float(share)
    stop(
        code="E-ROB-01",
        column=name,
        value=repr(share),
        reason="应为不小于 0 的份额",
        reason_en="must be a share of at least 0",
        fix="例如 0.01 表示 1%",
        fix_en="For instance 0.01 for one percent",
    )


def check_count(count: object, name: str) -> int:
    """Return a whole number of at least 1, or raise InputError."""
    if isinstance(count, Integral) and not isinstance(count, bool) and int(count) >= 1:
        return int(count)
    stop(
        code="E-ROB-02",
        column=name,
        value=repr(count),
        reason="应为不小于 1 的整数",
        reason_en="must be a whole number of at least 1",
        fix="例如 1000",
        fix_en="For instance 1000",
    )


def _check_seconds(seconds: object) -> None:
    """Raise InputError where a limit of time is no number above 0."""
    if isinstance(seconds, Real) and not isinstance(seconds, bool) and 0 < float(seconds) < np.inf:
        return
    stop(
        code="E-ROB-07",
        column="time_limit_s",
        value=repr(seconds),
        reason="应为大于 0 的秒数",
        reason_en="must be a number of seconds above 0",
        fix="例如 60",
        fix_en="For instance 60",
    )


def question_of(layout: object) -> Question:
    """Return what a layout answers, or raise InputError where it is none of `siting.layout`."""
    question = getattr(layout, "question", None)
    if not isinstance(question, Question):
        stop(
            code="E-ROB-03",
            value=type(layout).__name__,
            reason="不是 siting.layout 得出的布局",
            reason_en="not a layout of siting.layout",
            fix="请先用 siting.layout 的函数求得布局",
            fix_en="Make one with a function of siting.layout first",
        )
    return question


def _proven(layout: Layout) -> Question:
    """Return what a layout answers, or raise InputError where that is not proven."""
    question = question_of(layout)
    if layout.status != "optimal":
        stop(
            code="E-ROB-04",
            reason="布局尚未证明最优，无从比较",
            reason_en="the layout is not proven optimal, so there is nothing to hold others against",
            fix="请放宽时间限制，重新求解",
            fix_en="Solve it again with more time",
        )
    return question
