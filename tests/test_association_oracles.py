"""The measures of association against published figures, esda, and every arrangement counted by hand."""

from __future__ import annotations

import itertools
import json
import warnings
from math import comb
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from siting.association import geary, getis_ord, join_counts, local_moran, moran
from siting.chance import permutation_p
from tests.absent import brought


def lattice(rows: int, columns: int) -> SimpleNamespace:
    """Squares that touch along a side, numbered row by row."""
    n = rows * columns
    matrix = np.zeros((n, n))
    for i, j in itertools.combinations(range(n), 2):
        (a, b), (c, d) = divmod(i, columns), divmod(j, columns)
        if abs(a - c) + abs(b - d) == 1:
            matrix[i, j] = matrix[j, i] = 1
    return SimpleNamespace(sparse=matrix, unique_ids=[f"{i:03}" for i in range(n)])


def series(values, graph) -> pd.Series:
    return pd.Series(list(values), index=graph.unique_ids)


def some_graph(seed: int, n: int, links: float) -> SimpleNamespace:
    """Random neighbours, each place with at least one."""
    random = np.random.default_rng(seed)
    matrix = np.triu(random.random((n, n)) < links, 1).astype(float)
    matrix[np.arange(n - 1), np.arange(1, n)] = 1
    return SimpleNamespace(sparse=matrix + matrix.T, unique_ids=[f"{i:03}" for i in range(n)])


def columbus(reference: Path) -> tuple[pd.DataFrame, SimpleNamespace]:
    folder = reference / "oracles" / "spdata"
    data = pd.read_csv(folder / "COL_OLD.csv", index_col=0)
    data.index = data.index.astype(str)
    near = json.loads((folder / "COL_nb_nb1based.json").read_text("utf-8"))
    matrix = np.zeros((len(data), len(data)))
    for i, others in enumerate(near):
        matrix[i, np.array(others) - 1] = 1
    return data, SimpleNamespace(sparse=matrix, unique_ids=list(data.index))


SIX = [[10, 10], [20, 10], [40, 10], [15, 20], [30, 20], [30, 30]]


def six_points() -> tuple[pd.Series, SimpleNamespace]:
    """Six points, neighbours up to a distance of 15."""
    points = np.array(SIX, dtype=float)
    apart = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    graph = SimpleNamespace(sparse=(apart <= 15) * (apart > 0) * 1.0, unique_ids=list("abcdef"))
    return series([2, 3, 3.2, 5, 8, 7], graph), graph


# --- published figures -----------------------------------------------------------------------


def test_moran_of_crime_in_columbus_is_that_of_spdep(reference: Path) -> None:
    # spdep, man/moran.test.Rd, oldcol, nb2listw(COL.nb, style="W").
    data, graph = columbus(reference)
    found = moran(data["CRIME"], graph)
    assert found.statistic == pytest.approx(0.5109512640787931, rel=1e-9)
    assert found.expected == pytest.approx(-1 / 48, rel=1e-12)
    assert found.variance == pytest.approx(0.008908761559877935, rel=1e-9)
    assert found.z == pytest.approx(5.634132894178726, rel=1e-9)
    normal = moran(data["CRIME"], graph, assumption="normality", permutations=0)
    assert normal.variance == pytest.approx(0.00877983145686468, rel=1e-9)
    assert normal.z == pytest.approx(5.675350196933, rel=1e-9)
    assert found.p == 2 / 10_000  # no draw comes near, so the least p there is


def test_moran_of_nine_squares() -> None:
    # esda tests/test_moran.py: 1 to 9 on 3 x 3, binary weights.
    graph = lattice(3, 3)
    found = moran(series(range(1, 10), graph), graph, transform="b", permutations=0)
    normal = moran(
        series(range(1, 10), graph), graph, transform="b", assumption="normality", permutations=0
    )
    assert found.statistic == pytest.approx(0.5, rel=1e-12)
    assert found.variance == pytest.approx(0.0596875, rel=1e-12)
    assert normal.variance == pytest.approx(0.053125, rel=1e-12)


