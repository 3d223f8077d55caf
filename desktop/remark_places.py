"""Where in the program the city's remarks lead to."""

from __future__ import annotations

from db.work.remarks import Spot
from desktop.places import Place

_BASICS = ("town", "department", "enterprise", "reporting_unit")


def place_of(spot: Spot) -> Place | None:
    """Return the page and cell of what a remark is about, None where the county has no such row."""
    match spot.table:
        case "":
            return None
        case "progress":
            who = ":".join(spot.owner)
            return Place("monthly", task_id=spot.task_id, section=who, period=spot.period, field=spot.field)
        case "project_report":
            return Place(
                "monthly",
                section="projects",
                register=spot.register,
                row_id=spot.project_id,
                period=spot.period,
                field=spot.field,
            )
        case "quota":
            return Place("base", section="quotas", task_id=spot.task_id)
        case "evaluation":
            return Place("evaluation", section=spot.period, task_id=spot.task_id, field=spot.field)
        case table if table in _BASICS:
            return Place("base", section=table, row_id=spot.row_id, field=spot.field)
        case _ if spot.register:
            return Place("projects", register=spot.register, row_id=spot.row_id, field=spot.field)
        case _ if spot.task_id:
            row_id, year = spot.row_id, spot.year
            return Place("breakdown", task_id=spot.task_id, year=year, row_id=row_id, field=spot.field)
    return None
