"""Judgements that a planner can edit: which field answers which, and which statistic speaks of which cluster."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from siting import geodata
from siting.errors import Finding, Findings
from siting.schema import require_columns
from siting.sheets import Table, read_csv_text, read_workbook_text, records

if TYPE_CHECKING:
    from siting.plan import Plan

RELATIONS = ("same", "narrower", "broader", "related", "none")
MATCHING = ("same", "narrower", "broader")
_SPELLINGS = {
    "相同": "same",
    "更窄": "narrower",
    "更宽": "broader",
    "相关": "related",
    "无": "none",
}
_RELATION = ("关系",)
_FIELD_HEADINGS: dict[str, tuple[str, ...]] = {
    "city_field_id": ("市领域编号", "市级领域编号"),
    "district_field_id": ("区领域编号", "区级领域编号"),
    "relation": _RELATION,
    "reason": ("理由", "依据"),
    "reason_en": ("英文理由",),
    "judged_by": ("判断者", "判断人"),
}
FIELD_COLUMNS = tuple(_FIELD_HEADINGS)
_SECTION_HEADINGS: dict[str, tuple[str, ...]] = {
    "section": ("门类", "行业门类"),
    "cluster_id": ("集群编号",),
    "relation": _RELATION,
    "caveat": ("注意", "局限"),
    "caveat_en": ("英文注意",),
    "judged_by": ("判断者", "判断人"),
}
_SECTIONS_FILE = "crosswalks/sections_clusters.csv"


def read_field_crosswalk(
    source: str | os.PathLike[str] | None = None,
    *,
    city: Plan | None = None,
    district: Plan | None = None,
) -> pd.DataFrame:
    """
    Read which field of the district answers which field of the city, and who judged so and why.

    Parameters
    ----------
    source
        A .csv or .xlsx (its first sheet); without it the bundled judgement on ``shanghai-2022``
        and ``jiading-2023``.
    city, district
        Plans whose fields the ids must be; not checked without them.

    Returns
    -------
    DataFrame of str
        Index ``row``, the number that a spreadsheet shows; ``city_field_id district_field_id
        relation reason reason_en judged_by``. The relation is the district's field seen from the
        city's: ``same``; ``narrower`` or ``broader`` than it; ``related``, neighbours that share a
        technique and no more; ``none``, a field without a counterpart, the other id being blank.

    Raises
    ------
    InputError
        With all findings: a column missing; an id missing or unknown; a pair twice; a relation
        that is none; no reason or nobody who judged; a field with ``none`` that has a counterpart.

    Examples
    --------
    >>> table = read_field_crosswalk()
    >>> table.loc[table["city_field_id"] == "deep-sea", "relation"].tolist()
    ['narrower']
    """
    where = geodata.path("crosswalks/shanghai-2022_jiading-2023.csv") if source is None else source
    frame = _read(where, _FIELD_HEADINGS, optional="reason_en")
    return checked_field_crosswalk(frame, city=city, district=district, file=Path(where).name)


def checked_field_crosswalk(
    frame: pd.DataFrame,
    *,
    city: Plan | None = None,
    district: Plan | None = None,
    file: str = "",
) -> pd.DataFrame:
    """Return a crosswalk of fields as `read_field_crosswalk` gives it, or raise InputError."""
    frame = _text(frame, _FIELD_HEADINGS, optional="reason_en")
    sides = {
        "city_field_id": None if city is None else city.fields.index,
        "district_field_id": None if district is None else district.fields.index,
    }
    findings = _judgements(frame, list(sides), file)
    matched = frame[frame["relation"].isin(MATCHING)]
    for number, row in frame.iterrows():
        spot = _Spot(file, int(str(number)))
        for column, known in sides.items():
            value = str(row[column])
            if value and known is not None and value not in known:
                findings.append(spot.unknown(column, value, known))
            if value and row["relation"] == "none" and (matched[column] == value).any():
                reason, reason_en = (
                    "既说没有对应，又有对应",
                    "said to have no counterpart, yet has one",
                )
                fix = ("请删去这一行，或改正有对应的那一行", "Drop this row, or correct the other")
                findings.append(spot.finding("E-ALIGN-05", column, value, reason, reason_en, *fix))
    findings.stop()
    frame.attrs = {"file": file} if file else {}
    return frame


def checked_section_mapping(frame: pd.DataFrame, *, file: str = "") -> pd.DataFrame:
    """Return a mapping as `read_section_mapping` gives it, or raise InputError."""
    frame = _text(frame, _SECTION_HEADINGS, optional="caveat_en")
    _judgements(frame, ["section", "cluster_id"], file).stop()
    frame.attrs = {"file": file} if file else {}
    return frame


def read_section_mapping(source: str | os.PathLike[str] | None = None) -> pd.DataFrame:
    """
    Read which sections of a statistic speak of which cluster, each with its caveat.

    Parameters
    ----------
    source
        A .csv or .xlsx (its first sheet); without it the bundled mapping for the sections of
        ``tables/employment_by_section_2023.csv``.

    Returns
    -------
    DataFrame of str
        Index ``row``; ``section cluster_id relation caveat caveat_en judged_by``. With the relation
        ``none`` one of the two ids is blank: a section that is not used, or a cluster for which
        there is no evidence, and the caveat says why.

    Raises
    ------
    InputError
        With all findings: a column or id missing, a pair twice, a relation that is none, no caveat
        or nobody who judged.

    Notes
    -----
    Clusters of future industries are no industries of a classification: whatever is counted is a
    neighbour of what is planned. The caveat belongs beside every number made with the mapping.

    Examples
    --------
    >>> table = read_section_mapping()
    >>> table.loc[table["relation"] != "none", ["section", "cluster_id"]].to_numpy().tolist()
    [['I', 'future-intelligence'], ['Q', 'future-health']]
    """
    where = geodata.path(_SECTIONS_FILE) if source is None else source
    frame = _read(where, _SECTION_HEADINGS, optional="caveat_en")
    return checked_section_mapping(frame, file=Path(where).name)


def _read(
    where: str | os.PathLike[str], headings: dict[str, tuple[str, ...]], *, optional: str
) -> pd.DataFrame:
    if str(where).lower().endswith(".xlsx"):
        table: Table = next(iter(read_workbook_text(where).values()))
    else:
        table = read_csv_text(where)
    findings = Findings()
    required = [name for name in headings if name != optional]
    frame = records(table, headings, findings, required=required)
    findings.stop()  # without its columns there is nothing more to look at
    findings.warn(stacklevel=4)
    return frame


def _text(
    frame: pd.DataFrame, headings: dict[str, tuple[str, ...]], *, optional: str
) -> pd.DataFrame:
    """Return the columns as text, relations in English words, the index the rows of a sheet."""
    require_columns(frame, [name for name in headings if name != optional], "crosswalk")
    text = frame.reindex(columns=list(headings)).astype("object").fillna("").astype("str")
    if frame.index.name != "row":
        text.index = pd.RangeIndex(2, len(text) + 2, name="row")
    text["relation"] = text["relation"].replace(_SPELLINGS).str.lower()
    return text


def _judgements(frame: pd.DataFrame, ids: list[str], file: str) -> Findings:
    """Return what is amiss whatever is judged: relations, blanks, rows that occur twice."""
    findings = Findings()
    why = "reason" if "reason" in frame else "caveat"
    first: dict[tuple[str, ...], object] = {}
    for number, row in frame.iterrows():
        spot = _Spot(file, int(str(number)))
        relation, given = row["relation"], [name for name in ids if row[name]]
        if relation not in RELATIONS:
            fix = f"请用 {'、'.join(_SPELLINGS)} 或 {'、'.join(RELATIONS)} 之一"
            fix_en = f"Use one of {', '.join(RELATIONS)}"
            said = ("不认识这种关系", "no such relation", fix, fix_en)
            findings.append(spot.finding("E-ALIGN-01", "relation", relation, *said))
        if relation == "none" and len(given) != 1:
            said_none = ("关系为 none 时恰好一侧留空", "with none exactly one id is blank")
            findings.append(spot.finding("E-ALIGN-02", ids[0], "", *said_none))
        elif relation != "none" and len(given) != len(ids):
            column = next(name for name in ids if name not in given)
            findings.append(spot.finding("E-ALIGN-02", column, "", "编号缺失", "the id is missing"))
        for column in (why, "judged_by"):
            if not row[column]:
                said_why = ("每个判断都要写明", "every judgement has to say it")
                findings.append(spot.finding("E-ALIGN-03", column, "", *said_why))
        pair = tuple(row[name] for name in ids)
        if first.setdefault(pair, number) != number:
            twice = (f"与第 {first[pair]} 行重复", f"repeats row {first[pair]}")
            findings.append(spot.finding("E-ALIGN-04", ids[0], " ".join(pair).strip(), *twice))
    return findings


class _Spot:
    """A row of a file, from which findings are made."""

    def __init__(self, file: str, row: int) -> None:
        self.file, self.row = file, row

    def finding(  # noqa: PLR0917 - in the order in which a finding is read
        self,
        code: str,
        column: str,
        value: str,
        reason: str,
        reason_en: str,
        fix: str = "请改正或补上",
        fix_en: str = "Correct or complete it",
    ) -> Finding:
        """Return a finding placed in this row."""
        return Finding(
            code,
            reason,
            fix,
            reason_en,
            fix_en,
            file=self.file,
            row=self.row,
            column=column,
            value=value,
        )

    def unknown(self, column: str, value: str, known: pd.Index) -> Finding:
        """Return the finding that an id is not among those known."""
        listed = list(map(str, known))
        reason, reason_en = "规划里没有这个领域", "the plan has no such field"
        fix, fix_en = f"现有领域：{'、'.join(listed)}", f"Fields of the plan: {', '.join(listed)}"
        return self.finding("E-ALIGN-06", column, value, reason, reason_en, fix, fix_en)
