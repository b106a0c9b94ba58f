"""One spelling for a name: the forms people write, and the laws that hold for any text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siting.names import canonical, short_form


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("徐匯區", "徐汇区"),
        ("徐滙區", "徐汇区"),
        ("浦東新區", "浦东新区"),
        ("寶山區", "宝山区"),
        ("楊浦區", "杨浦区"),
        ("閔行區", "闵行区"),
        ("靜安區", "静安区"),
        ("長寧區", "长宁区"),
        ("黃浦區", "黄浦区"),
        ("奉賢區", "奉贤区"),
        ("嘉定鎮街道", "嘉定镇街道"),
        ("馬陸鎮", "马陆镇"),
        ("華亭鎮", "华亭镇"),
        ("婁塘鎮", "娄塘镇"),
        ("菊園新區", "菊园新区"),
        ("嘉定工業區", "嘉定工业区"),
        ("外岡鎮", "外冈镇"),
        ("江橋鎮", "江桥镇"),
        ("張江鎮", "张江镇"),
        ("盧灣區", "卢湾区"),
        ("閘北區", "闸北区"),
        ("南匯區", "南汇区"),
        ("崇明縣", "崇明县"),
        ("川沙縣", "川沙县"),
    ],
)
def test_traditional_characters_become_simplified_ones(written: str, meant: str) -> None:
    assert canonical(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Ｇ６０科创走廊", "G60科创走廊"),
        ("２０２５", "2025"),
        ("静安（区）", "静安(区)"),
        ("Ａ－Ｂ", "A-B"),
        ("A—B", "A-B"),
        ("A–B", "A-B"),
        ("A−B", "A-B"),
        ("Jing’an", "Jing'an"),
        ("\ufeff浦东新区", "浦东新区"),
        ("\u3000 浦 东\t新\u00a0区\n", "浦东新区"),
    ],
)
def test_width_blanks_dashes_and_marks_are_of_no_matter(written: str, meant: str) -> None:
    assert canonical(written) == meant


@pytest.mark.parametrize(
    "code",
    [0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD, 0x202E, 0x2028, 0xFE0F, 0x3164, 0x034F, 7],
)
def test_characters_that_nobody_sees_are_dropped(code: int) -> None:
    assert canonical(f"浦东{chr(code)}新区{chr(code)}") == "浦东新区"


@given(st.text())
def test_the_canonical_form_of_a_canonical_form_is_itself(text: str) -> None:
    once = canonical(text)
    assert canonical(once) == once


@given(st.text(), st.sampled_from(" \t\u3000\u200b\u00a0\ufeff"))
def test_a_blank_at_either_end_changes_nothing(text: str, blank: str) -> None:
    # (inside a text a blank may keep two characters from combining until it is gone)
    assert canonical(blank + text + blank) == canonical(text)


def test_a_very_long_name_takes_no_longer_than_its_length_asks() -> None:
    # Ten times the text may take ten times the time, with room for a busy machine; quadratic
    # work would take a hundred times as long.
    def seconds(n: int) -> float:
        start = time.perf_counter()
        canonical("（" * n)
        return time.perf_counter() - start

    short = min(seconds(20_000) for _ in range(3))
    assert min(seconds(200_000) for _ in range(3)) < 40 * short


@pytest.mark.parametrize(
    ("name", "level", "short"),
    [
        ("浦东新区", "district", "浦东"),
        ("嘉定区", "district", "嘉定"),
        ("安亭镇", "town", "安亭"),
        ("菊园新区", "town", "菊园"),
        ("嘉定镇街道", "town", "嘉定镇"),
        ("横沙乡", "town", "横沙"),
        ("嘉定工业区", "town", None),  # 工业区 is no kind that may be dropped
        ("堡镇", "town", None),  # one character is no name
        ("张江高科技园区", "town", None),
    ],
)
def test_only_the_word_for_the_kind_is_dropped(name: str, level: str, short: str | None) -> None:
    assert short_form(name, level) == short
