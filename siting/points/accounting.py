"""The account of a table: rows that stand, rows that do not, and the sum of both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from siting.errors import Findings, stop
from siting.points.cellular import Cells, collector_held
from siting.points.delimited import no_rows
from siting.points.doubts import doubts, equal_finding, equal_rows
from siting.points.headings import take
from siting.points.judging import Rules, Verdict, judge, reason_name
from siting.points.record import BITS, LEFT_OUT, REASONS, REPAIRS, Points, Report
from siting.points.tabulating import texts as categories
from siting.points.telling import rejections, repairs
from siting.schema import require_columns

_OWN = ("lon", "lat", "weight", "source_row", "is_repaired", "repairs")


def left_out(points: Points, place_id: pd.Series, *, by: str | None = None) -> pd.DataFrame:
    """
    Return the rows that stand and yet are in no cell of a table of places by categories, and why.

    Parameters
    ----------
    points
        What `siting.points.read_points` gives.
    place_id
        The place of each row of ``points.frame``, missing where it has none, as
        `siting.points.assign` gives it.
    by
        Column of categories; rows without one are listed too.

    Returns
    -------
    DataFrame
        In the columns of ``points.report.rejects`` and the order of the file: a row of reason
        ``no_place`` or ``no_category`` for each that `siting.points.tabulate` leaves out.

    Raises
    ------
    InputError
        If there is no such column, or the places are not those of the rows.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from siting.points import read_points
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "firms.csv")
    ...     text = "企业名称,经度,纬度,行业;甲,121.25,31.38,汽车;乙,122.3,31.7,汽车;丙,121.3,31.3,"
    ...     _ = file.write_text(text.replace(";", chr(10)), "utf-8")
    ...     points = read_points(file)
    >>> place_id = pd.Series(["310114", None, "310114"])
    >>> out = left_out(points, place_id, by="行业")
    >>> out[["source_row", "reason", "企业名称"]].values.tolist()
    [[3, 'no_place', '乙'], [4, 'no_category', '丙']]
    """
    frame, rejects = points.frame, points.report.rejects
    if not isinstance(place_id, pd.Series) or not place_id.index.equals(frame.index):
        stop(
            code="E-PNT-21",
            column="place_id",
            value=type(place_id).__name__,
            reason="不是这些行的地区",
            reason_en="not the places of these rows",
            fix="请给 siting.points.assign(points.frame.lon, points.frame.lat, places)",
            fix_en="Give siting.points.assign(points.frame.lon, points.frame.lat, places)",
        )
    why = np.where(place_id.isna(), "no_place", "").astype(object)
    if by is not None:
        require_columns(frame, [by], points.report.file)
        why[(why == "") & (categories(frame[by])[0] < 0)] = "no_category"
    at = np.flatnonzero(why != "")
    head = _reasons(frame["source_row"].to_numpy()[at], why[at].tolist())
    # The first columns of both are those of the file, under names that each needed for itself.
    width = frame.columns.tolist().index("lon")
    body = frame.iloc[at, :width].set_axis(rejects.columns[4 : 4 + width], axis=1)
    listed = pd.concat([head, body.reset_index(drop=True)], axis=1)
    return listed.reindex(columns=rejects.columns, fill_value="").astype(rejects.dtypes)


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
    if not cells.numbers and cells.is_whole:
        _refuse_all(cells)
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


def _refuse_all(cells: Cells) -> NoReturn:
    """Stop where not one row fits the headings: then these are not the headings of the table."""
    row, texts = cells.odd[0]
    header, rows = cells.row_of_headings, len(cells.odd)
    stop(
        code="E-PNT-20",
        **cells.spot,
        row=row,
        value=f"{len(texts)} / {len(cells.headings)}",
        reason=f"第 {header} 行作为表头有 {len(cells.headings)} 列，其下 {rows} 行的格数都不相符，没有一行可用",
        reason_en=f"row {header}, taken as the headings, has {len(cells.headings)} columns, and none of "
        f"the {rows} rows below has as many cells",
        fix=f"请核对第 {header} 行是否完整的表头，表头只占一行，每列一格",
        fix_en=f"Check that row {header} holds all headings: one row, a cell for each column",
    )


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
    head = _reasons([number for number, *_ in rows], [reason for _, reason, _ in rows])
    padded = [[*texts, *[""] * (len(names) - len(texts))] for *_, texts in rows]
    body = pd.DataFrame(
        {name: pd.array([row[i] for row in padded], dtype="str") for i, name in enumerate(names)}
    )
    return pd.concat([head, body], axis=1)


def _reasons(numbers: Any, reasons: list[str]) -> pd.DataFrame:
    """Return rows and why each is left out, in words."""
    said = {**{one: words[1:3] for one, words in REASONS.items()}, **LEFT_OUT}
    return pd.DataFrame(
        {
            "source_row": np.array(numbers, dtype="int64"),
            "reason": pd.array(reasons, dtype="str"),
            "reason_zh": pd.array([said[reason][0] for reason in reasons], dtype="str"),
            "reason_en": pd.array([said[reason][1] for reason in reasons], dtype="str"),
        }
    )
