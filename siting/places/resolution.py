"""From names to places: all bad names in one error, every reading between the lines on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from siting.errors import AmbiguousPlaceError, Finding, Findings, InputError, UnknownPlaceError
from siting.names import canonical
from siting.places.gazetteer import Gazetteer, Hits
from siting.schema import check_choice

KIND_ZH = {"district": "区", "town": "街镇"}
_UNKNOWN, _AMBIGUOUS = "E-PLACE-02", "E-PLACE-03"


@dataclass(frozen=True)
class Where:
    """Where names stand, for messages: file, sheet, column, and the row number of each name."""

    file: str = ""
    sheet: str = ""
    column: str = ""
    rows: Sequence[int] | None = None

    def place(self, position: int) -> dict[str, Any]:
        """Return the keywords of a Finding for the name at `position` (0 for the first)."""
        row = position + 1 if self.rows is None else int(self.rows[position])
        return {"file": self.file, "sheet": self.sheet, "column": self.column, "row": row}


def find_places(
    names: Any,
    gazetteer: Gazetteer,
    *,
    level: str | None = None,
    within: str | None = None,
    where: Where | None = None,
) -> pd.Series:
    """
    Return the place of each name, or stop with every name that has none or several.

    Parameters
    ----------
    names
        A Series, another sequence of str, or one str.
    gazetteer
        The places to choose from.
    level
        Only places of this level, ``district`` or ``town``.
    within
        Only places of the district with this id.
    where
        Where the names stand; without it rows count from 1.

    Returns
    -------
    Series of str
        ``place_id``, with the index of `names` (a RangeIndex where it has none). What was read as
        something else than it says is in ``attrs["findings"]``; abolished names also warn.

    Raises
    ------
    UnknownPlaceError, AmbiguousPlaceError, InputError
        With a finding for each bad name.

    Examples
    --------
    >>> table = pd.DataFrame({"place_id": ["01", "0101"], "name_zh": ["甲区", "乙丙镇"],
    ...                       "level": ["district", "town"], "parent_id": ["", "01"]})
    >>> find_places(["甲區", "甲区乙丙镇", "乙丙"], Gazetteer(table)).tolist()
    ['01', '0101', '0101']
    """
    if level is not None:
        check_choice(level, ("district", "town"), "level")
    asked = [names] if isinstance(names, str) else names
    series = asked if isinstance(asked, pd.Series) else pd.Series(list(asked), dtype="object")
    spot = where or Where()
    found: list[str] = []
    findings = Findings()
    for position, name in enumerate(series.tolist()):
        place, said = _find_one(name, gazetteer, level, within, spot.place(position))
        found.append(place)
        findings.extend(said)
    codes = {f.code for f in findings if f.severity == "error"}
    error: type[InputError] = AmbiguousPlaceError if codes == {_AMBIGUOUS} else InputError
    findings.stop(UnknownPlaceError if _UNKNOWN in codes else error)
    findings.warn(stacklevel=4)
    answer = pd.Series(found, index=series.index, name="place_id", dtype="str")
    answer.attrs["findings"] = findings
    return answer


def _find_one(
    name: Any, book: Gazetteer, level: str | None, within: str | None, spot: dict[str, Any]
) -> tuple[str, list[Finding]]:
    """Return the place of one name and what is to be said about it."""
    if not isinstance(name, str) or not canonical(name):
        return "", [_blank(name, spot)]
    hits = book.search(name, level=level, within=within)
    good = [place for place in hits.ids if book.fits(place, level, within)]
    if not good:
        return "", [_unknown(name, book, hits.ids, level=level, within=within, spot=spot)]
    if len(good) > 1:
        return "", [_ambiguous(name, book, good, spot)]
    return good[0], _remarks(name, book, good[0], hits, spot)


def _blank(name: Any, spot: dict[str, Any]) -> Finding:
    empty = (
        isinstance(name, str) or name is None or (pd.api.types.is_scalar(name) and pd.isna(name))
    )
    return Finding(
        code="E-PLACE-01",
        reason="缺少地名" if empty else "地名不是文字",
        reason_en="the name of the place is missing" if empty else "a name must be text",
        fix="请填写地名或代码，代码须为文字",
        fix_en="Give a name or a code, as text",
        value="" if empty else str(name),
        **spot,
    )


def _unknown(
    name: str,
    book: Gazetteer,
    elsewhere: Sequence[str],
    *,
    level: str | None,
    within: str | None,
    spot: dict[str, Any],
) -> Finding:
    close = book.nearest(name, level=level, within=within)
    near, near_en = ([book.shown(one, lang) for one in close] for lang in ("zh", "en"))
    reason, reason_en = "没有这个地名", "no place has this name"
    if elsewhere:
        reason, reason_en = _elsewhere(book, elsewhere[0], level)
    fix = f"最接近的名称：{'、'.join(near)}；请写其中一个，或改用代码" if near else "请写全称或代码"
    fix_en = f"Nearest names: {', '.join(near_en)}; write one of them, or its code"
    return Finding(
        code=_UNKNOWN,
        reason=reason,
        reason_en=reason_en,
        fix=fix,
        fix_en=fix_en if near else "Write the full name or the code",
        value=name,
        **spot,
    )


def _elsewhere(book: Gazetteer, place: str, level: str | None) -> tuple[str, str]:
    """Say what a name is that was found at another level, or in another district."""
    own, parent = book.level[place], book.parent[place]
    if level is not None and own != level:
        zh = f"是{KIND_ZH[own]}（{place}），这里要求{KIND_ZH[level]}"
        en = f"is a {own} ({place}); {level}s are asked for"
        if parent in book.name:
            zh += f"；它属于{book.shown(parent)}"
            en += f"; its district is {book.name[parent]} ({parent})"
        return zh, en
    zh = f"不在所限的区内：它是{book.shown(place)}"
    en = f"is not in the district asked for: it is {book.name[place]} ({place})"
    return zh, en + (f" of {book.name[parent]}" if parent in book.name else "")


def _ambiguous(name: str, book: Gazetteer, good: list[str], spot: dict[str, Any]) -> Finding:
    listed, listed_en = ([book.shown(one, lang) for one in sorted(good)] for lang in ("zh", "en"))
    return Finding(
        code=_AMBIGUOUS,
        reason=f"对应 {len(good)} 个地点：{'、'.join(listed)}",
        reason_en=f"{len(good)} places have this name: {', '.join(listed_en)}",
        fix="请写全称或代码，或用 within= 限定所在的区",
        fix_en="Write the full name or the code, or name the district with within=",
        value=name,
        **spot,
    )


def _remarks(
    name: str, book: Gazetteer, place: str, hits: Hits, spot: dict[str, Any]
) -> list[Finding]:
    """Return a warning for an abolished name, a note for any other reading between the lines."""
    alias = hits.aliases.get(place, {})
    shown, shown_en = book.shown(place), book.shown(place, "en")
    if alias.get("until"):
        return [
            Finding(
                code="W-PLACE-01",
                reason=f"此名已于 {alias['until']} 年撤销：{alias['note_zh']}；按{shown}处理",
                reason_en=f"abolished in {alias['until']}: {alias['note_en']}; read as {shown_en}",
                fix="请改用现名；旧区域若只是今天的一部分，请另作说明",
                fix_en="Use the present name; if the old area is only a part of it, say so",
                severity="warning",
                value=name,
                **spot,
            )
        ]
    if name in (book.name[place], place):
        return []
    return [
        Finding(
            code="N-PLACE-01",
            reason=f"读作{shown}",
            reason_en=f"read as {shown_en}",
            fix="如有不符，请写全称或代码",
            fix_en="If that is not meant, write the full name or the code",
            severity="note",
            value=name,
            **spot,
        )
    ]
