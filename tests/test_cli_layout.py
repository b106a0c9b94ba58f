"""``siting layout`` and ``siting concentration``: the folder, what is printed, and each way to fail."""

from __future__ import annotations

import json
import re
import webbrowser
from pathlib import Path

import openpyxl
import pytest

from siting import cli

SCORES = "place,a,b\nnorth,8,9\nsouth,5,4\n"
DISTANCE = "需求,浦东,闵行\n徐汇,15000,8000\n浦东,0,20000\n宝山,25000,30000\n"
FIRMS = "企业名称,行业,经度,纬度,从业人数\n甲,汽车,121.25,31.38,120\n乙,医药,121.60,31.20,\n丙,汽车,121.26,31.37,5\n"
CJK = re.compile("[\u4e00-\u9fff]")


def conditions(folder: Path, text: str, **tables: str) -> str:
    for name, table in tables.items():
        (folder / f"{name}.csv").write_text(table, "utf-8")
    (folder / "c.toml").write_text(text, "utf-8")
    return str(folder / "c.toml")


def test_a_layout_is_printed_and_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = conditions(tmp_path, 'scores = "s.csv"\nn_zones = 2\nper_cluster = 1', s=SCORES)
    out = tmp_path / "out"
    assert cli.main(["layout", file, "--out", str(out)]) == 0
    said = capsys.readouterr()
    lines = said.out.splitlines()
    # 9 + 5 = 14, see tests/test_asked.py.
    assert lines[0] == "选定 2 个，总分 14；已证明最优；没有同样好的其他方案。"
    assert lines[1:4] == [
        "地区\t区划代码\t集群\t集群编号",
        "north\tnorth\tb\tb",
        "south\tsouth\ta\ta",
    ]
    assert lines[4] == str(out / "index.html")
    assert said.err.splitlines()[0] == "1/5 读取、计算"
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert set(manifest["inputs"]) == {"c.toml", "s.csv"}
    assert manifest["layout"]["sites"] == [["north", "b"], ["south", "a"]]
    assert (manifest["layout"]["objective"], manifest["layout"]["gap"]) == (14, 0)
    page = (out / "index.html").read_text("utf-8")
    assert "恰好选 2 个先导区" in page
    book = openpyxl.load_workbook(out / "tables.xlsx")
    assert "选定的点" in book.sheetnames
    book.close()


