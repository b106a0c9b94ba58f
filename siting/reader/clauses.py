"""The clauses of a document: headings at all levels, found at line starts, and the text of each."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from siting.reader.folded import Folded, fold

_HANZI = "一二三四五六七八九十百"
# Style -> (mark at a line start, how its label is written). What comes first in the table wins.
_STYLES: dict[str, tuple[re.Pattern[str], str]] = {
    "chapter": (re.compile(rf"第([{_HANZI}\d]+)章"), "第{}章"),
    "section": (re.compile(rf"第([{_HANZI}\d]+)节"), "第{}节"),
    "article": (re.compile(rf"第([{_HANZI}\d]+)条"), "第{}条"),
    "hanzi": (re.compile(rf"([{_HANZI}]+)、"), "{}"),
    "(hanzi)": (re.compile(rf"\(([{_HANZI}]+)\)[、.]?"), "（{}）"),
    "decimal": (re.compile(r"(?:\d{1,2}\.)+(\d{1,2})(?![\d.%万亿])、?"), ".{}"),
    "digit": (re.compile(r"(\d{1,2})[.、]"), "{}"),
    "blank": (re.compile(r"(\d{1,2})(?=[\u4e00-\u9fff])"), "{}"),
    "(digit)": (re.compile(r"\((\d{1,2})\)[、.]?"), "（{}）"),
    "digit)": (re.compile(r"(\d{1,2})\)[、.]?"), "{}）"),
    "circled": (re.compile("([\u2460-\u2473])[、.]?"), "{}"),
    "is": (re.compile(rf"([{_HANZI}]{{1,3}})是"), "{}是"),
    "dash": (re.compile(r"(—+|-{2,}|\[(?=[^\[\]\d]{2,16}\]))"), "—{}"),
}
_ENDS = re.compile(r"""[。！？；：]["')》]*$""")
_ENDED = re.compile("[。！？；：]")
_TITLE, _LONGEST, _OPEN = 24, 60, tuple("第、，和与及的在按照见")  # a line that ends so goes on
_TOKEN = re.compile(
    rf"第[{_HANZI}\d]+[章节条]|（[^）]*）|\.\d+|\d+）?|[{_HANZI}]+是?|—\d+|[\u2460-\u2473]"
)


@dataclass(frozen=True, slots=True)
class Segment:
    """
    A clause's own text, from its heading to the next heading of any level.

    Parameters
    ----------
    clause
        The label, headings joined: ``二（一）1``; a paragraph that begins with a dash is ``一（二）—1``.
        Empty for what comes before the first heading.
    level
        Depth of the heading; 0 before the first.
    start, body, end
        Positions in the folded text: the mark, what follows the mark, and the end.
    """

    clause: str
    level: int
    start: int
    body: int
    end: int


def clauses(text: str) -> pd.DataFrame:
    """
    Return the clauses of a document in their order, with where each stands in the text.

    Parameters
    ----------
    text
        The document: 一、 （一） 1. 1.1 （1） 1） ① 第一章 第一节 第一条 一是 —— and 【…】 at line starts
        are headings, in any width, with or without blanks; a number and a blank as well, before a
        short title. The label of 2.1 is ``2.1``; 【…】 is counted as a dash is.

    Returns
    -------
    DataFrame
        ``clause`` (headings joined, ``二（一）1``; empty before the first heading), ``level`` (depth,
        from 1), ``heading`` (its title: to the end of the line or of the first sentence), ``start``
        and ``end`` (of the clause's own text [characters of `text`], up to the next heading).

    Notes
    -----
    The depth of a style is where it first appears under the headings above it, so that documents
    that skip a level are read as well. A line break inside a sentence is none: a mark counts if the
    line before ends a sentence, or if it follows a title and is next in its count. A number with
    decimals at a line start is a heading only if it is next in the count as well (5.6G 技术 after 4.).

    Examples
    --------
    >>> text = chr(10).join(["一、目标", "到 2030 年达到。", "——第一。", "二、布局", "（一）健康"])
    >>> clauses(text)[["clause", "level", "heading"]].values.tolist()
    [['一', 1, '目标'], ['一—1', 2, '第一'], ['二', 1, '布局'], ['二（一）', 2, '健康']]
    """
    page = fold(text)
    rows = []
    for segment in segments(page):
        if segment.end == segment.start:
            continue
        start, end = page.span(segment.start, segment.end)
        title = ""
        if segment.level and segment.body < segment.end:
            until = title_end(page, segment)
            title = text[slice(*page.span(segment.body, until))] if until > segment.body else ""
        rows.append((segment.clause, segment.level, title, start, end))
    return pd.DataFrame(rows, columns=["clause", "level", "heading", "start", "end"])


def title_end(page: Folded, segment: Segment) -> int:
    """Return where the title of a clause ends: with the line, its first sentence or its bracket."""
    line = min(page.line_end(segment.body), segment.end)
    if page.text[segment.body - 1 : segment.body] == "[":
        return page.text.index("]", segment.body)
    ended = _ENDED.search(page.text, segment.body, line)
    return ended.start() if ended else line


