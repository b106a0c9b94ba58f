"""What the command line says: in one language, in one go, and without loading what it does not need."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import warnings
from contextlib import suppress
from pathlib import Path

import pytest

import siting.briefing
import siting.crs
import siting.points.headings
from siting import cli
from siting.cli.parser import _FRAMES, ROLES, language, parser
from siting.cli.telling import _OPTION, in_one, spoken, warned
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
        ["plan", "match"], ["plan", "template"], ["plan", "extract"], ["places"], ["concentration"], ["layout"],
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
    warned(caught[0].message, lang="zh", flags={})
    assert capsys.readouterr().err == "注意：W-X-01：原因。办法。\n"
    warned(caught[0].message, lang="en", flags={})
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


def test_ctrl_c_in_a_search_that_keeps_what_it_has_stops_the_briefing_at_the_next_step(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def write(out: Path, **options: object) -> Path:
        with suppress(KeyboardInterrupt):  # as a search for a layout does
            signal.raise_signal(signal.SIGINT)
        options["progress"]("2/5 写 / writing")
        return out

    monkeypatch.setattr(siting.briefing, "write_briefing", write)
    before = signal.getsignal(signal.SIGINT)
    assert cli.main(["briefing", "--lang", "en"]) == 130
    assert "2/5" not in capsys.readouterr().err
    assert signal.getsignal(signal.SIGINT) is before


def test_the_briefing_is_given_every_option_and_its_progress_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    given: dict[str, object] = {}

    def write(out: Path, **options: object) -> Path:
        given.update(options)
        options["progress"]("1/5 读取 / reading")
        return out

    monkeypatch.setattr(siting.briefing, "write_briefing", write)
    words = ["briefing", str(tmp_path), "--city", "a.xlsx", "--district", "b.xlsx", "--boundaries", "c.geojson",
             "--frame", "gcj02", "--points", "d.csv", "--points-by", "行业", "--points-weight", "人数",
             "--points-frame", "bd09", "--points-over", "district", "--office", "--lang", "en", "--overwrite"]  # fmt: skip
    assert cli.main(words) == 0
    given.pop("progress")
    assert given == {
        "city": "a.xlsx", "district": "b.xlsx", "boundaries": "c.geojson", "frame": "gcj02",
        "points": "d.csv", "points_by": "行业", "points_weight": "人数", "points_frame": "bd09",
        "points_over": "district", "fields": None,
        "office": True, "lang": "en", "overwrite": True,
    }  # fmt: skip
    said = capsys.readouterr()
    assert said.err == "1/5 reading\n"
    assert cli.main(["briefing", str(tmp_path), "--points", "d.xlsx", "--points-column", "lon=高德经度",
                     "--points-column", "weight=", "--points-sheet", "企业", "--points-swap", "fix"]) == 0  # fmt: skip
    assert given["points_options"] == {
        "columns": {"lon": "高德经度", "weight": None}, "sheet": "企业", "swap": "fix",
    }  # fmt: skip
    said = capsys.readouterr()
    assert said.out.strip() == str(tmp_path / "index.html")


def flags_of(*words: str) -> dict[str, str]:
    return parser().parse_args(words).flags


def test_the_words_that_may_be_said_are_those_of_the_library() -> None:
    assert set(_FRAMES.split(", ")) == set(siting.crs.FRAMES)
    assert siting.points.headings.ROLES == ROLES


@pytest.mark.parametrize("words", [("concentration", "a.csv", "--by", "x"), ("briefing",)])
def test_what_a_message_on_points_names_is_an_option_of_the_word(words: tuple[str, ...]) -> None:
    rooms = Path(siting.__file__).parent
    text = "".join(p.read_text("utf-8") for room in ("points", "sheets") for p in (rooms / room).glob("*.py"))  # fmt: skip
    # What stands in a text for people: behind a Chinese or English word and a blank.
    named = set(re.findall(r"(?:请用|请加|用|with|add|and|or|say|use|in) (\w+)=", text)) - {
        "within"
    }
    assert {"columns", "swap", "sheet", "encoding", "frame", "dedupe", "missing_weight"} <= named
    flags = flags_of(*words)
    offered = parser().parse_args(list(words))
    for name in named:
        assert _OPTION.fullmatch(f"{name}="), name
        flag = flags.get(f"PNT.{name}") or flags[name]
        assert flag.removeprefix("--").replace("-", "_") in vars(offered), flag


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("briefing", "--frame FRAME 边界文件的坐标系 of the boundary file"),
        (
            "briefing",
            "--points-frame FRAME 点表的坐标系，与 --frame 分开写，两者都是 gcj02 就两个都写",
        ),
        ("concentration", "--frame FRAME 点表的坐标系，边界另用 --boundaries-frame"),
        ("concentration", "--boundaries-frame FRAME 边界文件的坐标系 of the boundary file"),
    ],
)
def test_the_help_says_whose_frame_each_option_is(
    word: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args([word, "--help"])
    assert f" {told}" in " ".join(capsys.readouterr().out.split())


def test_a_message_names_the_options_of_the_word_that_was_said() -> None:
    line = 'E-PNT-06 a.csv: with columns={"lon": "经度 (E)", "weight": None} or swap="fix", sheet='
    said = spoken(line, flags_of("briefing"))
    assert said.endswith('with --points-column "lon=经度 (E)" --points-column weight= or --points-swap fix, --points-sheet')  # fmt: skip
    for room, words, flag in (
        ("PNT", ["briefing"], "--points-frame"),
        ("BND", ["briefing"], "--frame"),
        ("PNT", ["concentration", "a.csv", "--by", "x"], "--frame"),
        ("BND", ["concentration", "a.csv", "--by", "x"], "--boundaries-frame"),
    ):
        assert (
            spoken(f'W-{room}-01: frame="gcj02"', flags_of(*words)) == f"W-{room}-01: {flag} gcj02"
        )
    # A word that has no such option leaves the message as it is.
    assert spoken('E-PNT-06: swap="fix"', flags_of("plan", "list")) == 'E-PNT-06: swap="fix"'


def test_two_inputs_that_are_wrong_are_both_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["plan", "verify", "no-such-plan", "no-such.txt"]) == 2
    said = capsys.readouterr().err
    assert "no-such-plan" in said
    assert "no-such.txt" in said


def test_a_year_is_asked_for_in_words_of_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.csv").write_text(
        "企业名称,行业,经度,纬度,人数,\n,,,,2022,2023\n甲,汽车,121.25,31.38,10,20\n", "utf-8"
    )
    words = ["concentration", str(tmp_path / "a.csv"), "--by", "行业", "--weight", "人数"]
    assert cli.main([*words, "--out", str(tmp_path / "out")]) == 2
    assert "--column weight=人数/2022" in capsys.readouterr().err
    assert cli.main([*words, "--out", str(tmp_path / "out"), "--lang", "en"]) == 2
    said = capsys.readouterr().err
    assert "--column weight=人数/2022" in said
    assert "columns=" not in said


def test_without_a_word_all_words_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    for words in ([], ["plan"]):
        with pytest.raises(SystemExit) as ended:
            cli.main(words)
        assert ended.value.code == 2
        said = capsys.readouterr()
        assert said.out == ""
        for word in ("briefing", "concentration", "layout") if not words else ("show", "verify"):
            assert word in said.err
