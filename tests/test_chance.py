"""P-values are counted, not approximated, and a family of them is judged together."""

from __future__ import annotations

import itertools
from fractions import Fraction
from math import comb

import numpy as np
import pandas as pd
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from siting.chance import ENUMERATED, false_discovery, hypergeometric_p, permutation_p
from siting.errors import InputError


@st.composite
def margins(draw: st.DrawFn, most: int = 300) -> tuple[int, int, int, int]:
    n = draw(st.integers(0, most))
    a, b = draw(st.integers(0, n)), draw(st.integers(0, n))
    return draw(st.integers(max(0, a + b - n), min(a, b))), a, b, n


probabilities = st.lists(
    st.one_of(st.sampled_from([0.0, 0.01, 0.05, 0.5, 1.0]), st.floats(0, 1)), max_size=40
)


def test_six_places_counted_by_hand() -> None:
    # a = {1, 2, 3}; two of six are drawn: C(6,2) = 15 ways. None of a: C(3,2) = 3 ways, both of a:
    # C(3,2) = 3, so exactly one: 9.
    assert hypergeometric_p(0, 3, 2, 6) == 1
    assert hypergeometric_p(1, 3, 2, 6) == 12 / 15
    assert hypergeometric_p(2, 3, 2, 6) == 3 / 15


def test_every_world_of_up_to_six_places_agrees_with_drawing_every_set() -> None:
    for n in range(7):
        for a, b in itertools.product(range(n + 1), repeat=2):
            shared = [len(set(range(a)) & set(s)) for s in itertools.combinations(range(n), b)]
            for k in range(max(0, a + b - n), min(a, b) + 1):
                exact = Fraction(sum(x >= k for x in shared), len(shared))
                assert hypergeometric_p(k, a, b, n) == float(exact)


def test_health_and_intelligence_in_shanghai_share_three_districts_of_sixteen() -> None:
    # Health has 5, intelligence 7; P(X >= 3) = [C(5,3)C(11,4) + C(5,4)C(11,3) + C(5,5)C(11,2)]
    # / C(16,7) = (10 x 330 + 5 x 165 + 1 x 55) / 11440 = 4180 / 11440.
    assert hypergeometric_p(3, 5, 7, 16) == 4180 / 11440


@settings(deadline=None)
@given(margins())
def test_the_two_sets_may_change_roles(counts: tuple[int, int, int, int]) -> None:
    shared, a, b, n = counts
    assert hypergeometric_p(shared, a, b, n) == hypergeometric_p(shared, b, a, n)


@settings(deadline=None)
@given(margins(most=80).filter(lambda counts: counts[3] > 0))  # scipy has no empty world
def test_scipy_agrees(counts: tuple[int, int, int, int]) -> None:
    shared, a, b, n = counts
    peer = scipy.stats.hypergeom.sf(shared - 1, n, a, b)
    assert hypergeometric_p(shared, a, b, n) == pytest.approx(peer, rel=1e-9)


@settings(deadline=None)
@given(margins())
def test_sharing_more_is_never_more_likely(counts: tuple[int, int, int, int]) -> None:
    _, a, b, n = counts
    chances = [hypergeometric_p(k, a, b, n) for k in range(max(0, a + b - n), min(a, b) + 1)]
    assert chances[0] == 1
    assert all(more <= less for less, more in itertools.pairwise(chances))


def test_the_answer_is_the_double_nearest_to_the_fraction() -> None:
    # P(all 40 shared) of 40 and 40 among 2000 is 1 / C(2000, 40), far below what sums of logs keep.
    assert hypergeometric_p(40, 40, 40, 2000) == float(Fraction(1, comb(2000, 40)))