@pytest.mark.parametrize("transform", ["o", "b", "r"])
def test_gi_of_six_points_is_the_same_under_every_scale_of_rows(transform: str) -> None:
    # esda doctest of getisord.py, which follows Ord and Getis (1995).
    values, graph = six_points()
    plain = getis_ord(values, graph, star=False, transform=transform)
    star = getis_ord(values, graph, transform=transform)
    assert plain["z"].tolist() == pytest.approx(
        [-1.0136729, -0.04361589, 1.31558703, -0.31412676, 1.15373986, 1.77833941], abs=5e-8
    )
    assert star["z"].tolist() == pytest.approx(
        [-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331], abs=5e-8
    )


def test_joins_of_a_lattice_of_two_halves() -> None:
    # esda tests/test_join_counts.py: the upper half 0, the lower half 1.
    graph = lattice(4, 4)
    found = join_counts(series([0] * 8 + [1] * 8, graph), graph)
    assert (found.bb, found.ww, found.bw, found.J) == (10, 10, 4, 24)
    assert found.chi2 == pytest.approx(8.166666666666666, rel=1e-12)
    assert found.method == "exact"
    assert found.n_arrangements == comb(16, 8)


TIED = [0, 0, 0, 0, 1, 1, 0, 0, 1, 2, 0, 0, 1, 3, 0, 0]


@pytest.mark.parametrize("transform", ["r", "b"])
def test_local_moran_keeps_ties_where_weights_are_thirds(transform: str) -> None:
    # Counted in whole numbers over all neighbour sets: square 8 has 3 neighbours, 49 of C(15, 3) =
    # 455 sets reach their sum; esda with 9,999 draws says 0.036, its thirds having lost the ties.
    graph = lattice(4, 4)
    values = series(TIED, graph)
    greater = local_moran(values, graph, alternative="greater", transform=transform)["p"]
    less = local_moran(values, graph, alternative="less", transform=transform)["p"]
    assert greater["008"] == 49 / 455
    assert less["008"] == 439 / 455
    assert greater["005"] == 540 / 1365
    assert less["005"] == 1090 / 1365


# --- every arrangement, counted here ---------------------------------------------------------


def two_sided(all_values: np.ndarray, observed: float) -> float:
    low, high = (all_values <= observed).mean(), (all_values >= observed).mean()
    return min(1.0, 2 * min(low, high))


def test_moran_of_few_places_counts_every_arrangement() -> None:
    graph = some_graph(3, 7, 0.3)
    x = np.array([1, 1, 2, 3, 5, 8, 8])
    w = graph.sparse

    def products(v: np.ndarray) -> int:
        centred = (7 * v - 28).astype(int)
        return int(centred @ w.astype(int) @ centred)

    every = np.array([products(np.array(v)) for v in itertools.permutations(x.tolist())])
    for alternative, share in (
        ("greater", (every >= products(x)).mean()),
        ("less", (every <= products(x)).mean()),
        ("two-sided", two_sided(every, products(x))),
    ):
        found = moran(series(x, graph), graph, transform="b", alternative=alternative)
        assert found.method == "exact"
        assert found.n_arrangements == 1260  # 7! / (2! 2!)
        assert found.p == pytest.approx(share, rel=1e-12)
    assert moran(series(x, graph), graph, transform="b").p_smallest == pytest.approx(
        min(1, 2 * min((every == every.max()).mean(), (every == every.min()).mean())), rel=1e-12
    )


@pytest.mark.parametrize("measure", [moran, geary])
@pytest.mark.parametrize("transform", ["r", "b"])
def test_mean_and_variance_are_those_of_all_arrangements(measure, transform: str) -> None:
    graph = some_graph(5, 5, 0.4)
    x = [0.3, 1.7, 2.2, 2.2, 9.0]
    every = np.array(
        [
            measure(series(v, graph), graph, transform=transform, permutations=0).statistic
            for v in itertools.permutations(x)
        ]
    )
    found = measure(series(x, graph), graph, transform=transform)
    assert found.expected == pytest.approx(every.mean(), rel=1e-9)
    assert found.variance == pytest.approx(every.var(), rel=1e-9)
    assert found.p == pytest.approx(
        two_sided(np.round(every, 9), round(found.statistic, 9)), rel=1e-12
    )


