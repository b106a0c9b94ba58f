"""Plans: the two registers as the documents have them, every breach named, and a template that returns."""

from __future__ import annotations

import dataclasses
import math
import pickle
import re
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from siting import geodata
from siting.errors import (
    AmbiguousPlaceError,
    ExistingOutputError,
    Finding,
    InputError,
    SitingWarning,
    UnknownPlaceError,
)
from siting.places import resolve
from siting.plan import Plan, list_plans, read_plan, write_template
from siting.plan.model import FRAMES, SHEETS, make_frame
from siting.plan.template import example, guide
from siting.sheets.encoding import suspected

PLANS = ("shanghai-2022", "jiading-2023")

# A small made-up plan on real districts, as a planner would write it.
GOOD = {
    "plan": "id,title,level,parent_id\nlanterns,灯会方案,district,310000\n",
    "clusters": "cluster_id,name_zh,clause\nwheel,走马灯,二（一）\ndragon,龙灯,二（二）\n",
    "fields": "field_id,cluster_id,name_zh,clause\npaper,wheel,纸灯,二（一）1\ncloth,dragon,布龙,二（二）1\n",
    "assignments": "cluster_id,place_as_written,clause\nwheel,静安,二（一）\ndragon,浦东新区,二（二）\n",
    "targets": "target_id,name_zh,quantity,unit,qualifier,year,clause\nfairs,灯会,12,场,at_least,2035,一\n",
    "zones": "zone_id,name_zh,place_id,lon,lat,clause,source\ntemple,城隍庙,310101,121.49,31.23,三,示例\n",
}


def folder(where: Path, **changes: str | bytes | None) -> Path:
    """Write the good plan with some sheets changed (None: left out)."""
    target = where / "plan"
    target.mkdir(exist_ok=True)
    for sheet, content in {**GOOD, **changes}.items():
        if content is not None:
            raw = content if isinstance(content, bytes) else content.encode()
            (target / f"{sheet}.csv").write_bytes(raw)
    return target


def refused(where: Path, **changes: str | bytes | None) -> tuple[Finding, ...]:
    """Return what is found wrong with the good plan so changed."""
    made = folder(where, **changes)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SitingWarning)
        with pytest.raises(InputError) as caught:
            read_plan(made)
    assert caught.value.exit_code == 2
    for finding in caught.value.findings:
        assert finding.reason
        assert finding.fix
        assert finding.reason_en.isascii() or re.search("[等→]|row", finding.reason_en)
    return caught.value.findings


def spots(findings: tuple[Finding, ...]) -> list[tuple[str, str, int | None, str]]:
    return [(f.code, f.file, f.row, f.column) for f in findings]


def test_the_shanghai_register_has_what_the_document_has() -> None:
    plan = read_plan("shanghai-2022")
    assert (plan.document_no, plan.level, plan.parent_id) == (
        "沪府发〔2022〕11号",
        "district",
        "310000",
    )
    sizes = [len(getattr(plan, name)) for name in FRAMES]
    assert sizes == [5, 16, 25, 13, 6, 3]  # clusters fields assignments targets programmes zones
    assert plan.clusters["tier"].unique().tolist() == ["集群"]
    by_cluster = plan.assignments.groupby("cluster_id")["place_id"].agg(set)
    assert {k: len(v) for k, v in by_cluster.items()} == {
        "future-health": 5, "future-intelligence": 7, "future-energy": 3, "future-space": 7,
        "future-materials": 3,
    }  # fmt: skip
    assert by_cluster["future-energy"] == {"310115", "310112", "310114"}  # 浦东 闵行 嘉定
    assert plan.fields.groupby("cluster_id").size().to_dict() == {
        "future-health": 4, "future-intelligence": 5, "future-energy": 2, "future-space": 2,
        "future-materials": 3,
    }  # fmt: skip
    targets = plan.targets
    assert (targets["year"] == 2030).all()
    assert targets.loc["output", ["quantity", "unit", "qualifier"]].tolist() == [
        5000.0,
        "亿元",
        "about",
    ]
    assert targets.loc["clusters", "qualifier"] == "exactly"
    assert (targets["qualifier"] == "about").sum() == 12
    # 5+15 (—1), 5+15+100+100+100 (—2), 10+20+100+1000 (—3), 50 (—4), beside 5000 亿元
    assert targets["quantity"].drop("output").sum() == 20 + 320 + 1130 + 50
    assert plan.zones["place_id"].tolist() == ["310115", "310115", "310112"]
    assert plan.zones["note"].str.contains("近似").all()
    assert "奉贤" in plan.zones.loc["lingang", "note"]


