"""K, L, D, M and Kd: by hand, by brute force from the definitions, by other tools, and by law."""

from __future__ import annotations

import itertools
import json
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats
from shapely import affinity, box

from siting.dispersion import (
    counting,
    density,
    diggle_chetwynd,
    duranton_overman,
    m_function,
    ripley_k,
    ripley_l,
    windows,
)
from siting.errors import InputError

SQUARE = box(0, 0, 10, 10)
BENT = shapely.Polygon([(0, 0), (20, 0), (20, 10), (10, 10), (10, 20), (0, 20)])
HOLED = box(0, 0, 30, 30).difference(box(10, 10, 20, 20))
APART = shapely.MultiPolygon([box(0, 0, 10, 10), box(15, 0, 25, 20)])


def brute_k(x: Any, y: Any, window: Any, radii: Any, *, plain: bool = False) -> list[float]:
    """Ripley's K pair by pair, each overlap measured by moving the window."""
    n, sums = len(x), np.zeros(len(radii))
    for i, j in itertools.permutations(range(n), 2):
        dx, dy = x[j] - x[i], y[j] - y[i]
        moved = affinity.translate(window, dx, dy)
        e = 1.0 if plain else window.area / window.intersection(moved).area
        sums += e * (math.sqrt(dx * dx + dy * dy) <= np.asarray(radii))
    return (window.area / (n * (n - 1)) * sums).tolist()


def brute_m(
    x: Any, y: Any, kind: Any, radii: Any, w: Any, *, neighbour: str, case: str = "a"
) -> list[float]:
    """Marcon and Puech's M point by point."""
    n, found = len(x), []
    for r in radii:
        local = overall = 0.0
        for i in range(n):
            if kind[i] != case:
                continue
            near = [j for j in range(n) if j != i and math.hypot(x[i] - x[j], y[i] - y[j]) <= r]
            around = sum(w[j] for j in near)
            if around == 0:
                continue
            local += sum(w[j] for j in near if kind[j] == neighbour) / around
            others = [j for j in range(n) if j != i]
            overall += sum(w[j] for j in others if kind[j] == neighbour) / sum(w[j] for j in others)
        found.append(local / overall if overall > 0 else math.nan)
    return found


def brute_kd(x: Any, y: Any, radii: Any, h: float, w: Any) -> list[float]:
    """Duranton and Overman's Kd pair by pair, reflected at 0."""
    n, found, total = len(x), [], 0.0
    pairs = list(itertools.combinations(range(n), 2))
    total = sum(w[i] * w[j] for i, j in pairs)
    for r in radii:
        mass = 0.0
        for i, j in pairs:
            d = math.hypot(x[i] - x[j], y[i] - y[j])
            mass += w[i] * w[j] * (stats.norm.pdf(r, d, h) + stats.norm.pdf(r, -d, h))
        found.append(mass / total)
    return found


# Whole coordinates, so that squares and sums of squares are exact and ties are real ties.
spots = st.lists(st.tuples(st.integers(1, 99), st.integers(1, 99)), min_size=2, max_size=12)
RADII = [5.0, 10.0, 25.0, 60.0]
WIDE = box(0, 0, 100, 100)


