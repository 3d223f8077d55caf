"""An office with a colleague."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.db.exchange.part.colleague import Office
from tests.db.work.desk import Desk


@pytest.fixture
def office(desk: Desk, tmp_path: Path) -> Office:
    return Office(desk, tmp_path)
