"""Words on the command line: what they print, and the exit code of each kind of failure."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from siting import cli


def run(*words: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "siting.cli", *words],
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
        **options,
    )


def test_help_loads_no_heavy_library_and_lists_the_words() -> None:
    code = (
        "import sys\nfrom siting import cli\n"
        "try: cli.main(['--help'])\nexcept SystemExit as end: assert end.code == 0\n"
        "assert not {'pandas', 'numpy', 'geopandas', 'folium'} & set(sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    for word in ("briefing", "plan", "places"):
        assert word in done.stdout


def test_plan_list_and_show_name_the_bundled_plans(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["plan", "list"]) == 0
    listed = capsys.readouterr().out
    assert "沪府发〔2022〕11号" in listed
    assert listed.split("\n")[0].split("\t")[-3:] == ["集群数", "领域数", "地区数"]
    assert cli.main(["plan", "show", "jiading-2023", "--lang", "zh"]) == 0
    shown = capsys.readouterr().out
    assert "二（一）1" in shown
    assert "安亭" in shown


def test_places_lists_and_resolves(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["places"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert len(listed) == 17  # a heading and 16 districts
    assert listed[0].startswith("区划代码\t中文名称\t")
    assert "_" not in listed[0]
    assert cli.main(["places", "浦东", "徐汇区", "--lang", "en"]) == 0
    assert capsys.readouterr().out.startswith("Place\tPlace code\n浦东\t310115\n")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["plan", "show", "no-such-plan"], 2, "shanghai-2022"),
        (["plan", "show", "http://x.y/plan.xlsx"], 2, "E-"),
        (["places", "徐会区"], 2, "徐汇区"),
        (["places", "工业区"], 2, "嘉定工业区"),
        (["places", "--boundaries", "/vsicurl/http://x.y/a.geojson"], 2, "E-FILE-01"),
        (["plan", "verify", "shanghai-2022", "no-such-file.txt"], 2, "no-such-file.txt"),
    ],
)
def test_bad_input_exits_with_2_and_a_message_in_the_language_asked_for(
    words: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(words) == code
    zh = capsys.readouterr().err
    assert said in zh
    assert "Traceback" not in zh
    assert cli.main([*words, "--lang", "en"]) == code
    assert capsys.readouterr().err != zh


def test_a_word_that_does_not_exist_exits_with_2() -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["no-such-word"])
    assert ended.value.code == 2


def test_a_place_that_cannot_be_written_exits_with_4(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert cli.main(["plan", "template", str(tmp_path / "file" / "a.xlsx")]) == 4
    assert cli.main(["briefing", str(tmp_path / "file" / "out")]) == 4


def test_an_existing_output_exits_with_2_and_is_kept(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_text("mine")
    assert cli.main(["plan", "template", str(tmp_path / "a.xlsx")]) == 2
    assert (tmp_path / "a.xlsx").read_text() == "mine"
    assert cli.main(["briefing", str(tmp_path)]) == 2


def test_a_fault_of_ours_exits_with_70_and_shows_where_only_on_request(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import siting.plan

    def fail() -> None:
        msg = "boom"
        raise RuntimeError(msg)

    monkeypatch.setattr(siting.plan, "list_plans", fail)
    assert cli.main(["plan", "list"]) == 70
    assert "Traceback" not in capsys.readouterr().err
    assert cli.main(["plan", "list", "--debug"]) == 70
    assert "boom" in capsys.readouterr().err


def test_a_template_is_written_and_read_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "计划.xlsx"
    assert cli.main(["plan", "template", str(path), "--plan", "jiading-2023"]) == 0
    capsys.readouterr()
    assert cli.main(["plan", "show", str(path)]) == 0
    assert "安亭" in capsys.readouterr().out


def test_verify_finds_every_fact_and_names_an_altered_one(
    tmp_path: Path, reference: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = reference.parent / "sources" / "shanghai-2022.txt"
    assert cli.main(["plan", "verify", "shanghai-2022", str(source)]) == 0
    # A heading and a row for the title, 5 clusters, 16 fields, 25 pairs, 13 targets, 6 programmes, 3 zones.
    assert len(capsys.readouterr().out.splitlines()) == 1 + 1 + 5 + 16 + 25 + 13 + 6 + 3
    altered = tmp_path / "altered.txt"
    altered.write_text(source.read_text("utf-8").replace("松江、青浦", "长宁、青浦"), "utf-8")
    assert cli.main(["plan", "verify", "shanghai-2022", str(altered), "--missing"]) == 2
    missing = capsys.readouterr().out.splitlines()
    assert len(missing) == 2
    assert "310117" in missing[1]


def test_it_prints_in_a_locale_without_chinese(tmp_path: Path) -> None:
    done = run(
        "plan",
        "list",
        env={"LC_ALL": "C", "PATH": "", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"},
    )
    assert done.returncode == 0, done.stderr


def test_a_reader_of_our_output_that_has_enough_is_no_fault() -> None:
    code = "import sys; from siting.cli import main; sys.exit(main(['places']))"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as one:
        assert one.stdout is not None
        assert one.stderr is not None
        one.stdout.close()
        said = one.stderr.read().decode("utf-8")
        assert one.wait() in (0, 120)  # 120: Python itself could not flush
    assert "缺陷" not in said


def test_a_text_that_is_no_plan_gives_no_draft(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "junk.txt").write_text("hello\nworld\n", "utf-8")
    assert cli.main(["plan", "extract", str(tmp_path / "junk.txt"), str(tmp_path / "a.xlsx")]) == 2
    assert "E-READ-10" in capsys.readouterr().err
    assert not (tmp_path / "a.xlsx").exists()
