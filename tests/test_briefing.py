"""The folder that a reader gets: complete, offline, the same each time, and its numbers those of the tables."""

from __future__ import annotations

import dataclasses
import hashlib
import html
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pandas as pd
import pyogrio
import pytest

from siting import alignment, tables
from siting.briefing import write_briefing
from siting.briefing.content import digits
from siting.errors import ExistingOutputError, InputError, OutputError
from siting.plan import read_plan
from siting.study import study_plan

MAPS = {
    "alignment",
    "census-clusters",
    "census-quotient",
    "jiading-2023",
    "jiading-2023-fields",
    "shanghai-2022",
    "shanghai-2022-fields",
    "zones-city",
    "zones-district",
}
FIGURES = MAPS | {
    "census-bars",
    "jiading-2023-clusters",
    "jiading-2023-combinations",
    "jiading-2023-overlap",
    "shanghai-2022-clusters",
    "shanghai-2022-combinations",
    "shanghai-2022-overlap",
    "zones-city-front",
    "zones-district-front",
}
FILES = {
    "index.html",
    "layers.gpkg",
    "manifest.json",
    "tables.xlsx",
    *(f"maps/{name}.html" for name in MAPS),
    *(f"figures/{name}.{kind}" for name in FIGURES for kind in ("png", "svg", "pdf")),
}


def hashes(folder: Path) -> dict[str, str]:
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


@pytest.fixture(scope="module")
def briefing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_briefing(tmp_path_factory.mktemp("zh") / "简报")


def test_the_folder_holds_these_files_and_the_manifest_their_hashes(briefing: Path) -> None:
    found = hashes(briefing)
    manifest = json.loads((briefing / "manifest.json").read_text("utf-8"))
    assert set(found) == FILES
    assert manifest["outputs"] == {k: v for k, v in found.items() if k != "manifest.json"}
    assert manifest["vintages"]["jiading-2023"] == 2023
    assert any(name.endswith("districts.geojson") for name in manifest["inputs"])
    assert any(name.endswith("assignments.csv") for name in manifest["inputs"])
    for name in (
        "tables/employment_by_section_2023.csv",
        "crosswalks/shanghai-2022_jiading-2023.csv",
    ):
        assert name in manifest["inputs"]


def test_the_same_input_gives_the_same_bytes(briefing: Path, tmp_path: Path) -> None:
    time.sleep(1.1)
    assert hashes(write_briefing(tmp_path / "again")) == hashes(briefing)


def test_no_page_asks_for_anything_outside(briefing: Path) -> None:
    for path in briefing.rglob("*.html"):
        text = path.read_text("utf-8")
        assert "Content-Security-Policy\" content=\"default-src 'none'" in html.unescape(text)
        text = re.sub(
            r"<script.*?</script>", "", text, flags=re.DOTALL
        )  # the browser tests see to those
        # a source may be clicked, which asks for nothing by itself; nothing else leads outside
        text = re.sub(
            r"""<a class="u" href="https?://[^"]+" target="_blank" rel="noopener noreferrer">""",
            "",
            text,
        )
        assert not re.search(r"""(src|href)=["'](https?:)?//""", text), path.name
        assert not re.search(r"@import|url\((?!['\"]?(data:|#))", text), path.name


def cells(page: str) -> list[list[list[str]]]:
    """Return the texts of all table cells of a page: table, row, cell."""
    return [
        [
            [
                html.unescape(re.sub(r"<[^>]+>", "", c))
                for c in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL)
            ]
            for row in re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
        ]
        for body in re.findall(r"<table>(.*?)</table>", page, re.DOTALL)
    ]


def test_every_table_on_the_page_says_what_the_library_says(briefing: Path) -> None:
    shown = cells((briefing / "index.html").read_text("utf-8"))
    for source in ("shanghai-2022", "jiading-2023"):
        study = study_plan(source)
        for frame in (
            tables.cluster_table(study.plan, study.places),
            tables.place_table(study.plan, study.places, study.by_cluster),
            tables.target_table(study.plan),
            tables.pair_table(study.cluster_pairs, study.plan),
        ):
            match = [t for t in shown if t[0] == list(frame.columns) and len(t) == len(frame) + 1]
            assert match, list(frame.columns)
            assert any(same(table[1:], frame) for table in match), list(frame.columns)


