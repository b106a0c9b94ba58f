"""What a plan says, as tables: clusters, targets, programmes, zones; and where the data come from."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pandas as pd

from siting import geodata
from siting.schema import LABELS, TIERS, Lang, check_lang, in_language, label
from siting.tables.amounts import amount, measured
from siting.tables.words import joined, named, names, open_end

if TYPE_CHECKING:
    from siting.plan import Plan


def cluster_table(plan: Plan, places: pd.DataFrame, *, lang: Lang = "zh") -> pd.DataFrame:
    """
    Return one row per cluster: tier, fields, places as the plan lists them, clause.

    Parameters
    ----------
    plan
        The plan.
    places
        Places with names, index place_id; a place that is not among them is shown by its code.
    lang
        ``zh`` or ``en``.

    Returns
    -------
    DataFrame
        In the order of the plan. A list of places that the document leaves open ends with 等
        (``and others``); a cluster without a place is there all the same.

    Examples
    --------
    >>> from siting.places import read_places
    >>> from siting.plan import read_plan
    >>> table = cluster_table(read_plan("shanghai-2022"), read_places("district"))
    >>> table[["集群", "地区", "条款"]].iloc[2].tolist()
    ['未来能源', '浦东新区、闵行区、嘉定区 等', '二（三）']
    """
    zh = check_lang(lang) == "zh"
    clusters, fields, assignments = plan.clusters, plan.fields, plan.assignments
    of_cluster, of_field, of_place = names(clusters, lang), names(fields, lang), names(places, lang)
    rows = []
    for key, tier, clause in zip(clusters.index, clusters["tier"], clusters["clause"], strict=True):
        mine = of_field[fields["cluster_id"] == key]
        here = assignments[assignments["cluster_id"] == key]
        listed = joined(named(here["place_id"], of_place), lang)
        rows.append(
            (
                of_cluster[key],
                tier if zh else TIERS.get(tier, tier),
                joined(mine, lang),
                len(here),
                listed + open_end(here["is_exhaustive"], lang),
                clause,
            )
        )
    heads = [label(column, lang) for column in ("cluster", "tier", "fields")]
    heads += ["列出的地区数", "地区"] if zh else ["Places listed", "Places"]
    return pd.DataFrame(rows, columns=[*heads, label("clause", lang)])


def target_table(plan: Plan, *, lang: Lang = "zh") -> pd.DataFrame:
    """
    Return the targets of a plan with their qualifier in words, never as an equality.

    Parameters
    ----------
    plan
        The plan.
    lang
        ``zh`` or ``en``.

    Returns
    -------
    DataFrame
        Text columns: target, quantity with qualifier and unit, year, clause; in the plan's order.
        `attrs["amounts"]` has the quantities as numbers with their unit, by heading.

    Examples
    --------
    >>> from siting.plan import read_plan
    >>> target_table(read_plan("shanghai-2022")).iloc[0].tolist()
    ['未来产业产值', '约 5,000 亿元', '2030', '一（二）']
    """
    heads = ("目标", "数量") if check_lang(lang) == "zh" else ("Target", "Quantity")
    targets = plan.targets
    known = [
        (float(q), str(unit)) for q, unit in zip(targets["quantity"], targets["unit"], strict=True)
    ]
    table = pd.DataFrame(
        {
            heads[0]: names(targets, lang).tolist(),
            heads[1]: [
                amount(*one, str(qualifier), lang)
                for one, qualifier in zip(known, targets["qualifier"], strict=True)
            ],
            label("year", lang): targets["year"].astype(str).tolist(),
            label("clause", lang): targets["clause"].tolist(),
        },
        dtype="object",
    )
    table.attrs["amounts"] = {heads[1]: [measured(*one, lang) for one in known]}
    return table


def programme_table(plan: Plan, *, lang: Lang = "zh") -> pd.DataFrame:
    """
    Return the programmes of a plan with their clauses.

    Parameters
    ----------
    plan
        The plan.
    lang
        ``zh`` or ``en``.

    Returns
    -------
    DataFrame
        Text columns, in the plan's order.

    Examples
    --------
    >>> from siting.plan import read_plan
    >>> programme_table(read_plan("shanghai-2022"))["条款"].tolist()
    ['三（一）', '三（二）', '三（三）', '三（四）', '三（五）', '三（六）']
    """
    head = "计划" if check_lang(lang) == "zh" else "Programme"
    rows = plan.programmes
    columns = {head: names(rows, lang).tolist(), label("clause", lang): rows["clause"].tolist()}
    return pd.DataFrame(columns, dtype="object")


def zone_table(plan: Plan, places: pd.DataFrame, *, lang: Lang = "zh") -> pd.DataFrame:
    """
    Return the zones that a plan names: place, point, clause, source and note of each.

    Parameters
    ----------
    plan
        The plan.
    places
        Places with names, index place_id; a place that is not among them is shown by its code.
    lang
        ``zh`` or ``en``.

    Returns
    -------
    DataFrame
        In the plan's order; longitude and latitude [degrees, WGS-84] are NaN where no point is known.

    Examples
    --------
    >>> from siting.places import read_places
    >>> from siting.plan import read_plan
    >>> zones = zone_table(read_plan("shanghai-2022"), read_places("district"))
    >>> zones[["先导区", "地区", "条款"]].iloc[2].tolist()
    ['紫竹', '闵行区', '三（二）']
    """
    head = "先导区" if check_lang(lang) == "zh" else "Zone"
    zones = plan.zones
    return pd.DataFrame(
        {
            head: pd.Series(names(zones, lang).tolist(), dtype="object"),
            label("place", lang): pd.Series(
                named(zones["place_id"], names(places, lang)), dtype="object"
            ),
            **{
                label(column, lang): zones[column].to_numpy() for column in ("lon", "lat", "clause")
            },
            **{
                label(column, lang): [in_language(str(one), lang) for one in zones[column]]
                for column in ("source", "note")
            },
        }
    )


def source_table(files: Iterable[str], *, lang: Lang = "zh") -> pd.DataFrame:
    """
    Return what the register says of bundled files: title, producer, address, licence, dates, checksum.

    Parameters
    ----------
    files
        Registered files, or files in a registered folder, which is then shown once.
    lang
        ``zh`` or ``en``.

    Returns
    -------
    DataFrame
        Text columns, a row per entry of the register, in the order of `files`.

    Raises
    ------
    InputError
        If a file is not registered, or missing.

    Examples
    --------
    >>> source_table(["districts.geojson"], lang="en")["Licence"].tolist()
    ['ODbL-1.0']
    """
    register = geodata.register().set_index("file", drop=False)
    owners: dict[str, None] = {}
    for name in files:
        geodata.path(name)
        above = (name, *map(str, PurePosixPath(name).parents))
        owners[next(one for one in above if one in register.index)] = None
    heads = {
        "file": ("文件", "File"),
        "title": ("名称", "Title"),
        "producer": ("制作者", "Producer"),
        "citation": ("出处", "Citation"),
        "url": LABELS["url"],
        "licence": ("许可", "Licence"),
        "published": ("发布日期", "Published"),
        "accessed": ("取得日期", "Accessed"),
        "note": ("说明", "Note"),
        "sha256": ("校验和（SHA-256）", "SHA-256"),
    }
    rows = register.loc[list(owners)]
    english = check_lang(lang) == "en"
    return pd.DataFrame(
        {
            pair[english]: [in_language(str(one), lang) for one in rows[key]]
            for key, pair in heads.items()
        }
    )


def fact_table(plan: Plan, places: pd.DataFrame, *, lang: Lang = "zh") -> pd.DataFrame:
    """
    Return what each clause of a plan states, a row per clause and kind of fact.

    Parameters
    ----------
    plan
        The plan.
    places
        Places that the plan names, index ``place_id``.
    lang
        ``zh`` or ``en``.

    Returns
    -------
    DataFrame
        Text columns: clause, kind, what; clauses in the order in which the plan's sheets name them.

    Examples
    --------
    >>> from siting.places import read_places
    >>> from siting.plan import read_plan
    >>> facts = fact_table(read_plan("shanghai-2022"), read_places("district"))
    >>> facts[facts["条款"] == "二（三）"]["内容"].tolist()
    ['未来能源', '未来能源：浦东新区、闵行区、嘉定区']
    """
    en = check_lang(lang) == "en"
    of_cluster, of_place = names(plan.clusters, lang), names(places, lang)
    goals = target_table(plan, lang=lang)
    rows: list[tuple[str, str, str]] = []
    for kind, frame in (("cluster", plan.clusters), ("field", plan.fields)):
        pairs = pd.DataFrame({"clause": frame["clause"], "name": names(frame, lang)})
        rows += [
            (str(clause), label(kind, lang), joined(here["name"], lang))
            for clause, here in pairs.groupby("clause", sort=False)
        ]
    placed = plan.assignments.groupby(["clause", "cluster_id"], sort=False)
    colon = ": " if en else "："
    rows += [
        (
            str(clause),
            label("place", lang),
            f"{of_cluster.get(key, key)}{colon}{joined(named(here['place_id'], of_place), lang)}",
        )
        for (clause, key), here in placed
    ]
    rows += [
        (str(row[-1]), "Target" if en else "目标", f"{row[0]}{colon}{row[1]} ({row[2]})")
        for row in goals.itertuples(index=False, name=None)
    ]
    for kind, frame in (("Programme", plan.programmes), ("Zone", plan.zones)):
        said = kind if en else {"Programme": "专项计划", "Zone": "先导区"}[kind]
        listed = names(frame, lang)
        rows += [(str(c), said, str(n)) for c, n in zip(frame["clause"], listed, strict=True)]
    heads = [label("clause", lang), "Kind" if en else "类别", "States" if en else "内容"]
    table = pd.DataFrame(rows, columns=heads, dtype="object")
    first = {clause: i for i, clause in enumerate(dict.fromkeys(table[heads[0]]))}
    return table.sort_values(heads[0], key=lambda one: one.map(first), kind="stable").reset_index(
        drop=True
    )