def test_joins_have_the_mean_variance_and_p_of_all_choices() -> None:
    graph = some_graph(8, 8, 0.35)
    held = [1, 1, 1, 0, 0, 0, 0, 0]
    every = []
    for chosen in itertools.combinations(range(8), 3):
        marks = np.isin(np.arange(8), chosen)
        both = graph.sparse[np.ix_(marks, marks)].sum() / 2
        none = graph.sparse[np.ix_(~marks, ~marks)].sum() / 2
        every.append((both, none, graph.sparse.sum() / 2 - both - none))
    every = np.array(every)
    found = join_counts(series(held, graph), graph)
    assert found.by_kind["expected"].tolist() == pytest.approx(every.mean(axis=0).tolist())
    assert found.by_kind["variance"].tolist() == pytest.approx(every.var(axis=0).tolist())
    for column, kind in enumerate(("bb", "ww", "bw")):
        assert found.by_kind.loc[kind, "p"] == pytest.approx(
            two_sided(every[:, column], found.by_kind.loc[kind, "statistic"])
        )


@pytest.mark.parametrize("weighted", [False, True])
def test_local_p_and_z_are_those_of_all_neighbours_a_place_could_have(weighted: bool) -> None:
    graph = some_graph(2, 7, 0.35)
    if weighted:
        graph.sparse = graph.sparse * np.arange(1, 8)[None, :]
    x = np.array([4.0, 1, 1, 2, 7, 3, 10])
    values = series(x, graph)
    found = local_moran(values, graph, transform="o")
    above = local_moran(values, graph, transform="o", alternative="greater")["p"]
    below = local_moran(values, graph, transform="o", alternative="less")["p"]
    hot = getis_ord(values, graph, star=False)
    for i, place in enumerate(values.index):
        w = graph.sparse[i][graph.sparse[i] > 0]
        own, others = x[i] - x.mean(), np.delete(x, i) - x.mean()
        every = np.array(
            [own * (w @ np.array(v)) for v in itertools.permutations(others, len(w))]
        ).round(9)
        observed = round(own * (graph.sparse[i] @ (x - x.mean())), 9)
        assert found.loc[place, "method"] == "exact"
        assert found.loc[place, "p"] == pytest.approx(two_sided(every, observed))
        assert above[place] == pytest.approx((every >= observed).mean())
        assert below[place] == pytest.approx((every <= observed).mean())
        if own:
            z = (observed - every.mean()) / every.std()
            assert found.loc[place, "z"] == pytest.approx(z)
            assert hot.loc[place, "z"] == pytest.approx(z * np.sign(own))


def test_draws_come_near_the_exact_p() -> None:
    # 200,000 draws, p of about 0.1: one standard error is 0.0007.
    graph = lattice(4, 4)
    values = series(TIED, graph)
    exact = local_moran(values, graph, alternative="greater")["p"]
    drawn = local_moran(values, graph, alternative="greater", permutations=200_000)
    assert set(drawn["method"]) == {"monte-carlo"}
    assert (drawn["p"] - exact).abs().max() < 0.005
    weighted = SimpleNamespace(
        sparse=graph.sparse * np.linspace(1, 2, 16), unique_ids=graph.unique_ids
    )
    exact = local_moran(values, weighted, alternative="greater", transform="o")
    drawn = local_moran(
        values, weighted, alternative="greater", transform="o", permutations=200_000
    )
    assert set(exact["method"]) == {"exact"}
    assert (drawn["p"] - exact["p"]).abs().max() < 0.005