def columns(points: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    return tuple(np.array(points, dtype=float).T)


# --- Ripley's K and L --------------------------------------------------------------------------


def test_k_of_the_published_cells_is_that_of_spatstat(reference: Any) -> None:
    oracles = reference / "oracles"
    rows = json.loads((oracles / "oracles.json").read_text(encoding="utf-8"))
    row = next(one for one in rows if one["id"] == "ripley-cells")
    cells = pd.read_csv(oracles / row["input"]["csv"])
    west, east, south, north = row["input"]["window"]
    for name, correction in (("trans", "translation"), ("none", "none")):
        k = ripley_k(
            cells["x"], cells["y"], box(west, south, east, north), row["input"]["r"],
            correction=correction,
        )  # fmt: skip
        assert k.to_numpy() == pytest.approx(row["expected"][name], abs=row["tol"])


@pytest.mark.parametrize(
    ("x", "y", "low"), [([1, 2, 3], [4, 5, 6], 0), ([-1, -2, -3], [1, 2, 3], -5)]
)
def test_k_of_three_points_is_what_spatstat_printed(x: Any, y: Any, low: int) -> None:
    # By R's spatstat, in the tests of astropy.stats.RipleysKEstimator; three decimals, the last cut.
    window = box(low, low, low + 10, low + 10)
    radii = [0, 0.625, 1.25, 1.875, 2.5]
    for correction, printed in (("none", 66.667), ("translation", 82.304)):
        k = ripley_k(x, y, window, radii, correction=correction)
        assert k.tolist() == pytest.approx([0, 0, 0, printed, printed], abs=0.001)


@pytest.mark.parametrize("name", ["cells", "japanesepines", "redwood"])
def test_k_of_published_patterns_is_that_of_the_definition(name: str, reference: Any) -> None:
    points = pd.read_csv(reference / "oracles" / "pointpatterns" / f"{name}.csv")
    south = -1 if name == "redwood" else 0
    window = box(0, south, 1, south + 1)
    radii = [0.03, 0.11, 0.21]
    x, y = points["x"].to_numpy(), points["y"].to_numpy()
    k = ripley_k(points["x"], points["y"], window, radii)
    assert k.to_numpy() == pytest.approx(brute_k(x, y, window, radii), rel=1e-9)


@pytest.mark.parametrize("window", [BENT, HOLED, APART], ids=["bent", "holed", "apart"])
def test_k_in_a_window_of_any_shape_is_that_of_the_definition(window: Any) -> None:
    points = windows.uniform_points(window, 25, np.random.default_rng(1))
    radii = [2.0, 6.0]
    k = ripley_k(*points.T, window, radii)
    assert k.to_numpy() == pytest.approx(brute_k(*points.T, window, radii), rel=1e-9)


def test_a_pair_at_the_distance_itself_counts() -> None:
    # 3-4-5: moved by (3, 4) the square keeps 7 x 6 = 42 of 100; K = 100 / 2 x 2 x 100 / 42.
    k = ripley_k([1, 4], [1, 5], SQUARE, [4.999999, 5])
    assert k.tolist() == pytest.approx([0, 100 * 100 / 42])
    assert list(k.index) == [4.999999, 5]
    assert k.index.name == "radius_m"


def test_firms_in_one_building_are_pairs_at_distance_nought() -> None:
    # Three pairs, six from both ends, of 3 x 2: K(0) = 100 / 6 x 2 for the one pair in one place.
    assert ripley_k([1, 1, 5], [1, 1, 5], SQUARE, [0])[0] == pytest.approx(100 / 3)


def test_the_isotropic_weight_is_the_inverse_of_the_arc_inside() -> None:
    # One point is 2 from the west side, the other 6 from it and 4 from the east side; both are 4
    # apart. West hides 2 acos(2/4) = 2 pi / 3 of the first's circle: weight 3 / 2. The east side
    # touches the circle of the second: weight 1. K = 100 / 2 x (3 / 2 + 1).
    k = ripley_k([2, 6], [5, 5], SQUARE, [4], correction="isotropic")
    assert k[4] == pytest.approx(125)


def test_the_isotropic_weight_near_a_corner_counts_the_hidden_corner_once() -> None:
    # A circle of radius 5 about (3, 3) in a wide square: it leaves west of acos(3/5) either way and
    # south likewise; the arcs share acos(3/5) x 2 - pi/2. Counted by points on the circle instead.
    around = np.linspace(0, 2 * np.pi, 3_600_000, endpoint=False)
    inside = ((3 + 5 * np.cos(around) >= 0) & (3 + 5 * np.sin(around) >= 0)).mean()
    k = ripley_k([3, 7], [3, 6], box(0, 0, 100, 100), [5], correction="isotropic")
    other = ((7 + 5 * np.cos(around) >= 0) & (6 + 5 * np.sin(around) >= 0)).mean()
    assert k[5] == pytest.approx(10_000 / 2 * (1 / inside + 1 / other), rel=1e-5)


def test_l_is_the_radius_for_points_evenly_at_random_on_average() -> None:
    random = np.random.default_rng(3)
    found = [ripley_l(*random.random((2, 60)) * 10, SQUARE, [1, 2]) for _ in range(200)]
    assert np.mean(found, axis=0) == pytest.approx([1, 2], rel=0.02)


def test_k_has_no_edge_bias_where_the_uncorrected_one_has() -> None:
    # E K(r) = pi r^2 with the correction; 400 patterns of 50 points, standard error about 0.5 %.
    random = np.random.default_rng(4)
    points = [windows.uniform_points(BENT, 50, random) for _ in range(400)]
    right = np.mean([ripley_k(*one.T, BENT, [3])[3] for one in points])
    low = np.mean([ripley_k(*one.T, BENT, [3], correction="none")[3] for one in points])
    assert right == pytest.approx(np.pi * 9, rel=0.02)
    assert low < 0.9 * np.pi * 9


@given(spots)
def test_k_is_that_of_the_definition(points: list[tuple[int, int]]) -> None:
    x, y = columns(points)
    assert ripley_k(x, y, WIDE, RADII).to_numpy() == pytest.approx(brute_k(x, y, WIDE, RADII))
    plain = brute_k(x, y, WIDE, RADII, plain=True)
    assert ripley_k(x, y, WIDE, RADII, correction="none").to_numpy() == pytest.approx(plain)


@given(spots)
def test_k_grows_with_the_radius_and_with_the_correction(points: list[tuple[int, int]]) -> None:
    x, y = columns(points)
    k, plain = (ripley_k(x, y, WIDE, RADII, correction=c) for c in ("translation", "none"))
    assert (np.diff(k) >= 0).all()
    assert (k >= plain * (1 - 1e-12)).all()


@given(spots, st.integers(-10_000, 10_000), st.integers(0, 3), st.sampled_from([0.5, 2.0, 8.0]))
def test_k_moves_and_turns_with_the_window_and_scales_with_its_square(
    points: list[tuple[int, int]], by: int, turns: int, scale: float
) -> None:
    x, y = columns(points)
    k = ripley_k(x, y, WIDE, RADII).to_numpy()
    moved = ripley_k(x + by, y - by, box(by, -by, 100 + by, 100 - by), RADII)
    assert moved.to_numpy() == pytest.approx(k)
    for _ in range(turns):
        x, y = 100 - y, x
    assert ripley_k(x, y, WIDE, RADII).to_numpy() == pytest.approx(k)
    size = 100 * scale
    larger = ripley_k(x * scale, y * scale, box(0, 0, size, size), np.array(RADII) * scale)
    assert larger.to_numpy() == pytest.approx(k * scale**2)


@given(spots, st.floats(1, 80))
def test_a_turned_rectangle_has_the_k_of_the_upright_one(
    points: list[tuple[int, int]], angle: float
) -> None:
    # The upright window goes by its formula, the turned one by overlaps of polygons.
    x, y = columns(points)
    radii = np.array([5.05, 25.05, 60.05])  # no distance between whole coordinates
    assume(not any(abs(math.hypot(a - c, b - d) - r) < 1e-6
                   for (a, b), (c, d) in itertools.combinations(points, 2) for r in radii))  # fmt: skip
    turned = affinity.rotate(WIDE, angle, origin=(0, 0))
    sine, cosine = math.sin(math.radians(angle)), math.cos(math.radians(angle))
    k = ripley_k(x * cosine - y * sine, x * sine + y * cosine, turned, radii)
    assert k.to_numpy() == pytest.approx(ripley_k(x, y, WIDE, radii).to_numpy(), rel=1e-9)


def test_a_pair_across_the_whole_window_has_no_weight_and_says_so() -> None:
    # Moved by its own diagonal the square meets itself in a point only.
    k = ripley_k([0, 10, 5, 6], [0, 10, 5, 5], SQUARE, [1, 20])
    assert math.isfinite(k[1])
    assert math.isnan(k[20])
    assert "moved" in k.attrs["undefined"][20.0]


# --- the table of overlaps ---------------------------------------------------------------------


@pytest.mark.parametrize("window", [BENT, HOLED, APART], ids=["bent", "holed", "apart"])
def test_overlaps_read_off_the_table_are_as_near_as_they_say(window: Any) -> None:
    random = np.random.default_rng(5)
    a, b = (windows.uniform_points(window, 3000, random) for _ in range(2))
    move = (a - b)[np.hypot(*(a - b).T) <= 8]
    table = windows.SetCovariance(window, 8.0, exact_work=0)
    exact = windows.shared_area(window, move)
    wrong = np.abs(table(move) / exact - 1)
    assert wrong.mean() <= 1.5 * windows.NEAR_ENOUGH  # tested on 100 of them
    assert wrong.max() <= 0.02
    assert table.error <= windows.NEAR_ENOUGH


def test_a_window_of_many_vertices_loses_hardly_any_ground_in_the_table() -> None:
    angle = np.linspace(0, 2 * np.pi, 3000, endpoint=False)
    reach = 1000 * (1 + 0.1 * np.sin(7 * angle) + 0.0003 * np.sin(400 * angle))
    coast = shapely.Polygon(np.c_[reach * np.cos(angle), reach * np.sin(angle)])
    plain = windows.plainer(coast, 5e-4)
    assert shapely.get_num_coordinates(plain) < 1000
    assert coast.symmetric_difference(plain).area <= 5e-4 * coast.area


def test_k_off_the_table_is_near_the_exact_one(monkeypatch: pytest.MonkeyPatch) -> None:
    points = windows.uniform_points(BENT, 300, np.random.default_rng(6))
    exact = ripley_k(*points.T, BENT, [1, 3, 6])
    weight = windows.edge_weight
    monkeypatch.setattr(
        "siting.dispersion.ripley.edge_weight",
        lambda *given: weight(*given, exact_work=0),
    )
    table = ripley_k(*points.T, BENT, [1, 3, 6])
    assert table.to_numpy() == pytest.approx(exact.to_numpy(), rel=2e-4)
    assert not table.equals(exact)


def test_points_drawn_in_a_window_lie_in_it_and_are_even() -> None:
    drawn = windows.uniform_points(APART, 30_000, np.random.default_rng(7))
    where = shapely.points(drawn)
    assert (shapely.distance(APART, where) < 1e-9).all()
    # The second part has 200 of 300; standard error of the share 0.003.
    assert shapely.intersects(APART.geoms[1], where).mean() == pytest.approx(2 / 3, abs=0.012)
    lower = shapely.intersects(box(15, 0, 25, 10), where).mean()
    assert lower == pytest.approx(1 / 3, abs=0.012)


# --- pairs ---------------------------------------------------------------------------------------


def test_blocks_hold_every_pair_from_both_ends_whatever_their_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    xy = np.random.default_rng(8).integers(0, 20, (150, 2)).astype(float)
    radii = np.array([0.0, 3.0, 5.0])
    gap = np.sqrt(((xy[:, None] - xy[None]) ** 2).sum(axis=2))
    wanted = sorted(
        (i, j, int(np.searchsorted(radii, gap[i, j])))
        for i, j in itertools.permutations(range(150), 2)
        if gap[i, j] <= 5
    )
    for most in (1, 40, 10**6):
        monkeypatch.setattr(counting, "_PAIRS", most)
        found = [
            (int(block.points[a]), int(b), int(s))
            for block in counting.blocks(xy, radii)
            for a, b, s in zip(block.near, block.far, block.step, strict=True)
        ]
        assert sorted(found) == wanted


def test_many_pairs_give_the_same_k_as_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    x, y = np.random.default_rng(9).integers(1, 99, (2, 80))
    once = ripley_k(x, y, WIDE, RADII)
    monkeypatch.setattr(counting, "_PAIRS_ONCE", 0)
    monkeypatch.setattr(counting, "_PAIRS", 50)
    assert ripley_k(x, y, WIDE, RADII).to_numpy() == pytest.approx(once.to_numpy())


# --- D -------------------------------------------------------------------------------------------


@given(spots, st.data())
def test_d_is_the_difference_of_two_k_and_changes_sign_with_the_roles(
    points: list[tuple[int, int]], data: st.DataObject
) -> None:
    kind = np.array(data.draw(st.lists(st.sampled_from("ab"), min_size=len(points),
                                       max_size=len(points))))  # fmt: skip
    assume(min((kind == "a").sum(), (kind == "b").sum()) >= 2)
    x, y = columns(points)
    d = diggle_chetwynd(x, y, kind, WIDE, RADII, case="a").to_numpy()
    a, b = (ripley_k(x[kind == one], y[kind == one], WIDE, RADII).to_numpy() for one in "ab")
    assert d == pytest.approx(a - b)
    back = diggle_chetwynd(x, y, kind, WIDE, RADII, case="b", control="a")
    assert back.to_numpy() == pytest.approx(-d)


def test_d_with_one_control_is_undefined() -> None:
    d = diggle_chetwynd([1, 2, 3], [1, 1, 1], list("aab"), SQUARE, [5], case="a")
    assert d.isna().all()
    assert "controls" in d.attrs["undefined"][5.0]


# --- M -------------------------------------------------------------------------------------------

labelled = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 30), st.sampled_from("abc"), st.integers(0, 5)),
    min_size=3,
    max_size=14,
)


