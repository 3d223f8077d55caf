from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from db.store.county import County
from tests.db.county_folders import county_in
from tests.db.work.desk import Desk


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    """The open county file of 寿光市, as it is when new."""
    with county_in(tmp_path / "寿光") as county:
        yield county


@pytest.fixture
def desk(county: County) -> Iterator[Desk]:
    """The same, with what a test does all the time."""
    with county.reading() as conn:
        yield Desk(county, conn)
