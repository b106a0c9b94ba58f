"""The fields of a cluster: the titles under its clause, or the list in its own sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from siting.reader.groups import Group
from siting.reader.outline import Clause, Outline, Span
from siting.reader.wording import INLINE_FIELDS, PARTING, PARTS_FIELDS

_MEASURE = re.compile(
    "加强|强化|完善|健全|推进|推动|提升|优化|支持|加快|促进|深化|打通|营造|夯实|集聚|引育|搭建|建设|实施|构建|"
    "开展|鼓励|引导|落实|保障|加大|建立|发挥"
)
_LONGEST = 24


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its name's span, its clause, and how sure it is."""

    at: Span
    clause: Clause
    confidence: float


def find_fields(outline: Outline, group: Group, groups: Iterable[Group]) -> list[Field]:
    """Return the fields of a cluster in their order."""
    homes = [g.home for g in groups if g is not group]
    below = [
        c
        for c in group.home.below
        if not any(home.is_under(c) for home in homes) and c is not group.cited
    ]
    fields = _titles(outline, below)
    if not fields:
        for parting in (c for c in below if PARTS_FIELDS.search(outline.title(c))):
            fields += _titles(outline, parting.below) or _inline(outline, parting)
    return fields or _inline(outline, group.home) or _cited(outline, group)


def _cited(outline: Outline, group: Group) -> list[Field]:
    return _inline(outline, group.cited) if group.cited is not group.home else []


def _titles(outline: Outline, below: list[Clause]) -> list[Field]:
    """Return the clauses whose titles are names, unless most of them are measures."""
    kept = [c for c in below if not PARTING.fullmatch(outline.title(c))]
    short = [
        c for c in kept if 2 <= len(outline.title(c)) <= _LONGEST and "，" not in outline.title(c)
    ]
    measures = [c for c in short if _MEASURE.match(outline.title(c))]
    if len(measures) * 2 > len(short):
        return []
    sure = 0.95 if len(short) == len(kept) else 0.75
    return [Field(_bare(outline, c), c, 0.5 if c in measures else sure) for c in short]


def _bare(outline: Outline, clause: Clause) -> Span:
    """Return the title without the verb that may begin it: 做强…, 发展…."""
    start, end = clause.title
    lead = re.match("(?:做强|做大|做优|做精|发展|培育|打造|壮大|布局)+", outline.said((start, end)))
    return (start + lead.end(), end) if lead and end - start - lead.end() >= 2 else (start, end)


def _inline(outline: Outline, clause: Clause) -> list[Field]:
    """Return the members of the first list of fields in a clause's own text."""
    for pattern in INLINE_FIELDS:
        for sentence in outline.sentences(clause):
            found = pattern.search(outline.text, *sentence)
            if found:
                spans = list(_members(outline.text, *found.span(1)))
                if spans and all(2 <= b - a <= 16 for a, b in spans):
                    return [Field(span, clause, 0.75) for span in spans]
    return []


def _members(text: str, start: int, end: int) -> Iterable[Span]:
    if text[start:end].endswith("等"):
        end -= 1
    for part in re.finditer("[^、]+", text[start:end]):
        first, last = start + part.start(), start + part.end()
        at = first
        # 和 joins the last two members; elsewhere it is part of a name.
        joint = re.search("以及|[和与及]", text[first:last]) if last == end else None
        if joint and joint.start() >= 2 and last - first - joint.end() >= 2:
            yield at, first + joint.start()
            at = first + joint.end()
        yield at, last
