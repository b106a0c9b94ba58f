"""A bundled case of leading zones under other conditions: what the file sets takes the place of the study's own."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from siting.candidates import distances
from siting.places import read_places
from siting.plan import bundled_ids
from siting.scenario.names import Book, place_of, take_sites
from siting.scenario.terms import RUN
from siting.scenario.values import Question, Refusals
from siting.study.cases import SPACING_M, city_zones, district_zones
from siting.study.plans import Study, study_plan
from siting.study.zones import ZoneCase, spread
from siting.suitability import suitability

_PLANS = {"city": ("shanghai-2022", "district"), "district": ("jiading-2023", "town")}
# Which keys make an assumption of the bundled case, by its position, stale.
_STALE = {
    "city": {0: {"n_zones", "fixed"}, 2: {"per_cluster", "per_place", "group_max"}, 3: {"weights"}},
    "district": {0: {"n_zones", "per_cluster"}, 2: {"per_place", "min_spacing_km"}, 3: {"weights"}},
}
_NOT_SAID = ("case", "title", "plan", "boundaries", "frame", "within")
WITHIN = 0.01


def case_question(given: Mapping[str, Any], file: Path, wrong: Refusals) -> Question:
    """Return the question of a bundled case; stop with every name that is unknown."""
    kind = given["case"]
    own = [key for key in ("plan", "boundaries") if key in given]
    paths = {key: _path(given[key], file, bundled=key == "plan") for key in own}
    default, level = _PLANS[kind]
    study = study_plan(
        str(paths.get("plan", default)),
        boundaries=paths.get("boundaries"),
        frame=given.get("frame", "wgs84"),
    )
    if study.plan.level != level:
        wrong.add(
            "E-TOML-03",
            "plan",
            study.plan.id,
            f'case = "{kind}" 要用{"市级" if kind == "city" else "区级"}规划',
            '请换规划，或换 case = "city"、"district"',
            f'case = "{kind}" takes a plan of {level}s',
            'Take another plan, or change case to "city" or "district"',
        )
    wrong.stop()
    case = _made(kind, given, study)
    options = _options(given, case, study, wrong)
    wrong.stop()
    case = _weighed(replace(case, options=options), given)
    said = tuple(
        (f"条件文件设定：{one}", f"set by the file of conditions: {one}") for one in _said(given)
    )
    stale = {i for i, keys in _STALE[kind].items() if keys & set(given)}
    kept = tuple(one for i, one in enumerate(case.assumptions) if i not in stale)
    title = given.get("title")
    case = replace(case, assumptions=(*kept, *said), title=(title, title) if title else case.title)
    names = pd.concat([case.candidates, case.clusters])[["name_zh", "name_en"]]
    return Question(
        file=file,
        model="assign_zones",
        table=case.scores,
        numbers=(case.n_zones,),
        options=options,
        title=case.title,
        names=_with_groups(names, options),
        clusters=case.clusters,
        sites=case.candidates,
        places=study.places,
        case=case,
        study=study,
        within=float(given.get("within", WITHIN)),
        said=case.assumptions,
        files=(file, *_files(paths.values())),
    )


def _files(given: Iterable[str | Path]) -> list[Path]:
    """Return the files of what was given: the tables of a plan's folder, the parts of a shapefile."""
    found: list[Path] = []
    for path in (one for one in given if isinstance(one, Path)):
        if path.is_dir():
            found += sorted(path.glob("*.csv"))
        elif path.suffix.lower() == ".shp":
            found += sorted(path.parent.glob(f"{glob.escape(path.stem)}.*"))
        else:
            found.append(path)
    return found


def _path(text: str, file: Path, *, bundled: bool) -> str | Path:
    return text if bundled and text in bundled_ids() else file.parent / text


def _made(kind: str, given: Mapping[str, Any], study: Study) -> ZoneCase:
    """Return the bundled case with the numbers that its own settings depend on."""
    numbers: dict[str, Any] = {key: given[key] for key in ("n_zones",) if key in given}
    if kind == "city":
        cap = given.get("group_max")
        return city_zones(
            study, **numbers, **({"district_cap": cap} if isinstance(cap, int) else {})
        )
    spacing = 1000.0 * given.get("min_spacing_km", SPACING_M / 1000)
    return district_zones(study, **numbers, spacing_m=spacing)


def _options(
    given: Mapping[str, Any], case: ZoneCase, study: Study, wrong: Refusals
) -> dict[str, Any]:
    """Return the options of the case, those of the file in their place."""
    options = dict(case.options)
    options.pop("names", None)
    spots = case.candidates
    within = study.plan.parent_id if study.plan.level == "town" else None
    sites = Book(
        ("候选", "candidates"),
        {str(key): _names(row) for key, row in spots.iterrows()},
        level=study.plan.level,
        within=within,
    )
    clusters = Book(
        ("集群", "clusters"), {str(k): _names(row) for k, row in case.clusters.iterrows()}
    )
    if "per_cluster" in given:
        options["per_cluster"] = _quotas(
            given["per_cluster"], options["per_cluster"], clusters, wrong
        )
    if "per_place" in given:
        options["per_place"] = _rooms(given["per_place"], options["per_place"], spots, sites, wrong)
    _groups(given, options, sites, wrong)
    for key in ("fixed", "forbidden"):
        if key in given:
            options[key] = take_sites(given[key], key, sites, clusters, wrong)
    if "min_spacing_km" in given:
        options |= {"distance": distances(spots), "min_spacing_m": 1000.0 * given["min_spacing_km"]}
    options |= {key: given[key] for key in RUN if key in given}
    return options