def table(rows: list[tuple[int, int, str, int]]) -> tuple[Any, Any, Any, Any]:
    x, y, kind, w = zip(*rows, strict=True)
    return np.array(x, float), np.array(y, float), np.array(kind), np.array(w, float)


@given(labelled, st.sampled_from("ab"))
def test_m_is_that_of_the_definition(rows: list[Any], neighbour: str) -> None:
    x, y, kind, w = table(rows)
    assume("a" in kind and neighbour in kind)
    radii = [0, 4.0, 10.0, 50.0]
    for weights in (None, w):
        m = m_function(x, y, kind, radii, case="a", neighbour=neighbour, weights=weights)
        each = np.ones(len(x)) if weights is None else w
        wanted = brute_m(x, y, kind, radii, each, neighbour=neighbour)
        assert m.to_numpy() == pytest.approx(wanted, nan_ok=True)
        assert set(m.attrs["undefined"]) == {r for r, v in zip(radii, wanted) if math.isnan(v)}  # noqa: B905


@given(labelled, st.sampled_from([0.01, 3.0, 1000.0]))
def test_m_does_not_change_with_the_unit_of_size_or_of_length(
    rows: list[Any], scale: float
) -> None:
    x, y, kind, w = table(rows)
    assume("a" in kind)
    m = m_function(x, y, kind, [4, 10], case="a", weights=w).to_numpy()
    sizes = m_function(x, y, kind, [4, 10], case="a", weights=w * scale).to_numpy()
    assert sizes == pytest.approx(m, nan_ok=True)
    units = m_function(x * 1024, y * 1024, kind, [4096, 10240], case="a", weights=w).to_numpy()
    assert units == pytest.approx(m, nan_ok=True)


