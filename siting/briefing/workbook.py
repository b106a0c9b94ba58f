"""The story as a workbook: contents, how to read it, every table with its colours and field notes, sources."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from siting import export, tables
from siting.briefing.links import Links
from siting.briefing.story import Cards, Chapter, Items, Story, Table, Text
from siting.colours import ink
from siting.export import Mark, Sheet
from siting.files import Paint

_SURE, _SPECIAL = "#fde3b5", "#d6e6f2"  # a p of at most 0.05; a quotient above 1
_QUOTIENTS = {"区位商", "其区位商", "Location quotient", "That LQ"}
_BAR = "#c9d8e5"
_SHARES = {"0–1", "0 to 1"}  # units whose numbers have a bar
_COUNTED = {"个", "count", "个地区", "places", "个集群", "clusters"}
_AMOUNTS = _COUNTED | {"人", "persons", "平方公里", "km2"}
_PROBABILITY = re.compile(r"(?<![A-Za-z])[pq](?![A-Za-z])")
_NOT_PROBABILITY = ("最小", "mallest")
_UNFIT = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_READING = 90.0  # width of the sentences
_LONGEST = 31  # of the name of a sheet, in UTF-16 units


def write_tables(story: Story, path: Path) -> Path:
    """Write all tables of a story as one .xlsx."""
    return export.save_workbook(story_sheets(story), path, contents=True, lang=story.lang)


def story_sheets(story: Story) -> dict[str, Sheet]:
    """Return the sheets of a story by name, between the lists of contents and of columns."""
    zh = story.lang == "zh"
    taken = {name.casefold() for pair in (export.CONTENTS, export.FIELD_NOTES) for name in pair}
    sheets: dict[str, Sheet] = {}

    def add(name: str, sheet: Sheet, of: str = "") -> None:
        sheets[_sheet_name(name, of, taken)] = sheet

    for name, sheet in _words(story):
        add(name, sheet)
    keys = Counter(table.key for chapter in story.chapters for table in chapter.tables)
    everywhere, links = merged_colours(story.chapters), Links(story)
    for chapter in story.chapters:
        colours = {**everywhere, **chapter.colours}
        for table in chapter.tables:
            if table.key == "sources" and any(t.key == "sources_full" for t in chapter.tables):
                continue
            sheet = _sheet(table, chapter, colours, links)
            shared = keys[table.key] > 1 or re.fullmatch(r"p\d+", chapter.id)  # called the same
            if shared:
                add(tables.sheet_title(table.key, lang=story.lang), sheet, chapter.short)
            else:
                add(tables.table_title(table.key, lang=story.lang), sheet)
    if not any(t.key.startswith("sources") for c in story.chapters for t in c.tables):
        inputs = pd.DataFrame(
            list(story.facts.get("inputs", {}).items()),
            columns=["文件", "校验和（SHA-256）"] if zh else ["File", "SHA-256"],
        )
        title = tables.table_title("sources", lang=story.lang)
        add(title, Sheet(inputs, title=title, notes=(story.credit,)))
    return sheets


def _words(story: Story) -> list[tuple[str, Sheet]]:
    """Return what the page says between its tables: key figures, and how to read the rest."""
    zh = story.lang == "zh"
    chapter_head = "章" if zh else "Chapter"
    cards, said = [], []
    for chapter in story.chapters:
        for block in chapter.blocks:
            if isinstance(block, Cards):
                frame = _figures(block.frame, zh=zh)
                frame.insert(0, chapter_head, chapter.short)
                cards.append(frame)
            elif isinstance(block, Text):
                said.append((chapter.short, block.text))
            elif isinstance(block, Items):
                said += [(chapter.short, one) for one in block.sentences]
    heads = [chapter_head, "说明" if zh else "Text"]
    answers = [(chapter.short, chapter.answer) for chapter in story.chapters if chapter.answer]
    reading = pd.DataFrame([(story.title, story.lead), *answers, *said], columns=heads)
    sheet = Sheet(reading, title=story.title, widths={heads[1]: _READING})
    made = [("阅读说明" if zh else "How to read", sheet)]
    if cards:
        title = tables.table_title("key_figures", lang=story.lang)
        whole = pd.concat(cards, ignore_index=True)
        number = whole.columns[2]
        made.insert(0, (title, Sheet(whole, {number: _patterns(whole[number])}, title=title)))
    return made


def _figures(frame: pd.DataFrame, *, zh: bool) -> pd.DataFrame:
    """Return key figures as numbers with their unit, what the page writes beside them."""
    label, value, basis = frame.columns
    known = frame.attrs.get("amounts", {}).get(value, [(None, "")] * len(frame))
    return pd.DataFrame(
        {
            label: frame[label],
            value: pd.Series([number for number, _ in known], dtype="float64"),
            "单位" if zh else "Unit": [unit for _, unit in known],
            "页面写法" if zh else "As written": frame[value],
            basis: frame[basis],
        }
    )


def _numbered(
    frame: pd.DataFrame, *, zh: bool
) -> tuple[pd.DataFrame, dict[str, str | Sequence[str]]]:
    """Return a frame with amounts told in texts as numbers and units at its end, and their formats."""
    made, formats = frame.copy(), dict[str, str | Sequence[str]]()
    number, unit = ("{}（数值）", "{}（单位）") if zh else ("{} (number)", "{} (unit)")
    for heading, amounts in frame.attrs.get("amounts", {}).items():
        head = number.format(heading)
        made[head] = pd.Series([one for one, _ in amounts], frame.index, dtype="float64")
        made[unit.format(heading)] = [named for _, named in amounts]
        formats[head] = _patterns(made[head])
    return made, formats


def _patterns(amounts: pd.Series) -> list[str]:
    """Return a number format for each of a column of amounts in several units."""
    return ["#,##0.00" if one % 1 > 0 else "#,##0" for one in amounts]


def _sheet(table: Table, chapter: Chapter, colours: Mapping[str, str], links: Links) -> Sheet:
    """Return the sheet of a table: what it rests on and whose its clauses are stand below the title."""
    lang = links.lang
    zh = lang == "zh"
    title, basis = tables.table_title(table.key, lang=lang), links.basis_words(table, chapter)
    headings = list(map(str, table.frame.columns))
    noted = {head: tables.column_note(table.key, head, lang=lang) for head in headings}
    notes = [basis] if basis else []
    if table.clauses:
        between = "、" if zh else ", "
        heads, plans = (
            between.join(dict.fromkeys(one)) for one in zip(*table.clauses.items(), strict=True)
        )
        notes.append(
            f"条款见规划 {plans}（列：{heads}）" if zh else f"Clauses of {plans} ({heads})"
        )
    if table.shown == "workbook":
        notes.append("只在工作簿里" if zh else "Only in the workbook")
    frame, formats = _numbered(table.frame, zh=zh)
    return Sheet(
        frame,
        formats,
        title=f"{chapter.short}：{title}" if zh else f"{chapter.short}: {title}",
        notes=tuple(notes),
        units={head: unit for head, (unit, _) in noted.items() if unit},
        meanings={head: meaning for head, (_, meaning) in noted.items() if meaning},
        paint=_named(table, colours),
        marks={**_bars(table, noted), **_marks(table)},
        filtered=True,
    )


def painter(table: Table, colours: Mapping[str, str]) -> Paint:
    """Return the colours of cells: clusters by name, p and q of at most 0.05, quotients above 1."""
    named, marks = _named(table, colours), _marks(table)

    def paint(heading: str, cell: object) -> tuple[str, str] | None:
        mark = marks.get(heading)
        if mark is not None and isinstance(cell, float) and mark.holds(cell):
            return mark.colour, ink(mark.colour)
        return named(heading, cell)

    return paint


def _named(table: Table, colours: Mapping[str, str]) -> Paint:
    """Return the colours of clusters by name, of their columns by heading."""
    plain = {str(head): values.dropna().isin(colours).all() for head, values in table.frame.items()}

    def paint(heading: str, cell: object) -> tuple[str, str] | None:
        colour = None
        if isinstance(cell, str):
            if cell in (heading, "●"):
                colour = colours.get(heading)
            elif plain.get(heading, False):  # a column of lists of clusters stays plain
                colour = colours.get(cell)
        return None if colour is None else (colour, ink(colour))

    return paint


def _marks(table: Table) -> dict[str, Mark]:
    """Return what page and workbook mark alike: p and q of at most 0.05, quotients above 1."""
    marks = {}
    for head in _numbers(table.frame):
        if is_probability(head):
            marks[head] = Mark("at_most", _SURE, 0.05)
        elif head in _QUOTIENTS or table.key == "quotients":
            marks[head] = Mark("above", _SPECIAL, 1.0)
    return marks


def _bars(table: Table, noted: Mapping[str, tuple[str, str]]) -> dict[str, Mark]:
    """Return the bars of shares and of amounts, which only a workbook draws."""
    bars = {}
    for head in _numbers(table.frame):
        unit, _ = noted[head]
        if _PROBABILITY.search(head):
            continue
        if unit in _SHARES:
            bars[head] = Mark("bar", _BAR, 1.0)
        elif "pairs" not in table.key and (unit in _AMOUNTS or table.key == "firm_counts"):
            bars[head] = Mark("bar", _BAR)
    return bars


def _numbers(frame: pd.DataFrame) -> list[str]:
    """Return the headings of numbers."""
    return [str(head) for head, values in frame.items() if pd.api.types.is_numeric_dtype(values)]


def is_probability(heading: str) -> bool:
    """
    Return whether a column holds the p or q of tests.

    Examples
    --------
    >>> [is_probability(one) for one in ("FDR q", "精确 p 值", "Smallest p possible", "Depth")]
    [True, True, False, False]
    """
    named = _PROBABILITY.search(heading)
    return named is not None and not any(word in heading for word in _NOT_PROBABILITY)


def merged_colours(chapters: tuple[Chapter, ...]) -> dict[str, str]:
    """Return the colours of all chapters; the first one to colour a name has its way."""
    merged: dict[str, str] = {}
    for chapter in chapters:
        merged = {**chapter.colours, **merged}
    return merged


def _sheet_name(title: str, of: str, taken: set[str]) -> str:
    """Return a name that Excel takes and no other sheet has, no word cut; `taken` grows."""
    plain, before = (_UNFIT.sub("-", text).strip("' ") for text in (title, of))
    number, name = 1, _joined(before, plain or "-", "")
    while name.casefold() in taken or name.casefold() == "history":
        number += 1
        name = _joined(before, plain or "-", f"~{number}")
    taken.add(name.casefold())
    return name


def _joined(before: str, title: str, end: str) -> str:
    """Return a name in which words of what stands before are left out, then of the title."""
    room = _LONGEST - _units(end)
    if not before:
        return _shortened(title, room) + end
    title = _shortened(title, room - 2)
    return f"{_shortened(before, room - _units(title) - 1)}-{title}{end}"


def _shortened(text: str, room: int) -> str:
    """
    Return as much of a text as there is room for, in whole words.

    Examples
    --------
    >>> _shortened("New Town of the River", 14), _shortened("甲乙丙丁", 3)
    ('New Town of…', '甲乙…')
    """
    if _units(text) <= room:
        return text
    cut = text
    while _units(cut) > room - 1:
        cut = cut[:-1]
    if re.fullmatch("[!-~]", text[len(cut)]):  # inside a word: back to the blank before it
        cut = cut[: cut.rfind(" ")] if " " in cut.strip() else cut
    return cut.rstrip("' ,-") + "…"


def _units(text: str) -> int:
    """Return the length of a text as Excel counts it."""
    return len(text.encode("utf-16-le")) // 2
