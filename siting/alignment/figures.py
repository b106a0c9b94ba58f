"""The bundled figures of districts: people, land, jobs and output, each with its source."""

from __future__ import annotations

import pandas as pd

from siting import geodata
from siting.errors import Findings
from siting.sheets import read_csv_text, records

_FIGURES = {
    # figure: (Chinese, English, unit, day or year, columns that give value, source and url)
    "population": ("常住人口", "Population", "人", "2020-11-01", "population_2020", "population"),
    "area": ("土地面积", "Area", "km2", "", "area_official_km2", "area"),
    "gdp": ("地区生产总值", "GDP", "亿元", "2025", "gdp_2025_100m_cny", "gdp"),
}


def read_figures() -> pd.DataFrame:
    """
    Read the bundled figures of the 16 districts that a district's targets can be held against.

    Returns
    -------
    DataFrame
        One row per figure and district: ``figure`` (population, area, jobs, gdp), ``place_id
        name_zh name_en unit as_of value source url``.

    Notes
    -----
    Population is of 2020, jobs are the employed persons in legal entities at the end of 2023, GDP
    is of 2025 and preliminary: the 16 figures need not sum to the city's.

    Examples
    --------
    >>> read_figures().groupby("figure", sort=False).size().to_dict()
    {'population': 16, 'area': 16, 'gdp': 16, 'jobs': 16}
    """
    districts = _cells("tables/districts.csv", ("place_id", *_columns()))
    parts = [
        pd.DataFrame(
            {
                "figure": figure,
                "place_id": districts["place_id"],
                "name_zh": zh,
                "name_en": en,
                "unit": unit,
                "as_of": day,
                "value": districts[column],
                "source": districts[f"{source}_source"],
                "url": districts[f"{source}_url"],
            }
        )
        for figure, (zh, en, unit, day, column, source) in _FIGURES.items()
    ]
    jobs = read_sections()
    jobs = jobs[jobs["section"] == "total"]
    parts.append(
        pd.DataFrame(
            {
                "figure": "jobs",
                "place_id": jobs["place_id"],
                "name_zh": jobs["section_zh"],
                "name_en": "Employed persons in legal entities",
                "unit": "人",
                "as_of": jobs["reference_date"],
                "value": jobs["employment"],
                "source": jobs["source"],
                "url": jobs["url"],
            }
        )
    )
    return pd.concat(parts, ignore_index=True).astype({"value": "float64"})


def read_sections() -> pd.DataFrame:
    """Return the bundled employment by district and section as text, one row each."""
    columns = ("place_id", "section", "section_zh", "section_en", "employment")
    return _cells(
        "tables/employment_by_section_2023.csv", (*columns, "reference_date", "source", "url")
    )


def read_town_jobs() -> pd.Series:
    """
    Return the bundled employment of Jiading's units at the end of 2023 [persons] by place_id.

    Returns
    -------
    Series
        12 units of the vintage 2023, worked out from shares that were published with one decimal:
        right to some 450 persons.

    Examples
    --------
    >>> jobs = read_town_jobs()
    >>> len(jobs), int(jobs["310114103"])
    (12, 159151)
    """
    rows = _cells("tables/jiading_employment_2023.csv", ("place_id", "employment"))
    return rows.set_index("place_id")["employment"].astype("int64").rename("jobs")


def _columns() -> list[str]:
    found: list[str] = []
    for *_, column, source in _FIGURES.values():
        found += [column, f"{source}_source", f"{source}_url"]
    return found


def _cells(name: str, columns: tuple[str, ...]) -> pd.DataFrame:
    """Return columns of a bundled table as text."""
    findings = Findings()
    table = read_csv_text(geodata.path(name))
    frame = records(table, dict.fromkeys(columns, ()), findings, required=columns)
    findings.stop()
    return frame
