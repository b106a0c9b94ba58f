"""What is told of rejected and repaired rows: a finding for each reason, with the first of them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from siting.boundaries.whereabouts import fitting
from siting.errors import Finding
from siting.points.cellular import Cells
from siting.points.doubts import listed
from siting.points.judging import Rules, Verdict
from siting.points.record import BITS, REASONS, REPAIRS

_SUSPECT_SHARE = 0.05  # of the points outside: more than this, and the frame may be wrong


def rejections(
    cells: Cells, verdict: Verdict, roles: Mapping[str, str], rules: Rules
) -> list[Finding]:
    """Return a finding for each reason, with the first rows and the value of the first."""
    findings = []
    numbers = np.array(cells.numbers, dtype="int64")
    if cells.odd:
        value = f"{len(cells.odd[0][1])} / {len(cells.headings)}"
        rows = np.array([number for number, _ in cells.odd])
        findings.append(_rejection(cells, "ragged", rows, ("", ""), ("", value)))
    for code, reason in enumerate(REASONS, start=1):
        at = np.flatnonzero(verdict.reason == code)
        if len(at):
            shown = _shown(cells, roles, reason, int(at[0]))
            more = (
                _proof(reason, verdict, at) if reason != "total_row" else _check_sum(cells, verdict)
            )
            findings.append(_rejection(cells, reason, numbers[at], more, shown))
    lost = int((verdict.reason == list(REASONS).index("outside") + 1).sum())
    if lost > max(1.0, _SUSPECT_SHARE * len(numbers)):
        share = f"{lost / len(numbers):.0%}"
        findings.append(
            Finding(
                "W-PNT-08",
                f"{share} 的点在研究区之外，坐标系可能不是 {rules.frame}，或研究区不对",
                "请核对坐标系（frame=）和研究区",
                f"{share} of the points are outside: perhaps the frame is not {rules.frame}",
                "Check the frame (frame=) and the study area",
                severity="warning",
                doubt=True,
                **cells.spot,
            )
        )
    return findings


def repairs(cells: Cells, verdict: Verdict, kept: NDArray[np.bool_]) -> list[Finding]:
    """Return a finding for each kind of repair among the rows that stand."""
    findings = []
    numbers = np.array(cells.numbers, dtype="int64")
    for note, bit in BITS.items():
        rows = numbers[kept & (verdict.repairs & bit != 0)]
        if len(rows):
            zh, en = REPAIRS[note]
            findings.append(
                Finding(
                    f"R-PNT-{list(REPAIRS).index(note) + 1:02}",
                    f"{zh}：修正 {len(rows)} 行，第 {listed(rows)} 行",
                    "请核对是否符合原意",
                    f"{en}: {len(rows)} rows repaired",
                    "Check that this is what was meant",
                    severity="repaired",
                    row=int(rows[0]),
                    **cells.spot,
                )
            )
    return findings


def _rejection(
    cells: Cells,
    reason: str,
    rows: NDArray[np.int64],
    more: tuple[str, str],
    shown: tuple[str, str],
) -> Finding:
    code, zh, en, fix, fix_en = REASONS[reason]
    return Finding(
        code,
        f"{zh}{more[0]}，拒绝 {len(rows)} 行：第 {listed(rows)} 行",
        fix,
        f"{en}{more[1]}; {len(rows)} rows rejected",
        fix_en,
        severity="warning",
        row=int(rows[0]),
        column=shown[0],
        value=shown[1],
        doubt=reason == "total_row",  # the totals may be those of other rows
        **cells.spot,
    )


def _proof(reason: str, verdict: Verdict, at: NDArray[np.int64]) -> tuple[str, str]:
    """Return what the numbers of the rows `at` prove, in two languages."""
    if reason == "swapped":
        wrong = int(np.isfinite(verdict.lon).sum())
        return (
            f"（这样的有 {len(at)} 行，按原样落入的有 {wrong} 行）",
            f" ({len(at)} such rows; {wrong} are in it as they stand)",
        )
    if reason == "scaled":
        power = verdict.notes["scaled"]
        return f"（除以 {power:g} 即落入研究区）", f" (divided by {power:g} they are in the area)"
    if reason == "metres":
        fits = fitting(np.column_stack([axis[at] for axis in verdict.raw])[:1])
        if fits:
            return f"（可能是 {'、'.join(fits)}）", f" (perhaps {', '.join(fits)})"
    return "", ""


def _check_sum(cells: Cells, verdict: Verdict) -> tuple[str, str]:
    """
    Return whether the totals among the weights are what the rows add up to, in two languages.

    A total may be that of all rows, of those above it, or of those since the last total. Nothing is
    said of a piece of a table: what it totals may stand in another one.
    """
    if verdict.weight is None or not cells.is_whole:
        return "", ""
    is_total = verdict.reason == list(REASONS).index("total_row") + 1
    sums = np.concatenate(
        [[0.0], np.cumsum(np.where(is_total, 0.0, np.nan_to_num(verdict.weight)))]
    )
    since, right, last = 0, 0, sums[-1]
    wrong = []
    for i in np.flatnonzero(is_total & np.isfinite(verdict.weight)).tolist():
        said, above = float(verdict.weight[i]), float(sums[i])
        part = above - float(sums[since])
        if np.isclose(said, [last, above, part], rtol=1e-9, atol=0).any():
            right += 1
        else:
            wrong.append((cells.numbers[i], said, part or last))
        since = i
    if not wrong:
        return ("，与各行相加之和相符", ", as the rows add up") if right else ("", "")
    zh = "；".join(f"第 {n} 行写 {said:.15g}，各行相加为 {due:.15g}" for n, said, due in wrong)
    en = "; ".join(
        f"row {n} says {said:.15g}, the rows add up to {due:.15g}" for n, said, due in wrong
    )
    return f"，且与各行之和不符：{zh}", f", and the rows do not add up to them: {en}"


def _shown(cells: Cells, roles: Mapping[str, str], reason: str, i: int) -> tuple[str, str]:
    """Return the column and the value to show for row `i`."""
    at_fault = [one for one in roles.values() if (cells.numbers[i], one) in cells.faults]
    if reason in ("error_cell", "formula") and at_fault:
        return at_fault[0], cells.column(at_fault[0])[i]
    if reason.startswith("weight"):
        role = "weight"
    else:
        role = {"id_lost": "id", "unknown_sector": "sector"}.get(reason, "")
    if role:
        return roles[role], cells.column(roles[role])[i]
    if reason in ("total_row", "duplicate"):
        return "", next((column[i] for column in cells.texts if column[i]), "")
    if cells.lonlat is not None:
        return "geometry", f"{cells.lonlat[0][i]}, {cells.lonlat[1][i]}"
    named = [roles[one] for one in ("lon", "lat", "lonlat") if one in roles]
    return "、".join(named), ", ".join(cells.column(one)[i] for one in named)
