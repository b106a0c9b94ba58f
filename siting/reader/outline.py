"""A document as a tree of clauses, each with its title, its sentences and what lies under it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from siting.reader.clauses import Segment, tokens
from siting.reader.document import Document
from siting.reader.wording import OPENS

_TERMINAL = re.compile("[。！？；：]")
_SENTENCE = re.compile("[。！？；]")
_LONGEST_TITLE, _LONG_LINE, _SHORT = 80, 40, 16
Span = tuple[int, int]


@dataclass(slots=True)
class Clause:
    """A clause of the tree: `title` and `end` in the folded text; `runs_in` if text follows on the line."""

    segment: Segment
    label: tuple[str, ...]
    above: Clause | None
    title: Span = (0, 0)
    runs_in: bool = False
    below: list[Clause] = field(default_factory=list)
    style: str = ""

    @property
    def end(self) -> int:
        """Where its own text ends."""
        return self.segment.end

    def is_under(self, other: Clause) -> bool:
        """Whether it is `other` or lies below it."""
        here: Clause | None = self
        while here is not None:
            if here is other:
                return True
            here = here.above
        return False

    def siblings(self) -> list[Clause]:
        """Return the clauses beside it, with itself, whose headings have its style."""
        beside = self.above.below if self.above else [self]
        return [c for c in beside if c.style == self.style]

    def all_below(self) -> Iterator[Clause]:
        """Yield every clause under it, in order."""
        for one in self.below:
            yield one
            yield from one.all_below()


class Outline:
    """
    The clauses of a text in their order and as a tree.

    Parameters
    ----------
    text
        The document.
    """

    def __init__(self, text: str) -> None:
        self.document = Document(text)
        self.original = text
        self.text = self.document.text
        root = Clause(Segment("", 0, 0, 0, 0), (), None)
        self.clauses: list[Clause] = []
        stack = [root]
        for segment in self.document.segments:
            if not segment.level:
                continue
            del stack[segment.level :]
            made = Clause(segment, tokens(segment.clause), stack[-1])
            made.style = _style(made)
            stack[-1].below.append(made)
            stack.append(made)
            self.clauses.append(made)
        self.root = root
        for one in self.clauses:
            self._set_title(one)

    def said(self, span: Span) -> str:
        """Return the folded text of a span."""
        return self.text[slice(*span)]

    def title(self, clause: Clause) -> str:
        """Return the title of a clause, as folded."""
        return self.said(clause.title)

    def written(self, span: Span) -> str:
        """Return a span as the document writes it, without line breaks and blanks beside hanzi."""
        start, end = self.document.page.span(*span)
        text = re.sub(r"\s*[\n\r\f\v\x85\u2028\u2029]+\s*", "", self.original[start:end])
        text = re.sub(r"(?<=[^\x21-\x7e])\s+(?=[^\x21-\x7e])", "", text)
        return re.sub(r"\s+", " ", text).strip()

    def sentences(self, clause: Clause) -> Iterator[Span]:
        """Yield the sentences of a clause's own text, its title first."""
        start, end = clause.segment.body, clause.end
        if not clause.runs_in and clause.title[1] > clause.title[0]:
            yield clause.title
            start = clause.title[1]
        for found in _SENTENCE.finditer(self.text, start, end):
            if found.start() > start:
                yield start, found.start()
            start = found.end()
        if end > start:
            yield start, end

    def _set_title(self, clause: Clause) -> None:
        body, end = clause.segment.body, clause.end
        line = min(self.document.page.line_end(body), end)
        if self.text[body - 1 : body] == "[":
            clause.title, clause.runs_in = (body, self.text.index("]", body)), True
            return
        blank = self._blank(clause)
        if blank and all(self._blank(c) for c in clause.siblings()):
            clause.title, clause.runs_in = (body, blank), True
            return
        ended = _TERMINAL.search(self.text, body, end)
        stop = ended.start() if ended else end
        clause.runs_in = stop < line
        said = self.text[body:line]
        if not clause.runs_in and (said.count("，") > 1 or len(said) > _LONG_LINE):
            clause.title, clause.runs_in = (body, stop), True  # a sentence, broken, and no title
            return
        if not clause.runs_in and stop - body <= _LONGEST_TITLE and stop > line:
            # The line may be broken within the title: a quote is open, or the titles beside it run in.
            beside = [self._runs_in(c) for c in clause.siblings() if c is not clause]
            if self.text.count('"', body, line) % 2:
                closed = self.text.find('"', line, stop)
                until = self.document.page.line_end(closed) if closed >= 0 else line
                line = min(until, stop)
            elif beside and sum(beside) * 2 > len(beside):
                line, clause.runs_in = stop, True
        clause.title = (body, min(line, stop))

    def _blank(self, clause: Clause) -> int:
        """Return where a blank parts a short title from the sentence behind it; 0 if none does."""
        body = clause.segment.body
        line = min(self.document.page.line_end(body), clause.end)
        at = self.document.page.at
        parts = [i for i in range(body + 1, line) if at[i] > at[i - 1] + 1]
        cut = parts[0] if parts else 0
        title, rest = self.text[body:cut], self.text[cut:line]
        named = 2 <= len(title) <= _SHORT and not re.search(r"[，。；：、\d]$|[，。；：]", title)
        return cut if named and OPENS.match(rest) and re.search("[，。；]", rest) else 0

    def _runs_in(self, clause: Clause) -> bool:
        body = clause.segment.body
        line = min(self.document.page.line_end(body), clause.end)
        ended = _TERMINAL.search(self.text, body, line)
        return ended is not None and ended.start() + 1 < clause.end


def phrases_of(text: str, span: Span) -> Iterator[Span]:
    """Yield the phrases of a sentence, divided at commas and colons."""
    start = span[0]
    for found in re.finditer("[，：]", text[slice(*span)]):
        at = span[0] + found.start()
        if at > start:
            yield start, at
        start = at + 1
    if span[1] > start:
        yield start, span[1]


def _style(clause: Clause) -> str:
    return (
        re.sub(r"[一二三四五六七八九十百]+|\d+|[\u2460-\u2473]", "#", clause.label[-1])
        + ("c" if re.search("[\u2460-\u2473]", clause.label[-1]) else "")
        + ("h" if re.search("[一二三四五六七八九十百]", clause.label[-1]) else "")
    )