def test_the_jiading_register_has_what_the_document_has() -> None:
    plan = read_plan("jiading-2023")
    assert (plan.document_no, plan.level, plan.parent_id) == (
        "嘉府发〔2023〕19号",
        "town",
        "310114",
    )
    assert plan.published == "2023-07-18"
    assert [len(getattr(plan, name)) for name in FRAMES] == [5, 12, 17, 7, 5, 0]
    assert plan.clusters["tier"].to_dict() == {
        "future-intelligence": "集群", "future-energy": "集群", "future-materials": "领域",
        "future-health": "领域", "future-space": "方向",
    }  # fmt: skip
    written = plan.assignments.groupby("cluster_id")["place_as_written"].agg(list)
    assert written["future-materials"] == ["菊园", "工业区", "安亭"]
    assert plan.targets["qualifier"].tolist() == ["about", "more_than", *["at_least"] * 5]
    assert plan.targets["quantity"].tolist() == [1000, 200, 5, 5, 5, 20, 5]


@pytest.mark.parametrize("name", PLANS)
def test_every_list_is_open_and_every_fact_has_its_clause(name: str) -> None:
    plan = read_plan(name)
    assert not plan.assignments["is_exhaustive"].any()
    for sheet in FRAMES:
        frame = getattr(plan, sheet)
        assert (frame["clause"] != "").all()
        if "name_en" in frame:
            assert frame["name_en"].map(lambda text: bool(text) and text.isascii()).all()


@pytest.mark.parametrize("name", PLANS)
def test_the_names_in_the_registers_mean_the_codes_beside_them(name: str) -> None:
    plan = read_plan(name)
    within = plan.parent_id if plan.level == "town" else None
    found = resolve(plan.assignments["place_as_written"], level=plan.level, within=within)
    assert found.tolist() == plan.assignments["place_id"].tolist()
    assert resolve(plan.zones["place_id"].tolist()).tolist() == plan.zones["place_id"].tolist()


@pytest.mark.parametrize("name", PLANS)
def test_a_bundled_plan_passes_the_rules_for_any_plan(name: str) -> None:
    # As a folder it is checked in full; as a bundled id its places are taken as they are.
    assert read_plan(geodata.folder() / "plans" / name) == read_plan(name)


def test_the_files_of_the_registers_are_utf8_with_lf() -> None:
    for path in (geodata.folder() / "plans").glob("*/*.csv"):
        raw = path.read_bytes()
        assert b"\r" not in raw
        assert raw.endswith(b"\n")
        columns = raw.decode("utf-8").split("\n", 1)[0].split(",")
        assert columns == list(SHEETS[path.stem])


def test_the_same_cluster_has_the_same_id_in_both_plans() -> None:
    names = [read_plan(name).clusters["name_zh"].to_dict() for name in PLANS]
    assert names[0] == names[1]
    fields = [read_plan(name).fields["name_zh"].to_dict() for name in PLANS]
    shared = set(fields[0].values()) & set(fields[1].values())
    ids = [{v: k for k, v in one.items()} for one in fields]
    assert {ids[0][n] for n in shared} == {ids[1][n] for n in shared}


def test_list_plans_counts_what_is_in_them() -> None:
    listed = list_plans()
    assert listed.index.tolist() == ["jiading-2023", "shanghai-2022"]
    assert listed.columns.tolist() == [
        "title", "issuer", "document_no", "published", "level", "clusters", "fields", "places",
    ]  # fmt: skip
    # 11 of 16 districts; 9 of 12 units: all but 华亭, 嘉定镇 and 新成路
    assert listed["places"].to_dict() == {"jiading-2023": 9, "shanghai-2022": 11}


def test_a_plan_is_the_sheets_of_the_contract() -> None:
    plan = read_plan("shanghai-2022")
    assert plan.clusters.columns.tolist() == ["name_zh", "name_en", "tier", "clause"]
    assert plan.clusters.index.name == "cluster_id"
    assert isinstance(plan.assignments.index, pd.RangeIndex)
    assert plan.assignments["is_exhaustive"].dtype == bool
    assert plan.targets["quantity"].dtype == float
    assert plan.targets["year"].dtype == np.int64
    assert read_plan("jiading-2023").zones.dtypes.equals(plan.zones.dtypes)


def test_nothing_changes_a_plan() -> None:
    plan = read_plan("shanghai-2022")
    taken = plan.clusters
    taken.loc["future-health", "name_zh"] = "别的"
    assert plan.clusters.loc["future-health", "name_zh"] == "未来健康"
    given_frame = plan.targets
    other = dataclasses.replace(plan, targets=given_frame)
    given_frame.loc["output", "quantity"] = 1
    assert plan == other == read_plan("shanghai-2022")
    with pytest.raises(dataclasses.FrozenInstanceError):
        plan.clusters = plan.clusters
    assert hash(plan) == hash(other)
    assert pickle.loads(pickle.dumps(plan)) == plan


def test_plans_differ_by_any_value_in_them() -> None:
    plan = read_plan("shanghai-2022")
    for name in ("title", "url", "title_en", "published"):
        assert dataclasses.replace(plan, **{name: "x"}) != plan
    for sheet in FRAMES:
        frame = getattr(plan, sheet)
        frame.iloc[0, frame.columns.get_loc("clause")] = "九"
        assert dataclasses.replace(plan, **{sheet: frame}) != plan
    assert plan != "shanghai-2022"
    assert repr(plan) == (
        "<Plan shanghai-2022: 5 clusters, 16 fields, 25 assignments, 13 targets, 6 programmes, 3 zones>"
    )


