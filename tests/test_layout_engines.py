"""The solvers of `layout` against brute force on small worlds, and published optima."""

import itertools
import math
import time

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from scipy.sparse.csgraph import floyd_warshall

from siting.layout import max_coverage, median
from siting.layout.capacitated import solve_capacitated
from siting.layout.centre import solve_centre
from siting.layout.cover import solve_max_cover, solve_set_cover
from siting.layout.interchange import interchange
from siting.layout.median import Search, solve_median
from siting.layout.rows import SiteRows
from siting.layout.tree import _region
from siting.layout.watch import Watch
from siting.robustness import near_optima

WORLDS = 60  # small worlds for each solver and kind of number


def small_rows(rng, m):
    """Draw conditions on m sites: a number, groups, pairs too near, fixed and forbidden ones."""
    lines, lower, upper = [], [], []

    def add(line, low, high):
        lines.append(np.asarray(line, float))
        lower.append(low)
        upper.append(high)

    kind = rng.integers(4)
    p = int(rng.integers(1, m + 1))
    if kind == 0:
        add(np.ones(m), p, p)
    elif kind == 1:
        add(np.ones(m), -np.inf, p)
    elif kind == 2:
        add(np.ones(m), min(p, 2), p + 1)
    if rng.random() < 0.5:
        group = rng.integers(0, 3, m)
        for g in range(3):
            low = -np.inf if rng.random() < 0.5 else int(rng.integers(0, 2))
            high = np.inf if rng.random() < 0.5 else int(rng.integers(1, 4))
            add(group == g, low, high)
    for _ in range(int(rng.integers(0, 4)) if m > 1 else 0):
        a, b = rng.choice(m, 2, replace=False)
        add(np.isin(np.arange(m), [a, b]), -np.inf, 1)
    if rng.random() < 0.3:  # a budget
        price = rng.integers(1, 9, m)
        add(price, -np.inf, int(price.sum() * rng.uniform(0.3, 0.9)))
    least, most = np.zeros(m, np.int8), np.ones(m, np.int8)
    for j in range(m):
        draw = rng.random()
        least[j], most[j] = draw < 0.05, draw < 0.9
    return SiteRows(
        sparse.csr_array(np.array(lines).reshape(len(lines), m)),
        np.array(lower, float),
        np.array(upper, float),
        least,
        most,
    )


def choices(rows):
    """Give every set of sites that meets the rows, checked here by plain arithmetic."""
    matrix = rows.matrix.toarray()
    for taken in itertools.product((0, 1), repeat=rows.n_sites):
        y = np.array(taken)
        if (y < rows.least).any() or (y > rows.most).any():
            continue
        total = matrix @ y
        if (total >= rows.lower - 1e-9).all() and (total <= rows.upper + 1e-9).all():
            yield np.flatnonzero(y)


def numbers(rng, shape, kind):
    """Draw costs: whole numbers with many ties, floats, or floats over 18 orders of size."""
    if kind == "whole":
        return rng.integers(0, 12, shape).astype(float)
    if kind == "wide":
        return rng.random(shape) * 10.0 ** rng.uniform(-6, 12, (shape[0], 1))
    return rng.random(shape) * 100


def drawn_cost(rng, kind):
    n, m = int(rng.integers(1, 9)), int(rng.integers(1, 10))
    cost = numbers(rng, (n, m), kind)
    if rng.random() < 0.4:
        cost[rng.random((n, m)) < 0.25] = np.inf
    return cost


def nearest_sum(cost, sites):
    return cost[:, sites].min(axis=1).sum() if sites.size else np.inf


def farthest(cost, sites):
    return cost[:, sites].min(axis=1).max() if sites.size else np.inf


def same(a, b):
    return a == b or abs(a - b) <= 1e-9 * abs(b)


def check(solved, values, rows, value_of):
    """Compare with brute force: `values` of all choices, less is better."""
    best = min(values, default=np.inf)
    assert solved.proven
    if not np.isfinite(best):
        assert solved.sites is None
        assert solved.stopped == "infeasible"
        return
    assert solved.stopped == "optimal"
    assert rows.hold(solved.sites)
    assert list(solved.sites) == sorted(set(solved.sites.tolist()))
    assert value_of(solved.sites) == solved.objective
    assert same(solved.objective, best)


