"""A table of places by sectors through every measure: how concentrated, how special, how clustered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from siting import association, concentration
from siting.alignment.figures import read_sections
from siting.association import Neighbours
from siting.chance import false_discovery
from siting.errors import Finding, Findings
from siting.schema import require_unique

REST = "rest"  # what the sections of the census leave of all jobs
NO_PLANTS = "不知道各有几家企业，不给区间 / no interval: the number of plants is not known"


@dataclass(frozen=True, eq=False)
class Concentration:
    """
    What a table of places by sectors says.

    Parameters
    ----------
    table
        Places x sectors [count], in the order of `places`; ``attrs`` may name sectors and source.
    places
        The places.
    quotient, lower, upper
        Location quotient of each place and sector, and its interval at 95 %, which treats plants as
        independent; NaN where undefined, and all NaN where the plants are not known, as
        ``.attrs["undefined"]`` says.
    by_sector
        Per sector: ``total hhi equivalent_number locational_gini krugman`` and, of its location
        quotients, Moran's I: ``moran moran_expected moran_p moran_q``; from plants
        ``gamma g h gamma_z n_plants`` too.
    by_place
        Per place: ``total hhi equivalent_number entropy krugman hachman top_sector top_quotient``.
    clusters
        A row per place and sector: ``place_id sector quotient z p q kind`` where z is Gi* of the
        quotient among neighbours; `kind` at q <= 0.05 over all rows is ``hot`` (place and neighbours
        above the mean), ``cold`` (both below), ``mixed`` (the neighbours differ, and the place the
        other way); else ``none``, or ``undefined`` where nothing can be tested, for the reason in
        ``.attrs["undefined"]``: {(place_id, sector): reason}.
    neighbours
        Who touches whom, among the places that could be tested.
    untested
        Places left out of Moran's I and Gi*: nothing is counted in them, so they have no quotient.
    small
        How many cells of the table are expected to hold fewer than 5 plants.
    """

    table: pd.DataFrame
    places: gpd.GeoDataFrame
    quotient: pd.DataFrame
    lower: pd.DataFrame
    upper: pd.DataFrame
    by_sector: pd.DataFrame
    by_place: pd.DataFrame
    clusters: pd.DataFrame
    neighbours: Neighbours
    untested: tuple[str, ...] = ()
    small: int = 0


def census_table() -> pd.DataFrame:
    """
    Return the bundled census: persons employed by district and section at the end of 2023.

    Returns
    -------
    DataFrame
        16 districts x 9 sections and ``rest`` [persons]: what the published total has beyond the
        sections, manufacturing above all. ``attrs``: ``names_zh``, ``names_en`` (section to name),
        ``source_zh``, ``source_en``, ``unit`` (of the numbers, Chinese and English).

    Examples
    --------
    >>> table = census_table()
    >>> table.shape, int(table.loc["310114"].sum())
    ((16, 10), 873958)
    """
    rows = read_sections()
    counts = rows.assign(employment=rows["employment"].astype("int64"))
    wide = counts.pivot_table(index="place_id", columns="section", values="employment")
    wide = wide.astype("int64").rename_axis(columns=None)
    total = wide.pop("total")
    wide[REST] = total - wide.sum(axis=1)
    named = rows.drop_duplicates("section").set_index("section")
    wide.attrs |= {
        "names_zh": named["section_zh"].to_dict() | {REST: "其余（含制造业）"},
        "names_en": named["section_en"].to_dict() | {REST: "Rest (with manufacturing)"},
        "unit": ("人", "persons"),
        "source_zh": "《上海经济普查年鉴2023》，法人单位从业人员，2023-12-31",
        "source_en": "Shanghai Economic Census Yearbook 2023, persons employed in legal entities, 2023-12-31",
    }
    return wide


def study_table(
    table: pd.DataFrame,
    places: gpd.GeoDataFrame,
    *,
    plants: pd.DataFrame | None = None,
    seed: int = 0,
) -> Concentration:
    """
    Measure how a table of places by sectors is concentrated, specialised and clustered.

    Parameters
    ----------
    table
        Places x sectors [count >= 0], with a row for every place.
    places
        Outlines in EPSG:4326 by ``place_id``.
    plants
        ``place_id sector size`` of each plant, for the index of Ellison and Glaeser, whose
        reference they are all together, and for the intervals of the location quotients.
    seed
        Of the draws where not every arrangement can be counted.

    Returns
    -------
    Concentration

    Raises
    ------
    InputError
        If table and places do not name the same places, or a count is none.

    Notes
    -----
    Moran's I and Gi* look at location quotients, not at counts, which would follow the size of the
    places. Family of the FDR: all sectors for Moran's I, all places and sectors for Gi*.

    Examples
    --------
    >>> from siting.places import read_places
    >>> study = study_table(census_table(), read_places("district"))
    >>> study.by_place.loc["310101", "top_sector"]
    'J'
    """
    _check_places(table, places)
    table = table.reindex(places.index)
    quotient = concentration.location_quotient(table)
    lower, upper, small = _interval(table, quotient, plants)
    tested = table.index[table.sum(axis=1) > 0]
    graph = association.contiguity(places.loc[tested])
    known = quotient.loc[tested]
    return Concentration(
        table=table,
        places=places,
        quotient=quotient,
        lower=lower,
        upper=upper,
        by_sector=_by_sector(table, known, graph, plants, seed),
        by_place=_by_place(table, quotient),
        clusters=_clusters(quotient, known, graph, seed),
        neighbours=graph,
        untested=tuple(map(str, table.index.difference(tested, sort=False))),
        small=small,
    )


def _interval(
    table: pd.DataFrame, quotient: pd.DataFrame, plants: pd.DataFrame | None
) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """Return the ends of the intervals and the small cells, by the plants behind a place; else NaN."""
    if plants is None:
        none = quotient * float("nan")
        none.attrs["undefined"] = NO_PLANTS
        return none, none.copy(), 0
    size = plants["size"].astype("float64")
    size /= size.max()  # squares stay in the range of floats
    of = plants["place_id"]
    units = size.groupby(of).sum() ** 2 / (size**2).groupby(of).sum()
    found = concentration.location_quotient_interval(table, units=units)
    return found.lower, found.upper, int(found.small.to_numpy().sum())


def _check_places(table: pd.DataFrame, places: gpd.GeoDataFrame) -> None:
    """Raise InputError if a place has no row or a row no place."""
    require_unique(table.index, "table")
    require_unique(places.index, "places")
    findings = Findings()
    for here, there, zh, en in (
        (places.index, table.index, "表中没有这个地区", "the table has no row for this place"),
        (table.index, places.index, "没有这个地区的边界", "there is no outline of this place"),
    ):
        findings += [
            Finding(
                code="E-STUDY-01",
                sheet="table",
                column="place_id",
                value=str(key),
                reason=zh,
                reason_en=en,
                fix="请让表和地区用同一套代码、同一年区划",
                fix_en="Let table and places have the same codes, of the same vintage",
            )
            for key in here.difference(there)
        ]
    findings.stop()


def _by_sector(
    table: pd.DataFrame,
    quotient: pd.DataFrame,
    graph: Neighbours,
    plants: pd.DataFrame | None,
    seed: int,
) -> pd.DataFrame:
    made = pd.DataFrame(
        {
            "total": table.sum(),
            "hhi": concentration.hhi(table, over="places"),
            "equivalent_number": concentration.equivalent_number(table, over="places"),
            "locational_gini": concentration.locational_gini(table, variant="lorenz"),
            "krugman": concentration.krugman_concentration(table),
        }
    )
    moran = {
        sector: association.moran(quotient[sector], graph, seed=seed)
        for sector in quotient.columns
        if quotient[sector].notna().all()
    }
    made["moran"] = pd.Series({key: one.statistic for key, one in moran.items()}, dtype="float64")
    made["moran_expected"] = pd.Series(
        {key: one.expected for key, one in moran.items()}, dtype="float64"
    )
    made["moran_p"] = pd.Series({key: one.p for key, one in moran.items()}, dtype="float64")
    made["moran_q"] = false_discovery(made["moran_p"])
    if plants is not None:
        reference = plants.groupby("place_id")["size"].sum().reindex(table.index, fill_value=0)
        eg = concentration.ellison_glaeser(plants, reference=reference)
        made = made.join(eg.rename(columns={"G": "g", "H": "h", "z": "gamma_z"}))
    made.index.name = "sector"
    return made


def _by_place(table: pd.DataFrame, quotient: pd.DataFrame) -> pd.DataFrame:
    named = quotient.dropna(how="all")
    top = named.idxmax(axis=1)
    return pd.DataFrame(
        {
            "total": table.sum(axis=1),
            "hhi": concentration.hhi(table, over="sectors"),
            "equivalent_number": concentration.equivalent_number(table, over="sectors"),
            "entropy": concentration.entropy(table, over="sectors"),
            "krugman": concentration.krugman_specialisation(table),
            "hachman": concentration.hachman(table),
            "top_sector": top.reindex(table.index),
            "top_quotient": named.max(axis=1).reindex(table.index),
        }
    )


def _clusters(
    quotient: pd.DataFrame, known: pd.DataFrame, graph: Neighbours, seed: int
) -> pd.DataFrame:
    """Return Gi* of every sector, with what place and neighbours say together."""
    parts: list[pd.DataFrame] = []
    why: dict[tuple[Any, Any], str] = {}
    for sector in quotient.columns:
        part = pd.DataFrame({"quotient": quotient[sector]}).assign(
            sector=sector, z=float("nan"), p=float("nan"), around=float("nan")
        )
        values = known[sector]
        if len(values) and values.notna().all():
            # p holds the place and moves its neighbours; z has both: they may point apart
            seen = association.getis_ord(values, graph, star=True, seed=seed)
            alone = association.getis_ord(values, graph, star=False, seed=seed, permutations=0)
            for column, found in (("z", seen["z"]), ("p", seen["p"]), ("around", alone["z"])):
                part[column] = found.reindex(part.index).astype("float64")
            why |= {(place, sector): said for place, said in seen.attrs["undefined"].items()}
        part["own"] = part["quotient"] - values.mean()
        parts.append(part.rename_axis("place_id").reset_index())
    rows = pd.concat(parts, ignore_index=True)
    rows["q"] = false_discovery(rows["p"])
    rows["kind"] = "none"
    rows.loc[rows["p"].isna(), "kind"] = "undefined"
    sure = rows["q"] <= 0.05
    rows.loc[sure, "kind"] = "mixed"
    rows.loc[sure & (rows["around"] > 0) & (rows["own"] > 0), "kind"] = "hot"
    rows.loc[sure & (rows["around"] < 0) & (rows["own"] < 0), "kind"] = "cold"
    made = rows[["place_id", "sector", "quotient", "z", "p", "q", "kind"]]
    made.attrs["undefined"] = {**why, **quotient.attrs["undefined"]}
    return made
