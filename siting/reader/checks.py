"""What must stand in a clause for a fact to count as found: one check for each kind of fact."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from siting.plan.locating import Locator
from siting.reader import phrases
from siting.reader.clauses import tokens
from siting.reader.document import Document, Stretch
from siting.reader.folded import needle
from siting.reader.wording import OPENS

Said = tuple[str, str]  # (Chinese, English)
Row = Mapping[Any, Any]
_LEAD = re.compile("(?:做强|做大|做优|做精|发展|培育|打造|壮大|布局)+")
_KINDS = "集群|领域|方向|赛道|行业"


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a fact stands in the folded text, and what else is to be said."""

    start: int
    end: int
    remark: Said = ("", "")


Answer = Hit | Said  # a hit, or why there is none
Check = Callable[[Stretch], Answer]


def check_cluster(document: Document, row: Row, own: set[str], unlisted: list[str]) -> Check:
    """
    Return the check of a cluster: its name with its tier, as in 未来智能产业集群.

    Parameters
    ----------
    document
        The text.
    row
        The cluster.
    own
        Names of the places that the plan has for it; others in an open list go to `unlisted`.
    unlisted
        Grows.
    """
    pattern, name, text = _cluster_pattern(row), needle(row["name_zh"]), document.text

    def check(at: Stretch) -> Answer:
        for found in pattern.finditer(text, at.start, at.end):
            first, last = found.span()
            ended = document.page.is_break(last) or phrases.ends_clean(text, last, at.end)
            if ended and phrases.begins_clean(text, at.start, first):
                named = phrases.listed_places(text, at.start, at.end)
                unlisted[:] = sorted({one.name for one in named if one.is_open} - own)
                if not unlisted:
                    return Hit(first, last)
                listed = "、".join(unlisted)
                return Hit(first, last, (f"原文还列有：{listed}", f"also listed: {listed}"))
        title, tier = document.title(at.segment), needle(row["tier"])
        if at.is_title and name and title.endswith(name) and document.is_under_title(at, tier):
            return Hit(at.start + len(title) - len(name), at.start + len(title))
        if name and name in text[at.start : at.end]:
            return "名称在，层次或字词不符", "the name is there, with another tier or other words"
        return "条款中没有这个集群", "the clause does not name this cluster"

    return check


def _cluster_pattern(row: Row) -> re.Pattern[str]:
    """Return what a cluster looks like: its name, 产业, its tier."""
    name, tier = needle(row["name_zh"]), needle(row["tier"])
    if not name:
        return re.compile("(?!)")
    kind = "" if tier and name.endswith(tier) else re.escape(tier) or f"(?:{_KINDS})?"
    return re.compile(f"{re.escape(name)}(?:产业)?{kind}")


def check_field(document: Document, row: Row, cluster: Row | None) -> Check:
    """Return the check of a field: the title of a clause under its cluster's, or a word in that."""
    own = tokens(row["clause"])
    above = tokens(cluster["clause"]) if cluster else ()
    title, word = (
        check_title(document, row["name_zh"], is_field=True),
        check_word(document, row["name_zh"]),
    )

    def check(at: Stretch) -> Answer:
        if own and own == above:
            return word(at)
        answer = title(at)
        if isinstance(answer, Hit) and not _is_under(at, above):
            return "不在所属集群的条款之下", "the clause is not under that of its cluster"
        return answer

    return check


def _is_parted(document: Document, end: int) -> bool:
    """Whether a blank parts a title that ends here from a sentence that a verb begins."""
    first, last = document.page.span(end - 1, end + 1)
    return last - first > 2 and OPENS.match(document.text, end) is not None


