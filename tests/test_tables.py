"""Tables for people: every name, number and clause of the frames, in two languages, nothing lost."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siting import alignment, geodata, overlap, tables
from siting.errors import InputError
from siting.overlap import pairs
from siting.places import read_places
from siting.plan import read_plan
from siting.schema import Lang

PLACES = pd.DataFrame(
    {
        "name_zh": ["甲区", "乙区", "丙区"],
        "name_en": ["Jia", "", "Bing"],
        "area_official_km2": [10.0, 30.0, 60.0],
        "population_2020": [700, 200, 100],
    },
    index=pd.Index(["000001", "000002", "000003"], name="place_id"),
)
INCIDENCE = pd.DataFrame(
    [[1, 1], [1, 0], [0, 0]], index=PLACES.index, columns=["health", "space"], dtype="int64"
)


def keyed(key: str, **columns: list) -> pd.DataFrame:
    return pd.DataFrame(columns, dtype=object).set_index(key)


def make_plan(**changes: object) -> SimpleNamespace:
    """Two clusters on three places: health in 甲 and 乙 (an open list), space in 甲 (a closed one)."""
    parts = {
        "title": "试验规划",
        "clusters": keyed(
            "cluster_id",
            cluster_id=["health", "space"],
            name_zh=["健康", "空间"],
            name_en=["Health", ""],
            tier=["集群", "方向"],
            clause=["二（一）", "二（二）"],
        ),
        "fields": keyed(
            "field_id",
            field_id=["drugs", "deep-sea", "devices"],
            cluster_id=["health", "space", "health"],
            name_zh=["药", "深海", "器械"],
            name_en=["Drugs", "Deep sea", "Devices"],
            clause=["二（一）1", "二（二）1", "二（一）2"],
        ),
        "assignments": pd.DataFrame(
            {
                "cluster_id": ["health", "health", "space"],
                "place_id": ["000001", "000002", "000001"],
                "place_as_written": ["甲", "乙", "甲"],
                "clause": ["二（一）", "二（一）", "二（二）"],
                "is_exhaustive": [False, False, True],
            }
        ),
        "targets": keyed(
            "target_id",
            target_id=list("abcd"),
            name_zh=["产值", "企业", "园区", "集群"],
            name_en=["Output", "Firms", "Parks", "Clusters"],
            quantity=[12345678.5, 200.0, 5.0, 2.0],
            unit=["亿元", "家", "个", "大片"],
            qualifier=["about", "more_than", "at_least", "exactly"],
            year=[2030, 2030, 2035, 2030],
            clause=["一（二）", "一（二）—1", "一（二）—2", "一（二）"],
        ),
        "programmes": keyed(
            "programme_id",
            programme_id=["p"],
            name_zh=["计划一"],
            name_en=["One"],
            clause=["三（一）"],
        ),
        "zones": keyed(
            "zone_id",
            zone_id=["z", "y"],
            name_zh=["先导区一", "先导区二"],
            name_en=["Zone one", "Zone two"],
            place_id=["000003", "000009"],
            lon=[121.5, np.nan],
            lat=[31.0, np.nan],
            clause=["三（二）", "三（二）"],
            source=["图", ""],
            note=["近似", ""],
        ),
    }
    return SimpleNamespace(**(parts | changes))


def test_a_cluster_has_its_fields_its_places_and_its_clause() -> None:
    table = tables.cluster_table(make_plan(), PLACES)
    assert list(table.columns) == ["集群", "层次", "领域", "列出的地区数", "地区", "条款"]
    assert table.to_numpy().tolist() == [
        ["健康", "集群", "药、器械", 2, "甲区、乙区 等", "二（一）"],
        ["空间", "方向", "深海", 1, "甲区", "二（二）"],
    ]


def test_in_english_a_blank_name_is_the_chinese_one_and_never_nothing() -> None:
    table = tables.cluster_table(make_plan(), PLACES, lang="en")
    assert table["Cluster"].tolist() == ["Health", "空间"]
    assert table["Places"].tolist() == ["Jia, 乙区 and others", "Jia"]


def test_a_cluster_without_a_place_and_a_place_without_a_name_are_shown() -> None:
    plan = make_plan()
    plan.assignments = plan.assignments.iloc[:1].assign(place_id="000009")
    table = tables.cluster_table(plan, PLACES)
    assert table["地区"].tolist() == ["000009 等", ""]
    assert table["列出的地区数"].tolist() == [1, 0]


def test_a_quantity_is_said_as_the_document_means_it() -> None:
    zh = tables.target_table(make_plan())
    assert zh["数量"].tolist() == ["约 12,345,678.5 亿元", "超过 200 家", "不少于 5 个", "2 大片"]
    assert zh["年份"].tolist() == ["2030", "2030", "2035", "2030"]
    en = tables.target_table(make_plan(), lang="en")
    # 12,345,678.5 x 10^8 yuan = 1,234.56785 x 10^12
    assert en["Quantity"].tolist() == [
        "about CNY 1,234.56785 trillion",
        "more than 200",
        "at least 5",
        "2 大片",
    ]
    assert en["Clause"].tolist() == zh["条款"].tolist()


def test_programmes_and_zones_keep_their_clauses() -> None:
    assert tables.programme_table(make_plan()).to_numpy().tolist() == [["计划一", "三（一）"]]
    zones = tables.zone_table(make_plan(), PLACES)
    assert zones["地区"].tolist() == ["丙区", "000009"]  # a place that is not there shows its code
    assert zones["经度（度）"].tolist()[0] == 121.5
    assert np.isnan(zones["经度（度）"].iloc[1])


def test_sheets_without_rows_give_tables_without_rows() -> None:
    plan = make_plan()
    for name in ("targets", "programmes", "zones"):
        setattr(plan, name, getattr(plan, name).iloc[:0])
    assert tables.target_table(plan).shape == (0, 4)
    assert tables.programme_table(plan).shape == (0, 2)
    assert tables.zone_table(plan, PLACES).shape == (0, 7)
    assert len(tables.key_figures(plan, PLACES, INCIDENCE)) == 9  # all but the first target


def test_every_place_is_there_with_its_code_as_text() -> None:
    table = tables.place_table(make_plan(), PLACES, INCIDENCE)
    assert table.to_numpy().tolist() == [
        ["000001", "甲区", 2, "健康、空间", "二（一）、二（二）", 10, 700],
        ["000002", "乙区", 1, "健康", "二（一）", 30, 200],
        ["000003", "丙区", 0, "", "", 60, 100],
    ]
    assert table["常住人口（2020，人）"].dtype == "int64"


def test_a_size_that_no_place_has_is_no_column_and_one_that_a_place_lacks_is_a_gap() -> None:
    places = PLACES.drop(columns="population_2020")
    places["area_official_km2"] = pd.array([10, None, 60], dtype="Int64")
    table = tables.place_table(make_plan(), places, INCIDENCE)
    assert "常住人口（2020，人）" not in table
    assert table["官方面积（平方公里）"].tolist()[::2] == [10, 60]
    assert np.isnan(table["官方面积（平方公里）"].iloc[1])


def test_marks_stand_where_the_incidence_is_one() -> None:
    table = tables.incidence_table(make_plan(), PLACES, INCIDENCE)
    assert list(table.columns) == ["地区", "健康", "空间", "合计"]
    assert table.to_numpy().tolist() == [
        ["甲区", "●", "●", 2],
        ["乙区", "●", "", 1],
        ["丙区", "", "", 0],
    ]


def test_fields_of_one_name_are_told_apart() -> None:
    plan = make_plan()
    plan.fields["name_zh"] = ["新材料", "新材料", "合计"]
    table = pd.DataFrame(np.eye(3, dtype=int), index=PLACES.index, columns=plan.fields.index)
    shown = tables.incidence_table(plan, PLACES, table, by="field")
    heads = ["地区", "新材料 [drugs]", "新材料 [deep-sea]", "合计 [devices]", "合计"]
    assert list(shown.columns) == heads
    listed = tables.pair_table(pairs(table), plan, by="field")
    assert listed["甲"].tolist() == ["新材料 [drugs]", "新材料 [drugs]", "新材料 [deep-sea]"]


def test_pairs_have_names_and_the_most_surprising_comes_first() -> None:
    table = pd.DataFrame({"space": [1, 1, 0, 0], "health": [0, 0, 1, 1], "other": [1, 1, 0, 0]})
    shown = tables.pair_table(pairs(table), make_plan())
    # space and other share both of two places: p = 1 / C(4,2); health shares none: p = 1.
    assert shown[["甲", "乙", "共有", "并集"]].to_numpy().tolist() == [
        ["空间", "other", 2, 2],
        ["空间", "健康", 0, 4],
        ["健康", "other", 0, 4],
    ]
    assert shown["精确 p 值"].tolist() == [1 / 6, 1, 1]


def test_pairs_of_one_q_are_in_the_order_of_p() -> None:
    # m = 2: q of 0.02 is min(2 x 0.02, 0.03) = 0.03, q of 0.03 is 0.03.
    listed = pairs(pd.DataFrame({"health": [1, 0], "space": [0, 1], "other": [0, 1]})).iloc[:2]
    listed = listed.assign(p=[0.03, 0.02], q=[0.03, 0.03])
    assert tables.pair_table(listed, make_plan())["精确 p 值"].tolist() == [0.02, 0.03]


def test_whole_weights_add_up_to_whole_numbers() -> None:
    weighed = pairs(INCIDENCE, weights=PLACES["population_2020"])
    people = tables.pair_table(weighed, make_plan(), weight="population_2020")
    assert people["并集（人）"].tolist() == [900]
    assert people["并集（人）"].dtype == "int64"
    weighed = pairs(INCIDENCE, weights=PLACES["population_2020"] / 8)
    area = tables.pair_table(weighed, make_plan(), weight="area_official_km2")
    assert area["共有（平方公里）"].tolist() == [87.5]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("weight", "unit"),
    [("area_official_km2", ("平方公里", "km2")), ("population_2020", ("人", "persons"))],
)
def test_weighted_pairs_have_units_and_notes_of_their_own_and_no_test(
    weight: str, unit: tuple[str, str], lang: Lang
) -> None:
    # p and q are those of the number of places: they would only repeat the table without weights
    weighed = pairs(INCIDENCE, weights=PLACES["population_2020"])
    table = tables.pair_table(weighed, make_plan(), weight=weight, lang=lang)
    heads = list(table.columns)
    assert len(heads) == 7
    here = unit[lang == "en"]
    sums = [one for one in heads if here in one]
    assert len(sums) == 3  # shared, union, expected
    plainly = tables.pair_table(pairs(INCIDENCE), make_plan(), lang=lang)
    assert len(plainly.columns) == 9
    for head in heads:
        told, meaning = tables.column_note(f"pairs_by_{weight}", head, lang=lang)
        assert meaning
        assert (told == here) is (head in sums)
    for head in plainly.columns:
        assert tables.column_note("pairs", head, lang=lang)[1]


def test_an_unknown_weight_is_refused() -> None:
    with pytest.raises(InputError, match="weight"):
        tables.pair_table(pairs(INCIDENCE), make_plan(), weight="jobs")


def test_what_is_undefined_stays_absent() -> None:
    none = pairs(pd.DataFrame({"health": [0, 0], "space": [0, 0]}))
    assert tables.pair_table(none, make_plan())["杰卡德系数"].isna().all()


def test_the_reading_says_how_many_pairs_beat_chance_and_which_comes_nearest() -> None:
    # Both in the same 5 of 10 places: p = q = 1 / C(10,5) = 1 / 252 = 0.0040.
    same = pd.DataFrame({"health": [1, 0] * 5, "space": [1, 0] * 5})
    zh = tables.overlap_reading(pairs(same), make_plan())
    assert "1 对集群中，有 1 对" in zh
    assert "健康与空间：共有 5 个地区，随机期望 2.50 个（p = 0.0040, q = 0.0040）" in zh
    # The same 1 of 3 places: p = 1 / 3.
    few = pd.DataFrame({"health": [1, 0, 0], "space": [1, 0, 0]})
    assert "没有一对" in tables.overlap_reading(pairs(few), make_plan())
    english = tables.overlap_reading(pairs(few), make_plan(), lang="en")
    assert "none overlap more than chance" in english
    assert "p = 0.3333" in english
    assert tables.overlap_reading(pairs(few[["health"]]), make_plan()).startswith("只有一个集群")


def test_the_deepest_and_largest_ground_comes_first() -> None:
    pieces = pd.DataFrame(
        {
            "depth": [1, 1, 2],
            "members": [("health",), ("space",), ("health", "space")],
            "area_km2": [1.0, 4.0, 0.5],
        }
    )
    shown = tables.depth_table(pieces, make_plan())
    assert shown.to_numpy().tolist() == [[2, "健康、空间", 0.5], [1, "空间", 4.0], [1, "健康", 1.0]]


def test_key_figures_by_hand() -> None:
    figures = tables.key_figures(make_plan(), PLACES, INCIDENCE)
    assert figures.to_numpy().tolist() == [
        ["集群", "2", "表：集群与地区"],
        ["领域", "3", "表：集群与地区"],
        ["集群—地区组合", "3", "表：集群与地区"],
        ["名单以“等”收尾、并不完整的集群", "1 / 2", "表：集群与地区"],
        ["列入至少一个集群的地区", "2 / 3", "表：各地区的集群"],
        ["其官方面积占比", "40.0%", "表：各地区的集群"],  # (10 + 30) / 100
        ["其常住人口占比（2020）", "90.0%", "表：各地区的集群"],  # (700 + 200) / 1000
        ["未列入任何集群的地区", "1", "丙区；表：各地区的集群"],
        ["一地最多的集群数", "2", "甲区；表：各地区的集群"],
        ["产值 2030", "约 12,345,678.5 亿元", "条款 一（二）"],
    ]


def test_a_share_of_what_is_not_known_everywhere_is_left_out() -> None:
    places = PLACES.assign(population_2020=[1, np.nan, 2]).drop(columns="area_official_km2")
    shown = tables.key_figures(make_plan(), places, INCIDENCE, lang="en")
    assert not shown["Figure"].str.contains("share").any()


def test_a_plan_that_puts_nothing_anywhere_has_figures_too() -> None:
    plan = make_plan()
    plan.assignments = plan.assignments.iloc[:0]
    for incidence in (INCIDENCE * 0, INCIDENCE.iloc[:0]):
        places = PLACES.loc[incidence.index]
        values = tables.key_figures(plan, places, incidence).set_index("指标")["数值"]
        assert values["一地最多的集群数"] == "0"
        assert values["列入至少一个集群的地区"] == f"0 / {len(places)}"


def test_sources_come_from_the_register_in_the_order_asked_and_once() -> None:
    register = geodata.register().set_index("file")
    folder = register.index[register.index.str.startswith("plans")][0]
    files = [f"{folder}/clusters.csv", "districts.geojson", f"{folder}/fields.csv"]
    shown = tables.source_table(files, lang="en")
    assert shown["File"].tolist() == [folder, "districts.geojson"]
    assert shown["SHA-256"].tolist() == register.loc[shown["File"], "sha256"].tolist()
    with pytest.raises(InputError):
        tables.source_table(["districts.geojson", "no-such-file.csv"])


def every_table(plan: SimpleNamespace, lang: str) -> list[pd.DataFrame]:
    pieces = pd.DataFrame({"depth": [1], "members": [("health",)], "area_km2": [1.0]})
    return [
        tables.key_figures(plan, PLACES, INCIDENCE, lang=lang),
        tables.cluster_table(plan, PLACES, lang=lang),
        tables.place_table(plan, PLACES, INCIDENCE, lang=lang),
        tables.incidence_table(plan, PLACES, INCIDENCE, lang=lang),
        tables.pair_table(pairs(INCIDENCE), plan, lang=lang),
        tables.depth_table(pieces, plan, lang=lang),
        tables.target_table(plan, lang=lang),
        tables.programme_table(plan, lang=lang),
        tables.zone_table(plan, PLACES, lang=lang),
        tables.source_table(["districts.geojson"], lang=lang),
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_table_has_two_headings_of_one_name(lang: str) -> None:
    for table in every_table(make_plan(), lang):
        assert table.columns.is_unique
        assert all(isinstance(head, str) and head for head in table.columns)


def test_both_languages_say_the_same_in_the_same_shape() -> None:
    for zh, en in zip(every_table(make_plan(), "zh"), every_table(make_plan(), "en"), strict=True):
        assert zh.shape == en.shape
        assert not set(zh.columns) & set(en.columns) - {"空间"}  # it has no English name


def test_a_language_that_nobody_asked_for_is_refused() -> None:
    with pytest.raises(InputError, match="zh"):
        every_table(make_plan(), "fr")
    with pytest.raises(InputError, match="pairs"):
        tables.table_title("pear")
    with pytest.raises(InputError, match="field"):
        tables.pair_table(pairs(INCIDENCE), make_plan(), by="place")


def test_titles_fit_a_sheet_beside_the_name_of_a_plan() -> None:
    for lang in ("zh", "en"):
        titles = [tables.table_title(key, lang=lang) for key in ("pairs", "zones", "field_pairs")]
        assert len(set(titles)) == 3
        assert all(len(title) <= 31 and not set(title) & set("[]:*?/\\") for title in titles)


def test_the_frames_that_were_given_stay_as_they_were() -> None:
    plan, before = make_plan(), make_plan()
    kept = PLACES.copy(), INCIDENCE.copy()
    every_table(plan, "en")
    for name in ("clusters", "fields", "assignments", "targets", "programmes", "zones"):
        pd.testing.assert_frame_equal(getattr(plan, name), getattr(before, name))
    pd.testing.assert_frame_equal(PLACES, kept[0])
    pd.testing.assert_frame_equal(INCIDENCE, kept[1])


@settings(deadline=None, max_examples=50)
@given(st.lists(st.text(max_size=8), min_size=2, max_size=2))
def test_any_text_stays_as_it_is_written(texts: list[str]) -> None:
    plan = make_plan()
    plan.clusters["name_zh"] = texts
    shown = tables.cluster_table(plan, PLACES)["集群"].tolist()
    if texts[0] == texts[1]:
        texts = [f"{texts[0]} [health]", f"{texts[1]} [space]"]
    assert shown == texts


@pytest.fixture(scope="module")
def both() -> alignment.Comparison:
    return alignment.compare(read_plan("shanghai-2022"), read_plan("jiading-2023"))


class TestAlignment:
    """City beside district, on the bundled plans: what the documents say, read by hand."""

    def test_two_clusters_stand_in_both_plans_and_three_in_the_district_s_alone(self, both) -> None:
        table = tables.comparison_table(both)
        assert dict(zip(table["集群"], table["结论"], strict=True)) == {
            "未来健康": "只有区",
            "未来智能": "市区都有",
            "未来能源": "市区都有",
            "未来空间": "只有区",
            "未来材料": "只有区",
        }
        row = table.set_index("集群").loc["未来能源"]
        assert row["市列入本区"] == "● 二（三）"
        assert row["区推进"] == "● 二（一）2"
        assert table.set_index("集群").loc["未来空间", "市列入本区"] == ""

    def test_every_judgement_has_a_relation_in_words_a_reason_and_a_judge(self, both) -> None:
        for lang in ("zh", "en"):
            table = tables.field_match_table(both, lang=lang)
            assert len(table) == 18  # 16 fields of the city, 12 of the district, 10 of them matched
            assert (table.iloc[:, -2] != "").all()
            assert (table.iloc[:, -1] != "").all()
            assert table.columns.is_unique
        assert set(tables.field_match_table(both)["关系"]) <= {
            "相同",
            "区窄于市",
            "区宽于市",
            "相关",
            "无对应",
        }

    def test_a_share_keeps_its_qualifiers(self) -> None:
        shares = alignment.target_shares(read_plan("shanghai-2022"), read_plan("jiading-2023"))
        table = tables.target_share_table(shares).set_index("项目")
        row = table.loc["未来产业产值"]
        assert row[["区", "市", "可比性"]].tolist() == [
            "约 1,000 亿元",
            "约 5,000 亿元",
            "可比（约数）",
        ]
        assert row[["份额下限", "份额上限"]].tolist() == [0.2, 0.2]  # 1,000 of 5,000
        assert row[["区条款", "市条款", "来源"]].tolist() == ["一（二）", "一（二）", ""]
        assert table.loc["未来产业特色园区", "可比性"] == "只有区"

    def test_an_open_share_says_which_bound_is_missing(self) -> None:
        city, district = read_plan("shanghai-2022"), read_plan("jiading-2023")
        firms = {"high-tech-firms": "firms-total"}  # more than 200 of about 1,000
        shares = alignment.target_shares(city, district, matches=firms)
        table = tables.target_share_table(shares, lang="en").set_index("Item")
        row = table.loc["High-tech firms"]
        assert row["Comparable"] == "comparable (about, lower bound excluded, no upper bound)"
        assert row["Share from"] == 0.2
        assert np.isnan(row["Share to"])

    def test_in_english_related_fields_and_tiers_are_english(self, both) -> None:
        matched = tables.field_match_table(both, lang="en")
        assert "Intelligent chips" in set(matched["Related"])
        assert set(tables.comparison_table(both, lang="en")["Tier"]) == {
            "Cluster",
            "Field",
            "Direction",
        }

    def test_clusters_without_evidence_say_why_and_have_no_number(self) -> None:
        city = read_plan("shanghai-2022")
        seen = alignment.section_evidence()
        planned = overlap.incidence(city, read_places("district"))[seen.location_quotient.columns]
        test = alignment.evidence_test(planned, seen.location_quotient)
        table = tables.evidence_test_table(test, seen, city.clusters).set_index("集群")
        assert table.loc["未来空间", ["规划地区平均区位商", "精确 p 值"]].isna().all()
        assert "制造业" in table.loc["未来空间", "使用前须知"]
        assert table.loc["未来智能", "精确 p 值"] == test.loc["future-intelligence", "p"]

    def test_the_reading_names_the_clusters_and_the_open_list(self, both) -> None:
        assert tables.alignment_reading(both).startswith(
            "市区都有：未来智能、未来能源；只有市：无；"
        )
        assert "等" in tables.alignment_reading(both)
        assert "District only: Future health" in tables.alignment_reading(both, lang="en")

    def test_each_town_is_of_one_kind(self) -> None:
        places = read_places("town")
        towns = alignment.by_town(read_plan("shanghai-2022"), read_plan("jiading-2023"), places)
        table = tables.town_table(towns, places)
        assert len(table) == 12
        assert set(table["类别"]) <= set(tables.town_labels().values())
