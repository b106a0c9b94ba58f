"""The district against the city, targets against shares, the plan against evidence."""

from __future__ import annotations

import dataclasses
import itertools
from math import comb, inf, nan

import numpy as np
import pandas as pd
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from siting.alignment import (
    agreement,
    by_town,
    compare,
    draft_field_crosswalk,
    evidence_gap,
    evidence_test,
    read_field_crosswalk,
    read_figures,
    read_section_mapping,
    section_evidence,
    target_shares,
)
from siting.errors import InputError, SitingWarning
from siting.overlap import incidence
from siting.places import read_places
from siting.plan import Plan, read_plan
from siting.plan.model import empty_frame

CITY, DISTRICT = read_plan("shanghai-2022"), read_plan("jiading-2023")
HEADINGS = ["city_field_id", "district_field_id", "relation", "reason", "reason_en", "judged_by"]


def small_plan(level: str, clusters: dict[str, list[str]], **more: object) -> Plan:
    """Make a plan of clusters and the places of each; a field `<cluster>-field` in each."""
    index = pd.Index(list(clusters), name="cluster_id")
    text = {"name_en": "", "clause": "一"}
    frames = {
        "clusters": pd.DataFrame(
            {"name_zh": [f"群{c}" for c in index], **text, "tier": "t"}, index
        ),
        "fields": pd.DataFrame(
            {"field_id": [f"{c}-field" for c in index], "cluster_id": index, **text}
        ).assign(name_zh=[f"域{c}" for c in index]),
        "assignments": pd.DataFrame(
            [(c, p, p, "一", False) for c, places in clusters.items() for p in places],
            columns=["cluster_id", "place_id", "place_as_written", "clause", "is_exhaustive"],
        ),
        **{name: empty_frame(name) for name in ("targets", "programmes", "zones")},
    }
    given_more = {"id": level, "title": level, "parent_id": "310000", **frames, **more}
    return Plan(level=level, **given_more)


def target(quantity: float, qualifier: str, unit: str = "家", year: int = 2030) -> pd.DataFrame:
    row = {"name_zh": "甲", "name_en": "A", "quantity": quantity, "unit": unit}
    row |= {"qualifier": qualifier, "year": year, "clause": "一"}
    return pd.DataFrame([row], index=pd.Index(["t"], name="target_id"))


