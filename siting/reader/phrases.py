"""How documents of this kind word things: lists of places, quantities with their qualifiers, years."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from siting.reader.wording import CLOSED_LIST, ENDS_VERB, GROUND_LIST, INTRO, LEADS, OPEN_LIST

_EDGE = "、，。；：！？\"'()《》[]"
_ALL_OF = re.compile("[两二三四五六七八九十0-9]+(?:大|个)")
_DATED = re.compile(r"\d{4}年$")
_AFTER = "在向对与和及等的为是于将由以"
_PHRASE_ENDS = re.compile("[，。；：！？]")

_LIST = re.compile("在([^，。；：！？]{1,300})")
_OPEN_TAIL = re.compile(
    "等(?:重点|相关|有关|主要|若干)?(?:区域|地区|区|地|镇|街镇|街道|镇街|园区|处)?(?:布局|集聚|落地)?$"
)
_CLOSED_TAIL = re.compile(
    "(?:[二两三四五六七八九十0-9]+个?(?:区域|地区|街镇|区|镇|地)|重点区域|区域|地区|街镇)$"
)
_AND = re.compile("以及|[和与及]")
_COUNTED = re.compile("[两二三四五六七八九十0-9]+个?(?:区域|地区|街镇|街道|区|镇|地)$")

_NUMBER = re.compile(r"(?<![\d.])(?<!\d-)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?![\d.]\d|\d)")
_SCALES = {"": 1, "百": 1e2, "千": 1e3, "万": 1e4, "十万": 1e5, "百万": 1e6, "亿": 1e8}
# A qualifier that the vocabulary lacks (at most, within) is a word of its own, so that it never fits.
_BEFORE = {
    "不超过": "at_most", "不多于": "at_most", "不高于": "at_most",
    "超过": "more_than", "多于": "more_than", "大于": "more_than", "突破": "more_than",
    "超": "more_than", "逾": "more_than",
    "不少于": "at_least", "不低于": "at_least", "不小于": "at_least", "至少": "at_least",
    "少于": "at_most", "低于": "at_most", "不到": "at_most", "不足": "at_most",
    "大约": "about", "约": "about", "近": "about",
}  # fmt: skip
_BEHIND = {
    "左右": "about", "上下": "about", "及以上": "at_least", "以上": "at_least",
    "以内": "at_most", "以下": "at_most",
}  # fmt: skip
_BETWEEN = {"余": "more_than", "多": "more_than"}  # 100 余家
_LINK = re.compile(
    "(?:力争|争取|将|可|力争可)?(?:达到|达|为|至|到|增至|增长到|增加到|扩大到|提升至|提升到|提高到|提高至|保持在|稳定在|实现|完成)?$"
)
_YEARS = re.compile(
    r"(?:到|至)(\d{4})年|(?<![\d—~至-])(\d{4})年(?:底|末)?(?=前|，|力争|争取|实现|达)"
)
_PHRASE_STOPS = re.compile("[。！？]")


@dataclass(frozen=True, slots=True)
class Named:
    """A place in a list: its name, where it stands, and whether the list is open (等)."""

    name: str
    start: int
    end: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit: where the phrase about it stands, and how it is qualified."""

    start: int
    end: int
    before: str
    after: str
    qualifiers: frozenset[str]


def listed_places(text: str, start: int, end: int) -> Iterator[Named]:
    """
    Yield every name that a list of places after 在 may hold.

    Examples
    --------
    >>> [n.name for n in listed_places("在安亭、嘉定工业区等区域，打造", 0, 14)]
    ['安亭', '嘉定工业区']
    """
    for found in _LIST.finditer(text, start, end):
        words = found[1]
        tail = _OPEN_TAIL.search(words)
        endings = [tail.start()] if tail else [len(words)]
        if not tail and (closed := _CLOSED_TAIL.search(words)):
            endings.append(closed.start())
        for length in endings:
            offset = found.start(1)
            for part in words[:length].split("、"):
                for name, shift in _alternatives(part):
                    yield Named(name, offset + shift, offset + shift + len(name), bool(tail))
                offset += len(part) + 1