def test_a_model_on_places_has_its_map_and_tells_who_serves_whom(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = 'model = "p_median"\np = 2\ndistance = "d.csv"\nweights = { "徐汇区" = 10 , "310115" = 1, "宝山" = 1 }'
    file = conditions(tmp_path, text, d=DISTANCE)
    out = tmp_path / "out"
    assert cli.main(["layout", file, "--out", str(out), "--lang", "en"]) == 0
    said = capsys.readouterr()
    # Both of two: 10 x 8000 + 0 + 25000.
    assert said.out.splitlines()[0].startswith("2 chosen. Sum of weight x distance: 105000; proven")
    assert "Minhang\t310112" in said.out
    assert not CJK.search(said.out.split(str(out))[0])
    assert not CJK.search(said.err)
    assert (out / "maps" / "layout.html").exists()
    page = (out / "index.html").read_text("utf-8")
    assert re.search(r"<td[^>]*>Xuhui</td>\s*<td[^>]*>Minhang</td>", page) or "Xuhui" in page


def test_the_same_conditions_give_the_same_bytes(tmp_path: Path) -> None:
    file = conditions(tmp_path, 'model = "p_center"\np = 1\ndistance = "d.csv"', d=DISTANCE)
    for name in ("one", "two"):
        assert cli.main(["layout", file, "--out", str(tmp_path / name)]) == 0
    for path in (tmp_path / "one").rglob("*.*"):
        twin = tmp_path / "two" / path.relative_to(tmp_path / "one")
        assert path.read_bytes() == twin.read_bytes(), path.name


def test_a_case_with_conditions_by_cluster_is_told_with_its_assumptions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = conditions(
        tmp_path, 'case = "district"\nfixed = [["安亭", "未来智能"]]\ntitle = "我的园区"'
    )
    out = tmp_path / "out"
    assert cli.main(["layout", file, "--out", str(out)]) == 0
    assert "安亭镇\t310114103\t未来智能\tfuture-intelligence" in capsys.readouterr().out
    page = (out / "index.html").read_text("utf-8")
    assert "<h1>我的园区</h1>" in page
    assert "条件文件设定：fixed = [[安亭、未来智能]]" in page
    assert (out / "figures" / "zones-district.png").exists()
    assert (out / "maps" / "zones-district.html").exists()


def test_a_bundled_case_is_told_as_the_briefing_tells_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = conditions(tmp_path, 'case = "district"\nweights = { jobs = 1, land = 1 }')
    out = tmp_path / "out"
    assert cli.main(["layout", file, "--out", str(out), "--lang", "en"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1 + 1 + 5 + 1  # words, heading, parks, page
    page = (out / "index.html").read_text("utf-8")
    for words in ("Parks of the district", "how firm", "set by the file of conditions: weights"):
        assert words in page, words


def test_conditions_that_clash_exit_with_3_and_say_why_in_the_language_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = conditions(tmp_path, 'scores = "s.csv"\nn_zones = 3', s=SCORES)
    words = ["layout", file, "--out", str(tmp_path / "out")]
    assert cli.main(words) == 3
    said = capsys.readouterr().err
    assert "以下条件不能同时满足：恰好选 3 个先导区；每个地区最多 1 个" in said
    assert "“恰好选 3 个先导区”改为“恰好选 2 个先导区”" in said
    assert "clash" not in said
    assert cli.main([*words, "--lang", "en"]) == 3
    said = capsys.readouterr().err
    assert "these conditions clash: choose exactly 3 zones" in said
    assert not CJK.search(said)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["layout"], 2, "E-CLI-01"),
        (["layout", "no-such.toml"], 2, "E-FILE-02"),
        (["layout", "{tmp}/c.toml", "--out", "{tmp}"], 2, "E-OUT-01"),
        (["layout", "{tmp}/c.toml", "--out", "{tmp}/c.toml/x"], 4, "E-OUT-02"),
        (["layout", "{tmp}/c.toml", "--out", "{tmp}/new"], 2, "E-TOML-02"),
        (["concentration", "no-such.csv", "--by", "x", "--out", "{tmp}/new"], 2, "E-FILE-02"),
        (["concentration", "{tmp}/f.csv", "--by", "无此列", "--out", "{tmp}/new"], 2, "无此列"),
        (["concentration", "{tmp}/f.csv", "--by", "行业", "--out", "{tmp}"], 2, "E-OUT-01"),
        (["concentration", "{tmp}/f.csv", "--by", "行业", "--out", "{tmp}/f.csv/x"], 4, "E-OUT-02"),
        (["concentration", "{tmp}/f.csv", "--by", "行业", "--frame", "mars", "--out", "{tmp}/new"], 2, "mars"),
        (["points", "template", "{tmp}/a.csv"], 2, "E-PNT-17"),
        (["points", "template", "{tmp}/f.csv/a.xlsx"], 4, "E-OUT-02"),
        (["briefing", "{tmp}/new", "--points-by", "行业"], 2, "E-BRIEF-02"),
    ],
)  # fmt: skip
def test_each_way_to_fail_has_its_exit_code_and_leaves_nothing(
    words: list[str], code: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    conditions(tmp_path, 'case = "city"\nzones = 3')
    (tmp_path / "f.csv").write_text(FIRMS, "utf-8")
    assert cli.main([word.format(tmp=tmp_path) for word in words]) == code
    error = capsys.readouterr().err
    assert said in error
    assert "Traceback" not in error
    assert not (tmp_path / "new").exists()


def test_a_table_of_firms_is_placed_and_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "f.csv").write_text(FIRMS, "utf-8")
    out = tmp_path / "out"
    assert (
        cli.main(["concentration", str(tmp_path / "f.csv"), "--by", "行业", "--out", str(out)]) == 0
    )
    assert capsys.readouterr().out.strip() == str(out / "index.html")
    page = (out / "index.html").read_text("utf-8")
    # No size was asked for, so the firm without one counts as well.
    assert "共 3 行 = 使用 3 + 修正后使用 0 + 拒绝 0" in page
    book = openpyxl.load_workbook(out / "tables.xlsx")
    rows = {row[0]: row[1:3] for row in book["地区×分类"].iter_rows(values_only=True) if row[0]}
    book.close()
    assert rows["嘉定区"] in {(2, 0), (0, 2)}  # both car makers
    assert rows["浦东新区"] in {(1, 0), (0, 1)}
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert list(manifest["inputs"]) == ["f.csv"]


