"""Lists of places in a sentence, in any wording, and the place that each name means, if it is known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from siting.places import bundled
from siting.reader.wording import (
    BARE_LIST,
    BEGINS,
    CLOSED_LIST,
    CLOSED_TAIL,
    GROUND_LIST,
    INTRO,
    NO_PLACES,
    OPEN_LIST,
    PLACE_KIND,
)

_JOINT = re.compile("以及|[和与及]")
_LONGEST = 14
_LABELS = "：为是括"  # the last of 布局区域： and 承载区为


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of places: names with their spans, whether it is open (等), and how sure it is one."""

    names: tuple[tuple[str, int, int], ...]
    start: int
    end: int
    is_open: bool
    confidence: float


@dataclass
class Whereabouts:
    """
    The search for names among the bundled places.

    Parameters
    ----------
    level
        ``district`` or ``town``; empty for either.
    within
        The district whose towns are meant, or empty.
    """

    level: str = ""
    within: str = ""
    _known: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def places(self, name: str) -> tuple[str, ...]:
        """Return the codes that a name may mean: none, one or several."""
        if name not in self._known:
            book = bundled.gazetteer()
            level, within = self.level or None, self.within or None
            ids = book.search(name, level=level, within=within).ids if len(name) > 1 else ()
            fits = tuple(p for p in ids if book.fits(p, level, within))
            self._known[name] = () if name.isascii() else fits
        return self._known[name]


def place_lists(text: str, start: int, end: int, known: Whereabouts) -> list[Listed]:
    """
    Return the lists of places in a sentence, in their order.

    Examples
    --------
    >>> said = "布局在安亭、外冈等镇"
    >>> [(n, one.is_open) for one in place_lists(said, 0, 10, Whereabouts()) for n, *_ in one.names]
    [('安亭', True), ('外冈', True)]
    """
    found: list[Listed] = []
    for match in OPEN_LIST.finditer(text, start, end):
        names, introduced = _members(text, *match.span(1), known)
        hits = sum(bool(known.places(name)) for name, *_ in names)
        long = any(len(name) > _LONGEST for name, *_ in names)
        odd = long or (not introduced and not hits) or any(NO_PLACES.search(n) for n, *_ in names)
        # 等园区, 等板块 and 等地 also close lists of other things.
        loose = match[2] in ("园区", "板块", "地", "新城", "城区")
        if names and not odd and (hits or not loose):
            sure = 0.95 if hits == len(names) else 0.8
            found.append(
                Listed(tuple(names), names[0][1], match.end(), is_open=True, confidence=sure)
            )
    for match in BARE_LIST.finditer(text, start, end):
        names, _ = _members(text, *match.span(1), known)
        hits = sum(bool(known.places(name)) for name, *_ in names)
        if names and hits * 2 > len(names) and not _covered(found, match.span()):
            found.append(
                Listed(tuple(names), names[0][1], match.end(), is_open=True, confidence=0.8)
            )
    for match in CLOSED_LIST.finditer(text, start, end):
        if not _covered(found, match.span()) and (one := _closed(text, *match.span(1), known)):
            found.append(one)
    for match in GROUND_LIST.finditer(text, start, end):
        names, _ = _members(text, *match.span(1), known)
        named = [bool(known.places(n) or PLACE_KIND.search(n)) for n, *_ in names]
        if all(named) and not _covered(found, match.span()):
            found.append(
                Listed(tuple(names), names[0][1], match.end(), is_open=False, confidence=0.8)
            )
    return sorted(found, key=lambda one: one.start)


def _covered(found: list[Listed], span: tuple[int, int]) -> bool:
    return any(one.start < span[1] and span[0] < one.end for one in found)


def _members(
    text: str, start: int, end: int, known: Whereabouts
) -> tuple[list[tuple[str, int, int]], bool]:
    """Return the names of a list, the words before the first left out, and whether there were any."""
    parts = list(list_parts(text, start, end))
    if not parts:
        return [], False
    first, last = parts[0]
    cuts = [first, *(m.end() for m in INTRO.finditer(text, first, last) if last - m.end() >= 2)]
    resolved = [cut for cut in cuts if known.places(text[cut:last])]
    # Introducers may overlap with a name; the first cut that leaves a known place is the right one.
    cut = resolved[0] if resolved else cuts[-1]
    parts[0] = (cut, last)
    names = [one for part in parts for one in _divided(text, *part, known)]
    return names, len(cuts) > 1


def list_parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where the members of a list stand that 、 divides."""
    for found in re.finditer("[^、]+", text[start:end]):
        yield start + found.start(), start + found.end()


def _divided(text: str, start: int, end: int, known: Whereabouts) -> list[tuple[str, int, int]]:
    """Return one name, or two joined by 和: what is a place as a whole stays whole."""
    whole = [(text[start:end], start, end)]
    if known.places(text[start:end]):
        return whole
    for joint in _JOINT.finditer(text, start, end):
        left, right = text[start : joint.start()], text[joint.end() : end]
        if min(len(left), len(right)) >= 2:
            rest = _divided(text, joint.end(), end, known)
            return [(left, start, joint.start()), *rest]
    return whole


def _closed(text: str, start: int, end: int, known: Whereabouts) -> Listed | None:
    """Return a list without 等, if every member is a known place or ends with the word for one."""
    tail = next(
        (m for m in CLOSED_TAIL.finditer(text, start + 2, end)
         if not known.places(text[start : m.end()].rsplit("、", maxsplit=1)[-1])), None
    )  # fmt: skip
    parts = list(list_parts(text, start, tail.start() if tail else end))
    if not parts:
        return None
    names = [one for part in parts[:-1] for one in _divided(text, *part, known)]
    first, last = parts[-1]
    labelled = text[start - 1] in _LABELS and _all_short(text, parts)
    if tail or labelled:
        names += _divided(text, first, last, known)
    else:
        cut = _name_end(text, first, last, known)
        if cut is None:
            return None
        names += _divided(text, first, cut, known)
        last = cut
    hits = sum(bool(known.places(name)) for name, *_ in names)
    named = all(known.places(n) or (PLACE_KIND.search(n) and 2 < len(n) < 10) for n, *_ in names)
    named |= labelled and hits > 0
    counted = tail is not None and all(len(n) <= 6 for n, *_ in names) and (hits or len(names) > 1)
    if not (named or counted):
        return None
    sure = 0.9 if hits == len(names) else 0.6
    return Listed(
        tuple(names), names[0][1], tail.end() if tail else last, is_open=False, confidence=sure
    )


def _all_short(text: str, parts: list[tuple[int, int]]) -> bool:
    """Whether what follows 布局区域： is names and nothing else."""
    names = [text[a:b] for a, b in parts]
    return all(2 <= len(n) <= 12 and not BEGINS.match(n) and not NO_PLACES.search(n) for n in names)


def _name_end(text: str, start: int, end: int, known: Whereabouts) -> int | None:
    """Return where the last name of a list ends that runs on into the sentence."""
    for cut in range(min(end, start + _LONGEST), start + 1, -1):
        after = text[cut:end]
        goes_on = not after or BEGINS.match(after) or after[0] in "内的"
        if goes_on and (known.places(text[start:cut]) or PLACE_KIND.search(text[start:cut])):
            return cut
    return None