def other_lists(text: str, start: int, end: int) -> Iterator[Named]:
    """
    Yield what a list in other words may hold: 依托…等镇, 支持…等区打造; its first name as short as can be.

    Examples
    --------
    >>> [n.name for n in other_lists("支持安亭、外冈等镇打造", 0, 11)]
    ['支持安亭', '安亭', '外冈']
    """
    for found in OPEN_LIST.finditer(text, start, end):
        offset = found.start(1)
        for part in found[1].split("、"):
            cuts = (
                [0, *(m.end() for m in INTRO.finditer(part))] if offset == found.start(1) else [0]
            )
            for cut in cuts:
                for name, shift in _alternatives(part[cut:]):
                    first = offset + cut + shift
                    yield Named(name, first, first + len(name), is_open=True)
            offset += len(part) + 1
    closed = (*CLOSED_LIST.finditer(text, start, end), *GROUND_LIST.finditer(text, start, end))
    for found in closed:
        if "等" in found[1]:
            continue
        offset = found.start(1)
        for part in re.split(f"、|(?:{LEADS.pattern}).*", found[1]):
            for name, shift in _alternatives(_COUNTED.sub("", part)):
                first = offset + shift
                yield Named(name, first, first + len(name), is_open=False)
            offset += len(part) + 1


def _alternatives(part: str) -> Iterator[tuple[str, int]]:
    """Yield the names that one part of a list may hold: 和 may join two or belong to one."""
    if part:
        yield part, 0
    joints = [0, *(p for m in _AND.finditer(part) for p in m.span()), len(part)]
    if len(joints) > 2:
        for left, right in zip(joints[::2], joints[1::2], strict=True):
            if right > left:
                yield part[left:right], left


def quantities(text: str, start: int, end: int, quantity: float, unit: str) -> Iterator[Quantity]:
    """
    Yield the places where a quantity stands with its unit, and the words around it.

    Examples
    --------
    >>> text = "培育15家左右领军企业。"
    >>> [(q.before, q.after, sorted(q.qualifiers)) for q in quantities(text, 0, 12, 15, "家")]
    [('培育', '领军企业', ['about'])]
    >>> list(quantities(text, 0, 12, 5, "家"))
    []
    """
    for number in _NUMBER.finditer(text, start, end):
        value = float((number[1] + (number[2] or "")).replace(",", ""))
        behind = text[number.end() : end]
        for scale, times in _SCALES.items():
            between = behind[len(scale) : len(scale) + 1] if behind.startswith(scale) else ""
            more = between if between in _BETWEEN and not unit.startswith(between) else ""
            if value * times == quantity and behind.startswith(scale + more + unit):
                last = number.end() + len(scale + more + unit)
                yield quantity_at(text, (start, number.start(), last, end), _BETWEEN.get(more))
                break


def quantity_at(text: str, at: tuple[int, int, int, int], meant: str | None = None) -> Quantity:
    """
    Return the quantity between the two inner positions of `at`, in the stretch of the outer.

    Examples
    --------
    >>> quantity_at("建成不少于5个园区", (0, 5, 7, 9)).qualifiers
    frozenset({'at_least'})
    >>> quantity_at("突破5项技术", (0, 2, 4, 6)).qualifiers  # a verb, and no comparison
    frozenset({'exactly'})
    """
    start, first, last, end = at
    stop = _PHRASE_ENDS.search(text, last, end)
    after = text[last : stop.start() if stop else end]
    begins = [m.end() for m in _PHRASE_ENDS.finditer(text, start, first)]
    before = text[begins[-1] if begins else start : first]
    words = {meant} if meant else set()
    for word, meaning in _BEFORE.items():
        if before.endswith(word):
            if word == "突破" and after[:1] not in (*_EDGE, "") and not _says_what(before, word):
                break
            words.add(meaning)
            before, first = before.removesuffix(word), first - len(word)
            break
    for word, meaning in _BEHIND.items():
        if after.startswith(word):
            words.add(meaning)
            after, last = after.removeprefix(word), last + len(word)
            break
    return Quantity(first, last, before, after, frozenset(words or {"exactly"}))


