"""The text of a document file: .txt, .docx or a .pdf that holds text; nothing in it is run or fetched."""

from __future__ import annotations

import os
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NoReturn
from xml.etree import ElementTree as ET

from siting.errors import stop
from siting.files import local_file
from siting.sheets import read_text

MAX_BYTES = 64 * 2**20  # of the file, and of the text part of a .docx when unpacked
MAX_PAGES = 2_000
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DAMAGE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    NotImplementedError,
    RuntimeError,
    OSError,
    EOFError,
    zlib.error,
    KeyError,
)
_PAGE_NUMBER = re.compile(
    r"[-—–·\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/／]\s*\d{1,4}|\s*共\s*\d{1,4}\s*页)?[-—–·\s]*"
)
_ENDED = re.compile("[。！？；：”’）】》]$")
_MARK = re.compile(
    r"\s*(?:第?[一二三四五六七八九十]+[、章节是]|[（(][一二三四五六七八九十\d]+[)）]|\d{1,2}[.、．)）]|[①-⑳]|——)"
)


def read_document(path: str | os.PathLike[str]) -> str:
    """
    Return the text of a document, a paragraph to a line.

    Parameters
    ----------
    path
        A .txt in UTF-8, GB18030 or UTF-16, a .docx, or a .pdf with text of its own (this needs
        pypdf: ``pip install "siting[reader]"``).

    Returns
    -------
    str
        The text. From a .pdf, page numbers, and lines that stand at the edge of most pages, are left
        out; a sentence that runs over a page or a line is one paragraph.

    Raises
    ------
    InputError
        If it is no local file of these kinds, too large, damaged or protected; if a .docx declares a
        document type; if a .pdf has pictures of pages only; if pypdf is missing.

    Notes
    -----
    Of a .docx, paragraphs and the cells of tables are read, with inserted text and without deleted
    text; numbers that Word counts by itself are not in the file as text: such headings are given
    the style 一、（一）1.（1） by their level. Footnotes, headers and text boxes are left out.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "a.txt")
    ...     _ = file.write_text("一、目标", "utf-8")
    ...     read_document(file)
    '一、目标'
    """
    file = local_file(path, suffixes=(".txt", ".docx", ".pdf"))
    if file.stat().st_size > MAX_BYTES:
        _refuse(file.name, f"文件过大（上限 {MAX_BYTES} 字节）", f"larger than {MAX_BYTES} bytes")
    kind = file.suffix.lower()
    text = read_text(file) if kind == ".txt" else _docx(file) if kind == ".docx" else _pdf(file)
    if not text.strip():
        fix = ("请确认文件有文字", "Check that it has text")
        _refuse(file.name, "文件里没有文字", "the file holds no text", fix)
    return text


def _docx(file: Path) -> str:
    """Return the paragraphs of word/document.xml, and of nothing else in the package."""
    try:
        with zipfile.ZipFile(file) as package:
            parts = {
                name: _unpack(package, name, file.name)
                for name in ("word/document.xml", "word/numbering.xml", "word/styles.xml")
                if name == "word/document.xml" or name in package.namelist()
            }
    except _DAMAGE as error:
        zh = f"不是 .docx，或已损坏、有密码（{type(error).__name__}）"
        en = f"no .docx, damaged, or with a password ({type(error).__name__})"
        fix = ("请用 Word 或 WPS 另存为 .docx，不设密码", "Save it as .docx, without password")
        _refuse(file.name, zh, en, fix)
    body = _parse(parts["word/document.xml"], file.name)
    counts = _Counts(*(_parse(parts[n], file.name) if n in parts else None
                       for n in ("word/numbering.xml", "word/styles.xml")))  # fmt: skip
    lines = (counts.mark(p) + "".join(_runs(p)) for p in body.iter(f"{_WORD}p"))
    return "\n".join(line for line in lines if line.strip())


def _unpack(package: zipfile.ZipFile, name: str, file: str) -> bytes:
    with package.open(name) as stream:  # the size in the header may lie: count real bytes
        raw = stream.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        _refuse(file, f"解压后超过 {MAX_BYTES} 字节", f"it unpacks to more than {MAX_BYTES} bytes")
    return raw


def _parse(raw: bytes, file: str) -> ET.Element:
    """Return the root of an XML part that declares no document type, hence no entities."""
    # In UTF-16 the letters of the declaration are parted by zeros.
    if b"<!DOCTYPE" in raw.replace(b"\0", b"") or b"<!ENTITY" in raw.replace(b"\0", b""):
        _refuse(file, "含有文档类型声明，拒绝打开", "it declares a document type")
    try:
        return ET.fromstring(raw)  # noqa: S314 (without a document type there is nothing to expand)
    except ET.ParseError as error:
        _refuse(file, f"XML 已损坏（{error}）", f"its XML is damaged ({error})")


def _runs(paragraph: ET.Element) -> Iterator[str]:
    for node in paragraph.iter():
        if node.tag == f"{_WORD}t":
            yield node.text or ""
        elif node.tag == f"{_WORD}tab":
            yield " "
        elif node.tag in (f"{_WORD}br", f"{_WORD}cr"):
            yield "\n"
        elif node.tag == f"{_WORD}noBreakHyphen":
            yield "-"


