"""Every fact that can be read from a document, with its clause, its position and a confidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from siting.reader.fields import find_fields
from siting.reader.goals import find_targets
from siting.reader.groups import Group, find_groups
from siting.reader.head import CITY, Head, read_head
from siting.reader.outline import Outline, Span
from siting.reader.placing import Whereabouts, list_parts
from siting.reader.wording import (
    NO_PLACES,
    PARTING,
    PLAIN_PROGRAMME,
    PROGRAMME,
    TOWN_KIND,
    ZONE_WORD,
    ZONES,
)

Said = tuple[str, str]  # (Chinese, English)


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: the columns of `extract_facts`, and `cells`, those of the plan's sheet."""

    kind: str
    key: str
    name: str
    clause: str
    at: Span
    confidence: float
    note: Said = ("", "")
    cells: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """A document read: what it says about itself, the level of its places, and its facts."""

    outline: Outline
    head: Head
    level: str
    parent_id: str
    facts: tuple[Fact, ...]


def read_facts(text: str) -> Reading:
    """Return all that is found in a document."""
    outline = Outline(text)
    head = read_head(outline)
    title = outline.said(head.title_at)
    groups = find_groups(outline, Whereabouts(within=head.district), title)
    if head.district and not any(g.places for g in groups):
        groups = find_groups(outline, Whereabouts(), title)
    level, parent = _level(head, groups)
    where = Whereabouts(level, parent if level == "town" else "")
    facts = (
        *_head_facts(head, level, parent),
        *_cluster_facts(outline, groups, where, parent),
        *_target_facts(outline, title),
        *_programme_facts(outline, groups),
        *_zone_facts(outline, groups, where),
    )
    return Reading(outline, head, level, parent, facts)


def _level(head: Head, groups: list[Group]) -> tuple[str, str]:
    """Return the level of the places and the plan's own place: that of title or issuer, never a guess."""
    if head.says_district:
        return "town", head.district
    names = {n for g in groups for one, _, _ in g.places for n, *_ in one.names}
    districts = sum(bool(Whereabouts("district").places(n)) for n in names)
    towns = sum(bool(TOWN_KIND.search(n)) and not Whereabouts("district").places(n) for n in names)
    if districts or not towns:
        in_city = head.title.startswith("上海") or head.issuer.startswith("上海") or districts
        return "district", CITY if in_city else ""
    return "town", ""


def _head_facts(head: Head, level: str, parent: str) -> Iterator[Fact]:
    for name, value, at in (
        ("title", head.title, head.title_at),
        ("document_no", head.document_no, head.number_at),
        ("published", head.published, head.date_at),
        ("issuer", head.issuer, head.issuer_at),
    ):
        if value:
            yield Fact("plan", name, value, "", at, 0.9)
    if level == "town" and not parent:
        note = ("所在区不在名录中或未写明，请填写", "the district is not known: fill it in")
        yield Fact("plan", "parent_id", "", "", (0, 0), 0.0, note)


def _cluster_facts(
    outline: Outline, groups: list[Group], where: Whereabouts, parent: str
) -> Iterator[Fact]:
    fields: list[Fact] = []
    places: list[Fact] = []
    for number, group in enumerate(groups, start=1):
        key, cited = f"cluster-{number}", group.cited.segment.clause
        name = outline.written(group.named.at)
        cells = {"cluster_id": key, "tier": group.named.tier}
        note = ("", "") if group.confidence > 0.7 else ("由标题推断", "inferred from titles")
        yield Fact("cluster", key, name, cited, group.named.at, group.confidence, note, cells)
        found = find_fields(outline, group, groups)
        for count, one in enumerate(found, start=1):
            own = f"field-{number}-{count}"
            said = ("标题较长或像措施", "a long title, or one like a measure")
            note = said if one.confidence < 0.7 else ("", "")
            clause = one.clause.segment.clause
            cells = {"cluster_id": key, "field_id": own}
            text = outline.written(one.at)
            fields.append(Fact("field", own, text, clause, one.at, one.confidence, note, cells))
        if not found:
            said = ("未找到领域，请补充", "no field was found: fill it in")
            fields.append(Fact("field", "", "", cited, group.named.at, 0.0, said))
        places += _assignments(outline, group, key, where, parent)
        if not group.places:
            said = ("未找到地区，请补充", "no place was found: fill it in")
            places.append(Fact("assignment", "", "", cited, group.named.at, 0.0, said))
    yield from fields
    yield from places


