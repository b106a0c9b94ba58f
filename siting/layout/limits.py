"""Limits by group, cluster or place: whose member is what, and how many each may and must have."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from siting.errors import Findings
from siting.layout import asking, conditions, settings
from siting.layout.conditions import Condition
from siting.layout.labels import Names, Words, rank
from siting.layout.question import Options
from siting.layout.rows import Ints

Members = dict[Any, Ints]  # group -> columns, in the order of the groups


def needs(found: Findings, option: str, other: str) -> None:
    """Refuse an option that says nothing without another."""
    settings.refuse(
        found,
        "E-LAY-06",
        (f"要与 {other} 一起给", f"请同时给 {other}，或去掉 {option}"),
        (f"has no meaning without {other}", f"Give {other} as well, or leave {option} out"),
        column=option,
    )


def members(found: Findings, groups: object, index: pd.Index, what: str = "groups") -> Members:
    """Return the positions in `index` of the members of each group."""
    if isinstance(groups, Mapping):
        groups = pd.Series(dict(groups), dtype=object)
    if not isinstance(groups, pd.Series):
        settings.refuse(
            found,
            "E-LAY-15",
            ("应为按编号的 Series 或字典", "请给 编号 → 组"),
            ("must be a Series or mapping by id", "Give id -> group"),
            column=what,
            value=type(groups).__name__,
        )
        return {}
    odd = {label: kind for label, kind in groups.items() if not isinstance(kind, Hashable)}
    for label, kind in odd.items():
        settings.refuse(
            found,
            "E-LAY-15",
            ("组名须为文字或数", "请给 编号 → 组，每个编号一个组"),
            ("a group is named by text or a number", "Give id -> group, one group for each"),
            sheet=what,
            value=f"{label}: {kind}",
        )
    if odd:
        return {}
    twice = groups.index[groups.index.duplicated()].unique()
    lost = [label for label in index if label not in groups.index]
    for label, zh, en in [(one, "编号重复", "this id occurs more than once") for one in twice] + [
        (one, "没有分组", "has no group")
        for one in lost
        + [k for k in index if k not in lost and k not in twice and pd.isna(groups[k])]
    ]:
        settings.refuse(
            found,
            "E-LAY-15",
            (zh, "请为每个候选点给出一个组"),
            (en, "Give every site one group"),
            sheet=what,
            value=str(label),
        )
    if lost or len(twice):
        return {}
    asking.unknown(found, groups.index, index, what, spare=True)
    of: dict[Any, list[int]] = {}
    for k, kind in enumerate(groups.reindex(index)):
        if isinstance(kind, tuple) or not pd.isna(kind):
            of.setdefault(kind, []).append(k)
    return {kind: np.array(of[kind], dtype=np.intp) for kind in sorted(of, key=rank)}


def limits(
    found: Findings, given: object, known: Members, name: str, *, complete: bool = False
) -> dict[Any, int]:
    """
    Return the limit of each group: a whole number for all, or a mapping.

    `complete` refuses a mapping that leaves groups out.
    """
    if given is None:
        return {}
    if isinstance(given, pd.Series):
        given = given.to_dict()
    if not isinstance(given, Mapping):
        limit = settings.whole(found, given, name, least=0)
        return dict.fromkeys(known, limit)
    for key in given:
        if key not in known:
            settings.refuse(
                found,
                "E-LAY-16",
                ("没有这个组", f"现有：{'、'.join(map(str, list(known)[:8]))}"),
                ("no such group", f"There are: {', '.join(map(str, list(known)[:8]))}"),
                column=name,
                value=str(key),
            )
    for key in known if complete else ():
        if key not in given:
            settings.refuse(
                found,
                "E-LAY-16",
                ("没有给出上限", "请为每个都给出整数，或给一个整数管全部"),
                ("has no limit", "Give each a whole number, or one whole number for all"),
                column=name,
                value=str(key),
            )
    return {
        key: settings.whole(found, given[key], f"{name}[{key}]", least=0)
        for key in known
        if key in given
    }


def _least(name: str, n: float) -> Words:
    return Words(f"{name} 至少 {n:g} 个", f"{name}: at least {n:g}")


def _most(name: str, n: float) -> Words:
    return Words(f"{name} 最多 {n:g} 个", f"{name}: at most {n:g}")


def _most_each(each: tuple[str, str], n: float) -> Words:
    return Words(f"{each[0]}最多 {n:g} 个", f"at most {n:g} {each[1]}")


def at_least(
    kind: str, least: Mapping[Any, int], known: Members, names: Names, width: int
) -> list[Condition]:
    """Return a condition for each group that must have some."""
    return [
        conditions.total(kind, partial(_least, names(key)), key, known[key], width, least=n)
        for key, n in least.items()
        if n > 0
    ]


def at_most(
    kind: str,
    most: Mapping[Any, int],
    known: Members,
    names: Names,
    width: int,
    *,
    each: tuple[str, str] | None,
) -> list[Condition]:
    """Return one condition for all groups, called `each` in words, or without it one for each group."""
    if not most:
        return []
    if each is not None:
        n = next(iter(most.values()))
        return [conditions.each(kind, partial(_most_each, each), known.values(), width, n)]
    return [
        conditions.total(kind, partial(_most, names(key)), key, known[key], width, most=n)
        for key, n in most.items()
    ]


def one_for_all(given: object, zh: str, en: str) -> tuple[str, str] | None:
    """Return what the one limit of all groups is called, or None where each has its own."""
    return None if isinstance(given, (Mapping, pd.Series)) else (zh, en)


def groups(
    found: Findings,
    options: Options,
    index: pd.Index,
    names: Names,
    width: int,
    *,
    columns: Callable[[Ints], Ints] | None = None,
) -> list[Condition]:
    """Return the conditions of groups; `columns` turns positions in `index` into columns."""
    given, least, most = options.groups, options.group_min, options.group_max
    if given is None:
        for name, one in (("group_min", least), ("group_max", most)):
            if one is not None:
                needs(found, name, "groups")
        return []
    known = members(found, given, index)
    if columns is not None:
        known = {key: columns(part) for key, part in known.items()}
    lower = limits(found, least, known, "group_min")
    upper = limits(found, most, known, "group_max")
    return [
        *at_least("group_min", lower, known, names, width),
        *at_most(
            "group_max", upper, known, names, width, each=one_for_all(most, "每组", "in each group")
        ),
    ]
