"""The folder of a briefing: made beside its place, put there file by file, the manifest last."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import time
from pathlib import Path

from siting.errors import ExistingOutputError, stop
from siting.files import output_error

_STAGE = ".siting-"  # a dead run may leave such a folder; it is never taken for a result
_AGE_S = 3600.0  # no briefing takes an hour


def make_stage(folder: Path, *, overwrite: bool) -> Path:
    """Return a new folder beside `folder`, or raise before any work is done."""
    try:
        taken = folder.exists() and (
            not folder.is_dir() or any(not p.name.startswith(_STAGE) for p in folder.iterdir())
        )
        if taken and not overwrite:
            stop(
                ExistingOutputError,
                code="E-OUT-01",
                value=str(folder),
                reason="输出位置已有内容",
                reason_en="there is something at the output already",
                fix="请换一个文件夹；确实要写在这里，请加 overwrite=True，同名的文件会被替换",
                fix_en="Choose another folder; to write here, and over files of the same name, add overwrite=True",
            )
        folder.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=_STAGE, dir=folder))
    except OSError as error:
        raise output_error(folder, error) from error


def put_in_place(stage: Path, folder: Path) -> None:
    """Move each staged file over its place, the manifest last, and drop what only the old one had."""
    new = listing(stage)
    try:
        before = json.loads((folder / "manifest.json").read_text("utf-8"))["outputs"]
    except (OSError, ValueError, KeyError):
        before = {}
    try:
        for name in sorted(new, key=lambda name: (name == "manifest.json", name)):
            (folder / name).parent.mkdir(exist_ok=True)
            (stage / name).replace(folder / name)
        for name in set(before) - set(new):
            path = (folder / name).resolve()
            if path.is_relative_to(folder.resolve()):
                path.unlink(missing_ok=True)
        _sweep(folder, stage)
    except OSError as error:
        raise output_error(folder, error) from error


def _sweep(folder: Path, stage: Path) -> None:
    """Remove what runs that died left here; a younger one may be another run at work."""
    for left in folder.glob(f"{_STAGE}*"):
        if left != stage and left.is_dir() and time.time() - left.stat().st_mtime > _AGE_S:
            shutil.rmtree(left, ignore_errors=True)


def listing(folder: Path) -> dict[str, str]:
    """Return the sha256 of each file below `folder` by its path with forward slashes."""
    return {
        p.relative_to(folder).as_posix(): digest(p)
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


def digest(path: Path) -> str:
    """Return the sha256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