def test_a_frame_without_a_column_or_with_an_id_twice_makes_no_plan() -> None:
    plan = read_plan("shanghai-2022")
    with pytest.raises(InputError, match="E-COL-01"):
        dataclasses.replace(plan, clusters=plan.clusters.drop(columns="clause"))
    with pytest.raises(InputError, match="E-KEY-01"):
        dataclasses.replace(plan, fields=pd.concat([plan.fields, plan.fields]))
    flags = plan.assignments.astype({"is_exhaustive": "object"})
    flags.loc[0, "is_exhaustive"] = "FALSE"
    with pytest.raises(InputError, match="E-PLAN-40"):
        dataclasses.replace(plan, assignments=flags)


def test_a_folder_is_read_with_places_looked_up(tmp_path: Path) -> None:
    plan = read_plan(folder(tmp_path))
    assert plan.assignments["place_id"].tolist() == ["310106", "310115"]
    assert plan.assignments["is_exhaustive"].tolist() == [False, False]
    assert plan.programmes.empty
    assert plan.zones.loc["temple", "lon"] == 121.49


def test_headings_and_files_may_be_chinese(tmp_path: Path) -> None:
    made = folder(tmp_path, clusters=None, assignments=None)
    (made / "集群.csv").write_text(
        "集群编号,中文名称,条款\nwheel,走马灯,一\ndragon,龙灯,二\n", "utf-8"
    )
    (made / "布局.csv").write_text(
        "集群编号,原文地名,条款\nwheel,静安,一\ndragon,浦东,二\n", "utf-8"
    )
    assert read_plan(made).clusters["name_zh"].tolist() == ["走马灯", "龙灯"]


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-16", "utf-8-sig"])
def test_other_encodings_are_accepted_and_noted(tmp_path: Path, encoding: str) -> None:
    made = folder(tmp_path, **{sheet: text.encode(encoding) for sheet, text in GOOD.items()})
    plan = read_plan(made)
    assert plan == read_plan(folder(tmp_path / "..", **GOOD))
    noted = [f for f in plan.findings if f.code == "N-TAB-02"]
    assert len(noted) == (0 if encoding == "utf-8-sig" else len(GOOD))


