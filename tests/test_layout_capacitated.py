"""The capacitated median part by part: bounds of pairs, and parts of a choice, against brute force."""

import itertools
import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from siting import layout
from siting.errors import InfeasibleLayoutError
from siting.layout import capacitated, knapsack, proving, regional
from siting.layout.knapsack import packing_bound
from siting.layout.loading import Freight
from siting.layout.loads import Lister, Terms
from siting.layout.packing import site_bound
from siting.layout.regional import parts
from siting.layout.rows import SiteRows
from siting.layout.watch import Watch


def drawn(seed, n=5, m=4):
    """Draw whole costs, some impossible, sizes from 0, capacities, and two of four sites."""
    rng = np.random.default_rng([31, seed])
    cost = rng.integers(0, 20, (n, m)).astype(float)
    cost[rng.random((n, m)) < 0.1] = np.inf
    size, room = rng.integers(0, 9, n).astype(float), rng.integers(0, 25, m).astype(float)
    cost[size[:, None] > room] = np.inf
    cost[~np.isfinite(cost).any(axis=1)] = 7.0
    return Freight(cost, size, room, SiteRows.choosing(2, m))


def loaded(freight):
    """Give every choice of two sites and every way to load them."""
    demand = np.arange(freight.size.size)
    for sites in itertools.combinations(range(freight.capacity.size), 2):
        for to in itertools.product(sites, repeat=demand.size):
            load = np.bincount(to, freight.size, freight.capacity.size)
            value = freight.cost[demand, list(to)].sum()
            if (load <= freight.capacity).all() and np.isfinite(value):
                yield np.array(to), value


@pytest.mark.parametrize("seed", range(40))
def test_the_bound_of_a_pair_is_never_above_a_choice_that_uses_it(seed):
    freight = drawn(seed)
    packed = packing_bound(freight, lambda: np.inf, lambda sites, bound: None, Watch())
    for to, value in loaded(freight):
        assert packed.bound <= value * (1 + 1e-12) + 1e-12
        used = packed.pair[np.arange(to.size), to]
        assert (used <= value * (1 + 1e-12) + 1e-12).all()