@given(labelled)
def test_m_is_one_where_the_radius_holds_all_firms(rows: list[Any]) -> None:
    x, y, kind, w = table(rows)
    assume((kind == "a").sum() >= 2)
    assume(((w > 0) & (kind == "a")).sum() >= 2)
    m = m_function(x, y, kind, [60], case="a", weights=w)
    assert m[60] == pytest.approx(1)


def test_m_is_one_on_average_over_all_labellings_counted_one_by_one() -> None:
    # Every firm has a neighbour within 2, so each labelling counts all its cases: the mean over
    # all C(7, 3) = 35 of them is exactly 1.
    x = np.array([0, 1, 2, 4, 5, 7, 8], float)
    found = []
    for cases in itertools.combinations(range(7), 3):
        kind = ["a" if i in cases else "b" for i in range(7)]
        found.append(m_function(x, x * 0, kind, [1, 2], case="a").to_numpy())
    assert np.mean(found, axis=0) == pytest.approx([1, 1], rel=1e-12)


def test_a_case_without_neighbours_is_in_neither_sum() -> None:
    # Two cases side by side see each other only: 1 / (2 / 4) = 2; the lone third does not count.
    m = m_function([0, 1, 100, 200, 300], [0] * 5, list("aaabb"), [1], case="a")
    assert m[1] == pytest.approx(2)


