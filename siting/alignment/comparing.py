"""City plan against district plan: clusters, fields and towns, with the clause behind every mark."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from siting.alignment.agreement import agreement
from siting.alignment.crosswalks import MATCHING
from siting.alignment.drafts import take_crosswalk
from siting.errors import Finding, Findings, InputError, stop

if TYPE_CHECKING:
    from siting.plan import Plan


@dataclass(frozen=True, eq=False)
class Comparison:
    """
    What the city asks of a district beside what the district pursues.

    Parameters
    ----------
    city_id, district_id, place_id
        The two plans, and the place that the district's plan is for.
    clusters
        Index ``cluster_id``; ``name_zh name_en``; ``city``: the city assigns the cluster to the
        district; ``district``: the district pursues it; ``status`` both, city_only, district_only
        or neither; ``tier`` in the district's plan; ``city_clause`` (the assignment, or else where
        the city speaks of the cluster) and ``district_clause``; ``city_list_exhaustive``: False
        where the city's list of places says that it is not complete, so that not being named is
        not being excluded.
    fields
        A row for each pair of fields that answer each other and each field left alone:
        ``city_field_id district_field_id`` (blank for none), names, clusters and clauses of both,
        ``relation``, ``status`` (both, city_only, district_only), ``asked`` (the city assigns the
        cluster of the field to the district), ``related_to`` (fields of the other plan that are
        neighbours, by name), ``reason reason_en judged_by``.
    relations
        The crosswalk with names, clusters and clauses of both sides; index as in the crosswalk.
    agreement
        See `siting.alignment.agreement`; scopes ``clusters``; ``fields_named``, all fields of
        either; ``fields_asked``, the city's fields: asked of the district x answered by a field of
        the district; ``fields_asked_related``, where a neighbour counts as an answer.
    source
        The file of the crosswalk, ``DataFrame`` for a frame; empty where only equal names were taken.
    findings
        Warnings and notes; with `doubt` those that say that nobody has judged the fields.
    """

    city_id: str
    district_id: str
    place_id: str
    clusters: pd.DataFrame
    fields: pd.DataFrame
    relations: pd.DataFrame
    agreement: pd.DataFrame
    source: str = ""
    findings: tuple[Finding, ...] = ()


def compare(
    city: Plan,
    district: Plan,
    *,
    fields: pd.DataFrame | str | os.PathLike[str] | None = None,
) -> Comparison:
    """
    Compare what the city asks of a district with what the district pursues.

    Parameters
    ----------
    city
        A plan over districts.
    district
        The plan of one of them, over its towns. Clusters of the two plans are the same where their
        ids are.
    fields
        A crosswalk of fields: a frame, or a file, as `read_field_crosswalk` gives or takes. Without
        it the bundled one for these two plans; where there is none, fields of equal names are taken
        as the same and a finding says that nobody has judged the others.

    Returns
    -------
    Comparison

    Raises
    ------
    InputError
        If the plans are not of these levels, or something is amiss in the crosswalk.

    Warns
    -----
    SitingWarning
        If nobody has judged the fields of these plans, or some rows of a draft; or if the bundled
        judgement speaks of fields that a plan no longer has.

    Examples
    --------
    >>> from siting.plan import read_plan
    >>> both = compare(read_plan("shanghai-2022"), read_plan("jiading-2023"))
    >>> both.clusters["status"].to_dict()
    {'future-health': 'district_only', 'future-intelligence': 'both', 'future-energy': 'both',
     'future-space': 'district_only', 'future-materials': 'district_only'}
    """
    check_levels(city, district)
    crosswalk, source, findings = take_crosswalk(city, district, fields)
    Findings(findings).warn()
    clusters = _clusters(city, district)
    asked = set(clusters.index[clusters["city"]])
    relations = _relations(crosswalk, city, district)
    rows = _fields(relations, city, district, asked)
    return Comparison(
        city_id=city.id,
        district_id=district.id,
        place_id=district.parent_id,
        clusters=clusters,
        fields=rows,
        relations=relations,
        agreement=_agreement(clusters, rows, relations, city, asked),
        source=source,
        findings=findings,
    )


_STATUS = {
    (True, True): "both",
    (True, False): "city_only",
    (False, True): "district_only",
    (False, False): "neither",
}


def check_levels(city: Plan, district: Plan) -> None:
    """Raise InputError unless `city` speaks of districts and `district` of the towns of one."""
    for plan, level in ((city, "district"), (district, "town")):
        if plan.level != level or (level == "town" and not plan.parent_id):
            stop(
                InputError,
                code="E-ALIGN-12",
                file=plan.title,
                column="level",
                value=f"{plan.level} {plan.parent_id}".strip(),
                reason="先给市规划（到区），再给一个区的规划（到街镇，并注明上级代码）",
                reason_en="first the city's plan (over districts), then that of one district (over towns, with its parent_id)",
                fix="请检查两个规划的次序、层级和上级代码",
                fix_en="Check the order, the levels and the parent_id of the two plans",
            )


def assigned_to(city: Plan, place_id: str) -> pd.DataFrame:
    """Return the assignments of the city's plan to one place, each cluster once."""
    found: pd.DataFrame = city.assignments[city.assignments["place_id"] == place_id]
    return found.drop_duplicates("cluster_id")


