"""What of a work package comes home, and the guard that nobody works in vain on what does not.

keep_to_the_part(county)        from now on a step that writes anything else is refused
"""

from __future__ import annotations

from typing import Final

from db.core.errors import DataProblem
from db.core.fields import load_schema
from db.plan.part import part_identity
from db.store.county import County
from db.store.operation import Operation
from db.work.handouts import FILE_ID

EDITED: Final = (
    *("enterprise", "quota", "task_scope", "responsibility", "assignment", "progress", "project_report"),
    "explanation",
)
"""The tables that come back beside the registers, in the order in which their rows may point to each other."""
ATTACHMENT: Final = "attachment"
ENTERPRISE: Final = "enterprise"
EXPLANATION: Final = "explanation"

RETURNED: Final = "part_returned"
"""The setting in which a part keeps when it was given back last."""

_STAYS = (
    *("town", "department", "month", "monthly_curve", "holiday", "rule_setting", "measure_taken"),
    *("evaluation", "remark", "remark_reply", "submission"),
)
_NAMELESS = {
    "reporting_unit": "填报单位",
    "plan_edition": "方案",
    "plan_draft": "方案",
    "register_definition": "清单定义",
}
_OWN_SETTINGS = f"id IN ('{RETURNED}', '{FILE_ID}') OR id LIKE 'view:%'"
"""What somebody may set for himself: where he stands, how he looks at his lists, which workbooks are his."""


def keep_to_the_part(county: County) -> None:
    """Have every step of a work package refused that writes what would not come home; of a county nothing."""
    if county.read_only:
        return
    with county.between_writes() as conn:
        if part_identity(conn) is not None:
            county.guards.append(_refuse_what_stays)


def _refuse_what_stays(op: Operation) -> None:
    sql = (
        "SELECT DISTINCT table_name FROM change WHERE seq >= (SELECT first_change FROM operation WHERE id = ?1)"
        f" AND (table_name <> 'setting' OR row_id NOT IN (SELECT id FROM setting WHERE {_OWN_SETTINGS}))"
    )
    for (table,) in op.conn.execute(sql, (op.id,)):
        title = _title(table)
        if title:
            identity = part_identity(op.conn)
            giver = identity.giver if identity is not None else ""
            raise DataProblem(
                f"这里是工作包，“{title}”不能在这里改：交回时带不回去。",
                advice=f"请告诉{giver}，在县级数据里改。",
                code="part.stays",
            )


def _title(table: str) -> str:
    if table == "setting":
        return "县级设置"
    return load_schema(table).title if table in _STAYS else _NAMELESS.get(table, "")
