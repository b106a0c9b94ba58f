"""From the text of an action plan to a draft Plan, and the positions and confidence of its facts."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from siting.errors import Finding
from siting.plan import Plan
from siting.plan.model import FRAMES, SHEETS, make_frame
from siting.reader.facts import Fact, Reading, read_facts
from siting.schema import check_lang

COLUMNS = ("kind", "key", "name", "clause", "start", "end", "confidence", "note")
UNSURE = 0.7  # a fact below this is a finding of the plan
_KINDS = dict(zip(FRAMES, (f.removesuffix("s") for f in FRAMES), strict=True))


def extract_plan(text: str) -> Plan:
    """
    Return a draft of the plan that the text of a Chinese action plan states.

    Parameters
    ----------
    text
        The document; headings of any level at line starts, in any width; line breaks inside
        sentences do no harm.

    Returns
    -------
    Plan
        With the columns of the contract and no others. Ids count in the order of the text
        (``cluster-1``, ``field-1-2``, ``target-1``, ``programme-1``, ``zone-1``); English names are
        empty, for the text has none. What the text does not state stays empty: ``place_id`` of a
        name that the gazetteer lacks or has twice, ``parent_id``; ``year`` is 0, ``lon`` and ``lat``
        are NaN. ``findings`` has a warning for each such gap and for each fact with a confidence
        below 0.7.

    Notes
    -----
    The rules know the words of the genre (产业, 集群, 等区域, 为主攻方向, 以上 …) and no content:

    - a cluster is stated with its places (在…等区域，打造…产业集群), or is one of several titles that
      name one (打造…产业集群), or else a short title in a chapter of 重点领域 and the like;
    - its fields are the titles under it, or the list in its own sentence (以…为主攻方向);
    - a place stands in a list after 在, 布局在, 依托, 支持 …; with 等 the list is open;
    - a target is a number with a unit of a list; its name follows it or precedes it; the year as
      `verify_plan` reads it, or else the last of the title. What is (截至, 已有), grants (最高, 给予)
      and at-most figures are no targets;
    - a programme is a title with a quoted “…计划”, “…行动”, “…工程”, “…专项”.

    The level is ``town`` where title or issuer name a district, which is then the parent.
    `extract_facts` gives the position and the confidence of each fact.

    Examples
    --------
    >>> said = ["一、重点产业", "（一）打造灯彩产业集群", "在静安、长宁等区域，打造灯彩产业集群。", "1. 纸灯。以竹为骨。"]
    >>> draft = extract_plan(chr(10).join(said))
    >>> draft.assignments[["cluster_id", "place_id", "clause"]].values.tolist()
    [['cluster-1', '310106', '一（一）'], ['cluster-1', '310105', '一（一）']]
    >>> draft.fields["name_zh"].tolist()
    ['纸灯']
    """
    return draft(read_facts(text))


def extract_facts(text: str, *, lang: str = "zh") -> pd.DataFrame:
    """
    Return every fact that `extract_plan` finds, with where it stands and how sure it is.

    Parameters
    ----------
    text
        The document.
    lang : {"zh", "en"}
        Language of ``note``.

    Returns
    -------
    DataFrame
        ``kind`` (plan, cluster, field, assignment, target, programme, zone), ``key`` (the id in the
        draft; ``cluster_id:place_id`` for an assignment), ``name`` (as written), ``clause``, ``start``
        and ``end`` [characters of `text`; of a target its number with qualifier; NA where something
        is missing], ``confidence`` [0..1; 0 marks a gap to be filled], ``note``.

    Raises
    ------
    InputError
        If the language is another.

    Notes
    -----
    The confidence is that of the rule that found the fact, not a frequency: 0.95 for what is stated
    in so many words, 0.75 for lists and titles read with care, 0.6 and less for what is inferred.

    Examples
    --------
    >>> said = "一、目标" + chr(10) + "到 2030 年，灯彩产值达到 30 亿元左右。"
    >>> extract_facts(said).loc[0, ["kind", "name", "clause"]].tolist()
    ['target', '灯彩产值', '一']
    """
    check_lang(lang)
    return frame_of(read_facts(text), lang)


def frame_of(read: Reading, lang: str) -> pd.DataFrame:
    """Return the facts of a reading as `extract_facts` does."""
    rows = []
    for fact in read.facts:
        span: tuple[Any, Any] = (pd.NA, pd.NA)
        first, last = fact.at
        if last > first:
            span = read.outline.document.page.span(first, last)
        note = fact.note[1] if lang == "en" else fact.note[0]
        rows.append((fact.kind, fact.key, fact.name, fact.clause, *span, fact.confidence, note))
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    texts = dict.fromkeys(("kind", "key", "name", "clause", "note"), "str")
    return frame.astype({**texts, "start": "Int64", "end": "Int64", "confidence": "float64"})


def draft(read: Reading) -> Plan:
    """Return the plan of a reading."""
    frames: dict[str, Any] = {}
    for sheet in FRAMES:
        facts = [f for f in read.facts if f.kind == _KINDS[sheet] and f.cells]
        rows = [_row(fact, sheet) for fact in facts]
        frames[sheet] = make_frame(sheet, pd.DataFrame(rows, columns=list(SHEETS[sheet])))
    years = re.findall(r"20\d\d", read.head.published or read.head.document_no or read.head.title)
    return Plan(
        id=f"draft-{years[0]}" if years else "draft",
        title=read.head.title,
        issuer=read.head.issuer,
        document_no=read.head.document_no,
        published=read.head.published,
        level=read.level,
        parent_id=read.parent_id,
        findings=tuple(_finding(f) for f in read.facts if f.confidence < UNSURE or any(f.note)),
        **frames,
    )


def _row(fact: Fact, sheet: str) -> dict[str, Any]:
    blank: dict[str, Any] = {
        name: float("nan") if column.dtype == "float64" else ""
        for name, column in SHEETS[sheet].items()
    }
    return blank | {"name_zh": fact.name, "clause": fact.clause} | fact.cells


def _finding(fact: Fact) -> Finding:
    gap = fact.confidence == 0 or any(fact.note)
    return Finding(
        code="W-READ-01" if gap else "W-READ-02",
        severity="warning",
        sheet=f"{fact.kind}s" if fact.kind != "plan" else "plan",
        value=f"{fact.clause} {fact.name}".strip(),
        reason=fact.note[0] or f"没有把握（{fact.confidence:.2f}）",
        reason_en=fact.note[1] or f"not sure ({fact.confidence:.2f})",
        fix="请对照原文核对",
        fix_en="Check it against the document",
    )
