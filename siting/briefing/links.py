"""What leads from a number to its clause or source: clauses, tables and files of a story, as anchors."""

from __future__ import annotations

import re
from collections.abc import Mapping

from markupsafe import Markup, escape

from siting import tables
from siting.briefing.story import Chapter, Items, Picture, Story, Table, Text
from siting.schema import Lang, label

_ADDRESS = re.compile(r"https?://[A-Za-z0-9._~:/?#@!$&*+=%\[\]-]*[A-Za-z0-9/_=#-]")
Based = Table | Text | Items | Picture


class Links:
    """
    Knows where the clauses, tables and sources of a story stand, and turns their names into links.

    Parameters
    ----------
    story
        The story. A list of facts gives each clause of its plan an anchor, the list of sources each
        file.
    """

    def __init__(self, story: Story) -> None:
        self.lang: Lang = story.lang
        self.clauses: dict[str, dict[str, str]] = {}
        self.rows: dict[str, tuple[str, str]] = {}  # file in the list of sources: title and anchor
        self.lists: dict[str, tuple[str, str]] = {}  # plan: where all its clauses stand
        for chapter in story.chapters:
            for table in chapter.tables:
                if table.key == "facts":
                    plan = _plan(table)
                    named = dict.fromkeys(table.frame.iloc[:, 0])
                    self.clauses[plan] = {one: f"{chapter.id}-c{i}" for i, one in enumerate(named)}
                    title = tables.table_title("facts", lang=story.lang)
                    self.lists[plan] = (f"{chapter.short} · {title}", f"{chapter.id}-facts")
                elif table.key == "sources":
                    titles = dict(table.frame.iloc[:, :2].itertuples(index=False, name=None))
                    self.rows |= {
                        one: (title or one, f"{chapter.id}-s{i}")
                        for i, (one, title) in enumerate(titles.items())
                    }

    def anchor(self, table: Table, row: int) -> str:
        """Return the id of a row: the first of each clause among the facts, of each file among sources."""
        if table.key not in ("facts", "sources"):
            return ""
        firsts = list(table.frame.iloc[:, 0].astype(str))
        if firsts.index(firsts[row]) != row:
            return ""
        if table.key == "sources":
            return self.rows[firsts[row]][1]
        return self.clauses[_plan(table)][firsts[row]]

    def cell(self, text: str, table: Table, heading: str) -> Markup:
        """Return the text of a cell: each clause in it, or each web address of a source, is a link."""
        if heading in (label("url", self.lang), label("source", self.lang)):
            return _addressed(text)
        plan = table.clauses.get(heading)
        if plan is None or table.key == "facts":
            return escape(text)
        return _link(text, self.clauses.get(plan, {}))

    def item(self, text: str, block: Items) -> Markup:
        """Return a sentence of a list, each clause in it a link."""
        return _link(text, self.clauses.get(block.plan, {}))

    def card(self, text: str, chapter: Chapter) -> Markup:
        """Return where a key figure stands, as a link to its clause or its table."""
        targets = {
            tables.table_title(one.key, lang=self.lang): f"{chapter.id}-{one.key}"
            for one in chapter.tables
            if one.shown != "workbook"
        }
        for one in chapter.tables:
            if one.key == "facts":
                targets |= self.clauses[_plan(one)]
        return _link(text, targets)

    def basis(self, block: Based, chapter: Chapter) -> list[tuple[str, str]]:
        """Return what a block rests on: words and anchor, which is empty for none here."""
        here = {one.key for one in chapter.tables if one.shown != "workbook"}
        made = []
        for one in block.basis:
            if one in here:
                made.append((tables.table_title(one, lang=self.lang), f"{chapter.id}-{one}"))
            else:
                made.append(self.lists.get(one) or self.rows.get(one) or (one, ""))
        return made

    def basis_words(self, block: Based, chapter: Chapter) -> str:
        """Return the line that says what a block rests on; empty for nothing."""
        words = [text for text, _ in self.basis(block, chapter)]
        if not words:
            return ""
        return f"Basis: {'; '.join(words)}" if self.lang == "en" else f"依据：{'；'.join(words)}"

    def basis_links(self, block: Based, chapter: Chapter) -> Markup:
        """Return the same line as links."""
        made = [
            Markup('<a href="#{}">{}</a>').format(anchor, text) if anchor else escape(text)
            for text, anchor in self.basis(block, chapter)
        ]
        if not made:
            return Markup("")
        head, between = ("Basis: ", "; ") if self.lang == "en" else ("依据：", "；")
        return escape(head) + escape(between).join(made)


def _plan(facts: Table) -> str:
    """Return the plan whose clauses a list of facts gives."""
    return next(iter(facts.clauses.values()), "")


def _addressed(text: str) -> Markup:
    """Return a text with each web address in it made a link: it asks for nothing before it is clicked."""
    made, at = Markup(""), 0
    for found in _ADDRESS.finditer(text):
        made += escape(text[at : found.start()])
        made += Markup(
            '<a class="u" href="{0}" target="_blank" rel="noopener noreferrer">{0}</a>'
        ).format(found.group())
        at = found.end()
    return made + escape(text[at:])


def _link(text: str, targets: Mapping[str, str]) -> Markup:
    """Return a text with each of `targets` in it made a link; the longest name wins."""
    if not targets:
        return escape(text)
    named = sorted(targets, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, named)))
    made, at = Markup(""), 0
    for found in pattern.finditer(text):
        made += escape(text[at : found.start()])
        made += Markup('<a href="#{}">{}</a>').format(targets[found.group()], found.group())
        at = found.end()
    return made + escape(text[at:])
