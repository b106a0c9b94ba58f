"""What the command line says: in one language, in one go, and without loading what it does not need."""

from __future__ import annotations

import re
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

import siting.briefing
from siting import cli
from siting.cli.parser import language, parser
from siting.cli.telling import in_one, warned
from siting.errors import Finding, Findings, SitingWarning

CJK = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        (["no-such-word"], "不是可选的值", "invalid choice"),
        (["briefing", "--no-such"], "不认识的参数", "unrecognized"),
        (["concentration", "f.csv"], "缺少参数", "required"),
        (["layout", "--out"], "后面要有一个值", "expected one argument"),
        (["places", "--vintage", "x"], "不是", "invalid"),
    ],
)
def test_words_that_are_not_right_are_answered_in_the_language_asked_for(
    words: list[str], zh: str, en: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for more, said in (([], zh), (["--lang", "en"], en)):
        with pytest.raises(SystemExit) as ended:
            cli.main([*words, *more])
        assert ended.value.code == 2
        last = capsys.readouterr().err.splitlines()[-1]
        assert said in last
        assert bool(CJK.search(last)) is (not more)


def test_every_word_has_help_and_reads_its_options(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (
        ["briefing"], ["plan"], ["plan", "list"], ["plan", "show"], ["plan", "verify"],
        ["plan", "template"], ["plan", "extract"], ["places"], ["concentration"], ["layout"],
        ["points"], ["points", "template"],
    ):  # fmt: skip
        with pytest.raises(SystemExit) as ended:
            cli.main([*words, "--help"])
        assert ended.value.code == 0
        assert "usage: siting" in capsys.readouterr().out
    asked = parser().parse_args(["briefing", "out", "--points", "f.csv", "--points-frame", "gcj02", "--open"])  # fmt: skip
    assert (asked.points, asked.points_frame, asked.points_by, asked.open) == ("f.csv", "gcj02", None, True)  # fmt: skip


def test_both_ways_to_start_it_do_the_same() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "siting.cli", "--version"], capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 0
    assert done.stdout.startswith("siting ")


def test_help_of_every_word_loads_no_heavy_library() -> None:
    code = (
        "import sys\nfrom siting import cli\n"
        "for word in ('briefing', 'layout', 'concentration', 'places'):\n"
        "    try: cli.main([word, '--help'])\n"
        "    except SystemExit as end: assert end.code == 0\n"
        "heavy = {'pandas', 'numpy', 'geopandas', 'folium', 'matplotlib', 'highspy', 'webbrowser'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, encoding="utf-8")  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_a_line_in_two_languages_is_said_in_one() -> None:
    assert in_one("3/5 写表格 / writing tables", "zh") == "3/5 写表格"
    assert in_one("3/5 写表格 / writing tables", "en") == "3/5 writing tables"
    assert in_one("完成 / done: /a / b/index.html", "en") == "done: /a / b/index.html"
    assert in_one("plain", "en") == "plain"


def test_a_warning_is_said_in_one_language(capsys: pytest.CaptureFixture[str]) -> None:
    findings = Findings([Finding("W-X-01", "原因", "办法", "reason", "fix", severity="warning")])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", SitingWarning)
        findings.warn()
    warned(caught[0].message, lang="zh")
    assert capsys.readouterr().err == "注意：W-X-01：原因。办法。\n"
    warned(caught[0].message, lang="en")
    assert capsys.readouterr().err == "note: W-X-01: reason. fix.\n"


def test_the_language_is_known_before_the_words_are() -> None:
    assert language(["briefing", "--lang", "en", "--no-such"]) == "en"
    assert language(["briefing", "--lang", "english"]) == "zh"


@pytest.mark.parametrize(
    ("raised", "code", "zh"),
    [
        (KeyboardInterrupt(), 130, "已中断"),
        (MemoryError(), 70, "MemoryError"),
        (RuntimeError("\x1b[2Jboom"), 70, "boom"),
    ],
)
def test_what_stops_a_run_has_its_exit_code(
    raised: BaseException,
    code: int,
    zh: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(*_: object, **__: object) -> Path:
        raise raised

    monkeypatch.setattr(siting.briefing, "write_briefing", fail)
    assert cli.main(["briefing"]) == code
    said = capsys.readouterr().err
    assert zh in said
    assert "\x1b" not in said
    assert "Traceback" not in said
    assert cli.main(["briefing", "--lang", "en"]) == code
    assert not CJK.search(capsys.readouterr().err)


def test_the_briefing_is_given_every_option_and_its_progress_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    given: dict[str, object] = {}

    def write(out: Path, **options: object) -> Path:
        given.update(options)
        options["progress"]("1/5 读取 / reading")  # type: ignore[operator]
        return out

    monkeypatch.setattr(siting.briefing, "write_briefing", write)
    words = ["briefing", str(tmp_path), "--city", "a.xlsx", "--district", "b.xlsx", "--boundaries", "c.geojson",
             "--frame", "gcj02", "--points", "d.csv", "--points-by", "行业", "--points-weight", "人数",
             "--points-frame", "bd09", "--office", "--lang", "en", "--overwrite"]  # fmt: skip
    assert cli.main(words) == 0
    given.pop("progress")
    assert given == {
        "city": "a.xlsx", "district": "b.xlsx", "boundaries": "c.geojson", "frame": "gcj02",
        "points": "d.csv", "points_by": "行业", "points_weight": "人数", "points_frame": "bd09",
        "office": True, "lang": "en", "overwrite": True,
    }  # fmt: skip
    said = capsys.readouterr()
    assert said.err == "1/5 reading\n"
    assert said.out.strip() == str(tmp_path / "index.html")
