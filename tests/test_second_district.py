"""Any district by data alone: a MADE-UP plan on real towns of 松江区, from workbook to briefing."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely

from siting import cli, geodata
from siting.briefing import write_briefing
from siting.errors import InputError, SitingWarning
from siting.export import save_html
from siting.maps import plan_map
from siting.places import read_places
from siting.plan import Plan, read_plan, write_template
from siting.plan.model import FRAMES, SHEETS, make_frame
from siting.study import Study, study_plan

DISTRICT = "310117"  # 松江区
NO_GROUND = {"佘山度假区", "上海松江出口加工区"}  # listed offices without outlines in such files
MADE_UP = "松江区某未来产业布局方案（虚构，仅供测试）"
ROWS: dict[str, list[tuple[Any, ...]]] = {
    "clusters": [
        ("future-health", "未来健康（虚构）", "Health (made up)", "集群", "二（一）"),
        ("future-space", "未来空间（虚构）", "Space (made up)", "领域", "二（二）"),
        ("lanterns", "花灯（虚构）", "Lanterns (made up)", "方向", "二（三）"),
    ],
    "fields": [
        ("f1", "future-health", "合成生物（虚构）", "", "二（一）1"),
        ("f2", "future-health", "脑机接口（虚构）", "", "二（一）2"),
        ("f3", "future-space", "低空飞行（虚构）", "", "二（二）1"),
        ("f4", "lanterns", "纸灯（虚构）", "", "二（三）1"),
    ],
    # Names as people write them, with no code: short, full, with a code.
    "assignments": [
        ("future-health", "", "泗泾", "二（一）", False),
        ("future-health", "", "九亭镇", "二（一）", False),
        ("future-health", "310117003", "方松街道", "二（一）", False),
        ("future-space", "", "小昆山", "二（二）", True),
        ("future-space", "", "泗泾镇", "二（二）", True),
        ("lanterns", "", "车墩", "二（三）", False),
    ],
    "targets": [("t1", "花灯产值", "", 3, "亿元", "about", 2030, "一（二）")],
    "programmes": [],
    "zones": [],
}


@dataclass(frozen=True)
class Case:
    """A workbook with the made-up plan, and a file of the district's towns."""

    plan: Path
    boundaries: Path
    real: bool


def made_up() -> Plan:
    frames: dict[str, Any] = {
        name: make_frame(name, pd.DataFrame(ROWS[name], columns=list(SHEETS[name])))
        for name in FRAMES
    }
    return Plan(
        id="made-up-songjiang", title=MADE_UP, level="town", parent_id=DISTRICT,
        published="2026-01-01", **frames,
    )  # fmt: skip


def listed_towns() -> pd.DataFrame:
    table = pd.read_csv(geodata.path("gazetteer.csv"), dtype=str)
    return table[(table["parent_id"] == DISTRICT) & ~table["name_zh"].isin(NO_GROUND)]


def squares(path: Path) -> Path:
    """Write squares inside 松江区 that bear the codes and names of its towns: no real borders."""
    towns = listed_towns()
    shapes = [
        shapely.box(
            121.18 + 0.02 * (i % 5), 31.0 + 0.02 * (i // 5),
            121.2 + 0.02 * (i % 5), 31.02 + 0.02 * (i // 5),
        )
        for i in range(len(towns))
    ]  # fmt: skip
    columns = {"code": towns["place_id"].tolist(), "name": towns["name_zh"].tolist()}
    return written(gpd.GeoDataFrame(columns, geometry=shapes, crs=4326), path)


def outlines(reference: Path, path: Path) -> Path:
    """Write the real towns of 松江区 from the reference data."""
    towns = gpd.read_file(reference / "geodata" / "shanghai_towns229_mit_wgs84.geojson")
    return written(
        towns.loc[towns["district_code"] == DISTRICT, ["code", "name", "geometry"]], path
    )


def written(units: gpd.GeoDataFrame, path: Path) -> Path:
    path.write_text(units.to_json(drop_id=True), "utf-8")
    return path


@pytest.fixture(params=["squares", "real"])
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Case]:
    file = tmp_path / "松江街镇.geojson"
    real = request.param == "real"
    made = outlines(request.getfixturevalue("reference"), file) if real else squares(file)
    plan = write_template(tmp_path / "松江（虚构）.xlsx", plan=made_up())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SitingWarning)  # of gaps, and of zones without ground
        yield Case(plan, made, real)


def study(case: Case) -> Study:
    return study_plan(str(case.plan), boundaries=case.boundaries)


def test_the_workbook_is_read_and_every_name_finds_its_town(case: Case) -> None:
    plan = read_plan(case.plan)
    assert "虚构" in plan.title
    # By hand from the national list of codes.
    assert plan.assignments["place_id"].tolist() == [
        "310117102", "310117107", "310117003", "310117121", "310117102", "310117104",
    ]  # fmt: skip


