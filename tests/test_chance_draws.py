"""Arrangements counted and drawn: against brute force, and the laws of a p-value."""

from __future__ import annotations

import itertools
from math import comb, factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.stats import chi2

from siting.chance import (
    ENUMERATED,
    PERMUTATIONS,
    neighbour_tails,
    rearrangement_tails,
    whole_values,
)
from siting.chance import permuting as permuting_room
from siting.chance.neighbouring import _lists
from siting.errors import InputError


def weighted_sum(n: int):
    """A statistic that tells every arrangement of distinct values apart."""
    weights = 2.0 ** np.arange(n)
    return lambda x: weights @ x


small = st.lists(st.integers(0, 3), min_size=1, max_size=7)


@given(small, st.sampled_from(["greater", "less", "two-sided"]))
def test_exact_p_is_that_of_every_permutation(values, alternative) -> None:
    n = len(values)
    every = np.array([weighted_sum(n)(np.array(v)) for v in itertools.permutations(values)])
    seen = every[0]
    low, high = (every <= seen).mean(), (every >= seen).mean()
    tails = rearrangement_tails(values, weighted_sum(n))
    expected = {"greater": high, "less": low, "two-sided": min(1, 2 * min(low, high))}
    assert tails.p(alternative)[0] == pytest.approx(expected[alternative], rel=1e-12)
    assert tails.exact.tolist() == [True]
    # No distinct arrangement is named twice, and none is left out.
    assert tails.total[0] == len(set(itertools.permutations(values)))
    assert tails.top[0] == tails.bottom[0] == 1


@given(small)
def test_every_arrangement_is_made_of_the_same_values(values) -> None:
    seen = []

    def keep(x):
        seen.extend(map(tuple, x.T.tolist()))
        return x.sum(axis=0)

    rearrangement_tails(values, keep)
    assert set(seen) == {tuple(map(float, v)) for v in itertools.permutations(values)}


def test_blocks_of_any_size_give_the_same_count(monkeypatch) -> None:
    values = [0, 0, 1, 1, 2, 5, 5, 5]
    whole = rearrangement_tails(values, weighted_sum(8))
    for cells in (1, 9, 100, 5000):
        monkeypatch.setattr(permuting_room, "_CELLS", cells)
        again = rearrangement_tails(values, weighted_sum(8))
        assert (again.total[0], again.above[0]) == (whole.total[0], whole.above[0])
    assert whole.total[0] == factorial(8) / (2 * 2 * 6)


def test_so_many_arrangements_are_drawn_and_no_fewer_than_can_be_counted() -> None:
    # C(22, 11) = 705,432 are counted, C(24, 12) = 2,704,156 are drawn.
    for half, exact in ((11, True), (12, False)):
        tails = rearrangement_tails([0] * half + [1] * half, weighted_sum(2 * half))
        assert tails.exact[0] == exact == (comb(2 * half, half) <= ENUMERATED)
        assert tails.total[0] == (comb(2 * half, half) if exact else PERMUTATIONS + 1)


@given(st.integers(4, 30), st.integers(1, 60), st.integers(0, 5))
def test_a_drawn_p_lies_between_one_draw_and_one(n, draws, seed) -> None:
    values = np.random.default_rng(n).normal(size=n)
    tails = rearrangement_tails(values, weighted_sum(n), draws=draws, seed=seed)
    for alternative in ("greater", "less", "two-sided"):
        p = tails.p(alternative)[0]
        assert 1 / (draws + 1) <= p <= 1
        assert tails.p_smallest(alternative)[0] <= p
    again = rearrangement_tails(values, weighted_sum(n), draws=draws, seed=seed)
    assert again.above[0] == tails.above[0]


def drawn(values, draws: int, seed: int = 0) -> np.ndarray:
    """The arrangements drawn, one in a column."""
    seen = []
    rearrangement_tails(values, lambda x: seen.append(x) or x[:1], draws=draws, seed=seed)
    return np.hstack(seen[1:])  # the first is the one observed