def segments(page: Folded) -> list[Segment]:
    """Return the clauses of a folded text; they cover it without gap or overlap."""
    found = list(_headings(page))
    bounds = [start for _, _, start, _ in found] + [len(page.text)]
    first = Segment("", 0, 0, 0, bounds[0])
    return [
        *([first] if first.end else []),
        *(
            Segment(clause, level, start, body, end)
            for (clause, level, start, body), end in zip(found, bounds[1:], strict=True)
        ),
    ]


@lru_cache(maxsize=4_096)
def tokens(clause: str) -> tuple[str, ...]:
    """
    Return the headings that a label consists of, however its brackets and dots are written.

    Examples
    --------
    >>> tokens("二、(一)1."), tokens("一（二）——1")
    (('二', '（一）', '1'), ('一', '（二）', '—1'))
    """
    plain = fold(clause).text.replace("(", "（").replace(")", "）")
    return tuple(_TOKEN.findall(re.sub("[—-]+", "—", plain)))


def _headings(page: Folded) -> Iterator[tuple[str, int, int, int]]:
    """Yield label, level, start and end of the mark of each heading."""
    stack: list[tuple[str, int, str]] = []  # style, number, label
    title_from = 0  # where the last title began
    for start in page.breaks:
        tried = ((style, mark.match(page.text, start)) for style, (mark, _) in _STYLES.items())
        fits = ((s, m) for s, m in tried if m and _counts_on(page, stack, s, m))
        style, match = next(fits, ("", None))
        if match is None:
            continue
        if style == "decimal":
            style += "." * match[0].count(".")
        above = next((i for i, (s, _, _) in enumerate(stack) if s == style), len(stack))
        last = stack[above][1] if above < len(stack) else 0
        number = last + 1 if style == "dash" else _value(match[1])
        if not _is_heading(page, match, style, (last, number), title_from):
            continue
        written = str(number) if style == "dash" else match[1]
        del stack[above:]
        stack.append((style, number, _STYLES[style.rstrip(".")][1].format(written)))
        title_from = match.end()
        yield "".join(label for _, _, label in stack), len(stack), start, match.end()


def _counts_on(
    page: Folded, stack: list[tuple[str, int, str]], style: str, match: re.Match[str]
) -> bool:
    """Whether a mark that is no more than a number goes on with the numbers of the headings above."""
    if style == "decimal":
        parts = [int(part) for part in re.findall(r"\d+", match[0])]
        own = style + "." * match[0].count(".")
        above = next((i for i, one in enumerate(stack) if one[0] == own), len(stack))
        numbers = [number for _, number, _ in stack[:above]]
        last = stack[above][1] if above < len(stack) else 0
        return numbers[1 - len(parts) :] == parts[:-1] and parts[-1] == last + 1
    if style == "blank":
        first, last = page.span(match.end() - 1, match.end() + 1)
        parted = last - first > 2
        title = page.text[match.end() : page.line_end(match.end())]
        return parted and len(title) <= _TITLE and not re.search("[，。；、]", title)
    return True


def _is_heading(
    page: Folded, match: re.Match[str], style: str, count: tuple[int, int], title_from: int
) -> bool:
    """Whether a mark at a line start is a heading and no piece of a broken sentence."""
    start = match.start()
    after_sentence = start == 0 or _ENDS.search(page.text, max(0, start - 4), start) is not None
    # Sections may have been moved about: any number may follow a line that is a title, not a wrapped one.
    line = page.breaks[bisect_left(page.breaks, start) - 1]
    short = start - title_from <= _TITLE and page.text[start - 1 : start] not in _OPEN
    after_sentence |= 0 < line <= title_from <= start and short and style not in ("digit", "blank")
    # What precedes the first heading ends with the title of the document, or with a date.
    whole = page.text[line:start]
    first = title_from == 0 and count[1] == 1 and style not in ("digit", "blank", "is", "dash")
    after_sentence |= first and len(whole) <= _LONGEST and not re.search("[，。；、]", whole)
    after_title = _ENDED.search(page.text, title_from, start) is None
    last, number = count
    is_next = number == last + 1
    if style == "digit" and page.text[match.end() : match.end() + 1].isdigit():
        return after_sentence and is_next
    if style == "dash":
        return after_sentence or after_title
    # A second or later heading may follow a line that lacks its full stop; a first one may not.
    return after_sentence or (is_next and (after_title or last > 0))


def _value(written: str) -> int:
    """Return the number that a heading counts."""
    if written.isdigit() and written.isascii():
        return int(written)
    if "\u2460" <= written <= "\u2473":
        return ord(written) - 0x245F
    total, digit = 0, 0
    for character in written:
        if character == "百":
            total, digit = total + max(digit, 1) * 100, 0
        elif character == "十":
            total, digit = total + max(digit, 1) * 10, 0
        else:
            digit = _HANZI.index(character) + 1
    return total + digit
