"""The user's own firms in the briefing: read whole, put in towns or districts, and said which."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from siting import geodata
from siting.briefing import write_briefing, write_concentration, writing
from siting.briefing.brought import bring, brought_chapter
from siting.briefing.concentration import census_chapter
from siting.briefing.inputs import read_all, read_study
from siting.briefing.story import Chapter, Items, Picture, Table, Text
from siting.colours import cluster_colours
from siting.crs import convert
from siting.errors import Finding, InputError, SitingWarning
from siting.plan import read_plan
from siting.points import read_points
from siting.study import Study, study_plan
from tests.drawn import texts

# Tables of two or three firms are small, and the measures say so; that is tested elsewhere.
pytestmark = pytest.mark.filterwarnings("ignore:W-CON-01:siting.errors.SitingWarning")

# Two firms in Jiading's towns, and one in Pudong.
JIADING = "企业名称,行业,经度,纬度,人数\n甲,汽车,121.25,31.38,120\n乙,医药,121.26,31.37,30\n"
PUDONG = JIADING + "丙,汽车,121.60,31.20,5\n"


@pytest.fixture(scope="module")
def studies() -> tuple[Study, Study]:
    return study_plan("shanghai-2022"), study_plan("jiading-2023")


def chapter(
    file: Path, studies: tuple[Study, Study], *, lang: str = "zh", **options: str | None
) -> Chapter:
    asked = {"by": None, "weight": None, "frame": None, **options}
    firms = bring(file, **asked)
    assert firms is not None
    return brought_chapter(firms, *studies, lang)


def counts(made: Chapter) -> dict[str, dict[str, int]]:
    (table,) = [one for one in made.blocks if isinstance(one, Table) and one.key == "firm_counts"]
    frame = table.frame.set_index(table.frame.columns[0])
    rows = {place: {k: int(v) for k, v in row.items() if v} for place, row in frame.iterrows()}
    return {str(place): row for place, row in rows.items() if row}


def save(folder: Path, text: str) -> Path:
    file = folder / "firms.csv"
    file.write_text(text, "utf-8")
    return file


def test_firms_that_all_lie_in_the_district_are_put_in_its_towns(
    tmp_path: Path, studies: tuple[Study, Study]
) -> None:
    made = chapter(save(tmp_path, JIADING), studies)
    assert isinstance(made.blocks[0], Text)
    assert "按街镇统计" in made.blocks[0].text
    found = counts(made)
    assert set(found) <= set(studies[1].places["name_zh"])
    total = [n for row in found.values() for n in row.values()]
    assert sum(total) == 2


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        (
            "zh",
            "3 个点中有 1 个不在该区内，全市的点至少一半在该区，因此按街镇统计；区外的 1 个不计入",
        ),
        (
            "en",
            "1 of 3 points lies outside the district, and at least half of those in the city in",
        ),
    ],
)
def test_few_firms_elsewhere_leave_the_towns_and_are_listed_and_told(
    lang: str, told: str, tmp_path: Path, studies: tuple[Study, Study]
) -> None:
    # Two in Jiading, one in Pudong: the towns hold most. Row 4 is the one in Pudong.
    with pytest.warns(SitingWarning, match="W-BRIEF-03") as caught:
        made = chapter(save(tmp_path, PUDONG), studies, lang=lang)
    (one,) = [str(w.message) for w in caught if "W-BRIEF-03" in str(w.message)]
    assert "3 个点中有 1 个不在该区内" in one
    assert "1 of 3 points lies outside" in one
    assert isinstance(made.blocks[0], Text)
    assert made.blocks[0].text.startswith(told)
    assert sum(n for row in counts(made).values() for n in row.values()) == 2
    (rejects,) = [b for b in made.blocks if isinstance(b, Table) and b.key == "rejects"]
    assert rejects.frame[rejects.frame.columns[0]].tolist() == ["4"]


# Firms in Jiading, in Pudong and in the sea; half of those in the city is enough for the towns, and
# those in no district speak for neither.
@pytest.mark.parametrize(
    ("jiading", "pudong", "sea", "towns"),
    [(2, 2, 0, True), (2, 3, 0, False), (2, 2, 9, True), (0, 1, 0, False), (1, 0, 3, True)],
)
@pytest.mark.filterwarnings("ignore:W-(BRIEF-03|PNT-16):siting.errors.SitingWarning")
def test_towns_are_counted_where_they_hold_half_of_the_firms_of_the_city(
    jiading: int,
    pudong: int,
    sea: int,
    *,
    towns: bool,
    tmp_path: Path,
    studies: tuple[Study, Study],
) -> None:
    spots = ["121.25,31.38"] * jiading + ["121.60,31.20"] * pudong + ["122.20,31.20"] * sea
    rows = [f"厂{i},汽车,{spot}" for i, spot in enumerate(spots)]
    made = chapter(save(tmp_path, "\n".join(["企业名称,行业,经度,纬度", *rows])), studies)
    assert isinstance(made.blocks[0], Text)
    assert ("按街镇统计" in made.blocks[0].text) == towns
    assert ("不到一半在该区，因此按全市各区统计" in made.blocks[0].text) == (not towns)
    assert set(counts(made)) <= set(studies[towns].places["name_zh"])
    assert sum(n for row in counts(made).values() for n in row.values()) == (
        jiading if towns else jiading + pudong
    )


def test_whose_places_are_counted_may_be_said(tmp_path: Path, studies: tuple[Study, Study]) -> None:
    made = chapter(save(tmp_path, PUDONG), studies, lang="en", over="city")
    assert isinstance(made.blocks[0], Text)
    assert made.blocks[0].text == (
        "1 of 3 points lies outside the district; as asked, the districts of the city are counted."
    )
    assert counts(made) == {"Jiading": {"汽车": 1, "医药": 1}, "Pudong New Area": {"汽车": 1}}
    most = PUDONG + "丁,汽车,121.60,31.20,5\n戊,汽车,121.60,31.20,5\n"
    with pytest.warns(SitingWarning, match="W-BRIEF-03"):
        made = chapter(save(tmp_path, most), studies, over="district")
    assert isinstance(made.blocks[0], Text)
    assert made.blocks[0].text.startswith("5 个点中有 3 个不在该区内；按要求按街镇统计")
    with pytest.raises(InputError, match="points_over"):
        chapter(save(tmp_path, most), studies, over="town")
    with pytest.raises(InputError, match="E-BRIEF-02"):
        write_briefing(tmp_path / "out", points_over="city")


def test_sizes_count_when_they_are_asked_for(tmp_path: Path, studies: tuple[Study, Study]) -> None:
    made = chapter(save(tmp_path, PUDONG), studies, weight="人数", by="行业", over="city")
    assert counts(made) == {"嘉定区": {"汽车": 120, "医药": 30}, "浦东新区": {"汽车": 5}}


def test_a_missing_size_rejects_no_firm_unless_sizes_are_asked_for(
    tmp_path: Path, studies: tuple[Study, Study]
) -> None:
    file = save(tmp_path, PUDONG.replace("121.60,31.20,5", "121.60,31.20,"))
    assert counts(chapter(file, studies, over="city"))["浦东新区"] == {"汽车": 1}
    with pytest.warns(UserWarning, match="W-PNT-34"):
        firms = bring(file, by=None, weight="人数", frame=None)
    assert firms is not None
    assert firms.points.report.rejected == 1


def test_the_frame_of_the_points_is_heeded(tmp_path: Path) -> None:
    lon, lat = convert(121.25, 31.38, source="wgs84", target="gcj02")
    file = save(tmp_path, f"行业,经度,纬度\n汽车,{lon:.9f},{lat:.9f}\n")
    firms = bring(file, by=None, weight=None, frame="gcj02")
    assert firms is not None
    assert firms.points.frame["lon"].iloc[0] == pytest.approx(121.25, abs=1e-8)
    assert firms.points.frame["lat"].iloc[0] == pytest.approx(31.38, abs=1e-8)


def test_without_a_column_of_sectors_the_columns_are_listed(
    tmp_path: Path, studies: tuple[Study, Study]
) -> None:
    file = save(tmp_path, JIADING.replace("行业", "类型甲"))
    with pytest.raises(InputError) as caught:
        chapter(file, studies)
    (one,) = caught.value.findings
    assert (one.code, one.file, one.column) == ("E-BRIEF-01", "firms.csv", "points_by")
    assert "企业名称、类型甲、经度、纬度、人数" in one.fix
    assert "lon" not in one.fix
    assert len(counts(chapter(file, studies, by="类型甲"))) > 0
    with pytest.raises(InputError, match="无此列"):
        chapter(file, studies, by="无此列")


def test_points_that_were_read_already_are_taken_as_they_are(
    tmp_path: Path, studies: tuple[Study, Study]
) -> None:
    read = read_points(save(tmp_path, PUDONG))
    firms = bring(read, by=None, weight="人数", frame=None, over="city")
    assert firms is not None
    assert firms.inputs == {}
    assert counts(brought_chapter(firms, *studies, "zh"))["浦东新区"] == {"汽车": 5}
    with pytest.raises(InputError, match="points_frame"):
        bring(read, by=None, weight=None, frame="gcj02")
    text = bring(read, by=None, weight="企业名称", frame=None, over="city")
    assert text is not None
    with pytest.raises(InputError, match="points_weight"):
        brought_chapter(text, *studies, "zh")


def test_the_sample_says_that_it_is_made_up_under_any_name_in_every_picture_and_sentence(
    tmp_path: Path, studies: tuple[Study, Study]
) -> None:
    sample = geodata.path("tables/synthetic_firms.csv").read_text("utf-8-sig")
    own = save(tmp_path, sample.replace("所属集群（合成）", "集群"))
    made = chapter(own, studies, by="集群")
    pictures = [one for one in made.blocks if isinstance(one, Picture)]
    assert len(pictures) == 4
    assert all("合成" in one.caption for one in pictures)
    assert "合成" in made.answer
    for one in pictures:
        if one.map is not None:
            assert "合成" in one.map.scene["title"]


@pytest.mark.filterwarnings("ignore:W-BRIEF-03:siting.errors.SitingWarning")
def test_rows_in_no_place_and_without_a_sector_stand_with_the_rows_not_used(
    tmp_path: Path, studies: tuple[Study, Study]
) -> None:
    # row 4 lies in the sea, row 5 has no sector, row 6 no coordinates
    rows = PUDONG.replace("121.60", "122.20") + "丁,,121.25,31.38,5\n戊,汽车,,,5\n"
    with pytest.warns(SitingWarning, match="缺少坐标"):
        made = chapter(save(tmp_path, rows), studies)
    (table,) = [one for one in made.blocks if isinstance(one, Table) and one.key == "rejects"]
    told = dict(zip(table.frame["行号"], table.frame["原因"], strict=True))
    assert sorted(told) == ["4", "5", "6"]
    assert len(set(told.values())) == 3


def test_one_real_row_among_made_up_ones_does_not_hide_them(
    tmp_path: Path, studies: tuple[Study, Study]
) -> None:
    lines = geodata.path("tables/synthetic_firms.csv").read_text("utf-8-sig").splitlines()
    real = "R1,某某公司,future-health,5,121.26,31.39,新成路街道,"
    made = chapter(save(tmp_path, "\n".join([*lines, real])), studies, by="所属集群（合成）")
    assert "合成" in made.answer
    (points,) = [
        one for one in made.blocks if isinstance(one, Picture) and one.name == "firms-points"
    ]
    assert "600 行为合成数据" in points.caption


def test_a_field_named_synthetic_is_not_made_up(
    tmp_path: Path, studies: tuple[Study, Study]
) -> None:
    rows = JIADING.replace("汽车", "Synthetic biology").replace("医药", "synthetic fuels")
    made = chapter(save(tmp_path, rows), studies, lang="en")
    assert not any(
        "no real firms" in one.caption for one in made.blocks if isinstance(one, Picture)
    )


def test_one_sector_in_several_spellings_is_one(
    tmp_path: Path, studies: tuple[Study, Study]
) -> None:
    rows = (
        "企业名称,集群,经度,纬度\n甲,未来智能,121.25,31.38\n乙,future-intelligence,121.25,31.38\n"
        "丙,ＡＩ,121.25,31.38\n丁,AI,121.25,31.38\n戊,未知,121.25,31.38\n"
    )
    made = chapter(save(tmp_path, rows), studies, by="集群")
    # two of 未来智能 and two of AI in one town; 未知 is no sector
    assert counts(made) == {"嘉定镇街道": {"AI": 2, "future-intelligence": 2}}


def test_what_casts_doubt_on_the_rows_stands_on_the_page_with_the_weight(
    tmp_path: Path, studies: tuple[Study, Study]
) -> None:
    rows = (
        "企业名称,统一社会信用代码,行业,经度,纬度,人数\n甲,91310114MA1GT00001,汽车,121.25,31.38,3\n"
        "乙,91310114MA1GT00001,医药,121.26,31.37,4\n"
    )
    with pytest.warns(SitingWarning, match="W-PNT-11"):
        made = chapter(save(tmp_path, rows), studies, weight="人数")
    said = "".join(line for one in made.blocks if isinstance(one, Items) for line in one.sentences)
    assert "W-PNT-11" in said
    assert "样本过小" in said
    assert "按“人数”加权" in said


def test_a_doubt_is_told_by_its_mark_whatever_its_code(
    tmp_path: Path, studies: tuple[Study, Study]
) -> None:
    read = read_points(save(tmp_path, PUDONG))
    told = Finding("W-NEW-01", "新的疑点", "请核对", "a new doubt", "Check it", severity="warning")
    both = (replace(told, doubt=True), replace(told, reason="与结果无关"))
    read = replace(read, report=replace(read.report, findings=both))
    firms = bring(read, by=None, weight=None, frame=None, over="city")
    assert firms is not None
    made = brought_chapter(firms, *studies, "zh")
    said = "".join(line for one in made.blocks if isinstance(one, Items) for line in one.sentences)
    assert "新的疑点" in said
    assert "与结果无关" not in said


def test_bars_of_firms_have_intervals_and_bars_of_the_census_say_why_they_have_none(
    tmp_path: Path, studies: tuple[Study, Study]
) -> None:
    def bars(made: Chapter | None) -> Picture:
        assert made is not None
        (one,) = [b for b in made.blocks if isinstance(b, Picture) and b.name.endswith("-bars")]
        return one

    firms = bars(
        chapter(geodata.path("tables/synthetic_firms.csv"), studies, by="所属集群（合成）")
    )
    assert "95% 区间" in firms.caption
    assert firms.figure is not None
    drawn = texts(firms.figure())
    assert "细线为区间" in "".join(drawn)
    assert [one for one in drawn if re.fullmatch(r"[\d.]+ \[[\d.]+, [\d.]+\]", one)]
    census = bars(census_chapter(studies[0], "zh"))
    assert "区间" not in census.caption
    assert census.figure is not None
    drawn = texts(census.figure())
    assert "不是样本" in "".join(drawn)
    assert not [one for one in drawn if "[" in one]


def test_every_table_and_picture_of_firms_says_what_it_rests_on(
    tmp_path: Path, studies: tuple[Study, Study]
) -> None:
    made = chapter(save(tmp_path, PUDONG), studies, over="city")
    shown = [one for one in made.blocks if isinstance(one, Table | Picture)]
    assert len(shown) > 6
    assert [one for one in shown if not one.basis] == []


def test_error_texts_in_the_column_of_sectors_reject_their_rows(
    tmp_path: Path, studies: tuple[Study, Study]
) -> None:
    rows = "企业名称,行业,领域,经度,纬度\n甲,#N/A,汽车,121.25,31.38\n乙,医药,#REF!,121.26,31.37\n"
    with pytest.warns(SitingWarning, match="W-PNT"):
        made = chapter(save(tmp_path, rows), studies, by="领域")
    assert sum(sum(row.values()) for row in counts(made).values()) == 1


def test_real_firms_are_not_called_made_up(tmp_path: Path, studies: tuple[Study, Study]) -> None:
    made = chapter(save(tmp_path, JIADING), studies)
    assert not any("合成" in one.caption for one in made.blocks if isinstance(one, Picture))


def test_clusters_have_their_names_and_their_colours(
    tmp_path: Path, studies: tuple[Study, Study]
) -> None:
    rows = "企业名称,集群,经度,纬度\n甲,future-health,121.25,31.38\n乙,future-energy,121.26,31.37\n"
    made = chapter(save(tmp_path, rows), studies, by="集群")
    (points,) = [
        one for one in made.blocks if isinstance(one, Picture) and one.name == "firms-points"
    ]
    clusters = studies[0].plan.clusters
    own = dict(zip(clusters["name_zh"], cluster_colours(list(clusters.index)), strict=True))
    assert points.map is not None
    shown = {
        item["label"].split("（")[0]: item["fill"]
        for item in points.map.scene["legends"][0]["items"]
    }
    assert shown.items() <= own.items()
    assert set(shown) == set(own)


def test_a_table_with_no_row_that_can_be_used_is_refused(
    tmp_path: Path, studies: tuple[Study, Study]
) -> None:
    file = save(tmp_path, "行业,经度,纬度\n汽车,0,0\n")
    with pytest.warns(UserWarning, match="W-PNT-27"), pytest.raises(InputError, match="E-BRIEF-01"):
        chapter(file, studies)


def test_how_the_table_is_read_may_be_said_as_read_points_takes_it(tmp_path: Path) -> None:
    text = JIADING.replace("人数", "人数甲").replace("121.25,31.38", "31.38,121.25")
    file = save(tmp_path, text)
    options = {"swap": "fix", "columns": {"weight": "人数甲"}}
    with pytest.warns(SitingWarning, match="R-PNT-12"):
        firms = bring(file, by=None, weight=None, frame=None, options=options)
    assert firms is not None
    assert firms.points.report.repairs == {"swapped": 1}
    assert firms.weight == "人数甲"
    assert firms.points.frame["weight"].tolist() == [120.0, 30.0]
    assert options == {"swap": "fix", "columns": {"weight": "人数甲"}}, (
        "what was given is not changed"
    )
    with pytest.raises(InputError, match="E-ARG-01"):
        bring(file, by=None, weight=None, frame=None, options={"no_such": 1})
    with pytest.raises(InputError, match="points_options"):
        bring(
            read_points(save(tmp_path, JIADING)), by=None, weight=None, frame=None, options=options
        )
    with pytest.raises(InputError, match="E-BRIEF-02"):
        bring(None, by=None, weight=None, frame=None, options=options)


def test_what_is_wrong_with_plan_and_boundaries_is_said_in_one_go(tmp_path: Path) -> None:
    (tmp_path / "b.geojson").write_text("{", "utf-8")
    with pytest.raises(InputError) as caught:
        read_study("no-such-plan", tmp_path / "b.geojson", "wgs84")
    assert [one.code for one in caught.value.findings] == ["E-PLAN-02", "E-BND-01"]
    # What is wrong with the boundaries alone is said once, and a wrong plan without any is itself.
    with pytest.raises(InputError) as caught:
        read_study("jiading-2023", tmp_path / "b.geojson", "wgs84")
    assert [one.code for one in caught.value.findings] == ["E-BND-01"]
    with pytest.raises(InputError) as caught:
        read_study("no-such-plan", None, "wgs84")
    assert [one.code for one in caught.value.findings] == ["E-PLAN-02"]


def test_a_briefing_says_in_one_go_what_is_wrong_with_all_that_it_is_given(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        write_briefing(
            tmp_path / "out",
            district="no-such-plan",
            boundaries=tmp_path / "no-such.geojson",
            points=tmp_path / "no-such.csv",
            points_options={"swap": "fix"},
        )
    said = [(one.code, one.value.rpartition("/")[2]) for one in caught.value.findings]
    assert said == [
        ("E-FILE-02", "no-such.csv"),
        ("E-PLAN-02", "no-such-plan"),
        ("E-FILE-02", "no-such.geojson"),
    ]
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(InputError) as caught:
        write_concentration(
            tmp_path / "out",
            tmp_path / "no-such.csv",
            by="行业",
            boundaries=tmp_path / "no-such.geojson",
            boundaries_frame="gcj02",
        )
    assert [one.file for one in caught.value.findings] == ["no-such.csv", "no-such.geojson"]


def test_all_readers_are_asked_before_the_first_error_is_told() -> None:
    def fail(name: str) -> None:
        read_plan(name)

    with pytest.raises(InputError) as caught:
        read_all(lambda: fail("no-such-a"), lambda: 3, lambda: fail("no-such-b"))
    assert [one.value for one in caught.value.findings] == ["no-such-a", "no-such-b"]
    assert read_all(lambda: 1, lambda: 2) == [1, 2]


@pytest.mark.parametrize("given", [3, ["a.csv"], {"a": 1}])
def test_what_is_no_table_is_refused(given: object, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="E-BRIEF-01"):
        write_briefing(tmp_path / "out", points=given)
    assert list(tmp_path.iterdir()) == []


def test_columns_without_a_table_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="E-BRIEF-02"):
        write_briefing(tmp_path / "out", points_by="行业")


def test_the_briefing_holds_the_chapter_after_the_census_and_the_checksum(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        writing, "zones_chapter", lambda *_, **__: None
    )  # it takes most of the time
    source = geodata.path("tables/synthetic_firms.csv")
    file = tmp_path / "我的企业.csv"
    file.write_bytes(source.read_bytes())
    out = write_briefing(tmp_path / "out", points=file, points_by="所属集群（合成）")
    page = (out / "index.html").read_text("utf-8")
    chapters = [
        page.index(f'<section id="{one}"') for one in ("concentration", "firms", "alignment")
    ]
    assert chapters == sorted(chapters)
    assert "按街镇统计" in page
    assert "使用者自备的点表" in page
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert manifest["inputs"][f"{tmp_path.name}/我的企业.csv"] == digest
    assert "maps/firms-points.html" in manifest["outputs"]