def crosswalk(*rows: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame([(*row, "why", "", "who") for row in rows], columns=HEADINGS)


# --- clusters and fields --------------------------------------------------------------------------


def test_the_city_asks_two_clusters_of_jiading_and_jiading_pursues_five() -> None:
    clusters = compare(CITY, DISTRICT).clusters
    assert set(clusters.index[clusters["city"]]) == {"future-intelligence", "future-energy"}
    assert clusters["district"].all()
    assert clusters["status"].value_counts().to_dict() == {"district_only": 3, "both": 2}
    assert clusters["tier"].tolist() == ["领域", "集群", "集群", "方向", "领域"]
    assert clusters.loc["future-energy", ["city_clause", "district_clause"]].tolist() == [
        "二（三）",
        "二（一）2",
    ]
    assert not clusters["city_list_exhaustive"].any()  # every list of the city ends with 等


def test_each_cell_of_the_four_is_told() -> None:
    city = small_plan("district", {"a": ["1"], "b": ["1"], "c": ["2"], "d": ["2"]})
    district = small_plan("town", {"a": ["11"], "c": ["11"], "e": ["12"]}, parent_id="1")
    with pytest.warns(SitingWarning):
        clusters = compare(city, district).clusters
    assert clusters["status"].to_dict() == {
        "a": "both",
        "b": "city_only",
        "c": "district_only",
        "d": "neither",
        "e": "district_only",
    }
    assert clusters.loc["e", "name_zh"] == "群e"
    assert clusters.loc["e", "city_clause"] == ""


def test_every_field_of_both_plans_stands_once_or_in_a_pair() -> None:
    answer = compare(CITY, DISTRICT)
    fields = answer.fields
    for side, plan in (("city", CITY), ("district", DISTRICT)):
        ids = fields.loc[fields[f"{side}_field_id"] != "", f"{side}_field_id"]
        assert sorted(ids) == sorted(plan.fields.index)
        clauses = fields.loc[ids.index, f"{side}_clause"].to_numpy()
        assert (clauses == plan.fields.loc[ids, "clause"]).all()
    # 16 fields and 12 fields, 10 pairs: 6 of the city alone, 2 of the district alone.
    assert fields["status"].value_counts().to_dict() == {
        "both": 10,
        "city_only": 6,
        "district_only": 2,
    }
    alone = fields.loc[fields["status"] == "district_only", "district_field_id"]
    assert list(alone) == ["connected-vehicles", "intelligent-chips"]
    assert (fields["reason"] != "").all()
    assert (fields["judged_by"] != "").all()
    assert fields["asked"].sum() == 7 + 2  # of two clusters: 7 of the city, 2 of the district alone


def test_only_neighbours_are_named_as_such() -> None:
    answer = compare(CITY, DISTRICT)
    fields = answer.fields.set_index("city_field_id")
    assert fields.loc["6g", ["relation", "related_to"]].tolist() == [
        "related",
        "智能网联、空天利用",
    ]
    assert fields.loc["general-ai", ["relation", "related_to"]].tolist() == ["none", ""]
    assert len(answer.relations) == len(read_field_crosswalk())
    assert answer.relations.loc[2, ["city_clause", "district_clause"]].tolist() == [
        "二（一）1",
        "二（二）2（3）",
    ]


def test_the_fields_that_the_city_asks_of_jiading_agree_less_than_chance() -> None:
    rows = compare(CITY, DISTRICT).agreement
    # 16 fields of the city, 7 asked of Jiading, 10 answered, 2 both: 16 - 7 - 10 + 2 = 1 neither.
    asked = rows.loc["fields_asked"]
    assert asked[["n", "city", "district", "both", "neither"]].tolist() == [16, 7, 10, 2, 1]
    assert asked["expected"] == 7 * 10 / 16
    assert asked["jaccard"] == 2 / 15
    assert asked["simple_matching"] == 3 / 16
    # kappa = (3/16 - e) / (1 - e), e = (7 x 10 + 9 x 6) / 256 = 124 / 256.
    assert asked["kappa"] == (16 * 3 - 124) / (256 - 124)
    # P(X >= 2) = 1 - C(10,1) C(6,6) / C(16,7): with 0 shared, 7 of 6 would have to be drawn.
    assert asked["p"] == (comb(16, 7) - 10) / comb(16, 7)
    assert asked["p_smallest"] == comb(10, 7) / comb(16, 7)
    # The district pursues every cluster: nothing it could do would have shown agreement.
    assert rows.loc["clusters", ["p", "p_smallest", "kappa"]].tolist() == [1, 1, 0]
    assert np.isnan(rows.loc["fields_named", "p"])
    assert "no test" in rows.attrs["undefined"]["fields_named", "p"]


def test_a_plan_that_gives_no_crosswalk_takes_equal_names_and_says_so() -> None:
    city = small_plan("district", {"a": ["1"], "b": ["1"]})
    district = small_plan("town", {"a": ["11"], "c": ["11"]}, parent_id="1")
    with pytest.warns(SitingWarning, match="W-ALIGN-14") as told:
        answer = compare(city, district)
    # both doors to a draft are named, and where it is given: on the command line as --fields
    for line in str(told[0].message).splitlines():
        assert all(one in line for one in ("siting plan match", "draft_field_crosswalk", "fields="))
    assert answer.fields["status"].tolist() == ["both", "city_only", "district_only"]
    assert "not looked at" in answer.fields["judged_by"][0]
    assert [(f.code, f.doubt) for f in answer.findings] == [("W-ALIGN-14", True)]
    assert answer.source == ""
    # the draft holds every field of both plans once, or in a pair, by id and by name
    draft = draft_field_crosswalk(city, district)
    assert draft[["city_field_id", "district_field_id", "relation"]].to_numpy().tolist() == [
        ["a-field", "a-field", "same"],
        ["b-field", "", "none"],
        ["", "c-field", "none"],
    ]
    assert [one.partition("：")[2] for one in draft["reason"]] == ["域a", "域b", "域c"]


def test_a_draft_stays_in_doubt_until_every_row_says_who_judged() -> None:
    city = small_plan("district", {"a": ["1"], "b": ["1"]})
    district = small_plan("town", {"a": ["11"], "c": ["11"]}, parent_id="1")
    draft = draft_field_crosswalk(city, district)
    draft.loc[2, "judged_by"] = "张三"
    with pytest.warns(SitingWarning, match="W-ALIGN-16"):
        answer = compare(city, district, fields=draft)
    found = answer.findings[0]
    assert (found.row, found.column, found.doubt) == (3, "judged_by", True)  # rows 3 and 4 are left
    assert "2 rows" in found.reason_en
    # b answers c: row 3 says so, row 4 goes
    draft.loc[3, ["district_field_id", "relation", "judged_by"]] = ["c-field", "narrower", "张三"]
    answer = compare(city, district, fields=draft.drop(index=4))
    assert answer.fields["status"].tolist() == ["both", "both"]
    assert answer.findings == ()
    assert answer.source == "DataFrame"


def test_the_draft_of_plans_that_were_judged_is_that_judgement() -> None:
    assert draft_field_crosswalk(CITY, DISTRICT).equals(read_field_crosswalk())
    assert compare(CITY, DISTRICT).source == "crosswalks/shanghai-2022_jiading-2023.csv"


@pytest.mark.parametrize(
    ("given", "code"), [(7, "FILE-01"), ("none.csv", "FILE-02"), ("https://a/b.csv", "FILE-01")]
)
def test_a_crosswalk_that_is_no_file_is_refused(given: object, code: str) -> None:
    with pytest.raises(InputError, match=f"E-{code}"):
        read_field_crosswalk(given)


def test_a_crosswalk_of_the_users_own_decides() -> None:
    table = crosswalk(("6g", "connected-vehicles", "更窄"), ("6g", "air-space", "same"))
    before = table.copy()
    fields = compare(CITY, DISTRICT, fields=table).fields
    assert fields["status"].value_counts()["both"] == 2
    assert fields.loc[fields["city_field_id"] == "6g", "relation"].tolist() == ["narrower", "same"]
    pd.testing.assert_frame_equal(table, before)


def test_the_bundled_crosswalk_meets_a_plan_that_lost_a_field() -> None:
    changed = dataclasses.replace(DISTRICT, fields=DISTRICT.fields.drop("deep-sea"))
    with pytest.warns(SitingWarning, match="W-ALIGN-15"):
        fields = compare(CITY, changed).fields
    assert fields.set_index("city_field_id").loc["deep-sea", "status"] == "city_only"


@pytest.mark.parametrize(("city", "district"), [(DISTRICT, CITY), (CITY, CITY)])
def test_plans_of_the_wrong_level_are_refused(city: Plan, district: Plan) -> None:
    for door in (compare, target_shares):
        with pytest.raises(InputError, match="E-ALIGN-12"):
            door(city, district)


# --- the crosswalks as files ----------------------------------------------------------------------


def test_the_bundled_crosswalk_fits_the_bundled_plans_and_says_why_everywhere() -> None:
    table = read_field_crosswalk(city=CITY, district=DISTRICT)
    assert set(table["city_field_id"]) - {""} == set(CITY.fields.index)
    assert set(table["district_field_id"]) - {""} == set(DISTRICT.fields.index)
    assert (table[["reason", "reason_en", "judged_by"]] != "").all(axis=None)


def test_everything_amiss_in_a_crosswalk_is_said_with_its_row(tmp_path) -> None:
    rows = [
        ",".join(HEADINGS),
        "6g,air-space,same,理由,,我",
        "6g,air-space,related,理由,,我",  # row 3: twice
        "7g,air-space,相关,理由,,我",  # row 4: unknown
        "6g,,same,理由,,我",  # row 5: blank
        "general-ai,deep-sea,alike,,,",  # row 6: relation, reason, who
        "6g,,none,理由,,我",  # row 7: none, yet matched in row 2; and repeats the pair of row 5
    ]
    file = tmp_path / "mine.csv"
    file.write_text("\n".join(rows), "utf-8")
    with pytest.raises(InputError) as caught:
        read_field_crosswalk(file, city=CITY, district=DISTRICT)
    found = {(f.code, f.row, f.column) for f in caught.value.findings}
    assert found == {
        ("E-ALIGN-04", 3, "city_field_id"),
        ("E-ALIGN-06", 4, "city_field_id"),
        ("E-ALIGN-02", 5, "district_field_id"),
        ("E-ALIGN-01", 6, "relation"),
        ("E-ALIGN-03", 6, "reason"),
        ("E-ALIGN-03", 6, "judged_by"),
        ("E-ALIGN-04", 7, "city_field_id"),
        ("E-ALIGN-05", 7, "city_field_id"),
    }
    assert {f.file for f in caught.value.findings} == {"mine.csv"}


def test_a_crosswalk_may_be_a_workbook_with_chinese_headings(tmp_path) -> None:
    file = tmp_path / "mine.xlsx"
    headings = ["市领域编号", "区领域编号", "关系", "理由", "判断者"]
    pd.DataFrame([("6g", "air-space", "相关", "…", "我")], columns=headings).to_excel(
        file, index=False
    )
    assert read_field_crosswalk(file)["relation"].to_dict() == {2: "related"}
    assert compare(CITY, DISTRICT, fields=file).relations.shape[0] == 1


def test_a_crosswalk_without_a_column_is_refused(tmp_path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("city_field_id,district_field_id\n6g,air-space\n", "utf-8")
    with pytest.raises(InputError, match="relation"):
        read_field_crosswalk(file)
    with pytest.raises(InputError, match="judged_by"):
        compare(CITY, DISTRICT, fields=crosswalk().drop(columns="judged_by"))


# --- agreement ------------------------------------------------------------------------------------

marks = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=8)


@settings(deadline=None)
@given(marks)
def test_agreement_is_what_drawing_every_choice_gives(pairs: list[tuple[bool, bool]]) -> None:
    one, other = (pd.Series(side) for side in zip(*pairs, strict=True))
    row = agreement(one, other).iloc[0]
    n, b = len(one), int(other.sum())
    every = [set(s) for s in itertools.combinations(range(n), b)]
    mine = set(np.flatnonzero(one))
    shared = [len(mine & s) for s in every]
    assert row["both"] == (one & other).sum()
    assert row["p"] == sum(s >= row["both"] for s in shared) / len(shared)
    assert row["p_smallest"] == sum(s >= max(shared) for s in shared) / len(shared)
    assert row["expected"] == pytest.approx(np.mean(shared), rel=1e-12)
    assert row["p"] >= row["p_smallest"]
    mirrored = agreement(other, one).iloc[0]
    for column in ("jaccard", "simple_matching", "kappa", "p"):
        assert row[column] == mirrored[column] or np.isnan(row[column])


@settings(deadline=None)
@given(marks)
def test_kappa_is_the_textbook_formula_or_undefined(pairs: list[tuple[bool, bool]]) -> None:
    one, other = (pd.Series(side) for side in zip(*pairs, strict=True))
    answer = agreement(one, other)
    seen = (one == other).mean()
    chance = one.mean() * other.mean() + (1 - one.mean()) * (1 - other.mean())
    if chance > 1 - 1e-9:
        assert np.isnan(answer["kappa"].iloc[0])
        assert ("items", "kappa") in answer.attrs["undefined"]
    else:
        expected = (seen - chance) / (1 - chance)
        assert answer["kappa"].iloc[0] == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_full_agreement_and_nothing_to_compare() -> None:
    some = pd.Series([True, False, False])
    assert agreement(some, some).iloc[0][["jaccard", "kappa", "p"]].tolist() == [1, 1, 1 / 3]
    none = pd.Series([False, False])
    answer = agreement(none, none)
    assert np.isnan(answer[["jaccard", "kappa"]]).all(axis=None)
    assert set(answer.attrs["undefined"]) == {("items", "jaccard"), ("items", "kappa")}
    empty = agreement(pd.Series(dtype=bool), pd.Series(dtype=bool))
    assert np.isnan(empty[["jaccard", "simple_matching", "kappa", "p"]]).all(axis=None)


def test_items_go_by_label_and_must_be_the_same() -> None:
    one, other = pd.Series({"x": True, "y": False}), pd.Series({"y": False, "x": True})
    assert agreement(one, other)["both"].iloc[0] == 1
    with pytest.raises(InputError, match="same items"):
        agreement(one, pd.Series({"x": True, "z": False}))


# --- towns ----------------------------------------------------------------------------------------


def test_towns_carry_what_the_city_asks_and_what_the_district_adds() -> None:
    places = read_places("town", within="310114")
    towns = by_town(CITY, DISTRICT, places)
    assert towns.index.equals(places.index)
    # The city asks intelligence (3 towns) and energy (3 towns); the other 17 - 6 are Jiading's own.
    assert towns["asked"].sum() == 6
    assert towns["own"].sum() == 11
    assert towns.loc["310114114", ["asked_clusters", "own_clusters", "status"]].tolist() == [
        "future-intelligence",
        "",
        "asked",
    ]
    assert towns["status"].value_counts().to_dict() == {"own": 5, "both": 3, "none": 3, "asked": 1}


def test_a_town_that_is_not_among_the_places_is_named() -> None:
    with pytest.raises(InputError, match="310114103"):
        by_town(CITY, DISTRICT, pd.DataFrame(index=["310114001"]))


# --- targets --------------------------------------------------------------------------------------


def test_jiading_takes_about_a_fifth_of_the_output_with_a_fourteenth_of_the_people() -> None:
    table = target_shares(CITY, DISTRICT)
    output = table[table["id"] == "output"].iloc[0]
    assert output[["share_lower", "share_upper", "approximate"]].tolist() == [0.2, 0.2, True]
    assert output["source"] == "沪府发〔2022〕11号 一（二）；嘉府发〔2023〕19号 一（二）"
    assert output["text_en"] == "about 1000 / about 5000 亿元, about 20%"
    figures = table[table["kind"] == "figure"].set_index("id")
    # Published totals: 24,870,895 persons and 6340.50 km2.
    assert figures.loc["population", "share_lower"] == 1834258 / 24870895
    assert figures.loc["area", "share_lower"] == pytest.approx(464.20 / 6340.50, rel=1e-12)
    assert figures.loc["jobs", "district_value"] == 873958
    assert (figures["source"] != "").all()
    assert figures["url"].str.startswith("https://").all()


def test_targets_that_only_one_plan_has_are_said() -> None:
    table = target_shares(CITY, DISTRICT)
    targets = table[table["kind"] == "target"]
    assert targets["status"].value_counts().to_dict() == {
        "city_only": 12,
        "district_only": 6,
        "comparable": 1,
    }
    alone = targets[targets["status"] != "comparable"]
    assert alone[["share_lower", "share_upper"]].isna().all(axis=None)
    assert {(i, "share_lower") for i in alone.index} <= set(table.attrs["undefined"])
    firms = targets.set_index("district_id").loc["firms-total"]
    assert firms[["text_zh", "district_qualifier"]].tolist() == ["超过 200 家", "more_than"]


@pytest.mark.parametrize(
    ("city", "district", "bounds", "text"),
    [
        ("exactly", "exactly", (0.25, 0.25, False, False, False), "5 / 20 家，25%"),
        ("about", "exactly", (0.25, 0.25, False, False, True), "5 / 约 20 家，约 25%"),
        ("exactly", "at_least", (0.25, inf, False, True, False), "不少于 5 / 20 家，不低于 25%"),
        ("exactly", "more_than", (0.25, inf, True, True, False), "超过 5 / 20 家，超过 25%"),
        ("at_least", "exactly", (0, 0.25, True, False, False), "5 / 不少于 20 家，不高于 25%"),
        ("more_than", "exactly", (0, 0.25, True, True, False), "5 / 超过 20 家，低于 25%"),
        ("more_than", "about", (0, 0.25, True, True, True), "约 5 / 超过 20 家，低于约 25%"),
        ("at_least", "more_than", (0, inf, True, True, False), None),
        ("more_than", "at_least", (0, inf, True, True, False), None),
        ("about", "at_least", (0.25, inf, False, True, True), None),
    ],
)
def test_a_qualifier_becomes_a_range_and_never_an_equality(city, district, bounds, text) -> None:
    one = small_plan("district", {"a": ["1"]}, targets=target(20, city))
    other = small_plan("town", {"a": ["11"]}, parent_id="1", targets=target(5, district))
    row = target_shares(one, other, read_figures().assign(place_id="1").head(1)).iloc[0]
    columns = ["share_lower", "share_upper", "lower_open", "upper_open", "approximate"]
    assert tuple(row[columns]) == bounds
    assert text is None or row["text_zh"] == text


def test_what_is_not_of_one_kind_has_no_share() -> None:
    one = small_plan("district", {"a": ["1"]}, targets=target(20, "exactly"))
    figures = read_figures().assign(place_id="1").head(1)
    for other, status in (
        (target(5, "exactly", unit="亿元"), "unit_differs"),
        (target(5, "exactly", year=2035), "year_differs"),
    ):
        plan = small_plan("town", {"a": ["11"]}, parent_id="1", targets=other)
        row = target_shares(one, plan, figures).iloc[0]
        assert row["status"] == status
        assert np.isnan(row["share_lower"])
    nothing = dataclasses.replace(one, targets=target(0, "exactly"))
    plan = small_plan("town", {"a": ["11"]}, parent_id="1", targets=target(5, "exactly"))
    table = target_shares(nothing, plan, figures)
    assert np.isnan(table["share_lower"][0])
    assert "0" in table.attrs["undefined"][0, "share_lower"]


def test_a_planner_says_which_targets_compare() -> None:
    table = target_shares(CITY, DISTRICT, matches={"ecosystem-firms": "specialised-firms"})
    row = table.iloc[0]
    assert (row["id"], row["district_id"]) == ("ecosystem-firms", "specialised-firms")
    assert row["text_zh"] == "不少于 20 / 约 20 家，不低于约 100%"
    with pytest.raises(InputError) as caught:
        target_shares(CITY, DISTRICT, matches={"x": "y"})
    assert [f.value for f in caught.value.findings] == ["x", "y"]


def test_a_figure_that_a_district_lacks_gives_no_share() -> None:
    figures = read_figures()
    figures.loc[figures["place_id"] == "310101", "value"] = nan
    table = target_shares(CITY, DISTRICT, figures)
    rows = table[table["kind"] == "figure"]
    assert (rows["status"] == "no_figure").all()
    assert rows["share_lower"].isna().all()


# --- evidence -------------------------------------------------------------------------------------


def test_evidence_of_sections_is_a_location_quotient_and_lacks_what_is_not_counted() -> None:
    evidence = section_evidence()
    quotient = evidence.location_quotient
    assert list(quotient.columns) == ["future-intelligence", "future-health"]
    assert set(evidence.without["cluster_id"]) == {
        "future-energy",
        "future-space",
        "future-materials",
    }
    assert evidence.totals["310114"] == 873958
    # 29,735 of 873,958 in Jiading against all of section I over all employed.
    whole = evidence.counts["future-intelligence"].sum() / evidence.totals.sum()
    by_hand = 29735 / 873958 / whole
    assert quotient.loc["310114", "future-intelligence"] == pytest.approx(by_hand, rel=1e-12)
    # The mean quotient, weighted by totals, is 1.
    assert np.average(quotient, axis=0, weights=evidence.totals) == pytest.approx([1, 1], rel=1e-12)
    assert (evidence.mapping["caveat"] != "").all()


def test_a_place_or_cluster_without_anything_has_no_quotient() -> None:
    mapping = read_section_mapping().loc[[2, 3]]
    table = pd.DataFrame({"I": [0, 3], "Q": [0, 0], "total": [0, 10]}, index=["p", "q"])
    quotient = section_evidence(table, mapping).location_quotient
    assert quotient["future-intelligence"].tolist()[1] == 1
    assert quotient.isna().to_numpy().tolist() == [[True, True], [False, True]]


def test_counts_that_cannot_be_are_refused() -> None:
    mapping = read_section_mapping().loc[[2]]
    for cells in ({"I": [5], "total": [4]}, {"I": [-1], "total": [4]}, {"I": [0.5], "total": [4]}):
        with pytest.raises(InputError, match="E-ALIGN-32"):
            section_evidence(pd.DataFrame(cells, index=["p"]), mapping)
    with pytest.raises(InputError, match="E-COL-01"):
        section_evidence(pd.DataFrame({"total": [4]}, index=["p"]), mapping)


def test_each_quadrant_by_hand() -> None:
    planned = pd.DataFrame({"x": [1, 1, 0, 0, 0], "y": 1}, index=list("pqrst"))
    seen = pd.DataFrame({"x": [2.0, 0.5, 1.0, 0.0, nan]}, index=list("tsrqp")[::-1])
    cells = evidence_gap(planned, seen)
    assert cells["quadrant"].tolist() == [
        "planned_present",
        "planned_absent",
        "unplanned_present",  # exactly the threshold is present
        "neither",
        "no_evidence",
    ]
    assert cells["reading"].tolist() == cells["quadrant"].tolist()
    assert cells["firm"].isna().all()
    assert cells.attrs["without_evidence"] == ["y"]
    assert "no evidence" in cells.attrs["undefined"]["t", "x", "value"]


def test_an_interval_that_straddles_the_threshold_is_uncertain() -> None:
    # Poisson, 95 %: 0 seen: up to -ln 0.025 = 3.689; 1 seen: from -ln 0.975 = 0.0253.
    planned = pd.DataFrame({"x": [1, 0]}, index=["p", "q"])
    seen = pd.DataFrame({"x": [0, 1]}, index=["p", "q"])
    cells = evidence_gap(planned, seen, threshold=1, counts=seen)
    assert cells["upper"][0] == pytest.approx(-np.log(0.025), rel=1e-12)
    assert cells["lower"].tolist() == [0, pytest.approx(-np.log(0.975), rel=1e-12)]
    assert cells["reading"].tolist() == ["uncertain", "uncertain"]
    assert cells["quadrant"].tolist() == ["planned_absent", "unplanned_present"]
    assert evidence_gap(planned, seen, threshold=4, counts=seen)["firm"].tolist() == [True, False]


tables = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 30)), min_size=1, max_size=5).filter(
    lambda rows: sum(x for x, _ in rows) > 0
)


