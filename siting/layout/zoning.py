"""From a table of suitability and options to a question of zones in arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from siting.errors import Findings
from siting.layout import asking, conditions, distances, limits, settings
from siting.layout.conditions import Condition
from siting.layout.labels import Label, Names, Words, rank
from siting.layout.posing import check_settings
from siting.layout.question import NO_PAIRS, Options, Question
from siting.layout.rows import Floats, Ints
from siting.layout.world import Columns


@dataclass(frozen=True)
class Quotas:
    """Least and most zones of each cluster, and most of each place."""

    clusters: Mapping[Label, tuple[int, int | None]]
    places: Mapping[Label, int]


class Zoning:
    """A question of zones while it is put together."""

    def __init__(self, suitability: object, options: Options) -> None:
        self.found = Findings()
        self.options = options
        self.table = asking.table(self.found, suitability, "suitability", scores=True)
        self.found.stop()
        self.places, self.clusters = self.table.index, self.table.columns
        self.scores = self.table.to_numpy()
        self.names = Names(options.names)
        self.columns = Columns(self.scores.size)
        self.room: dict[Label, int] = {}
        self.quotas: dict[Label, tuple[int, int | None]] = {}
        settings.summable(self.found, np.nan_to_num(self.scores), "suitability")
        check_settings(self.found, options)

    def column(self, place: int, cluster: int) -> int:
        """Return the column of a pair, by positions."""
        return place * len(self.clusters) + cluster

    def in_places(self, places: Ints) -> Ints:
        """Return all columns of `places`."""
        n = len(self.clusters)
        return (places[:, None] * n + np.arange(n)).ravel()

    def question(self, n_zones: object, per_cluster: object, per_place: object) -> Question:
        """Return the question, or raise an InputError with everything that is wrong with it."""
        found, options = self.found, self.options
        fixed = self._pairs(options.fixed, "fixed")
        forbidden = self._pairs(options.forbidden, "forbidden")
        self._clashes(fixed, forbidden)
        allowed = int(np.isfinite(self.scores).sum())
        # A zone that is fixed in a place meets that place fixed alone as well.
        asked = {frozenset(columns.tolist()) for columns in fixed.values()}
        needed = sum(not any(other < one for other in asked) for one in asked)
        count = settings.number_of_sites(found, n_zones, "n_zones", allowed, needed)
        lower, upper = self._quota(per_cluster)
        by_place = dict(zip(self.places, np.arange(len(self.places))[:, None], strict=True))
        room = limits.limits(found, per_place, by_place, "per_place", complete=True)
        between = distances.apart(
            found, options.site_distance, self.places, options.min_spacing_m, "distance"
        )
        found.stop()
        opened = np.zeros(0, np.intp)
        if between is not None:
            opened = self.columns.any_of([self.in_places(row) for row in by_place.values()])
        width = self.columns.width
        noun = ("先导区", "zones")
        parts = [conditions.count(count, np.arange(self.scores.size), width, noun)]
        parts += self._allowed(width)
        for kind, which in ((conditions.fixed, fixed), (conditions.forbidden, forbidden)):
            parts += [kind(columns, self.names(key), key, width) for key, columns in which.items()]
        clusters = {
            c: self.column(0, k) + len(self.clusters) * np.arange(len(self.places))
            for k, c in enumerate(self.clusters)
        }
        parts += limits.at_least("cluster_min", lower, clusters, self.names, width)
        parts += limits.at_most("cluster_max", upper, clusters, self.names, width, each=None)
        parts += limits.at_most(
            "place_max",
            room,
            {place: self.in_places(row) for place, row in by_place.items()},
            self.names,
            width,
            each=limits.one_for_all(per_place, "每个地区", "in each place"),
        )
        parts += self._groups(width)
        if between is not None:
            near = distances.spacing(between[0], opened, between[1], width, apart=True)
            parts += [near] if near is not None else []
        found.stop()
        found.warn(stacklevel=4)
        self.room = room
        self.quotas = {c: (lower.get(c, 0), upper.get(c)) for c in self.clusters}
        return self._question(count, parts, None if between is None else between[0])

    def _question(self, count: int, parts: list[Condition], between: Floats | None) -> Question:
        pairs = tuple((place, cluster) for place in self.places for cluster in self.clusters)
        value = np.where(np.isfinite(self.scores), self.scores, 0.0).ravel()
        apart_by = (
            None
            if between is None
            else pd.DataFrame(between, index=self.places, columns=self.places)
        )
        return Question(
            model="assign_zones",
            sites=pairs,
            demand=(),
            cost=np.zeros((0, len(pairs))),
            weights=np.zeros(0),
            value=value,
            radius=None,
            count=count,
            capacity=None,
            size=None,
            existing=np.zeros(0, np.intp),
            floor=None,
            pairs=NO_PAIRS,
            apart=apart_by,
            names=self.names,
            world=self.columns.world(parts),
            options=self.options,
        )

    def _pairs(self, given: object, name: str) -> dict[Label, Ints]:
        """Return the columns of each pair, or of each place alone."""
        places = {place: k for k, place in enumerate(self.places)}
        clusters = {cluster: k for k, cluster in enumerate(self.clusters)}
        known: dict[Label, Ints] = {}
        for one in asking.listed(self.found, given, name):
            paired = isinstance(one, tuple) and len(one) == 2
            try:
                here = places[one[0] if paired else one]
                there = clusters[one[1]] if paired else None
            except KeyError:
                self._unknown(one, name)
                continue
            if there is None:
                known[one] = self.in_places(np.array([here]))
                continue
            known[one] = np.array([self.column(here, there)])
            if name == "fixed" and not np.isfinite(self.scores[here, there]):
                settings.refuse(
                    self.found,
                    "E-LAY-11",
                    ("适宜度为空，这一对不允许设区", "请补上适宜度，或不固定这一对"),
                    (
                        "suitability is empty: a zone is not allowed here",
                        "Give a score, or do not fix this pair",
                    ),
                    column=name,
                    value=str(one),
                )
        return dict(sorted(known.items(), key=lambda item: (item[1].size, rank(item[0]))))

    def _unknown(self, one: object, name: str) -> None:
        """Refuse a pair that is not in the table."""
        places, clusters = map(str, self.places[:4]), map(str, self.clusters[:4])
        settings.refuse(
            self.found,
            "E-LAY-11",
            (
                "不在适宜度表中",
                f"请给 [(地区, 集群), …]；地区如 {'、'.join(places)}，集群如 {'、'.join(clusters)}",
            ),
            (
                "is not in the table of suitability",
                "Give [(place, cluster), ...] with the ids of the table",
            ),
            column=name,
            value=str(one),
        )

    def _clashes(self, fixed: Mapping[Label, Ints], forbidden: Mapping[Label, Ints]) -> None:
        """Refuse pairs that are fixed and forbidden, by themselves or as part of a place."""
        shut = {int(column) for columns in forbidden.values() for column in columns}
        for key, columns in fixed.items():
            if shut.issuperset(columns.tolist()):
                settings.refuse(
                    self.found,
                    "E-LAY-12",
                    ("既固定又禁止", "请只留其中一项"),
                    ("both fixed and forbidden", "Keep one of the two"),
                    value=self.names.with_id(key),
                )

    def _quota(self, given: object) -> tuple[dict[Label, int], dict[Label, int]]:
        """Return the least and the most zones of each cluster."""
        known = {cluster: np.zeros(0, np.intp) for cluster in self.clusters}
        if isinstance(given, pd.Series):
            given = given.to_dict()
        if given is not None and not isinstance(given, Mapping):
            given = dict.fromkeys(self.clusters, given)
        quotas: Any = given or {}
        least: dict[Any, Any] = {}
        most: dict[Any, Any] = {}
        for key, one in quotas.items():
            ranged = isinstance(one, (tuple, list)) and len(one) == 2
            least[key] = one[0] if ranged else one
            if ranged and one[1] is not None:
                most[key] = one[1]
        lower = limits.limits(self.found, least, known, "per_cluster")
        upper = limits.limits(
            self.found, {k: v for k, v in most.items() if k in known}, known, "per_cluster"
        )
        return lower, upper

    def _allowed(self, width: int) -> list[Condition]:
        """Return for each cluster the condition that it stays where suitability is given."""
        parts: list[Condition] = []
        for k, cluster in enumerate(self.clusters):
            free = np.isfinite(self.scores[:, k])
            if free.all():
                continue
            closed = len(self.clusters) * np.flatnonzero(~free) + k
            where = self.names.list(self.places[free]) or "无"
            words = Words(
                f"{self.names(cluster)} 只能设在 {int(free.sum())} 个地区（{where}）",
                f"{self.names(cluster)} is allowed in {int(free.sum())} places ({where})",
            )
            parts.append(conditions.allowed(closed, words, self.names(cluster), cluster, width))
        return parts

    def _groups(self, width: int) -> list[Condition]:
        return limits.groups(
            self.found, self.options, self.places, self.names, width, columns=self.in_places
        )
