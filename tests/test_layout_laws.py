"""Laws 44 and 53: no other way finds a better layout, and no other solver, or setting of one, another optimum."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from siting.errors import InfeasibleLayoutError
from siting.layout import Layout, master, max_coverage, p_center, p_median, set_coverage
from siting.layout import milp as calls
from tests.absent import brought

MODELS = ("p_median", "p_center", "max_coverage", "set_coverage")
EACH = 125  # worlds of each model: 500 in all


class World:
    """Distances, weights and conditions drawn from a seed, asked of `siting` and written out whole."""

    def __init__(self, model: str, seed: int, *, n: int = 9, m: int = 7) -> None:
        draw = np.random.default_rng([MODELS.index(model), seed])
        self.model, self.n, self.m = model, n, m
        self.far = draw.integers(0, 40, (n, m)).astype(float)
        if seed % 2:
            self.far = self.far + draw.random((n, m)).round(3)
        self.weights = draw.integers(1, 9, n).astype(float)
        self.p = int(draw.integers(2, 5))
        self.radius = float(np.quantile(self.far, 0.35))
        self.group = draw.integers(0, 2, m)
        self.fixed = [int(draw.integers(m))] if seed % 3 == 0 else []
        self.most = 2 if seed % 4 == 0 else m

    def siting(self) -> Layout | None:
        """Return the layout of siting, or None where it says that there is none."""
        table = pd.DataFrame(self.far)
        options: dict[str, Any] = {
            "weights": self.weights,
            "fixed": self.fixed,
            "groups": dict(enumerate(self.group)),
            "group_max": self.most,
        }
        try:
            if self.model == "p_median":
                return p_median(table, self.p, **options)
            if self.model == "p_center":
                return p_center(table, self.p, **options)
            if self.model == "max_coverage":
                return max_coverage(table, self.radius, self.p, **options)
            return set_coverage(table, self.radius, **options)
        except InfeasibleLayoutError:
            return None

    def written_out(self, *, presolve: bool) -> float | None:
        """Return the optimum of the textbook program, by scipy's own build of a solver."""
        n, m = self.n, self.m
        # columns: sites, then demand x sites (who serves whom), then the largest distance
        width = m + n * m + 1
        rows: list[np.ndarray] = []
        low: list[float] = []
        high: list[float] = []

        def add(cells: dict[int, float], least: float, most: float) -> None:
            row = np.zeros(width)
            row[list(cells)] = list(cells.values())
            rows.append(row)
            low.append(least)
            high.append(most)

        price, near = np.zeros(width), self.far <= self.radius
        whole = self.model in ("p_median", "p_center", "set_coverage")
        for i in range(n):
            add({m + i * m + j: 1.0 for j in range(m)}, float(whole), 1.0)
            for j in range(m):
                x = m + i * m + j
                add({x: 1.0, j: -1.0}, -np.inf, 0.0)
                if self.model.endswith("coverage") and not near[i, j]:
                    add({x: 1.0}, 0.0, 0.0)
                price[x] = {
                    "p_median": self.weights[i] * self.far[i, j],
                    "max_coverage": -self.weights[i],
                }.get(self.model, 0.0)
            if self.model == "p_center":
                served = {m + i * m + j: self.far[i, j] for j in range(m)}
                add(served | {width - 1: -1.0}, -np.inf, 0.0)
        if self.model == "p_center":
            price[-1] = 1.0
        if self.model == "set_coverage":
            price[:m] = 1.0
        else:
            add(dict.fromkeys(range(m), 1.0), self.p, self.p)
        for kind in (0, 1):
            members = [j for j in range(m) if self.group[j] == kind]
            add(dict.fromkeys(members, 1.0), -np.inf, self.most)
        least, most = np.zeros(width), np.ones(width)
        least[self.fixed], most[-1] = 1.0, 100.0
        kinds = np.ones(width)
        kinds[-1] = 0
        found = milp(
            price,
            integrality=kinds,
            bounds=Bounds(least, most),
            constraints=LinearConstraint(sparse.csr_array(np.array(rows)), low, high),
            options={"presolve": presolve, "mip_rel_gap": 0.0},
        )
        if found.status == 2:
            return None
        assert found.status == 0
        if self.model == "p_center":  # its row may be missed by the solver's tolerance
            sites = np.flatnonzero(found.x[:m] > 0.5)
            return float(self.far[:, sites].min(axis=1).max())
        return float(abs(found.fun))


