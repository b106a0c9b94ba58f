"""Which crosswalk of fields a comparison takes: the planner's own, the bundled one, or equal names."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pandas as pd

from siting import geodata
from siting.alignment.crosswalks import (
    FIELD_COLUMNS,
    checked_field_crosswalk,
    read_field_crosswalk,
)
from siting.errors import Finding
from siting.schema import NOT_REVIEWED

if TYPE_CHECKING:
    from siting.plan import Plan


def draft_field_crosswalk(city: Plan, district: Plan) -> pd.DataFrame:
    """
    Return the crosswalk that `compare` takes without one, for a planner to correct.

    Parameters
    ----------
    city, district
        The two plans.

    Returns
    -------
    DataFrame of str
        As `read_field_crosswalk`: the bundled judgement on these two plans if there is one; else
        fields of equal Chinese names as ``same`` and each other field as ``none``, `judged_by`
        saying that nobody has looked yet and the reason naming the field.

    Examples
    --------
    >>> from siting.plan import read_plan
    >>> city, district = read_plan("shanghai-2022"), read_plan("jiading-2023")
    >>> draft_field_crosswalk(city, district).equals(read_field_crosswalk())
    True
    """
    name = _bundled(city, district)
    return read_field_crosswalk(geodata.path(name)) if name else _equal_names(city, district)


def take_crosswalk(
    city: Plan, district: Plan, given: pd.DataFrame | str | os.PathLike[str] | None
) -> tuple[pd.DataFrame, str, tuple[Finding, ...]]:
    """Return the crosswalk to use, checked against the plans, its file, and what to tell about it."""
    if given is not None:
        if isinstance(given, pd.DataFrame):
            file = str(given.attrs.get("file", ""))
            table = checked_field_crosswalk(given, city=city, district=district, file=file)
        else:
            table = read_field_crosswalk(given, city=city, district=district)
        source = str(table.attrs.get("file", "DataFrame"))
        return table, source, _not_reviewed(table, source)
    table, name = draft_field_crosswalk(city, district), _bundled(city, district)
    if not name:
        return table, "", (_no_crosswalk(city, district),)
    # The bundled judgement may meet a plan that its user has changed since.
    gone = ~(
        table["city_field_id"].isin(["", *city.fields.index])
        & table["district_field_id"].isin(["", *district.fields.index])
    )
    notes = tuple(
        Finding(
            "W-ALIGN-15",
            "规划里已没有这个领域，此行未用",
            "请用 fields= 给出自己的领域对照",
            "the plan no longer has this field; the row is not used",
            "Give a crosswalk of your own with fields=",
            severity="warning",
            file=name,
            row=int(str(row.Index)),
            value=f"{row.city_field_id} {row.district_field_id}",
        )
        for row in table[gone].itertuples()
    )
    return table[~gone], name, notes


def _bundled(city: Plan, district: Plan) -> str:
    """Return the bundled judgement on two plans; empty if there is none."""
    name = f"crosswalks/{city.id}_{district.id}.csv"
    return name if name in set(geodata.register()["file"]) else ""


def _equal_names(city: Plan, district: Plan) -> pd.DataFrame:
    ours, theirs = city.fields["name_zh"], district.fields["name_zh"]
    rows = [
        (one, other, "same", f"名称相同：{name}", f"Same name: {name}", NOT_REVIEWED)
        for one, name in ours.items()
        for other in theirs.index[theirs == name]
    ]
    alone: list[tuple[object, object, str]]
    alone = [(one, "", name) for one, name in ours.items() if name not in set(theirs)]
    alone += [("", one, name) for one, name in theirs.items() if name not in set(ours)]
    rows += [
        (
            one,
            other,
            "none",
            f"没有同名领域：{name}",
            f"No field of this name: {name}",
            NOT_REVIEWED,
        )
        for one, other, name in alone
    ]
    answer = pd.DataFrame(rows, columns=list(FIELD_COLUMNS), dtype="str")
    answer.index = pd.RangeIndex(2, len(rows) + 2, name="row")
    return answer


def _no_crosswalk(city: Plan, district: Plan) -> Finding:
    return Finding(
        "W-ALIGN-14",
        f"没有 {city.id} 与 {district.id} 的领域对照，暂按名称相同对照，未经人工核对",
        "名称不同的同一领域未算作对应；用 siting plan match（Python 里用 draft_field_crosswalk）写出草稿，改好后用 fields= 给出",
        f"there is no crosswalk for {city.id} and {district.id}: equal names only, not looked at yet",
        "Fields under other names are not matched; siting plan match (in Python draft_field_crosswalk) drafts a crosswalk, give it with fields= once corrected",
        severity="warning",
        doubt=True,
    )


def _not_reviewed(table: pd.DataFrame, file: str) -> tuple[Finding, ...]:
    """Return what to tell of rows of a draft that nobody has looked at."""
    left = table.index[table["judged_by"] == NOT_REVIEWED]
    if left.empty:
        return ()
    return (
        Finding(
            "W-ALIGN-16",
            f"领域对照有 {len(left)} 行未经人工核对，这是第一行",
            "请核对，并在 judged_by 写明判断者",
            f"{len(left)} rows of the crosswalk are not looked at yet, this one first",
            "Look at them, and say in judged_by who judged",
            severity="warning",
            file=file,
            row=int(str(left[0])),
            column="judged_by",
            doubt=True,
        ),
    )