def _assignments(
    outline: Outline, group: Group, key: str, where: Whereabouts, parent: str
) -> Iterator[Fact]:
    seen: set[str] = set()
    for listed, clause, sure in group.places:
        for folded, start, end in listed.names:
            if folded in seen:
                continue
            seen.add(folded)
            found = where.places(folded) if where.level == "district" or parent else ()
            place = found[0] if len(found) == 1 else ""
            note = (
                ("", "") if place else ("地名不在名录中，代码留空", "not in the gazetteer: no code")
            )
            if len(found) > 1:
                note = ("地名对应多处，代码留空", "several places have this name: no code")
            name = outline.written((start, end))
            cells = {
                "cluster_id": key,
                "place_id": place,
                "place_as_written": name,
                "is_exhaustive": not listed.is_open,
            }
            confidence = listed.confidence * sure * (1 if place else 0.7)
            at, cited = (start, end), clause.segment.clause
            own = f"{key}:{place}"
            yield Fact("assignment", own, name, cited, at, round(confidence, 2), note, cells)


def _target_facts(outline: Outline, title: str) -> Iterator[Fact]:
    for number, one in enumerate(find_targets(outline, title), start=1):
        if not one.qualifier:
            name = outline.written(one.name)
            yield Fact("target", "", name, one.clause, one.at, one.confidence, one.note)
            continue
        key = f"target-{number}"
        cells = {
            "target_id": key,
            "quantity": one.quantity,
            "unit": one.unit,
            "qualifier": one.qualifier,
            "year": one.year,
        }
        name = outline.written(one.name)
        yield Fact("target", key, name, one.clause, one.at, one.confidence, one.note, cells)


def _programme_facts(outline: Outline, groups: list[Group]) -> Iterator[Fact]:
    """Yield the clauses whose title is or ends with a quoted programme; a plain one is less sure."""
    number = 0
    for clause in outline.clauses:
        title = outline.title(clause)
        inside = any(clause.is_under(g.home) for g in groups)
        quoted = PROGRAMME.search(title) is not None and len(title) <= 40
        plain = PLAIN_PROGRAMME.search(title) and len(title) <= 24 and clause.segment.level > 1
        beside = sum(bool(PLAIN_PROGRAMME.search(outline.title(c))) for c in clause.siblings()) > 1
        bare = PARTING.fullmatch(title) is None and "，" not in title
        if not inside and (quoted or (plain and beside and bare)):
            number += 1
            key, sure = f"programme-{number}", 0.95 if quoted else 0.7
            said = outline.written(clause.title)
            cells = {"programme_id": key}
            yield Fact(
                "programme", key, said, clause.segment.clause, clause.title, sure, cells=cells
            )


def _zone_facts(outline: Outline, groups: list[Group], where: Whereabouts) -> Iterator[Fact]:
    """Yield the names after 聚焦 and the like in a sentence about leading zones."""
    number = 0
    seen: set[str] = set()
    for clause in outline.clauses:
        if any(clause.is_under(g.home) for g in groups):
            continue
        for sentence in outline.sentences(clause):
            if not ZONE_WORD.search(outline.said(sentence)):
                continue
            for span in _zones(outline, sentence):
                name = outline.written(span)
                if name in seen or where.places(outline.said(span)):
                    continue
                seen.add(name)
                number += 1
                key = f"zone-{number}"
                note = ("所在地区和坐标请补充", "fill in its place and point")
                cited = clause.segment.clause
                yield Fact("zone", key, name, cited, span, 0.7, note, {"zone_id": key})


def _zones(outline: Outline, sentence: Span) -> Iterator[Span]:
    for found in ZONES.finditer(outline.text, *sentence):
        spans = list(list_parts(outline.text, *found.span(1)))
        names = [outline.said(span) for span in spans]
        if len(spans) > 1 and all(2 <= len(n) <= 8 and not NO_PLACES.search(n) for n in names):
            yield from spans