def check_title(document: Document, name_zh: str, *, is_field: bool = False) -> Check:
    """Return the check of a name that is the whole title of a clause; a field may follow a verb."""
    name = needle(name_zh)

    def check(at: Stretch) -> Answer:
        start = at.start
        if is_field and (lead := _LEAD.match(document.text, start)) and name:
            start = lead.end() if document.text.startswith(name, lead.end()) else start
        end = start + len(name)
        # The title may have been broken into lines; it ends with its sentence or with a line.
        whole = document.page.is_break(end) or document.text[end : end + 1] in "。：，；]"
        whole = whole or _is_parted(document, end)
        if at.is_title and name and whole and document.text.startswith(name, start):
            return Hit(start, end)
        title = document.title(at.segment)[:30]
        return f"条款的标题是“{title}”", f'the title of the clause is "{title}"'

    return check


def check_word(document: Document, name_zh: str) -> Check:
    """Return the check of a name that stands in a clause as a whole word."""
    name, text = needle(name_zh), document.text

    def check(at: Stretch) -> Answer:
        first = text.find(name, at.start, at.end) if name else -1
        while first >= 0:
            last = first + len(name)
            if phrases.begins_clean(text, at.start, first) and phrases.ends_clean(
                text, last, at.end
            ):
                return Hit(first, last)
            first = text.find(name, first + 1, at.end)
        return "条款中没有这个名称", "the clause does not have this name"

    return check


def check_assignment(document: Document, row: Row, cluster: Row | None, locator: Locator) -> Check:
    """Return the check of an assignment: its place in a list, as open as it says, of its cluster."""
    name, place = needle(row["place_as_written"]), str(row["place_id"])
    above = tokens(cluster["clause"]) if cluster else ()
    pattern = _cluster_pattern(cluster) if cluster else re.compile("(?!)")

    def check(at: Stretch) -> Answer:
        listed = list(phrases.listed_places(document.text, at.start, at.end))
        named = [one for one in listed if one.name == name]
        if not named:
            others = list(phrases.other_lists(document.text, at.start, at.end))
            named = [one for one in others if one.name == name]
        fitting = [one for one in named if one.is_open != bool(row["is_exhaustive"])]
        if not named:
            return "条款的地区名单里没有它", "no list of places in the clause has it"
        if not fitting:
            return "名单是否完整（等）与原文不符", "whether the list is open (等) differs"
        if not _is_under(at, above) and not pattern.search(document.text, at.start, at.end):
            return "条款不属于这个集群", "the clause is not about this cluster"
        if not place:
            return Hit(
                fitting[0].start, fitting[0].end, ("代码待填", "its code is to be filled in")
            )
        if not (locator.means(row["place_as_written"], place) or locator.accepts(place)):
            return f"此名不指 {place}", f"this name does not mean {place}"
        return Hit(fitting[0].start, fitting[0].end)

    return check


def check_target(document: Document, row: Row) -> Check:
    """Return the check of a target: number and unit, qualifier, the name in the phrase, the year."""
    name, unit, quantity = needle(row["name_zh"]), needle(row["unit"]), float(row["quantity"])

    def check(at: Stretch) -> Answer:
        found = list(phrases.quantities(document.text, at.start, at.end, quantity, unit))
        about = [one for one in found if name and phrases.is_about(one, name)]
        wanted = {row["qualifier"]}
        fitting = [o for o in about if wanted <= o.qualifiers and "at_most" not in o.qualifiers]
        if not found:
            return "条款中没有这个数和单位", "the clause does not have this number and unit"
        if not about:
            return "有这个数，但说的不是它", "the number is there, but about something else"
        if not fitting:
            said = "、".join(sorted(about[0].qualifiers))
            return f"限定不符，原文为 {said}", f"the text qualifies it as {said}"
        scopes = document.scopes(at.segment)
        year = phrases.governing_year(document.text, scopes, fitting[0].start)
        if year != int(row["year"]):
            return f"年份不符，原文为 {year or '未写'}", f"the year is {year or 'not stated'}"
        return Hit(fitting[0].start, fitting[0].end)

    return check


def _is_under(at: Stretch, above: tuple[str, ...]) -> bool:
    """Whether a clause is the one above or lies under it."""
    return bool(above) and tokens(at.segment.clause)[: len(above)] == above
