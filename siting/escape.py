"""Text from data, made harmless: the one place where names become HTML, JSON, file names or cells.

folium passes text through three interpreters (Jinja2, which branca runs twice, JavaScript template
literals, and innerHTML). Entities and JSON's own escapes go through the first two untouched and are
decoded by the last, so that what is shown equals what was written.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import unicodedata

_EXTRA = {ord(c): f"&#{ord(c)};" for c in "{}`$\\"}
_JSON = {ord(c): f"\\u{ord(c):04x}" for c in "<>&{}$`'%#\u2028\u2029"}
_HALF = re.compile("[\ud800-\udfff]")  # half of a character pair: UTF-8 has no place for it
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def safe_text(value: object) -> str:
    """
    Return `value` as text that HTML, Jinja2 and JavaScript template literals all leave alone.

    Examples
    --------
    >>> safe_text("<b>${x}{{y}}")
    '&lt;b&gt;&#36;&#123;x&#125;&#123;&#123;y&#125;&#125;'
    """
    return html.escape(_HALF.sub("\ufffd", str(value)), quote=True).translate(_EXTRA)


def safe_json(value: object) -> str:
    r"""
    Return `value` as compact JSON that can stand inside a script element or a template.

    Only the insides of strings are changed, and only into JSON's own escapes, so any JSON reader
    gets the original back. Numbers must be finite.

    Examples
    --------
    >>> print(safe_json({"名": "</script>{{7*7}}"}))
    {"名":"\u003c/script\u003e\u007b\u007b7*7\u007d\u007d"}
    """
    encoded = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    strings = re.compile(r'"(?:[^"\\]|\\.)*"')
    safe = strings.sub(lambda m: m.group().translate(_JSON), encoded)
    return _HALF.sub(lambda m: f"\\u{ord(m.group()):04x}", safe)


def safe_filename(name: str, *, used: set[str] | None = None) -> str:
    """
    Return a file name made from any text: no path, at most 120 bytes, distinct for distinct names.

    Letters, digits, hanzi, ``-`` and ``_`` stay; anything else becomes ``-``. A name that had to
    change, or that clashes in `used` (which then grows), carries eight digits of its hash.

    Examples
    --------
    >>> safe_filename("未来健康"), safe_filename("../escape")
    ('未来健康', 'escape-1ba7343c')
    """
    normal = unicodedata.normalize("NFC", name)
    slug = re.sub(r"[^\w-]+", "-", normal).strip("-_") or "unnamed"
    while len(slug.encode()) > 100:
        slug = slug[:-1]
    taken = used if used is not None else set()
    if slug != name or _RESERVED.fullmatch(slug) or slug.casefold() in taken:
        slug = f"{slug}-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
    taken.add(slug.casefold())
    return slug
