"""Numbers and coordinates as people write them: which forms are read, and what was made of each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from siting.points.record import BITS

MISSING = frozenset(
    ("", "nan", "null", "none", "na", "n/a", "nil", "<na>", "-", "--", "—", "——", "/", "\\", "?")
) | {"无", "空", "不详", "未知", "暂无", "缺", "缺失"}
ERRORS = re.compile(
    r"#(?:n/a|div/0!|ref!|value!|name\?|num!|null!|spill!|calc!|getting_data)|err:\d+",
    re.IGNORECASE,
)
_INFINITE = re.compile(r"[+-]?(?:inf|infinity|∞)", re.IGNORECASE)
PLAIN = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_FIGURE = re.compile(
    r"(?P<about>大约|约|~|≈)?\s*(?P<sign>[+-])?"
    r"(?P<digits>[0-9]{1,3}(?:[, ][0-9]{3})+(?:\.[0-9]+)?|[0-9]+\.?[0-9]*|\.[0-9]+)"
    r"(?P<power>e[+-]?[0-9]{1,4})?\s*(?P<scale>[万亿%])?\s*(?P<unit>[人名家个户])?\s*(?P<late>左右)?",
    re.IGNORECASE,
)
_ANGLE = re.compile(
    r"(?P<before>[EWNS])?\s*(?P<sign>[+-])?(?P<deg>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
    r"(?:\s*[°:\s]\s*(?:(?P<min>[0-9]+(?:\.[0-9]*)?)\s*(?:['’:\s]\s*"
    r'(?:(?P<sec>[0-9]+(?:\.[0-9]*)?)\s*["\s]?)?)?)?)?'
    r"\s*(?P<behind>[EWNS])?",
    re.IGNORECASE,
)
_COMMA = re.compile(r"([+-]?[0-9]{1,3}),([0-9]+)")
_MARKS = str.maketrans(
    {
        **dict.fromkeys("º˚度", "°"),
        **dict.fromkeys("′‘’＇´`分", "'"),
        **dict.fromkeys("″“”＂秒", '"'),
        "\u2212": "-",
    }
)
_SIDES = {"东经": "E", "西经": "W", "北纬": "N", "南纬": "S"}
_SCALES = {"万": 10_000, "亿": 100_000_000}


class Reading(NamedTuple):
    """A number [in the unit of its column], the bits of its repairs, and why it is none."""

    value: float
    repairs: int = 0
    reason: str = ""
    axis: str = ""  # what the text itself says: "lon", "lat" or nothing


class Column(NamedTuple):
    """A column of numbers: values (NaN where there is none), bits of repairs, reasons, axes."""

    values: NDArray[np.float64]
    repairs: NDArray[np.int64]
    reasons: dict[int, str]
    axes: dict[int, str]


def figure(text: str) -> Reading:
    """
    Read a quantity in one of the accepted forms.

    Plain numbers, ``1,200``, ``1.2万``, ``3亿``, ``约50``, ``50左右``, ``12%`` (a share of one),
    ``50人``, ``1.2E+3`` and full-width characters are read; anything else has a reason.

    Examples
    --------
    >>> figure("1.2万").value, figure("约１,２００人").value, figure("12%").value
    (12000.0, 1200.0, 0.12)
    >>> figure("(5)").reason, figure("").reason, figure("1e400").reason, figure("#N/A").reason
    ('unreadable', 'missing', 'not_finite', 'error_cell')
    """
    folded, bits = _folded(text)
    if reason := _nothing(folded):
        return Reading(np.nan, bits, reason)
    match = _FIGURE.fullmatch(folded)
    if match is None:
        return Reading(np.nan, 0, "unreadable")
    plain = re.sub("[, ]", "", match["digits"])
    said = {
        "thousands": plain != match["digits"],
        "about": match["about"] or match["late"],
        "myriad": match["scale"] in _SCALES,
        "percent": match["scale"] == "%",
        "unit": match["unit"],
        "scientific": match["power"],
    }
    bits |= sum(BITS[note] for note, there in said.items() if there)
    exact = Decimal((match["sign"] or "") + plain + (match["power"] or ""))
    exact *= _SCALES.get(match["scale"], 1)
    value = float(exact / 100 if match["scale"] == "%" else exact)
    return Reading(np.nan, bits, "not_finite") if np.isinf(value) else Reading(value, bits)


def angle(text: str) -> Reading:
    """
    Read a longitude or latitude [deg]: decimal, or degrees, minutes and seconds, with its side.

    Examples
    --------
    >>> angle("121°28′30″E").value, angle("北纬31度12分").axis, angle("W0.5").value
    (121.475, 'lat', -0.5)
    >>> angle("121°75′").reason, angle("嘉定区").reason, angle("NaN").reason
    ('unreadable', 'unreadable', 'missing')
    """
    folded, bits = _folded(text)
    if reason := _nothing(folded):
        return Reading(np.nan, bits, reason)
    if comma := _COMMA.fullmatch(folded):
        return Reading(float(f"{comma[1]}.{comma[2]}"), bits | BITS["decimal_comma"])
    if PLAIN.fullmatch(folded):
        return _finite(float(folded), bits)
    marked = folded
    for word, side in _SIDES.items():
        marked = marked.replace(word, side)
    match = _ANGLE.fullmatch(marked)
    if match is None:
        rest = figure(folded)
        known = BITS["scientific"] | BITS["thousands"] | bits
        sound = not rest.reason and rest.repairs | known == known
        return rest if sound or rest.reason == "not_finite" else Reading(np.nan, 0, "unreadable")
    side = (match["before"] or "") + (match["behind"] or "")
    minutes, seconds = match["min"], match["sec"]
    clash = len(side) > 1 or (side and match["sign"])
    parts = [float(one or 0) for one in (match["deg"], minutes, seconds)]
    cut = (minutes and "." in match["deg"]) or (seconds and "." in minutes)
    if clash or cut or max(parts[1:]) >= 60:
        return Reading(np.nan, 0, "unreadable")
    bits |= BITS["dms"] if minutes else BITS["hemisphere"]
    value = (parts[0] * 3600 + parts[1] * 60 + parts[2]) / 3600
    negative = match["sign"] == "-" or side.upper() in ("W", "S")
    axis = {"": "", "E": "lon", "W": "lon", "N": "lat", "S": "lat"}[side.upper()]
    return _finite(-value if negative else value, bits, axis)


def read_column(texts: Sequence[str], read: Callable[[str], Reading]) -> Column:
    """
    Read a column: plain numbers all at once, the odd ones one by one.

    Examples
    --------
    >>> column = read_column(["3", "约5", "x"], figure)
    >>> column.values.tolist(), column.reasons
    ([3.0, 5.0, nan], {2: 'unreadable'})
    """
    plain = PLAIN.fullmatch
    odd = [i for i, text in enumerate(texts) if plain(text) is None or len(text) > 300]
    repairs = np.zeros(len(texts), dtype="int64")
    known: dict[str, Reading] = {}
    if odd:
        padded = list(texts)
        for i in odd:
            padded[i] = "nan"
        values = np.fromiter(map(float, padded), dtype="float64", count=len(padded))
    else:
        values = np.fromiter(map(float, texts), dtype="float64", count=len(texts))
    reasons: dict[int, str] = {}
    axes: dict[int, str] = {}
    for i in odd:
        text = texts[i]
        if (one := known.get(text)) is None:
            one = known[text] = read(text)
        values[i], repairs[i] = one.value, one.repairs
        if one.reason:
            reasons[i] = one.reason
        if one.axis:
            axes[i] = one.axis
    return Column(values, repairs, reasons, axes)


def _folded(text: str) -> tuple[str, int]:
    """Return a text in half-width characters without blanks around it, and the bits of that."""
    marked = text.translate(_MARKS)
    folded = unicodedata.normalize("NFKC", marked).translate(_MARKS).strip()
    return folded, BITS["full_width"] if folded != marked.strip() else 0


def _nothing(folded: str) -> str:
    """Return why a folded text is no number at all, if it is none."""
    if len(folded) > 300:
        return "unreadable"
    if folded.casefold() in MISSING:
        return "missing"
    if ERRORS.fullmatch(folded):
        return "error_cell"
    return "not_finite" if _INFINITE.fullmatch(folded) else ""


def _finite(value: float, bits: int, axis: str = "") -> Reading:
    if np.isinf(value):
        return Reading(np.nan, bits, "not_finite")
    return Reading(value, bits, "", axis)
