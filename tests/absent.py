"""What a test cannot do without: it is skipped on a bare machine, but where CI is set it fails."""

from __future__ import annotations

import importlib
import os
import warnings
from types import ModuleType
from typing import NoReturn

import pytest


def absent(what: str) -> NoReturn:
    """Skip a test because of what is not there; fail where CI is set, so that nothing is left out."""
    if os.environ.get("CI"):
        pytest.fail(f"{what}: must be there when CI is set")
    pytest.skip(f"{what}: not here")


def brought(module: str) -> ModuleType:
    """Import a package that only tests use; where it is not installed it is `absent`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return importlib.import_module(module)
    except ImportError:
        absent(module)
