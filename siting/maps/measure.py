"""What the map of a measure shows, as plain data: classes, their rule, and what is undefined."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from siting.errors import Finding, stop
from siting.maps.classes import SCHEMES, Scheme, classify, ramp, written
from siting.maps.scene import Scene, check_places, drawn_places, sheet, unknown_places
from siting.maps.words import word
from siting.schema import Lang, check_choice, require_unique


def measure_scene(
    values: pd.Series,
    places: gpd.GeoDataFrame,
    *,
    title: str,
    unit: str,
    lang: Lang,
    classes: int,
    scheme: Scheme,
    source: str,
) -> Scene:
    """Return the scene of a number per place; a place without one is hatched and says why."""
    check_places(places)
    check_choice(scheme, SCHEMES, "scheme")
    _check_classes(classes)
    numbers = _numbers(values, places)
    found = classify(numbers, classes=classes, scheme=scheme)
    count = len(found.ranges)
    drawn = drawn_places(places, lang=lang)
    told = reasons(values, places, lang)
    texts = _texts(numbers)
    for place, code, text, why in zip(drawn, found.codes, texts, told, strict=True):
        place["kind"] = count if code < 0 else code
        shown = why if code < 0 else f"{text} {unit}".rstrip()
        place["note"] = "" if code < 0 else text
        place["card"] = {"head": place["name"], "sub": "", "rows": [{"text": shown}]}
    kinds: list[dict[str, Any]] = (
        [{"fill": c, "hatch": False} for c in ramp(count)] if count else []
    )
    kinds.append({"fill": "", "hatch": True})
    rule = word("value_rule", lang, scheme=word(found.rule, lang), count=count)
    legend = {
        "title": word("counted", lang, text=title, count=unit) if unit else title,
        "rule": rule if count else "",
        "items": [
            *reversed(_items(found.ranges, found.counts, kinds, lang)),
            *undefined_item(found.codes, told, lang),
        ],
    }
    made = sheet(places, lang=lang, title=heading(title, lang), notes=[])
    if source:
        made["notes"].insert(0, word("numbers", lang, sources=source))
    if places.attrs.get("vintage") is not None:
        made["subtitles"] = [word("vintage", lang, vintage=places.attrs["vintage"])]
    return {**made, "places": drawn, "classes": kinds, "legends": [legend]}


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
    findings = unknown_places(values.index, places, "values")
    numbers = pd.to_numeric(values, errors="coerce").astype("float64")
    for key, given, number in zip(values.index, values, numbers, strict=True):
        if np.isinf(number) or (np.isnan(number) and not pd.isna(given)):
            findings.append(
                Finding(
                    code="E-MAP-05",
                    sheet="values",
                    value=f"{key}: {given}",
                    reason="不是有限的数",
                    reason_en="not a finite number",
                    fix="请改为数字；没有值的留空（NaN）",
                    fix_en="Put a number, or NaN where there is none",
                )
            )
    findings.stop()
    return numbers.reindex(places.index)


def reasons(values: pd.Series, places: gpd.GeoDataFrame, lang: Lang) -> list[str]:
    """Return for each place why it has no value, if the measure said so."""
    told = values.attrs.get("undefined", {})
    none = word("no_value", lang)
    if not isinstance(told, Mapping):
        return [str(told) if told else none for _ in places.index]
    return [str(told.get(key) or none) for key in places.index]


def _texts(numbers: pd.Series) -> list[str]:
    """Return each number as text; all with enough digits to tell different ones apart."""
    known = [float(v) for v in numbers if np.isfinite(v)]
    text_of = dict(zip(known, written(known), strict=True))
    return [text_of.get(float(v), "") for v in numbers]


def _items(
    ranges: list[tuple[float, float]],
    counts: list[int],
    kinds: list[dict[str, Any]],
    lang: Lang,
) -> list[dict[str, Any]]:
    ends = [end for pair in ranges for end in pair]
    text_of = dict(zip(ends, written(ends), strict=True))
    items = []
    for code, ((low, high), count, kind) in enumerate(zip(ranges, counts, kinds, strict=False)):
        span = text_of[low] if low == high else f"{text_of[low]} – {text_of[high]}"
        label = word("counted", lang, text=span, count=count)
        items.append({"fill": kind["fill"], "label": label, "kind": code})
    return items


def undefined_item(codes: list[int], why: list[str], lang: Lang) -> list[dict[str, Any]]:
    """Return the line of the legend for places without a value (code -1), if there are any."""
    missing = [one for code, one in zip(codes, why, strict=True) if code < 0]
    if not missing:
        return []
    detail = word("pause", lang).join(dict.fromkeys(missing))
    label = word("counted", lang, text=word("undefined", lang), count=len(missing))
    return [{"fill": "", "hatch": True, "label": label, "detail": detail}]


def heading(title: str, lang: Lang) -> str:
    """Return the title with the words that every map of this kind bears: it is a sketch."""
    sketch = word("sketch", lang)
    if sketch in title.lower():
        return title
    return f"{title}（{sketch}）" if lang == "zh" else f"{title} ({sketch})"