@settings(deadline=None)
@given(tables, st.sampled_from([0.8, 0.95]))
def test_the_interval_of_a_quotient_is_the_exact_binomial_one(rows, confidence) -> None:
    index = [f"p{i}" for i in range(len(rows))]
    counts = pd.DataFrame({"future-intelligence": [x for x, _ in rows]}, index=index)
    totals = pd.Series([x + rest for x, rest in rows], index=index)
    table = pd.DataFrame({"I": counts["future-intelligence"], "total": totals})
    evidence = section_evidence(table, read_section_mapping().loc[[2]])
    planned = pd.DataFrame(1, index=index, columns=counts.columns)
    cells = evidence_gap(
        planned, evidence.location_quotient, counts=counts, totals=totals, confidence=confidence
    )
    whole = counts.to_numpy().sum() / totals.sum()
    for cell, x, n in zip(cells.itertuples(), counts.iloc[:, 0], totals, strict=True):
        if n == 0:
            assert np.isnan([cell.value, cell.lower, cell.upper]).all()
            assert cell.reading == "no_evidence"
            continue
        peer = scipy.stats.binomtest(int(x), int(n)).proportion_ci(confidence, method="exact")
        # The peer finds its ends by search, to 1e-12 or so of the share.
        assert cell.lower * whole == pytest.approx(peer.low, rel=1e-7, abs=1e-10)
        assert cell.upper * whole == pytest.approx(peer.high, rel=1e-7, abs=1e-10)
        assert cell.lower <= cell.value * (1 + 1e-12)
        assert cell.value <= cell.upper * (1 + 1e-12)