def test_m_between_kinds_does_not_leave_the_case_out_of_the_others() -> None:
    # The one a has b and c within 1: share of b 1/2; elsewhere 2 of 4 others are b: M = 1.
    m = m_function([0, 1, 0, 50, 60], [0, 0, 1, 0, 0], list("abcbc"), [1], case="a", neighbour="b")
    assert m[1] == pytest.approx(1)


def test_one_case_or_no_neighbour_leaves_m_undefined_with_the_reason() -> None:
    alone = m_function([0, 1, 2], [0] * 3, list("abb"), [5], case="a")
    assert alone.isna().all()
    assert "one case" in alone.attrs["undefined"][5.0]
    far = m_function([0, 90, 50], [0] * 3, list("aab"), [5, 100], case="a")
    assert far.isna().tolist() == [True, False]
    assert "neighbour" in far.attrs["undefined"][5.0]


# --- Kd ------------------------------------------------------------------------------------------


def test_the_bandwidth_is_silvermans_of_the_distances() -> None:
    # On a line at 0, 1, 3: distances 1, 2, 3; standard deviation 1; quartiles 1.5 and 2.5, so
    # 1 / 1.34 is less: h = 0.9 / 1.34 x 3^-0.2.
    kd = duranton_overman([0, 1, 3], [0] * 3, ["a"] * 3, [1, 2], case="a")
    assert kd.attrs["bandwidth_m"] == pytest.approx(0.9 / 1.34 * 3**-0.2)


