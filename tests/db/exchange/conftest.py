"""A clerk's desk in an empty county, for what goes out and comes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.db.county_folders import county_in
from tests.db.exchange.office import Office
from tests.db.work.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with county_in(tmp_path / "寿光") as county, county.reading() as conn:
        yield Desk(county, conn)


@pytest.fixture
def office(desk: Desk, tmp_path: Path) -> Office:
    return Office(desk, tmp_path)
