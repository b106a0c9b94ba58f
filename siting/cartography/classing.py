"""Numbers and categories of places as classes: which each is in, and what the legend says of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from siting.cartography.bounds import parted, spans
from siting.cartography.refusal import unknown_places, wrong
from siting.cartography.words import word
from siting.colours import CATEGORIES, SCHEMES, Classes, Scheme, ramp, written
from siting.errors import Findings, stop
from siting.schema import Lang, check_choice, in_language, require_unique

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True)
class Classed:
    """
    The class of each place, and the legend.

    Parameters
    ----------
    codes
        Class of each place, -1 where there is none.
    texts
        What a place has: its number or the name of its category; without, why it has none.
    heading, rule
        Of the legend.
    labels, colours
        Of each class, with the number of places in brackets; of numbers the least first.
    undefined
        Label of the places without a class, and why they have none; None if all have one.
    """

    codes: list[int]
    texts: list[str]
    heading: str
    rule: str
    labels: list[str]
    colours: list[str]
    undefined: tuple[str, str] | None


def measured(
    values: pd.Series,
    places: gpd.GeoDataFrame,
    *,
    title: str,
    unit: str,
    classes: int,
    scheme: Scheme,
    lang: Lang,
) -> Classed:
    """
    Put one number per place into classes.

    ``values.attrs["neutral"]``, where it is given (1 for location quotients), parts two classes.

    Raises
    ------
    InputError
        If a value belongs to no place, is infinite or no number, or an option is unknown.
    """
    check_choice(scheme, SCHEMES, "scheme")
    _check_classes(classes)
    numbers = _numbers(values, places)
    neutral = _neutral(values)
    found = parted(numbers, classes=classes, scheme=scheme, neutral=neutral)
    ends = spans(found.ranges, neutral)
    texts = iter(_texts(numbers, found.codes, ends))
    why = reasons(values, places.index, lang)
    return Classed(
        codes=found.codes,
        texts=[next(texts) if c >= 0 else said for c, said in zip(found.codes, why, strict=True)],
        heading=word("counted", lang, text=title, count=unit) if unit else title,
        rule=_rule(found, neutral, lang),
        labels=_counted([_span(one) for one in ends], found.counts, lang),
        colours=ramp(len(ends)) if ends else [],
        undefined=_undefined(found.codes, why, lang),
    )


def categorised(
    categories: pd.Series,
    places: gpd.GeoDataFrame,
    *,
    title: str,
    labels: Mapping[str, str],
    colours: Mapping[str, str],
    lang: Lang,
) -> Classed:
    """
    Give each place the class of its category, in colours that say nothing of more or less.

    Raises
    ------
    InputError
        If a category has no label, a place or a category is unknown, a colour is none, or there are
        more categories than colours.
    """
    _check_categories(categories, places, labels, colours)
    order = {key: i for i, key in enumerate(labels)}
    codes = [-1 if pd.isna(one) else order[one] for one in categories.reindex(places.index)]
    why = reasons(categories, places.index, lang)
    texts = [str(text) for text in labels.values()]
    free = iter(_free(colours))
    return Classed(
        codes=codes,
        texts=[said if code < 0 else texts[code] for code, said in zip(codes, why, strict=True)],
        heading=title,
        rule=word("category_rule", lang),
        labels=_counted(texts, [codes.count(i) for i in range(len(texts))], lang),
        colours=[colours[key].lower() if key in colours else next(free) for key in labels],
        undefined=_undefined(codes, why, lang),
    )


def reasons(values: pd.Series, index: pd.Index, lang: Lang, *, none: str = "") -> list[str]:
    """
    Return for each label why it has no value, as ``values.attrs["undefined"]`` says; else `none`.

    Examples
    --------
    >>> values = pd.Series({"a": None})
    >>> values.attrs["undefined"] = {"a": ("缺", "lacking")}
    >>> reasons(values, pd.Index(["a", "b"]), "en")
    ['lacking', 'no data']
    """
    told = values.attrs.get("undefined", {})
    least = none or word("no_value", lang)
    if not isinstance(told, Mapping):
        return [str(told or least)] * len(index)
    return [_in_words(told.get(key), lang) or least for key in index]


def remarks(notes: pd.Series | None, index: pd.Index) -> list[str]:
    """
    Return what is noted of each place; nothing where nothing is.

    Raises
    ------
    InputError
        If a place is noted twice, or is none of `index`.
    """
    told = pd.Series(dtype="object") if notes is None else notes
    require_unique(told.index, "notes")
    unknown_places(told.index, index, "notes").stop()
    return ["" if pd.isna(one) else str(one) for one in told.reindex(index)]


def _in_words(reason: Any, lang: Lang) -> str:
    """Return a reason in `lang`: a pair of Chinese and English, "Chinese / English", or nothing."""
    if isinstance(reason, tuple) and len(reason) == 2:
        return str(reason[lang == "en"])
    return "" if reason is None else in_language(str(reason), lang)


def _texts(numbers: pd.Series, codes: list[int], ends: Sequence[tuple[str, str]]) -> list[str]:
    """Return the numbers that are in a class as text that tells them apart, within its bounds."""
    known = [(float(v), code) for v, code in zip(numbers, codes, strict=True) if code >= 0]
    values = [value for value, _ in known]
    limits = [(_number(low), _number(high)) for low, high in ends]
    texts = written(values)
    if all(
        limits[code][0] <= _number(text) <= limits[code][1] or ends[code][0] == ends[code][1]
        for (_, code), text in zip(known, texts, strict=True)
    ):
        return texts
    # told apart from the bounds too, a number rounded to the nearest stays between them
    return written([*values, *(end for pair in limits for end in pair)])[: len(values)]


def _number(text: str) -> float:
    return float(text.replace(",", ""))


def _span(ends: tuple[str, str]) -> str:
    return ends[0] if ends[0] == ends[1] else " – ".join(ends)


def _neutral(values: pd.Series) -> float | None:
    """Return the value that says neither much nor little, where the numbers have one."""
    told = values.attrs.get("neutral")
    if told is None:
        return None
    if not isinstance(told, int | float) or not np.isfinite(told):
        said = ("不是有限的数", "not a finite number")
        fix = ("区位商的中性值是 1", "The neutral value of a location quotient is 1")
        findings = Findings([wrong("E-MAP-05", "neutral", told, said, fix)])
        findings.stop()
    return float(told)


def _rule(found: Classes, neutral: float | None, lang: Lang) -> str:
    """Return how the classes were made; nothing without classes."""
    if not found.ranges:
        return ""
    rule = word("value_rule", lang, scheme=word(found.rule, lang), count=len(found.ranges))
    if neutral is None or not found.ranges[0][0] <= neutral < found.ranges[-1][1]:
        return rule
    return rule + word("neutral_rule", lang, neutral=f"{neutral:g}")


def _counted(texts: Sequence[str], counts: Sequence[int], lang: Lang) -> list[str]:
    return [
        word("counted", lang, text=text, count=count)
        for text, count in zip(texts, counts, strict=True)
    ]


def _undefined(codes: list[int], why: list[str], lang: Lang) -> tuple[str, str] | None:
    missing = [one for code, one in zip(codes, why, strict=True) if code < 0]
    if not missing:
        return None
    label = word("counted", lang, text=word("undefined", lang), count=len(missing))
    return label, word("pause", lang).join(dict.fromkeys(missing))


def _check_classes(classes: int) -> None:
    if isinstance(classes, bool) or not isinstance(classes, int) or not 1 <= classes <= 9:
        stop(
            code="E-MAP-06",
            column="classes",
            value=str(classes),
            reason="级数须为 1 到 9 的整数",
            reason_en="the number of classes must be a whole number from 1 to 9",
            fix="一般用 3 到 6 级",
            fix_en="Take 3 to 6 as a rule",
        )


def _numbers(values: pd.Series, places: gpd.GeoDataFrame) -> pd.Series:
    """Return the values in the order of the places, matched by label; infinite ones are refused."""
    require_unique(values.index, "values")
    findings = unknown_places(values.index, places.index, "values")
    numbers = pd.to_numeric(values, errors="coerce").astype("float64")
    for key, given, number in zip(values.index, values, numbers, strict=True):
        if np.isinf(number) or (np.isnan(number) and not pd.isna(given)):
            said = ("不是有限的数", "not a finite number")
            fix = ("请改为数字；没有值的留空（NaN）", "Put a number, or NaN where there is none")
            findings.append(wrong("E-MAP-05", "values", f"{key}: {given}", said, fix))
    findings.stop()
    return numbers.reindex(places.index)


def _free(colours: Mapping[str, str]) -> list[str]:
    """Return the colours that none of the given ones is."""
    taken = {str(colour).lower() for colour in colours.values()}
    return [one for one in CATEGORIES if one not in taken]


def _check_categories(
    categories: pd.Series,
    places: gpd.GeoDataFrame,
    labels: Mapping[str, str],
    colours: Mapping[str, str],
) -> None:
    """Raise an InputError that names all that does not fit together."""
    require_unique(categories.index, "categories")
    findings = unknown_places(categories.index, places.index, "categories")
    listed = (
        f"现有的类别：{'、'.join(map(str, labels))}",
        f"Categories: {', '.join(map(str, labels))}",
    )
    for key in (one for one in pd.unique(categories.dropna()) if one not in labels):
        said = ("这个类别没有名称", "this category has no label")
        findings.append(wrong("E-MAP-07", "labels", key, said, listed))
    for key, colour in colours.items():
        if key not in labels:
            said = ("没有这个类别", "there is no such category")
            findings.append(wrong("E-MAP-07", "colours", key, said, listed))
        elif not isinstance(colour, str) or not _COLOUR.fullmatch(colour):
            said = ("不是颜色", "not a colour")
            fix = ("请写成 #rrggbb", "Write it as #rrggbb")
            findings.append(wrong("E-MAP-08", "colours", f"{key}: {colour}", said, fix))
    if sum(key not in colours for key in labels) > len(_free(colours)):
        said = ("类别太多，颜色无法分辨", "too many categories to tell apart by colour")
        fix = (
            f"请合并到 {len(CATEGORIES)} 类以内，或给出每一类的 colours",
            f"Merge them to {len(CATEGORIES)} at most, or give all of them colours",
        )
        findings.append(wrong("E-MAP-09", "labels", len(labels), said, fix))
    findings.stop()