def _clusters(city: Plan, district: Plan) -> pd.DataFrame:
    assigned = assigned_to(city, district.parent_id).set_index("cluster_id")
    ids = city.clusters.index.union(district.clusters.index, sort=False)
    names = city.clusters.combine_first(district.clusters).reindex(ids)
    exhaustive = city.assignments.groupby("cluster_id")["is_exhaustive"].all()
    marks = ids.isin(assigned.index), ids.isin(district.clusters.index)
    clauses = assigned["clause"].reindex(ids).fillna(city.clusters["clause"].reindex(ids))
    return pd.DataFrame(
        {
            "name_zh": names["name_zh"],
            "name_en": names["name_en"],
            "city": marks[0],
            "district": marks[1],
            "status": [_STATUS[pair] for pair in zip(*map(np.ndarray.tolist, marks), strict=True)],
            "tier": district.clusters["tier"].reindex(ids).fillna(""),
            "city_clause": clauses.fillna(""),
            "district_clause": district.clusters["clause"].reindex(ids).fillna(""),
            "city_list_exhaustive": exhaustive.reindex(ids).fillna(value=False).astype(bool),
        },
        index=ids.rename("cluster_id"),
    )


def _relations(crosswalk: pd.DataFrame, city: Plan, district: Plan) -> pd.DataFrame:
    """Return the crosswalk with what the plans say of the fields on either side."""
    rows = crosswalk.copy()
    rows.attrs = {}
    for side, plan in (("city", city), ("district", district)):
        of_plan = plan.fields.reindex(rows[f"{side}_field_id"]).fillna("")
        for column in ("name_zh", "name_en", "cluster_id", "clause"):
            rows[f"{side}_{column}"] = of_plan[column].to_numpy()
    return rows


def _fields(relations: pd.DataFrame, city: Plan, district: Plan, asked: set[str]) -> pd.DataFrame:
    """Return a row for each pair of fields that answer each other, and each field left alone."""
    matched = relations[relations["relation"].isin(MATCHING)]
    rows = []
    for side, other, plan in (("city", "district", city), ("district", "city", district)):
        own = f"{side}_field_id"
        for field_id, field in plan.fields.iterrows():
            pairs = matched[matched[own] == field_id]
            near = relations[(relations[own] == field_id) & (relations["relation"] == "related")]
            if side == "city":
                rows += pairs.assign(status="both", related_to="").to_dict("records")
            if len(pairs):
                continue
            said = relations[(relations[own] == field_id) & ~relations["relation"].isin(MATCHING)]
            alone = {
                own: field_id,
                "status": f"{side}_only",
                "relation": "related" if len(near) else "none",
                "related_to": "、".join(near[f"{other}_name_zh"]),
                "reason": "；".join(said["reason"]),
                "reason_en": "; ".join(said["reason_en"]),
                "judged_by": "、".join(dict.fromkeys(said["judged_by"])),
            }
            rows.append(alone | {f"{side}_{name}": value for name, value in field.items()})
    columns = [
        *("city_field_id", "district_field_id", "status", "relation"),
        *(f"{s}_{c}" for c in ("name_zh", "name_en", "cluster_id", "clause") for s in _SIDES),
        *("related_to", "reason", "reason_en", "judged_by"),
    ]
    answer = pd.DataFrame(rows, columns=columns).fillna("").astype("str")
    cluster = answer["city_cluster_id"].where(
        answer["city_cluster_id"] != "", answer["district_cluster_id"]
    )
    answer.insert(4, "asked", cluster.isin(asked))
    return answer


_SIDES = ("city", "district")


def _agreement(
    clusters: pd.DataFrame,
    fields: pd.DataFrame,
    relations: pd.DataFrame,
    city: Plan,
    asked: set[str],
) -> pd.DataFrame:
    wanted = city.fields["cluster_id"].isin(asked)
    answered = pd.Series(
        wanted.index.isin(fields.loc[fields["status"] == "both", "city_field_id"]), wanted.index
    )
    near = relations.loc[relations["relation"] == "related", "city_field_id"]
    return agreement(
        {
            "clusters": clusters["city"],
            "fields_named": fields["status"] != "district_only",
            "fields_asked": wanted,
            "fields_asked_related": wanted,
        },
        {
            "clusters": clusters["district"],
            "fields_named": fields["status"] != "city_only",
            "fields_asked": answered,
            "fields_asked_related": answered | wanted.index.isin(near),
        },
        named_only=("fields_named",),
    )
