"""Indices of concentration against published numbers, exact fractions and counts made by hand."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from siting import concentration
from siting.alignment import evidence_gap
from siting.concentration import (
    INDICES,
    cluster_stars,
    coagglomeration,
    ellison_glaeser,
    entropy,
    equivalent_number,
    gini,
    group_coagglomeration,
    hachman,
    hhi,
    hoover,
    krugman_concentration,
    krugman_specialisation,
    location_quotient,
    location_quotient_interval,
    locational_gini,
    specialisation_gini,
    symmetric_location_quotient,
    theil,
    theil_decomposition,
    variety,
)
from siting.errors import SitingWarning
from tests.absent import brought

# Regions x industries of the manual of EconGeo.
MATRIX = pd.DataFrame(
    [
        [100, 0, 0, 0, 0],
        [0, 15, 5, 70, 10],
        [0, 20, 10, 20, 50],
        [0, 25, 30, 5, 40],
        [0, 40, 55, 5, 0],
    ],
    index=["R1", "R2", "R3", "R4", "R5"],
    columns=["I1", "I2", "I3", "I4", "I5"],
)

# Farhauer and Kröll (2013): one industry in five regions, and all employment there.
INDUSTRY, ALL = [500, 500, 1000, 7000, 1000], [20000, 15000, 20000, 40000, 5000]


def with_rest(part: list[int], whole: list[int]) -> pd.DataFrame:
    """A table of an industry and of everything else."""
    return pd.DataFrame({"part": part, "rest": np.subtract(whole, part)})


def oracle(reference: Path, name: str) -> dict:
    rows = json.loads((reference / "oracles" / "oracles.json").read_text("utf-8"))
    return next(row for row in rows if row["id"] == name)


# --- location quotients ----------------------------------------------------------------------


def test_the_quotient_of_farhauer_and_kroell() -> None:
    # A region's industry 1,714 of 79,006; the country's 879,213 of 15,593,224.
    cell, place, sector, whole = 1714, 79006, 879213, 15593224
    table = pd.DataFrame([[cell, place - cell], [sector - cell, whole - sector - place + cell]])
    assert location_quotient(table).iloc[0, 0] == pytest.approx(0.3847623, abs=5e-8)


def test_the_quotients_of_five_regions_are_exact_fractions() -> None:
    cells = MATRIX.to_numpy().tolist()
    exact = [
        [float(Fraction(c * 500, sum(row) * sum(r[j] for r in cells))) for j, c in enumerate(row)]
        for row in cells
    ]
    found = location_quotient(MATRIX)
    assert found.to_numpy() == pytest.approx(np.array(exact), rel=1e-14)
    assert found.loc["R2"].tolist() == pytest.approx([0, 0.75, 0.25, 3.5, 0.5], rel=1e-14)
    assert list(found.index) == list(MATRIX.index)
    assert list(found.columns) == list(MATRIX.columns)
    assert found.attrs["undefined"] == {}


def test_the_symmetric_quotient_is_the_quotient_bent() -> None:
    quotient = location_quotient(MATRIX)
    expected = (quotient - 1) / (quotient + 1)
    found = symmetric_location_quotient(MATRIX)
    assert found.to_numpy() == pytest.approx(expected.to_numpy(), abs=1e-14)
    assert found.loc["R1", "I2"] == -1


def test_the_interval_is_that_of_the_evidence_room() -> None:
    # The other room takes counts and totals apart; both must tell a planner the same.
    table = pd.DataFrame({"x": [3, 40, 0], "y": [30, 90, 50]}, index=["p", "q", "r"])
    found = location_quotient_interval(table, level=0.9)
    marks = pd.DataFrame(1, index=table.index, columns=["x"])
    other = evidence_gap(
        marks,
        found.quotient[["x"]],
        counts=table[["x"]],
        totals=table.sum(axis="columns"),
        confidence=0.9,
    )
    assert found.lower["x"].tolist() == pytest.approx(other["lower"].tolist(), rel=1e-12)
    assert found.upper["x"].tolist() == pytest.approx(other["upper"].tolist(), rel=1e-12)


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    # 12 plants in p, 36 in q, 12 of all 48 of x, so W = 0.25 is known. For each true share p of x in
    # the place, the chances of the counts whose interval holds p / W add up to 0.95 at least.
    for p in (0.01, 0.02, 0.1, 0.25, 0.5, 0.9):
        covered = 0.0
        for k in range(13):
            table = pd.DataFrame({"x": [k, 12 - k], "y": [12 - k, 24 + k]})
            with pytest.warns(SitingWarning):
                found = location_quotient_interval(table)
            if found.lower.iloc[0, 0] <= p / 0.25 <= found.upper.iloc[0, 0]:
                covered += math.comb(12, k) * p**k * (1 - p) ** (12 - k)
        assert covered >= 0.95, p


def test_the_ends_of_the_interval_hold_the_chance_they_name() -> None:
    # 3 of 30 in p. At the lower end P(X >= 3) = 0.025, at the upper end P(X <= 3) = 0.025.
    table = pd.DataFrame({"x": [3, 27], "y": [27, 43]})
    found = location_quotient_interval(table)
    low, high = found.lower.iloc[0, 0] * 0.3, found.upper.iloc[0, 0] * 0.3

    def chance(p: float, counts: range) -> float:
        return sum(math.comb(30, k) * p**k * (1 - p) ** (30 - k) for k in counts)

    assert chance(low, range(3, 31)) == pytest.approx(0.025, rel=1e-9)
    assert chance(high, range(4)) == pytest.approx(0.025, rel=1e-9)
    assert not found.small.to_numpy().any()


def test_one_firm_of_one_is_marked_as_a_small_base() -> None:
    # C17. One firm in p, and it is of x: LQ = 1 / (1/11) = 11, which says next to nothing.
    table = pd.DataFrame({"x": [1, 0], "y": [0, 10]}, index=["p", "q"])
    with pytest.warns(SitingWarning, match=r"样本过小.*(.|\n)*small base"):
        found = location_quotient_interval(table)
    assert found.small.loc["p", "x"]
    assert found.quotient.loc["p", "x"] == pytest.approx(11)
    # (0.025, 1) over 1/11.
    assert found.lower.loc["p", "x"] == pytest.approx(0.025 * 11)
    assert found.upper.loc["p", "x"] == pytest.approx(11)


# --- shares of one holder --------------------------------------------------------------------


def test_herfindahl_normalised_and_equivalent_number_of_doersam() -> None:
    table = pd.DataFrame({"x": [20, 50, 20, 10]})
    assert hhi(table, over="places")["x"] == pytest.approx(0.34, abs=1e-15)
    assert hhi(table, over="places", normalised=True)["x"] == pytest.approx(0.12, abs=1e-15)
    assert equivalent_number(table, over="places")["x"] == pytest.approx(1 / 0.34, rel=1e-15)


def test_herfindahl_of_five_regions() -> None:
    found = hhi(MATRIX, over="sectors")
    assert found.tolist() == pytest.approx([1, 0.525, 0.34, 0.315, 0.465], rel=1e-14)
    assert list(found.index) == list(MATRIX.index)
    # I2 over places: 15, 20, 25, 40 of 100.
    assert hhi(MATRIX, over="places")["I2"] == pytest.approx(0.285, rel=1e-14)


def test_empty_places_count_in_the_normalisation() -> None:
    # Two of four places hold half each: H = 0.5; (0.5 - 0.25) / 0.75 = 1/3, not 0.
    found = hhi(pd.DataFrame({"x": [1, 1, 0, 0]}), over="places", normalised=True)
    assert found["x"] == pytest.approx(1 / 3)


def test_entropy_of_five_regions_in_bits_and_nats() -> None:
    # R3: 0.2, 0.1, 0.2, 0.5.
    by_hand = -(2 * 0.2 * math.log2(0.2) + 0.1 * math.log2(0.1) + 0.5 * math.log2(0.5))
    assert entropy(MATRIX, over="sectors")["R3"] == pytest.approx(by_hand, rel=1e-14)
    nats = entropy(MATRIX, over="sectors", base=math.e)["R3"]
    assert nats == pytest.approx(by_hand * math.log(2), rel=1e-14)
    assert str(entropy(MATRIX, over="sectors")["R1"]) == "0.0"  # and not minus zero


def test_a_single_series_is_one_sector() -> None:
    line = pd.Series([20, 50, 20, 10], name="x")
    assert hhi(line, over="places").round(12).to_dict() == {"x": 0.34}


def test_variety_of_a_place_by_hand() -> None:
    # x1 x2 z1 = 0.5 0.25 0.25 in groups x x z: UV = H(0.75, 0.25); RV = 0.75 H(2/3, 1/3).
    table = pd.DataFrame({"x1": [2, 0], "x2": [1, 0], "z1": [1, 0]}, index=["p", "q"])
    found = variety(table, pd.Series({"z1": "z", "x1": "x", "x2": "x", "w": "w"}))
    unrelated = -(0.75 * math.log2(0.75) + 0.25 * math.log2(0.25))
    related = -0.75 * (2 / 3 * math.log2(2 / 3) + 1 / 3 * math.log2(1 / 3))
    assert found.loc["p"].tolist() == pytest.approx([unrelated, related, 1.5], rel=1e-14)
    assert found.loc["q"].isna().all()
    assert set(found.attrs["undefined"]) == {("q", c) for c in ("unrelated", "related", "total")}


# --- Lorenz ----------------------------------------------------------------------------------


def test_the_gini_of_doersam_plain_and_corrected() -> None:
    assert gini([20, 50, 20, 10]) == pytest.approx(0.3, abs=1e-15)
    assert gini(pd.Series([20, 50, 20, 10]), corrected=True) == pytest.approx(0.4, abs=1e-15)


def test_the_weighted_gini_of_doersam_in_any_order() -> None:
    values = [500, 1500, 2500, 4000, 7500, 15000]
    weights = [1000, 1200, 1600, 400, 200, 600]
    # Mean absolute difference over twice the mean, in whole numbers.
    n = sum(weights)
    total = sum(w * v for w, v in zip(weights, values, strict=True))
    pairs = sum(
        a * b * abs(x - y)
        for a, x in zip(weights, values, strict=True)
        for b, y in zip(weights, values, strict=True)
    )
    exact = float(Fraction(pairs, 2 * n * total))
    assert gini(values, weights=weights) == pytest.approx(exact, rel=1e-14)
    assert exact == pytest.approx(0.5278, abs=5e-5)
    order = [5, 0, 3, 1, 4, 2]  # here the R package sorts the values and leaves the weights behind
    shuffled = gini([values[i] for i in order], weights=[weights[i] for i in order])
    assert shuffled == gini(values, weights=weights)


def test_weights_are_holders_so_repeating_a_value_is_the_same() -> None:
    repeated = [3, 3, 3, 8, 1, 1]
    assert gini([3, 8, 1], weights=[3, 1, 2]) == pytest.approx(gini(repeated), rel=1e-14)
    corrected = gini([3, 8, 1], weights=[3, 1, 2], corrected=True)
    assert corrected == pytest.approx(gini(repeated, corrected=True), rel=1e-14)
    assert gini([3, 8, 1, 99], weights=[3, 1, 2, 0]) == pytest.approx(gini(repeated), rel=1e-14)


def test_weights_go_by_label_and_not_by_position() -> None:
    values = pd.Series({"a": 3, "b": 8, "c": 1})
    weights = pd.Series({"c": 2, "a": 3, "b": 1})
    assert gini(values, weights=weights) == pytest.approx(gini([3, 8, 1], weights=[3, 1, 2]))


def test_the_three_locational_ginis_differ_on_the_same_data() -> None:
    table = with_rest(INDUSTRY, ALL)
    found = {v: locational_gini(table, variant=v)["part"] for v in ("lorenz", "krugman")}
    assert found == pytest.approx({"lorenz": 0.3725, "krugman": 0.18625}, rel=1e-13)
    unweighted = locational_gini(table, variant="unweighted")["part"]
    assert unweighted == pytest.approx(59 / 145, rel=1e-13)


def test_krugmans_locational_gini_of_five_regions() -> None:
    # Equal regions, so it is half of the plain Gini: I1 0.8 / 2; I2 0 15 20 25 40:
    # 2 (2 x 15 + 3 x 20 + 4 x 25 + 5 x 40) / 500 - 6/5 = 0.36, half 0.18.
    found = locational_gini(MATRIX, variant="krugman")
    assert found.tolist() == pytest.approx([0.4, 0.18, 0.27, 0.31, 0.28], rel=1e-13)


def test_equal_quotients_may_come_in_any_order() -> None:
    table = pd.DataFrame({"x": [1, 2, 3, 0], "y": [1, 2, 3, 4]})
    expected = locational_gini(table, variant="lorenz")
    for order in ([3, 2, 1, 0], [1, 0, 3, 2]):
        found = locational_gini(table.iloc[order], variant="lorenz")
        assert found.tolist() == expected.tolist()


def test_the_specialisation_gini_of_farhauer_and_kroell() -> None:
    part, whole = [700, 600, 500, 10000, 40000], [30000, 15000, 10000, 60000, 50000]
    table = with_rest(part, whole).T
    assert specialisation_gini(table)["part"] == pytest.approx(28 / 45, rel=1e-13)


# --- unlikeness ------------------------------------------------------------------------------


def test_regions_without_a_common_sector_are_as_unlike_as_can_be() -> None:
    table = pd.DataFrame([[20, 10, 70, 0, 0], [0, 0, 0, 60, 40]], index=["a", "b"])
    assert krugman_specialisation(table, benchmark="mean_others").tolist() == [2, 2]
    # The whole is half of each: half as unlike.
    assert krugman_specialisation(table).tolist() == pytest.approx([1, 1])


def test_krugman_of_five_regions() -> None:
    found = krugman_specialisation(MATRIX)
    assert found.tolist() == pytest.approx([1.6, 1.0, 0.6, 0.7, 1.1], rel=1e-14)


def test_the_mean_of_others_is_the_mean_of_their_shares_not_of_their_sizes() -> None:
    # q 0.2 0.8 and r 0.6 0.4, though r is ten times as large: mean 0.4 0.6; p 1 0: 0.6 + 0.6.
    table = pd.DataFrame({"x": [5, 2, 60, 0], "y": [0, 8, 40, 0]}, index=["p", "q", "r", "none"])
    found = krugman_specialisation(table, benchmark="mean_others")
    assert found["p"] == pytest.approx(1.2)
    assert math.isnan(found["none"])


def test_krugman_concentration_is_specialisation_of_the_turned_table() -> None:
    for benchmark in ("total", "mean_others"):
        found = krugman_concentration(MATRIX, benchmark=benchmark)
        turned = krugman_specialisation(MATRIX.T, benchmark=benchmark)
        assert found.tolist() == turned.tolist()
        assert found.name == "krugman_concentration"


def test_hachman_of_five_regions() -> None:
    expected = [1 / 5, 8 / 21, 10 / 17, 40 / 63, 40 / 93]
    assert hachman(MATRIX).tolist() == pytest.approx(expected, rel=1e-14)


def test_hoover_takes_counts_or_shares_and_labels() -> None:
    # Shares of the industry .05 .05 .1 .7 .1 against .2 .15 .2 .4 .05: 0.5 (.15+.1+.1+.3+.05).
    assert hoover(INDUSTRY, ALL) == pytest.approx(0.35)
    assert hoover(INDUSTRY, [0.2, 0.15, 0.2, 0.4, 0.05]) == pytest.approx(0.35)
    values, whole = pd.Series(INDUSTRY, index=list("abcde")), pd.Series(ALL, index=list("abcde"))
    assert hoover(values, whole[::-1]) == pytest.approx(0.35)


# --- Theil -----------------------------------------------------------------------------------


def test_theil_l_and_t_of_stoermann() -> None:
    assert theil([10, 10, 10, 20, 50], variant="L") == pytest.approx(0.2326302, abs=5e-8)
    # T by hand: 3 x 0.1 ln 0.5 + 0.2 ln 1 + 0.5 ln 2.5.
    by_hand = 0.3 * math.log(0.5) + 0.5 * math.log(2.5)
    assert theil([10, 10, 10, 20, 50], variant="T") == pytest.approx(by_hand, rel=1e-13)


def test_all_inequality_can_lie_between_two_groups() -> None:
    parts = theil_decomposition([0, 0, 0, 10, 10, 10], [0, 0, 0, 1, 1, 1])
    assert parts.total == pytest.approx(math.log(2), rel=1e-14)
    assert parts["between"] == pytest.approx(math.log(2), rel=1e-14)
    assert parts["within"] == 0
    assert parts.groups["share"].tolist() == [0, 1]
    assert math.isnan(parts.groups.loc[0, "theil"])
    assert parts.reason == ""


def test_the_relative_theil_is_zero_where_values_follow_the_reference() -> None:
    assert theil([1, 2, 3], reference=[10, 20, 30]) == 0
    # Two districts, each with two towns; s = 0.5 0.1 0.3 0.1 against x = 0.25 0.25 0.4 0.1.
    s, x = [0.5, 0.1, 0.3, 0.1], [0.25, 0.25, 0.4, 0.1]
    parts = theil_decomposition([5, 1, 3, 1], list("aabb"), reference=[25, 25, 40, 10])
    total = sum(a * math.log(a / b) for a, b in zip(s, x, strict=True))
    between = 0.6 * math.log(0.6 / 0.5) + 0.4 * math.log(0.4 / 0.5)
    assert parts.total == pytest.approx(total, rel=1e-13)
    assert parts.between == pytest.approx(between, rel=1e-13)
    assert parts.within == pytest.approx(total - between, rel=1e-12)


def test_groups_go_by_label() -> None:
    values = pd.Series({"a": 1, "b": 5, "c": 9})
    groups = pd.Series({"c": "y", "b": "x", "a": "x"})
    found = theil_decomposition(values, groups)
    assert found.between == theil_decomposition([1, 5, 9], ["x", "x", "y"]).between
    assert found.groups.index.tolist() == ["x", "y"]


# --- plants ----------------------------------------------------------------------------------


def example_of_fk2014() -> tuple[pd.DataFrame, pd.Series]:
    size = [200, 650, 12000, 100, 50, 16000, 13000, 1500, 1500, 25000]
    place = ["Wien"] * 5 + ["Linz"] * 4 + ["Graz"]
    plants = pd.DataFrame({"place_id": place, "sector": "i", "size": size})
    return plants, pd.Series({"Wien": 500000, "Linz": 400000, "Graz": 100000})


def test_ellison_and_glaeser_of_farhauer_and_kroell() -> None:
    found = ellison_glaeser(example_of_fk2014()[0], reference=example_of_fk2014()[1])
    assert list(found.columns) == ["gamma", "G", "H", "z", "n_plants"]
    expected = [0.05990628, 0.1681632653061224, 0.2446887755102041, 0.19590019702613568, 10]
    assert found.loc["i"].tolist() == pytest.approx(expected, abs=5e-9)


def test_gamma_passes_one_where_all_plants_are_in_a_small_place() -> None:
    # Two equal plants in q, which is a tenth: G = 0.9^2 + 0.9^2 = 1.62, 1 - X = 0.18, H = 0.5:
    # gamma = (1.62 - 0.09) / 0.09 = 17.
    plants = pd.DataFrame({"place_id": ["q", "q"], "sector": "x", "size": [1, 1]})
    found = ellison_glaeser(plants, reference=pd.Series({"p": 9, "q": 1}))
    assert found.loc["x", "gamma"] == pytest.approx(17)
    assert INDICES["ellison_glaeser"].high is None


def test_places_without_plants_count_through_the_reference() -> None:
    # Two equal plants in p of four equal places: G = 0.75^2 + 3 x 0.25^2 = 0.75, X = 0.25, H = 0.5:
    # gamma = (0.75 - 0.75 x 0.5) / (0.75 x 0.5) = 1.
    plants = pd.DataFrame({"place_id": ["p", "p"], "sector": "x", "size": [1, 1]})
    found = ellison_glaeser(plants, reference=pd.Series(1, index=list("pqrs")))
    assert found.loc["x", ["gamma", "G", "H"]].tolist() == pytest.approx([1, 0.75, 0.5])


def test_the_sign_of_gamma_depends_on_the_reference(reference: Path) -> None:
    rows = pd.read_csv(reference / "oracles" / "REAT" / "FK2014_EGC.csv", index_col=0)
    plants = rows.rename(columns={"region": "place_id", "industry": "sector", "emp_firm": "size"})
    towns = rows.groupby("region")["emp_region"].first()
    firms = rows.groupby("region")["emp_firm"].sum()
    assert (ellison_glaeser(plants, reference=towns)["gamma"] > 0).all()
    assert (ellison_glaeser(plants, reference=firms)["gamma"] < 0).sum() == 3


def test_the_pair_that_the_r_package_gets_wrong(reference: Path) -> None:
    rows = pd.read_csv(reference / "oracles" / "REAT" / "FK2014_EGC.csv", index_col=0)
    plants = rows.rename(columns={"region": "place_id", "industry": "sector", "emp_firm": "size"})
    towns = rows.groupby("region")["emp_region"].first()
    pairs = coagglomeration(plants, reference=towns).set_index(["a", "b"])["gamma"]
    assert pairs["Textiles dyeing", "Textiles trade"] == pytest.approx(0.18637, abs=5e-6)
    assert len(pairs) == 6


def test_the_group_index_is_the_formula_of_1997(reference: Path) -> None:
    rows = pd.read_csv(reference / "oracles" / "REAT" / "FK2014_EGC.csv", index_col=0)
    plants = rows.rename(columns={"region": "place_id", "industry": "sector", "emp_firm": "size"})
    towns = rows.groupby("region")["emp_region"].first()
    single = ellison_glaeser(plants, reference=towns)
    x = towns / towns.sum()
    spread = plants.pivot_table(index="sector", columns="place_id", values="size", aggfunc="sum")
    v = spread.sum(axis="columns") / spread.to_numpy().sum()
    g = ((spread.sum() / spread.to_numpy().sum() - x) ** 2).sum()
    h = (v**2 * single["H"]).sum()
    own = (single["gamma"] * v**2 * (1 - single["H"])).sum()
    expected = (g / (1 - (x**2).sum()) - h - own) / (1 - (v**2).sum())
    found = group_coagglomeration(plants, dict.fromkeys(v.index, "all"), reference=towns)
    assert found["all"] == pytest.approx(expected, rel=1e-12)


def test_plants_of_size_zero_are_left_out_and_counted() -> None:
    plants, towns = example_of_fk2014()
    more = pd.DataFrame({"place_id": ["Graz", "Wien"], "sector": ["i", "none"], "size": [0, 0]})
    found = ellison_glaeser(pd.concat([plants, more]), reference=towns)
    alone = ellison_glaeser(plants, reference=towns)
    assert found.loc["i"].tolist() == alone.loc["i"].tolist()
    assert found.attrs["dropped"] == {"i": 1, "none": 1}
    assert found.loc["none", "n_plants"] == 0
    assert found.loc["none", ["gamma", "G", "H", "z"]].isna().all()
    assert "size above zero" in found.attrs["undefined"]["none", "gamma"]


def test_a_sector_of_one_plant_has_no_gamma_but_a_reason() -> None:
    plants = pd.DataFrame({"place_id": ["Wien"], "sector": ["solo"], "size": [9]})
    found = ellison_glaeser(plants, reference=example_of_fk2014()[1])
    assert found.loc["solo", ["gamma", "z"]].isna().all()
    assert found.loc["solo", "H"] == 1
    assert set(found.attrs["undefined"]) == {("solo", "gamma"), ("solo", "z")}
    assert "one plant" in found.attrs["undefined"]["solo", "gamma"]


def test_a_reference_in_one_place_leaves_nothing_to_compare() -> None:
    plants = pd.DataFrame({"place_id": ["p", "p"], "sector": ["x", "y"], "size": [1, 2]})
    only = pd.Series({"p": 5, "q": 0})
    found = ellison_glaeser(pd.concat([plants, plants]), reference=only)
    assert found["gamma"].isna().all()
    assert "one place" in found.attrs["undefined"]["x", "gamma"]
    pairs = coagglomeration(plants, reference=only)
    assert pairs["gamma"].isna().all()
    assert set(pairs.attrs["undefined"]) == {("x", "y", "gamma")}


def test_a_group_of_one_sector_has_no_coagglomeration() -> None:
    plants = pd.DataFrame({"place_id": ["p", "q"], "sector": ["x", "y"], "size": [1, 2]})
    found = group_coagglomeration(
        plants, {"x": "a", "y": "b"}, reference=pd.Series({"p": 1, "q": 1})
    )
    assert found.isna().all()
    assert set(found.attrs["undefined"]) == {"a", "b"}


# --- stars -----------------------------------------------------------------------------------


def test_the_stars_of_a_small_city_by_hand() -> None:
    # 20 places of 10 y each. x: p0 p1 8 each, p2 1. Size: floor(0.1 x 20) = 2 of 20: 8 and 8.
    # LQ of p0: (8/18) / (17/217) = 5.67, of p2 (1/11) / (17/217) = 1.16. Focus: 40 cells, 4 of them:
    # y with share 1 in 17 places ties at the cut, so all 17 have the star, and x has none.
    x = [8, 8, 1] + [0] * 17
    table = pd.DataFrame({"x": x, "y": 10}, index=[f"p{i}" for i in range(20)])
    found = cluster_stars(table)
    assert found.xs("x", level="sector")["size_star"].sum() == 2
    assert found.loc[("p0", "x"), "lq"] == pytest.approx((8 / 18) / (17 / 217))
    assert found.xs("x", level="sector")["specialisation_star"].sum() == 2
    assert found.xs("y", level="sector")["focus_star"].sum() == 17
    assert not found.xs("x", level="sector")["focus_star"].any()
    assert found.loc[("p0", "x"), "stars"] == 2
    # All y are 10: all twenty tie at the cut.
    assert found.xs("y", level="sector")["size_star"].all()
    assert found.attrs["universe"]["size_places"] == 20
    assert found.attrs["universe"]["focus_cells"] == 40
    assert found.attrs["universe"]["size_cut"] == {"x": 8, "y": 10}


def test_nothing_gets_no_star() -> None:
    table = pd.DataFrame({"x": [0, 0], "y": [1, 0]}, index=["p", "q"])
    found = cluster_stars(table)
    assert found.loc[[("p", "x"), ("q", "x"), ("q", "y")], "stars"].tolist() == [0, 0, 0]
    assert "sector" in found.attrs["undefined"]["p", "x", "lq"]
    assert "place" in found.attrs["undefined"]["q", "y", "share"]


# --- the words, and the peers ------------------------------------------------------------------


def test_every_index_has_its_words_in_both_languages() -> None:
    functions = set(concentration.__all__) - {
        "INDICES",
        "IndexNote",
        "QuotientInterval",
        "TheilParts",
        "location_quotient_interval",
        "group_coagglomeration",
        "theil_decomposition",
    }
    assert set(INDICES) == functions
    for note in INDICES.values():
        assert any("一" <= c <= "鿿" for c in note.zh + note.variant_zh)
        assert all((note.en, note.variant_en, note.reference_zh, note.reference_en, note.source))


@pytest.mark.parametrize(
    "name",
    ["econgeo-lq", "econgeo-hachman", "econgeo-krugman", "econgeo-hhi"],
)
def test_the_numbers_of_econgeo_before_rounding(reference: Path, name: str) -> None:
    row = oracle(reference, name)
    measure = {
        "econgeo-lq": location_quotient,
        "econgeo-hachman": hachman,
        "econgeo-krugman": krugman_specialisation,
        "econgeo-hhi": lambda table: hhi(table, over="sectors"),
    }[name]
    found = measure(pd.DataFrame(row["input"]["mat"])).to_numpy()
    assert found == pytest.approx(np.array(row["expected"]), abs=row["tol"])


def test_gini_and_theil_of_the_mexican_states_as_pysal_has_them() -> None:
    examples = brought("libpysal.examples")
    states = pd.read_csv(examples.get_path("mexico.csv"))
    assert gini(states["pcgdp1940"]) == pytest.approx(0.3537237117345285, rel=1e-12)
    regions = states["hanson98"]
    parts = theil_decomposition(states["pcgdp1940"], regions)
    share = states["pcgdp1940"] / states["pcgdp1940"].sum()
    expected = (share * np.log(32 * share)).sum()
    assert parts.total == pytest.approx(expected, rel=1e-12)
    of_region, count = share.groupby(regions).sum(), regions.value_counts().sort_index()
    assert parts.between == pytest.approx(
        (of_region * np.log(of_region / (count / 32))).sum(), rel=1e-12
    )


def test_no_interval_leaves_out_its_quotient_where_a_place_holds_one_sector() -> None:
    # y holds 250 of a and 315 of b; x holds a alone: its share is 1, and so is the upper end's
    table = pd.DataFrame({"a": [7, 250, 0], "b": [0, 315, 1120]}, index=list("xyz"))
    with pytest.warns(SitingWarning, match="样本过小"):
        found = location_quotient_interval(table)
    assert (found.lower <= found.quotient).all(axis=None)
    assert (found.quotient <= found.upper).all(axis=None)