def test_evidence_that_is_not_made_from_the_counts_is_refused() -> None:
    planned = pd.DataFrame({"x": [1, 0]}, index=["p", "q"])
    counts = pd.DataFrame({"x": [1, 2]}, index=["p", "q"])
    with pytest.raises(InputError, match="differ"):
        evidence_gap(planned, counts * 1.5, counts=counts)
    totals = pd.Series({"p": 1, "q": 1})
    with pytest.raises(InputError, match="a part exceeds"):
        evidence_gap(planned, counts / 1.0, counts=counts, totals=totals)


@pytest.mark.parametrize(
    "seen",
    [
        pd.DataFrame({"x": [1.0]}, index=["p"]),
        pd.DataFrame({"x": [1.0, 1, 1]}, index=["p", "q", "r"]),
        pd.DataFrame({"z": [1.0, 1]}, index=["p", "q"]),
        pd.DataFrame({"x": [1.0, -1]}, index=["p", "q"]),
        pd.DataFrame({"x": [1.0, inf]}, index=["p", "q"]),
        pd.DataFrame({"x": ["1", "many"]}, index=["p", "q"]),
    ],
)
def test_evidence_of_other_places_or_no_numbers_is_refused(seen: pd.DataFrame) -> None:
    planned = pd.DataFrame({"x": [1, 0]}, index=["p", "q"])
    for door in (evidence_gap, evidence_test):
        with pytest.raises(InputError, match="E-ALIGN-32"):
            door(planned, seen)