@pytest.mark.parametrize("n", [1, 2, 5, 64, 65, 217])
def test_what_is_drawn_is_the_same_values_in_another_order(n) -> None:
    values = np.random.default_rng(n).normal(size=n)
    found = drawn(values, 300)
    assert found.shape == (n, 300)
    assert (np.sort(found, axis=0) == np.sort(values)[:, None]).all()


def test_every_arrangement_is_drawn_as_often() -> None:
    # 24 arrangements, 1,000 of each expected; chi-square with 23 degrees of freedom exceeds
    # 58.3 once in 15,000 times.
    _, counts = np.unique(drawn([0, 1, 2, 3], 24_000), axis=1, return_counts=True)
    assert counts.size == 24
    assert ((counts - 1000) ** 2 / 1000).sum() < chi2.isf(1 / 15_000, 23)


def test_every_value_is_drawn_everywhere_as_often() -> None:
    # 64 is a power of two and 65 is one more: the number of a place has no bit to spare, or many.
    # A value is in one place only, so (n - 1)^2 of the n^2 counts are free, and (n - 1) / n corrects.
    for n in (64, 65):
        at = drawn(np.arange(n), 10_000).astype(int)
        times = np.array([np.bincount(row, minlength=n) for row in at])
        off = (times - 10_000 / n) ** 2 / (10_000 / n)
        assert off.sum() * (n - 1) / n < chi2.isf(1 / 15_000, (n - 1) ** 2)


def test_so_many_at_a_time_changes_nothing_of_what_is_drawn(monkeypatch) -> None:
    values = np.random.default_rng(0).normal(size=30)
    whole = drawn(values, 500)
    for cells in (1, 70, 999):
        monkeypatch.setattr(permuting_room, "_CELLS", cells)
        assert (drawn(values, 500) == whole).all()
    assert (drawn(values, 500, seed=1) != whole).any()


@st.composite
def question(draw):
    """Values with ties, and rows of neighbours, some weighted, some empty."""
    n = draw(st.integers(2, 7))
    values = draw(st.lists(st.integers(-3, 3), min_size=n, max_size=n))
    weights = draw(st.lists(st.sampled_from([0, 0, 1, 1, 2]), min_size=n * n, max_size=n * n))
    matrix = np.array(weights, dtype=float).reshape(n, n)
    np.fill_diagonal(matrix, 0)
    return np.array(values, dtype=float), matrix


@given(question())
@settings(max_examples=60)
def test_exact_p_of_neighbours_is_that_of_all_lists_of_others(asked) -> None:
    values, matrix = asked
    tails = neighbour_tails(values, sparse.csr_array(matrix), slack=1e-9)
    for i, row in enumerate(matrix):
        weights = row[row > 0]
        if not weights.size:
            assert np.isnan(tails.p("greater")[i])
            assert tails.total[i] == 0
            continue
        lists = itertools.permutations(np.delete(values, i), weights.size)
        every = np.array([weights @ v for v in lists])
        assert tails.p("greater")[i] == pytest.approx((every >= row @ values).mean())
        assert tails.p("less")[i] == pytest.approx((every <= row @ values).mean())
        top = (every == every.max()).mean()
        assert tails.p_smallest("greater")[i] == pytest.approx(top)


@given(question(), st.integers(1, 50))
@settings(max_examples=60)
def test_the_shared_lists_are_corrected_for_the_place_itself(asked, draws) -> None:
    # The same lists, gone through place by place: where the place is in its own list, the next one
    # of the list stands in for it.
    values, matrix = asked
    n = values.size
    degree = (matrix > 0).sum(axis=1)
    tails = neighbour_tails(values, sparse.csr_array(matrix), draws=draws, seed=3, slack=1e-9)
    if not degree.any():
        return
    lists = np.hstack(
        list(_lists(np.random.default_rng(3), n, int(degree.max()) + 1, draws))
    ).T.tolist()
    for i, row in enumerate(matrix):
        weights, k = row[row > 0], degree[i]
        if not k:
            continue
        above = below = 1
        for one in lists:
            first = [one[k] if place == i else place for place in one[:k]]
            assert i not in first
            assert len(set(first)) == k
            reached = weights @ values[first]
            above += reached >= row @ values - 1e-9
            below += reached <= row @ values + 1e-9
        assert (tails.above[i], tails.below[i], tails.total[i]) == (above, below, draws + 1)