class _Counts:
    """The numbers that Word counts by itself, written out by level: 一、 （一） 1. （1） ①."""

    def __init__(self, numbering: ET.Element | None, styles: ET.Element | None) -> None:
        self._counts: dict[str, list[int]] = {}
        self._plain = _bullets(numbering)
        self._styles: dict[str, ET.Element] = {}
        for style in styles.iter(f"{_WORD}style") if styles is not None else ():
            found = style.find(f"{_WORD}pPr/{_WORD}numPr")
            if found is not None:
                self._styles[style.get(f"{_WORD}styleId", "")] = found

    def mark(self, paragraph: ET.Element) -> str:
        """Return the number of a paragraph as text, empty if Word counts none."""
        found = paragraph.find(f"{_WORD}pPr/{_WORD}numPr")
        if found is None:
            style = paragraph.find(f"{_WORD}pPr/{_WORD}pStyle")
            found = self._styles.get(style.get(f"{_WORD}val", "")) if style is not None else None
        text = "".join(_runs(paragraph)).strip()
        if found is None or not text or _MARK.match(text):
            return ""
        which, level = (found.find(f"{_WORD}{n}") for n in ("numId", "ilvl"))
        number = which.get(f"{_WORD}val", "0") if which is not None else "0"
        depth = int(level.get(f"{_WORD}val", "0")) if level is not None else 0
        if number == "0" or number in self._plain or not 0 <= depth < 5:
            return "——" if number in self._plain else ""
        counts = self._counts.setdefault(number, [0] * 5)
        counts[depth] += 1
        counts[depth + 1 :] = [0] * (4 - depth)
        hanzi = _hanzi(counts[depth])
        return (f"{hanzi}、", f"（{hanzi}）", f"{counts[depth]}. ", f"（{counts[depth]}）",
                chr(0x245F + min(counts[depth], 20)))[depth]  # fmt: skip


def _bullets(numbering: ET.Element | None) -> set[str]:
    """Return the ids of lists whose first level is a bullet."""
    if numbering is None:
        return set()
    dots = {
        one.get(f"{_WORD}abstractNumId")
        for one in numbering.iter(f"{_WORD}abstractNum")
        if (kind := one.find(f"{_WORD}lvl/{_WORD}numFmt")) is not None
        and kind.get(f"{_WORD}val") == "bullet"
    }
    made = set()
    for one in numbering.iter(f"{_WORD}num"):
        base = one.find(f"{_WORD}abstractNumId")
        if base is not None and base.get(f"{_WORD}val") in dots:
            made.add(one.get(f"{_WORD}numId", ""))
    return made


def _hanzi(number: int) -> str:
    digits = " 一二三四五六七八九"
    tens, ones = divmod(number, 10)
    ten = "" if not tens else "十" if tens == 1 else f"{digits[tens % 10]}十"
    return ten + (digits[ones] if ones else "")


def _pdf(file: Path) -> str:
    try:
        import pypdf  # noqa: PLC0415 (an extra)
    except ImportError:
        fix = ('请安装：pip install "siting[reader]"', 'Install it: pip install "siting[reader]"')
        _refuse(
            file.name,
            "读 .pdf 需要 pypdf（附加组件 reader）",
            "reading a .pdf needs pypdf, of the extra reader",
            fix,
        )
    try:
        reader = pypdf.PdfReader(file)
        if len(reader.pages) > MAX_PAGES:
            _refuse(file.name, f"超过 {MAX_PAGES} 页", f"more than {MAX_PAGES} pages")
        pages = [_lines(page) for page in reader.pages]
    except (
        pypdf.errors.PyPdfError,
        *_DAMAGE,
        ValueError,
        TypeError,
        AttributeError,
        RecursionError,
    ) as error:
        zh, en = (
            f"PDF 已损坏或有密码（{type(error).__name__}）",
            f"damaged, or with a password ({type(error).__name__})",
        )
        _refuse(file.name, zh, en, ("请另存为 .docx 或 .txt", "Save it as .docx or .txt"))
    if sum(len(line) for page in pages for line in page) < 10 * max(len(pages), 1):
        zh, en = (
            "PDF 里只有图片（扫描件），没有文字",
            "the .pdf holds pictures of pages and no text",
        )
        fix = (
            "请先做文字识别（OCR），或取得 .docx",
            "Run text recognition (OCR) first, or get a .docx",
        )
        _refuse(file.name, zh, en, fix)
    return "\n".join(_joined(_without_edges(pages)))


def _lines(page: Any) -> list[str]:
    return [line for line in (page.extract_text() or "").splitlines() if line.strip()]


def _without_edges(pages: list[list[str]]) -> list[list[str]]:
    """Return pages without their numbers and without what stands at the edge of most of them."""
    edges = [line.strip() for page in pages for line in {*page[:1], *page[-1:]}]
    running = {line for line in edges if len(pages) > 2 and edges.count(line) * 2 > len(pages)}
    kept = []
    for page in pages:
        last = len(page) - 1
        kept.append(
            [
                line
                for i, line in enumerate(page)
                if not (
                    i in (0, 1, last - 1, last)
                    and (_PAGE_NUMBER.fullmatch(line) or line.strip() in running)
                )
            ]
        )
    return kept


def _joined(pages: Iterable[list[str]]) -> Iterator[str]:
    """Yield paragraphs: a full line that does not end a sentence goes on in the next."""
    lines = [line.strip() for page in pages for line in page]
    width = max((len(line) for line in lines), default=0) * 0.8
    held = last = ""
    for line in lines:
        if held and not _MARK.match(line) and len(last) >= width and not _ENDED.search(held):
            held += line
        else:
            if held:
                yield held
            held = line
        last = line
    if held:
        yield held


def _refuse(file: str, zh: str, en: str, fix: tuple[str, str] | None = None) -> NoReturn:
    said = fix or ("请确认选对了文件", "Check that it is the right file")
    stop(code="E-READ-03", file=file, reason=zh, reason_en=en, fix=said[0], fix_en=said[1])