def test_counts_of_numpy_are_counts() -> None:
    assert hypergeometric_p(*np.array([1, 2, 2, 4])) == 5 / 6


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((1, 5, 2, 4), "larger than the world"),
        ((3, 2, 2, 4), "cannot occur"),
        ((0, 3, 3, 4), "cannot occur"),  # 3 and 3 of 4 share at least 2
        ((-1, 2, 2, 4), "whole number"),
        ((1.0, 2, 2, 4), "whole number"),
        ((1, "2", 2, 4), "whole number"),
    ],
)
def test_counts_that_cannot_be_are_refused(counts: tuple, said: str) -> None:
    with pytest.raises(InputError, match=said):
        hypergeometric_p(*counts)


def test_four_rates_by_hand() -> None:
    # Sorted 0.01 0.02 0.03 0.5 and m = 4: 4 x 0.01 / 1 = 0.04, 4 x 0.02 / 2 = 0.04,
    # 4 x 0.03 / 3 = 0.04, 4 x 0.5 / 4 = 0.5.
    q = false_discovery(pd.Series([0.5, 0.03, 0.01, 0.02], index=list("dcab")))
    assert list(q.index) == list("dcab")
    assert q.to_numpy() == pytest.approx([0.5, 0.04, 0.04, 0.04], rel=1e-15)


def test_a_test_that_could_not_be_made_is_not_counted() -> None:
    # Without the NaN: m = 2, 2 x 0.01 / 1 = 0.02 and 2 x 0.04 / 2 = 0.04.
    q = false_discovery(np.array([0.04, np.nan, 0.01]))
    assert q[[0, 2]].tolist() == [0.04, 0.02]
    assert np.isnan(q[1])
    assert np.isnan(false_discovery(np.array([np.nan, np.nan]))).all()


@settings(deadline=None)
@given(probabilities)
def test_scipy_finds_the_same_rates(p: list[float]) -> None:
    peer = scipy.stats.false_discovery_control(p) if p else []
    assert false_discovery(np.array(p)) == pytest.approx(np.array(peer), rel=1e-12)


@settings(deadline=None)
@given(probabilities, st.randoms(use_true_random=False))
def test_the_order_of_the_tests_does_not_matter(p: list[float], random: object) -> None:
    mixed = pd.Series(p, dtype="float64").sample(frac=1, random_state=random.randrange(2**32))
    straight = false_discovery(pd.Series(p, dtype="float64"))
    pd.testing.assert_series_equal(false_discovery(mixed), straight[mixed.index], check_exact=True)


@settings(deadline=None)
@given(probabilities)
def test_a_rate_is_a_share_not_below_its_p_and_keeps_the_order(p: list[float]) -> None:
    q = false_discovery(np.array(p))
    assert ((q >= p) & (q <= 1)).all()
    order = np.argsort(p)
    assert (np.diff(q[order]) >= 0).all()
    for i, j in itertools.combinations(range(len(p)), 2):
        assert (p[i] != p[j]) or (q[i] == q[j])


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 5), st.integers(1, 5))
def test_a_table_of_p_keeps_its_shape(rows: int, columns: int) -> None:
    p = np.linspace(0, 1, rows * columns)
    before = p.copy()
    assert false_discovery(p.reshape(rows, columns)).shape == (rows, columns)
    assert (false_discovery(p.reshape(rows, columns)).ravel() == false_discovery(p)).all()
    assert (p == before).all()


@pytest.mark.parametrize("p", [-0.1, 1.1, np.inf])
def test_what_is_no_probability_is_refused_and_named(p: float) -> None:
    with pytest.raises(InputError, match="number 2 ") as caught:
        false_discovery(np.array([0.5, p]))
    assert caught.value.findings[0].value == str(p)


# --- chosen places --------------------------------------------------------------------------------

small_worlds = st.lists(
    st.tuples(
        st.one_of(st.integers(-3, 3), st.sampled_from([0.1, 0.2, 0.3, 0.1 + 0.2])), st.booleans()
    ),
    min_size=2,
    max_size=9,
).filter(lambda world: 0 < sum(mark for _, mark in world) < len(world))