@pytest.mark.parametrize("more", [{"threshold": 0}, {"threshold": nan}, {"confidence": 1}])
def test_thresholds_and_confidence_that_cannot_be_are_refused(more: dict) -> None:
    planned = pd.DataFrame({"x": [1, 0]}, index=["p", "q"])
    with pytest.raises(InputError, match="E-ALIGN-31"):
        evidence_gap(planned, planned, **more)


def test_planned_places_are_tested_against_every_placement() -> None:
    planned = pd.DataFrame({"x": [1, 1, 0, 0], "y": [1, 0, 0, 0], "z": 1}, index=list("pqrs"))
    seen = pd.DataFrame({"x": [5, 4, 4, 1], "y": [0, 2, nan, 3], "z": 1.0}, index=list("pqrs"))
    rows = evidence_test(planned, seen)
    # x: sums of two: 9 9 6 8 5 5: two of six reach 9. y: one of three places: all reach 0.
    assert rows["p"].tolist()[:2] == [2 / 6, 1]
    assert rows.loc["x", ["mean_planned", "mean_others", "statistic"]].tolist() == [4.5, 2.5, 2]
    assert rows.loc["y", "n"] == 3
    # Two tests were made: q = 2 x 1/3 / 1.
    assert rows["q"].tolist()[:2] == [pytest.approx(2 / 3, rel=1e-15), 1]
    assert np.isnan(rows.loc["z", ["p", "q"]].astype(float)).all()
    assert "all are chosen" in rows.attrs["undefined"]["z", "p"]


