"""One file on disk: opened only if it is local and regular, replaced whole or not at all."""

from __future__ import annotations

import errno
import os
import re
import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from siting.errors import ExistingOutputError, Finding, OutputError, stop

# What GDAL or pandas would take for something else than a file on this machine.
_NOT_A_PATH = re.compile(r"^\s*(/vsi|[<{]|[A-Za-z][A-Za-z0-9+.-]+:|\\\\)")


def local_file(path: str | os.PathLike[str], *, suffixes: Iterable[str] = ()) -> Path:
    """
    Return `path` if it is an existing regular file of this machine with one of the `suffixes`.

    Parameters
    ----------
    path
        What the user gave; never opened here.
    suffixes
        Allowed endings in lower case, such as ``(".csv", ".xlsx")``; empty allows any.

    Raises
    ------
    InputError
        If it is a URL, a connection string, inline data or a virtual path; if nothing is there; if
        it is a folder or a device; or if the ending is another one.
    """
    text = os.fspath(path) if isinstance(path, (str, os.PathLike)) else None
    allowed = tuple(suffixes)
    if text is None or _NOT_A_PATH.match(text) or "\0" in text:
        stop(
            code="E-FILE-01",
            value=type(path).__name__ if text is None else text,
            reason="不是本机文件的路径",
            reason_en="not the path of a file on this machine",
            fix="请先把文件存到本机，再给出它的路径",
            fix_en="Save the file on this machine and give its path",
        )
    found = Path(text)
    if not found.is_file():
        stop(
            code="E-FILE-02",
            file=found.name,
            value=text,
            reason="此处是文件夹或设备，不是文件" if found.exists() else "找不到此文件",
            reason_en="a folder or a device" if found.exists() else "no such file",
            fix="请检查路径和文件名",
            fix_en="Check the path and the name",
        )
    if allowed and found.suffix.lower() not in allowed:
        stop(
            code="E-FILE-03",
            file=found.name,
            value=found.suffix,
            reason="不支持这种文件",
            reason_en="files of this kind are not read here",
            fix=f"请另存为 {'、'.join(allowed)}",
            fix_en=f"Save it as {', '.join(allowed)}",
        )
    return found


def write_atomic(
    path: str | os.PathLike[str], write: Callable[[Path], object], *, overwrite: bool = True
) -> Path:
    """
    Write a file so that its path holds the old file or the new one, never a part of it.

    Parameters
    ----------
    path
        Where the file shall be; missing folders are made.
    write
        Called with the path of a temporary file in the same folder, which it fills.
    overwrite
        Whether an existing file may be replaced.

    Raises
    ------
    ExistingOutputError
        If the file exists and may not be replaced.
    OutputError
        If the folder or the disk refuses.
    """
    target = Path(path)
    if target.exists() and not overwrite:
        stop(
            ExistingOutputError,
            code="E-OUT-01",
            file=target.name,
            value=str(target),
            reason="输出文件已存在",
            reason_en="the output file exists already",
            fix="请换一个路径；要覆盖，请加 overwrite=True",
            fix_en="Choose another path; to replace it, add overwrite=True",
        )
    part = target.with_name(f".{secrets.token_hex(4)}.part{target.suffix}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write(part)
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        part.replace(target)
    except OSError as error:
        raise output_error(target, error) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return target


def write_text(path: str | os.PathLike[str], text: str, *, overwrite: bool = True) -> Path:
    """Write `text` as UTF-8 with LF, by `write_atomic`."""
    return write_atomic(path, lambda part: part.write_bytes(text.encode()), overwrite=overwrite)


def output_error(path: Path, error: OSError) -> OutputError:
    """Return the OutputError that says why `path` could not be written, and what to do."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        zh, en = "磁盘空间不足", "the disk is full"
        fix, fix_en = "请清理磁盘或换一个位置", "Free some space or choose another place"
    elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY):
        zh, en = "没有写入权限，或文件正被别的程序打开", "not permitted, or open in another program"
        fix, fix_en = (
            "请关闭 Excel 等程序，或换一个可写的文件夹",
            "Close Excel or choose another folder",
        )
    else:
        zh, en = f"无法写入（{error.strerror}）", f"cannot be written ({error.strerror})"
        fix, fix_en = "请检查输出路径", "Check the output path"
    return OutputError(
        Finding("E-OUT-02", zh, fix, en, fix_en, file=path.name, value=str(path.parent))
    )
