"""Whatever a name holds, it comes back as that text and as nothing else."""

from __future__ import annotations

import html
import json
import string

import jinja2
from hypothesis import given
from hypothesis import strategies as st

from siting.escape import safe_filename, safe_json, safe_text

ANY = st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from("{}%#$`\\<>&'\"/=")))
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | ANY,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY, inner, max_size=4),
    max_leaves=12,
)


@given(ANY)
def test_a_browser_reads_back_the_text_that_was_escaped(text: str) -> None:
    assert html.unescape(safe_text(text)) == html.unescape(html.escape(text))
    assert not set("<>\"'`{}$\\") & set(safe_text(text))


@given(ANY)
def test_jinja_leaves_escaped_text_alone_however_often_it_is_run(text: str) -> None:
    once = jinja2.Template(
        safe_text(text), keep_trailing_newline=True, newline_sequence="\n"
    ).render()
    assert once.split() == safe_text(text).split()


@given(JSON)
def test_json_reads_back_and_holds_nothing_that_html_or_jinja_would_take(value: object) -> None:
    encoded = safe_json(value)
    assert json.loads(encoded) == value
    for taken in ("<", ">", "&", "{{", "{%", "{#", "${", "`", "'", "\u2028", "\u2029"):
        assert taken not in encoded


@given(ANY)
def test_a_file_name_has_no_path_and_a_bounded_length(name: str) -> None:
    made = safe_filename(name)
    assert 0 < len(made.encode()) <= 120
    assert not set(made) & set('/\\:*?"<>|. \0' + string.whitespace)
    assert made.casefold().split("-")[0] not in {"con", "prn", "nul"} or "-" in made


@given(st.lists(ANY, unique=True, max_size=12))
def test_distinct_names_get_distinct_file_names_even_where_case_is_ignored(
    names: list[str],
) -> None:
    used: set[str] = set()
    made = [safe_filename(name, used=used).casefold() for name in names]
    assert len(set(made)) == len(names)


def test_names_that_windows_keeps_for_itself_are_changed() -> None:
    assert safe_filename("CON") != "CON"
    assert safe_filename("nul") != "nul"


def test_half_a_character_can_be_written_as_utf8_and_json_gives_it_back() -> None:
    half = "浦\ud800东"
    assert safe_text(half) == "浦\ufffd东"
    assert safe_json({"名": half}).encode("utf-8")
    assert json.loads(safe_json({"名": half})) == {"名": half}
