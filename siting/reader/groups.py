"""The clusters of a document: what is stated with places, or titled so, or listed in its chapter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from siting.reader.outline import Clause, Outline, Span, phrases_of
from siting.reader.placing import Listed, Whereabouts, place_lists
from siting.reader.wording import (
    BEGINS,
    CHAPTER,
    FIRM,
    LEADS,
    NO_CHAPTER,
    NO_CLUSTERS,
    NO_GOALS,
    NO_NAME,
    NO_PART,
    PARTING,
    STATEMENT,
    TITLE,
)

_TAIL = re.compile("(?:高质量|集聚|加快|快速|创新)*(?:发展|建设)?")


@dataclass(frozen=True, slots=True)
class Named:
    """The name of a cluster in a phrase, with its tier; `grade` words before it are left out."""

    name: str
    tier: str
    at: Span


@dataclass(slots=True)
class Group:
    """A cluster: where it is named, the clause whose own it is, and the places listed for it."""

    named: Named
    home: Clause
    cited: Clause
    confidence: float
    places: list[tuple[Listed, Clause, float]] = field(default_factory=list)


@dataclass(slots=True)
class _Stated:
    named: Named
    clause: Clause
    lists: list[Listed]


def find_groups(outline: Outline, known: Whereabouts, title: str) -> list[Group]:
    """
    Return the clusters of a document in their order, with their lists of places.

    Parameters
    ----------
    outline
        The document.
    known
        The search for places.
    title
        Of the document, folded: what it is about as a whole is none of its clusters.
    """
    stated: list[_Stated] = []
    loose: list[tuple[Listed, Clause, Span]] = []
    for clause in outline.clauses:
        for sentence in outline.sentences(clause):
            found, rest = _statements(outline, clause, sentence, known)
            stated += [s for s in found if not _is_theme(s.named, title)]
            loose += [(one, clause, sentence) for one in rest]
    titled = _titled(outline, title)
    groups = _choose(stated, titled)
    plain = _from_chapters(outline, titled)
    if len(plain) > len(groups):
        groups = _merged(groups, plain)
    _place(outline, groups, loose)
    return groups


def name_in(outline: Outline, span: Span, *, titled: bool = False) -> Named | None:
    """Return the cluster that a phrase names at its end; without a verb before it only in a title."""
    phrase = outline.said(span)
    for length in dict.fromkeys((len(phrase), *(m.start() for m in _TAIL.finditer(phrase)))):
        if _TAIL.fullmatch(phrase, length) is None:
            continue
        found = (TITLE if titled else STATEMENT).fullmatch(phrase, 0, length)
        if not found or not (found["lead"] or titled):
            continue
        name = found["name"]
        if len(name) > 20 or NO_NAME.fullmatch(name) or NO_PART.search(name):
            continue
        start = span[0] + found.start("name")
        return Named(name, found["tier"], (start, start + len(name)))
    return None


def _is_theme(named: Named, title: str) -> bool:
    return f"{named.name}产业" in title


def _statements(
    outline: Outline, clause: Clause, sentence: Span, known: Whereabouts
) -> tuple[list[_Stated], list[Listed]]:
    """Return the clusters that a sentence gives places to, and its lists that are nobody's."""
    lists = place_lists(outline.text, *sentence, known)
    if not lists:
        return [], []
    events: list[tuple[int, Listed | Named]] = [(one.start, one) for one in lists]
    for start, end in phrases_of(outline.text, sentence):
        inside = [one.end for one in lists if start <= one.start < end]
        named = name_in(outline, (max([start, *inside]), end))
        if named:
            events.append((named.at[0], named))
    found: list[_Stated] = []
    pending: list[Listed] = []
    for _, event in sorted(events, key=lambda e: e[0]):
        if isinstance(event, Listed):
            pending.append(event)
        elif pending or not found:
            found.append(_Stated(event, clause, pending))
            pending = []
        elif found:
            # 在…，发展…产业，打造…产业集群: the last phrase names it.
            found[-1] = _Stated(event, clause, found[-1].lists)
    if found and pending and not found[-1].lists:
        found[-1].lists, pending = pending, []
    return [one for one in found if one.lists], pending


