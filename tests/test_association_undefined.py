"""Where there is no answer: the reason is given, and nothing is ever significant."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from siting.association import geary, getis_ord, join_counts, local_moran, moran
from siting.errors import SitingWarning
from tests.test_association_oracles import lattice, series, some_graph

WHOLE = [moran, geary]
LOCAL = [local_moran, getis_ord]


def with_island(n: int = 9) -> SimpleNamespace:
    """A lattice of 3 x 3 and one place apart."""
    matrix = np.zeros((10, 10))
    matrix[:9, :9] = lattice(3, 3).sparse
    return SimpleNamespace(sparse=matrix[:n, :n], unique_ids=[f"{i:03}" for i in range(n)])


def assert_no_number(found: pd.DataFrame) -> None:
    assert found[["statistic", "z", "p", "q", "p_smallest"]].isna().all(axis=None)
    assert set(found["method"]) == {"undefined"}
    assert set(found["kind"]) == {""}
    assert set(found["n_arrangements"]) == {0}
    assert set(found.attrs["undefined"]) == set(found.index)


@pytest.mark.parametrize(
    "values",
    [
        pytest.param([0.0] * 9, id="C01"),
        pytest.param([1.0] * 9, id="C03"),
        pytest.param([0.3, 0.1 + 0.2] * 4 + [0.3], id="C04"),
        pytest.param([1e300, 1e300 * (1 + 1e-15)] * 4 + [1e300], id="C04 huge"),
    ],
)
def test_c01_c03_c04_constant_values_have_no_association(values) -> None:
    graph = lattice(3, 3)
    for measure in WHOLE:
        found = measure(series(values, graph), graph)
        assert np.isnan([found.statistic, found.z, found.p, found.p_smallest]).all()
        assert found.method == "undefined"
        assert "values are equal" in found.reason
        assert "值相同" in found.reason
    for measure in LOCAL:
        found = measure(series(values, graph), graph)
        assert_no_number(found)
        assert "values are equal" in found.attrs["undefined"]["004"]


@pytest.mark.parametrize("value", [0, 1])
def test_c03_places_that_are_all_alike_have_counts_but_no_test(value: int) -> None:
    graph = lattice(3, 3)
    found = join_counts(series([value] * 9, graph), graph)
    assert (found.bb, found.ww, found.bw, found.J) == (12 * value, 12 * (1 - value), 0, 12)
    assert found.by_kind["expected"].tolist() == [12 * value, 12 * (1 - value), 0]
    assert found.by_kind[["z", "p"]].isna().all(axis=None)
    assert found.method == "undefined"
    assert "values are equal" in found.reason
    assert np.isnan(found.chi2)


def test_c02_one_place_has_no_association() -> None:
    graph = SimpleNamespace(sparse=np.zeros((1, 1)), unique_ids=["a"])
    for measure in WHOLE:
        found = measure(pd.Series([3.0], ["a"]), graph)
        assert np.isnan([found.statistic, found.p]).all()
        assert found.reason
    for measure in LOCAL:
        assert_no_number(measure(pd.Series([3.0], ["a"]), graph))


def test_no_place_at_all_is_no_crash() -> None:
    graph = SimpleNamespace(sparse=np.zeros((0, 0)), unique_ids=[])
    nothing = pd.Series([], dtype=float)
    assert moran(nothing, graph).reason
    assert join_counts(nothing, graph).reason
    assert local_moran(nothing, graph).empty
    assert getis_ord(nothing, graph).empty


def test_c10_two_and_three_places_have_an_index_but_no_test() -> None:
    # Two places beside each other: z = 1 -1, I = (2 / 2) x (-2) / 2 = -1; c = (1 / 4) x 8 / 2 = 1.
    for n, expected in ((2, -1.0), (3, None)):
        graph = SimpleNamespace(sparse=1 - np.eye(n), unique_ids=list("abc")[:n])
        values = pd.Series([1.0, 3.0, 8.0][:n], graph.unique_ids)
        found = moran(values, graph)
        if expected is not None:
            assert found.statistic == expected
            assert geary(values, graph).statistic == 1.0
        assert np.isnan([found.p, found.z]).all()
        assert "fewer than 4" in found.reason
        for measure in LOCAL:
            table = measure(values, graph)
            assert table["statistic"].notna().all()
            assert table[["z", "p", "q"]].isna().all(axis=None)
            assert "fewer than 4" in table.attrs["undefined"]["a"]


def test_c10_four_places_say_how_little_they_can_say() -> None:
    graph = SimpleNamespace(sparse=lattice(1, 4).sparse, unique_ids=list("abcd"))
    found = moran(pd.Series([1, 2, 3, 4], list("abcd")), graph)
    # 4! = 24 arrangements, each as good as its mirror image: at best 2 x 2 / 24.
    assert (found.method, found.n_arrangements, found.p_smallest) == ("exact", 24, 4 / 24)


@pytest.mark.parametrize("measure", LOCAL)
def test_c08_an_island_has_no_p_and_the_others_keep_theirs(measure) -> None:
    graph = with_island(10)
    values = series([1, 5, 2, 2, 9, 9, 0, 4, 4, 100], graph)
    found = measure(values, graph)
    assert found.loc["009", ["statistic", "z", "p", "q"]].isna().all()
    assert found.loc["009", "method"] == "undefined"
    assert found.loc["009", "kind"] == ""
    assert "没有相邻" in found.attrs["undefined"]["009"]
    rest = found.drop(index="009")
    assert rest[["statistic", "p", "q"]].notna().all(axis=None)
    assert list(found.attrs["undefined"]) == ["009"]


def test_c08_an_island_is_named_in_the_answer_for_the_whole_map() -> None:
    graph = with_island(10)
    found = moran(series([1, 5, 2, 2, 9, 9, 0, 4, 4, 7], graph), graph)
    assert found.islands == ("009",)
    assert found.n == 10
    assert found.expected == pytest.approx(-1 / 9)


def test_c09_only_islands_have_no_association() -> None:
    graph = SimpleNamespace(sparse=np.zeros((6, 6)), unique_ids=list("abcdef"))
    values = pd.Series([1, 0, 1, 1, 0, 0], list("abcdef"))
    for measure in [*WHOLE, join_counts]:
        found = measure(values, graph)
        assert np.isnan(found.p)
        assert found.method == "undefined"
        assert "no place has a neighbour" in found.reason
    for measure in LOCAL:
        assert_no_number(measure(values, graph))


@pytest.mark.parametrize("measure", [*WHOLE, join_counts])
def test_c11_no_permutations_give_no_p(measure) -> None:
    graph = lattice(3, 3)
    values = series([0, 1, 0, 1, 1, 0, 1, 0, 0], graph)
    found = measure(values, graph, permutations=0)
    asked = measure(values, graph)
    assert np.isnan([found.p, found.p_smallest]).all()
    assert (found.method, found.n_arrangements, found.seed) == ("undefined", 0, None)
    assert "no permutations" in found.reason
    assert (found.statistic, found.z) == (asked.statistic, asked.z)


@pytest.mark.parametrize("measure", LOCAL)
def test_c11_no_permutations_give_no_p_for_any_place(measure) -> None:
    graph = lattice(3, 3)
    found = measure(series([0, 1, 0, 3, 1, 0, 5, 0, 0], graph), graph, permutations=0)
    assert found["statistic"].notna().all()
    assert found[["p", "q"]].isna().all(axis=None)
    assert set(found.attrs["undefined"]) == set(found.index)
    assert "no permutations" in found.attrs["undefined"]["004"]


def test_c12_too_few_draws_for_so_many_places_are_said() -> None:
    graph = some_graph(1, 220, 0.02)
    values = series(np.random.default_rng(1).normal(size=220), graph)
    with pytest.warns(SitingWarning, match=r"W-ASC-12.*permutations") as told:
        local_moran(values, graph, permutations=99)
    # 2 / 100 at best, and 220 x 2 / 0.05 - 1 = 8799 draws are needed.
    assert "0.02" in str(told[0].message)
    assert "permutations=8799" in str(told[0].message)
    assert told[0].filename == __file__
    local_moran(values, graph, permutations=8799)  # no warning, which would be an error here
    with pytest.warns(SitingWarning, match="permutations=8799"):
        local_moran(values, graph, permutations=8798)


def test_c12_so_are_too_few_for_the_whole_map() -> None:
    graph = lattice(5, 5)
    values = series(np.random.default_rng(1).normal(size=25), graph)
    with pytest.warns(SitingWarning, match=r"W-ASC-12.*19") as told:
        moran(values, graph, permutations=19)
    assert told[0].filename == __file__
    moran(values, graph, permutations=39)
    geary(values, graph, permutations=19, alternative="less")


def test_c12_more_is_drawn_of_itself_where_the_places_are_many() -> None:
    # 2 x 249 / 10,000 < 0.05 < 2 x 251 / 10,000.
    for n, draws in ((249, 9_999), (251, 99_999)):
        graph = some_graph(1, n, 0.05)
        found = local_moran(series(np.random.default_rng(1).normal(size=n), graph), graph)
        drawn = found.loc[found["method"] == "monte-carlo", "n_arrangements"]
        assert set(drawn) == {draws + 1}


def test_c13_the_seed_is_in_the_answer_and_the_same_seed_gives_the_same_p() -> None:
    graph = some_graph(1, 60, 0.1)
    values = series(np.random.default_rng(1).normal(size=60), graph)
    first, second = (local_moran(values, graph) for _ in range(2))
    pd.testing.assert_frame_equal(first, second, check_exact=True)
    assert first.attrs["seed"] == 0
    assert local_moran(values, graph, seed=7).attrs["seed"] == 7
    assert not local_moran(values, graph, seed=7)["p"].equals(first["p"])
    assert moran(values, graph) == moran(values, graph)
    assert moran(values, graph, seed=7).seed == 7
    exact = lattice(3, 3)
    assert local_moran(series(range(9), exact), exact).attrs["seed"] is None


def test_a_place_at_the_mean_has_no_association_and_p_of_one() -> None:
    # Values 0 2 4, the mean 2; binary-fraction rounding must not give it a sign.
    graph = lattice(3, 3)
    values = series(np.array([0.1, 0.3, 0.5, 0.1, 0.3, 0.5, 0.1, 0.3, 0.5]), graph)
    found = local_moran(values, graph)
    middle = found.loc[["001", "004", "007"]]
    assert middle["statistic"].tolist() == [0, 0, 0]
    assert middle["p"].tolist() == [1, 1, 1]
    assert middle["z"].isna().all()
    assert set(middle["kind"]) == {""}
    assert "no z" in found.attrs["undefined"]["004"]


def test_a_place_beside_all_others_can_have_no_other_neighbours() -> None:
    graph = SimpleNamespace(sparse=1 - np.eye(5), unique_ids=list("abcde"))
    values = pd.Series([1.0, 2, 3, 5, 9], list("abcde"))
    for found in (local_moran(values, graph), getis_ord(values, graph, star=False)):
        assert set(found["p"]) == {1.0}
        assert set(found["p_smallest"]) == {1.0}
        assert set(found["n_arrangements"]) == {1}
        assert found["z"].isna().all()
    whole = moran(values, graph)
    assert whole.statistic == pytest.approx(-1 / 4)
    assert whole.p == 1
    assert np.isnan(whole.z)


def test_c07_values_below_zero_have_no_share_but_a_z() -> None:
    graph = lattice(3, 3)
    found = getis_ord(series([-1, 5, 2, 2, 9, 9, 0, 4, 4], graph), graph)
    assert found["statistic"].isna().all()
    assert found[["z", "p", "q"]].notna().all(axis=None)
    assert "no share" in found.attrs["undefined"]["000"]


def test_all_others_alike_have_no_gi() -> None:
    graph = lattice(3, 3)
    found = getis_ord(series([0] * 8 + [7], graph), graph, star=False)
    assert np.isnan(found.loc["008", "z"])
    assert found.loc["008", "p"] == 1
    assert "no z" in found.attrs["undefined"]["008"]