def test_the_alignment_on_the_page_says_what_the_library_says(briefing: Path) -> None:
    page = (briefing / "index.html").read_text("utf-8")
    shown = cells(page)
    city, district = study_plan("shanghai-2022"), study_plan("jiading-2023")
    both = alignment.compare(city.plan, district.plan)
    assert tables.alignment_reading(both) in html.unescape(page)
    for frame in (
        tables.comparison_table(both),
        tables.field_match_table(both),
        tables.agreement_table(both),
        tables.target_share_table(alignment.target_shares(city.plan, district.plan)),
    ):
        match = [t for t in shown if t[0] == list(frame.columns)]
        assert len(match) == 1, list(frame.columns)
        assert same(match[0][1:], frame), list(frame.columns)


def same(rows: list[list[str]], frame: pd.DataFrame) -> bool:
    """Whether printed cells say what the frame holds: texts equal, numbers to the column's digits."""
    places = digits(frame)
    for row, values in zip(rows, frame.itertuples(index=False), strict=True):
        for cell, value, decimals in zip(row, values, places, strict=True):
            if isinstance(value, str):
                if cell != value:
                    return False
            elif value is None or value != value:  # noqa: PLR0124
                if cell:
                    return False
            elif abs(float(cell.replace(",", "")) - float(value)) > (
                0.5001 * 10.0**-decimals if decimals else 0
            ):
                return False
    return True


def test_the_page_says_that_the_lists_are_open_and_the_maps_are_sketches(briefing: Path) -> None:
    page = (briefing / "index.html").read_text("utf-8")
    for word in (
        "等",
        "示意图",
        "审图号",
        "未经审核不得公开",
        "沪府发〔2022〕11号",
        "嘉府发〔2023〕19号",
    ):
        assert word in page


def test_the_workbook_lists_its_sheets_and_holds_no_formula(briefing: Path) -> None:
    book = openpyxl.load_workbook(briefing / "tables.xlsx")
    first = book.worksheets[0]
    assert [row[0].value for row in first.iter_rows(min_row=2)] == book.sheetnames[1:]
    for sheet in book.worksheets:
        assert sheet.freeze_panes in ("A2", "B2", "C2")
        assert sheet.max_row > 1, sheet.title
        assert all(c.data_type != "f" for row in sheet.iter_rows() for c in row)
    book.close()


def test_the_layers_can_be_read_by_anyone(briefing: Path) -> None:
    layers = [name for name, _ in pyogrio.list_layers(briefing / "layers.gpkg")]
    # places, footprints and depth of both plans, and the city's three zones; layer_styles is QGIS's
    assert "layer_styles" in layers
    layers.remove("layer_styles")
    assert len(layers) == 7
    for name in layers:
        assert len(pyogrio.read_dataframe(briefing / "layers.gpkg", layer=name)) > 0


def test_it_is_told_in_english_too(tmp_path: Path) -> None:
    page = (write_briefing(tmp_path / "en", lang="en") / "index.html").read_text("utf-8")
    assert '<html lang="en">' in page
    assert "Where the future-industry clusters are planned" in page
    assert "Expected by chance" in page