def test_kd_is_the_reflected_kernel_density_of_scipy() -> None:
    x, y = np.random.default_rng(10).random((2, 40)) * 1000
    kd = duranton_overman(x, y, ["a"] * 40, [0, 50, 300], case="a")
    gaps = np.hypot(x[:, None] - x, y[:, None] - y)[np.triu_indices(40, 1)]
    h = kd.attrs["bandwidth_m"]
    both = stats.gaussian_kde(np.r_[gaps, -gaps], bw_method=h / np.r_[gaps, -gaps].std(ddof=1))
    assert kd.to_numpy() == pytest.approx(2 * both([0, 50, 300]), rel=1e-9)


@given(labelled, st.floats(0.5, 20))
def test_kd_is_that_of_the_definition(rows: list[Any], h: float) -> None:
    x, y, kind, w = table(rows)
    mine = kind == "a"
    assume(mine.sum() >= 2 and (w[mine] > 0).sum() >= 2)
    for weights in (None, w):
        kd = duranton_overman(x, y, kind, [0, 7, 30], case="a", weights=weights, bandwidth=h)
        each = np.ones(len(x)) if weights is None else w
        wanted = brute_kd(x[mine], y[mine], [0, 7, 30], h, each[mine])
        assert kd.to_numpy() == pytest.approx(wanted, rel=1e-9, abs=1e-15)


