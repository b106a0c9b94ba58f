"""Text on printed figures: no box for a glyph, nothing interpreted, nothing cut, the same bytes each time."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import textwrap
import unicodedata
import xml.etree.ElementTree as ET
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from pypdf import PdfReader

from siting.errors import ExistingOutputError, InputError
from siting.export import save_figure
from siting.figures import (
    lettering,
    measure_figure,
    overlap_matrix_figure,
    plan_figure,
    small_multiples,
    upset_figure,
)
from siting.figures.lettering import font_path, shown, width, wrap
from siting.figures.page import A4, Page, render
from siting.places import read_places
from siting.plan import read_plan
from tests.drawn import off_page, overlapping, texts
from tests.small_maps import row_of_squares, small_plan

HOSTILE = (
    *("$x^2$", "$\\frac{1}", "${", "\\alpha", "$", "$$", "$$$", "_^~", "\\", "\\$", "$a$b$", "%"),
    *("{{7*7}}", "{% raw %}", "{0}", "{title}", "%s %d", "#$%&", "=1+1", "@x", "..", "/etc/passwd"),
    *(
        "<b>b</b>",
        "</svg>",
        "&amp;",
        "<!--",
        "]]>",
        "<script>x</script>",
        "'\"",
        "`",
        "\\n",
        "a,b;c",
    ),
    *("a\nb", "a\tb", "a\rb", "\x00x", "\x1b[2J", "x\u202ey", "x\u200by", "x\ufeffy", "x\u2028y"),
    *("\ud800", "e\u0301", "一" * 300, "W" * 300, "甲 " * 100, "", "   ", "\u3000", "\u00a0x"),
    *("甲\u00ad乙", "None", "nan", "-1", "1e999", "①", "〇", "㙦", "“”（）", "—…", "★", "x" * 61),
)
SVG = "{http://www.w3.org/2000/svg}"


def test_there_are_60_hostile_names() -> None:
    assert len(set(HOSTILE)) == len(HOSTILE) >= 60


@pytest.mark.parametrize("name", HOSTILE, ids=lambda name: repr(name[:12]))
def test_a_hostile_name_is_drawn_as_it_is_written(name) -> None:
    places = row_of_squares([name, "乙", "丙"])
    plan = small_plan(lambda _sink: name)
    plan.title = name
    figure = plan_figure(plan, places)
    said = texts(figure)
    for text in (name, f"{name}：集群布局示意图"):
        # long ones are set in lines, and those that no box holds end in an ellipsis
        start = re.sub(r"\s", "", shown(text))[:12]
        assert start in re.sub(r"\s", "", "".join(said))
    assert off_page(figure) == []
    assert overlapping(figure) == []
    root = ET.fromstring(render(figure, ".svg"))
    assert root.tag == f"{SVG}svg"
    assert root.findall(f".//{SVG}script") == []
    for suffix in (".png", ".pdf"):
        assert len(render(figure, suffix, dpi=40)) > 1000
    assert off_page(small_multiples(plan, places)) == []


def test_sixty_hostile_names_together_lose_none() -> None:
    places = row_of_squares(list(HOSTILE))
    index = pd.Index([f"31{i:04}" for i in range(len(HOSTILE))], name="place_id")
    attrs, places = places.attrs, places.set_index(index)
    places.attrs = attrs
    values = pd.Series(range(len(HOSTILE)), index=index, dtype="float64")
    figure = measure_figure(values, places, title="$强度$")
    assert overlapping(figure) == []
    assert off_page(figure) == []
    said = re.sub(r"\s", "", "".join(texts(figure)))
    for name in HOSTILE:
        assert re.sub(r"\s", "", shown(name))[:8] in said, name


def test_hostile_names_of_clusters_and_places_stay_in_their_boxes() -> None:
    names = {f"c{i}": name for i, name in enumerate(HOSTILE[:12])}
    table = pd.DataFrame(1, index=[f"p{i}" for i in range(20)], columns=list(names))
    for i, column in enumerate(names):
        table.loc[f"p{i}", column] = 0
    called = {f"p{i}": name for i, name in enumerate(HOSTILE[12:32])}
    figure = upset_figure(table, names=names, places=called)
    assert off_page(figure) == []
    assert overlapping(figure) == []
    pairs = pd.DataFrame({"a": ["c0", "c1"], "b": ["c2", "c2"], "shared": 1, "jaccard": 0.5})
    long = overlap_matrix_figure(pairs, names={"c0": "一" * 300, "c1": "$x$", "c2": "W" * 300})
    assert off_page(long) == []
    assert overlapping(long) == []


@pytest.mark.parametrize(
    ("character", "name"), [("😀", "emoji"), ("𠮷", "rare hanzi"), ("ا", "arabic")]
)
def test_a_missing_glyph_is_an_error_that_names_it_and_its_place(character, name) -> None:
    places = row_of_squares(["甲", f"乙{character}", "丙"])
    with pytest.raises(InputError) as caught:
        plan_figure(small_plan(), places)
    codes = {f.code for f in caught.value.findings}
    assert codes == {"E-FIG-02"}, name
    said = caught.value.text()
    assert character in said
    assert f"U+{ord(character):04X}" in said
    assert "310002" in said


def test_all_missing_glyphs_are_said_at_once() -> None:
    places = row_of_squares(["😀", "😁", "丙"])
    with pytest.raises(InputError) as caught:
        plan_figure(small_plan(), places, title="😂")
    said = caught.value.text()
    assert all(c in said for c in "😀😁😂")


def test_a_missing_font_package_says_how_to_get_it(monkeypatch) -> None:
    def missing(name: str):
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(lettering, "import_module", missing)
    font_path.cache_clear()
    with pytest.raises(InputError, match="pip install pylopdf-fonts-zh-cn") as caught:
        font_path()
    assert caught.value.findings[0].code == "E-FIG-01"
    font_path.cache_clear()


def test_no_font_of_the_machine_is_needed_or_used(tmp_path) -> None:
    code = """
        import io
        import matplotlib.font_manager as fonts
        assert not any("Noto" in font.name for font in fonts.fontManager.ttflist)
        fonts.fontManager.ttflist.clear()
        fonts.fontManager.afmlist.clear()
        from pypdf import PdfReader
        from siting.figures import plan_figure, small_multiples
        from siting.figures.page import render
        from siting.places import read_places
        from siting.plan import read_plan
        for lang in ("zh", "en"):
            for draw in (plan_figure, small_multiples):
                figure = draw(read_plan("jiading-2023"), read_places("town", within="310114"), lang=lang)
                for suffix in (".png", ".svg", ".pdf"):
                    made = render(figure, suffix, dpi=50)
                page = PdfReader(io.BytesIO(made)).pages[0]
                used = {font.get_object()["/FontDescriptor"]["/FontName"] for font in page["/Resources"]["/Font"].values()}
                assert all(name.endswith("NotoSansSC-Regular") for name in used), used
    """
    environment = {
        **os.environ,
        "FONTCONFIG_FILE": os.devnull,
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path),
        "MPLCONFIGDIR": str(tmp_path),
        "PYTHONPATH": str(Path(__file__).parents[1]),
    }
    # the fonts of the machine are hidden from matplotlib when it looks for them
    hide = "import matplotlib.font_manager as f; f._get_fontconfig_fonts = lambda: []; "
    hide += "f.X11FontDirectories[:] = []; f.fontManager = f.FontManager()\n"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", hide + textwrap.dedent(code)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_the_same_figure_gives_the_same_bytes(suffix, tmp_path) -> None:
    plan, places = read_plan("shanghai-2022"), read_places("district")
    one = save_figure(plan_figure(plan, places), tmp_path / f"one{suffix}").read_bytes()
    figure = plan_figure(plan, places)
    other = save_figure(figure, tmp_path / f"other{suffix}").read_bytes()
    again = save_figure(figure, tmp_path / f"again{suffix}").read_bytes()
    assert one == other == again
    assert b"20" + b"26" not in one[:2000]  # no date
    code = (
        "import sys; from siting.figures import plan_figure; from siting.export import save_figure\n"
        "from siting.places import read_places; from siting.plan import read_plan\n"
        "save_figure(plan_figure(read_plan('shanghai-2022'), read_places('district')), sys.argv[1])"
    )
    far = tmp_path / f"far{suffix}"
    environment = {
        **os.environ,
        "PYTHONHASHSEED": "7",
        "PYTHONPATH": str(Path(__file__).parents[1]),
    }
    subprocess.run([sys.executable, "-c", code, far], check=True, env=environment)
    assert far.read_bytes() == one


def test_the_text_of_a_pdf_can_be_searched_and_its_font_is_inside() -> None:
    plan, places = read_plan("jiading-2023"), read_places("town", within="310114")
    reader = PdfReader(io.BytesIO(render(plan_figure(plan, places), ".pdf")))
    said = reader.pages[0].extract_text()
    # set in two lines, the names of streets are found in parts
    for name in ("安亭镇", "嘉定工业区", "未来智能", "审图号"):
        assert name in said
    size = reader.pages[0].mediabox
    assert (round(float(size.width)), round(float(size.height))) == A4
    for font in reader.pages[0]["/Resources"]["/Font"].values():
        one = font.get_object()
        assert one["/Subtype"] == "/Type3"  # outlines inside, whatever fonts the reader has
        assert "/CharProcs" in one


def test_an_svg_holds_outlines_and_no_text_in_a_font() -> None:
    places = row_of_squares(["甲", "乙", "丙"])
    root = ET.fromstring(render(plan_figure(small_plan(), places), ".svg"))
    assert root.findall(f".//{SVG}text") == []
    assert len(root.findall(f".//{SVG}use")) > 50


@pytest.mark.parametrize("name", ["图.jpg", "图", "图.svgz"])
def test_other_endings_are_refused(name, tmp_path) -> None:
    with pytest.raises(InputError, match="E-OUT-03"):
        save_figure(Figure(), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("thing", [None, "图", SimpleNamespace(savefig=print)])
def test_what_is_no_figure_is_refused(thing, tmp_path) -> None:
    with pytest.raises(InputError, match="E-FIG-03"):
        save_figure(thing, tmp_path / "a.png")


@pytest.mark.parametrize("dpi", [0, 5000, 96.5, True, "200"])
def test_an_impossible_resolution_is_refused(dpi, tmp_path) -> None:
    with pytest.raises(InputError, match="E-FIG-15"):
        save_figure(Figure(), tmp_path / "a.png", dpi=dpi)


def test_a_figure_is_written_in_the_size_that_was_asked_for(tmp_path) -> None:
    figure = Page(A4).finish()
    made = save_figure(figure, tmp_path / "部门" / "图.PNG", dpi=100).read_bytes()
    # the width and the height stand in bytes 16 to 24: 842 and 595 points at 100 per 72
    assert int.from_bytes(made[16:20]) == int(842 / 72 * 100)
    assert int.from_bytes(made[20:24]) == int(595 / 72 * 100)
    with pytest.raises(ExistingOutputError):
        save_figure(figure, tmp_path / "部门" / "图.PNG", overwrite=False)
    assert figure.dpi == Figure().dpi


def test_a_notebook_shows_a_figure_as_it_is_printed() -> None:
    figure = plan_figure(small_plan(), row_of_squares(["甲", "乙", "丙"]))
    assert figure._repr_png_() == render(figure, ".png", dpi=110)


@given(st.text(max_size=60), st.integers(20, 200))
def test_wrapped_text_keeps_every_character_and_fits(text, room) -> None:
    line = shown(text)
    made = wrap(line, 8.0, room)
    assert "".join(made).replace(" ", "") == line.replace(" ", "")
    # a single character that is wider than the room cannot be broken
    assert all(width(one, 8.0) <= room or len(one) == 1 for one in made)


@given(st.text(max_size=80), st.integers(20, 100), st.integers(1, 3))
def test_text_that_has_too_many_lines_ends_in_an_ellipsis(text, room, lines) -> None:
    line = shown(text)
    made = wrap(line, 8.0, room, lines=lines)
    assert len(made) <= lines
    assert made == wrap(line, 8.0, room) or made[-1].endswith("…")
    assert all(width(one, 8.0) <= room or len(one) == 1 for one in made)


@given(st.text(max_size=40))
def test_printed_text_is_one_line_without_anything_unseen(text) -> None:
    line = shown(text)
    assert shown(line) == line
    assert all(unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in line)


def test_text_is_as_wide_as_it_is_measured() -> None:
    page = Page(A4)
    page.text((100, 100), "浦东新区 Pudong New Area 310115", 9, where="test")
    figure = page.finish()
    figure.set_dpi(72)
    from siting.figures.page import defaults

    with defaults():
        extent = figure.findobj(lambda t: getattr(t, "get_text", str)() != "")[0].get_window_extent(
            figure.canvas.get_renderer()
        )
    measured = width("浦东新区 Pudong New Area 310115", 9)
    assert measured - 2 <= extent.width <= measured + 1
