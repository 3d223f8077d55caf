"""The month's projects: what the register says otherwise by now is told at the cell."""

from __future__ import annotations

from decimal import Decimal

from db.core.period import Period
from db.store import records
from db.work.monthly.projects import ProjectKey, ReportChange, report_lines, set_reports
from db.work.registers import register
from desktop.models.project_month_model import INVESTED, STAGE, ProjectMonthModel
from desktop.session import Session
from tests.desktop.remarks import ask

JANUARY = Period(2022, 1)


def test_a_value_that_was_corrected_in_the_register_is_told(demo_session: Session) -> None:
    row_id = ask(demo_session, lambda conn: conn.execute("SELECT id FROM register_coal_boiler").fetchone()[0])
    key = ProjectKey("coal_boiler", str(row_id))
    given = ReportChange(key, {INVESTED: Decimal(450), STAGE: "实施中"})
    demo_session.write("填报", lambda op: set_reports(op, JANUARY, [given]))
    model = ProjectMonthModel(demo_session, demo_session)

    def doubts() -> list[str]:
        model.show_lines(ask(demo_session, lambda conn: report_lines(conn, JANUARY)), JANUARY, closed=False)
        return [model.doubt(model.row_of(key), model.column_of(field)) for field in (INVESTED, STAGE)]

    demo_session.write(
        "改正",
        lambda op: records.update(
            op, register(op.conn, key.register), key.row_id, {INVESTED: Decimal(300), STAGE: "实施中"}
        ),
    )
    invested, stage = doubts()
    assert "项目清单里现在是“300”" in invested and stage == ""
    demo_session.write("跟上", lambda op: set_reports(op, JANUARY, [ReportChange(key, {INVESTED: Decimal(300)})]))
    assert doubts() == ["", ""]
