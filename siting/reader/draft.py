"""A draft plan as the workbook that a planner fills in, with a sheet that says what to check."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pandas as pd

from siting.errors import stop
from siting.files import Sheet
from siting.plan import Plan, write_template
from siting.reader.extract import UNSURE, draft, frame_of
from siting.reader.facts import read_facts
from siting.schema import check_lang

_AROUND = 12
_KINDS = {
    "clusters": "cluster",
    "fields": "field",
    "assignments": "assignment",
    "targets": "target",
    "programmes": "programme",
    "zones": "zone",
}
_HEADINGS = {
    "kind": "种类\nkind",
    "key": "编号\nkey",
    "name": "名称\nname",
    "clause": "条款\nclause",
    "check": "核对\ncheck",
    "confidence": "把握\nconfidence",
    "note": "说明\nnote",
    "snippet": "原文\ntext",
    "start": "起\nstart",
    "end": "止\nend",
}


def write_draft(
    path: str | os.PathLike[str], text: str, *, lang: str = "zh", overwrite: bool = False
) -> tuple[Path, Plan]:
    """
    Write the draft of a document's plan as an .xlsx for a planner to check; `read_plan` reads it.

    Parameters
    ----------
    path
        The file; must end in .xlsx.
    text
        The document, as `read_document` gives it.
    lang : {"zh", "en"}
        Language of the notes.
    overwrite
        Whether an existing file may be replaced.

    Returns
    -------
    tuple of Path and Plan
        The file and the draft in it. Each row has a remark beside it. The sheet 核对 has a row per fact: kind, key, name, clause,
        whether to check it, confidence [0..1], note, the words around it in the text, start and end
        [characters of `text`].

    Raises
    ------
    InputError
        If the text holds nothing of a plan.
    ExistingOutputError, OutputError
        As `write_template`.

    Notes
    -----
    A target without a year in the text has 0 in the sheet, which `read_plan` refuses until a planner
    has put the year; the same holds for places and parents that are not known.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file, plan = write_draft(Path(folder, "a.xlsx"), "一、目标" + chr(10) + "建设 5 个园区。")
    >>> file.name, plan.targets["quantity"].tolist()
    ('a.xlsx', [5.0])
    """
    check_lang(lang)
    read = read_facts(text)
    plan = draft(read)
    if not (len(plan.clusters) or len(plan.targets) or len(plan.programmes)):
        stop(
            code="E-READ-10",
            reason="文中没有读到集群、目标或计划",
            reason_en="no cluster, target or programme was found in the text",
            fix="请确认这是一份行动方案的全文；也可以用 siting plan template 直接填写",
            fix_en="See that this is the whole text of a plan, or fill in siting plan template",
        )
    facts = frame_of(read, lang)
    facts["check"] = [
        ("请核对" if lang == "zh" else "check") if sure < UNSURE or note else ""
        for sure, note in zip(facts["confidence"], facts["note"], strict=True)
    ]
    facts["snippet"] = [
        "" if pd.isna(start) else _snippet(text, int(start), int(end))
        for start, end in zip(facts["start"], facts["end"], strict=True)
    ]
    checks = _remarks(plan, facts, lang)
    beside = facts[list(_HEADINGS)].rename(columns=_HEADINGS)
    # A title that the text does not have must not stop the reading of what it has.
    whole = plan if plan.title else replace(plan, title="（待填）")
    return write_template(
        path, plan=whole, overwrite=overwrite, beside=Sheet(beside), checks=checks
    ), plan


def _remarks(plan: Plan, facts: pd.DataFrame, lang: str) -> dict[str, list[str]]:
    """Return for each row of each sheet how sure the reading is, and what to look at."""
    sure = "把握" if lang == "zh" else "confidence"
    waiting: dict[tuple[str, str], list[str]] = {}
    columns = (facts[name] for name in ("kind", "key", "check", "confidence", "note"))
    for kind, key, check, confidence, note in zip(*columns, strict=True):
        remark = "；".join(one for one in (check, f"{sure} {confidence:.2f}", note) if one)
        waiting.setdefault((kind, key), []).append(remark)
    remarks: dict[str, list[str]] = {}
    for sheet, kind in _KINDS.items():
        frame: pd.DataFrame = getattr(plan, sheet)
        keys = (
            frame["cluster_id"] + ":" + frame["place_id"]
            if sheet == "assignments"
            else pd.Series(frame.index)
        )
        found = (waiting.get((kind, key), []) for key in keys)
        remarks[sheet] = [one.pop(0) if one else "" for one in found]
    return remarks


def _snippet(text: str, start: int, end: int) -> str:
    """Return the words of a fact, marked, with some of those around it."""
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    return " ".join(f"{before}【{text[start:end]}】{after}".split())