BAD: dict[str, tuple[dict[str, str | bytes | None], list[tuple[str, str, int | None, str]]]] = {
    "no plan sheet": ({"plan": None}, [("E-PLAN-01", "plan", None, "")]),
    "no assignments sheet": ({"assignments": None}, [("E-PLAN-01", "plan", None, "")]),
    "an empty sheet": ({"clusters": ""}, [("E-TAB-07", "clusters.csv", None, "")]),
    "headings only": (
        {"fields": "field_id,cluster_id,name_zh,clause\n"},
        [("E-PLAN-05", "fields.csv", None, "")],
    ),
    "a column missing": (
        {"fields": "field_id,cluster_id,name_zh\npaper,wheel,纸灯\ncloth,dragon,布龙\n"},
        [("E-TAB-11", "fields.csv", 1, "clause")],
    ),
    "a clause missing": (
        {"targets": GOOD["targets"].replace(",一\n", ",\n")},
        [("E-PLAN-03", "targets.csv", 2, "clause")],
    ),
    "two plans": (
        {"plan": GOOD["plan"] + "b,乙,district,\n"},
        [("E-PLAN-13", "plan.csv", None, "id")],
    ),
    "a level that is none": (
        {"plan": GOOD["plan"].replace("district", "county")},
        [("E-PLAN-12", "plan.csv", 2, "level")],
    ),
    "towns without their district": (
        {"plan": "id,title,level\na,b,town\n"},
        [("E-PLAN-14", "plan.csv", 2, "parent_id")],
    ),
    "a parent that is no code": (
        {"plan": GOOD["plan"].replace("310000", "上海")},
        [("E-PLAN-14", "plan.csv", 2, "parent_id")],
    ),
    "an id twice": (
        {"clusters": GOOD["clusters"] + "wheel,花灯,二（三）\n"},
        [("E-PLAN-04", "clusters.csv", 4, "cluster_id")],
    ),
    "a cluster's name twice": (
        {"clusters": GOOD["clusters"].replace("龙灯", "走 马灯")},
        [("E-PLAN-07", "clusters.csv", 3, "name_zh")],
    ),
    "a field twice in its cluster": (
        {"fields": GOOD["fields"] + "paper2,wheel,纸灯,二（一）2\n"},
        [("E-PLAN-07", "fields.csv", 4, "name_zh")],
    ),
    "a pair twice": (
        {"assignments": GOOD["assignments"] + "wheel,静安区,二（一）\n"},
        [("E-PLAN-08", "assignments.csv", 4, "place_as_written")],
    ),
    "a cluster without places": (
        {"assignments": GOOD["assignments"].replace("dragon", "wheel")},
        [("E-PLAN-09", "clusters.csv", 3, "cluster_id")],
    ),
    "a cluster without fields": (
        {"fields": GOOD["fields"].replace("dragon", "wheel")},
        [("E-PLAN-09", "clusters.csv", 3, "cluster_id")],
    ),
    "a place without cluster": (
        {"assignments": GOOD["assignments"] + ",长宁,二（一）\n"},
        [("E-PLAN-03", "assignments.csv", 4, "cluster_id")],
    ),
    "an assignment to no cluster": (
        {"assignments": GOOD["assignments"] + "moon,长宁,二（一）\n"},
        [("E-PLAN-27", "assignments.csv", 4, "cluster_id")],
    ),
    "a field of no cluster": (
        {"fields": GOOD["fields"] + "ice,moon,冰灯,二（三）\n"},
        [("E-PLAN-27", "fields.csv", 4, "cluster_id")],
    ),
    "a field under a field": (
        {"fields": GOOD["fields"] + "ice,paper,冰灯,二（三）\n"},
        [("E-PLAN-27", "fields.csv", 4, "cluster_id")],
    ),
    "fields in a circle": (
        {"fields": GOOD["fields"] + "a,b,甲,二\nb,a,乙,二\n"},
        [("E-PLAN-26", "fields.csv", 4, "cluster_id")],
    ),
    "a field under itself": (
        {"fields": GOOD["fields"] + "a,a,甲,二\n"},
        [("E-PLAN-26", "fields.csv", 4, "cluster_id")],
    ),
    "clusters in a circle": (
        {"clusters": "cluster_id,parent_id,name_zh,clause\nwheel,dragon,走马灯,一\ndragon,wheel,龙灯,二\n"},
        [("E-PLAN-26", "clusters.csv", 2, "parent_id")],
    ),
    "a cluster under none": (
        {"clusters": "cluster_id,parent_id,name_zh,clause\nwheel,moon,走马灯,一\ndragon,,龙灯,二\n"},
        [("E-PLAN-27", "clusters.csv", 2, "parent_id")],
    ),
    "no number": (
        {"targets": GOOD["targets"].replace("12", "12 场左右")},
        [("E-PLAN-12", "targets.csv", 2, "quantity")],
    ),
    "less than nothing": (
        {"targets": GOOD["targets"].replace("12", "-12")},
        [("E-PLAN-12", "targets.csv", 2, "quantity")],
    ),
    "an unknown qualifier": (
        {"targets": GOOD["targets"].replace("at_least", "maybe")},
        [("E-PLAN-12", "targets.csv", 2, "qualifier")],
    ),
    "a year of two digits": (
        {"targets": GOOD["targets"].replace("2035", "35")},
        [("E-PLAN-12", "targets.csv", 2, "year")],
    ),
    "a flag that is none": (
        {"assignments": "cluster_id,place_as_written,clause,is_exhaustive\nwheel,静安,一,可能\ndragon,浦东,二,否\n"},
        [("E-PLAN-12", "assignments.csv", 2, "is_exhaustive")],
    ),
    "a date that is none": (
        {"plan": "id,title,level,parent_id,published\na,b,district,310000,2023-13-01\n"},
        [("E-PLAN-12", "plan.csv", 2, "published")],
    ),
    "a longitude beyond the world": (
        {"zones": GOOD["zones"].replace("121.49", "221.49")},
        [("E-PLAN-12", "zones.csv", 2, "lon")],
    ),
    "axes exchanged": (
        {"zones": GOOD["zones"].replace("121.49,31.23", "31.23,121.49")},
        [("E-PLAN-12", "zones.csv", 2, "lat")],
    ),
    "half a point": (
        {"zones": GOOD["zones"].replace("121.49", "")},
        [("E-PLAN-15", "zones.csv", 2, "lon")],
    ),
    "a point without source": (
        {"zones": GOOD["zones"].replace("示例", "")},
        [("E-PLAN-15", "zones.csv", 2, "source")],
    ),
    "a row that is too long": (
        {"clusters": GOOD["clusters"] + "moon,月灯,二（三）,多,余\n"},
        [("E-TAB-12", "clusters.csv", 4, "")],
    ),
    "a heading twice": (
        {"clusters": GOOD["clusters"].replace("name_zh", "name_zh,中文名称").replace("灯,", "灯,x,")},
        [("E-TAB-08", "clusters.csv", 1, "name_zh")],
    ),
    "garbled text": (
        {"clusters": GOOD["clusters"].replace("走马灯", "走马灯".encode().decode("gb18030", "ignore") + "锟斤拷")},
        [("E-TAB-14", "clusters.csv", 2, "name_zh")],
    ),
    "等 against a closed list": (
        {"assignments": "cluster_id,place_as_written,clause,is_exhaustive\nwheel,静安等,一,是\ndragon,浦东,二,否\n"},
        [("E-PLAN-23", "assignments.csv", 2, "is_exhaustive")],
    ),
    "several places and one code": (
        {"assignments": "cluster_id,place_id,place_as_written,clause\nwheel,310106,静安、长宁,一\ndragon,,浦东,二\n"},
        [("E-PLAN-22", "assignments.csv", 2, "place_id")],
    ),
    "a name and a code that disagree": (
        {"assignments": "cluster_id,place_id,place_as_written,clause\nwheel,310105,静安,一\ndragon,,浦东,二\n"},
        [("E-PLAN-11", "assignments.csv", 2, "place_id")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_each_breach_is_named_with_its_place(tmp_path: Path, case: str) -> None:
    changes, expected = BAD[case]
    assert spots(refused(tmp_path, **changes)) == expected


def test_mixed_encodings_stop_with_the_byte(tmp_path: Path) -> None:
    mixed = GOOD["clusters"].encode() + "moon,月灯,二（三）\n".encode("gbk")
    found = refused(tmp_path, clusters=mixed)
    assert [(f.code, f.row) for f in found] == [("E-TAB-03", 4)]


def test_a_circle_is_printed_with_its_rows(tmp_path: Path) -> None:
    changes, _ = BAD["fields in a circle"]
    (finding,) = refused(tmp_path, **changes)
    assert "a（第 4 行）→b（第 5 行）→a（第 4 行）" in finding.reason
    assert "a (row 4) -> b (row 5) -> a (row 4)" in finding.reason_en


def test_a_repeated_field_names_both_rows(tmp_path: Path) -> None:
    changes, _ = BAD["a field twice in its cluster"]
    (finding,) = refused(tmp_path, **changes)
    assert "第 2 行、第 4 行" in finding.reason


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    found = refused(
        tmp_path,
        clusters=GOOD["clusters"].replace("龙灯", ""),
        targets=GOOD["targets"].replace("12", "x").replace("2035", "y"),
        assignments=GOOD["assignments"].replace("静安", "静桉"),
        zones=GOOD["zones"].replace("121.49", "999"),
    )
    assert {(f.file, f.row) for f in found} == {
        ("clusters.csv", 3), ("targets.csv", 2), ("assignments.csv", 2), ("zones.csv", 2),
    }  # fmt: skip
    assert len(found) == 5


def test_a_field_with_the_id_of_its_cluster_is_no_circle(tmp_path: Path) -> None:
    plan = read_plan(folder(tmp_path, fields=GOOD["fields"].replace("paper", "wheel")))
    assert plan.fields.index.tolist() == ["wheel", "cloth"]


def test_the_same_field_in_two_clusters_is_fine(tmp_path: Path) -> None:
    plan = read_plan(folder(tmp_path, fields=GOOD["fields"].replace("布龙", "纸灯")))
    assert plan.fields["name_zh"].tolist() == ["纸灯", "纸灯"]


def test_an_unknown_place_alone_says_so_by_the_class_of_the_error(tmp_path: Path) -> None:
    made = folder(tmp_path, assignments=GOOD["assignments"].replace("静安", "静桉"))
    with pytest.raises(UnknownPlaceError) as caught:
        read_plan(made)
    (finding,) = caught.value.findings
    assert (finding.file, finding.row, finding.column) == ("assignments.csv", 2, "place_as_written")
    assert "静安" in finding.fix


def test_a_town_among_districts_is_refused_with_its_district(tmp_path: Path) -> None:
    made = folder(tmp_path, assignments=GOOD["assignments"].replace("静安", "安亭镇"))
    with pytest.raises(UnknownPlaceError, match="嘉定区"):
        read_plan(made)


TOWNS = (
    "cluster_id,place_id,place_as_written,clause\nwheel,,佘山镇、泗泾镇,一\n"
    "wheel,310117107,九亭镇,一\ndragon,,九里亭,二\n"
)
BEYOND = (
    "cluster_id,place_id,place_as_written,clause\nwheel,320583100,玉山镇,一\n"
    "dragon,320583101,巴城镇,二\n"
)
DISTRICTS = "cluster_id,place_as_written,clause\nwheel,静安,一\ndragon,虹口区,二\n"


@pytest.mark.parametrize(
    ("level", "parent", "rows", "fix"),
    [
        ("区", "310117", TOWNS, "层级请写 town（街镇）；"),
        ("district", "310000", TOWNS, "层级请写 town（街镇），上级代码写 310117；"),
        ("区", "", TOWNS, "层级请写 town（街镇），上级代码写 310117；"),
        ("街镇", "310114", DISTRICTS, "层级请写 district（区），上级代码写 310000；"),
        # Beyond the gazetteer codes tell the level.
        (
            "区",
            "320583",
            BEYOND,
            "层级请写 town（街镇）；",
        ),
    ],
)
def test_a_level_that_no_place_is_of_is_said_once_in_its_own_cell(
    level: str, parent: str, rows: str, fix: str, tmp_path: Path
) -> None:
    sheet = f"id,title,level,parent_id\nlanterns,灯会方案,{level},{parent}\n"
    (one,) = refused(tmp_path, plan=sheet, assignments=rows, zones=None)
    assert (one.code, one.file, one.row, one.column, one.value) == (
        ("E-PLAN-24", "plan.csv", 2, "level", level)
    )
    assert one.fix.startswith(fix)


def test_beside_a_wrong_level_a_wrong_name_is_still_named(tmp_path: Path) -> None:
    sheet = "id,title,level,parent_id\nlanterns,灯会方案,区,310117\n"
    wrong = TOWNS.replace("九里亭", "九里停")
    found = refused(tmp_path, plan=sheet, assignments=wrong, zones=None)
    # 佘山镇, 泗泾镇 and 九亭镇 are towns; 九里停 is nothing, and the towns near it are offered.
    assert {(f.code, f.value) for f in found} == {("E-PLAN-24", "区"), ("E-PLACE-02", "九里停")}
    (level,) = [f for f in found if f.code == "E-PLAN-24"]
    assert "3 处地名中有 3 处是街镇" in level.reason
    (name,) = [f for f in found if f.code == "E-PLACE-02"]
    assert "九里亭" in name.fix


def test_a_zone_without_a_place_is_told_that_a_name_will_do(tmp_path: Path) -> None:
    (one,) = refused(tmp_path, zones=GOOD["zones"].replace("310101", ""))
    assert (one.code, one.column, one.fix, one.fix_en) == (
        ("E-PLAN-03", "place_id", "请填写地名或代码", "Give a name or a code")
    )
    plan = read_plan(folder(tmp_path, zones=GOOD["zones"].replace("310101", "黄浦")))
    assert plan.zones["place_id"].tolist() == ["310101"]


def test_the_guide_invites_a_blank_only_where_it_is_read() -> None:
    text = guide()
    for _, row in text[text["必填 Required"] == "必填 yes"].iterrows():
        assert "可留空" not in row["怎么填"], tuple(row)
        assert "may be blank" not in row["How to fill in"], tuple(row)
    (zones,) = text.index[(text["表 Sheet"] == "zones") & (text["列 Column"] == "place_id")]
    assert "也可直接写地名" in text.loc[zones, "怎么填"]
    assert "a name will do" in text.loc[zones, "How to fill in"]
    (rows,) = text.index[(text["表 Sheet"] == "assignments") & (text["列 Column"] == "place_id")]
    assert "可留空" in text.loc[rows, "怎么填"]


def test_an_ambiguous_name_is_settled_by_its_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stand_in(names: list[str], *, level: str, within: str | None) -> pd.Series:
        (name,) = names
        if name == "灯市":
            text = "对应 2 个地点：灯市（310105）、灯市（310106）"
            raise AmbiguousPlaceError(Finding("E-PLACE-03", text, "请写代码", "two", "code"))
        return resolve(names, level=level, within=within)

    monkeypatch.setattr("siting.places.resolve", stand_in)
    with pytest.raises(AmbiguousPlaceError):
        read_plan(folder(tmp_path, assignments=GOOD["assignments"].replace("静安", "灯市")))
    rows = "cluster_id,place_id,place_as_written,clause\nwheel,310106,灯市,一\ndragon,,浦东,二\n"
    plan = read_plan(folder(tmp_path, assignments=rows))
    assert plan.assignments["place_id"].tolist() == ["310106", "310115"]
    rows = rows.replace("310106", "310109")
    with pytest.raises(AmbiguousPlaceError):
        read_plan(folder(tmp_path, assignments=rows))


def test_several_places_in_a_cell_are_divided_with_a_warning(tmp_path: Path) -> None:
    rows = (
        "cluster_id,place_as_written,clause\nwheel,静安、长宁和虹口等区域,一\ndragon,浦东;崇明,二\n"
    )
    with pytest.warns(SitingWarning) as told:
        plan = read_plan(folder(tmp_path, assignments=rows))
    assert plan.assignments["place_as_written"].tolist() == ["静安", "长宁", "虹口", "浦东", "崇明"]
    assert plan.assignments["place_id"].tolist() == [
        "310106",
        "310105",
        "310109",
        "310115",
        "310151",
    ]
    assert not plan.assignments["is_exhaustive"].any()
    assert len(told) == 3  # two cells divided, one 等


def test_an_unresolved_part_of_a_cell_is_an_error(tmp_path: Path) -> None:
    rows = "cluster_id,place_as_written,clause\nwheel,静安、长宅,一\ndragon,浦东,二\n"
    found = refused(tmp_path, assignments=rows)
    assert [(f.row, f.value) for f in found] == [(2, "长宅")]


def test_a_town_plan_needs_no_codes(tmp_path: Path) -> None:
    plan = read_plan(
        folder(
            tmp_path,
            plan="id,title,level,parent_id\nlanterns,灯会方案,街镇,310114\n",
            assignments="cluster_id,place_as_written,clause\nwheel,工业区,一\ndragon,菊园,二\n",
            zones=None,
        )
    )
    assert plan.level == "town"
    assert plan.assignments["place_id"].tolist() == ["310114501", "310114401"]


def test_places_beyond_the_gazetteer_are_taken_by_code_and_noted(tmp_path: Path) -> None:
    plan_sheet = "id,title,level,parent_id\nlanterns,灯会方案,town,320583\n"
    rows = "cluster_id,place_id,place_as_written,clause\nwheel,320583100,玉山镇,一\ndragon,320583101,巴城镇,二\n"
    plan = read_plan(folder(tmp_path, plan=plan_sheet, assignments=rows, zones=None))
    assert plan.assignments["place_id"].tolist() == ["320583100", "320583101"]
    assert [f.code for f in plan.findings].count("N-PLAN-16") == 2
    for wrong in ("320584101", "32058310", ""):  # another city's, too short, none
        changed = rows.replace("320583101", wrong)
        assert [
            f.row for f in refused(tmp_path, plan=plan_sheet, assignments=changed, zones=None)
        ] == [3]


def test_a_second_district_works_by_names_alone(tmp_path: Path) -> None:
    plan_sheet = "id,title,level,parent_id\nlanterns,灯会方案,town,310107\n"
    rows = "cluster_id,place_as_written,clause\nwheel,长征,一\ndragon,桃浦镇,二\n"
    plan = read_plan(folder(tmp_path, plan=plan_sheet, assignments=rows, zones=None))
    assert plan.assignments["place_id"].tolist() == ["310107102", "310107103"]


def test_words_for_qualifiers_flags_and_dates_are_understood(tmp_path: Path) -> None:
    plan = read_plan(
        folder(
            tmp_path,
            plan="id,title,level,parent_id,published\na,b,区,310000,2023年7月18日\n",
            targets=GOOD["targets"].replace("at_least", "以上").replace("12", "１,200").replace("2035", "2035年")
            .replace("１,200", '"１,200"'),
        )
    )  # fmt: skip
    assert plan.published == "2023-07-18"
    assert plan.targets.loc["fairs", ["quantity", "qualifier", "year"]].tolist() == [
        1200,
        "at_least",
        2035,
    ]


def test_unknown_sheets_and_columns_are_left_out_with_a_warning(tmp_path: Path) -> None:
    made = folder(
        tmp_path,
        clusters=GOOD["clusters"].replace("clause", "clause,颜色").replace("）\n", "）,红\n"),
    )
    (made / "随笔.csv").write_text("a,b\n1,2\n", "utf-8")
    with pytest.warns(SitingWarning) as told:
        assert len(read_plan(made).clusters) == 2
    assert {str(w.message)[:8] for w in told} == {"W-PLAN-0", "W-TAB-09"}


def test_two_files_for_one_sheet_are_refused(tmp_path: Path) -> None:
    made = folder(tmp_path)
    (made / "集群.csv").write_text(GOOD["clusters"], "utf-8")
    with pytest.raises(InputError, match="E-PLAN-06"):
        read_plan(made)


@pytest.mark.parametrize(
    "source", ["shanghai", "nowhere/at.all", "https://example.org/p.xlsx", "/vsicurl/x"]
)
def test_what_is_no_plan_is_refused(source: str) -> None:
    with pytest.raises(InputError):
        read_plan(source)
    with pytest.raises(InputError, match="shanghai-2022"):
        read_plan("shanghai-2023")


def test_the_template_comes_back_as_the_same_plan(tmp_path: Path) -> None:
    for name in PLANS:
        path = write_template(tmp_path / f"{name}.xlsx", plan=name)
        assert read_plan(path) == read_plan(name)
    path = write_template(tmp_path / "empty.xlsx")
    assert read_plan(path) == example()
    assert read_plan(path).findings == tuple(
        f for f in read_plan(path).findings if f.severity == "note"
    )


def test_the_template_explains_every_column_in_two_languages(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_template(tmp_path / "t.xlsx"))
    assert book.sheetnames == ["说明", *SHEETS]
    for sheet, columns in SHEETS.items():
        headings = [cell.value for cell in book[sheet][1]]
        assert [h.split("\n")[1] for h in headings] == list(columns)
        assert all(re.search("[\u4e00-\u9fff]", h) for h in headings), headings
    text = guide()
    listed = set(zip(text["表 Sheet"], text["列 Column"], strict=True))
    assert {(s, c) for s, columns in SHEETS.items() for c in columns} <= listed
    assert "虚构" in book["plan"]["B2"].value


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    first = write_template(tmp_path / "a.xlsx", plan="jiading-2023").read_bytes()
    assert write_template(tmp_path / "b.xlsx", plan="jiading-2023").read_bytes() == first


def test_a_template_does_not_replace_a_file_unasked(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    path.write_text("mine")
    with pytest.raises(ExistingOutputError):
        write_template(path)
    assert path.read_text() == "mine"
    assert read_plan(write_template(path, overwrite=True)) == example()
    with pytest.raises(InputError, match="E-PLAN-41"):
        write_template(tmp_path / "t.xls")


def test_a_template_filled_in_by_hand_is_read(tmp_path: Path) -> None:
    path = write_template(tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(path)
    # What spreadsheets do: numbers for codes, a total below, a sheet of notes, a blank code.
    book["assignments"]["B2"] = 310105
    book["assignments"]["B3"] = None
    book["targets"]["A6"] = "合计"
    book["targets"]["D6"] = 75
    book.create_sheet("随笔").append(["a"])
    book.save(path)
    with pytest.warns(SitingWarning) as told:
        assert read_plan(path) == example()
    assert len(told) == 2


def test_findings_in_a_workbook_name_sheet_and_row(tmp_path: Path) -> None:
    path = write_template(tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(path)
    book["fields"]["B3"] = "nothing"
    book["targets"]["D2"] = "=1+1"
    book.save(path)
    with pytest.raises(InputError) as caught:
        read_plan(path)
    assert {(f.file, f.sheet, f.row) for f in caught.value.findings if f.row} == {
        ("t.xlsx", "fields", 3), ("t.xlsx", "targets", 2),
    }  # fmt: skip


DISTRICTS = [
    "310101",
    "310104",
    "310105",
    "310106",
    "310107",
    "310109",
    "310110",
    "310112",
    "310115",
]
WRITTEN = ["黄浦区", "徐汇", "长宁区", "静安", "普陀区", "虹口", "杨浦区", "闵行", "浦东"]
_WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Mn"]),
    max_size=12,
).map(str.strip)  # fmt: skip
_SOUND = _WORDS.filter(
    lambda text: text not in ("合计", "小计", "总计") and suspected(text) is None
)
WORDS = _SOUND | st.sampled_from(
    ["=1+1", "@x", "TRUE", "007", "1e5", "_x0041_", "<b>", "{{7*7}}", "甲\n乙", "'a"]
)
NAMED = WORDS.filter(bool)
IDS = st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True)
NUMBERS = st.floats(0, 1e15, allow_subnormal=False) | st.integers(0, 10**6).map(float)


def unique(
    key: str, values: Callable[[st.DataObject], dict[str, object]], data: st.DataObject, least: int
) -> list[dict[str, object]]:
    ids = data.draw(st.lists(IDS, min_size=least, max_size=4, unique=True))
    return [{key: one, **values(data)} for one in ids]


@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking a whole plan takes minutes
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_any_plan_comes_back_from_its_template(tmp_path: Path, data: st.DataObject) -> None:
    def fact(d: st.DataObject) -> dict[str, object]:
        return {"name_en": d.draw(WORDS), "clause": d.draw(NAMED)}

    clusters = unique("cluster_id", fact, data, 1)
    for i, row in enumerate(clusters):
        row |= {"name_zh": f"集群{i}", "tier": data.draw(WORDS)}
    fields = [
        {
            "field_id": f"{c['cluster_id']}-{j}",
            "cluster_id": c["cluster_id"],
            "name_zh": f"领域{j}",
            **fact(data),
        }
        for c in clusters
        for j in range(data.draw(st.integers(1, 3)))
    ]
    pairs = [
        {
            "cluster_id": c["cluster_id"],
            "place_id": DISTRICTS[p],
            "place_as_written": WRITTEN[p],
            "clause": data.draw(NAMED),
            "is_exhaustive": data.draw(st.booleans()),
        }
        for c in clusters
        for p in data.draw(st.lists(st.integers(0, 8), min_size=1, max_size=4, unique=True))
    ]

    def target(d: st.DataObject) -> dict[str, object]:
        return {
            "name_zh": d.draw(NAMED),
            "quantity": d.draw(NUMBERS),
            "unit": d.draw(NAMED),
            "qualifier": d.draw(st.sampled_from(["about", "at_least", "more_than", "exactly"])),
            "year": d.draw(st.integers(1000, 9999)),
            **fact(d),
        }

    def zone(d: st.DataObject) -> dict[str, object]:
        known = d.draw(st.booleans())
        return {
            "name_zh": d.draw(NAMED),
            "place_id": d.draw(st.sampled_from(DISTRICTS)),
            "lon": d.draw(st.floats(-180, 180)) if known else math.nan,
            "lat": d.draw(st.floats(-90, 90)) if known else math.nan,
            "source": d.draw(NAMED),
            "note": d.draw(WORDS),
            **fact(d),
        }

    rows = {
        "clusters": clusters,
        "fields": fields,
        "assignments": pairs,
        "targets": unique("target_id", target, data, 0),
        "programmes": unique(
            "programme_id", lambda d: {"name_zh": d.draw(NAMED), **fact(d)}, data, 0
        ),
        "zones": unique("zone_id", zone, data, 0),
    }
    frames = {s: make_frame(s, pd.DataFrame(r, columns=list(SHEETS[s]))) for s, r in rows.items()}
    plan = Plan(
        id=data.draw(NAMED),
        title=data.draw(NAMED),
        title_en=data.draw(WORDS),
        level="district",
        issuer=data.draw(WORDS),
        document_no=data.draw(WORDS),
        url=data.draw(WORDS),
        published=data.draw(st.sampled_from(["", "2023", "2023-07", "2023-07-18"])),
        parent_id=data.draw(st.sampled_from(["", "310000"])),
        **frames,
    )
    assert read_plan(write_template(tmp_path / "t.xlsx", plan=plan, overwrite=True)) == plan


@pytest.mark.parametrize("source", [None, 3, ""])
def test_what_is_no_source_of_a_plan_is_refused_with_the_list(source: object) -> None:
    with pytest.raises(InputError, match="shanghai-2022"):
        read_plan(source)
