"""How a file that is not what it claims to be is refused: one finding, with the way to save it anew."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

from siting.errors import stop


def refuse(path: Path, zh: str, en: str, value: str = "", *, fix: str, fix_en: str) -> NoReturn:
    """Raise InputError for the file at `path`: why it is refused, and what to do, in both languages."""
    stop(
        code="E-BND-01",
        file=path.name,
        value=value,
        reason=zh,
        reason_en=en,
        fix=fix,
        fix_en=fix_en,
    )
