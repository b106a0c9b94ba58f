"""Places: names and codes, aliases with their dates, outlines of two vintages or a user's own."""

from __future__ import annotations

from typing import Any

import pandas as pd

from siting.places import bundled
from siting.places.apportionment import apportion
from siting.places.crossing import crosswalk
from siting.places.gazetteer import Gazetteer
from siting.places.reading import district_id, read_places
from siting.places.resolution import Where, find_places

__all__ = [
    "Gazetteer",
    "Where",
    "apportion",
    "crosswalk",
    "find_places",
    "read_places",
    "resolve",
]


def resolve(names: Any, *, level: str | None = None, within: str | None = None) -> pd.Series:
    """
    Return the code of the place that each name means; exact names and declared aliases only.

    Parameters
    ----------
    names
        A Series, another sequence of str, or one str: full names, short forms (浦东, 安亭), codes of
        6 or 9 digits, names with the city or the district in front; traditional characters,
        full-width letters and blanks are of no matter.
    level : {"district", "town"}, optional
        What is asked for; without it a name may be either.
    within : str, optional
        The district, by name or code, that the places lie in.

    Returns
    -------
    Series of str
        ``place_id``, with the index of `names` (a list gets a RangeIndex). ``attrs["findings"]``
        says what was read as something else than it says.

    Raises
    ------
    UnknownPlaceError
        If a name has no place, or one of another level or district; the three nearest names are
        offered and never taken. All bad names are in one error.
    AmbiguousPlaceError
        If a name has several places; they are listed.
    InputError
        If a name is missing or no text.

    Warns
    -----
    SitingWarning
        For each abolished name: when, and which place it is read as.

    Examples
    --------
    >>> resolve(["浦东", "上海市徐匯區", "310114"], level="district").tolist()
    ['310115', '310104', '310114']
    >>> resolve(["工业区", "菊园", "安亭"], level="town", within="嘉定区").tolist()
    ['310114501', '310114401', '310114103']
    """
    return find_places(names, bundled.gazetteer(), level=level, within=district_id(within))
