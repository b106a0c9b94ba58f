"""A document as its clauses: which stretches of the text belong to the label that a fact cites."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from siting.reader.clauses import Segment, segments, title_end, tokens
from siting.reader.folded import Folded, fold
from siting.reader.wording import GOALS

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the folded text that belongs to a clause; `is_title` if it begins with its title."""

    segment: Segment
    start: int
    end: int
    is_title: bool = True


class Document:
    """
    A folded text with its clauses.

    Parameters
    ----------
    text
        The document.
    """

    def __init__(self, text: str) -> None:
        self.page: Folded = fold(text)
        self.text = self.page.text
        self.segments = segments(self.page)
        self.labels = [tokens(one.clause) for one in self.segments]

    def stretches(self, clause: tuple[str, ...]) -> Iterator[Stretch]:
        """
        Yield the own text of a clause: every piece under its label, none of the clauses below it.

        A paragraph after the last clause below may belong to either, since a page may end with a
        sentence; it is counted to both.
        """
        for segment, label in zip(self.segments, self.labels, strict=True):
            if label == clause:
                yield Stretch(segment, segment.body, segment.end)
            elif label and label[:-1] == clause:
                for line in self.page.breaks:
                    if segment.body < line < segment.end and self.text[line - 1] in "。！？；":
                        yield Stretch(segment, line, segment.end, is_title=False)
                        break

    def elsewhere(self, clause: tuple[str, ...]) -> Iterator[Stretch]:
        """Yield the own text of every other clause."""
        for segment, label in zip(self.segments, self.labels, strict=True):
            if label and label != clause:
                yield Stretch(segment, segment.body, segment.end)

    def title(self, segment: Segment) -> str:
        """Return the title of a clause, as folded."""
        return self.text[segment.body : title_end(self.page, segment)]

    def is_under_title(self, at: Stretch, word: str) -> bool:
        """Whether the title of a clause above holds a word: 重点领域 above the names of fields."""
        own = tokens(at.segment.clause)
        above = (own[:length] for length in range(1, len(own)))
        titles = {tokens(s.clause): self.title(s) for s in self.segments if s.start < at.start}
        return any(word in titles.get(label, "") for label in above)

    def before_headings(self) -> int:
        """Return where the first heading begins."""
        return next((s.start for s in self.segments if s.level), len(self.text))

    def scopes(self, segment: Segment) -> Iterator[Span]:
        """
        Yield where the numbered clause of a segment begins and ends, then each clause above it.

        A clause above counts as far as its own text goes; one about goals with what lies below.
        """
        label = tokens(segment.clause)
        depth = len(label) - (1 if label and label[-1].startswith("—") else 0)
        for length in range(depth, 0, -1):
            here = max(
                (one for one, own in zip(self.segments, self.labels, strict=True)
                 if own == label[:length] and one.start <= segment.start),
                key=lambda one: one.start, default=None,
            )  # fmt: skip
            if here is not None:
                whole = length == depth or GOALS.search(self.title(here))
                yield here.start, len(self.text) if whole else here.end