# The first: demand of 4 at the site where it costs 0, of 6 at the first site for 7; none cheaper.
# The second: 4 and 5 are never both in 5, so that prices can rise without end.
@pytest.mark.parametrize(
    ("cost", "size", "room", "optimum"),
    [
        ([[11.0, 0, 8], [7, 7, 6]], [4.0, 6], [19.0, 5, 4], 7.0),
        ([[1.0], [2.0]], [4.0, 5], [5.0], np.inf),
    ],
)
def test_prices_stay_finite_while_no_choice_is_known(cost, size, room, optimum):
    count = len(room)
    freight = Freight(
        np.array(cost), np.array(size), np.array(room), SiteRows.choosing(count, count)
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        packed = packing_bound(freight, lambda: np.inf, lambda sites, bound: None, Watch())
    assert np.isfinite(packed.bound)
    assert packed.bound <= optimum


def side_conditions(rng, m):
    """Draw a number of sites, two groups with at most two each, a fixed and a forbidden site."""
    group = np.arange(m) % 2
    matrix = sparse.csr_array(np.array([np.ones(m), group, 1 - group], float))
    least, most = np.zeros(m, np.int8), np.ones(m, np.int8)
    fixed, forbidden = rng.choice(m, 2, replace=False)
    least[fixed], most[forbidden] = 1, 0
    return SiteRows(matrix, np.array([4.0, 0, 1]), np.array([4.0, 3, 2]), least, most)


@pytest.mark.parametrize("seed", range(20))
def test_a_part_asks_of_its_sites_what_the_whole_asks_while_the_others_stay(seed):
    rng = np.random.default_rng([32, seed])
    m = 8
    rows = side_conditions(rng, m)
    every = [np.array(s) for s in itertools.combinations(range(m), 4) if rows.hold(np.array(s))]
    sites = every[int(rng.integers(len(every)))]
    to = rng.choice(sites, 9)
    freight = Freight(rng.random((9, m)), np.ones(9), np.full(m, 9.0), rows)
    found = list(parts(freight, sites, to, 2))
    assert found
    for part in found:
        stay = np.setdiff1d(sites, part.near)
        assert part.near.size == 2
        assert (np.sort(part.demand) == np.flatnonzero(np.isin(to, part.near))).all()
        assert not np.isin(stay, part.kept).any()
        for number in range(part.kept.size + 1):
            for some in itertools.combinations(range(part.kept.size), number):
                inner = np.array(some, dtype=np.intp)
                whole = np.union1d(stay, part.kept[inner])
                assert part.freight.rows.hold(inner) == rows.hold(whole)


def test_parts_that_are_solved_anew_make_a_choice_better_and_keep_its_conditions(monkeypatch):
    # Two towns of four demands each, far apart; each site takes two.
    at = np.array([0.0, 1, 2, 3, 100, 101, 102, 103])
    cost = np.abs(at[:, None] - at)
    rows = SiteRows.choosing(4, 8)
    search = capacitated.Search(cost, np.ones(8), np.full(8, 2.0), rows, Watch(), None, None)
    sites = np.array([0, 1, 6, 7])
    search.offer(sites, np.array([0, 0, 1, 1, 6, 6, 7, 7]))
    # 0 + 1 + 1 + 2 in the first town and 2 + 1 + 1 + 0 in the second.
    assert search.best == 0 + 1 + 1 + 2 + 2 + 1 + 1 + 0
    monkeypatch.setattr(regional, "_SMALLEST", 2)
    regional.mend(search)
    # Two sites in each town: of two neighbours at a site one walks 1.
    assert search.best == 4
    assert rows.hold(search.sites)
    assert (np.bincount(search.assignment, minlength=8) <= 2).all()


@pytest.mark.parametrize("seed", range(20))
def test_listed_are_all_loads_that_are_worth_enough_fines_taken_off(seed):
    freight = drawn(seed, n=6)
    rng = np.random.default_rng([33, seed])
    triple = np.array(list(itertools.combinations(range(6), 3)))[rng.permutation(20)[:5]]
    terms = Terms(rng.integers(0, 20, 6).astype(float), triple, rng.integers(0, 5, 5).astype(float))
    need = rng.integers(0, 15, 4).astype(float)
    expected = {}
    for j, some in itertools.product(range(4), itertools.product([False, True], repeat=6)):
        held = np.array(some)
        fines = terms.fine[held[triple].sum(axis=1) >= 2].sum()
        worth = (terms.price - freight.cost[:, j])[held].sum() - fines
        if freight.size[held].sum() <= freight.capacity[j] and worth >= need[j]:
            expected[j, some] = worth
    loads, worth = Lister(freight).list(terms, need, 1000)
    held = loads.holds.toarray() > 0
    found = {
        (int(j), tuple(h)): w for j, h, w in zip(loads.site, held.tolist(), worth, strict=True)
    }
    assert found == expected


@pytest.mark.parametrize("seed", range(20))
def test_a_site_bound_is_below_every_choice_that_keeps_the_conditions(seed):
    rng = np.random.default_rng([34, seed])
    rows, worth = side_conditions(rng, 8), rng.integers(0, 20, 8).astype(float)
    bound, opened = site_bound(rows, worth)
    for some in itertools.combinations(range(8), 4):
        sites = np.array(some)
        if rows.hold(sites):
            assert bound <= -worth[sites].sum() + 1e-9
            assert (opened[sites] <= -worth[sites].sum() + 1e-9).all()


# Weak prices, and every question over whole loads: few are listed and settled at a time as well.
@pytest.mark.parametrize(("most", "few"), [(30_000, 4_000), (40, 4)])
def test_whole_loads_give_the_optimum_of_brute_force(most, few, monkeypatch):
    for module, name, value in (
        (knapsack, "_STEPS", 1),
        (capacitated, "_FEW", -1),
        (capacitated, "mend", lambda search: None),
        (capacitated, "_MOMENT_S", 0.0),
        (proving, "_MOST", most),
        (proving, "_FEW", few),
        (proving, "_MANY", 10 * few),
    ):
        monkeypatch.setattr(module, name, value)
    settled, prove = [], capacitated.Search.prove
    monkeypatch.setattr(
        capacitated.Search,
        "prove",
        lambda self, *of: settled.append(prove(self, *of)) or settled[-1],
    )
    for seed in range(60):
        freight = drawn(seed, n=6)
        best = min((value for _, value in loaded(freight)), default=np.nan)
        solved = capacitated.solve_capacitated(
            freight.cost, freight.size, freight.capacity, freight.rows
        )
        assert solved.proven
        np.testing.assert_equal(solved.objective, best)
    assert sum(settled) > 5


def test_whole_loads_leave_time_for_pairs_where_they_prove_nothing(monkeypatch):
    def endless(proof):
        while not proof.search.watch.over:
            pass
        return False

    monkeypatch.setattr(proving.Proof, "run", endless)
    for name, value in (("_FEW", -1), ("_MOMENT_S", 0.0), ("_LOADS_S", 0.05)):
        monkeypatch.setattr(capacitated, name, value)
    for seed in range(10):
        freight = drawn(seed)
        best = min((value for _, value in loaded(freight)), default=np.nan)
        solved = capacitated.solve_capacitated(
            freight.cost, freight.size, freight.capacity, freight.rows
        )
        assert solved.proven
        np.testing.assert_equal(solved.objective, best)


def test_an_interrupted_search_keeps_the_bound_it_had(monkeypatch):
    # Each demand at its nearest site costs 1 + 2 + 1 = 4, which is known from the start. Two do not
    # fit at the first site, so the best is 1 + 8 + 1, and prices climb before the tenth step.
    shown = []

    def stop_at_the_second(self, sites):
        shown.append(sites)
        if len(shown) > 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(capacitated.Search, "try_sites", stop_at_the_second)
    monkeypatch.setattr(capacitated, "first_sites", lambda *_, **__: (np.array([0, 1]), "optimal"))
    cost = np.array([[1.0, 9, 20], [2, 8, 20], [5, 1, 20]])
    solved = capacitated.solve_capacitated(
        cost, np.ones(3), np.array([1.0, 2, 3]), SiteRows.choosing(2, 3)
    )
    assert solved.notes["interrupted"]
    assert not solved.proven
    assert 4.5 < solved.bound <= 10.0


@pytest.mark.parametrize("unit", [1e-12, 1.0, 1e18])
@pytest.mark.parametrize(
    "ask",
    [
        lambda cost, **loads: layout.p_median(cost, 1, **loads),
        lambda cost, **loads: layout.p_center(cost, 1, **loads),
        lambda cost, **loads: layout.set_coverage(cost, 5, **loads),
    ],
)
def test_the_unit_of_sizes_and_capacities_does_not_matter(ask, unit):
    cost = pd.DataFrame({"A": [1.0, 2, 3], "B": [2.0, 1, 1]}, list("xyz"))
    size = dict.fromkeys("xyz", unit)
    # three sizes fit in a capacity of three, and none in nine tenths of one
    assert ask(cost, capacity={"A": 3 * unit, "B": 3 * unit}, demand=size).sites
    with pytest.raises(InfeasibleLayoutError):
        ask(cost, capacity={"A": 0.9 * unit, "B": 0.9 * unit}, demand=size)
