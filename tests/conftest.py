"""Fixtures that every test may use."""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """Find the shared folder of real data, or skip and say so."""
    folder = Path(os.environ.get("WEAVER_SHARED", REPOSITORY.parent / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip(f"NO REAL DATA: {folder}/data is absent; set WEAVER_SHARED to where it is")
    return folder