def test_overlap_is_what_the_rows_say(case: Case) -> None:
    found = study(case)
    assert len(found.places) == len(listed_towns()) == 18
    assert found.places["area_official_km2"].isna().all()
    assert found.weighted_pairs == {}  # no official area is known, so none is used
    assert int(found.stack["310117102"]) == 2  # 泗泾: 健康 and 空间
    assert int((found.stack == 0).sum()) == 18 - 5
    pairs = found.cluster_pairs.set_index(["a", "b"])
    assert int(pairs.loc[("future-health", "future-space"), "shared"]) == 1
    # one shared place of 3 and 2 in 18: 1 - C(15,2)/C(18,2) = 1 - 105/153
    assert pairs.loc[("future-health", "future-space"), "p"] == pytest.approx(48 / 153, rel=1e-12)
    deep = found.depth[found.depth["depth"] == 2]
    own = study(case).footprints
    one = own[(own["place_id"] == "310117102")].area.iloc[0] / 1e6
    assert deep["area_km2"].sum() == pytest.approx(one, rel=1e-9)


def test_zones_that_the_file_lacks_are_told(case: Case) -> None:
    with pytest.warns(SitingWarning) as told:
        places = read_places("town", within=DISTRICT, boundaries=case.boundaries)
    text = "".join(str(one.message) for one in told)
    assert all(name in text for name in NO_GROUND)
    assert all(name in "".join(places.attrs["notes_zh"]) for name in NO_GROUND)
    assert not NO_GROUND & set(places["name_zh"])


def test_a_town_that_the_file_lacks_stops(case: Case) -> None:
    units = gpd.read_file(case.boundaries)
    with pytest.raises(InputError, match="泗泾镇") as caught:
        read_places("town", within=DISTRICT, boundaries=units[units["code"] != "310117102"])
    assert [f.code for f in caught.value.findings] == ["E-BND-12"]


def test_the_map_names_the_plan_as_made_up_and_the_file_as_its_source(case: Case) -> None:
    found = study(case)
    target = save_html(plan_map(found.plan, found.places), case.plan.parent / "map.html")
    text = target.read_text("utf-8")
    assert "虚构，仅供测试" in text
    assert "松江街镇.geojson" in text
    assert "泗泾镇" in text


def test_the_briefing_takes_plan_and_borders_and_says_whose_they_are(case: Case) -> None:
    out = case.plan.parent / "out"
    words = ["briefing", str(out), "--district", str(case.plan)]
    assert cli.main([*words, "--boundaries", str(case.boundaries)]) == cli.OK
    page = (out / "index.html").read_text("utf-8")
    assert MADE_UP in page
    assert "松江街镇.geojson（使用者自备的边界文件" in page
    facts = json.loads((out / "manifest.json").read_text("utf-8"))
    assert f"{case.boundaries.parent.name}/松江街镇.geojson" in facts["inputs"]
    assert "gazetteer.csv" in facts["inputs"]
    assert "maps/made-up-songjiang.html" in facts["outputs"]
    book = openpyxl.load_workbook(out / "tables.xlsx")
    rows = list(book["数据来源"].iter_rows(values_only=True))
    own = next(row for row in rows if row[0] == "松江街镇.geojson")
    assert own[-1] == facts["inputs"][f"{case.boundaries.parent.name}/松江街镇.geojson"]
    assert "松江区-集群与地区" in book.sheetnames
    book.close()


def test_a_file_called_like_a_bundled_one_is_not_credited_as_that(case: Case) -> None:
    own = case.boundaries.rename(case.boundaries.with_name("jiading_units_2023.geojson"))
    out = case.plan.parent / "out"
    write_briefing(out, district=str(case.plan), boundaries=own, lang="en")
    facts = json.loads((out / "manifest.json").read_text("utf-8"))
    assert "jiading_units_2023.geojson" not in facts["inputs"]
    page = (out / "index.html").read_text("utf-8")
    assert "jiading_units_2023.geojson (The user" in page.replace("&#39;", "'")
    credit = geodata.attribution(["jiading_units_2023.geojson"], "en").split("; ")
    others = geodata.attribution(["districts.geojson", "tables/districts.csv"], "en")
    ours_alone = [one for one in credit if one not in others]
    assert ours_alone
    for text in (page, (out / "maps" / "made-up-songjiang.html").read_text("utf-8")):
        assert not any(one in text for one in ours_alone)
    assert f"{own.parent.name}/{own.name}" in facts["inputs"]


def test_without_borders_the_briefing_stops_and_asks_for_them(case: Case) -> None:
    with pytest.raises(InputError, match="boundaries="):
        write_briefing(case.plan.parent / "out", district=str(case.plan))
    assert not (case.plan.parent / "out").exists()


# The list of towns is of 2023, the reference file older: two towns have become subdistricts since.
CHANGED = {"310110": "长海路街道", "310120": "金海街道"}


def test_the_towns_of_all_other_districts_are_matched_or_named(reference: Path) -> None:
    file = reference / "geodata" / "shanghai_towns229_mit_wgs84.geojson"
    towns = gpd.read_file(file)
    for district in read_places("district").index.drop("310114"):
        mine = towns[towns["district_code"] == district]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SitingWarning)
            if district in CHANGED:
                with pytest.raises(InputError, match=CHANGED[district]):
                    read_places("town", within=district, boundaries=mine)
                continue
            found = read_places("town", within=district, boundaries=mine)
        assert len(found) == len(mine), district
