"""What a document says about itself before its first heading and at its end: title, number, issuer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from siting.places import bundled
from siting.reader.outline import Outline, Span

_KINDS = "(?:方案|规划|计划|意见|措施|纲要|办法|通知|指南|政策|行动)(?:\\([^)]{1,20}\\))?"
_TITLE_LINE = re.compile(rf".{{4,80}}{_KINDS}$")
_YEARS = re.compile(r"\([^()]{0,8}20\d\d[^()]{0,16}\)")
_ANNOUNCED = re.compile(r"印发[《\[]*(?:关于)?《?([^《》]{4,90}?)》")
_NUMBER = re.compile(r"[^\W\d_]{1,12}\[\d{4}\]\d+号")
_ISSUER = re.compile(r"[\u4e00-\u9fff]{2,20}?(?:人民政府|委员会|管委会)(?=办公室|办公厅|文件|$)")
_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日(?:印发)?")
_DISTRICT = re.compile(r"^(?:上海市|上海)?([\u4e00-\u9fff]{1,6}?(?:新区|区|县))")
CITY = "310000"


@dataclass(frozen=True, slots=True)
class Head:
    """Title, number, date and issuer with their spans; what the text does not state is empty."""

    title: str
    title_at: Span
    document_no: str
    number_at: Span
    published: str
    date_at: Span
    issuer: str
    issuer_at: Span
    district: str
    says_district: bool


def read_head(outline: Outline) -> Head:
    """Return what a document says about itself."""
    page, text = outline.document.page, outline.text
    first = outline.document.before_headings()
    bounds = [b for b in page.breaks if b < first] + [first]
    lines = [(a, b) for a, b in pairwise(bounds) if b > a]
    # The number may stand on the line of another text in print; its own line begins it.
    numbers = [m for a, b in lines for m in _NUMBER.finditer(text, a, b)]
    number = min(numbers, key=lambda m: m.start(), default=None)
    title = _title(outline, first, lines)
    issuer = next((m for a, b in lines if (m := _ISSUER.match(text, a, b))), None)
    dates = [m for line in page.breaks if (m := _DATE.match(text, line)) and page.is_break(m.end())]
    if issuer is None:
        tail = [b for b in page.breaks if b >= len(text) - 200]
        issuer = next((m for a in tail if (m := _ISSUER.match(text, a, page.line_end(a)))), None)
    date = dates[-1] if dates else None
    shown = outline.written(title) if title[1] > title[0] else ""
    district, says = _district((outline.said(title), issuer[0] if issuer else ""))
    return Head(
        title=re.sub(r"\s+(?=[^\x21-\x7e])|(?<=[^\x21-\x7e])\s+", "", shown),
        title_at=title,
        document_no=outline.written(number.span()) if number else "",
        number_at=number.span() if number else (0, 0),
        published=f"{date[1]}-{int(date[2]):02d}-{int(date[3]):02d}" if date else "",
        date_at=date.span() if date else (0, 0),
        issuer=outline.written(issuer.span()) if issuer else "",
        issuer_at=issuer.span() if issuer else (0, 0),
        district=district,
        says_district=says,
    )


def _title(outline: Outline, first: int, lines: list[Span]) -> Span:
    text = outline.text
    announced = _ANNOUNCED.search(text, 0, first)
    if announced:
        return announced.span(1)
    # A title may be broken into two lines.
    tries = [*lines, *((a, d) for (a, b), (c, d) in pairwise(lines) if b == c)]
    for span in tries:
        said = outline.said(span)
        if _TITLE_LINE.fullmatch(said) and not re.search("[。，；：]", said):
            years = [(c, d) for c, d in lines if c == span[1] and _YEARS.fullmatch(text[c:d])]
            return (span[0], years[0][1]) if years else span
    return lines[0] if lines and lines[0][1] - lines[0][0] <= 60 else (0, 0)


def _district(texts: tuple[str, str]) -> tuple[str, bool]:
    """Return the district that title or issuer begin with, and whether they begin with any."""
    book = bundled.gazetteer()
    for text in texts:
        found = _DISTRICT.match(text)
        for name in ([found[1]] if found else []) + [
            text.removeprefix("上海市")[:n] for n in (2, 3, 4)
        ]:
            hits = [
                p for p in book.search(name, level="district").ids if book.level[p] == "district"
            ]
            if len(name) > 1 and len(hits) == 1:
                return hits[0], True
        if found and found[1] not in ("地区", "园区"):
            return "", True
    return "", False