def test_with_sizes_the_firm_without_one_is_rejected_and_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "f.csv").write_text(FIRMS, "utf-8")
    out = tmp_path / "out"
    words = ["concentration", str(tmp_path / "f.csv"), "--by", "行业", "--weight", "从业人数"]
    assert cli.main([*words, "--within", "嘉定区", "--level", "town", "--lang", "en", "--out", str(out)]) == 0  # fmt: skip
    said = capsys.readouterr().err
    assert "W-PNT-34" in said
    assert not CJK.search(said.replace("从业人数", "").replace("行业", ""))
    page = (out / "index.html").read_text("utf-8")
    assert "3 rows = 2 used + 0 repaired + 1 rejected" in page


def test_columns_are_named_as_role_and_heading(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "f.csv").write_text(FIRMS.replace("经度,纬度", "列一,列二"), "utf-8")
    words = [
        "concentration",
        str(tmp_path / "f.csv"),
        "--by",
        "行业",
        "--out",
        str(tmp_path / "out"),
    ]
    assert cli.main(words) == 2
    assert cli.main([*words, "--column", "lon=列一", "--column", "lat=列二", "--column", "weight=从业人数"]) == 0  # fmt: skip
    with pytest.raises(SystemExit) as ended:
        cli.main([*words, "--column", "lon"])
    assert ended.value.code == 2


def test_the_page_is_opened_only_when_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[str] = []

    def show(address: str) -> bool:
        opened.append(address)
        return False

    monkeypatch.setattr(webbrowser, "open", show)
    file = conditions(tmp_path, 'scores = "s.csv"\nn_zones = 1', s=SCORES)
    words = ["layout", file, "--out", str(tmp_path / "布局 a"), "--overwrite"]
    assert cli.main(words) == 0
    assert opened == []
    assert cli.main([*words, "--open"]) == 0
    assert opened == [(tmp_path / "布局 a" / "index.html").resolve().as_uri()]
    assert "打不开浏览器" in capsys.readouterr().err


def test_the_example_is_printed_and_works(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["layout", "--example"]) == 0
    file = conditions(tmp_path, capsys.readouterr().out.replace("n_zones = 5", "n_zones = 99"))
    assert cli.main(["layout", file, "--out", str(tmp_path / "out")]) == 2
    assert "E-LAY-13" in capsys.readouterr().err  # it was read; 99 zones are too many


def test_the_template_of_firms_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["points", "template", str(tmp_path / "firms.xlsx")]) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "firms.xlsx")
    assert cli.main(["points", "template", str(tmp_path / "firms.xlsx")]) == 2
    assert cli.main(["points", "template", str(tmp_path / "firms.xlsx"), "--overwrite"]) == 0


def test_hostile_names_are_text_on_the_page(tmp_path: Path) -> None:
    name = "<img src=x onerror=alert(1)>{{7*7}}${1}"
    table = SCORES.replace("north", f'"{name}"')
    file = conditions(tmp_path, 'scores = "s.csv"\nn_zones = 1', s=table)
    assert cli.main(["layout", file, "--out", str(tmp_path / "out")]) == 0
    page = (tmp_path / "out" / "index.html").read_text("utf-8")
    assert "<img src=x" not in page
    assert "{{7*7}}" in page


def scenarios(folder: Path) -> list[str]:
    """Write two files of conditions on one table, and return their paths."""
    (folder / "s.csv").write_text(SCORES, "utf-8")
    made = []
    for name, n in (("乙", 1), ("甲", 2)):
        file = folder / f"{name}.toml"
        file.write_text(f'scores = "s.csv"\nn_zones = {n}\ntitle = "{n} 个"', "utf-8")
        made.append(str(file))
    return made