def test_what_is_there_stays_unless_it_may_be_replaced(briefing: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(briefing, out)
    (out / "notes.txt").write_text("mine")
    (out / "index.html").write_text("old")
    with pytest.raises(ExistingOutputError):
        write_briefing(out)
    assert (out / "index.html").read_text() == "old"
    write_briefing(out, overwrite=True)
    assert (out / "notes.txt").read_text() == "mine"
    assert {**hashes(out), "notes.txt": ""} == {**hashes(briefing), "notes.txt": ""}


def test_a_file_that_only_the_old_briefing_had_goes_and_nothing_outside_the_folder(
    briefing: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    shutil.copytree(briefing, out)
    (out / "maps" / "gone.html").write_text("x")
    (tmp_path / "outside.txt").write_text("x")
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    manifest["outputs"] |= {"maps/gone.html": "", "../outside.txt": ""}
    (out / "manifest.json").write_text(json.dumps(manifest))
    write_briefing(out, overwrite=True)
    assert not (out / "maps" / "gone.html").exists()
    assert (tmp_path / "outside.txt").exists()


def test_a_zone_without_a_known_point_is_in_the_table_and_not_in_the_layers(tmp_path: Path) -> None:
    city = read_plan("shanghai-2022")
    zones = city.zones
    zones.loc["zizhu", ["lon", "lat"]] = float("nan")
    out = write_briefing(tmp_path / "out", city=dataclasses.replace(city, zones=zones))
    points = pyogrio.read_dataframe(out / "layers.gpkg", layer="上海市-先导区")
    assert sorted(points["zone_id"]) == ["lingang", "zhangjiang"]
    assert "紫竹" in (out / "index.html").read_text("utf-8")


def test_bad_input_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        write_briefing(tmp_path / "out", city="no-such-plan")
    with pytest.raises(InputError, match=r"no-such-firms\.csv"):
        write_briefing(tmp_path / "out", points="no-such-firms.csv")
    assert list(tmp_path.iterdir()) == []


def test_all_that_is_missing_is_said_at_once_and_one_unknown_place_stays_of_its_kind(
    tmp_path: Path,
) -> None:
    with pytest.raises(InputError) as caught:
        write_briefing(tmp_path / "out", city="a.xlsx", district="no-plan", points="b.csv")
    said = caught.value.text("en")
    assert [one in said for one in ("a.xlsx", "no-plan", "b.csv")] == [True, True, True]
    with pytest.raises(InputError) as one:
        write_briefing(tmp_path / "out", district="no-plan")
    assert [finding.code for finding in one.value.findings] == ["E-PLAN-02"]


def test_the_long_step_tells_what_it_is_at_in_both_languages(tmp_path: Path) -> None:
    said: list[str] = []
    write_briefing(tmp_path / "out", progress=said.append)
    steps = [line.partition(" ")[0] for line in said]
    assert steps == [*["1/5"] * steps.count("1/5"), "2/5", "3/5", "4/5", "5/5", "完成"]
    inside = said[1 : steps.count("1/5")]
    assert len(inside) > 10  # both cases, each with its scenarios
    assert all(line.count(" / ") == 1 for line in said)


def test_a_plan_of_ones_own_is_among_the_sources_and_not_taken_for_the_bundled_one(
    tmp_path: Path,
) -> None:
    city = dataclasses.replace(read_plan("shanghai-2022"), title="我的规划")
    page = (write_briefing(tmp_path / "out", city=city) / "index.html").read_text("utf-8")
    assert re.search(r'id="sources-s\d+">plans/shanghai-2022</th><td[^>]*>我的规划</td>', page)
    assert ">我的规划</a>" in page  # the line below the title of the chapter leads there
    assert "《上海打造" not in page  # the register's words for the bundled plan


def test_a_folder_that_cannot_be_written_is_refused_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    steps: list[str] = []
    with pytest.raises(OutputError):
        write_briefing(tmp_path / "file" / "out", progress=steps.append)
    assert steps == []
    with pytest.raises(ExistingOutputError):
        write_briefing(tmp_path / "file", progress=steps.append)


def test_a_run_killed_half_way_leaves_old_files_or_new_ones(briefing: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(briefing, out)
    for path in out.rglob("*.*"):
        if path.is_file() and path.name != "manifest.json":
            path.write_bytes(b"old")
    code = "import sys; from siting.briefing import write_briefing; write_briefing(sys.argv[1], overwrite=True)"
    new = hashes(briefing)
    old = hashlib.sha256(b"old").hexdigest()
    for delay in (1.5, 3.0):
        run = subprocess.Popen([sys.executable, "-c", code, str(out)])
        time.sleep(delay)
        run.send_signal(signal.SIGKILL)
        run.wait()
        for name, digest in hashes(out).items():
            if not name.startswith(".siting-") and name != "manifest.json":
                assert digest in (old, new[name]), name


def test_what_a_dead_run_left_is_swept_and_a_run_at_work_is_not(
    briefing: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    shutil.copytree(briefing, out)
    for name, age in ((".siting-dead", 7200), (".siting-busy", 0)):
        (out / name).mkdir()
        os.utime(out / name, (time.time() - age,) * 2)
    write_briefing(out, overwrite=True)
    assert not (out / ".siting-dead").exists()
    assert (out / ".siting-busy").exists()
