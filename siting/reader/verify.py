"""A plan held against the text it is taken from: every fact found where its clause says, or missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pandas as pd

from siting.plan import Plan
from siting.plan.locating import Locator
from siting.reader import checks
from siting.reader.checks import Answer, Check, Hit
from siting.reader.clauses import tokens
from siting.reader.document import Document
from siting.reader.folded import needle
from siting.schema import check_lang

COLUMNS = ("kind", "key", "clause", "status", "start", "end", "detail")
_DOCUMENT_NO = re.compile(r"[^\W\d_]{1,12}\[\d{4}\]\d+号")
_ISSUED = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日印发")


def verify_plan(plan: Plan, text: str, *, lang: str = "zh") -> pd.DataFrame:
    """
    Look up every fact of a plan in the document's text, each within the clause it cites.

    Parameters
    ----------
    plan
        The plan.
    text
        The document as text; line breaks, blanks and full-width forms do not matter, but headings
        must begin a line.
    lang : {"zh", "en"}
        Language of ``detail``.

    Returns
    -------
    DataFrame
        A row per fact: ``kind`` (plan, cluster, field, assignment, target, programme, zone), ``key``
        (the id; for an assignment ``cluster_id:place_id``), ``clause``, ``status`` ("found" |
        "missing"), ``start`` and ``end`` (where it stands [characters of `text`]; NA if missing),
        ``detail`` (why it is missing, or what else the clause says). ``attrs["unlisted"]`` names the
        places that the text lists for a cluster and the plan lacks.

    Raises
    ------
    InputError
        If the language is another.

    Notes
    -----
    What counts as found, within the cited clause itself and not in one below it:

    - the title as a line before the first heading; the document number and the date of printing
      only where the text states them;
    - a cluster: its name with its tier (未来智能 and 集群: 未来智能产业集群);
    - a field: as the whole title of the clause, which lies under that of its cluster; or, where it
      cites its cluster's clause, as a whole word in it;
    - an assignment: ``place_as_written`` as a whole member of a list after 在, open (等) if and only
      if ``is_exhaustive`` is False, in the clause of its cluster or one that names the cluster; and
      ``place_id`` is what that name means;
    - a target: the number with its unit, the wording of its qualifier, the whole name in the same
      phrase, and the year as the last 到 … 年 before it in the same numbered clause;
    - a programme: as the whole title of its clause; a zone: as a whole word.

    English names, points, sources and notes are not in the text and not checked. Numbers in hanzi
    (五千亿元) are not read.

    Examples
    --------
    >>> from siting.plan import read_plan
    >>> checked = verify_plan(read_plan("jiading-2023"), "一、总体思想。（一）指导思想")
    >>> bool((checked["status"] == "missing").all())
    True
    """
    check_lang(lang)
    document = Document(text)
    unlisted: dict[str, list[str]] = {}
    rows = list(_plan_rows(plan, document))
    for kind, key, clause, check in _facts(plan, document, unlisted):
        rows.append((kind, key, clause, *_look(document, clause, check)))
    shown = []
    for kind, key, clause, answer, other in rows:
        span: tuple[Any, Any] = (pd.NA, pd.NA)
        found = isinstance(answer, Hit)
        if isinstance(answer, Hit):
            span, said = document.page.span(answer.start, answer.end), answer.remark
        else:
            said = answer
        detail = said[1] if lang == "en" else said[0]
        if other:
            detail += f"; it is in {other}" if lang == "en" else f"；它在 {other}"
        shown.append((kind, key, clause, "found" if found else "missing", *span, detail))
    frame = pd.DataFrame(shown, columns=list(COLUMNS))
    texts = dict.fromkeys(("kind", "key", "clause", "status", "detail"), "str")
    frame = frame.astype({**texts, "start": "Int64", "end": "Int64"})
    there = set(frame.loc[(frame["kind"] == "cluster") & (frame["status"] == "found"), "key"])
    frame.attrs["unlisted"] = {k: names for k, names in unlisted.items() if names and k in there}
    return frame


def _look(document: Document, clause: str, check: Check) -> tuple[Answer, str]:
    """Return the hit, or why there is none and in which clause the fact stands instead."""
    cited = tokens(clause)
    answer: Answer = ("原文没有这一条款", "the text has no such clause")
    for stretch in document.stretches(cited) if cited else ():
        answer = check(stretch)
        if isinstance(answer, Hit):
            return answer, ""
    for stretch in document.elsewhere(cited):
        if isinstance(check(stretch), Hit):
            return answer, stretch.segment.clause
    return answer, ""


def _plan_rows(plan: Plan, document: Document) -> Iterator[tuple[str, str, str, Answer, str]]:
    """Yield the facts about the document as a whole, as far as its text states them."""
    page, text, first = document.page, document.text, document.before_headings()
    title = needle(plan.title)
    absent = ("第一个标题之前没有这一行", "no such line before the first heading")
    start = next((line for line in page.breaks if _is_line(document, title, line)), -1)
    if not 0 <= start < first:
        named = text.find(f"印发《{title}》", 0, first)
        start = named + len("印发《") if named >= 0 else -1
    yield (
        "plan",
        "title",
        "",
        Hit(start, start + len(title)) if start >= 0 and title else absent,
        "",
    )
    numbers = [m for m in _DOCUMENT_NO.finditer(text, 0, first) if page.is_break(m.end())]
    own = needle(plan.document_no)
    if numbers and own:
        start = next((line for line in page.breaks if _is_line(document, own, line)), -1)
        there = 0 <= start < first
        differs = (f"原文为 {numbers[0][0]}", f"the text says {numbers[0][0]}")
        yield "plan", "document_no", "", Hit(start, start + len(own)) if there else differs, ""
    dates = (_ISSUED.match(text, line) for line in page.breaks)
    for found in [m for m in dates if m and page.is_break(m.end())][-1:]:
        stated = f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}"
        agrees = stated.startswith(plan.published)
        differs = (f"原文为 {stated}", f"the text says {stated}")
        if plan.published:
            yield "plan", "published", "", Hit(*found.span()) if agrees else differs, ""


def _is_line(document: Document, title: str, start: int) -> bool:
    """Whether a title begins here and ends with a line."""
    end = start + len(title)
    return document.text.startswith(title, start) and document.page.is_break(end)


def _facts(
    plan: Plan, document: Document, unlisted: dict[str, list[str]]
) -> Iterator[tuple[str, str, str, Check]]:
    """Yield kind, key, clause and the check of every fact that cites a clause."""
    clusters = plan.clusters.to_dict("index")
    assignments = plan.assignments
    locator = Locator(plan.level, plan.parent_id)
    for key, row in clusters.items():
        own = set(assignments.loc[assignments["cluster_id"] == key, "place_as_written"].map(needle))
        more = unlisted.setdefault(str(key), [])
        yield "cluster", str(key), row["clause"], checks.check_cluster(document, row, own, more)
    for key, row in plan.fields.to_dict("index").items():
        above = clusters.get(row["cluster_id"])
        yield "field", str(key), row["clause"], checks.check_field(document, row, above)
    for row in assignments.to_dict("records"):
        above = clusters.get(row["cluster_id"])
        pair = f"{row['cluster_id']}:{row['place_id']}"
        check = checks.check_assignment(document, row, above, locator)
        yield "assignment", pair, row["clause"], check
    for key, row in plan.targets.to_dict("index").items():
        yield "target", str(key), row["clause"], checks.check_target(document, row)
    for key, row in plan.programmes.to_dict("index").items():
        yield "programme", str(key), row["clause"], checks.check_title(document, row["name_zh"])
    for key, row in plan.zones.to_dict("index").items():
        yield "zone", str(key), row["clause"], checks.check_word(document, row["name_zh"])