def _titled(outline: Outline, title: str) -> dict[int, tuple[Clause, Named]]:
    """Return the clauses whose titles name a cluster beside others that do, by identity."""
    found: dict[int, tuple[Clause, Named]] = {}
    for clause in outline.clauses:
        said = outline.title(clause)
        if not 0 < len(said) <= 40 or PARTING.fullmatch(said):
            continue
        # The last phrase names it, or else the first: 打造…集群，推动…发展.
        phrases = list(phrases_of(outline.text, clause.title))
        tried = (name_in(outline, one, titled=True) for one in (phrases[-1:] + phrases[:1]))
        named = next((one for one in tried if one), None)
        if named and not _is_theme(named, title) and not _barred(outline, clause, named.tier):
            found[id(clause)] = (clause, named)
    return {
        key: (clause, named)
        for key, (clause, named) in found.items()
        if sum(id(c) in found for c in clause.siblings()) >= 2 or _alone(outline, clause, named)
    }


def _alone(outline: Outline, clause: Clause, named: Named) -> bool:
    """Whether a title below a chapter says by itself, with a verb, that it is about a cluster."""
    below_a_chapter = clause.above is not None and bool(clause.above.label)
    said = BEGINS.match(outline.title(clause)) is not None
    return below_a_chapter and said and FIRM.fullmatch(named.tier) is not None


def _barred(outline: Outline, clause: Clause, tier: str) -> bool:
    """Whether a clause lies in a chapter of measures, or of what has been."""
    barring = NO_CLUSTERS if FIRM.fullmatch(tier) else NO_CHAPTER
    above = clause.above
    while above is not None and above.label:
        words = outline.title(above)
        if NO_GOALS.search(words) or (barring.search(words) and not CHAPTER.search(words)):
            return True
        above = above.above
    return False


def _choose(stated: list[_Stated], titled: dict[int, tuple[Clause, Named]]) -> list[Group]:
    """Return the clusters from statements and titles; a title over several of them is no cluster."""
    made: list[Group] = []
    extra: list[tuple[Clause, _Stated]] = []
    for one in stated:
        over = _over(one, titled)
        if over is not None:
            extra.append((over, one))
            continue
        home = _titled_above(one, titled) or one.clause
        cited = home if home.title[1] <= one.named.at[0] and home is not one.clause else one.clause
        same = next((g for g in made if g.named.name == one.named.name), None)
        if same is None:
            same = Group(one.named, home, cited, 0.95)
            made.append(same)
        elif home.below and not same.home.below:
            same.home, same.cited, same.named = home, cited, one.named
        same.places += [(listed, cited, 1.0) for listed in one.lists]
    for clause, named in titled.values():
        umbrella = any(g.cited.is_under(clause) for g in made)
        beside = any(g.home in clause.siblings() for g in made)
        nested = any(clause.is_under(g.home) for g in made)
        under_title = any(
            other is not clause and clause.is_under(other) for other, _ in titled.values()
        )
        demoted = any(over is clause for over, _ in extra)
        known = any(g.named.name == named.name for g in made)
        if umbrella or nested or known or under_title:
            continue
        if beside or demoted or not stated:
            made.append(Group(named, clause, clause, 0.85 if named.tier != "产业" else 0.75))
    for over, one in extra:
        group = next((g for g in made if g.home is over), None)
        if group:
            group.places += [(listed, one.clause, 0.6) for listed in one.lists]
    return sorted(made, key=lambda g: g.named.at)


