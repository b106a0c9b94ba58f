"""Printed charts: what clusters share, quotients with their intervals, and options by two criteria."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siting.cartography import ZONE
from siting.colours import NEUTRAL, cluster_colours, ramp
from siting.errors import InputError
from siting.figures import overlap_matrix_figure, pareto_figure, quotient_figure, upset_figure
from siting.figures.fronts import front
from siting.figures.heads import BAR
from siting.figures.page import A4, HALF
from siting.overlap import incidence, pairs
from siting.places import read_places
from siting.plan import read_plan
from tests.drawn import boxes, extents, fills, off_page, overlapping, sizes, texts

OVER, UNDER, PALE_OVER = "#2f6ea5", "#c98118", "#c3d8ea"


def points(figure) -> tuple[int, int]:
    width, height = figure.get_size_inches() * 72
    return round(width), round(height)


@pytest.fixture(scope="module", params=["shanghai-2022", "jiading-2023"])
def study(request):
    plan = read_plan(request.param)
    within = plan.parent_id if plan.level == "town" else None
    return plan, read_places(plan.level, within=within)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("by", ["cluster", "field"])
def test_figures_of_the_bundled_plans_are_legible(study, by, lang) -> None:
    plan, places = study
    table = incidence(plan, places, by=by)
    named = (plan.clusters if by == "cluster" else plan.fields)[f"name_{lang}"]
    matrix = overlap_matrix_figure(pairs(table), names=named, by=by, lang=lang)
    sets = upset_figure(table, names=named, places=places[f"name_{lang}"], by=by, lang=lang)
    for figure in (matrix, sets):
        assert overlapping(figure, least=0.3) == []
        assert off_page(figure) == []
        assert min(sizes(figure)) >= 6
        said = "".join(texts(figure)).replace(" ", "")
        assert all(name.replace(" ", "") in said for name in named)
    assert all(name in ", ".join(texts(sets)) for name in places[f"name_{lang}"])


def test_a_matrix_has_counts_below_and_indices_above_its_diagonal() -> None:
    # a = {p, q}, b = {q, r}, c = {}: a and b share q of three, so Jaccard 1/3; c has none
    table = pd.DataFrame({"a": [1, 1, 0], "b": [0, 1, 1], "c": [0, 0, 0]}, index=list("pqr"))
    figure = overlap_matrix_figure(pairs(table), names={"a": "甲", "b": "乙", "c": "丙"})
    at: dict = {}
    for text, box in extents(figure):
        at.setdefault(text, box)  # the first; the legend comes later
    count, index = at["1"], at["0.33"]
    assert count[3] < index[1]  # lower in the page
    assert count[2] < index[0]  # and further left
    said = texts(figure)
    assert said.count("0.00") == 2  # with c, whose union is not empty
    assert {"0", "1"} <= set(said)
    assert fills(figure).count(ramp(1)[0]) == 1 + 1  # the cell, the legend
    assert fills(figure).count(NEUTRAL) == 2 + 1


def test_an_undefined_index_is_a_dash_and_never_0() -> None:
    table = pd.DataFrame({"a": [0, 0], "b": [0, 0]}, index=list("pq"))
    said = texts(overlap_matrix_figure(pairs(table)))
    assert said.count("—") == 1
    assert "0.00" not in said


def test_a_matrix_of_weights_gives_the_unit() -> None:
    table = pd.DataFrame({"a": [1, 1], "b": [1, 0]}, index=["p", "q"])
    shared = pairs(table, weights=pd.Series({"p": 12.5, "q": 1.0}))
    said = texts(overlap_matrix_figure(shared, unit="平方公里"))
    assert "12.5" in said
    assert "共有地区数（平方公里）" in said


def test_the_bounds_of_a_class_of_a_matrix_hold_all_that_is_in_it() -> None:
    numbers = [10.06, 11.0, 12.04, 20.0, 31.0, 50.0]
    shared = pd.DataFrame(
        {"a": list("wwwxxy"), "b": list("xyzyzz"), "shared": numbers, "jaccard": 0.5}
    )
    # five classes of 39.94 / 5 each: the first three numbers, and each other alone
    said = texts(overlap_matrix_figure(shared))
    assert "10 – 12.1" in said
    assert "10.1 – 12" not in said


def test_clusters_have_their_colours_and_fields_have_numbers() -> None:
    table = pd.DataFrame({"future-health": [1, 0], "future-space": [1, 1]}, index=["p", "q"])
    for colour in cluster_colours(list(table.columns)):
        assert colour in fills(upset_figure(table))
        assert colour in fills(overlap_matrix_figure(pairs(table)))
        assert colour not in fills(upset_figure(table, by="field"))
    assert {"1", "2"} <= set(texts(overlap_matrix_figure(pairs(table), by="field")))


def test_each_combination_has_a_row_with_exactly_its_places() -> None:
    table = pd.DataFrame(
        {"x": [1, 1, 0, 1, 0], "y": [0, 1, 0, 0, 0], "z": [0, 1, 0, 0, 1]}, index=list("pqrst")
    )
    figure = upset_figure(table, places={k: f"地{k}" for k in "pqrst"}, by="field")
    said = texts(figure)
    rows = [text for text in said if text.startswith("地")]
    # x y z: q; x: p and s; z: t; none: r
    assert rows == ["地q", "地p、地s", "地t", "地r"]
    # three dots, one, one, none; a bar per row; a column of places for each of the three
    assert fills(figure).count(BAR) == (3 + 1 + 1 + 0) + 4 + 3
    assert points(figure) == HALF


def test_bars_of_combinations_are_as_long_as_they_have_places() -> None:
    table = pd.DataFrame({"x": [1] * 6 + [0] * 3}, index=list("abcdefghi"))
    bars = boxes(upset_figure(table, by="field"), BAR)
    long = sorted(box[2] - box[0] for box in bars)[-2:]
    assert long[1] / long[0] == pytest.approx(2)  # six places and three


def test_many_combinations_take_a_whole_page_and_too_many_are_refused() -> None:
    some = pd.DataFrame([[int(b) for b in f"{i:05b}"] for i in range(32)])
    figure = upset_figure(some, by="field")
    assert points(figure) == A4
    assert off_page(figure) == []
    many = pd.DataFrame([[int(b) for b in f"{i:07b}"] for i in range(128)])
    with pytest.raises(InputError, match="E-FIG-11"):
        upset_figure(many, by="field")


@pytest.mark.parametrize(
    "empty", [pd.DataFrame(), pd.DataFrame({"a": []}), pd.DataFrame(index=["p"])]
)
def test_an_empty_table_is_refused(empty) -> None:
    with pytest.raises(InputError, match="E-FIG-12"):
        upset_figure(empty)


def test_pairs_without_their_columns_are_refused() -> None:
    with pytest.raises(InputError, match="jaccard"):
        overlap_matrix_figure(pd.DataFrame({"a": ["x"], "b": ["y"], "shared": [1]}))
    with pytest.raises(InputError, match="E-FIG-12"):
        overlap_matrix_figure(pairs(pd.DataFrame({"a": [1]}, index=["p"])))
    with pytest.raises(InputError, match="E-ARG-01"):
        upset_figure(pd.DataFrame({"a": [1]}), by="tier")


def test_a_quotient_of_2_and_one_of_a_half_have_bars_of_one_length() -> None:
    figure = quotient_figure(pd.Series({"甲": 2.0, "乙": 0.5}), title="区位商")
    # the first of a colour is the bar, the second that of the legend
    over, under = boxes(figure, OVER)[0], boxes(figure, UNDER)[0]
    assert over[2] - over[0] == pytest.approx(under[2] - under[0])
    assert over[0] == pytest.approx(under[2])  # both start at 1
    assert over[1] > under[3]  # the greatest first


def test_an_interval_that_includes_1_makes_the_bar_pale() -> None:
    values = pd.Series({"甲": 2.0, "乙": 1.5})
    lower, upper = pd.Series({"甲": 1.2, "乙": 0.9}), pd.Series({"甲": 3.0, "乙": 2.5})
    figure = quotient_figure(values, lower, upper, title="区位商")
    assert fills(figure).count(OVER) == 1 + 1
    assert fills(figure).count(PALE_OVER) == 1 + 1
    assert {"2.00 [1.20, 3.00]", "1.50 [0.90, 2.50]", "区间含 1"} <= set(texts(figure))


def test_quotients_match_their_intervals_and_names_by_id() -> None:
    values = pd.Series({"a": 2.0, "b": 0.5})
    lower, upper = pd.Series({"b": 0.4, "a": 1.5}), pd.Series({"b": 0.6, "a": 2.5})
    said = texts(quotient_figure(values, lower, upper, {"b": "乙区", "a": "甲区"}, title="区位商"))
    assert {"2.00 [1.50, 2.50]", "0.50 [0.40, 0.60]"} <= set(said)
    assert said.index("甲区") < said.index("乙区")


def test_a_note_says_why_there_are_no_intervals() -> None:
    values = pd.Series({"甲": 2.0, "乙": 0.5})
    said = "全数普查，不是样本，因此不给区间"
    assert said in "".join(texts(quotient_figure(values, title="区位商", note=said)))
    assert said not in "".join(texts(quotient_figure(values, title="区位商")))


def test_a_matrix_says_what_its_q_is_the_probability_of() -> None:
    table = pd.DataFrame({"a": [1, 1, 0], "b": [0, 1, 1]}, index=list("pqr"))
    said = "".join(texts(overlap_matrix_figure(pairs(table))))
    assert "共有数不少于实际的概率" in said
    said = " ".join(texts(overlap_matrix_figure(pairs(table), lang="en")))
    assert "probability of sharing at least so many places" in said


def test_an_undefined_quotient_says_why_and_has_no_bar() -> None:
    values = pd.Series({"甲": 2.0, "乙": math.nan, "丙": math.nan})
    values.attrs["undefined"] = {"乙": ("没有就业", "no jobs")}
    zh = texts(quotient_figure(values, title="区位商"))
    assert {"无定义：没有就业", "无定义：未说明原因"} <= set(zh)
    assert "nan" not in "".join(zh)
    figure = quotient_figure(values, title="Location quotient", lang="en")
    assert "Undefined: no jobs" in texts(figure)
    assert len(boxes(figure, OVER)) == 1 + 1


def test_a_quotient_of_0_runs_off_the_axis_and_says_0() -> None:
    figure = quotient_figure(pd.Series({"甲": 0.0, "乙": 3.0}), title="区位商")
    assert "0" in texts(figure)
    bar = boxes(figure, UNDER)[0]
    plot = boxes(figure, "#fbfcfd")[0]
    assert bar[0] == pytest.approx(plot[0])


def test_an_axis_reaches_over_all_values_and_intervals() -> None:
    values = pd.Series({"甲": 80.0, "乙": 0.002})
    figure = quotient_figure(values, values * 0.5, values * 2, title="区位商")
    plot = boxes(figure, "#fbfcfd")[0]
    for fill in (OVER, UNDER):
        bar = boxes(figure, fill)[0]
        assert plot[0] < bar[0]
        assert bar[2] < plot[2]
    assert {"0.01", "1", "100"} & set(texts(figure)) >= {"0.01", "1"}
    assert off_page(figure) == []


@pytest.mark.parametrize(
    ("values", "lower", "upper"),
    [
        ([1.0, -0.1], None, None),
        ([1.0, math.inf], None, None),
        ([1.0, "多"], None, None),
        ([1.0, 2.0], [0.5, 2.1], [2.0, 3.0]),
        ([1.0, 2.0], [0.5, 1.0], [0.9, 3.0]),
        ([1.0, 2.0], [-0.5, 1.0], [2.0, 3.0]),
        ([1.0, 2.0], [0.5, 1.0], None),
    ],
)
def test_impossible_quotients_and_intervals_are_refused(values, lower, upper) -> None:
    ends = [None if one is None else pd.Series(one) for one in (lower, upper)]
    with pytest.raises(InputError, match="E-FIG-13"):
        quotient_figure(pd.Series(values), *ends, title="区位商")


def test_more_bars_than_a_page_holds_are_refused_and_none_is_dropped() -> None:
    some = quotient_figure(pd.Series(np.linspace(0.1, 3, 45)), title="区位商")
    assert points(some) == A4
    assert overlapping(some) == []
    with pytest.raises(InputError, match="E-FIG-11"):
        quotient_figure(pd.Series(np.linspace(0.1, 3, 90)), title="区位商")
    with pytest.raises(InputError, match="E-FIG-12"):
        quotient_figure(pd.Series(dtype="float64"), title="区位商")


def options(x: list[float], y: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"x": x, "y": y, "label": [f"方案{i}" for i in range(len(x))]})


def test_the_front_is_labelled_and_the_chosen_ones_are_marked() -> None:
    # 0 and 1 are on the front, 2 is beaten by both, 3 is beaten and chosen
    figure = pareto_figure(
        options([1, 2, 3, 4], [2, 1, 3, 4]), title="取舍", x_title="米", y_title="后悔", chosen=[3]
    )
    said = texts(figure)
    assert {"方案0", "方案1", "方案3"} <= set(said)
    assert "方案2" not in said
    assert {"米（越小越好）", "后悔（越小越好）", "前沿方案", "被支配的方案", "选定方案"} <= set(
        said
    )
    assert fills(figure).count(ZONE) == 1 + 1
    assert fills(figure).count(OVER) == 2 + 1
    assert overlapping(figure) == []
    assert off_page(figure) == []


def test_more_may_be_better() -> None:
    x, y = pd.Series([1.0, 2.0, 3.0]), pd.Series([1.0, 3.0, 2.0])
    assert front(x, y, better=("more", "more")).tolist() == [False, True, True]
    assert front(x, y, better=("less", "more")).tolist() == [True, True, False]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=15))
def test_every_option_off_the_front_is_beaten_by_one_on_it_and_none_on_it_is(cloud) -> None:
    x, y = (pd.Series(one, dtype="float64") for one in zip(*cloud, strict=True))
    best = front(x, y, better=("less", "less"))

    def beats(a, b) -> bool:
        return a != b and a[0] <= b[0] and a[1] <= b[1]

    winners = [one for one, good in zip(cloud, best, strict=True) if good]
    for one, good in zip(cloud, best, strict=True):
        assert good != any(beats(other, one) for other in winners)


def test_options_without_finite_coordinates_are_said_and_not_drawn() -> None:
    figure = pareto_figure(
        options([1.0, math.nan], [1.0, 2.0]), title="取舍", x_title="米", y_title="后悔"
    )
    assert "没有有限坐标、未画出：方案1" in texts(figure)
    assert "被支配的方案" not in texts(figure)


def test_many_labels_do_not_overlap() -> None:
    steps = np.linspace(0, 1, 30)
    figure = pareto_figure(
        options(list(steps), list(1 - steps)), title="取舍", x_title="米", y_title="后悔", lang="en"
    )
    assert overlapping(figure) == []
    said = "".join(texts(figure))
    assert all(f"方案{i}" in said for i in range(30))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda o: {"points": o.drop(columns="label")}, "E-COL-01"),
        (lambda o: {"points": pd.concat([o, o])}, "E-KEY-01"),
        (lambda o: {"points": o, "chosen": [9]}, "E-FIG-14"),
        (lambda o: {"points": o, "better": ("less", "best")}, "E-ARG-01"),
        (lambda o: {"points": o.assign(x=math.inf)}, "E-FIG-12"),
    ],
)
def test_options_that_cannot_be_drawn_are_refused(change, code) -> None:
    given_ = change(options([1.0, 2.0], [2.0, 1.0]))
    with pytest.raises(InputError, match=code):
        pareto_figure(given_.pop("points"), title="取舍", x_title="米", y_title="后悔", **given_)