@given(spots)
def test_kd_over_all_distances_sums_to_one(points: list[tuple[int, int]]) -> None:
    x, y = columns(points)
    radii = np.linspace(0, 250, 501)
    kd = duranton_overman(x, y, ["a"] * len(x), radii, case="a", bandwidth=4)
    assert np.trapezoid(kd, radii) == pytest.approx(1, abs=1e-6)


@given(spots, st.sampled_from([0.5, 4.0]))
def test_kd_scales_with_one_over_the_unit_of_length(
    points: list[tuple[int, int]], scale: float
) -> None:
    x, y = columns(points)
    kd = duranton_overman(x, y, ["a"] * len(x), RADII, case="a")
    large = duranton_overman(
        x * scale, y * scale, ["a"] * len(x), np.array(RADII) * scale, case="a"
    )
    assert large.to_numpy() == pytest.approx(kd.to_numpy() / scale, nan_ok=True)


@pytest.mark.parametrize("weighted", [False, True])
def test_distances_gathered_in_cells_give_the_same_kd(
    weighted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    x, y = np.random.default_rng(11).random((2, 300)) * 1e4
    sizes = np.random.default_rng(12).lognormal(size=300) if weighted else None
    ask = (x, y, ["a"] * 300, [0, 200, 1000, 5000])
    gathered = duranton_overman(*ask, case="a", weights=sizes)
    monkeypatch.setattr(density, "_CELLS", 50_000)  # more than the 300 x 299 / 2 pairs
    exact = duranton_overman(*ask, case="a", weights=sizes)
    assert gathered.to_numpy() == pytest.approx(exact.to_numpy(), rel=1e-5)
    assert gathered.tolist() != exact.tolist()
    monkeypatch.setattr(density, "_HELD", 5000)
    parts = duranton_overman(*ask, case="a", weights=sizes)
    assert parts.to_numpy() == pytest.approx(exact.to_numpy(), rel=1e-4)


@pytest.mark.parametrize(
    ("x", "sizes", "said"),
    [
        ([0], None, "fewer than two cases"),
        ([0, 1], None, "no bandwidth"),
        ([5, 5, 5], None, "no bandwidth"),
        ([0, 1, 3], [0, 0, 1], "weigh nothing"),
    ],
)
def test_kd_that_is_undefined_says_why(x: list[int], sizes: Any, said: str) -> None:
    kd = duranton_overman(x, [0] * len(x), ["a"] * len(x), [1], case="a", weights=sizes)
    assert kd.isna().all()
    assert said in kd.attrs["undefined"][1.0]


# --- what all measures share -------------------------------------------------------------------


@given(st.permutations(range(12)))
@settings(max_examples=20)
def test_the_order_of_rows_changes_no_byte(order: list[int]) -> None:
    random = np.random.default_rng(13)
    x, y, w = random.random((3, 12)) * 10
    kind = np.array(list("abc") * 4)
    asked = {
        "k": lambda i: ripley_k(x[i], y[i], SQUARE, [2, 4]),
        "d": lambda i: diggle_chetwynd(x[i], y[i], kind[i], SQUARE, [2, 4], case="a"),
        "m": lambda i: m_function(x[i], y[i], kind[i], [2, 4], case="a", weights=w[i]),
        "kd": lambda i: duranton_overman(x[i], y[i], kind[i], [2, 4], case="a", weights=w[i]),
    }
    for ask in asked.values():
        assert ask(order).tolist() == ask(slice(None)).tolist()


def test_fewer_than_two_points_have_no_k() -> None:
    for points in ([], [1]):
        k = ripley_k(points, points, SQUARE, [1, 2])
        assert k.isna().all()
        assert "fewer than two" in k.attrs["undefined"][2.0]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"radii": []}, "E-DSP-05"),
        ({"radii": [2, 1]}, "E-DSP-05"),
        ({"radii": [1, 1]}, "E-DSP-05"),
        ({"radii": [-1, 1]}, "E-DSP-05"),
        ({"radii": [1, math.inf]}, "E-DSP-05"),
        ({"radii": "far"}, "E-DSP-05"),
        ({"window": (0, 0, 10, 10)}, "E-DSP-06"),
        ({"window": shapely.Polygon([(0, 0), (9, 9), (9, 0), (0, 9)])}, "E-DSP-06"),
        ({"window": shapely.Polygon()}, "E-DSP-06"),
        ({"window": BENT, "correction": "isotropic"}, "E-DSP-06"),
        ({"correction": "ripley"}, "E-ARG-01"),
        ({"x": [1, math.nan, 3]}, "E-DSP-02"),
        ({"x": [1, "?", 3]}, "E-DSP-02"),
        ({"x": [1, 2]}, "E-DSP-01"),
        ({"x": 7}, "E-DSP-01"),
        ({"x": [1, 2, 11]}, "E-DSP-09"),
        ({"x": pd.Series([1, 2, 3], index=[5, 6, 7]), "y": pd.Series([1, 2, 3])}, "E-DSP-01"),
    ],
)
def test_what_k_cannot_use_is_refused(change: dict[str, Any], code: str) -> None:
    ask = {"x": [1, 2, 3], "y": [1, 2, 3], "window": SQUARE, "radii": [1, 2]} | change
    with pytest.raises(InputError) as caught:
        ripley_k(**ask)
    assert {one.code for one in caught.value.findings} == {code}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": ["a", None, "b"]}, "E-DSP-03"),
        ({"case": "z"}, "E-DSP-04"),
        ({"neighbour": "z"}, "E-DSP-04"),
        ({"weights": [1, -1, 1]}, "E-DSP-02"),
        ({"weights": [1, math.nan, 1]}, "E-DSP-02"),
        ({"weights": [1, 1]}, "E-DSP-01"),
        ({"kind": "aab"}, "E-DSP-01"),
    ],
)
def test_what_m_cannot_use_is_refused(change: dict[str, Any], code: str) -> None:
    ask = {"x": [1, 2, 3], "y": [1, 2, 3], "kind": list("aab"), "radii": [1], "case": "a"} | change
    with pytest.raises(InputError) as caught:
        m_function(**ask)
    assert {one.code for one in caught.value.findings} == {code}


