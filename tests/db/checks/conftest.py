from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from db.store.county import County
from tests.db.checks.desk import CheckDesk
from tests.db.county_folders import county_in


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    """The open county file of 寿光市, as it is when new."""
    with county_in(tmp_path / "寿光") as county:
        yield county


@pytest.fixture
def desk(county: County) -> Iterator[CheckDesk]:
    """The same, with what a test of the checks does all the time."""
    with county.reading() as conn:
        yield CheckDesk(county, conn)
