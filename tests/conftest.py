"""What several tests need."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]

# Shared machines are slow at times, so no example has a deadline; where CI is set, the examples are
# the same in each run, so that a change is judged by the same cases.
settings.register_profile("siting", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("siting")


@pytest.fixture(scope="session")
def reference() -> Path:
    """Give the folder of reference data that lies beside the repository, or skip."""
    folder = ROOT.parent / "shared" / "reference"
    if not folder.is_dir():
        pytest.skip("the reference data are not here")
    return folder