def tenths(value: float) -> int:
    return round(10 * value)


def counted_by_hand(values: list, chosen: list, alternative: str) -> Fraction:
    """Draw every set; values are tenths, so that sums are exact."""
    whole, k = [tenths(v) for v in values], sum(chosen)
    seen = sum(v for v, mark in zip(whole, chosen, strict=True) if mark)
    sums = [sum(s) for s in itertools.combinations(whole, k)]
    above = Fraction(sum(s >= seen for s in sums), len(sums))
    below = Fraction(sum(s <= seen for s in sums), len(sums))
    both = min(Fraction(1), 2 * min(above, below))
    return {"greater": above, "less": below, "two-sided": both}[alternative]


def test_two_of_four_counted_by_hand() -> None:
    # Sums of two of 1, 2, 3, 4: 3 4 5 5 6 7. At least 2 + 4 = 6: two of six; at most 6: five.
    chosen = [False, True, False, True]
    assert permutation_p([1, 2, 3, 4], chosen).p == 2 / 6
    assert permutation_p([1, 2, 3, 4], chosen, alternative="less").p == 5 / 6
    assert permutation_p([1, 2, 3, 4], chosen, alternative="two-sided").p == 4 / 6
    answer = permutation_p([1, 2, 3, 4], chosen)
    assert (answer.statistic, answer.expected, answer.p_smallest) == (3 - 2, 0, 1 / 6)
    assert (answer.method, answer.n_arrangements, answer.seed) == ("exact", 6, None)


@settings(deadline=None)
@given(small_worlds, st.sampled_from(["greater", "less", "two-sided"]))
def test_every_small_world_agrees_with_drawing_every_set(world: list, alternative: str) -> None:
    values, chosen = map(list, zip(*world, strict=True))
    exact = counted_by_hand(values, chosen, alternative)
    answer = permutation_p(values, chosen, alternative=alternative)
    assert answer.p == float(exact)
    assert answer.n_arrangements == comb(len(values), sum(chosen))


def test_rounding_does_not_part_equal_sums() -> None:
    # 0.1 + 0.2 > 0.3 + 0.0 in doubles. Sums of two: 0.3 0.4 0.1 0.5 0.2 0.3: four are at least 0.3.
    values = [0.1, 0.2, 0.3, 0.0]
    assert permutation_p(values, [1, 1, 0, 0]).p == 4 / 6
    assert permutation_p(values, [0, 0, 1, 1]).p == 4 / 6


def test_large_whole_numbers_are_told_apart() -> None:
    values = [10**15 + i for i in (0, 1, 2, 3)]
    assert permutation_p(values, [0, 0, 1, 1]).p == 1 / 6
    assert permutation_p(values, [0, 1, 0, 1]).p == 2 / 6


def test_equal_values_give_a_p_of_one() -> None:
    answer = permutation_p([0.1 + 0.2, 0.3, 0.3, 0.3], [1, 0, 0, 0])
    assert (answer.p, answer.p_smallest) == (1, 1)


@settings(deadline=None)
@given(small_worlds, st.randoms(use_true_random=False))
def test_the_order_of_the_places_and_the_roles_do_not_matter(world: list, random: object) -> None:
    values, chosen = map(list, zip(*world, strict=True))
    mixed = world.copy()
    random.shuffle(mixed)
    mixed_values, mixed_chosen = map(list, zip(*mixed, strict=True))
    assert permutation_p(values, chosen).p == permutation_p(mixed_values, mixed_chosen).p
    drawn = permutation_p(values, chosen, draws=50, seed=3)
    assert drawn.p == permutation_p(mixed_values, mixed_chosen, draws=50, seed=3).p
    others = [not mark for mark in chosen]
    assert permutation_p(values, chosen).p == permutation_p(values, others, alternative="less").p
    mirrored = [-value for value in values]
    assert permutation_p(values, chosen).p == permutation_p(mirrored, chosen, alternative="less").p