def _names(row: pd.Series) -> list[str]:
    return [
        str(row[key]) for key in ("name_zh", "name_en") if isinstance(row[key], str) and row[key]
    ]


def quota(value: Any) -> Any:
    """Return a quota as `siting.layout.assign_zones` takes it: a pair for [least, most]."""
    return tuple(value) if isinstance(value, list) else value


def _quotas(given: Any, usual: Any, clusters: Book, wrong: Refusals) -> Any:
    """Return the quota, or one for each cluster: those that a table leaves out keep theirs."""
    if not isinstance(given, dict):
        return quota(given)
    named = {key: quota(one) for key, one in clusters.table(given, "per_cluster", wrong).items()}
    return dict.fromkeys(clusters.shown, usual) | named


def _rooms(
    given: Any, usual: Any, spots: pd.DataFrame, sites: Book, wrong: Refusals
) -> dict[str, int]:
    """Return most zones by candidate; one number is for whole places, a zone that is named keeps its own."""
    held = usual if isinstance(usual, dict) else dict.fromkeys(spots.index, usual)
    if isinstance(given, dict):
        return held | sites.table(given, "per_place", wrong)
    return held | {key: given for key in spots.index if key == spots.loc[key, "place_id"]}


def _groups(
    given: Mapping[str, Any], options: dict[str, Any], sites: Book, wrong: Refusals
) -> None:
    """Put groups and their limits; in the city the groups are districts, and go by any of their names."""
    own = given.get("groups")
    if isinstance(own, str):
        wrong.add(
            "E-TOML-03",
            "groups",
            own,
            "这里要用表",
            '请写成 groups = { "安亭" = "西部" } 这样的表',
            "a table is needed here",
            'Write groups = { "安亭" = "west" }',
        )
    elif own is not None:
        named = sites.table(own, "groups", wrong)
        options["groups"] = {key: named.get(key, sites.shown[key]) for key in sites.shown}
        options.pop("group_max", None)
    for key in ("group_min", "group_max"):
        if key not in given:
            continue
        if "groups" not in options:
            wrong.add(
                "E-TOML-04",
                "groups",
                None,
                f"{key} 还需要这个键",
                "请写 groups = { 地区 = 组 }",
                f"{key} needs this key too",
                "Write groups = { place = group }",
            )
            continue
        value = given[key]
        if isinstance(value, dict):
            usual = options.get(key)
            groups = sorted(set(options["groups"].values()))
            named = _group_book(groups, districts=own is None).table(value, key, wrong)
            rest = dict.fromkeys(groups, usual) if isinstance(usual, int) else {}
            value = rest | named
        options[key] = value


def _group_book(groups: list[str], *, districts: bool) -> Book:
    if not districts:
        return Book(("组", "groups"), {one: [one] for one in groups})
    return _Districts(("区", "districts"), {one: [one] for one in groups})


class _Districts(Book):
    """Districts by their Chinese name, found by their other names and codes as well."""

    def find(self, name: str) -> str | None:
        """Return the Chinese name of a district."""
        code = place_of(name, "district", None)
        known = read_places("district")["name_zh"]
        return super().find(name if code is None else str(known[code]))


def _weighed(case: ZoneCase, given: Mapping[str, Any]) -> ZoneCase:
    """Return the case with its criteria weighed as the file says; scaled values stay as they are."""
    if "weights" not in given:
        return case
    scaled = case.suitability.scaled
    weights = given["weights"]
    if isinstance(weights, dict):
        weights = {column: weights.get(column, 0.0) for column in scaled.columns}
    made = suitability(
        scaled,
        directions=dict.fromkeys(scaled.columns, "more"),
        weights=weights,
        bounds=dict.fromkeys(scaled.columns, (0.0, 1.0)),
    )
    usual = {
        ("原定权重", "the study's own weights"): spread(
            case.suitability.score, case.candidates, case.clusters
        )
    }
    return replace(case, suitability=made, weightings={**case.weightings, **usual})


def _said(given: Mapping[str, Any]) -> list[str]:
    return [f"{key} = {_written(value)}" for key, value in given.items() if key not in _NOT_SAID]


def _written(value: Any) -> str:
    """Return a value as one reads it in the file."""
    if isinstance(value, dict):
        return "、".join(f"{key} {_written(one)}" for key, one in value.items())
    if isinstance(value, list):
        return f"[{'、'.join(map(_written, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _with_groups(names: pd.DataFrame, options: Mapping[str, Any]) -> pd.DataFrame:
    """Return the names, and those of districts that are called by their Chinese name."""
    groups = set(options.get("groups", {}).values())
    english = dict(zip(names["name_zh"], names["name_en"], strict=True))
    rest = sorted(one for one in groups if one not in names.index and one in english)
    more = pd.DataFrame({"name_zh": rest, "name_en": [english[one] for one in rest]}, index=rest)
    return pd.concat([names, more])