def test_two_scenarios_are_laid_side_by_side_in_the_order_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert cli.main(["layout", *scenarios(tmp_path), "--out", str(out)]) == 0
    # One zone: the 9 of north-b; two, in two places: 9 + 5, or 8 + 4.
    assert capsys.readouterr().out.splitlines() == [
        "乙：选定 1 个，总分 9；已证明最优；没有同样好的其他方案。",
        "甲：选定 2 个，总分 14；已证明最优；没有同样好的其他方案。",
        "各情景共选了 2 个不同的点，其中 1 个每个情景都选。甲 的目标值比第一个情景大 5。",
        "选点\t乙\t甲",
        "south·a\t\tx",
        "north·b\tx\tx",
        str(out / "index.html"),
    ]
    for name in ("乙", "甲"):  # each as one file's run writes it
        alone = tmp_path / f"alone-{name}"
        assert cli.main(["layout", str(tmp_path / f"{name}.toml"), "--out", str(alone)]) == 0
        files = [one for one in alone.rglob("*") if one.is_file()]
        assert len(files) >= 3
        for file in files:
            assert (out / name / file.relative_to(alone)).read_bytes() == file.read_bytes()
    book = openpyxl.load_workbook(out / "tables.xlsx")
    rows = list(book["情景对照"].iter_rows(values_only=True))
    book.close()
    assert any(row[:2] == ("甲", "2 个") and {14, 5, 2} <= set(row) for row in rows)
    assert set(json.loads((out / "manifest.json").read_text("utf-8"))["inputs"]) == {
        *("乙.toml", "甲.toml", "s.csv")
    }


def test_scenarios_are_told_in_english_and_each_layout_is_held_against_the_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "d.csv").write_text(DISTANCE, "utf-8")
    for name, weight in (("now", 1), ("later", 9)):
        text = f'model = "p_median"\np = 1\ndistance = "d.csv"\nweights = {{ "徐汇" = {weight}, "浦东" = 1, "宝山" = 1 }}'
        (tmp_path / f"{name}.toml").write_text(text, "utf-8")
    out = tmp_path / "out"
    words = ["layout", str(tmp_path / "now.toml"), str(tmp_path / "later.toml"), "--lang", "en"]
    assert cli.main([*words, "--out", str(out)]) == 0
    said = capsys.readouterr()
    # now: Pudong 15000 + 0 + 25000 against Minhang 8000 + 20000 + 30000; later Xuhui counts nine
    # times: Pudong 135000 + 25000, Minhang 72000 + 50000.
    assert "The value of later is 82000 above the first." in said.out
    assert "Pudong New Area\tx\t\n" in said.out
    assert not CJK.search(said.out.split(str(out))[0] + said.err)
    book = openpyxl.load_workbook(out / "tables.xlsx")
    sheet = book["Each layout, other scenarios"]
    rows = {row[0]: row[1:4] for row in sheet.iter_rows(values_only=True)}
    book.close()
    # the maps of both stand on the page, one below the other
    assert sorted(one.name for one in (out / "maps").iterdir()) == [
        *("scenario-1.html", "scenario-2.html")
    ]
    # and both on one page to print
    assert (out / "figures" / "scenarios.pdf").is_file()
    assert 'href="figures/scenarios.svg"' in (out / "index.html").read_text("utf-8")
    assert "districts" in " ".join(json.loads((out / "manifest.json").read_text("utf-8"))["inputs"])
    assert rows["now"][:2] == (40000, 160000)
    assert rows["later"][:2] == (58000, 122000)
    assert rows["later"][2] == pytest.approx(100 * 18000 / 40000)


def test_scenarios_that_cannot_be_compared_leave_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = scenarios(tmp_path)
    out = ["--out", str(tmp_path / "out")]
    (tmp_path / "other").mkdir()
    (tmp_path / "bad.toml").write_text('scores = "s.csv"\nzones = 2', "utf-8")
    (tmp_path / "far.toml").write_text('scores = "s.csv"\nn_zones = 3', "utf-8")
    (tmp_path / "k.csv").write_text("place,c\nwest,1\n", "utf-8")
    (tmp_path / "else.toml").write_text('scores = "k.csv"\nn_zones = 1', "utf-8")
    for words, code, said in (
        ([one, one], 2, "E-TOML-08"),
        ([one, str(tmp_path / "other" / "乙.toml")], 2, "E-TOML-08"),
        ([one, str(tmp_path / "bad.toml")], 2, "E-TOML-02"),
        ([one, two, str(tmp_path / "far.toml")], 3, "恰好选 3 个先导区"),
        ([one, str(tmp_path / "else.toml")], 2, "E-ROB-05"),
    ):
        assert cli.main(["layout", *words, *out]) == code
        error = capsys.readouterr().err
        assert said in error
        assert "Traceback" not in error
        assert not (tmp_path / "out").exists()
    (tmp_path / "file").write_text("x")
    assert cli.main(["layout", one, two, "--out", str(tmp_path / "file" / "x")]) == 4
