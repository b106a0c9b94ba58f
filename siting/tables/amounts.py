"""Quantities as a document means them: with their qualifier, and in English with their unit worked out."""

from __future__ import annotations

from siting.schema import Lang

# How a document says the limits of a number.
_QUALIFIED: dict[str, tuple[str, str]] = {
    "about": ("约 {}", "about {}"),
    "at_least": ("不少于 {}", "at least {}"),
    "more_than": ("超过 {}", "more than {}"),
    "exactly": ("{}", "{}"),
}
_SCALES = {"万亿": 1e12, "亿": 1e8, "万": 1e4}
_CURRENCIES = {"元": "CNY", "美元": "USD"}
_SIZES = ((1e12, " trillion"), (1e9, " billion"), (1e6, " million"), (0.0, ""))
# Units in English; a measure word says nothing there.
_UNITS = {
    "人": "persons",
    "人次": "person-times",
    "%": "%",
    "个百分点": "percentage points",
    "平方公里": "km2",
    "平方千米": "km2",
    "平方米": "m2",
    "公顷": "ha",
    "亩": "mu",
    "吨": "t",
    "千瓦时": "kWh",
    "千瓦": "kW",
    "兆瓦": "MW",
    "吉瓦": "GW",
    "米": "m",
    "公里": "km",
    "千米": "km",
} | dict.fromkeys(
    "家个件项名位款种类座条处支套台辆架艘场次所只颗例对批门册部幢栋间户张枚组片株", ""
)


def amount(quantity: float, unit: str, qualifier: str = "exactly", lang: Lang = "zh") -> str:
    """
    Return a quantity as the document means it, never as an equality that it does not state.

    Parameters
    ----------
    quantity, unit, qualifier
        As in the targets of a plan.
    lang
        In English 万 and 亿 are worked into the number, and measure words are left out; a unit
        that is not known stays as it is written.

    Examples
    --------
    A 亿 is 10^8, so 5,000 of them are 500 x 10^9; 3 万 of anything are 30,000.

    >>> amount(5000, "亿元", "about"), amount(5000, "亿元", "about", "en")
    ('约 5,000 亿元', 'about CNY 500 billion')
    >>> amount(3, "万人次", lang="en"), amount(200, "家", "more_than", "en")
    ('30,000 person-times', 'more than 200')
    """
    form = _QUALIFIED[qualifier][lang == "en"]
    number, named = measured(quantity, unit, lang)
    if lang != "en":
        return form.format(f"{number:,.12g} {named}")
    currency = next((one for one in _CURRENCIES.values() if one == named.split(" ")[0]), "")
    if currency:
        return form.format(f"{currency} {number:,.12g}{named.removeprefix(currency)}")
    close = "" if named in ("", "%") else " "
    return form.format(f"{number:,.12g}{close}{named}")


def measured(quantity: float, unit: str, lang: Lang = "zh") -> tuple[float, str]:
    """
    Return a quantity as a number and its unit, which is empty for a plain count in English.

    Parameters
    ----------
    quantity, unit
        As in the targets of a plan.
    lang
        As in `amount`.

    Examples
    --------
    >>> measured(5000, "亿元"), measured(5000, "亿元", "en"), measured(3, "万人次", "en")
    ((5000, '亿元'), (500.0, 'CNY billion'), (30000.0, 'person-times'))
    """
    if lang != "en":
        return quantity, unit
    scale = next((one for one in _SCALES if unit.startswith(one)), "")
    plain, number = unit.removeprefix(scale), quantity * _SCALES.get(scale, 1.0)
    if plain in _CURRENCIES:
        size, word = next(one for one in _SIZES if abs(number) >= one[0])
        return number / (size or 1.0), f"{_CURRENCIES[plain]}{word}"
    return (number, _UNITS[plain]) if plain in _UNITS else (quantity, unit)
