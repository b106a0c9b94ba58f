"""The words of a file of conditions: which keys there are, for which question, and what each may hold."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from siting.scenario.values import (
    LONGEST,
    Good,
    Refusals,
    either,
    list_of,
    number,
    one_of,
    pair_of,
    table_of,
    text,
    whole,
)

RUN = ("ties", "time_limit_s", "memory_limit_mb")  # how a search goes, whatever is asked
MODELS = ("p_median", "max_coverage", "set_coverage", "p_center")
CASES = ("city", "district")
CRITERIA = ("jobs", "evidence", "land")
_CASE, _SCORES, _MODEL = frozenset({"case"}), frozenset({"scores"}), frozenset(MODELS)
_ZONES, _ALL = _CASE | _SCORES, _CASE | _SCORES | _MODEL


_COUNT = whole(0)
_QUOTA = either(_COUNT, pair_of(_COUNT))
_SITES = list_of(either(text, pair_of(text)))
_AMOUNTS = either(text, table_of(number()))


@dataclass(frozen=True)
class Term:
    """What a key may hold, and for which questions it is."""

    kinds: frozenset[str]
    good: Good
    zh: str
    en: str


_FILE = ("文件名（.csv 或 .xlsx）", "the name of a file (.csv or .xlsx)")
_NAMES = ('名称的列表，如 ["嘉定", "闵行"]', 'a list of names, such as ["嘉定", "闵行"]')
_PAIRS = (
    '名称或 [地区, 集群] 的列表，如 ["临港", ["嘉定", "未来能源"]]',
    'a list of names or of [place, cluster], such as ["临港", ["嘉定", "未来能源"]]',
)
_LIMITS = (
    "不小于 0 的整数，或按名称给出的表",
    "a whole number of at least 0, or a table of them by name",
)
_HELD = (
    "文件名，或按名称给出不小于 0 的数的表",
    "the name of a file, or a table of numbers by name",
)

TERMS: dict[str, Term] = {
    "title": Term(_ALL, text, "文字", "text"),
    "case": Term(_CASE, one_of(*CASES), '"city" 或 "district"', '"city" or "district"'),
    "scores": Term(_SCORES, text, *_FILE),
    "model": Term(_MODEL, one_of(*MODELS), "、".join(MODELS), ", ".join(MODELS)),
    "plan": Term(_CASE, text, "规划编号、文件夹或 .xlsx", "a plan's id, folder or .xlsx"),
    "boundaries": Term(_CASE, text, "边界文件名", "the name of a boundary file"),
    "frame": Term(
        _CASE,
        one_of("wgs84", "gcj02", "cgcs2000"),
        "wgs84、gcj02、cgcs2000",
        "wgs84, gcj02, cgcs2000",
    ),
    "n_zones": Term(_ZONES, whole(1), "不小于 1 的整数", "a whole number of at least 1"),
    "per_cluster": Term(
        _ZONES,
        either(_QUOTA, table_of(_QUOTA)),
        "整数、[最少, 最多]，或按集群名给出的表",
        "a whole number, [least, most], or a table of them by cluster",
    ),
    "per_place": Term(_ZONES, either(_COUNT, table_of(_COUNT)), *_LIMITS),
    "weights": Term(_ALL - _SCORES, lambda _: True, "", ""),  # see `_weights`
    "within": Term(_ALL, number(above=0.0, most=0.5), "0 到 0.5 的数", "a number from 0 to 0.5"),
    "distance": Term(_SCORES | _MODEL, text, *_FILE),
    "min_spacing_km": Term(_ALL, number(), "不小于 0 的数（公里）", "a number of at least 0 (km)"),
    "p": Term(
        frozenset({"p_median", "max_coverage", "p_center"}),
        whole(1),
        "不小于 1 的整数",
        "a whole number of at least 1",
    ),
    "radius_m": Term(
        frozenset({"max_coverage", "set_coverage"}),
        number(),
        "不小于 0 的数（米）",
        "a number of at least 0 (m)",
    ),
    "capacity": Term(_MODEL, _AMOUNTS, *_HELD),
    "demand": Term(_MODEL, _AMOUNTS, *_HELD),
    "existing": Term(_MODEL, list_of(text), *_NAMES),
    "site_distance": Term(_MODEL, text, *_FILE),
    "cover_within_m": Term(_MODEL, number(), "不小于 0 的数（米）", "a number of at least 0 (m)"),
    "cover_share": Term(_MODEL, number(most=1.0), "0 到 1 的数", "a number from 0 to 1"),
    "unreachable": Term(
        _MODEL,
        one_of("refuse", "allow pairs"),
        '"refuse" 或 "allow pairs"',
        '"refuse" or "allow pairs"',
    ),
    "groups": Term(
        _ALL,
        either(text, table_of(text)),
        "文件名，或按名称给出组名的表",
        "the name of a file, or a table of groups by name",
    ),
    "group_min": Term(_ALL, either(_COUNT, table_of(_COUNT)), *_LIMITS),
    "group_max": Term(_ALL, either(_COUNT, table_of(_COUNT)), *_LIMITS),
    "fixed": Term(_ALL, _SITES, *_PAIRS),
    "forbidden": Term(_ALL, _SITES, *_PAIRS),
    "ties": Term(_ALL, lambda value: isinstance(value, bool), "true 或 false", "true or false"),
    "time_limit_s": Term(_ALL, number(above=0.0), "大于 0 的秒数", "seconds, more than 0"),
    "memory_limit_mb": Term(_ALL, number(above=0.0), "大于 0 的兆字节数", "megabytes, more than 0"),
}
NEEDED: dict[str, tuple[str, ...]] = {
    "case": (),
    "scores": ("n_zones",),
    "p_median": ("distance", "p"),
    "max_coverage": ("distance", "radius_m", "p"),
    "set_coverage": ("distance", "radius_m"),
    "p_center": ("distance", "p"),
}
_TOGETHER = (  # a key, and one of those that it needs
    ("scores", "min_spacing_km", ("distance",)),
    ("model", "min_spacing_km", ("site_distance",)),
    ("model", "cover_within_m", ("cover_share",)),
    ("model", "cover_share", ("cover_within_m",)),
    ("model", "demand", ("capacity",)),
    ("case", "frame", ("boundaries",)),
    ("scores", "group_min", ("groups",)),
    ("scores", "group_max", ("groups",)),
    ("model", "group_min", ("groups",)),
    ("model", "group_max", ("groups",)),
)


def check_terms(given: Mapping[str, Any], wrong: Refusals) -> str:
    """Return which question is asked: ``case``, ``scores`` or a model; stop with all that is wrong."""
    kind = _kind(given, wrong)
    for key, value in given.items():
        term = TERMS.get(key)
        if term is None or (kind and kind not in term.kinds):
            _unknown(key, term, kind, wrong)
        elif key == "weights":
            _weights(value, kind, wrong)
        elif not term.good(value):
            wrong.add(
                "E-TOML-03",
                key,
                value,
                f"{key} 应为{term.zh}",
                "请改正",
                f"{key} must be {term.en}",
                "Correct it",
            )
    for key in NEEDED.get(kind, ()):
        if key not in given:
            term = TERMS[key]
            _missing(key, kind, (term.zh, term.en), wrong)
    group = "model" if kind in MODELS else kind
    for where, key, others in _TOGETHER:
        if where == group and key in given and not any(one in given for one in others):
            _missing(others[0], key, (TERMS[others[0]].zh, TERMS[others[0]].en), wrong)
    wrong.stop()
    return kind


def _kind(given: Mapping[str, Any], wrong: Refusals) -> str:
    """Return the question, or nothing where none or several are asked."""
    asked = [key for key in ("case", "scores", "model") if key in given]
    if len(asked) == 1:
        if asked[0] != "model":
            return asked[0]
        return str(given["model"]) if TERMS["model"].good(given["model"]) else ""
    if asked:
        wrong.add(
            "E-TOML-07",
            "、".join(asked),
            None,
            "只能选其中一个",
            "请只留一个",
            "only one of these can be",
            "Keep one",
        )
    else:
        wrong.add(
            "E-TOML-04",
            "case",
            None,
            "没有说明要解哪个问题",
            '请写 case = "city"、scores = "scores.csv" 或 model = "p_median" 之一；siting layout --example 给出例子',
            "nothing says which question is asked",
            'Write one of case = "city", scores = "scores.csv", model = "p_median"; siting layout --example prints an example',
        )
    return ""


def _unknown(key: str, term: Term | None, kind: str, wrong: Refusals) -> None:
    if term is not None:
        kinds = ", ".join(sorted(term.kinds))
        wrong.add(
            "E-TOML-02",
            key,
            None,
            f"{kind} 用不到这个键（它用于 {kinds}）",
            "请删去",
            f"not a key of {kind} (it is one of {kinds})",
            "Leave it out",
        )
        return
    usable = [one for one, known in TERMS.items() if not kind or kind in known.kinds]
    near = difflib.get_close_matches(key[:LONGEST], usable, 3, 0.6)
    wrong.add(
        "E-TOML-02",
        key,
        None,
        "没有这个键",
        f"是否要写 {'、'.join(near)}" if near else f"可用的键：{'、'.join(usable)}",
        "there is no such key",
        f"Do you mean {', '.join(near)}" if near else f"Keys: {', '.join(usable)}",
    )


def _missing(key: str, by: str, words: tuple[str, str], wrong: Refusals) -> None:
    wrong.add(
        "E-TOML-04",
        key,
        None,
        f"{by} 还需要这个键",
        f"请写 {key} = …（{words[0]}）",
        f"{by} needs this key too",
        f"Write {key} = ... ({words[1]})",
    )


def _weights(value: object, kind: str, wrong: Refusals) -> None:
    """Check weights: of the criteria of a case, or of the demand of a model."""
    if kind != "case":
        if not _AMOUNTS(value):
            wrong.add(
                "E-TOML-03",
                "weights",
                value,
                f"weights 应为{_HELD[0]}",
                "请改正",
                f"weights must be {_HELD[1]}",
                "Correct it",
            )
        return
    if value in ("equal", "ranked", "entropy"):
        return
    named = isinstance(value, dict) and bool(value) and set(value) <= set(CRITERIA)
    if not named or not table_of(number())(value) or not any(value.values()):  # type: ignore[attr-defined]
        listed = ", ".join(CRITERIA)
        wrong.add(
            "E-TOML-03",
            "weights",
            value,
            f'weights 应为 "equal"、"ranked"、"entropy"，或表：{listed} 各一个不小于 0 的数，不全为 0',
            "请改正",
            f'weights must be "equal", "ranked", "entropy", or a table of numbers of {listed}, not all 0',
            "Correct it",
        )


def keys_of(kinds: Iterable[str]) -> list[str]:
    """
    Return the keys that questions of some kinds take.

    Examples
    --------
    >>> keys_of(["set_coverage"])[:4]
    ['title', 'model', 'weights', 'within']
    """
    wanted = set(kinds)
    return [key for key, term in TERMS.items() if wanted & term.kinds]
