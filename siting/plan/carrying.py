"""A plan on other units than it was written on: what follows is carried, what does not is said."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from siting.errors import Finding, Findings
from siting.plan.model import SHEETS, Plan, make_frame
from siting.schema import require_columns

ORIGIN = "place_id_as_written"  # the unit that the document names, beside the one it is shown on
_AND = "、"


@dataclass
class _Row:
    """An assignment as it is carried: the cells of the first, what the document says of each."""

    cells: dict[Any, Any]
    place: str
    said: dict[str, str] = field(default_factory=dict)  # unit as written -> its name as written
    clauses: dict[str, None] = field(default_factory=dict)
    closed: bool = True


def carry_plan(plan: Plan, crosswalk: pd.DataFrame) -> Plan:
    """
    Return a plan on the units of another vintage; nothing that it does not state is settled.

    Parameters
    ----------
    plan
        A plan on the units ``from_id`` of the crosswalk.
    crosswalk
        ``from_id``, ``to_id``, ``share``, as `siting.places.crosswalk` gives it.

    Returns
    -------
    Plan
        The same document. An assignment to a unit that was divided goes to every part; several that
        meet in one unit are one row. ``place_as_written`` and ``clause`` stay, and the column
        ``place_id_as_written`` names the unit that the document means, several joined with 、 in
        the order of ``place_as_written``. Clusters, fields, targets and programmes are the same. A
        zone in a divided unit has no ``place_id`` any more. ``findings`` has one for each
        assignment that cannot be carried over whole, ``notes_zh`` and ``notes_en`` what a map says.

    Raises
    ------
    InputError
        If the plan names units that the crosswalk lacks; each is named.

    Warns
    -----
    SitingWarning
        For each assignment to a unit that was divided, or that has taken in other ground.

    Notes
    -----
    Shares of area are quoted but decide nothing: the document says 嘉定工业区, not which part of it.
    A carried plan goes back to the units that it was written on, which it remembers. A plan that
    was written on the later units goes back to every earlier unit that it may mean.

    Examples
    --------
    >>> import warnings
    >>> from siting.places import crosswalk
    >>> from siting.plan import read_plan
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     carried = carry_plan(read_plan("jiading-2023"), crosswalk(2023, 2026, within="嘉定区"))
    >>> rows = carried.assignments.set_index("cluster_id").loc["future-energy"]
    >>> rows[["place_id", "place_as_written"]].to_numpy().tolist()[1:3]
    [['310114106', '嘉定工业区'], ['310114990', '嘉定工业区']]
    """
    require_columns(crosswalk, ("from_id", "to_id", "share"), "crosswalk")
    table = crosswalk.sort_values(["from_id", "to_id"])
    _check_known(plan, table)
    findings = Findings()
    rows: dict[tuple[str, str], _Row] = {}
    for cells in plan.assignments.to_dict("records"):
        said = _said(cells)
        for place, origins in _targets(cells, said, table, plan, findings):
            key = (str(cells["cluster_id"]), place)
            row = rows.setdefault(key, _Row(cells, place))
            if row.said and not origins.items() <= row.said.items():
                findings.append(_merged(plan, cells, place))
            row.said |= origins
            row.clauses[str(cells["clause"])] = None
            row.closed &= bool(cells["is_exhaustive"])
    zones = _zones(plan, table, findings)
    findings.warn()
    notes = _notes(crosswalk, findings)
    return replace(
        plan,
        assignments=_frame(list(rows.values())),
        zones=zones,
        findings=(*plan.findings, *findings),
        notes_zh=(*plan.notes_zh, notes[0]),
        notes_en=(*plan.notes_en, notes[1]),
    )


def _said(cells: dict[Any, Any]) -> dict[str, str]:
    """Return the units that the document names in this row, each as it writes them."""
    written, place = str(cells["place_as_written"]), str(cells["place_id"])
    origins = [one for one in str(cells.get(ORIGIN) or "").split(_AND) if one]
    names = written.split(_AND) if len(origins) > 1 else [written]
    return (
        dict(zip(origins, names, strict=True)) if len(origins) == len(names) else {place: written}
    )


def _targets(
    cells: dict[Any, Any], said: dict[str, str], table: pd.DataFrame, plan: Plan, findings: Findings
) -> list[tuple[str, dict[str, str]]]:
    """Return the units that an assignment goes to, each with what the document says of it."""
    place = str(cells["place_id"])
    parts = table[table["from_id"] == place].set_index("to_id")["share"]
    if cells.get(ORIGIN) and set(said) <= set(parts.index):
        if len(parts) > 1:
            findings.append(_returned(plan, cells, said))
        return [(one, {one: name}) for one, name in said.items()]
    sources = table[table["to_id"].isin(parts.index) & (table["from_id"] != place)]
    mine = plan.assignments
    mine = mine[mine["cluster_id"] == cells["cluster_id"]]["place_id"]
    others = sources[~sources["from_id"].isin(mine)]["from_id"].unique().tolist()
    if len(parts) > 1:
        findings.append(_divided(plan, cells, parts))
    elif others:
        findings.append(_widened(plan, cells, str(parts.index[0]), others))
    elif parts.index[0] != place:
        findings.append(_recoded(plan, cells, str(parts.index[0])))
    return [(str(one), said) for one in parts.index]


def _frame(rows: list[_Row]) -> pd.DataFrame:
    made = [
        {
            **row.cells,
            "place_id": row.place,
            "place_as_written": _AND.join(row.said.values()),
            "clause": _AND.join(row.clauses),
            "is_exhaustive": row.closed,
            ORIGIN: _AND.join(row.said),
        }
        for row in rows
    ]
    frame = pd.DataFrame(made, columns=None if made else [*SHEETS["assignments"], ORIGIN])
    home = frame[ORIGIN].eq(frame["place_id"]).all()
    return make_frame("assignments", frame.drop(columns=ORIGIN) if home else frame)


def _zones(plan: Plan, table: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """Return the zones with the unit that they lie in now, blank where shares cannot tell."""
    zones = plan.zones
    for zone, place in zones["place_id"].items():
        parts = table.loc[table["from_id"] == place, "to_id"].tolist()
        zones.loc[zone, "place_id"] = parts[0] if len(parts) == 1 else ""
        if len(parts) > 1:
            listed = [_name(one) for one in parts]
            findings.append(
                Finding(
                    code="W-PLAN-55",
                    severity="warning",
                    file=plan.title,
                    sheet="zones",
                    column="place_id",
                    value=f"{zone} {_name(place)}",
                    reason=f"所在单元已分为{_AND.join(listed)}，份额不能说明先导区在哪一个，已留空",
                    reason_en=f"its unit was divided ({', '.join(listed)}); left blank",
                    fix="请按原文或点位填写",
                    fix_en="Fill it in from the document or the point",
                )
            )
    return zones


def _check_known(plan: Plan, table: pd.DataFrame) -> None:
    known = set(table["from_id"])
    findings = Findings()
    for sheet in ("assignments", "zones"):
        frame: pd.DataFrame = getattr(plan, sheet)
        for place in frame.loc[~frame["place_id"].isin(known), "place_id"].unique():
            if place:
                findings.append(
                    Finding(
                        code="E-PLAN-50",
                        file=plan.title,
                        sheet=sheet,
                        column="place_id",
                        value=str(place),
                        reason="换算表里没有规划写到的这个单元",
                        reason_en="the plan names a unit that the crosswalk does not start from",
                        fix="请用从规划所用年份出发的 siting.places.crosswalk",
                        fix_en="Take a crosswalk that starts from the vintage of the plan",
                    )
                )
    findings.stop()


def _finding(plan: Plan, cells: dict[Any, Any], code: str, **said: str) -> Finding:
    written = f"{cells['cluster_id']} {cells['place_as_written']} {cells['clause']}"
    severity: Any = "warning"
    if code.startswith("N"):
        severity, said = "note", {**said, "fix": "无需处理", "fix_en": "Nothing to do"}
    where: Any = {
        "file": plan.title,
        "sheet": "assignments",
        "column": "place_id",
        "value": written,
    }
    return Finding(code=code, severity=severity, **where, **said)  # type: ignore[arg-type]


def _divided(plan: Plan, cells: dict[Any, Any], parts: pd.Series) -> Finding:
    zh = _AND.join(f"{_name(one)}（面积 {share:.0%}）" for one, share in parts.items())
    en = ", ".join(f"{_name(one)} ({share:.0%} of its area)" for one, share in parts.items())
    return _finding(
        plan,
        cells,
        "W-PLAN-51",
        reason=f"{_name(cells['place_id'])}的地面分属{zh}，原文没有说是哪一部分：各处都列入，面积份额不是规划的意思",
        reason_en=f"its ground lies in {en}, and the plan does not say which part: shown in all, "
        "the shares are no statement of the plan",
        fix="能确定所指部分的，请在规划中改写该地区",
        fix_en="If it is known which part is meant, change the place in the plan",
    )


def _widened(plan: Plan, cells: dict[Any, Any], to: str, others: list[str]) -> Finding:
    listed = [_name(one) for one in others]
    return _finding(
        plan,
        cells,
        "W-PLAN-52",
        reason=f"{_name(to)}还含{_AND.join(listed)}的地面，原文没有把该集群布局在那里：图上整块示出，比原文大",
        reason_en=f"{_name(to)} also has ground of {', '.join(listed)}, where the plan does not put "
        "this cluster: what is shown is more than it says",
        fix="请以原文地名为准",
        fix_en="Go by the place as written",
    )


def _returned(plan: Plan, cells: dict[Any, Any], said: dict[str, str]) -> Finding:
    listed = [_name(one) for one in said]
    return _finding(
        plan,
        cells,
        "N-PLAN-53",
        reason=f"单凭{_name(cells['place_id'])}不能说明原单元；按所记原文单元归还：{_AND.join(listed)}",
        reason_en=f"the unit alone does not tell; given back to those written: {', '.join(listed)}",
    )


def _recoded(plan: Plan, cells: dict[Any, Any], to: str) -> Finding:
    return _finding(
        plan,
        cells,
        "N-PLAN-54",
        reason=f"{_name(cells['place_id'])}（{cells['place_id']}）现为{_name(to)}（{to}）",
        reason_en=f"{_name(cells['place_id'])} ({cells['place_id']}) is now {_name(to)} ({to})",
    )


def _merged(plan: Plan, cells: dict[Any, Any], place: str) -> Finding:
    return _finding(
        plan,
        cells,
        "N-PLAN-56",
        reason=f"该集群在{_name(place)}已有一行，两行合为一行，原文地名都保留",
        reason_en=f"the cluster has a row at {_name(place)} already: one row, both names kept",
    )


def _notes(crosswalk: pd.DataFrame, findings: Findings) -> tuple[str, str]:
    """Return what a map says of a plan that was carried, in Chinese and in English."""
    old, new = (crosswalk.attrs.get(key) for key in ("from_vintage", "to_vintage"))
    unclear = sum(one.severity == "warning" for one in findings)
    zh = (
        f"规划由 {old} 年区划换算到 {new} 年区划示出" if old and new else "规划由另一套区划换算示出"
    )
    en = f"Plan carried from units of {old} to {new}" if old and new else "Plan carried from others"
    if not unclear:
        return zh, en
    return (
        f"{zh}；{unclear} 项布局不能原样换算，被划分的单元在各部分都列入，以原文地名为准",
        f"{en}; {unclear} assignments not whole: a divided unit is shown in all its parts",
    )


def _name(place: object) -> str:
    # The gazetteer costs a second to load, and only plans that are carried need it here.
    from siting.places.bundled import gazetteer  # noqa: PLC0415

    return gazetteer().name.get(str(place), str(place))