def test_one_island_of_many_neighbours_is_the_test_of_two_groups() -> None:
    # A place whose neighbours are 5 of 11 others: the same question as permutation_p asks of the
    # 11, whether the chosen 5 hold more.
    matrix = np.zeros((12, 12))
    matrix[0, 1:6] = 1
    graph = SimpleNamespace(sparse=matrix, unique_ids=[f"{i:02}" for i in range(12)])
    x = np.array([5, 9, 8, 2, 7, 7, 1, 1, 3, 4, 6, 2])
    hot = getis_ord(series(x, graph), graph, star=False, alternative="greater")
    assert hot.loc["00", "p"] == permutation_p(x[1:], [1] * 5 + [0] * 6).p


# --- esda, for the statistics ----------------------------------------------------------------


def as_graph(graph: SimpleNamespace):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from libpysal.graph import Graph

        focal, other = np.nonzero(graph.sparse)
        return Graph.from_arrays(
            np.array(graph.unique_ids)[focal],
            np.array(graph.unique_ids)[other],
            graph.sparse[focal, other],
        )


@pytest.fixture(scope="module")
def esda():
    return brought("esda")


@pytest.mark.parametrize("seed", range(3))
def test_statistics_are_those_of_esda(esda, seed: int) -> None:
    graph = some_graph(seed, 40, 0.1)
    x = series(np.random.default_rng(seed).gamma(2, 3, 40), graph)
    peer = as_graph(graph)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        row = peer.transform("r")
        theirs = esda.Moran(x, row, permutations=0)
        ratio = esda.Geary(x, row, permutations=0)
        local = esda.Moran_Local(x, row, permutations=0)
        joins = esda.Join_Counts((x > 6).astype(int), peer, permutations=0)
        plain = esda.G_Local(x, peer, transform="B", permutations=0, star=False)
        star = esda.G_Local(x, peer, transform="B", permutations=0, star=True)
    found = moran(x, graph, permutations=0)
    assert (found.statistic, found.variance, found.z) == pytest.approx(
        (theirs.I, theirs.VI_rand, theirs.z_rand), rel=1e-10
    )
    found = geary(x, graph, permutations=0)
    assert (found.statistic, found.variance, found.z) == pytest.approx(
        (ratio.C, ratio.VC_rand, ratio.z_rand), rel=1e-10
    )
    found = geary(x, graph, permutations=0, assumption="normality")
    assert (found.variance, found.z) == pytest.approx((ratio.VC_norm, ratio.z_norm), rel=1e-10)
    mine = local_moran(x, graph, permutations=0, divisor="n-1")
    assert mine["statistic"].tolist() == pytest.approx(local.Is.tolist(), rel=1e-10)
    found = join_counts((x > 6).astype(int), graph, permutations=0)
    assert (found.bb, found.ww, found.bw, found.J, found.chi2) == pytest.approx(
        (joins.bb, joins.ww, joins.bw, joins.J, joins.chi2), rel=1e-10
    )
    hot = getis_ord(x, graph, star=False, permutations=0)
    assert hot["z"].tolist() == pytest.approx(plain.Zs.tolist(), rel=1e-10)
    assert hot["statistic"].tolist() == pytest.approx(plain.Gs.tolist(), rel=1e-10)
    hot = getis_ord(x, graph, permutations=0)
    assert hot["z"].tolist() == pytest.approx(star.Zs.tolist(), rel=1e-10)
    assert hot["statistic"].tolist() == pytest.approx(star.Gs.tolist(), rel=1e-10)


def test_a_graph_of_libpysal_is_taken_as_it_is(esda) -> None:
    graph = some_graph(1, 20, 0.15)
    x = series(np.random.default_rng(1).integers(0, 9, 20), graph)
    peer = as_graph(graph)
    for given in (peer, peer.transform("r")):
        found, same = moran(x, given), moran(x, graph)
        assert (found.p, found.n_arrangements) == (same.p, same.n_arrangements)
        assert found.statistic == pytest.approx(same.statistic, rel=1e-12)
        pd.testing.assert_frame_equal(local_moran(x, given), local_moran(x, graph))
        assert getis_ord(x, given)["z"].tolist() == pytest.approx(getis_ord(x, graph)["z"].tolist())
