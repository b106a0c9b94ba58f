"""The numeric targets of a document: number, unit, qualifier, what is counted, and by when."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from siting.reader.outline import Clause, Outline, Span
from siting.reader.phrases import Quantity, governing_year, quantity_at
from siting.reader.wording import (
    ENDS_VERB,
    GRANT,
    LEADS,
    MONEY,
    NO_COUNT,
    NO_GOALS,
    PAST,
    UNIT,
)

_HANZI = "一二三四五六七八九"
_DIGITS = re.compile(
    r"(?<![\d.,A-Za-z+第前近—~～-])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?![\d.+~～—-]\d|[\d+])(?:(余|多)(?=[^\d]))?"
)
_WORDS = re.compile(
    f'(?<![{_HANZI}十百千万亿第"数])([两{_HANZI}十百千]+)(余|多)?(?=(?:万亿|亿|万)?(?:元|家|个|项|人|名|件))'
)
_LINK = re.compile(
    "(?:力争|争取|将|可|预计|总体|均|全部|稳定|保持|累计|总计|共计|合计|每年|年均)*(?:新增|净增|达到|达|为|至|到|在|增至|增长到|增加到|提升至|提升到|提高到|提高至|扩大到|实现|完成|保持在)?$"
)
_TIME = re.compile(
    r"^(?:力争|争取|预计)?(?:到|至)?\d{4}年(?:底|末)?(?:前|时)?(?:，|力争|争取)?|^(?:“十[一二三四五六七]五”|\"十[一二三四五六七]五\")(?:期间|末)?"
)
_CUT = re.compile(
    r"[向在](?=[^\"]{2})|、(?=(?:不少于|不低于|超过|突破|约)?\d)|、(?=[^、]{2,12}\d)|(?:以及|[和与及])(?=[^、和与及\"]{0,12}\d)|[(（\[]|"
    "(?<=企业|门店|楼宇|单位)(?:数字化|智能化|绿色化|改造|转型|首购|上云|扩产|增资|出海)(?!.*(?:项目|中心|平台|工程))|"
    "(?<=..)(?:开展|参与|进入|纳入|落地|入选|上市|达到|牵头|布局|成为|获得|实现|完成|落户|投入|建成|通过|形成)"
)
_MEASURED = "(?:力争|争取|预计|确保|实现|完成|形成|保持|累计|总计|共计|合计|推动|带动|促进|引进|吸引|招引|设立|盘活|提供|开放)+"
_AND = re.compile("、|以及|[和与及]")
_RANGE = re.compile(r"\d[^\d，、和]{0,2}[-—~～至到]$")
_MODIFIER = re.compile(r"^[^\d\"]{1,20}的(?=.{2})")


@dataclass(frozen=True, slots=True)
class Target:
    """A target: its name's span, the span of its number with qualifier, and what they say."""

    name: Span
    at: Span
    quantity: float
    unit: str
    qualifier: str
    year: int
    clause: str
    confidence: float
    note: tuple[str, str] = ("", "")


def find_targets(outline: Outline, title: str) -> Iterator[Target]:
    """
    Yield the targets of a document in their order.

    Parameters
    ----------
    outline
        The document.
    title
        Its title, folded; its last year is the year of targets that the text gives none.
    """
    ends = re.findall(r"20\d\d", title)
    for clause in outline.clauses:
        if _is_past(outline, clause):
            continue
        held: Target | None = None
        for sentence in outline.sentences(clause):
            said = outline.said(sentence)
            if PAST.search(said) or GRANT.search(said):
                continue
            for phrase in _phrases(outline.text, sentence):
                for one in _in_phrase(outline, clause, phrase, int(ends[-1]) if ends else 0, held):
                    held = one
                    yield one


def _is_past(outline: Outline, clause: Clause) -> bool:
    above: Clause | None = clause
    while above is not None and above.label:
        if NO_GOALS.search(outline.title(above)) and len(outline.title(above)) < 12:
            return True
        above = above.above
    return False


def _phrases(text: str, span: Span) -> Iterator[Span]:
    start = span[0]
    for found in re.finditer("[，：]", text[slice(*span)]):
        yield start, span[0] + found.start()
        start = span[0] + found.end()
    yield start, span[1]


def _numbers(text: str, span: Span) -> Iterator[tuple[Span, float, str, bool]]:
    """Yield span, value and unit of each number that has one; last, whether it is in hanzi."""
    for pattern, in_words in ((_DIGITS, False), (_WORDS, True)):
        for number in pattern.finditer(text, *span):
            unit = UNIT.match(text, number.end(), span[1])
            if unit is None or NO_COUNT.match(text, unit.end(), span[1]):
                continue
            if not in_words:
                value = float((number[1] + (number[2] or "")).replace(",", ""))
            else:
                value = _worth(number[1])
            yield (number.start(), unit.end()), value, unit[0], in_words


def _worth(words: str) -> float:
    total, digit = 0, 0
    for character in words:
        if character in "十百千":
            total += max(digit, 1) * 10 ** ("十百千".index(character) + 1)
            digit = 0
        else:
            digit = 2 if character == "两" else _HANZI.index(character) + 1
    return float(total + digit)