def test_shanghai_is_counted_over_all_placements_and_health_is_not_where_it_is_planned() -> None:
    evidence = section_evidence()
    planned = incidence(CITY, read_places("district"))
    quotient = evidence.location_quotient
    rows = evidence_test(planned, quotient)
    assert rows["n_arrangements"].to_dict() == {
        "future-health": comb(16, 5),
        "future-intelligence": comb(16, 7),
    }
    for cluster in rows.index:
        values, chosen = quotient[cluster], planned.loc[quotient.index, cluster] == 1
        seen = values[chosen].sum() - 1e-12
        every = [sum(s) for s in itertools.combinations(values, int(chosen.sum()))]
        assert rows.loc[cluster, "p"] == np.mean([s >= seen for s in every])
    cells = evidence_gap(planned, quotient, counts=evidence.counts, totals=evidence.totals)
    assert len(cells) == 16 * 2
    health = cells[(cells["cluster_id"] == "future-health") & (cells["planned"] == 1)]
    assert set(health["quadrant"]) == {"planned_absent"}


@pytest.mark.parametrize("marks", [[1, np.nan], [2, 0], ["x", 0]])
def test_a_mark_is_yes_or_no_and_a_missing_one_is_not_yes(marks: list[object]) -> None:
    with pytest.raises(InputError, match="E-ALIGN-41"):
        agreement(pd.Series(marks), pd.Series([0, 0]))