def _titled_above(one: _Stated, titled: dict[int, tuple[Clause, Named]]) -> Clause | None:
    """Return the clause above a statement whose title names the same: the paragraph is about it."""
    above: Clause | None = one.clause
    while above is not None:
        if id(above) in titled and titled[id(above)][1].name == one.named.name:
            return above
        above = above.above
    return None


def _over(one: _Stated, titled: dict[int, tuple[Clause, Named]]) -> Clause | None:
    """Return the titled clause above a statement that is about something else than the statement."""
    above = one.clause.above
    while above is not None:
        if id(above) in titled and one.named.name not in titled[id(above)][1].name:
            return above
        above = above.above
    return None


def _from_chapters(outline: Outline, titled: dict[int, tuple[Clause, Named]]) -> list[Group]:
    """Return as clusters the clauses with short plain titles in a chapter of fields or industries."""
    best: list[Group] = []
    for chapter in outline.clauses:
        words = outline.title(chapter)
        if not CHAPTER.search(words) or NO_GOALS.search(words) or NO_CHAPTER.search(words):
            continue
        if id(chapter) in titled or any(
            g.home is chapter or chapter.is_under(g.home) for g in best
        ):
            continue
        tier = re.findall("集群|领域|方向|赛道|产业|板块", words)[-1:] or [""]
        made = [g for c in chapter.below if (g := _plain(outline, c, tier[0]))]
        if len(made) >= 2 and len(made) * 2 > len(chapter.below):
            best += made
    return best


def _merged(groups: list[Group], plain: list[Group]) -> list[Group]:
    """Return the plain clusters with what was stated under them, unless something was stated elsewhere."""
    over = [next((p for p in plain if g.home.is_under(p.home)), None) for g in groups]
    if any(found is None for found in over):
        return groups
    for group, found in zip(groups, over, strict=True):
        if found is not None:
            found.places += group.places
            if group.named.name == found.named.name:
                found.named = Named(found.named.name, group.named.tier, found.named.at)
    return plain


def _plain(outline: Outline, clause: Clause, tier: str) -> Group | None:
    start, end = clause.title
    named = name_in(outline, (start, end), titled=True)
    if named is None:
        title = outline.said((start, end))
        lead = LEADS.match(title)
        cut = lead.end() if lead and len(title) - lead.end() >= 2 else 0
        name = title[cut:]
        bad = not 2 <= len(name) <= 16 or "，" in name or PARTING.fullmatch(name)
        if bad or BEGINS.match(name) or NO_PART.search(name) or NO_NAME.fullmatch(name):
            return None
        named = Named(name, tier, (start + cut, end))
    return Group(named, clause, clause, 0.6)


def _place(outline: Outline, groups: list[Group], loose: list[tuple[Listed, Clause, Span]]) -> None:
    """Give the lists that no statement has to the cluster whose clause they are in, or that is named."""
    inner: list[tuple[Group, Listed, Clause]] = []
    for listed, clause, sentence in loose:
        owner = next((g for g in groups if _is_own(outline, g, clause)), None)
        within = next((g for g in groups if clause.is_under(g.home)), None)
        if owner:
            owner.places.append((listed, clause, 0.75))
        elif within and within.named.name in outline.said(sentence):
            within.places.append((listed, within.home, 0.8))
        elif within:
            inner.append((within, listed, clause))
        else:
            for group in _named_in(outline.said(sentence), groups):
                group.places.append((listed, clause, 0.6))
    for group, listed, clause in inner:
        if not any(c is group.home or c is group.cited for _, c, _ in group.places):
            group.places.append((listed, clause, 0.5))


def _is_own(outline: Outline, group: Group, clause: Clause) -> bool:
    if clause is group.home:
        return True
    return clause.above is group.home and bool(PARTING.fullmatch(outline.title(clause)))


def _named_in(sentence: str, groups: list[Group]) -> Iterator[Group]:
    named = [g for g in groups if g.named.name in sentence]
    if len(named) == 1:
        yield from named
