"""The account of a table: rows that stand, rows that do not, and the sum of both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from siting.errors import Findings
from siting.points.cellular import Cells, collector_held
from siting.points.delimited import no_rows
from siting.points.doubts import doubts, equal_finding, equal_rows
from siting.points.headings import take
from siting.points.judging import Rules, Verdict, judge, reason_name
from siting.points.record import BITS, REASONS, REPAIRS, Points, Report
from siting.points.telling import rejections, repairs

_OWN = ("lon", "lat", "weight", "source_row", "is_repaired", "repairs")


def account(cells: Cells, asked: Mapping[str, str | None], rules: Rules) -> Points:
    """Return the points and the account of one table."""
    with collector_held():
        return _account(cells, asked, rules)


def _account(cells: Cells, asked: Mapping[str, str | None], rules: Rules) -> Points:
    spot = {**cells.spot, "row": cells.row_of_headings}
    located = cells.lonlat is not None
    roles, findings = take(cells.headings, asked, frame=rules.frame, located=located, spot=spot)
    if not cells.numbers and not cells.odd:
        raise no_rows(cells.spot, cells.row_of_headings)
    verdict = judge(cells, roles, rules)
    same = equal_rows(cells)
    if rules.dedupe:
        verdict.reject(same, "duplicate")
    kept = verdict.reason == 0
    findings = Findings([*cells.findings, *findings])
    findings.extend(rejections(cells, verdict, roles, rules))
    findings.extend(repairs(cells, verdict, kept))
    if not rules.dedupe:
        findings.extend(equal_finding(cells, same & kept))
    findings.extend(doubts(cells, roles, kept, verdict))
    reasons = {reason_name(c): int(n) for c, n in enumerate(np.bincount(verdict.reason)) if n and c}
    if cells.odd:
        reasons = {"ragged": len(cells.odd), **reasons}
    repaired = int((kept & (verdict.repairs != 0)).sum())
    weight = verdict.weight
    report = Report(
        file=cells.file,
        sheet=cells.sheet,
        frame=rules.frame,
        columns=roles,
        rows_in=len(cells.numbers) + len(cells.odd),
        used=int(kept.sum()) - repaired,
        repaired=repaired,
        rejected=sum(reasons.values()),
        reasons=reasons,
        repairs={
            note: int(n)
            for note, bit in BITS.items()
            if (n := (kept & (verdict.repairs & bit != 0)).sum())
        },
        findings=tuple(findings),
        rejects=_rejects(cells, verdict),
        weight_used=None if weight is None else float(np.nansum(weight[kept])),
        weight_rejected=None if weight is None else float(np.nansum(weight[~kept])),
    )
    return Points(_frame(cells, verdict, kept), report)


def _frame(cells: Cells, verdict: Verdict, kept: NDArray[np.bool_]) -> pd.DataFrame:
    """Return the rows that stand."""
    whole = bool(kept.all())
    at = np.flatnonzero(kept)
    columns: dict[str, Any] = {}
    for heading, texts in zip(cells.headings, cells.texts, strict=True):
        name = heading
        while name in _OWN or (name != heading and name in cells.headings):
            name += "_as_written"
        objects = np.empty(len(texts), dtype=object)
        objects[:] = texts
        columns[name] = pd.array(objects if whole else objects[at], dtype="str")
    columns["lon"], columns["lat"] = verdict.lon[at], verdict.lat[at]
    if verdict.weight is not None:
        columns["weight"] = verdict.weight[at]
    columns["source_row"] = np.array(cells.numbers, dtype="int64")[at]
    bits = verdict.repairs[at]
    columns["is_repaired"] = bits != 0
    words = {int(one): _words(int(one)) for one in np.unique(bits)}
    notes = np.empty(len(at), dtype=object)
    notes[:] = [words[one] for one in bits.tolist()]
    columns["repairs"] = pd.array(notes, dtype="str")
    return pd.DataFrame(columns)


def _words(bits: int) -> str:
    return "、".join(REPAIRS[note][0] for note, bit in BITS.items() if bits & bit)


def _rejects(cells: Cells, verdict: Verdict) -> pd.DataFrame:
    """Return the rejected rows with their cells, in the order of the file."""
    at = np.flatnonzero(verdict.reason)
    rows = [
        (cells.numbers[i], reason_name(int(verdict.reason[i])), [one[i] for one in cells.texts])
        for i in at
    ]
    rows += [(number, "ragged", texts) for number, texts in cells.odd]
    rows.sort(key=lambda row: row[0])
    width = max((len(texts) for *_, texts in rows), default=0)
    own = ("source_row", "reason", "reason_zh", "reason_en")
    names: list[str] = []
    for i in range(max(width, len(cells.headings))):
        name = cells.headings[i] if i < len(cells.headings) else f"多出的格{i + 1}"
        while name in own or name in names:
            name += "_as_written"
        names.append(name)
    head = pd.DataFrame(
        {
            "source_row": np.array([number for number, *_ in rows], dtype="int64"),
            "reason": pd.array([reason for _, reason, _ in rows], dtype="str"),
            "reason_zh": pd.array([REASONS[reason][1] for _, reason, _ in rows], dtype="str"),
            "reason_en": pd.array([REASONS[reason][2] for _, reason, _ in rows], dtype="str"),
        }
    )
    padded = [[*texts, *[""] * (len(names) - len(texts))] for *_, texts in rows]
    body = pd.DataFrame(
        {name: pd.array([row[i] for row in padded], dtype="str") for i, name in enumerate(names)}
    )
    return pd.concat([head, body], axis=1)
