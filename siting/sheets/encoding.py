"""Bytes to text: UTF-8, GB18030 and UTF-16 are told apart, and a mixture is refused, never guessed."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NoReturn

from siting.errors import Finding, Findings, stop
from siting.files import local_file

MAX_BYTES = 64 * 2**20  # a plan or a document is thousands of times smaller
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
BIG5 = ("big5", "cp950", "big5hkscs")  # the standard, as Windows has it, as Hong Kong has it
_USUAL = 0.85  # of the characters are common ones, in the encoding that the text is in
_TRIED = 2**20  # bytes of the start that tell Big5
_LEAST = 8  # characters beyond ASCII that such a share needs
_HANZI = re.compile("[\u3400-\u9fff]")
_WIDE = re.compile("[\u3000-\u9fff\uff00-\uffef]")
_LATIN_PAIRS = re.compile("[\u0080-\u00ff\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]{2,}")
# What UTF-8 read as GBK and written back leaves behind: no reading brings it back.
_RUINED = ("\ufffd", "锟斤拷", "烫烫烫")


def read_text(path: str | os.PathLike[str]) -> str:
    r"""
    Return the text of a file in UTF-8, GB18030 or UTF-16, line ends as they are.

    Parameters
    ----------
    path
        A text file of this machine.

    Returns
    -------
    str
        Its text without a byte-order mark.

    Raises
    ------
    InputError
        If it is no local file, too large, binary, or in a mixture of encodings; the finding gives
        the line and the byte.

    Notes
    -----
    A text in another encoding than UTF-8 is accepted and noted; see `decode` for the note.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "a.txt")
    ...     _ = file.write_bytes("未来产业".encode("gb18030"))
    ...     read_text(file)
    '未来产业'
    """
    file = local_file(path)
    return decode(read_limited(file), file.name)[0]


def read_limited(file: Path) -> bytes:
    """Return the bytes of a file of at most `MAX_BYTES`."""
    size = file.stat().st_size
    if size > MAX_BYTES:
        stop(
            code="E-TAB-01",
            file=file.name,
            value=f"{size} bytes",
            reason=f"文件过大（上限 {MAX_BYTES} 字节）",
            reason_en=f"the file is too large (at most {MAX_BYTES} bytes)",
            fix="请确认选对了文件，或拆分后再读",
            fix_en="Check that it is the right file, or split it",
        )
    return file.read_bytes()


def decode(raw: bytes, file: str, *, nameable: bool = False) -> tuple[str, Findings]:
    r"""
    Return the text that `raw` holds, and a note of its encoding where that is not UTF-8.

    Parameters
    ----------
    raw
        The bytes of a file.
    file
        Its name, for the findings.
    nameable
        Whether the user can name the encoding where `file` is read, so that a finding may say so.

    Returns
    -------
    tuple of str and Findings
        The text without a byte-order mark.

    Raises
    ------
    InputError
        If no encoding fits, if some lines are UTF-8 and others GB18030, or if it can be read as
        GB18030 and yet is far more likely to be Big5.

    Examples
    --------
    >>> decode("浦东".encode("utf-16"), "a.csv")[0]
    '浦东'
    >>> text, findings = decode("浦东".encode("gbk"), "a.csv")
    >>> text, findings[0].value
    ('浦东', 'gb18030')
    """
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            body = raw[len(mark) :]
            return _strictly(body, encoding, file, skipped=len(mark)), _note(encoding, file)
    if b"\0" in raw:
        # In UTF-16 the other byte of each comma, digit and line end is zero.
        encoding = "utf-16-le" if raw[1::2].count(0) > raw[::2].count(0) else "utf-16-be"
        return _strictly(raw, encoding, file), _note(encoding, file)
    try:
        return raw.decode("utf-8"), Findings()
    except UnicodeDecodeError as error:
        _refuse_mixture(raw, error.start, file)
    text = _strictly(raw, "gb18030", file)
    _refuse_big5(raw, file, nameable=nameable)
    return text, _note("gb18030", file)


def suspected(text: str) -> str | None:
    """
    Return what `text` was before it was read in a wrong encoding, ``?`` if lost, None if sound.

    Examples
    --------
    >>> suspected("Ãû³Æ"), suspected("娴︿笢"), suspected("浦东新区"), suspected("café")
    ('名称', '浦东', None, None)
    """
    if any(mark in text for mark in _RUINED):
        return "?"
    if text.isascii():
        return None
    tries = [("gb18030", "utf-8")] if _HANZI.search(text) else []
    if not tries and _LATIN_PAIRS.search(text):
        tries = [("latin-1", "utf-8"), ("cp1252", "utf-8"), ("latin-1", "gb18030")]
    for wrong, right in tries:
        try:
            original = text.encode(wrong).decode(right)
        except UnicodeError:
            continue
        # One hanzi alone may be chance: ° and ± stand side by side in sound texts too.
        least = 2 if right == "gb18030" else 1
        if len(_HANZI.findall(original)) >= least and len(original) < len(text):
            return original
    return None


def _note(encoding: str, file: str) -> Findings:
    if encoding == "utf-8":
        return Findings()
    return Findings(
        [
            Finding(
                code="N-TAB-02",
                severity="note",
                file=file,
                value=encoding,
                reason="按此编码读入",
                reason_en="read in this encoding",
                fix="如有乱码，请另存为 UTF-8",
                fix_en="If the text looks wrong, save it as UTF-8",
            )
        ]
    )


def _strictly(raw: bytes, encoding: str, file: str, *, skipped: int = 0) -> str:
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count("\n".encode(encoding)) + 1
        _refuse(file, line, skipped + error.start, f"无法按 {encoding} 读入", f"not {encoding}")
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        _refuse(file, line, skipped + raw.find(b"\0"), "不是文本文件", "not a text file")
    return text


def _refuse_mixture(raw: bytes, first_bad: int, file: str) -> None:
    """Stop if some lines are UTF-8 with Chinese in them while another line is not UTF-8."""
    offset = 0
    for number, line in enumerate(raw.split(b"\n"), start=1):
        try:
            genuine = _WIDE.search(line.decode("utf-8")) is not None
        except UnicodeDecodeError:
            genuine = False
        if genuine:
            bad = raw[:first_bad].count(b"\n") + 1
            zh = f"混有多种编码：第 {number} 行（字节 {offset} 起）是 UTF-8，这一行不是"
            en = f"mixed encodings: line {number} (from byte {offset}) is UTF-8, this line is not"
            _refuse(file, bad, first_bad, zh, en)
        offset += len(line) + 1


def _refuse_big5(raw: bytes, file: str, *, nameable: bool) -> None:
    """
    Stop if bytes that can be read as GB18030 are far more likely to be Big5.

    Nearly all of what is written in GB18030 is in GB 2312, and nearly all of what is written in Big5
    is of its first level; read in the other encoding, either comes out as rare characters.
    """
    if len(raw) > _TRIED:
        raw = raw[: raw.rfind(b"\n", 0, _TRIED) + 1]  # no character of either holds a line end
    usual = _share(raw.decode("gb18030"), lambda one: len(one.encode("gb2312", "ignore")) == 2)
    for encoding in BIG5[:2] if usual < _USUAL else ():
        try:
            other = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _share(other, partial(_is_first_level, encoding)) >= _USUAL:
            odd = next(line for line in other.splitlines() if not line.isascii())
            fix, fix_en = (
                "请用原来的软件另存为 UTF-8",
                "Save it as UTF-8 in the program it comes from",
            )
            if nameable:
                fix += f'，或指明 encoding="{encoding}" 或 encoding="gb18030"'
                fix_en += f', or say encoding="{encoding}" or encoding="gb18030"'
            stop(
                code="E-TAB-20",
                file=file,
                value=odd,
                reason=f"编码不明：按 gb18030 读多是生僻字，按 {encoding}（繁体）读是常用字（如此处所示）",
                reason_en=f"which encoding? As gb18030 the text is made of rare characters, as {encoding} "
                "(traditional Chinese) of common ones, as shown",
                fix=fix,
                fix_en=fix_en,
            )


def _is_first_level(encoding: str, one: str) -> bool:
    """Whether a character is punctuation or a common one by Big5: its lead byte is A1 to C6."""
    return one.encode(encoding)[0] <= 0xC6


def _share(text: str, is_usual: Callable[[str], bool]) -> float:
    """Return which share of the characters beyond ASCII is usual; 1 if there are hardly any."""
    wide = [one for one in text if not one.isascii()]
    different = {one: is_usual(one) for one in set(wide)}
    return sum(map(different.__getitem__, wide)) / len(wide) if len(wide) >= _LEAST else 1.0


def _refuse(file: str, line: int, byte: int, zh: str, en: str) -> NoReturn:
    stop(
        code="E-TAB-03",
        file=file,
        row=line,
        value=f"byte {byte}",
        reason=f"{zh}（第 {line} 行，第 {byte} 字节）",
        reason_en=f"{en} (line {line}, byte {byte})",
        fix="请用一种编码重新另存全文，最好是 UTF-8",
        fix_en="Save the whole text again in one encoding, best UTF-8",
    )