def test_every_unsound_row_is_named_at_once() -> None:
    with pytest.raises(InputError) as caught:
        ripley_k([1, math.nan, 50, 3], [1, 2, 3, math.inf], SQUARE, [1])
    found = {(one.code, one.row, one.column) for one in caught.value.findings}
    # The header is row 1, so the second point is in row 3.
    assert found == {("E-DSP-02", 3, "x"), ("E-DSP-02", 5, "y"), ("E-DSP-09", 4, "x, y")}


def test_degrees_in_place_of_metres_are_refused_l15() -> None:
    lon, lat = [121.2, 121.3, 121.4], [31.2, 31.3, 31.1]
    for x, y in ((lon, lat), (lat, lon)):
        with pytest.raises(InputError, match="degrees") as caught:
            m_function(x, y, list("aab"), [1], case="a")
        assert caught.value.findings[0].code == "E-DSP-08"
    assert m_function([100, 101, 120], [20, 30, 40], list("aab"), [50], case="a").notna().all()
    with pytest.raises(InputError, match="degrees"):
        ripley_k(lon, lat, box(121, 31, 122, 32), [0.1])


def test_a_point_on_the_border_is_in_the_window() -> None:
    k = ripley_k([0, 10, 5], [5, 5, 10], SQUARE, [8])
    assert math.isfinite(k[8])


def test_inputs_stay_as_they_were() -> None:
    frame = pd.DataFrame({"x": [3.0, 1, 2], "y": [1.0, 2, 3], "kind": list("bab")})
    before = frame.copy(deep=True)
    m_function(frame["x"], frame["y"], frame["kind"], [2], case="b")
    ripley_k(frame["x"], frame["y"], SQUARE, [2])
    pd.testing.assert_frame_equal(frame, before)
