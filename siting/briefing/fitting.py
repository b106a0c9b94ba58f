"""How wide a text is and how tall it becomes in a column, so that no number and no word is broken."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Row = Sequence[tuple[str, Any]]  # text and colours of each cell

LEADING = 1.25  # height of a line, in sizes of a letter
_BOLD = 1.12  # a heading is as much wider
_SLACK = 1.03  # so that a letter that is a little wider breaks nothing
_WHOLE, _PART = 9.0, 4.0  # ems: a text that is kept whole; what of a longer one with hanzi is
_APART = 0.25  # ems; what stands between a hanzi and a letter, unseen
_LONGEST = 12.0  # ems; what is longer without a space is an address, and may break
# Ems, as wide as those of a wide font: who opens the file may lack the one that it asks for.
_NARROW, _SLIM, _BROAD = (
    frozenset("ijl'|.,:;! "),
    frozenset('frtI()[]/-"'),
    frozenset("mwMW%@+=<>~"),
)
_WORD = re.compile(r"[^\s\u2e80-\uffff]+")
_BETWEEN = re.compile("(?<=[\u2010-\uffff])(?=[!-~])|(?<=[!-~])(?=[\u2010-\uffff])")
_STEP = re.compile(r"[^\s\u2e80-\uffff]+|\s|.")
_UNIT = re.compile(r"[^\s、，；。,;]+[、，；。,;]?")


def width(text: str) -> float:
    """
    Return about how wide a text is on one line [em]; a hanzi takes one.

    Examples
    --------
    >>> width("未来产业"), round(width("0.25"), 2)
    (4.0, 2.25)
    """
    return sum(map(_em, text)) + _APART * len(_BETWEEN.findall(text))


def _em(letter: str) -> float:
    if ord(letter) >= 0x2E80:
        return 1.0
    if letter in _NARROW:
        return 0.33
    if letter in _SLIM:
        return 0.42
    if letter in _BROAD or ord(letter) > 0x2000:
        return 1.0
    return 0.72 if letter.isupper() else 0.64


def wrap(text: str, room: float) -> list[str]:
    """
    Return the lines of a text in a column of so many ems, blanks and all.

    Examples
    --------
    >>> wrap("three words here", 4.0), wrap("未来产业集群", 4.0)
    (['three ', 'words ', 'here'], ['未来产业', '集群'])
    """
    made, line, taken = [], "", 0.0
    for step in _STEP.findall(text.replace("\n", " ")):
        whole = width(step) <= room
        for i, part in enumerate(
            [step] if whole else step
        ):  # wider than a line: it breaks on new ones
            needs = width(part) + (_APART if line and _BETWEEN.search(line[-1] + part[0]) else 0.0)
            full = taken + needs > room or (not whole and i == 0)
            if line and full and not part.isspace():
                made.append(line)
                line, taken = "", 0.0
            line, taken = line + part, taken + needs
    return [*made, line]


def pieces(text: str, room: float, most: int) -> list[str]:
    """
    Return a text in pieces of at most so many lines of so many ems; together they are the text.

    Examples
    --------
    >>> pieces("未来产业集群布局", 3.0, 2)
    ['未来产业集群', '布局']
    """
    lines = wrap(text, room)
    return ["".join(lines[i : i + most]) for i in range(0, len(lines), most)]


def clipped(text: str, room: float, most: int) -> str:
    """
    Return a text, cut with a mark if it takes more than so many lines of so many ems.

    Examples
    --------
    >>> clipped("未来产业集群", 3.0, 1), clipped("未来", 3.0, 1)
    ('未来…', '未来')
    """
    first, *rest = pieces(text, room, most)
    while rest and first and len(wrap(f"{first}…", room)) > most:
        first = first[:-1]
    return f"{first}…" if rest else first


def unbroken(text: str, *, heading: bool = False) -> float:
    """
    Return how wide the widest part of a text is that must stay on one line [em].

    Examples
    --------
    >>> unbroken("未来健康、未来智能"), unbroken("从业人员由多到少的各个门类")
    (5.0, 4.0)
    >>> unbroken("1,447.12") == width("1,447.12")
    True
    """
    most = _PART if heading else _WHOLE
    words = [min(width(one), _LONGEST) for one in _WORD.findall(text)]
    units = [width(one) for one in _UNIT.findall(text)]
    return max([0.0, *words, *(one if one <= most else _PART for one in units)])


@dataclass(frozen=True)
class Fit:
    """Widths of columns and heights of rows [pt], and whether words or numbers must break."""

    size: float
    widths: list[float]
    heights: list[float]
    breaks: bool


def fit(rows: Sequence[Row], whole: float, *, size: float, margin: tuple[float, float]) -> Fit:
    """
    Share a width among the columns of a table, and tell how tall its rows become.

    Parameters
    ----------
    rows
        Text and colours by cell, the headings first.
    whole
        The width [pt].
    size
        Of the letters [pt].
    margin
        Left and right of a cell, and above and below [pt].

    Returns
    -------
    Fit
        Each column has the room of its numbers, words and short texts first. What is left is shared
        by how much longer the whole texts are. `breaks` if the width is too small even so.

    Examples
    --------
    >>> short, long = ("n", None), ("甲" * 60, None)
    >>> made = fit([[short, short], [short, long]], 100, size=5, margin=(0, 0))
    >>> [round(one) for one in made.widths], made.heights, made.breaks
    ([5, 95], [6.25, 25.0], False)
    """
    wide, tall = margin
    bold = [_BOLD if i == 0 else 1.0 for i in range(len(rows))]
    least, most = [], []
    for cells in zip(*rows, strict=True):
        texts = [text for text, _ in cells]
        firm = [unbroken(text, heading=i == 0) * bold[i] for i, text in enumerate(texts)]
        full = [min(width(text), 240.0) / (1 if i else 2) for i, text in enumerate(texts)]
        least.append(max(firm) * size * _SLACK + 2 * wide + 1)
        most.append(max(max(full) * size + 2 * wide + 1, least[-1]))
    widths = _shared(least, most, whole)
    heights = [
        max(
            len(wrap(text, max(room - 2 * wide, 1.0) / size / bold[i]))
            for (text, _), room in zip(row, widths, strict=True)
        )
        * size
        * LEADING
        + 2 * tall
        for i, row in enumerate(rows)
    ]
    return Fit(size, widths, heights, breaks=sum(least) > whole)


def _shared(least: list[float], most: list[float], whole: float) -> list[float]:
    """Return widths of that sum: at least the least, then towards the most, then all alike."""
    made = list(least)
    for _ in range(4):  # what one column has no use for is shared among the others
        spare = whole - sum(made)
        wants = [max(b - a, 0.0) ** 0.85 for a, b in zip(made, most, strict=True)]
        if spare <= 0 or not any(wants):
            break
        total = sum(wants)
        made = [
            min(a + spare * want / total, b) if want else a
            for a, b, want in zip(made, most, wants, strict=True)
        ]
    return [one * whole / sum(made) for one in made]


def pages(heights: Sequence[float], room: float) -> list[list[int]]:
    """
    Return which rows stand on each page, about as many on each; the first is repeated on all.

    Examples
    --------
    >>> pages([1, 2, 2, 2, 2], 8)
    [[0, 1, 2], [0, 3, 4]]
    """
    made = _filled(heights, room)
    while 1 < len(made) < len(heights) - 1:
        tighter = _filled(heights, room * 0.97)
        if len(tighter) > len(made):
            break
        room, made = room * 0.97, tighter
    return made


def _filled(heights: Sequence[float], room: float) -> list[list[int]]:
    head, made, taken = heights[0], [[0]], heights[0]
    for i, one in enumerate(heights[1:], 1):
        if len(made[-1]) > 1 and taken + one > room:
            made.append([0])
            taken = head
        made[-1].append(i)
        taken += one
    return made
