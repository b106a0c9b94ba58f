"""What every map of a layout says: which zones lie where, how many per place, how sure it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from siting.cartography.ground import names
from siting.cartography.marks import Mark
from siting.cartography.refusal import unknown_places
from siting.cartography.words import word
from siting.colours import NEUTRAL, Sign, ramp
from siting.schema import Lang

if TYPE_CHECKING:
    from siting.layout import Layout

CORE = 0.999  # share of the near-best layouts from which a zone counts as certain
_KINDS = {"core": True, "fixed": True, "swing": False, "never": False}  # of `importance`


class Held(NamedTuple):
    """A chosen zone: the candidate, the place that it lies in, and its lead cluster."""

    site: Any
    place: Any
    cluster: Any

    def is_point(self, sites: pd.DataFrame | None, places: pd.Index) -> bool:
        """Whether the zone is a point within its place, not the whole place."""
        return sites is not None and self.site != self.place and self.site not in places


def chosen_zones(
    layout: Layout, places: pd.Index, clusters: pd.Index, sites: pd.DataFrame | None
) -> list[Held]:
    """
    Return the chosen zones of a layout of pairs (site, cluster).

    Raises
    ------
    InputError
        If one names a place or a cluster that is not given; the findings name each.
    """
    held = []
    for site, cluster in layout.sites:
        place = site
        if sites is not None and "place_id" in sites and site in sites.index:
            place = sites.loc[site, "place_id"]
        held.append(Held(site, place, cluster))
    findings = unknown_places([one.place for one in held], places, "layout")
    findings += unknown_places([one.cluster for one in held], clusters, "clusters")
    findings.stop()
    return held


def cluster_marks(
    held: Sequence[Held], ids: Sequence[Any], firmness: pd.Series | None
) -> dict[int, Mark]:
    """
    Return the mark of each cluster that leads one of these zones, by its number in `ids`, in order.

    A cluster has one sign in a place, which is that of a swing zone where none of its zones is sure.

    Examples
    --------
    >>> zones = [Held("a", "x", "space"), Held("b", "x", "space"), Held("c", "x", "health")]
    >>> share = pd.Series([1.0, 0.5, 0.5], index=pd.MultiIndex.from_tuples(
    ...     [("a", "space"), ("b", "space"), ("c", "health")]))
    >>> cluster_marks(zones, ["health", "space"], share)
    {0: 'swing', 1: 'chosen'}
    """
    made: dict[int, Mark] = {}
    for one in held:
        k, mark = ids.index(one.cluster), firm_mark(firmness, (one.site, one.cluster))
        made[k] = "chosen" if "chosen" in (mark, made.get(k)) else mark
    return dict(sorted(made.items()))


def point_lines(held: Sequence[Held], sites: pd.DataFrame | None, lang: Lang) -> tuple[str, str]:
    """
    Return the rule of the shades, and what the marks are of these zones, points within places.

    Zones that have a clause are named by the document; without a zone there is no mark.

    Examples
    --------
    >>> parks = pd.DataFrame({"clause": ["一"]}, index=["a"])
    >>> point_lines([Held("a", "310115", "x")], parks, "zh")[1]
    '文件点名的先导区（固定，示意点位）'
    """
    if sites is None or not held:
        return word("zone_rule", lang), ""
    sites = sites.loc[[one.site for one in held]]
    if "clause" in sites and (sites["clause"].fillna("") != "").all():
        return word("zone_rule_named", lang), word("named_layer", lang)
    return word("zone_rule_points", lang), word("site_layer", lang)


def point_names(
    held: Sequence[Held], sites: pd.DataFrame, signs: Mapping[Any, Sign], lang: Lang
) -> dict[Any, str]:
    """Return the name of each zone that is a point, with the letters of the clusters that it leads."""
    said = {}
    for site in dict.fromkeys(one.site for one in held):
        (name,) = names(sites.loc[[site]], lang)
        letters = [signs[one.cluster].letter for one in held if one.site == site]
        sign = word("joint", lang).join(letters)
        said[site] = word("zone_lead", lang, name=name, sign=sign)
    return said


def is_core(firmness: pd.Series | None, site: Any) -> bool | None:
    """
    Tell whether a chosen site is in all near-best layouts; None where that is not known.

    Examples
    --------
    >>> share, kind = pd.Series({"a": 1.0, "b": 0.5}), pd.Series({"a": "fixed", "b": "swing"})
    >>> [is_core(one, site) for one in (share, kind) for site in "abc"]
    [True, False, None, True, False, None]
    """
    if firmness is None or site not in firmness.index:
        return None
    (held,) = firmness.loc[[site]]
    if isinstance(held, str):
        return _KINDS.get(held)
    return None if pd.isna(held) else float(held) >= CORE


def firm_mark(firmness: pd.Series | None, site: Any) -> Mark:
    """Return the mark of a chosen site: a swing one is known not to be in all near-best layouts."""
    return "swing" if is_core(firmness, site) is False else "chosen"


def firm_words(firmness: pd.Series | None, site: Any, lang: Lang) -> list[str]:
    """Return how certain a chosen site is, where that was measured."""
    core = is_core(firmness, site)
    if core is None or firmness is None:
        return []
    (held,) = firmness.loc[[site]]
    if core or isinstance(held, str):
        return [word("core" if core else "mark_swing", lang)]
    return [word("swing", lang, share=f"{100 * float(held):.0f}")]


def proof(layout: Layout, lang: Lang) -> str:
    """Return how sure a layout is: proven best, or at most so far from it."""
    if layout.status == "optimal":
        return word("proven", lang)
    return word("gap", lang, gap=f"{100 * layout.gap:.2g}")


def count_lines(
    counts: Sequence[int], lang: Lang, *, most: int = 0
) -> tuple[list[str], list[tuple[int, str]]]:
    """
    Return the shade of each number of zones, and number and label of their legend, most first.

    `most` zones, or more if there are, have the darkest shade.

    Examples
    --------
    >>> count_lines([0, 2, 0], "en")[1]
    [(2, 'zones: 2 (1)'), (1, 'zones: 1 (0)'), (0, 'zones: 0 (2)')]
    """
    tally = list(counts)
    lines = []
    for number in range(max(tally), -1, -1):
        said = word("zones_here", lang, count=number)
        lines.append((number, word("counted", lang, text=said, count=tally.count(number))))
    return [NEUTRAL, *ramp(max(*tally, 1, most))], lines
