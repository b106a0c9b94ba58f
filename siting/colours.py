"""Colours that mean something, the same on map, figure, page and sheet: classes, clusters, kinds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

Scheme = Literal["quantile", "equal"]
SCHEMES = ("quantile", "equal")

# Light to dark in even steps; the darkest still carries dark text (contrast 4.9).
_RAMP = ("#d6e6f2", "#b9d3e8", "#9abfdc", "#7aa9cd", "#5b91bd")
NEUTRAL = "#f6f1e6"
# Found by search: under normal, protan, deutan and tritan sight (Machado et al. 2009, severity 1)
# any two are at least 35 apart in CIELAB, and each carries white or near-black text at 4.5 or more.
_KNOWN = {
    "future-health": "#8a1538",
    "future-intelligence": "#0b3a8f",
    "future-energy": "#f4a02a",
    "future-space": "#b697ed",
    "future-materials": "#28c792",
}
# Found the same way: any two of all are at least 20 apart, any two of the first five 23; all carry
# dark text. They say nothing of more or less.
CATEGORIES = (
    "#efa74f",
    "#a383df",
    "#3f9f84",
    "#e7cbf9",
    "#b8f198",
    "#5ceebc",
    "#a88954",
    "#7e9bb4",
)
_MORE = ("#5a5a5a", "#00a5c8", "#7a4a12", "#e0609f", "#9aa60f", "#3d6b35", "#de5c32")


@dataclass(frozen=True, slots=True)
class Classes:
    """The class of each value (-1 where there is none), and what the legend says of each class."""

    codes: list[int]
    ranges: list[tuple[float, float]]
    counts: list[int]
    rule: str


@dataclass(frozen=True, slots=True)
class Sign:
    """
    The sign of a cluster: one letter on its colour, in an ink that reads there.

    A `hollow` one has the colour as its rim only.
    """

    letter: str
    colour: str
    ink: str
    hollow: bool = False


def ramp(count: int) -> list[str]:
    """
    Return `count` colours from light to dark.

    Examples
    --------
    >>> ramp(1), ramp(2)
    (['#9abfdc'], ['#d6e6f2', '#5b91bd'])
    """
    if count == 1:
        return [_RAMP[2]]
    knots = np.linspace(0, len(_RAMP) - 1, count)
    rgb = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in _RAMP], dtype="float64")
    mixed = [[np.interp(k, range(len(_RAMP)), rgb[:, j]) for j in range(3)] for k in knots]
    return ["#" + "".join(f"{round(v):02x}" for v in colour) for colour in mixed]


def classify(values: pd.Series, *, classes: int = 5, scheme: Scheme = "quantile") -> Classes:
    """
    Put numbers into classes; equal numbers always share one.

    Parameters
    ----------
    values
        Numbers; a missing one gets the code -1.
    classes
        Most classes wanted. With as few different values as that, each value is a class.
    scheme
        ``quantile``: about equally many places per class; ``equal``: equally wide intervals.

    Returns
    -------
    classes
        Empty classes are left out; `ranges` are the least and the greatest value found in each.

    Examples
    --------
    >>> found = classify(pd.Series([1.0, 2.0, 3.0, 4.0]), classes=2)
    >>> found.codes, found.ranges
    ([0, 0, 1, 1], [(1.0, 2.0), (3.0, 4.0)])
    """
    numbers = values.to_numpy(dtype="float64", na_value=np.nan)
    known = numbers[np.isfinite(numbers)]
    different = np.unique(known)
    rule: str = scheme
    if len(different) <= classes:
        uppers, rule = different, "unique"
    elif scheme == "quantile":
        uppers = np.quantile(known, np.arange(1, classes + 1) / classes, method="inverted_cdf")
    else:
        uppers = np.linspace(different[0], different[-1], classes + 1)[1:]
        uppers[-1] = different[-1]
    raw = np.searchsorted(np.unique(uppers), numbers, side="left")
    used = np.unique(raw[np.isfinite(numbers)])
    code_of = {int(old): new for new, old in enumerate(used)}
    codes = [code_of[int(c)] if np.isfinite(v) else -1 for c, v in zip(raw, numbers, strict=True)]
    groups = [numbers[[c == new for c in codes]] for new in range(len(used))]
    return Classes(
        codes=codes,
        ranges=[(float(g.min()), float(g.max())) for g in groups],
        counts=[len(g) for g in groups],
        rule=rule,
    )


def written(numbers: Sequence[float]) -> list[str]:
    """
    Return numbers with the fewest digits (three at least) that still tell them apart.

    Examples
    --------
    >>> written([0.5, 1234.1, 1234.2])
    ['0.5', '1,234.1', '1,234.2']
    >>> written([2.0, 3.0])
    ['2', '3']
    """
    different = len(set(numbers))
    for digits in range(3, 18):
        texts = [_short(number, digits) for number in numbers]
        if len(set(texts)) == different:
            return texts
    return [repr(number) for number in numbers]


def _short(number: float, digits: int) -> str:
    """Return `number` with `digits` significant digits, whole thousands kept, no trailing zeros."""
    if number == 0:
        return "0"
    size = int(np.floor(np.log10(abs(number))))
    if not -5 <= size <= 14:
        return f"{number:.{digits - 1}e}"
    text = f"{number:,.{max(digits - 1 - size, 0)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def cluster_colours(
    cluster_ids: Sequence[str], chosen: Mapping[str, str] | None = None
) -> list[str]:
    """
    Return a colour per cluster: always the same one for the clusters of the bundled plans.

    Parameters
    ----------
    cluster_ids
        The clusters that need colours that tell them apart.
    chosen
        Colours that were chosen for more than these, by id: what `shared_colours` gives.

    Examples
    --------
    >>> cluster_colours(["future-space", "x"])
    ['#b697ed', '#8a1538']
    """
    known = {**(chosen or {}), **_KNOWN}
    held = {known.get(key) for key in cluster_ids}
    free = [c for c in (*_KNOWN.values(), *_MORE) if c not in held]
    others = sorted(key for key in cluster_ids if key not in known)
    given = {key: free[i % len(free)] for i, key in enumerate(others)}
    return [known.get(key) or given[key] for key in cluster_ids]


def shared_colours(*clusters: pd.DataFrame) -> dict[str, str]:
    """
    Return one choice of colours for the clusters of several plans, by id.

    Parameters
    ----------
    clusters
        ``plan.clusters`` of each plan. Clusters with the same id or the same ``name_zh`` share a
        colour; the others have colours of their own.

    Examples
    --------
    >>> city = pd.DataFrame({"name_zh": ["未来空间"]}, index=["future-space"])
    >>> own = pd.DataFrame({"name_zh": ["未来空间", "低空经济"]}, index=["space", "lowalt"])
    >>> shared_colours(city, own)
    {'future-space': '#b697ed', 'space': '#b697ed', 'lowalt': '#8a1538'}
    """
    named = [(str(key), name) for one in clusters for key, name in one["name_zh"].items()]
    first: dict[str, str] = {}  # of all ids that have a name, the one that gives the colour
    for key, name in sorted(named, key=lambda one: one[0] not in _KNOWN):
        first.setdefault(name, key)
    leads: dict[str, str] = {}
    for key, name in named:
        leads.setdefault(key, key if key in _KNOWN else first[name])
    alike = {key: leads.get(lead, lead) for key, lead in leads.items()}
    ids = list(dict.fromkeys(alike.values()))
    colours = dict(zip(ids, cluster_colours(ids), strict=True))
    return {key: colours[lead] for key, lead in alike.items()}


def ink(colour: str) -> str:
    """
    Return the text colour, near-black or white, that reads better on `colour`.

    Examples
    --------
    >>> ink("#f4a02a"), ink("#0b3a8f")
    ('#1b1b1b', '#ffffff')
    """
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    light = float(linear @ [0.2126, 0.7152, 0.0722])
    return "#1b1b1b" if light > 0.18 else "#ffffff"


def glyphs(names: Sequence[str]) -> list[str]:
    """
    Return one sign per name that tells the names apart: the first that no other name shares there.

    Examples
    --------
    >>> glyphs(["未来健康", "未来智能", "未来能源"]), glyphs(["Future Health", "Future Space"])
    (['健', '智', '能'], ['H', 'S'])
    """
    start = 0
    shortest = min((len(name) for name in names), default=0)
    if len(names) > 1:
        while start < shortest and len({name[start] for name in names}) == 1:
            start += 1
    taken: set[str] = set()
    signs = []
    for i, name in enumerate(names):
        letters = [c.upper() for c in name[start:] + name if c.isalnum() and c.isprintable()]
        sign = next((c for c in letters if c not in taken), str(i + 1))
        taken.add(sign)
        signs.append(sign)
    return signs


def cluster_signs(
    cluster_ids: Sequence[str], names: Sequence[str], chosen: Mapping[str, str] | None = None
) -> list[Sign]:
    """
    Return the sign of each cluster: its colour, and a letter that tells the names apart.

    Examples
    --------
    >>> cluster_signs(["future-space"], ["未来空间"])
    [Sign(letter='未', colour='#b697ed', ink='#1b1b1b', hollow=False)]
    """
    colours = cluster_colours(cluster_ids, chosen)
    return [Sign(s, c, ink(c)) for s, c in zip(glyphs(names), colours, strict=True)]


def plan_signs(clusters: pd.DataFrame, names: Sequence[str]) -> list[Sign]:
    """
    Return the sign of each cluster of a plan, in the colours that were chosen for it and others.

    That choice is ``clusters.attrs["colours"]``, as `siting.briefing.plans.colour_alike` puts it there.

    Examples
    --------
    >>> own = pd.DataFrame({"name_zh": ["低空经济"]}, index=["lowalt"])
    >>> own.attrs["colours"] = {"lowalt": "#5a5a5a"}
    >>> [sign.colour for sign in plan_signs(own, ["低空经济"])]
    ['#5a5a5a']
    """
    ids = [str(key) for key in clusters.index]
    return cluster_signs(ids, list(names), clusters.attrs.get("colours"))
