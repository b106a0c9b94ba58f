"""The briefing of the bundled plans, written once per language for all tests that look at it."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from siting.briefing import write_briefing
from siting.schema import Lang


@cache
def made_briefing(lang: Lang) -> Path:
    """Return the folder; it is removed when Python ends."""
    folder = Path(tempfile.mkdtemp(prefix="siting-briefing-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return write_briefing(folder / lang, lang=lang, office=True)