@pytest.mark.parametrize(("n", "size"), [(5, 5), (6, 3), (40, 4)])
def test_every_list_is_as_likely_as_any_other(n: int, size: int) -> None:
    # Each place is expected at each position in draws / n lists, with a standard error below its
    # root; five of them leave 1 in 10^6. With 4 of 40 the lists are drawn one by one, else shuffled.
    draws = 40_000
    lists = np.hstack(list(_lists(np.random.default_rng(1), n, size, draws)))
    assert lists.shape == (size, draws)
    assert all(len(set(column)) == size for column in lists.T[:2000].tolist())
    for position in lists:
        counts = np.bincount(position, minlength=n)
        assert np.abs(counts - draws / n).max() < 5 * np.sqrt(draws / n)
    if size > 1:
        pairs = np.bincount(lists[0] * n + lists[1], minlength=n * n).reshape(n, n)
        assert np.diagonal(pairs).sum() == 0
        expected = draws / (n * (n - 1))
        off = pairs[~np.eye(n, dtype=bool)]
        assert np.abs(off - expected).max() < 5.5 * np.sqrt(expected)


def test_sets_of_nearly_all_others_are_counted_by_those_left_out() -> None:
    # 1,200 others, k = 1,199: 1,200 sets, each the total less one value.
    matrix = np.zeros((1201, 1201))
    matrix[0, 2:] = 1
    values = np.arange(1201.0)
    tails = neighbour_tails(values, sparse.csr_array(matrix))
    assert tails.exact[0]
    assert tails.total[0] == 1200
    assert tails.p("greater")[0] == 1 / 1200  # only the 1 is left out


def test_weights_that_differ_by_rounding_alone_are_alike() -> None:
    # 0.1 + 0.2 and 0.3: without that, ties of whole numbers would be lost at a slack of 0.
    matrix = np.zeros((5, 5))
    matrix[0, 1:3] = [0.1 + 0.2, 0.3]
    tails = neighbour_tails([0, 2, 1, 1, 2], sparse.csr_array(matrix))
    assert tails.total[0] == comb(4, 2)
    assert tails.above[0] == 5  # sums of pairs of 2 1 1 2: 3 3 4 2 3 3


@pytest.mark.parametrize("call", [rearrangement_tails, neighbour_tails])
@pytest.mark.parametrize("options", [{"draws": -1}, {"draws": 2.5}, {"seed": "x"}])
def test_draws_and_seeds_are_whole_numbers(call, options) -> None:
    second = weighted_sum(3) if call is rearrangement_tails else sparse.csr_array(np.eye(3)[::-1])
    with pytest.raises(InputError, match="E-CHANCE-01"):
        call([1.0, 2.0, 3.0], second, **options)


# --- whole numbers ---------------------------------------------------------------------------


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1), st.integers(0, 3))
def test_decimals_become_whole_numbers_of_the_same_proportions(numbers, decimals) -> None:
    values = [number / 10**decimals for number in numbers]
    whole = whole_values(values)
    assert whole is not None
    assert (whole == np.rint(whole)).all()
    assert whole.min() == 0
    least = min(numbers)
    # Trailing zeros may be left off together.
    expected = np.array([number - least for number in numbers])
    scale = expected.max() / whole.max() if whole.max() else 1
    assert scale in (1, 10, 100, 1000)
    assert (whole * scale == expected).all()


@pytest.mark.parametrize("values", [[0.1, 1 / 3], [np.pi, 0.0], [2e9, 1.0], [1e-9, 1.0]])
def test_other_numbers_are_left_alone(values) -> None:
    assert whole_values(values) is None
