"""The laws that association keeps whatever the values and the map; and what it finds where it is."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from siting.association import geary, getis_ord, join_counts, local_moran, moran
from siting.chance import false_discovery
from tests.test_association_oracles import lattice, series, some_graph

FEW = settings(max_examples=40)
magnitudes = st.sampled_from([1e-300, 1e-6, 1.0, 1e6, 1e300])
alternatives = st.sampled_from(["two-sided", "greater", "less"])
transforms = st.sampled_from(["r", "b"])


@st.composite
def worlds(draw, low: int = 4, high: int = 9, top: int = 6):
    """Whole-number values with many ties, not all equal, on a random graph without islands."""
    n = draw(st.integers(low, high))
    graph = some_graph(draw(st.integers(0, 99)), n, draw(st.sampled_from([0.1, 0.4, 0.8])))
    values = draw(st.lists(st.integers(0, top), min_size=n, max_size=n))
    assume(len(set(values)) > 1)
    return series(map(float, values), graph), graph


def same(a, b, tolerance: float = 1e-9) -> bool:
    return a == pytest.approx(b, rel=tolerance, abs=tolerance, nan_ok=True)


@given(worlds(), st.sampled_from([-3.0, 0.25, 7.0]), st.integers(-50, 50), transforms)
@FEW
def test_law_18_moran_and_geary_do_not_know_unit_and_origin(world, a, b, transform) -> None:
    values, graph = world
    for measure in (moran, geary):
        first = measure(values, graph, transform=transform)
        second = measure(a * values + b, graph, transform=transform)
        assert same(second.statistic, first.statistic)
        assert same(second.z, first.z)
        assert second.p == first.p


@given(worlds(), magnitudes)
@FEW
def test_law_18_holds_for_every_magnitude(world, scale) -> None:
    values, graph = world
    assert same(moran(values * scale, graph).statistic, moran(values, graph).statistic)
    assert same(geary(values * scale, graph).statistic, geary(values, graph).statistic)
    for measure in (local_moran, getis_ord):
        first, second = measure(values, graph), measure(values * scale, graph)
        assert same(second["z"].tolist(), first["z"].tolist(), 1e-7)
        assert same(second["statistic"].tolist(), first["statistic"].tolist())
        assert second["p"].tolist() == first["p"].tolist()


@given(worlds(), st.sampled_from([-2.0, 5.0]), st.integers(-9, 9))
@FEW
def test_local_moran_does_not_know_unit_and_origin_and_gi_turns_with_the_sign(world, a, b) -> None:
    values, graph = world
    first, second = local_moran(values, graph), local_moran(a * values + b, graph)
    assert same(second["statistic"].tolist(), first["statistic"].tolist())
    assert second["p"].tolist() == first["p"].tolist()
    hot, cold = getis_ord(values, graph), getis_ord(a * values + b, graph)
    assert same(cold["z"].tolist(), (np.sign(a) * hot["z"]).tolist(), 1e-7)
    assert cold["p"].tolist() == hot["p"].tolist()


@given(worlds(high=12), transforms)
@FEW
def test_law_19_the_local_morans_sum_to_the_global_one(world, transform) -> None:
    # sum I_i = (S0 / n) sum... with m2 = sum z^2 / n: sum_i I_i = S0 x I.
    values, graph = world
    local = local_moran(values, graph, transform=transform, permutations=0)["statistic"].sum()
    total = len(values) if transform == "r" else graph.sparse.sum()
    assert same(local, total * moran(values, graph, transform=transform, permutations=0).statistic)


@given(worlds(), st.randoms(use_true_random=False))
@FEW
def test_law_20_other_names_change_the_names_alone(world, random) -> None:
    values, graph = world
    names = [f"x{i:02}" for i in range(len(values))]
    random.shuffle(names)
    renamed = SimpleNamespace(sparse=graph.sparse, unique_ids=names)
    other = pd.Series(values.to_numpy(), names)
    for measure in (moran, geary):
        first, second = measure(values, graph), measure(other, renamed)
        assert same([second.statistic, second.z], [first.statistic, first.z])
        assert second.p == first.p
    for measure in (local_moran, getis_ord):
        first, second = measure(values, graph), measure(other, renamed)
        assert same(second["statistic"].tolist(), first["statistic"].tolist())
        assert second["p"].tolist() == first["p"].tolist()


@given(worlds(), st.integers(1, 200), st.integers(0, 3), alternatives)
@settings(max_examples=40)
@pytest.mark.filterwarnings("ignore::siting.errors.SitingWarning")
def test_law_21_and_22_p_lies_between_one_draw_and_one_and_comes_back(
    world, draws, seed, alternative
) -> None:
    values, graph = world
    asked = {"permutations": draws, "seed": seed, "alternative": alternative}
    for measure in (moran, geary):
        found = measure(values, graph, **asked)
        assert 1 / (draws + 1) <= found.p_smallest <= found.p <= 1
        assert measure(values, graph, **asked) == found
    for measure in (local_moran, getis_ord):
        found = measure(values, graph, **asked)
        assert found["p"].between(1 / (draws + 1), 1).all()
        assert (found["p_smallest"] <= found["p"]).all()
        assert found.equals(measure(values, graph, **asked))


@given(worlds(), alternatives)
@FEW
def test_no_p_is_below_the_least_there_is(world, alternative) -> None:
    values, graph = world
    for measure in (moran, geary):
        found = measure(values, graph, alternative=alternative)
        assert 0 < found.p_smallest <= found.p <= 1
    for measure in (local_moran, getis_ord):
        found = measure(values, graph, alternative=alternative)
        assert (found["p_smallest"] <= found["p"]).all()
        assert found["p"].between(0, 1, inclusive="right").all()


@given(worlds())
@FEW
def test_q_is_the_false_discovery_rate_of_p_and_grows_with_it(world) -> None:
    values, graph = world
    for measure in (local_moran, getis_ord):
        found = measure(values, graph).sort_values("p")
        assert (found["q"] >= found["p"]).all()
        assert found["q"].is_monotonic_increasing
        assert found["q"].tolist() == false_discovery(found["p"]).tolist()


@given(worlds(), st.lists(st.sampled_from([0.001, 0.5, 3.0, 1e4]), min_size=9, max_size=9))
@FEW
def test_gi_does_not_know_the_scale_of_a_row(world, scales) -> None:
    values, graph = world
    rows = np.array(scales)[: len(values), None]
    scaled = SimpleNamespace(sparse=graph.sparse * rows, unique_ids=graph.unique_ids)
    for star in (True, False):
        first = getis_ord(values, graph, star=star)
        second = getis_ord(values, scaled, star=star)
        assert same(second["z"].tolist(), first["z"].tolist(), 1e-7)
        assert second["p"].tolist() == first["p"].tolist()


@given(worlds(high=12))
@FEW
def test_the_two_variances_of_gi_differ_by_their_divisor(world) -> None:
    values, graph = world
    n = len(values)
    for star, count in ((True, n), (False, n - 1)):
        published = getis_ord(values, graph, star=star, permutations=0)["z"]
        other = getis_ord(values, graph, star=star, permutations=0, variance="n-1")["z"]
        assert same(other.tolist(), (published * np.sqrt((count - 1) / count)).tolist())


@given(worlds())
@FEW
def test_local_moran_and_gi_ask_the_same_of_the_neighbours(world) -> None:
    # Both hold the place and move the others, so |z| and p of the two are one and the same.
    values, graph = world
    local = local_moran(values, graph)
    hot = getis_ord(values, graph, star=False)
    off = (values - values.mean()).abs() > 1e-9
    assert same(local["z"].abs()[off].tolist(), hot["z"].abs()[off].tolist(), 1e-7)
    assert local["p"][off].tolist() == hot["p"][off].tolist()


@given(worlds(top=1), alternatives)
@FEW
def test_joins_add_up_and_change_sides_with_the_colours(world, alternative) -> None:
    held, graph = world
    first = join_counts(held, graph, alternative=alternative)
    second = join_counts(1 - held, graph, alternative=alternative)
    assert first.bb + first.ww + first.bw == first.J == graph.sparse.sum() / 2
    assert first.by_kind["expected"].sum() == pytest.approx(first.J)
    assert (second.bb, second.ww, second.bw) == (first.ww, first.bb, first.bw)
    assert second.by_kind.loc["ww", "p"] == first.by_kind.loc["bb", "p"]
    assert second.by_kind.loc["bw", "p"] == first.by_kind.loc["bw", "p"]


@given(worlds(top=1))
@FEW
def test_geary_of_zeros_and_ones_counts_the_unlike_pairs(world) -> None:
    # (x_i - x_j)^2 is 1 for an unlike pair, and each is counted both ways.
    held, graph = world
    joins = join_counts(held, graph)
    n, z = len(held), held - held.mean()
    found = geary(held, graph, transform="b")
    assert same(found.statistic, (n - 1) / (2 * 2 * joins.J) * 2 * joins.bw / (z @ z))
    assert found.p == joins.by_kind.loc["bw", "p"]


@given(worlds(), st.sampled_from([0.0, 3.5, -1e6]))
@FEW
def test_law_25_constant_values_are_never_significant(world, value) -> None:
    _, graph = world
    for measure in (moran, geary):
        found = measure(pd.Series(value, graph.unique_ids), graph)
        assert np.isnan([found.statistic, found.z, found.p]).all()
        assert found.reason
    for measure in (local_moran, getis_ord):
        found = measure(pd.Series(value, graph.unique_ids), graph)
        assert found[["statistic", "z", "p", "q"]].isna().all(axis=None)


# --- chance, and what is not ------------------------------------------------------------------


def test_law_23_under_chance_p_is_uniform() -> None:
    # 99 draws each, values without ties: p is uniform on 1/100 .. 1. The sum of neighbours of one
    # place, and I of the map; fixed seeds.
    graph = lattice(5, 5)
    random = np.random.default_rng(5)
    whole, local = [], []
    for trial in range(400):
        values = series(random.normal(size=25), graph)
        asked = {"permutations": 99, "alternative": "greater", "seed": trial}
        whole.append(moran(values, graph, **asked).p)
        local.append(_first_p(values, graph, asked))
    for found in (whole, local):
        spread = np.array(found) - random.random(400) / 100  # from steps to an even spread
        assert stats.kstest(spread, "uniform").pvalue > 0.001


@pytest.mark.filterwarnings("ignore::siting.errors.SitingWarning")
def _first_p(values: pd.Series, graph, asked) -> float:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return getis_ord(values, graph, star=False, **asked).loc["012", "p"]


def test_law_24_a_planted_cluster_is_found() -> None:
    # 3 x 3 of 12 x 12 squares are raised by 4 standard deviations: Moran and the middle of the
    # block show it in at least 9 of 10 worlds, and the rest of the map stays quiet.
    graph = lattice(12, 12)
    random = np.random.default_rng(11)
    block = [f"{12 * i + j:03}" for i in (4, 5, 6) for j in (4, 5, 6)]
    whole = middle = elsewhere = 0
    for _ in range(30):
        values = series(random.normal(size=144), graph)
        values[block] += 4
        whole += moran(values, graph, alternative="greater").p <= 0.05
        hot = getis_ord(values, graph, permutations=9_999)
        middle += hot.loc["065", "q"] <= 0.05
        assert hot.loc["065", "kind"] == "hot"
        far = hot.drop(index=[f"{12 * i + j:03}" for i in range(3, 8) for j in range(3, 8)])
        elsewhere += (far["q"] <= 0.05).sum()
    assert whole >= 27
    assert middle >= 27
    assert elsewhere <= 0.05 * 30 * 119


def test_a_planted_cluster_is_told_from_its_opposite() -> None:
    graph = lattice(6, 6)
    corner = [f"{6 * i + j:03}" for i in range(3) for j in range(3)]
    values = series(np.arange(36) % 3, graph).astype(float)
    values[corner] += 10
    found = local_moran(values, graph)
    assert found.loc["007", "kind"] == "high-high"
    assert found.loc["035", "kind"] == "low-low"
    values["007"] = -10.0
    assert local_moran(values, graph).loc["007", "kind"] == "low-high"
    values = series(np.zeros(36), graph)
    values["014"] = 5.0
    assert local_moran(values, graph).loc["014", "kind"] == "high-low"
