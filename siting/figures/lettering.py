"""Letters for print: one font that a package brings, no glyph missing, text measured and wrapped."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path

from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font, LoadFlags

from siting.errors import Finding, Findings, stop

SMALLEST = 6.0  # [pt] no text is smaller
LEADING = 1.25  # distance of lines, in sizes
_PACKAGE = "pylopdf_fonts_zh_cn"
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_NOT_FIRST = set("，。、；：！？）】》〉」』”’…,.;:!?)]}%·")
_NOT_LAST = set("（【《〈「『“‘([{")


@cache
def font_path() -> Path:
    """
    Return the file of Noto Sans SC, which the package ``pylopdf-fonts-zh-cn`` brings.

    Raises
    ------
    InputError
        If the package is not installed; fonts of the machine are never used.
    """
    try:
        found = Path(import_module(_PACKAGE).sans_path())
    except ImportError:
        found = Path()
    if not found.is_file():
        stop(
            code="E-FIG-01",
            value="pylopdf-fonts-zh-cn",
            reason="缺少中文字体包，无法出图",
            reason_en="the package with the Chinese font is missing, so nothing can be drawn",
            fix="请运行 pip install pylopdf-fonts-zh-cn（内网请先下载该包再安装）",
            fix_en="Run pip install pylopdf-fonts-zh-cn",
        )
    return found


@lru_cache(maxsize=64)
def font(size: float) -> FontProperties:
    """Return the font at `size` [pt]."""
    return FontProperties(fname=str(font_path()), size=size)


@cache
def _face() -> tuple[FT2Font, frozenset[int]]:
    face = FT2Font(str(font_path()))
    return face, frozenset(face.get_charmap())


def shown(text: object) -> str:
    """
    Return text as it is printed: one line, with control and invisible characters as codes.

    Examples
    --------
    >>> shown("浦东" + chr(10) + "新区" + chr(0x202E))
    '浦东 新区<U+202E>'
    """
    seen = []
    for c in unicodedata.normalize("NFC", str(text)):
        if c.isspace():
            seen.append(" ")
        elif unicodedata.category(c) in _UNSEEN:
            seen.append(f"<U+{ord(c):04X}>")
        else:
            seen.append(c)
    return "".join(seen)


def missing(text: str, where: str) -> Findings:
    """Return a finding for each different character of a printed text that the font lacks."""
    known = _face()[1]
    return Findings(
        Finding(
            code="E-FIG-02",
            column=where,
            value=text,
            reason=f"字体里没有字符“{c}”（U+{ord(c):04X}），不画成方框",
            reason_en=f"the font has no glyph for '{c}' (U+{ord(c):04X}), and no box is drawn for it",
            fix="请在原数据里改用别的字",
            fix_en="Write it otherwise in the data",
        )
        for c in dict.fromkeys(text)
        if ord(c) not in known
    )


@cache
def _advance(c: str) -> float:
    """Return the width of a character [sizes]; a missing one counts as full."""
    face, known = _face()
    if ord(c) not in known:
        return 1.0
    return float(face.load_char(ord(c), flags=LoadFlags.NO_SCALE).horiAdvance / face.units_per_EM)


def width(text: str, size: float) -> float:
    """
    Return how wide a line of text is [pt].

    Examples
    --------
    A hanzi is as wide as the size says:

    >>> width("浦东新区", 10)
    40.0
    """
    return sum(map(_advance, text)) * size


def wrap(text: str, size: float, room: float, *, lines: int = 99) -> list[str]:
    """
    Return text in lines of at most `room` [pt]; what is beyond `lines` gives way to ``…``.

    Breaks are at blanks and beside hanzi, never before closing or after opening punctuation; a
    word that is too long is broken anywhere.

    Examples
    --------
    >>> wrap("浦东新区，闵行区", 10, 45)
    ['浦东新', '区，闵行', '区']
    >>> wrap("Pudong New Area", 10, 60)
    ['Pudong New', 'Area']
    >>> wrap("浦东新区", 10, 32, lines=1)
    ['浦东…']
    """
    made: list[str] = []
    line = ""
    for piece in unbroken(text):
        if line and width((line + piece).rstrip(), size) > room:
            made.append(line.rstrip())
            line = ""
        line = (line + piece).lstrip() if not line else line + piece
        while width(line.rstrip(), size) > room and len(line) > 1:
            cut = next(
                i for i in range(len(line), 0, -1) if i == 1 or width(line[:i], size) <= room
            )
            made.append(line[:cut])
            line = line[cut:]
    made.append(line.rstrip())
    if len(made) <= lines:
        return made
    last = made[lines - 1]
    while last and width(last + "…", size) > room:
        last = last[:-1]
    return [*made[: lines - 1], last + "…"]


def unbroken(text: str) -> list[str]:
    """
    Return text cut at every place where a line may end; blanks stay with what they follow.

    Examples
    --------
    >>> unbroken("New Area 闵行。")
    ['New ', 'Area ', '闵', '行。']
    """
    pieces: list[str] = []
    for c in text:
        joins = (
            pieces
            and not pieces[-1].endswith(" ")
            and (
                c in _NOT_FIRST
                or pieces[-1][-1] in _NOT_LAST
                or c == " "
                or not (_wide(c) or _wide(pieces[-1][-1]))
            )
        )
        if joins:
            pieces[-1] += c
        else:
            pieces.append(c)
    return pieces


def _wide(c: str) -> bool:
    return unicodedata.east_asian_width(c) in ("W", "F")