def _in_phrase(
    outline: Outline, clause: Clause, span: Span, last_year: int, held: Target | None
) -> Iterator[Target]:
    text, begun = outline.text, span[0]
    found = sorted(_numbers(text, span))
    for at, value, unit, in_words in found:
        more = re.search("余|多", text[slice(*at)][: -len(unit)])
        said = quantity_at(text, (begun, at[0], at[1], span[1]), "more_than" if more else None)
        if MONEY.search(unit) and any(at[1] < other[0][0] for other in found) and not _ends(said):
            continue  # 超百亿元企业 3 家: it describes what the next number counts
        name = _name(text, said, unit, (begun, span[1]))
        implied = False
        if name is None and _is_only_linked(text, said, begun):
            implied = (
                held is not None and held.unit == unit and re.search("元$|%$", unit) is not None
            )
            name = _label(outline, clause, span) or (held.name if held and implied else None)
        begun = said.end if implied or name is None or name[0] < said.start else begun
        qualifier = _qualifier(said)
        bare = in_words and qualifier == "exactly" and unit not in ("亿元", "万亿元", "万元")
        if name is None or bare:
            continue
        if qualifier is None or _RANGE.search(text[span[0] : at[0]]):
            note = ("范围或上限，没有收入", "a range or an upper limit, left out")
            label, _ = _cited(outline, clause, said.start)
            yield Target(name, (said.start, said.end), value, unit, "", 0, label, 0.0, note)
            continue
        label, scopes = _cited(outline, clause, said.start)
        year = governing_year(text, scopes, said.start)
        sure, note = 0.95, ("", "")
        if in_words:
            sure, note = 0.6, ("数目以汉字书写", "the number is in hanzi")
        if implied:
            sure, note = 0.6, ("名称承前文", "the name is that of the target before")
        if year is None:
            sure = 0.5 if last_year else 0.3
            note = ("条款中没有年份，取自标题", "no year in the clause: that of the title")
            if not last_year:
                note = ("原文未写年份", "the text states no year")
        yield Target(
            name,
            (said.start, said.end),
            value,
            unit,
            qualifier,
            year or last_year,
            label,
            sure,
            note,
        )


def _is_only_linked(text: str, said: Quantity, start: int) -> bool:
    """Whether nothing but time and 达到 stands about a number: what it counts was named before."""
    before = text[start : said.start]
    if time := _TIME.match(before):
        before = before[time.end() :]
    return _LINK.fullmatch(before) is not None and _ends(said)


def _label(outline: Outline, clause: Clause, span: Span) -> Span | None:
    """Return the title of a clause, if a colon parts it from what is said: 产业规模：达到…."""
    title = outline.title(clause)
    plain = 2 <= len(title) <= 14 and not re.search(r"[\d，\"]|目标$", title)
    after = clause.title[1]
    between = outline.text[after + 1 : span[0]]
    first = span[0] > after and (not between or _TIME.fullmatch(between) is not None)
    return clause.title if plain and first and outline.text[after] == "：" else None


def _ends(said: Quantity) -> bool:
    """Whether nothing is counted behind a number."""
    return not said.after or said.after[0] in "、和与及以()"


def _qualifier(said: Quantity) -> str | None:
    """Return the one qualifier, or None if the vocabulary has no word for it."""
    if "at_most" in said.qualifiers:
        return None
    return next(q for q in ("more_than", "at_least", "about", "exactly") if q in said.qualifiers)


def _name(text: str, said: Quantity, unit: str, span: Span) -> Span | None:
    """Return where the name stands that a number counts: behind it, or before it."""
    after = said.after
    if after.startswith("的"):
        return None  # 超过 10 亿元的项目: it describes something else
    before = _before(text, said, unit, span)
    counted = (bool(after) and after[0] not in '、和与及以"()') or after.startswith('"')
    if MONEY.search(unit) and before is not None:
        return before
    if counted:
        if said.qualifiers == {"exactly"} and _is_listed(text, said, before):
            return None
        start = said.end
        if found := _MODIFIER.match(after):
            start += found.end()
        cut = _CUT.search(text, start + 1, said.end + len(after))
        end = cut.start() if cut else said.end + len(after)
        return (start, end) if end - start >= 2 else None
    return before


def _before(text: str, said: Quantity, unit: str, span: Span) -> Span | None:
    """Return the name before a number, without time, verbs and 达到."""
    start, end = span[0], said.start
    words = text[start:end]
    if joint := re.match("[、，和与及]|以及", words):
        start += joint.end()
    if time := _TIME.match(text[start:end]):
        start += time.end()
    if linked := _LINK.search(text[start:end]):
        end = start + linked.start()
    # What is measured may begin with a word that is a verb elsewhere: 研发投入, 建设用地.
    verbs = _MEASURED if MONEY.search(unit) else LEADS.pattern
    if lead := re.match(f"(?:{verbs}|其中|[全本我][市区县]|[和与、](?={verbs}))+", text[start:end]):
        start += lead.end()
    if not MONEY.search(unit) and (found := _MODIFIER.match(text[start:end])):
        start += found.end()
    return (start, end) if end - start >= 2 and not ENDS_VERB.search(text[start:end]) else None


def _is_listed(text: str, said: Quantity, before: Span | None) -> bool:
    """Whether a number counts what stands before it: 甲、乙 2 个集群."""
    if before is None or ENDS_VERB.search(said.before):
        return False
    digits = re.match(r"\d+", text[said.start : said.end])
    parts = [part for part in _AND.split(text[slice(*before)]) if part]
    plain = [part for part in text[slice(*before)].split("、") if part]
    return digits is not None and int(digits[0]) in (len(parts), len(plain))


def _cited(outline: Outline, clause: Clause, position: int) -> tuple[str, list[Span]]:
    """Return the label of the clause that a position is in, and its scopes."""
    label, segment = clause.label, clause.segment
    if label[-1].startswith("—") and clause is clause.siblings()[-1]:
        for line in outline.document.page.breaks:
            ended = segment.body < line <= position and outline.text[line - 1] in "。！？；"
            if ended and _TIME.match(outline.text[line : line + 20]):
                label = label[:-1]  # a paragraph of its own after the dashes
                break
    return "".join(label), list(outline.document.scopes(segment))
