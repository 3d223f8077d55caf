from __future__ import annotations

from datetime import date

import pytest
from pytestqt.qtbot import QtBot

from desktop.session import Session
from tests.desktop.month_page import MARCH, Month


@pytest.fixture
def month(qtbot: QtBot, demo_session: Session) -> Month:
    """月调度 of March 2022 in the demo county, on 2 April."""
    demo_session.today = lambda: date(2022, 4, 2)
    demo_session.period = MARCH
    return Month(qtbot, demo_session)