def _says_what(before: str, word: str) -> bool:
    """Whether a noun stands before a word that may compare: 产值突破 does, 力争突破 does not."""
    rest = re.sub(
        r"(?:到)?\d{4}年底?前?|力争|争取|累计|每年|新增|重点|集中|加快|协同|联合", "", before
    )
    return len(rest.removesuffix(word).rsplit("、", maxsplit=1)[-1]) >= 2


def is_about(found: Quantity, name: str) -> bool:
    """
    Whether the phrase of a quantity is about `name`, whole: right after it, or right before.

    Examples
    --------
    >>> text = "塑造5个以上具有标识度的高端品牌，"
    >>> found = next(quantities(text, 0, 17, 5, "个"))
    >>> is_about(found, "高端品牌"), is_about(found, "端品牌"), is_about(found, "高端品")
    (True, False, False)
    """
    rest = None
    if found.after.startswith(name):
        rest = found.after.removeprefix(name)
    elif f"的{name}" in found.after:
        rest = found.after.partition(f"的{name}")[2]
    if rest is not None and (not rest or rest[0] in _EDGE + _AFTER):
        return True
    if found.after and found.after[0] not in _EDGE:
        return False
    # 产值达到 5000 亿元: the name comes first.
    for before in (found.before, _LINK.sub("", found.before)):
        if before.endswith(name) and begins_clean(before, 0, len(before) - len(name)):
            return True
    return False


def begins_clean(text: str, start: int, position: int) -> bool:
    """
    Whether a name may begin at `position`: after an edge, a verb, or one word of two characters.

    Examples
    --------
    >>> begins_clean("全力打造未来能源", 0, 4), begins_clean("全力打造未来能源", 0, 5)
    (True, False)
    """
    if position == start or text[position - 1] in _EDGE + "和与及在以的":
        return True
    chunk = re.split(f"[{re.escape(_EDGE)}]", text[start:position])[-1]
    return (
        ENDS_VERB.search(chunk) is not None or _DATED.search(chunk) is not None or len(chunk) == 2
    )


def ends_clean(text: str, position: int, end: int) -> bool:
    """Whether a name may end at `position`: before an edge or a small word, or where the text ends."""
    if position >= end or text[position] in _EDGE + _AFTER:
        return True
    return _ALL_OF.match(text, position, end) is not None  # 甲、乙、丙三大方向


def governing_year(text: str, scopes: Iterable[tuple[int, int]], position: int) -> int | None:
    """
    Return the year by which what stands at `position` shall be reached.

    Parameters
    ----------
    text
        The folded text.
    scopes
        Where the numbered clause begins and ends, then each clause above it.
    position
        Of the quantity.

    Notes
    -----
    The last year that a sentence with a number of its own names before `position` in the nearest
    clause that names one; a vision (到 2035 年，形成…) counts only if no sentence has numbers.

    Examples
    --------
    >>> said = "到2030年，达到5亿元。到2035年，形成样板。——建设3个园区"
    >>> governing_year(said, [(0, 40)], 31)
    2030
    """
    for start, end in scopes:
        years = list(_YEARS.finditer(text, start, min(position, end)))
        if not years:
            continue
        if not _PHRASE_STOPS.search(text, years[-1].end(), position):
            return _year(years[-1])
        exact = [m for m in years if _counts(text, m.end(), position)]
        return _year((exact or years)[-1])
    return None


def _year(found: re.Match[str]) -> int:
    return int(found[1] or found[2])


def _counts(text: str, start: int, position: int) -> bool:
    """Whether the sentence that begins here goes on with a number."""
    stop = _PHRASE_STOPS.search(text, start)
    end = min(stop.start() if stop else len(text), position + 1)
    return re.search(r"\d+(?:\.\d+)?[万亿余多]*[元家个件项人名%]", text[start:end]) is not None