@pytest.mark.parametrize("kind", ["whole", "float", "wide"])
def test_the_median_equals_brute_force_under_any_rows(kind):
    for seed in range(WORLDS):
        rng = np.random.default_rng([1, seed])
        cost = drawn_cost(rng, kind)
        rows = small_rows(rng, cost.shape[1])
        values = [nearest_sum(cost, s) for s in choices(rows)]
        check(solve_median(cost, rows), values, rows, lambda s, c=cost: nearest_sum(c, s))


def test_a_region_to_branch_on_never_holds_a_whole_number_of_sites():
    # A region of mass 1 splits nothing: one child would be its parent again, without end.
    split = 0
    for seed in range(500):
        rng = np.random.default_rng([8, seed])
        n, m = int(rng.integers(1, 6)), int(rng.integers(2, 9))
        cost = rng.integers(0, 3, (n, m)).astype(float)
        cost[rng.random((n, m)) < 0.4] = np.inf
        y = rng.integers(0, 5, m) / 4
        j = int(rng.integers(0, m))
        region = _region(cost, y, np.arange(m), j)
        assert region.tolist() == sorted(set(region.tolist()))
        split += region.size > 1
        assert region.tolist() == [j] or 0 < y[region].sum() < 1
    assert split > 100


def test_sites_that_serve_alike_do_not_keep_the_search_busy():
    # within 2 of x are a and b, not c: one site covers x in two ways
    cost = pd.DataFrame({"a": [1.0], "b": [1.0], "c": [9.0]}, index=["x"])
    near = near_optima(max_coverage(cost, 2, 1), time_limit_s=20)
    assert near.complete
    assert near.layouts["sites"].tolist() == [["a"], ["b"]]


def test_a_relaxation_that_begins_with_few_sites_has_the_same_optimum(monkeypatch):
    brought = []
    bring = Search.bring
    monkeypatch.setattr(
        Search, "bring", lambda self, some: brought.append(some) or bring(self, some)
    )
    for seed in range(WORLDS):
        rng = np.random.default_rng([9, seed])
        n, p = 30, int(rng.integers(2, 8))
        xy = rng.random((n, 2))
        weight = rng.integers(1, 50, n)
        cost = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)) * weight[:, None]
        rows = SiteRows.choosing(p, n)
        if seed % 3 == 0:  # a district is asked for that the first sites may not touch
            row = sparse.csr_array((rng.random((1, n)) < 0.2).astype(float))
            rows = rows.with_rows(row, np.ones(1), np.ones(1))
        whole = solve_median(cost, rows)
        with monkeypatch.context() as few:
            few.setattr(median, "_FEW", 1)
            few.setattr(median, "_PER_SITE", 1)
            part = solve_median(cost, rows)
        assert part.proven
        assert part.stopped == whole.stopped
        assert part.sites is None or same(part.objective, whole.objective)
    assert sum(some.size > 0 for some in brought) >= 10  # the way that is tested was taken


@pytest.mark.parametrize("kind", ["whole", "float", "wide"])
def test_the_centre_equals_brute_force_under_any_rows(kind):
    for seed in range(WORLDS):
        rng = np.random.default_rng([2, seed])
        cost = drawn_cost(rng, kind)
        rows = small_rows(rng, cost.shape[1])
        values = [farthest(cost, s) for s in choices(rows)]
        check(solve_centre(cost, rows), values, rows, lambda s, c=cost: farthest(c, s))


@pytest.mark.parametrize("kind", ["whole", "float", "wide"])
def test_the_most_covered_equals_brute_force_under_any_rows(kind):
    for seed in range(WORLDS):
        rng = np.random.default_rng([3, seed])
        n, m = int(rng.integers(1, 9)), int(rng.integers(1, 10))
        covers = rng.random((n, m)) < 0.3
        weights = numbers(rng, (n, 1), kind)[:, 0]
        rows = small_rows(rng, m)

        def lost(s, covers=covers, weights=weights):
            return weights.sum() - weights[covers[:, s].any(axis=1)].sum()

        values = [lost(s) for s in choices(rows)]
        solved = solve_max_cover(sparse.csr_array(covers), weights, rows)
        assert solved.proven
        if not values:
            assert solved.stopped == "infeasible"
            continue
        assert rows.hold(solved.sites)
        assert solved.objective == weights[covers[:, solved.sites].any(axis=1)].sum()
        assert same(solved.objective, weights.sum() - min(values)) or (
            abs(solved.objective - weights.sum() + min(values)) <= 1e-9 * weights.sum()
        )


