"""Envelopes: ranks by hand and by law, nulls by what they keep, power on a planted cluster."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from shapely import box

from siting.dispersion import (
    diggle_chetwynd,
    duranton_overman,
    envelope,
    m_function,
    ripley_k,
    ripley_l,
)
from siting.dispersion.asking import check_sites
from siting.dispersion.drawing import Question, redrawn_curves
from siting.dispersion.ranking import pointwise, standing
from siting.errors import InputError

WINDOW = box(0, 0, 1000, 1000)
RADII = [50.0, 100.0, 200.0]


def town(seed: int = 0, *, planted: bool = False) -> dict[str, Any]:
    """Firms with an old centre that all sectors share; planted cases stand in one street of it."""
    random = np.random.default_rng(seed)
    x, y = np.clip(random.normal(500, 180, (2, 150)), 1, 999)
    kind = np.where(np.arange(150) < 25, "a", "b")
    if planted:
        x[:12], y[:12] = 700 + random.random((2, 12)) * 60
    return {"x": x, "y": y, "kind": kind, "radii": RADII, "case": "a"}


# --- ranks -------------------------------------------------------------------------------------


def test_extreme_rank_length_breaks_the_ties_of_the_extreme_rank() -> None:
    # Five curves at three radii. Ranks from the top: first 1 1 3, second 2 3 1, third 3 2 2; the
    # others lower. Sorted: 1 1 3 before 1 2 3 before 2 2 3: p of the first 1/5, of the second 2/5.
    curves = np.array([[9, 9, 7], [8, 7, 9], [7, 8, 8], [1, 2, 1], [2, 1, 2]], float)
    assert standing(curves, "greater", 0.2).p == 1 / 5
    swapped = curves[[1, 0, 2, 3, 4]]
    assert standing(swapped, "greater", 0.2).p == 2 / 5
    assert standing(-curves, "less", 0.2).p == 1 / 5
    band = standing(curves, "greater", 0.2)
    # The hull of the four others; below, no limit.
    assert band.upper.tolist() == [8, 8, 9]
    assert (band.lower == -np.inf).all()


def test_equal_curves_are_all_as_extreme_as_each_other() -> None:
    # Three of four curves are the same and lowest: each has p 3/4 or more, never 1/4.
    curves = np.array([[1, 1], [1, 1], [1, 1], [5, 5]], float)
    assert standing(curves, "less", 0.25).p == 3 / 4


def test_what_differs_by_rounding_only_is_a_tie() -> None:
    curves = np.array([[0.1 + 0.2], [0.3], [0.3]])
    assert standing(curves, "greater", 0.4).p == 1


def test_the_pointwise_band_leaves_out_as_many_as_it_says() -> None:
    # 99 values 1..99: the 2.5 % and 97.5 % of 100 cut 2 on either side; one-sided 5.
    values = np.arange(1.0, 100)[:, None]
    assert [float(side[0]) for side in pointwise(values, "two-sided", 0.05)] == [2, 98]
    assert [float(side[0]) for side in pointwise(values, "greater", 0.05)] == [-np.inf, 95]


@given(
    arrays(float, st.tuples(st.integers(4, 30), st.integers(1, 5)), elements=st.integers(0, 6)),
    st.sampled_from(["greater", "less", "two-sided"]),
)
def test_no_more_curves_than_alpha_are_called_extreme(curves: Any, alternative: str) -> None:
    # Each curve in turn as the observed one: exactness of the test under exchangeability.
    n = len(curves)
    p = [standing(np.roll(curves, -i, axis=0), alternative, 0.25).p for i in range(n)]
    assert min(p) >= 1 / n
    assert max(p) <= 1
    for alpha in (0.1, 0.25, 0.5):
        assert sum(one <= alpha for one in p) <= alpha * n


@given(
    arrays(float, st.tuples(st.integers(20, 40), st.integers(1, 6)),
           elements=st.floats(-5, 5), unique=True),
    st.sampled_from(["greater", "less", "two-sided"]),
)  # fmt: skip
def test_a_curve_leaves_the_global_band_exactly_if_p_is_at_most_alpha(
    curves: Any, alternative: str
) -> None:
    curves = np.argsort(np.argsort(curves, axis=0), axis=0).astype(float)  # no ties at a radius
    found = standing(curves, alternative, 0.1)
    outside = ((curves[0] < found.lower) | (curves[0] > found.upper)).any()
    assert outside == (found.p <= 0.1)


# --- envelopes of the measures -------------------------------------------------------------------

ASKS: dict[str, dict[str, Any]] = {
    "k": {"window": WINDOW, "kind": None, "case": None},
    "l": {"window": WINDOW},
    "m": {},
    "kd": {},
    "d": {"window": WINDOW},
}


@pytest.mark.parametrize("name", ASKS)
def test_the_observed_curve_is_the_measure_itself(name: str) -> None:
    ask = town() | ASKS[name]
    found = envelope(name, **ask, simulations=19)
    x, y, kind = ask["x"], ask["y"], ask["kind"]
    mine = town()["kind"] == "a"
    wanted = {
        "k": lambda: ripley_k(x, y, WINDOW, RADII),
        "l": lambda: ripley_l(x[mine], y[mine], WINDOW, RADII),
        "m": lambda: m_function(x, y, kind, RADII, case="a"),
        "kd": lambda: duranton_overman(x, y, kind, RADII, case="a"),
        "d": lambda: diggle_chetwynd(x, y, kind, WINDOW, RADII, case="a"),
    }[name]()
    assert found.observed.to_numpy() == pytest.approx(wanted.to_numpy(), rel=1e-12)
    assert list(found.observed.index) == RADII
    assert found.measure == name
    assert found.method.startswith("monte-carlo")
    table = found.table()
    assert (table["lower"] <= table["upper"]).all()
    assert (table["pointwise_lower"] <= table["expected"]).all()
    assert (table["expected"] <= table["pointwise_upper"]).all()


def test_a_measure_may_be_named_by_its_function() -> None:
    by_name = envelope("m", **town(), simulations=19)
    for measure in (m_function, "m_function"):
        assert envelope(measure, **town(), simulations=19).table().equals(by_name.table())


@pytest.mark.parametrize("name", ["m", "kd", "d", "k"])
def test_a_planted_cluster_is_found(name: str) -> None:
    more = {"window": WINDOW} if name in "dk" else {}
    found = envelope(name, **town(planted=True), **more, alternative="greater")
    assert found.p <= 2 / 200
    assert (found.observed > found.upper).any()
    assert (found.lower == -np.inf).all()


def test_firms_that_follow_all_firms_are_not_called_clustered_except_against_csr() -> None:
    # The sector has no pattern of its own; the town as a whole has a centre.
    found = [envelope("m", **town(seed), simulations=39).p for seed in range(40)]
    # 5 % of 40 is 2; ten or more has a chance of 2e-5.
    assert sum(p <= 0.05 for p in found) < 10
    csr = envelope("k", **town(), window=WINDOW, null="csr", alternative="greater")
    assert csr.p == 1 / 200


def test_evenly_spread_points_are_more_dispersed_than_chance() -> None:
    x, y = (np.mgrid[0:8, 0:8].reshape(2, -1) + 0.5) * 125
    found = envelope("k", x, y, [60, 90, 110], window=WINDOW, alternative="less")
    assert found.p == 1 / 200


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.sampled_from(["m", "kd", "d"]), st.integers(19, 60))
def test_p_is_a_whole_number_of_draws_and_the_same_seed_gives_the_same_bytes(
    seed: int, name: str, draws: int
) -> None:
    ask = town(seed) | ASKS[name] | {"simulations": draws, "seed": seed}
    found = envelope(name, **ask)
    assert 1 / (draws + 1) <= found.p <= 1
    assert found.p * (draws + 1) == pytest.approx(round(found.p * (draws + 1)))
    again = envelope(name, **ask)
    assert again.table().to_numpy().tobytes() == found.table().to_numpy().tobytes()
    assert again.p == found.p


@settings(max_examples=10)
@given(st.randoms(use_true_random=False), st.sampled_from(list(ASKS)))
def test_the_order_of_rows_changes_nothing(random: Any, name: str) -> None:
    order = list(range(150))
    random.shuffle(order)
    ask = town() | ASKS[name] | {"simulations": 19}
    if name in ("m", "kd"):
        ask["weights"] = np.arange(150) % 7
    moved = {
        key: one[order] if isinstance(one, np.ndarray) and len(one) == 150 else one
        for key, one in ask.items()
    }
    assert envelope(name, **moved).table().equals(envelope(name, **ask).table())


def test_another_seed_draws_other_patterns() -> None:
    one, other = (envelope("m", **town(), simulations=19, seed=seed) for seed in (1, 2))
    assert not one.table().equals(other.table())


# --- nulls ---------------------------------------------------------------------------------------


def drawn(null: str, weights: Any) -> np.ndarray:
    """M of four firms on a line at a radius that tells every arrangement apart."""
    x = np.array([0.0, 1, 3, 7])
    sites = check_sites(x, x * 0, kind=list("aabb"), weights=weights, named={"case": "a"})
    ask = Question(
        measure="m",
        radii=np.array([1.5, 2.5, 4.5]),
        case="a",
        neighbour=None,
        weighted=True,
        window=None,
        correction="none",
        bandwidth=None,
    )
    return redrawn_curves(ask, sites, null, 300, np.random.default_rng(0))


@pytest.mark.parametrize("null", ["random_location", "random_labelling"])
def test_draws_are_the_arrangements_that_the_null_allows_and_all_of_them(null: str) -> None:
    x, kind, sizes = np.array([0.0, 1, 3, 7]), np.array(list("aabb")), np.array([1.0, 2, 4, 8])
    allowed = set()
    for order in itertools.permutations(range(4)):
        mine = list(order)
        weight = sizes[mine] if null == "random_location" else sizes
        m = m_function(x, x * 0, kind[mine], [1.5, 2.5, 4.5], case="a", weights=weight)
        allowed.add(tuple(np.nan_to_num(m.to_numpy(), nan=-1).round(9)))
    found = {tuple(np.nan_to_num(row, nan=-1).round(9)) for row in drawn(null, sizes)}
    assert found == allowed


def test_controls_and_cases_alone_take_part_in_d() -> None:
    ask = town()
    kind = ask["kind"].copy()
    kind[100:] = "c"
    some = ask | {"kind": kind, "window": WINDOW, "simulations": 19}
    without = {key: one[:100] if isinstance(one, np.ndarray) else one for key, one in some.items()}
    found = envelope("d", **some, control="b")
    assert found.table().equals(envelope("d", **without).table())


def test_where_all_points_are_cases_nothing_is_left_to_chance() -> None:
    ask = town() | {"kind": ["a"] * 150}
    found = envelope("m", **ask, simulations=19)
    assert math.isnan(found.p)
    assert found.method == "undefined"
    assert "nothing to chance" in found.reason
    assert found.lower.isna().all()


def test_a_measure_that_is_nowhere_defined_has_no_p() -> None:
    found = envelope("m", [0, 50, 99], [0] * 3, [5], kind=list("aab"), case="a", simulations=19)
    assert math.isnan(found.p)
    assert "none of the distances" in found.reason


def test_radii_without_neighbours_are_left_out_of_the_test_and_nan_in_the_band() -> None:
    found = envelope("m", **(town() | {"radii": [1e-9, 100.0, 200.0]}), simulations=39)
    assert found.upper.isna().tolist() == [True, False, False]
    assert math.isfinite(found.p)


# --- bad input -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"measure": "g"}, "E-ARG-01"),
        ({"measure": None}, "E-ARG-01"),
        ({"alternative": "more"}, "E-ARG-01"),
        ({"null": "csr"}, "E-ARG-01"),
        ({"simulations": 0}, "E-DSP-07"),
        ({"simulations": 9.5}, "E-DSP-07"),
        ({"simulations": 18}, "E-DSP-11"),
        ({"alpha": 0}, "E-DSP-07"),
        ({"alpha": "5%"}, "E-DSP-07"),
        ({"seed": -1}, "E-DSP-07"),
        ({"kind": None}, "E-DSP-10"),
        ({"case": None}, "E-DSP-10"),
        ({"bandwidth": 50}, "E-DSP-10"),
        ({"control": "b"}, "E-DSP-10"),
        ({"measure": "kd", "bandwidth": 0}, "E-DSP-07"),
        ({"measure": "d"}, "E-DSP-10"),
        ({"measure": "k", "window": WINDOW, "kind": None}, "E-DSP-10"),
        ({"window": box(0, 0, 1, 1)}, "E-DSP-09"),
        ({"case": "z"}, "E-DSP-04"),
    ],
)
def test_what_an_envelope_cannot_use_is_refused(change: dict[str, Any], code: str) -> None:
    with pytest.raises(InputError) as caught:
        envelope(**({"measure": "m"} | town() | change))
    assert {one.code for one in caught.value.findings} == {code}
    assert caught.value.exit_code == 2
