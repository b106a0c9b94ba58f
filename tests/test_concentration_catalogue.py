"""Bad and empty input to the indices: refused with every finding, or undefined with the reason."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from siting.association import contiguity, getis_ord, local_moran
from siting.colours import classify
from siting.concentration import (
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
from siting.errors import InputError

BY_SECTOR: dict[str, Callable[[pd.DataFrame], pd.Series]] = {
    "hhi": lambda t: hhi(t, over="places"),
    "hhi normalised": lambda t: hhi(t, over="places", normalised=True),
    "equivalent_number": lambda t: equivalent_number(t, over="places"),
    "entropy": lambda t: entropy(t, over="places"),
    "lorenz": lambda t: locational_gini(t, variant="lorenz"),
    "krugman": lambda t: locational_gini(t, variant="krugman"),
    "unweighted": lambda t: locational_gini(t, variant="unweighted"),
    "krugman_concentration": krugman_concentration,
    "krugman_concentration of others": lambda t: krugman_concentration(t, benchmark="mean_others"),
}
BY_PLACE: dict[str, Callable[[pd.DataFrame], pd.Series]] = {
    "hhi": lambda t: hhi(t, over="sectors"),
    "equivalent_number": lambda t: equivalent_number(t, over="sectors"),
    "entropy": lambda t: entropy(t, over="sectors"),
    "specialisation_gini": specialisation_gini,
    "krugman_specialisation": krugman_specialisation,
    "krugman_specialisation of others": lambda t: krugman_specialisation(
        t, benchmark="mean_others"
    ),
    "hachman": hachman,
}
OF_A_TABLE: dict[str, Callable[[pd.DataFrame], Any]] = {
    **BY_SECTOR,
    **{f"{name} by place": measure for name, measure in BY_PLACE.items()},
    "location_quotient": location_quotient,
    "symmetric_location_quotient": symmetric_location_quotient,
    "location_quotient_interval": location_quotient_interval,
    "variety": lambda t: variety(t, dict.fromkeys(t.columns, "g")),
    "cluster_stars": cluster_stars,
}
OF_A_LINE: dict[str, Callable[[Any], Any]] = {
    "gini": gini,
    "theil T": lambda v: theil(v, variant="T"),
    "theil L": lambda v: theil(v, variant="L"),
    "theil_decomposition": lambda v: theil_decomposition(v, ["a"] * len(v)).total,
    "hoover": lambda v: hoover(v, [1] * len(v)),
}


def named(measures: dict[str, Any]) -> Any:
    return pytest.mark.parametrize("measure", measures.values(), ids=measures)


def table() -> pd.DataFrame:
    return pd.DataFrame({"x": [4, 1, 1], "y": [2, 2, 4]}, index=["p", "q", "r"])


def findings(measure: Callable[..., Any], *given: Any, **options: Any) -> list[str]:
    with pytest.raises(InputError) as caught:
        measure(*given, **options)
    assert caught.value.exit_code == 2
    found = caught.value.findings
    assert all(f.reason and f.fix and f.reason_en and f.fix_en for f in found)
    return [f"{f.code} {f.row} {f.column} {f.value}".replace("None ", "") for f in found]


# --- undefined: NaN with the reason ------------------------------------------------------------


@named(BY_SECTOR)
def test_c01_c16_a_sector_that_is_nowhere_is_undefined(measure) -> None:
    given = table().assign(none=0)
    found = measure(given)
    assert math.isnan(found["none"])
    assert found[["x", "y"]].notna().all()
    assert set(found.attrs["undefined"]) == {"none"}
    assert "行业合计为零" in found.attrs["undefined"]["none"]


@named(BY_PLACE)
def test_c15_a_place_without_anything_is_undefined(measure) -> None:
    given = table()
    given.loc["none"] = 0
    found = measure(given)
    assert math.isnan(found["none"])
    assert found[["p", "q", "r"]].notna().all()
    assert set(found.attrs["undefined"]) == {"none"}
    assert "地区合计为零" in found.attrs["undefined"]["none"]


@pytest.mark.parametrize("measure", [location_quotient, symmetric_location_quotient])
def test_c15_c16_quotients_of_nothing_are_undefined_and_listed(measure) -> None:
    given = table().assign(none=0)
    given.loc["empty"] = 0
    found = measure(given)
    missing = {("empty", s) for s in ("x", "y", "none")} | {(p, "none") for p in "pqr"}
    assert set(found.attrs["undefined"]) == missing
    assert "the place" in found.attrs["undefined"]["empty", "x"]
    assert "the sector" in found.attrs["undefined"]["p", "none"]


@named(OF_A_LINE)
def test_c01_a_line_of_zeros_is_undefined_and_not_equal(measure) -> None:
    assert math.isnan(measure([0] * 16))


def test_c01_the_decomposition_says_why() -> None:
    assert "zero" in theil_decomposition([0, 0], ["a", "b"]).reason
    assert "L" in theil_decomposition([0, 1], ["a", "b"], variant="L").reason
    assert math.isnan(theil_decomposition([0, 0], ["a", "b"])["between"])


@named(OF_A_LINE)
def test_c02_one_place_alone_is_undefined(measure) -> None:
    assert math.isnan(measure([7]))


@pytest.mark.parametrize("name", sorted(set(BY_SECTOR) - {"hhi", "equivalent_number", "entropy"}))
def test_c02_a_table_of_one_place_is_undefined_with_the_reason(name: str) -> None:
    found = BY_SECTOR[name](table().loc[["p"]])
    assert found.isna().all()
    assert all("one place" in reason for reason in found.attrs["undefined"].values())


def test_c02_the_only_holder_holds_all() -> None:
    # Shares of one holder are defined: it has the whole.
    alone = table().loc[["p"]]
    assert hhi(alone, over="places").tolist() == [1, 1]
    assert equivalent_number(alone, over="places").tolist() == [1, 1]
    assert entropy(alone, over="places").tolist() == [0, 0]
    assert location_quotient(alone).to_numpy().tolist() == [[1, 1]]


TO_OTHERS = sorted(set(BY_PLACE) - {"hhi", "equivalent_number", "entropy"})


@pytest.mark.parametrize("empty", [False, True])
@pytest.mark.parametrize("name", TO_OTHERS)
def test_c02_one_place_alone_is_special_to_nothing(name: str, empty: bool) -> None:
    # a place without anything is no other place to compare with
    given = table().mul(pd.Series({"p": 1, "q": 0, "r": 0}), axis=0) if empty else table()
    found = BY_PLACE[name](given.loc[["p", "q"]] if empty else given.loc[["p"]])
    assert found.isna().all()
    assert "one place" in found.attrs["undefined"]["p"]


@pytest.mark.parametrize("empty", [False, True])
@pytest.mark.parametrize("name", TO_OTHERS)
def test_c02_a_table_of_one_sector_has_no_specialisation(name: str, empty: bool) -> None:
    found = BY_PLACE[name](table()[["x"]].assign(**{"none": 0} if empty else {}))
    assert found.isna().all()
    assert all("one sector" in reason for reason in found.attrs["undefined"].values())


@pytest.mark.parametrize("empty", [False, True])
@pytest.mark.parametrize(
    "name", sorted(set(BY_SECTOR) - {"hhi", "hhi normalised", "equivalent_number", "entropy"})
)
def test_c02_the_only_sector_departs_from_nothing(name: str, empty: bool) -> None:
    # it is all there is, so that 0, "evenly spread", would say what nobody knows
    found = BY_SECTOR[name](table()[["x"]].assign(**{"none": 0} if empty else {}))
    assert found.isna().all()
    assert "one sector" in found.attrs["undefined"]["x"]


def test_a_table_of_one_sector_is_taken_where_it_means_something() -> None:
    only = table()[["x"]]
    assert hhi(only, over="sectors").tolist() == [1, 1, 1]
    assert hhi(only, over="places").tolist() == pytest.approx([0.5])
    assert location_quotient(only)["x"].tolist() == [1, 1, 1]


@pytest.mark.parametrize("name", ["gini", "theil T", "theil L"])
def test_c03_constant_values_are_equal(name: str) -> None:
    assert OF_A_LINE[name]([1] * 16) == 0


@pytest.mark.parametrize("name", ["gini", "theil T", "theil L"])
def test_c04_the_noise_of_floats_is_no_inequality(name: str) -> None:
    assert OF_A_LINE[name]([0.3, 0.1 + 0.2, 0.3]) == 0
    assert OF_A_LINE[name]([0.3, 0.3 + 1e-6]) > 0


def test_c04_quotients_that_differ_by_noise_are_no_concentration() -> None:
    given = pd.DataFrame({"x": [0.3, 0.1 + 0.2], "y": [0.1 + 0.2, 0.3]})
    for variant in ("lorenz", "krugman", "unweighted"):
        assert locational_gini(given, variant=variant).tolist() == [0, 0]
    assert specialisation_gini(given).tolist() == [0, 0]


# --- refused -----------------------------------------------------------------------------------


@named(OF_A_TABLE)
@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        pytest.param(np.nan, "missing", id="C05"),
        pytest.param(np.inf, "infinite", id="C06"),
        pytest.param(-1.0, "negative", id="C07"),
    ],
)
def test_a_bad_cell_is_refused_with_place_sector_and_value(measure, cell, reason) -> None:
    given = table().astype(float)
    given.loc["q", "y"] = cell
    with pytest.raises(InputError, match=reason) as caught:
        measure(given)
    (found,) = caught.value.findings
    assert (found.code, found.row, found.column) == ("E-CON-01", 3, "y")
    assert found.value == f"q: {cell}"


@named(OF_A_LINE)
@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(None, id="C05"),
        pytest.param(math.inf, id="C06"),
        pytest.param(-3, id="C07"),
        pytest.param("many", id="text"),
    ],
)
def test_a_bad_value_in_a_line_is_refused(measure, bad) -> None:
    assert [text[:10] for text in findings(measure, [1, bad, 2, bad])] == [
        "E-CON-01 3",
        "E-CON-01 5",
    ]


def test_all_bad_cells_and_repeated_labels_are_told_at_once() -> None:
    given = pd.DataFrame(
        [[1, "a"], [-2, None], [3, 1 + 2j]], index=["p", "p", "q"], columns=["x", "y"], dtype=object
    )
    found = findings(location_quotient, given)
    assert [text.split()[0] for text in found] == ["E-KEY-01"] + ["E-CON-01"] * 4
    assert found[1:] == [
        "E-CON-01 2 y p: a",
        "E-CON-01 3 x p: -2",
        "E-CON-01 3 y p: None",
        "E-CON-01 4 y q: (1+2j)",
    ]


@pytest.mark.parametrize(
    "given",
    [pd.DataFrame(), pd.DataFrame({"x": []}), pd.DataFrame(index=["p"])],
    ids=["nothing", "no places", "no sectors"],
)
def test_an_empty_table_is_refused(given) -> None:
    assert findings(location_quotient, given)[0].startswith("E-CON-03")


@pytest.mark.parametrize("given", [[[1, 2]], {"x": [1]}, None, 3, "table"], ids=repr)
def test_what_is_no_table_is_refused_with_what_is_expected(given) -> None:
    assert findings(location_quotient, given) == [f"E-CON-02  {type(given).__name__}"]


@pytest.mark.parametrize("given", [3, "3", None, {1: 2}, [[1, 2], [3]], table()], ids=repr)
def test_what_is_no_line_is_refused(given) -> None:
    assert findings(gini, given)[0].startswith("E-CON-02")


def test_an_empty_line_is_refused() -> None:
    assert findings(gini, [])[0].startswith("E-CON-03")


def test_numbers_of_all_kinds_are_numbers_and_text_is_none() -> None:
    plain = location_quotient(table())
    for kind in ("Int64", "float32", "object", "uint8"):
        assert location_quotient(table().astype(kind)).equals(plain)
    marks = pd.DataFrame({"x": [True, False], "y": [True, True]})
    assert location_quotient(marks).equals(location_quotient(marks.astype(int)))
    assert findings(location_quotient, table().astype(str))[0] == "E-CON-01 2 x p: 4"
    assert len(findings(gini, [Decimal(1), 2])) == 1
    assert gini([2**80, 3 * 2**80]) == gini([1, 3])
    with pytest.raises(InputError, match="infinite"):
        gini([10**400, 1])


@pytest.mark.parametrize(
    ("reference", "works"),
    [([0.5, 0.6], False), ([0.5, 0.5], True), ([5, 6], True), ([1, 1], True), ([0, 0], False)],
)
def test_c14_shares_must_sum_to_one_and_counts_need_not(reference, works) -> None:
    plants = pd.DataFrame({"place_id": ["p", "q"], "sector": "x", "size": [1, 2]})
    calls: list[Callable[[], Any]] = [
        lambda: hoover([1, 2], reference),
        lambda: theil([1, 2], reference=reference),
        lambda: ellison_glaeser(plants, reference=pd.Series(reference, index=["p", "q"])),
    ]
    for call in calls:
        if works:
            call()
        else:
            assert findings(call)[0][:8] in {"E-CON-06", "E-CON-07"}


def test_c14_values_beside_shares_are_shares_too() -> None:
    assert findings(hoover, [0.5, 0.6], [0.5, 0.5]) == ["E-CON-07  1.1"]
    # 0.5 (|0.4 - 0.5| + |0.6 - 0.5|) = 0.1
    assert hoover([0.4, 0.6], [0.5, 0.5]) == pytest.approx(0.1)
    assert hoover([0.4, 0.6], [50, 50]) == pytest.approx(0.1)
    assert math.isnan(hoover([0, 0], [0.5, 0.5]))


@named({name: one for name, one in OF_A_TABLE.items() if "interval" not in name})
def test_c14_amounts_below_one_are_amounts_in_another_unit(measure) -> None:
    # 0.4, 0.1, 0.1 of 10,000 persons: a table holds amounts, and shares are made of them here
    given = pd.DataFrame({"x": [4.0, 1, 1], "y": [2.0, 2, 4]}, index=["p", "q", "r"])
    small, large = measure(given / 8), measure(given)  # an eighth is exact
    if isinstance(small, pd.DataFrame):
        small, large = (
            one.drop(columns="size", errors="ignore").to_numpy() for one in (small, large)
        )
    assert np.array_equal(np.asarray(small, dtype=float), np.asarray(large, dtype=float))


def test_c18_lines_of_other_lengths_or_labels_are_refused() -> None:
    assert findings(gini, list(range(16)), weights=[1] * 15) == ["E-CON-05  16 / 15"]
    values = pd.Series({"a": 1, "b": 2})
    found = findings(hoover, values, pd.Series({"a": 1, "c": 2}))
    assert sorted(found) == ["E-CON-04  b", "E-CON-04  c"]
    twice = pd.Series([1, 2], index=["a", "a"])
    assert findings(hoover, values, twice)[0].startswith("E-KEY-01")
    assert findings(theil_decomposition, values, pd.Series({"b": "x"})) == ["E-CON-04  a"]


def test_an_amount_without_reference_is_refused() -> None:
    assert findings(theil, [1, 2, 0], reference=[0, 5, 0]) == ["E-CON-11 2  0: 1"]


def test_a_sector_or_place_without_group_is_refused() -> None:
    assert findings(variety, table(), {"x": "g"}) == ["E-CON-10  y"]
    assert findings(variety, table(), {"x": "g", "y": None}) == ["E-CON-10  y"]
    assert findings(variety, table(), "g")[0].startswith("E-CON-02")
    assert findings(theil_decomposition, [1, 2], ["a", None]) == ["E-CON-10 3  1"]
    assert findings(theil_decomposition, [1, 2], ["a", 1])[0].startswith("E-CON-12")


@pytest.mark.parametrize(
    "call",
    [
        lambda: hhi(table(), over="both"),
        lambda: entropy(table(), over="x"),
        lambda: locational_gini(table(), variant="plain"),
        lambda: krugman_specialisation(table(), benchmark="rest"),
        lambda: krugman_concentration(table(), benchmark=None),
        lambda: theil([1, 2], variant="t"),
        lambda: theil_decomposition([1, 2], [1, 2], variant="A"),
        lambda: theil_decomposition([1, 2], [1, 2])["middle"],
    ],
)
def test_an_unknown_option_is_refused_with_the_choices(call) -> None:
    assert findings(call)[0].startswith("E-ARG-01")


@pytest.mark.parametrize(
    "call",
    [
        lambda: entropy(table(), over="places", base=1),
        lambda: entropy(table(), over="places", base=-2),
        lambda: entropy(table(), over="places", base="2"),
        lambda: location_quotient_interval(table(), level=95),
        lambda: location_quotient_interval(table(), level=math.nan),
        lambda: cluster_stars(table(), top=0),
        lambda: cluster_stars(table(), specialised=-1),
    ],
)
def test_a_number_out_of_its_range_is_refused(call) -> None:
    assert findings(call)[0].startswith("E-CON-08")


def test_an_interval_needs_whole_plants() -> None:
    assert findings(location_quotient_interval, table() / 2) == [
        "E-CON-09 3 x q: 0.5",
        "E-CON-09 4 x r: 0.5",
    ]


PLANTS = pd.DataFrame({"x": [40, 10, 10], "y": [20, 20, 40]}, index=["p", "q", "r"])


def test_units_equal_to_the_counts_give_the_interval_of_the_counts() -> None:
    counted = location_quotient_interval(PLANTS)
    worth = PLANTS.sum(axis=1)
    for units in (worth, worth[::-1]):  # by label, never by position
        weighed = location_quotient_interval(PLANTS, units=units)
        for side in ("quotient", "lower", "upper"):
            pd.testing.assert_frame_equal(
                getattr(weighed, side), getattr(counted, side), rtol=1e-12
            )
    # persons by the dozen in plants of a dozen: the same plants, the same interval
    dozens = location_quotient_interval(PLANTS * 12, units=worth)
    pd.testing.assert_frame_equal(dozens.upper, counted.upper, rtol=1e-12)


def test_fewer_units_make_a_wider_interval() -> None:
    counted = location_quotient_interval(PLANTS)
    fewer = location_quotient_interval(PLANTS, units=PLANTS.sum(axis=1) / 2)
    assert (fewer.lower < counted.lower).all(axis=None)
    assert (fewer.upper > counted.upper).all(axis=None)


@pytest.mark.parametrize(
    ("units", "told"),
    [
        (pd.Series({"p": 60, "r": 50}), ["E-CON-09 3  q: nan"]),
        (pd.Series({"p": -60, "q": 0, "r": 50}), ["E-CON-09 2  p: -60.0", "E-CON-09 3  q: 0.0"]),
        (
            pd.Series({"p": np.inf, "q": None, "r": 50}),
            ["E-CON-09 2  p: inf", "E-CON-09 3  q: nan"],
        ),
        (pd.Series({"p": "many", "q": 30, "r": 50}), ["E-CON-09 2  p: nan"]),
        (pd.Series([60, 1, 30, 50], index=["p", "p", "q", "r"]), ["E-KEY-01  p"]),
        ([60, 30, 50], ["E-CON-02  list"]),
        ({"p": 60, "q": 30, "r": 50}, ["E-CON-02  dict"]),
        (60, ["E-CON-02  int"]),
    ],
)
def test_units_that_a_place_lacks_or_that_are_none_are_refused(units, told) -> None:
    assert findings(location_quotient_interval, PLANTS, units=units) == told


def test_a_place_without_anything_needs_no_units() -> None:
    given = PLANTS.copy()
    given.loc["none"] = 0
    found = location_quotient_interval(given, units=PLANTS.sum(axis=1))
    assert found.lower.loc["none"].isna().all()
    assert found.lower.loc[["p", "q", "r"]].notna().all(axis=None)


# --- many tests, few values ------------------------------------------------------------------------


@pytest.mark.parametrize("measure", [local_moran, getis_ord])
def test_c20_p_and_the_false_discovery_rate_are_both_there_by_default(measure) -> None:
    # 225 places at random: by p alone about one in twenty would be a find
    steps = range(500_000, 515_000, 1000)  # [m]
    cells = [shapely.box(i, j, i + 1000, j + 1000) for i in steps for j in steps]
    places = gpd.GeoDataFrame(index=[f"{i:03}" for i in range(225)], geometry=cells, crs=4549)
    values = pd.Series(np.random.default_rng(20).normal(size=225), index=places.index)
    found = measure(values, contiguity(places))
    assert (found["p"] <= 0.05).sum() >= 3
    assert (found["q"] <= 0.05).sum() == 0
    # Benjamini and Hochberg by hand: the least of p n / rank over this rank and all above it
    p = np.sort(found["p"].to_numpy())
    due = np.minimum.accumulate((p * p.size / np.arange(1, p.size + 1))[::-1])[::-1]
    assert np.sort(found["q"].to_numpy()) == pytest.approx(np.minimum(due, 1), rel=1e-12)


@pytest.mark.parametrize("scheme", ["quantile", "equal"])
def test_c21_few_different_values_make_few_classes_and_a_missing_one_is_in_none(scheme) -> None:
    found = classify(pd.Series([0, 0, 0, 1, np.nan]), classes=5, scheme=scheme)
    assert found.codes == [0, 0, 0, 1, -1]
    assert (found.ranges, found.counts) == ([(0.0, 0.0), (1.0, 1.0)], [3, 1])
    assert found.rule == "unique"  # the legend says so


# C22 needs towns, districts and firms together: tests/test_study_tables.py.


# --- plants ------------------------------------------------------------------------------------


@pytest.mark.parametrize("measure", [ellison_glaeser, coagglomeration])
def test_every_fault_of_a_plant_table_is_told_at_once(measure) -> None:
    plants = pd.DataFrame(
        {
            "place_id": ["p", "z", None, "p", "z", "p"],
            "sector": ["x", "x", "x", None, "x", "x"],
            "size": [1, 2, 3, 4, -5, np.nan],
        }
    )
    assert findings(measure, plants, reference=pd.Series({"p": 1, "q": 1})) == [
        "E-CON-01 6 size -5.0",
        "E-CON-01 7 size nan",
        "E-CON-14 4 place_id ",
        "E-CON-14 5 sector ",
        "E-CON-13 3 place_id z",
    ]


def test_a_plant_table_or_reference_of_the_wrong_kind_is_refused() -> None:
    plants = pd.DataFrame({"place_id": ["p"], "sector": ["x"], "size": [1]})
    towns = pd.Series({"p": 1, "q": 1})
    assert findings(ellison_glaeser, [1], reference=towns)[0].startswith("E-CON-02")
    assert findings(ellison_glaeser, plants, reference=[1])[0].startswith("E-CON-02")
    assert findings(ellison_glaeser, plants.iloc[:0], reference=towns)[0].startswith("E-CON-03")
    lacking = findings(ellison_glaeser, plants[["place_id"]], reference=towns)
    assert [text.split()[0] for text in lacking] == ["E-COL-01"] * 2
    twice = pd.Series([1, 2], index=["p", "p"])
    assert findings(ellison_glaeser, plants, reference=twice)[0].startswith("E-KEY-01")
    bad = pd.Series({"p": 1, "q": -1})
    assert findings(ellison_glaeser, plants, reference=bad) == ["E-CON-01 3  q: -1"]
    mixed = pd.concat([plants, plants.assign(sector=1)])
    assert findings(ellison_glaeser, mixed, reference=towns)[0].startswith("E-CON-12")
    assert findings(group_coagglomeration, plants, {}, reference=towns) == ["E-CON-10  x"]
    assert findings(group_coagglomeration, plants, "g", reference=towns)[0].startswith("E-CON-02")


def test_codes_are_text_so_a_number_is_not_its_place() -> None:
    plants = pd.DataFrame({"place_id": [310101], "sector": ["x"], "size": [1]})
    towns = pd.Series({"310101": 1, "310104": 1})
    assert findings(ellison_glaeser, plants, reference=towns) == ["E-CON-13 2 place_id 310101"]