@pytest.mark.parametrize("kind", ["whole", "float", "wide"])
def test_the_cheapest_cover_equals_brute_force_under_any_rows(kind):
    for seed in range(WORLDS):
        rng = np.random.default_rng([4, seed])
        n, m = int(rng.integers(1, 9)), int(rng.integers(1, 10))
        covers = rng.random((n, m)) < 0.5
        price = numbers(rng, (m, 1), kind)[:, 0] if seed % 2 else np.ones(m)
        rows = small_rows(rng, m)
        values = [
            price[s].sum() for s in choices(rows) if s.size and covers[:, s].any(axis=1).all()
        ]
        solved = solve_set_cover(covers, price, rows)
        check(solved, values, rows, lambda s, price=price: price[s].sum())


def assigned(cost, size, capacity, sites):
    """Give the least cost of all assignments of demand to `sites` within capacities."""
    best = np.inf
    for to in itertools.product(sites.tolist(), repeat=cost.shape[0]):
        load = np.bincount(to, size, cost.shape[1])
        if (load <= capacity + 1e-9).all():
            best = min(best, cost[np.arange(cost.shape[0]), list(to)].sum())
    return best


@pytest.mark.parametrize("kind", ["whole", "float", "wide"])
def test_the_capacitated_median_equals_brute_force_under_any_rows(kind):
    for seed in range(WORLDS // 2):
        rng = np.random.default_rng([5, seed])
        n, m = int(rng.integers(1, 5)), int(rng.integers(1, 5))
        cost = numbers(rng, (n, m), kind)
        if seed % 3 == 0:
            cost[rng.random((n, m)) < 0.2] = np.inf
        size = rng.integers(1, 9, n).astype(float)
        capacity = rng.integers(4, 20, m).astype(float)
        if seed % 4 == 0:
            capacity[0] = np.inf
        rows = small_rows(rng, m)
        values = [assigned(cost, size, capacity, s) for s in choices(rows)]
        best = min(values, default=np.inf)
        solved = solve_capacitated(cost, size, capacity, rows)
        assert solved.proven
        if not np.isfinite(best):
            assert solved.stopped == "infeasible"
            continue
        assert rows.hold(solved.sites)
        assert set(solved.assignment) <= set(solved.sites)
        assert (np.bincount(solved.assignment, size, m) <= capacity).all()
        assert solved.objective == cost[np.arange(n), solved.assignment].sum()
        assert same(solved.objective, best)


SOLVERS = {
    "median": solve_median,
    "centre": solve_centre,
    "capacitated": lambda c, r, **k: solve_capacitated(
        c, np.ones(len(c)), np.full(c.shape[1], 40.0), r, **k
    ),
    "set cover": lambda c, r, **k: solve_set_cover(c < 40, np.ones(c.shape[1]), r, **k),
    "max cover": lambda c, r, **k: solve_max_cover(c < 20, np.arange(1.0, len(c) + 1), r, **k),
}


@pytest.mark.parametrize("name", SOLVERS)
def test_a_deadline_in_the_past_still_gives_a_choice_and_a_bound(name):
    """L12, L13: what was found is not thrown away."""
    rng = np.random.default_rng(0)
    xy = rng.random((80, 2)) * 100
    cost = np.hypot(*(xy[:, None] - xy[None]).T)
    rows = SiteRows.choosing(None if name == "set cover" else 7, 80)
    late = SOLVERS[name](cost, rows, deadline=time.monotonic() - 1)
    best = SOLVERS[name](cost, rows)
    assert rows.hold(late.sites)
    assert best.stopped == "optimal"
    worse = -1 if name == "max cover" else 1
    assert worse * late.objective >= worse * best.objective
    assert worse * late.bound <= worse * best.objective
    assert math.isfinite(late.bound)


@pytest.mark.parametrize("name", SOLVERS)
def test_a_cutoff_at_the_optimum_finds_it_and_one_below_proves_there_is_none(name):
    for seed in range(12):
        rng = np.random.default_rng([6, seed])
        cost = rng.integers(1, 60, (9, 9)).astype(float)
        cost[:, 0] = np.minimum(cost[:, 0], 39)
        rows = small_rows(rng, 9)
        best = SOLVERS[name](cost, rows)
        if best.sites is None:
            continue
        again = SOLVERS[name](cost, rows, cutoff=best.objective)
        assert again.stopped == "optimal"
        assert again.objective == best.objective
        better = best.objective + (0.5 if name == "max cover" else -0.5)
        none = SOLVERS[name](cost, rows, cutoff=better)
        assert none.sites is None
        assert none.proven
        assert none.stopped == "cutoff"


def test_ctrl_c_keeps_the_best_choice_and_its_bound():
    """L19: KeyboardInterrupt, here raised where progress is told."""
    rng = np.random.default_rng(0)
    cost = np.hypot(*rng.random((2, 60, 60)) * 100)

    def stop(best, bound):
        raise KeyboardInterrupt

    rows = SiteRows.choosing(6, 60)
    solved = solve_median(cost, rows, progress=stop)
    assert solved.stopped == "time"
    assert solved.notes["interrupted"]
    assert rows.hold(solved.sites)
    assert solved.bound <= solve_median(cost, rows).objective <= solved.objective


def test_a_memory_limit_stops_at_the_same_point_each_time():
    rng = np.random.default_rng(0)
    cost = rng.random((60, 60))
    rows = SiteRows.choosing(6, 60)
    first, second = (solve_median(cost, rows, memory_mb=0.01) for _ in range(2))
    assert first.stopped == second.stopped == "memory"
    assert first.objective == second.objective
    assert first.bound == second.bound <= solve_median(cost, rows).objective


@pytest.mark.parametrize("name", SOLVERS)
def test_the_same_question_has_the_same_answer(name):
    rng = np.random.default_rng(3)
    cost = rng.integers(1, 50, (30, 20)).astype(float)
    rows = SiteRows.choosing(5, 20)
    first, second = SOLVERS[name](cost, rows), SOLVERS[name](cost, rows)
    assert first.sites is not None
    assert first.sites.tolist() == second.sites.tolist()
    assert first.bound == second.bound


def test_exchanges_never_leave_the_conditions_and_never_make_things_worse():
    for seed in range(100):
        rng = np.random.default_rng([7, seed])
        cost = numbers(rng, (8, 8), "float")
        rows = small_rows(rng, 8)
        for sites in itertools.islice(choices(rows), 5):
            if not sites.size:
                continue
            better = interchange(cost, rows, sites, Watch())
            assert rows.hold(better)
            assert nearest_sum(cost, better) <= nearest_sum(cost, sites)


def pmed(folder, number):
    """Read an OR-Library file: the last of several edges wins, then shortest paths."""
    lines = np.loadtxt(folder / "orlib" / f"pmed{number}.txt")
    n, _, p = (int(v) for v in lines[0])
    length = np.full((n, n), np.inf)
    for a, b, value in lines[1:]:
        length[int(a) - 1, int(b) - 1] = length[int(b) - 1, int(a) - 1] = value
    np.fill_diagonal(length, 0)
    return floyd_warshall(length, directed=False), p


# Optima: Beasley (1985) for the median, Pullan (2008) for the centre, Lorena and Pereira (2002)
# for coverage, Osman and Christofides (1994) with capacities.
@pytest.mark.parametrize(
    ("number", "optimum"), [(1, 5819), (2, 4093), (3, 4250), (4, 3034), (5, 1355), (15, 1729)]
)
def test_the_median_reaches_the_optimum_of_beasley(reference, number, optimum):
    cost, p = pmed(reference / "oracles", number)
    solved = solve_median(cost, SiteRows.choosing(p, len(cost)))
    assert solved.proven
    assert solved.objective == solved.bound == optimum


@pytest.mark.parametrize(("number", "optimum"), [(1, 127), (2, 98), (3, 93), (4, 74), (5, 48)])
def test_the_centre_reaches_the_optimum_of_pullan(reference, number, optimum):
    cost, p = pmed(reference / "oracles", number)
    solved = solve_centre(cost, SiteRows.choosing(p, len(cost)))
    assert solved.proven
    assert solved.objective == solved.bound == optimum


@pytest.mark.parametrize(
    ("p", "optimum"), [(1, 5461), (2, 8790), (3, 11604), (4, 12106), (5, 12152)]
)
def test_coverage_reaches_the_optimum_of_lorena_and_pereira(reference, p, optimum):
    folder = reference / "oracles" / "mclp"
    xy = np.loadtxt(folder / "SJC324.txt", skiprows=1)
    weights = np.loadtxt(folder / "demand-SJC324.dat")
    distance = np.hypot(*(xy[:, None] - xy[None]).T)
    solved = solve_max_cover(distance <= 800, weights, SiteRows.choosing(p, 324))
    assert solved.proven
    assert solved.objective == solved.bound == optimum