def test_zeros_and_ones_give_the_hypergeometric_p() -> None:
    # 7 of 16 places planned, 5 places have it, 3 of them planned.
    has = [1] * 5 + [0] * 11
    planned = [1, 1, 1, 0, 0] + [1] * 4 + [0] * 7
    assert permutation_p(has, planned).p == hypergeometric_p(3, 5, 7, 16)


def test_scipy_counts_the_same_arrangements() -> None:
    values = np.random.default_rng(1).normal(size=10)
    peer = scipy.stats.permutation_test(
        (values[:4], values[4:]),
        lambda x, y, axis: x.mean(axis=axis) - y.mean(axis=axis),
        alternative="greater",
        n_resamples=np.inf,
    )
    answer = permutation_p(values, [1] * 4 + [0] * 6)
    assert answer.p == peer.pvalue
    assert answer.statistic == pytest.approx(peer.statistic, rel=1e-12)


def test_draws_are_near_the_exact_answer_and_never_zero() -> None:
    values, chosen = list(range(12)), [1, 0, 0, 1, 0, 1, 0, 0, 1, 1, 0, 1]
    exact = permutation_p(values, chosen).p
    drawn = permutation_p(values, chosen, draws=20_000, seed=1)
    # Five standard errors of a share of 20,000 draws.
    assert abs(drawn.p - exact) < 5 * np.sqrt(exact * (1 - exact) / 20_000)
    assert (drawn.method, drawn.n_arrangements, drawn.seed) == ("monte-carlo", 20_001, 1)
    assert drawn == permutation_p(values, chosen, draws=20_000, seed=1)
    best = permutation_p(range(40), [0] * 20 + [1] * 20, draws=9)
    assert best.p == best.p_smallest == 1 / 10


def test_large_worlds_are_drawn() -> None:
    assert comb(24, 12) > ENUMERATED > comb(22, 11)
    values = np.arange(24.0)
    assert permutation_p(values, np.arange(24) % 2).method == "monte-carlo"
    assert permutation_p(values, np.arange(24) == 3).method == "exact"
    # All but one of many: as many arrangements as places, however many are chosen.
    assert permutation_p(np.arange(2000), np.arange(2000) != 0).p == 1 / 2000


def test_labels_decide_and_not_positions() -> None:
    values = pd.Series({"p": 1, "q": 2, "r": 9})
    assert permutation_p(values, pd.Series({"r": 1, "q": 0, "p": 0})).p == 1 / 3


def test_none_or_all_chosen_cannot_be_compared() -> None:
    for chosen in ([0, 0], [1, 1]):
        answer = permutation_p([1, 2], chosen)
        assert answer.method == "undefined"
        assert np.isnan([answer.p, answer.statistic, answer.p_smallest]).all()
        assert "none or all" in answer.reason


@pytest.mark.parametrize(
    ("values", "chosen", "more", "said"),
    [
        ([1, np.nan], [0, 1], {}, "finite"),
        ([1, np.inf], [0, 1], {}, "finite"),
        ([1, 2], [0, 2], {}, "0 or 1"),
        ([1, 2], [0, 1, 1], {}, "as many marks"),
        (pd.Series([1, 2]), pd.Series([1, 0], index=[1, 2]), {}, "labels of values"),
        (pd.Series([1, 2], index=[0, 0]), pd.Series([1, 0], index=[0, 0]), {}, "labels of values"),
        ([1, 2], [0, 1], {"alternative": "both"}, "two-sided"),
        ([1, 2], [0, 1], {"draws": 0}, "positive whole number"),
        ([1, 2], [0, 1], {"draws": -5}, "whole number"),
        ([1, 2], [0, 1], {"seed": -1}, "whole number"),
    ],
)
def test_what_cannot_be_permuted_is_refused(values, chosen, more, said) -> None:
    with pytest.raises(InputError, match=said):
        permutation_p(values, chosen, **more)
