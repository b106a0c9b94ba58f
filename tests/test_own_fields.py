"""The fields of a plan of one's own: matched by name and told as such, then as a planner corrects them."""

from __future__ import annotations

import html
import json
import re
import warnings
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from siting import cli
from siting.alignment import compare
from siting.briefing import write_briefing
from siting.cli.parser import parser
from siting.cli.telling import spoken
from siting.errors import InputError, SitingWarning
from siting.plan import Plan, read_plan, write_template
from siting.plan.model import FRAMES, SHEETS, make_frame

ROWS = {
    "clusters": [
        ("future-intelligence", "未来智能", "Intelligence", "集群", "二（一）"),
        ("lanterns", "花灯（虚构）", "Lanterns (made up)", "方向", "二（二）"),
    ],
    "fields": [
        ("own-same", "future-intelligence", "SAME", "", "二（一）1"),
        ("own-other", "lanterns", "会想的花灯（虚构）", "", "二（二）1"),
    ],
    "assignments": [
        ("future-intelligence", "", "安亭", "二（一）", True),
        ("lanterns", "", "马陆", "二（二）", True),
    ],
    "targets": [],
    "programmes": [],
    "zones": [],
}
CITY = read_plan("shanghai-2022")
NAMED, OTHER = CITY.fields.index[:2]  # the first has the name of a field of the plan below
BY_NAME = {
    "zh": "名称相同即对应，未经人工核对",
    "en": "Equal names match, not looked at by anybody",
}


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a small MADE-UP plan of 嘉定区, one of its two fields called as one of the city's."""
    rows = {
        **ROWS,
        "fields": [
            tuple(CITY.fields.loc[NAMED, "name_zh"] if cell == "SAME" else cell for cell in row)
            for row in ROWS["fields"]
        ],
    }
    frames = {
        name: make_frame(name, pd.DataFrame(rows[name], columns=list(SHEETS[name])))
        for name in FRAMES
    }
    made = Plan(
        id="made-up", title="某区方案（虚构）", level="town", parent_id="310114",
        published="2026-01-01", **frames,
    )  # fmt: skip
    return write_template(tmp_path_factory.mktemp("own") / "规划.xlsx", plan=made)


