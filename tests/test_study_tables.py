"""A table of jobs or firms through every measure: each number held against a count made here."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from siting import geodata, tables
from siting.briefing.words import said
from siting.errors import InputError, SitingWarning
from siting.places import read_places
from siting.points import read_points
from siting.study import census_table, study_points, study_table


def districts() -> object:
    return read_places("district")


def test_the_census_table_adds_up_to_the_published_totals() -> None:
    table = census_table()
    rows = pd.read_csv(geodata.path("tables/employment_by_section_2023.csv"), dtype=str)
    rows["employment"] = rows["employment"].astype("int64")
    totals = rows[rows["section"] == "total"].set_index("place_id")["employment"]
    assert table.sum(axis=1).to_dict() == totals.to_dict()
    assert (table >= 0).all(axis=None)
    finance = rows[rows["section"] == "J"].set_index("place_id")["employment"]
    assert table["J"].to_dict() == finance.to_dict()


def test_the_indices_of_the_census_are_those_of_their_formulas() -> None:
    study = study_table(census_table(), districts())
    table = census_table().reindex(study.table.index).to_numpy(dtype="float64")
    share = table / table.sum(axis=1, keepdims=True)
    city = table.sum(axis=0) / table.sum()
    assert np.allclose(study.quotient, share / city, rtol=1e-12)
    assert np.allclose(study.by_place["krugman"], np.abs(share - city).sum(axis=1), rtol=1e-12)
    spread = table / table.sum(axis=0)
    assert np.allclose(study.by_sector["hhi"], (spread**2).sum(axis=0), rtol=1e-12)
    best = study.quotient.idxmax(axis=1)
    assert study.by_place["top_sector"].to_dict() == best.to_dict()


def test_hot_and_cold_follow_from_q_and_the_sign_of_z() -> None:
    study = study_table(census_table(), districts())
    rows = study.clusters
    assert len(rows) == 16 * 10
    sure = rows["q"] <= 0.05
    assert (rows.loc[sure, "kind"].isin(["hot", "cold"])).all()
    assert (rows.loc[~sure & rows["p"].notna(), "kind"] == "none").all()
    assert (rows["q"].dropna() >= rows.loc[rows["q"].notna(), "p"]).all()
    assert (rows.loc[rows["p"].isna(), "kind"] == "undefined").all()


def test_a_place_without_a_neighbour_is_not_tested_and_says_why() -> None:
    study = study_table(census_table(), districts())
    alone = set(study.neighbours.islands)
    named = set(study.clusters.loc[study.clusters["kind"] == "undefined", "place_id"])
    assert named == alone


def test_table_and_places_must_name_the_same_places() -> None:
    with pytest.raises(InputError) as caught:
        study_table(census_table().drop(index="310151"), districts())
    assert [f.value for f in caught.value.findings] == ["310151"]
    extra = census_table().rename(index={"310151": "310999"})
    with pytest.raises(InputError) as caught:
        study_table(extra, districts())
    assert {f.value for f in caught.value.findings} == {"310151", "310999"}


def test_neither_the_order_of_rows_nor_that_of_columns_matters() -> None:
    one = study_table(census_table(), districts())
    turned = census_table().iloc[::-1, ::-1]
    other = study_table(turned, districts())
    assert one.by_place.equals(other.by_place.reindex(one.by_place.index))
    both = other.by_sector.reindex(one.by_sector.index)
    assert np.allclose(both.astype("float64"), one.by_sector.astype("float64"), rtol=1e-12)


def test_every_firm_of_a_table_is_counted_once() -> None:
    firms = read_points(geodata.path("tables/synthetic_firms.csv"))
    towns = read_places("town", within="310114")
    with pytest.warns(SitingWarning, match="样本过小"):
        study = study_points(firms, towns, by="所属集群（合成）")
    assert int(study.concentration.table.to_numpy().sum()) == int(
        study.placed["place_id"].notna().sum()
    )
    assert (
        int(study.concentration.by_sector["n_plants"].sum())
        == study.concentration.table.to_numpy().sum()
    )
    with pytest.raises(InputError):
        study_points(firms, towns, by="没有这一列")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_tables_for_people_hold_the_numbers_of_the_study(lang: str) -> None:
    study = study_table(census_table(), districts())
    sectors = tables.sector_table(study, lang=lang)
    assert len(sectors) == 10
    assert sectors.iloc[:, 2].is_monotonic_decreasing
    assert sorted(sectors.iloc[:, 2]) == pytest.approx(sorted(study.by_sector["locational_gini"]))
    special = tables.specialisation_table(study, lang=lang)
    assert sorted(special.iloc[:, 2]) == pytest.approx(sorted(study.by_place["krugman"]))
    assert tables.quotient_table(study, lang=lang).shape == (16, 11)
    tested = tables.cluster_test_table(study, lang=lang)
    assert len(tested) == len(study.clusters)
    said = tables.concentration_reading(study, lang=lang)
    most = study.by_sector["locational_gini"].idxmax()
    assert str(tables.sector_names(study, lang=lang)[most]) in said
    assert f"{study.by_sector['locational_gini'].max():.3f}" in said


def grid_of(side: int) -> gpd.GeoDataFrame:
    """Return side x side touching squares, p00 in the south-west, row by row."""
    cells = [
        shapely.box(121 + 0.01 * i, 31 + 0.01 * j, 121.01 + 0.01 * i, 31.01 + 0.01 * j)
        for j in range(side)
        for i in range(side)
    ]
    index = pd.Index([f"p{k:02d}" for k in range(side * side)], name="place_id")
    return gpd.GeoDataFrame({"name_zh": list(index)}, geometry=cells, crs="EPSG:4326", index=index)


def test_a_peak_among_low_neighbours_is_not_called_hot() -> None:
    # one place holds much more than its share, its eight neighbours nothing, all others alike
    places = grid_of(7)
    counts = np.full(49, 50)
    around = [16, 17, 18, 23, 25, 30, 31, 32]
    counts[around] = 0
    counts[24] = 400
    table = pd.DataFrame({"a": counts, "b": 60}, index=places.index)
    study = study_table(table, places)
    row = study.clusters[(study.clusters["place_id"] == "p24") & (study.clusters["sector"] == "a")]
    assert row["q"].item() <= 0.05
    assert row["kind"].item() == "mixed"
    assert "p24" not in tables.concentration_reading(study)


def test_neighbours_that_differ_are_told_as_unlike() -> None:
    line = gpd.GeoDataFrame(
        {"name_zh": [f"q{k:02d}" for k in range(16)]},
        geometry=[shapely.box(121 + 0.01 * k, 31, 121.01 + 0.01 * k, 31.01) for k in range(16)],
        crs="EPSG:4326",
        index=pd.Index([f"q{k:02d}" for k in range(16)], name="place_id"),
    )
    table = pd.DataFrame(
        {"a": [5 if k % 2 else 60 + k for k in range(16)], "b": 100}, index=line.index
    )
    study = study_table(table, line)
    assert study.by_sector.loc["a", "moran"] < study.by_sector.loc["a", "moran_expected"]
    assert study.by_sector.loc["a", "moran_q"] <= 0.05
    said = tables.concentration_reading(study, lang="en")
    assert "alike among neighbours after FDR: none; unlike: a, b" in said


def test_a_place_where_nothing_is_counted_is_left_out_of_the_tests_and_named() -> None:
    table = census_table()
    table.loc["310101"] = 0
    study = study_table(table, districts())
    assert study.untested == ("310101",)
    assert study.by_sector["moran_p"].notna().all()
    gone = study.clusters[study.clusters["place_id"] == "310101"]
    assert (gone["kind"] == "undefined").all()
    assert len(study.clusters) == 160
    assert "黄浦区" in tables.concentration_reading(study)


def test_persons_without_their_plants_have_every_measure_but_intervals() -> None:
    study = study_table(census_table(), districts())
    assert study.quotient.notna().all(axis=None)
    assert study.by_sector["hhi"].notna().all()
    for end in (study.lower, study.upper):
        assert end.isna().all(axis=None)
        assert "企业" in end.attrs["undefined"]


def test_an_interval_of_persons_is_that_of_the_plants_they_stand_for() -> None:
    # 4 plants of 25 persons are worth 4 plants; 1 of 97 and 3 of 1 are worth 100^2 / 9412 = 1.06
    places = districts()
    even, uneven = places.index[:2]
    plants = pd.DataFrame(
        {
            "place_id": [even] * 4 + [uneven] * 4,
            "sector": list("AABB") * 2,
            "size": [25.0] * 4 + [97.0, 1, 1, 1],
        }
    )
    table = plants.pivot_table(index="place_id", columns="sector", values="size", aggfunc="sum")
    table = table.reindex(places.index, fill_value=0.0)
    with pytest.warns(SitingWarning, match="样本过小"):
        study = study_table(table, places, plants=plants)
    whole = 148 / 200  # persons of A in all
    # Clopper and Pearson for 2 of 4: 0.0676 to 0.9324 (their chart; R's binom.test(2, 4))
    assert study.lower.loc[even, "A"] * whole == pytest.approx(0.0676, abs=5e-5)
    assert study.upper.loc[even, "A"] * whole == pytest.approx(0.9324, abs=5e-5)
    # one plant in truth: nearly nothing is known of its share
    assert study.lower.loc[uneven, "A"] * whole < 0.04
    assert study.upper.loc[uneven, "B"] * (1 - whole) > 0.9


def test_an_island_is_told_to_have_no_neighbour() -> None:
    study = study_table(census_table(), districts())
    gone = study.clusters[study.clusters["kind"] == "undefined"]
    assert set(gone["place_id"]) == {"310151"}
    assert "没有相邻的地区" in study.clusters.attrs["undefined"]["310151", "J"]


def test_c22_other_borders_give_other_results_and_the_page_says_so() -> None:
    firms = read_points(geodata.path("tables/synthetic_firms.csv"))
    by = "所属集群（合成）"
    with pytest.warns(SitingWarning, match="样本过小"):
        towns = study_points(firms, read_places("town", within="310114"), by=by)
    whole = study_points(firms, districts(), by=by)
    # all firms lie in one district: concentration among districts is that of one place
    assert (whole.concentration.by_sector["hhi"] == 1).all()
    assert (towns.concentration.by_sector["hhi"] < 1).all()
    assert "--level" in said("firms", "zh")
    assert "--level" in said("firms", "en")
    assert "--points-over" in said("firms", "zh")
    assert "--points-over" in said("firms", "en")


def test_rows_outside_and_rows_without_a_category_are_told(tmp_path: Path) -> None:
    # three rows in Jiading, one of them without a category, and one in 浦东
    text = "企业名称,经度,纬度,行业\n甲,121.25,31.38,A\n乙,121.3,31.3,B\n丙,121.26,31.37,\n丁,121.6,31.2,A\n"
    (tmp_path / "firms.csv").write_text(text, "utf-8")
    towns = read_places("town", within="310114")
    read = read_points(tmp_path / "firms.csv")
    with pytest.warns(SitingWarning, match="样本过小"):
        study = study_points(read, towns, by="行业")
    assert study.account == {"rows": 4, "used": 2, "outside": 1, "no_category": 1}
    with pytest.raises(InputError, match=r"E-STUDY-03.*firms\.csv"):
        study_points(read, read_places("town", within="310114").iloc[[0]], by="行业")