@pytest.mark.parametrize("model", MODELS)
def test_law_53_other_programs_and_solver_settings_have_the_same_optimum(model: str) -> None:
    none = 0
    for seed in range(EACH):
        world = World(model, seed)
        mine = world.siting()
        objective = None if mine is None else mine.objective
        for presolve in (True, False):
            theirs = world.written_out(presolve=presolve)
            assert (theirs is None) == (objective is None), seed
            if theirs is not None and objective is not None:
                assert math.isclose(objective, theirs, rel_tol=1e-9, abs_tol=1e-9), seed
        none += objective is None
    assert none < EACH / 2  # worlds without a layout alone would prove nothing


@pytest.mark.parametrize("model", MODELS)
def test_law_53_our_own_solver_answers_alike_with_and_without_presolve(
    model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    worlds = [World(model, seed, n=12, m=10) for seed in range(25)]
    before = [world.siting() for world in worlds]
    plain = calls.quiet

    def turned() -> Any:
        solver = plain()
        solver.setOptionValue("presolve", "off")
        return solver

    class Turned(master.Master):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given)
            self.solver.setOptionValue("presolve", "on")

    monkeypatch.setattr(calls, "quiet", turned)
    monkeypatch.setattr("siting.layout.median.Master", Turned)
    for world, one in zip(worlds, before, strict=True):
        other = world.siting()
        assert (one is None) == (other is None)
        if one is not None and other is not None:
            assert (one.sites, one.objective) == (other.sites, other.objective)


@pytest.mark.parametrize("seed", range(6))
def test_law_44_no_greedy_exchange_or_random_choice_is_better(seed: int) -> None:
    draw = np.random.default_rng(seed)
    xy = draw.random((40, 2))
    far = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    weights, p = draw.integers(1, 20, 40).astype(float), 6
    best = p_median(pd.DataFrame(far), p, weights=weights).objective

    def cost(sites: list[int]) -> float:
        return float(weights @ far[:, sites].min(axis=1))

    greedy: list[int] = []
    for _ in range(p):
        greedy.append(min(set(range(40)) - set(greedy), key=lambda j: cost([*greedy, j])))
    exchanged, better = list(greedy), True
    while better:
        tried = [
            [*(k for k in exchanged if k != out), into]
            for out in exchanged
            for into in set(range(40)) - set(exchanged)
        ]
        found = min(tried, key=cost)
        better = cost(found) < cost(exchanged) - 1e-12
        exchanged = found if better else exchanged
    random = min(cost(draw.choice(40, p, replace=False).tolist()) for _ in range(1000))
    assert best <= min(cost(greedy), cost(exchanged), random) * (1 + 1e-9)


def spopt_problem(locate: Any, world: World) -> Any:
    """Return the question of a world as spopt puts it."""
    far, weights, p = world.far, world.weights, world.p
    if world.model == "p_median":
        return locate.PMedian.from_cost_matrix(far, weights, p_facilities=p)
    if world.model == "p_center":
        return locate.PCenter.from_cost_matrix(far, p_facilities=p)
    if world.model == "max_coverage":
        return locate.MCLP.from_cost_matrix(far, weights, world.radius, p_facilities=p)
    return locate.LSCP.from_cost_matrix(far, world.radius)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of pulp itself
@pytest.mark.parametrize("model", MODELS)
def test_law_44_spopt_finds_the_same(model: str) -> None:
    pulp = brought("pulp")
    locate = brought("spopt.locate")
    for seed in range(4):
        world = World(model, seed, n=14, m=12)
        world.fixed, world.most = [], world.m
        mine = world.siting()
        asked = spopt_problem(locate, world)
        try:
            solved = asked.solve(pulp.PULP_CBC_CMD(msg=False))
        except RuntimeError:  # it says so where there is no layout
            assert mine is None
            continue
        assert mine is not None
        theirs = solved.problem.objective.value()
        assert math.isclose(mine.objective, theirs, rel_tol=1e-6)  # CBC's own tolerance