def said(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = cli.main(words)
    return code, capsys.readouterr().err


def chapter(out: Path) -> str:
    """Return the text of the chapter that compares the two plans, without tags."""
    page = (out / "index.html").read_text("utf-8")
    found = re.search(r'<section[^>]*id="alignment".*?</section>', page, re.DOTALL)
    assert found is not None
    return html.unescape(re.sub(r"<[^>]+>", "", found.group()))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_fields_matched_by_name_alone_are_told_as_that(
    lang: str, plan: Path, tmp_path: Path
) -> None:
    with pytest.warns(SitingWarning, match="W-ALIGN-14"):
        out = write_briefing(tmp_path / "out", district=str(plan), lang=lang)
    text = chapter(out)
    assert BY_NAME[lang] in text
    assert "W-ALIGN-14" in text
    # neither a file that is not there nor a judgement that nobody made
    assert ".csv" not in text.replace("sections_clusters.csv", "").replace("districts.csv", "")
    assert ("由人判断" if lang == "zh" else "is a judgement") not in text
    # the answer says so in the list on top as well as in the chapter
    caveat = "领域的对应未经人工核对" if lang == "zh" else "matches of fields are not reviewed"
    page = html.unescape((out / "index.html").read_text("utf-8"))
    assert page.count(caveat) >= 2
    # one language in a cell
    assert " / not looked at yet" not in page
    book = openpyxl.load_workbook(out / "tables.xlsx")
    cells = {cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    assert ("未经人工核对" if lang == "zh" else "not looked at yet") in cells
    book.close()


def test_a_draft_is_corrected_and_given_back(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "对照.csv"
    words = ["plan", "match", "shanghai-2022", str(plan), str(file)]
    code, told = said(words, capsys)
    assert code == cli.OK
    assert "--fields" in told
    assert cli.main(words) == 2  # what is there is not replaced unasked
    assert cli.main([*words, "--overwrite"]) == cli.OK
    draft = pd.read_csv(file, dtype=str, keep_default_na=False)
    assert set(draft["city_field_id"]) - {""} == set(CITY.fields.index)
    assert set(draft["district_field_id"]) - {""} == {"own-same", "own-other"}
    # The planner says: the field called otherwise is narrower than the city's second.
    draft = draft[draft["district_field_id"] != "own-other"].copy()
    row = draft["city_field_id"] == OTHER
    draft.loc[row, ["district_field_id", "relation", "reason"]] = [
        "own-other",
        "更窄",
        "只是一部分",
    ]
    draft["judged_by"] = "规划处 张三"
    draft.to_csv(file, index=False)

    out = tmp_path / "out"
    capsys.readouterr()
    words = ["briefing", str(out), "--district", str(plan), "--fields", str(file)]
    code, told = said(words, capsys)
    assert code == cli.OK
    assert "W-ALIGN" not in told
    text = chapter(out)
    assert "对照.csv" in text
    assert "规划处 张三" in text
    assert "未经人工核对" not in text
    facts = json.loads((out / "manifest.json").read_text("utf-8"))
    book = openpyxl.load_workbook(out / "tables.xlsx")
    own = [row for row in book["数据来源"].iter_rows(values_only=True) if row[0] == "对照.csv"]
    assert [row[-1] for row in own] == [facts["inputs"][f"{tmp_path.name}/对照.csv"]]
    book.close()
    # the basis leads to the row among the sources
    assert re.search(
        r'<a href="#sources-s\d+">对照\.csv</a>', (out / "index.html").read_text("utf-8")
    )


def test_a_crosswalk_replaces_the_bundled_one_and_an_unread_draft_stays_in_doubt(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.csv"
    file.write_text(
        "city_field_id,district_field_id,relation,reason,judged_by\n"
        f"{NAMED},{read_plan('jiading-2023').fields.index[0]},same,为何,未经人工核对 / not looked at yet\n",
        "utf-8",
    )
    out = tmp_path / "out"
    code, told = said(["briefing", str(out), "--fields", str(file), "--lang", "en"], capsys)
    assert code == cli.OK
    assert "W-ALIGN-16 mine.csv row 2 column 'judged_by'" in told
    assert "W-ALIGN-16" in chapter(out)
    inputs = json.loads((out / "manifest.json").read_text("utf-8"))["inputs"]
    assert f"{tmp_path.name}/mine.csv" in inputs
    assert "crosswalks/shanghai-2022_jiading-2023.csv" not in inputs


def test_what_is_amiss_in_a_crosswalk_is_said_with_its_place(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.csv"
    file.write_text(
        "city_field_id,district_field_id,relation,reason,judged_by\n"
        f"{NAMED},own-same,same,为何,我\n{OTHER},own-nothing,same,为何,我\n",
        "utf-8",
    )
    out = tmp_path / "out"
    words = ["briefing", str(out), "--district", str(plan), "--fields", str(file)]
    code, told = said(words, capsys)
    assert code == 2
    assert "E-ALIGN-06 mine.csv 第 3 行 列「district_field_id」：“own-nothing”" in told
    assert not out.exists() or not list(out.iterdir())
    with pytest.raises(InputError, match="E-FILE-01"):
        write_briefing(out, district=str(plan), fields=7)


def test_the_warning_names_the_option_as_it_is_called_there(plan: Path) -> None:
    with pytest.warns(SitingWarning, match="W-ALIGN-14"):
        (found,) = compare(CITY, read_plan(plan)).findings
    flags = parser().parse_args(["briefing"]).flags
    for lang in ("zh", "en"):
        line = spoken(found.text(lang), flags)
        assert "--fields" in line
        assert "fields=" not in line
        assert "siting plan match" in line


def test_plans_of_one_level_have_no_crosswalk(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        words = ["plan", "match", "jiading-2023", "shanghai-2022", str(tmp_path / "a.csv")]
        assert cli.main(words) == 2
