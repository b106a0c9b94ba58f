"""The story as a workbook: contents, how to read it, every table with its colours and field notes, sources."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from siting import export, tables
from siting.briefing.links import Links
from siting.briefing.story import Cards, Chapter, Items, Story, Table, Text
from siting.colours import ink
from siting.export import Sheet
from siting.files import Paint

_SURE, _SPECIAL = "#fde3b5", "#d6e6f2"  # a p of at most 0.05; a quotient above 1
_QUOTIENTS = {"区位商", "其区位商", "Location quotient", "That LQ"}
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

    def add(name: str, sheet: Sheet) -> None:
        sheets[_sheet_name(name, taken)] = sheet

    for name, title, frame in _words(story):
        add(name, Sheet(frame, title=title, widths={frame.columns[-1]: _READING}))
    keys = Counter(table.key for chapter in story.chapters for table in chapter.tables)
    everywhere, links = merged_colours(story.chapters), Links(story)
    for chapter in story.chapters:
        colours = {**everywhere, **chapter.colours}
        for table in chapter.tables:
            if table.key == "sources" and any(t.key == "sources_full" for t in chapter.tables):
                continue
            title = tables.table_title(table.key, lang=story.lang)
            shared = keys[table.key] > 1 or re.fullmatch(r"p\d+", chapter.id)  # called the same
            name = f"{chapter.short}-{title}" if shared else title
            add(name, _sheet(table, chapter, colours, links))
    if not any(t.key.startswith("sources") for c in story.chapters for t in c.tables):
        inputs = pd.DataFrame(
            list(story.facts.get("inputs", {}).items()),
            columns=["文件", "校验和（SHA-256）"] if zh else ["File", "SHA-256"],
        )
        title = tables.table_title("sources", lang=story.lang)
        add(title, Sheet(inputs, title=title, notes=(story.credit,)))
    return sheets


def _words(story: Story) -> list[tuple[str, str, pd.DataFrame]]:
    """Return what the page says between its tables: key figures, and how to read the rest."""
    zh = story.lang == "zh"
    chapter_head = "章" if zh else "Chapter"
    cards, said = [], []
    for chapter in story.chapters:
        for block in chapter.blocks:
            if isinstance(block, Cards):
                frame = block.frame.copy()
                frame.insert(0, chapter_head, chapter.short)
                cards.append(frame)
            elif isinstance(block, Text):
                said.append((chapter.short, block.text))
            elif isinstance(block, Items):
                said += [(chapter.short, one) for one in block.sentences]
    heads = [chapter_head, "说明" if zh else "Text"]
    answers = [(chapter.short, chapter.answer) for chapter in story.chapters if chapter.answer]
    reading = pd.DataFrame([(story.title, story.lead), *answers, *said], columns=heads)
    made = [("阅读说明" if zh else "How to read", story.title, reading)]
    if cards:
        title = tables.table_title("key_figures", lang=story.lang)
        made.insert(0, (title, title, pd.concat(cards, ignore_index=True)))
    return made


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
    return Sheet(
        table.frame,
        title=f"{chapter.short}：{title}" if zh else f"{chapter.short}: {title}",
        notes=tuple(notes),
        units={head: unit for head, (unit, _) in noted.items() if unit},
        meanings={head: meaning for head, (_, meaning) in noted.items() if meaning},
        paint=painter(table, colours),
        filtered=True,
    )


def painter(table: Table, colours: Mapping[str, str]) -> Paint:
    """Return the colours of cells: clusters by name, p and q of at most 0.05, quotients above 1."""
    named = {str(head): values.dropna().isin(colours).all() for head, values in table.frame.items()}

    def paint(heading: str, cell: object) -> tuple[str, str] | None:
        if isinstance(cell, str):
            colour = None
            if cell in (heading, "●"):
                colour = colours.get(heading)
            elif named[heading]:  # a column of lists of clusters stays plain
                colour = colours.get(cell)
            return None if colour is None else (colour, ink(colour))
        if not isinstance(cell, float):
            return None
        sure = is_probability(heading) and cell <= 0.05
        special = (heading in _QUOTIENTS or table.key == "quotients") and cell > 1
        colour = _SURE if sure else _SPECIAL if special else None
        return None if colour is None else (colour, ink(colour))

    return paint


def is_probability(heading: str) -> bool:
    """
    Return whether a column holds the p or q of tests.

    Examples
    --------
    >>> [is_probability(one) for one in ("FDR q", "精确 p 值", "Smallest p possible", "Depth")]
    [True, True, False, False]
    """
    named = re.search(r"(?<![A-Za-z])[pq](?![A-Za-z])", heading)
    return named is not None and not any(word in heading for word in _NOT_PROBABILITY)


def merged_colours(chapters: tuple[Chapter, ...]) -> dict[str, str]:
    """Return the colours of all chapters; the first one to colour a name has its way."""
    merged: dict[str, str] = {}
    for chapter in chapters:
        merged = {**chapter.colours, **merged}
    return merged


def _sheet_name(text: str, taken: set[str]) -> str:
    """Return a name that Excel takes and no other sheet has; `taken` grows."""
    plain = _UNFIT.sub("-", text).strip("' ") or "-"
    name, number = _cut(plain, _LONGEST), 1
    while name.casefold() in taken or name.casefold() == "history":
        number += 1
        name = f"{_cut(plain, _LONGEST - len(str(number)) - 1)}~{number}"
    taken.add(name.casefold())
    return name


def _cut(text: str, units: int) -> str:
    while len(text.encode("utf-16-le")) > 2 * units:
        text = text[:-1]
    return text.rstrip("' ")
